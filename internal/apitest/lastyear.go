package apitest

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/brightwater"
	"github.com/perennial-api/perennial/pkg/client"
)

// NewYearAfterAYear is NewYear with the year before finished for two people, as the demo has it.
func NewYearAfterAYear(t testing.TB) *Year {
	t.Helper()
	w := NewWorld(t, "2025-09-01")
	y := &Year{World: w, signedIn: map[string]*Person{}}
	b, err := brightwater.SetUpAfterAYear(t.Context(), w.HR.ClientWithResponses, w.Root, w.Slug+".example", 2026,
		func(_ context.Context, id uuid.UUID, email string) (*client.ClientWithResponses, error) {
			return w.person(id, email, email).ClientWithResponses, nil
		})
	require.NoError(t, err)
	y.Trust = b
	return y
}
