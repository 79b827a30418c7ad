package httpapi_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	bw "github.com/perennial-api/perennial/internal/brightwater"
)

func TestTheDemoShowsAFinishedYearBesideTheNewOne(t *testing.T) {
	t.Parallel()
	y := apitest.NewYearAfterAYear(t)
	me, err := y.As(bw.Reviewee).GetMeWithResponse(t.Context())
	apitest.OK(t, me, err)
	require.Equal(t, "2026-09-01", me.JSON200.Trust.Today.String())
	for who, want := range map[string]string{bw.Reviewee: "met", "priya.nair": "exceeded"} {
		last := y.Appraisal(who).PreviousAppraisalID.MustGet()
		o, err := y.As(who).GetOutcomeWithResponse(t.Context(), last)
		apitest.OK(t, o, err)
		require.True(t, o.JSON200.Released)
		require.Equal(t, want, o.JSON200.Rating.MustGet().Code)
		p, err := y.As(who).GetPayOutcomeWithResponse(t.Context(), last)
		apitest.OK(t, p, err)
		require.Equal(t, api.PayDecisionResult("awarded"), p.JSON200.Decision.MustGet().Result)
		d, err := y.As(who).GetDossierWithResponse(t.Context(), last)
		apitest.OK(t, d, err)
		require.Len(t, d.JSON200.Objectives, 3)
		require.GreaterOrEqual(t, len(d.JSON200.Objectives[0].Entries), 4, "check-ins, a note, evidence and the review say something of it")
		require.Len(t, d.JSON200.Meetings, 1)
	}
	waits, err := y.As(bw.Reviewer).GetMeWithResponse(t.Context())
	apitest.OK(t, waits, err)
	for _, w := range waits.JSON200.Waiting {
		id, err := w.AppraisalID.Get()
		require.True(t, err != nil || id == y.Appraisal(bw.Reviewer).ID || w.Kind != "outcome.state", "nothing of last year waits")
	}
}
