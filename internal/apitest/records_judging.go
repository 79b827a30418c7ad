package apitest

import (
	"context"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/schooltime"
	"github.com/perennial-api/perennial/internal/yearend"
)

// deferral is somebody's outcome that waits, on the word of who keeps it. The year's policy lets
// nothing wait, so that it is one of those that were begun under another.
func (y *Year) deferral(p *Person, of uuid.UUID) uuid.UUID {
	y.T.Helper()
	var id uuid.UUID
	by := y.keeper(p, of)
	require.NoError(y.T, y.Stack.DB.InTx(y.T.Context(), y.World.Trust, func(ctx context.Context) error {
		a, err := y.Stack.DB.LoadActor(ctx, y.World.Trust, by.ID)
		if err != nil {
			return err
		}
		ctx = access.WithOperation(access.With(ctx, a), "DeferOutcome")
		d, err := y.Stack.DB.Defer(ctx, of, waitsForResults)
		if err == nil {
			id = d.ID
		}
		return err
	}))
	return id
}

func waitsForResults(c *appraisal.Case) (*yearend.Deferral, audit.Event, error) {
	reason := "The results come in August."
	return &yearend.Deferral{AppraisalID: c.ID, WaitsFor: yearend.ForOutcome, Status: yearend.Awaiting, Reason: &reason,
		DueOn: schooltime.MustDate("2027-09-30"), ByID: c.Actor.PersonID}, audit.Event{Type: "deferral.begun"}, nil
}
