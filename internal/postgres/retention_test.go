package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/postgres"
)

// A column of text that nobody classified would outlive the year that it is about.
func TestEveryColumnOfTextIsErasedOrSaidToStay(t *testing.T) {
	t.Parallel()
	faults, err := postgres.RetentionFaults(t.Context(), openTestDB(t).DB)
	require.NoError(t, err)
	require.Empty(t, faults)
}

func TestEveryTableThatNamesSomebodyIsInTheirArchive(t *testing.T) {
	t.Parallel()
	missing, err := postgres.UnheldTables(t.Context(), openTestDB(t).DB)
	require.NoError(t, err)
	require.Empty(t, missing)
}
