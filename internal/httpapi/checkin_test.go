package httpapi_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/internal/brightwater"
)

func TestCheckInProbe(t *testing.T) {
	y := apitest.NewYear(t)
	tom := y.As(brightwater.Reviewee)
	y.On("2026-10-30")
	ap := y.Appraisal(brightwater.Reviewee)
	r, err := tom.StartCheckInWithResponse(t.Context(), nil, api.StartCheckIn{AppraisalID: ap.ID, WindowID: y.Windows[0].ID})
	apitest.OK(t, r, err)
	g, err := tom.GetCheckInWithResponse(t.Context(), r.JSON201.ID)
	apitest.OK(t, g, err)
	require.Equal(t, api.CheckInStateDraft, g.JSON200.State)
	t.Log(string(g.Body))
}
