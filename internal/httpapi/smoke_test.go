package httpapi_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/apitest"
)

// TestMain asks in the end whether every operation of the contract has been exercised.
func TestMain(m *testing.M) { apitest.Main(m, apitest.Exercised, apitest.EveryStatusReached) }

func TestSessionsListTheCurrentOne(t *testing.T) {
	t.Parallel()
	w := apitest.NewWorld(t, "2026-09-01")
	r, err := w.HR.ListSessionsWithResponse(t.Context())
	require.NoError(t, err)
	require.NotNil(t, r.JSON200, string(r.Body))
	require.Len(t, r.JSON200.Items, 1)
	require.True(t, r.JSON200.Items[0].Current)
}
