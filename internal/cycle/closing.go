package cycle

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
)

// Unfinished is an appraisal whose outcome is not released, whose pay is in somebody's turn, or which
// is suspended.
type Unfinished struct {
	ID         uuid.UUID
	UnitID     uuid.UUID
	StaffGroup string
	Stage      string
	Suspended  bool // it stands still, and nothing releases it meanwhile
}

// Close closes a cycle in which no chain is still open, and its appraisals with it. A year whose
// policy has no step that ends it waits for nobody: closing the cycle is what releases it.
func (s *Service) Close(ctx context.Context, id uuid.UUID, version int) (*Cycle, error) {
	return s.store.UpdateCycle(ctx, id, version, func(c *Cycle) (audit.Event, error) {
		next, err := Lifecycle.Next(c.Status, CloseYear)
		if err != nil {
			return audit.Event{}, err
		}
		left, err := s.store.Unfinished(ctx, c.ID)
		if err != nil {
			return audit.Event{}, err
		}
		endless, err := s.endless(ctx, c, left)
		if err != nil {
			return audit.Event{}, err
		}
		if open := len(left) - len(endless); open > 0 {
			return audit.Event{}, refused([]fault.Refusal{{Code: "appraisals_open", Detail: fmt.Sprintf("Appraisals that are not finished: %d.", open),
				Unblock: "Finish or end them; the list of appraisals of this cycle with status=open, and with status=suspended, names them."}})
		}
		c.Status = next
		return audit.About("cycle", c.ID, c.Version, "closed", nil), s.store.CloseAppraisals(ctx, c.ID, endless)
	})
}

// endless are the appraisals that no step of their policy's outcome chain ends.
func (s *Service) endless(ctx context.Context, c *Cycle, left []Unfinished) ([]uuid.UUID, error) {
	if len(left) == 0 {
		return nil, nil
	}
	d, err := s.store.PolicyVersion(ctx, c.PolicyVersionID)
	if err != nil {
		return nil, err
	}
	layers, err := s.store.PolicyUnits(ctx)
	if err != nil {
		return nil, err
	}
	var found []uuid.UUID
	for _, a := range left {
		if a.Stage != released && !a.Suspended && !endsBy(d, layers[a.UnitID], a.StaffGroup) {
			found = append(found, a.ID)
		}
	}
	return found, nil
}

// endsBy says whether a step of the outcome chain ends the years of a unit's staff group.
func endsBy(d *policy.Document, layer uuid.UUID, group string) bool {
	return d.Resolve(layer.String(), group).Rules.Outcome.Ends()
}
