package appraisal

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Ending is the act of ending an appraisal before its time.
var Ending = Act[*Case]{Name: "end", Operation: "EndAppraisal", By: byHR,
	Needs: func(c *Case, _ *Case) []fault.Refusal {
		if c.Status == Suspended {
			return nil
		}
		return c.UnderWay()
	}}

// Moving is the act of taking an appraisal along to the unit that its post has moved to.
var Moving = Act[*Case]{Name: "move", Operation: "MoveAppraisal", By: byHR, Needs: func(c *Case, _ *Case) []fault.Refusal {
	out := c.UnderWay()
	if c.PostUnitID == c.UnitID {
		out = append(out, fault.Refusal{Code: "already_there", Detail: "The appraisal is in the unit of its post.", Unblock: "Change the post's unit first."})
	}
	return out
}}

func byHR(*Case, *Case) Right { return Right{Parties: []policy.Party{policy.HR}} }

// Move takes the appraisal along to the unit that its post has moved to; everything in it stays.
func (s *Service) Move(ctx context.Context, id uuid.UUID, version int) (*Case, error) {
	return s.ChangeAppraisal(ctx, id, version, func(c *Case) (audit.Event, error) {
		if err := fault.Check(Decide(c, c, Moving)); err != nil {
			return audit.Event{}, err
		}
		before := c.UnitID
		c.UnitID, c.Pending.Changed = c.PostUnitID, true
		return audit.Event{Type: "appraisal.moved", Data: map[string]any{"unit_id_before": before.String(), "unit_id": c.UnitID.String()}}, nil
	})
}

// End ends an appraisal before its time, such as when somebody leaves.
func (s *Service) End(ctx context.Context, id uuid.UUID, version int, reason string) (*Case, error) {
	return s.ChangeAppraisal(ctx, id, version, func(c *Case) (audit.Event, error) {
		if err := fault.Check(Decide(c, c, Ending)); err != nil {
			return audit.Event{}, err
		}
		return audit.Event{Type: "appraisal.ended", Data: map[string]any{"on": c.Today.String()}}, c.finish(reason)
	})
}

// PostEnded ends the open appraisals of a post whose period is not over: the year in it is over. A
// post that ends on a later day shortens the period instead, and the year goes on until then.
func (s *Service) PostEnded(ctx context.Context, post uuid.UUID, on schooltime.Date) error {
	cases, err := s.OpenCasesOf(ctx, post)
	if err != nil {
		return err
	}
	for _, c := range cases {
		if on.After(c.EndsOn) || c.Stage == Closing || c.Stage == Released {
			continue // last year's review is still closed
		}
		e := audit.Event{Type: "appraisal.ended", Data: map[string]any{"on": on.String(), "why": "post_ended"}}
		if on.After(c.Today) && on.After(c.StartsOn) {
			e.Type = "appraisal.shortened"
			c.EndsOn, c.Pending.Changed = on.AddDays(-1), true
		} else if err := c.finish("post_ended"); err != nil {
			return err
		}
		if err := s.Reseat(ctx, c, e); err != nil {
			return err
		}
	}
	return nil
}
