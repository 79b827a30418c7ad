package appraisal

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// LineManagerChanged gives the review seats of a post's open appraisals to the new line manager,
// as the policy says: of a year whose period is over, the outgoing one keeps the seat until the
// last step is done, where they close last year; of any other year the incoming one takes over on
// the day of the change.
func (s *Service) LineManagerChanged(ctx context.Context, post uuid.UUID, from schooltime.Date) error {
	manager, err := s.ManagerOf(ctx, post, from)
	if err != nil || manager == nil {
		return err
	}
	cases, err := s.OpenCasesOf(ctx, post)
	if err != nil {
		return err
	}
	for _, c := range cases {
		if *manager == c.PersonID || c.staysWithOutgoing(from) {
			continue
		}
		c.seat(*manager, schooltime.Max(schooltime.Max(from, c.Today), c.StartsOn), "line_manager")
		if len(c.Pending.NewSeats)+len(c.Pending.Ended) == 0 {
			continue
		}
		e := audit.Event{Type: "appraisal.reviewer_changed", Data: map[string]any{"from_on": from.String(), "reviewer_id": *manager}}
		if err := s.Reseat(ctx, c, e); err != nil {
			return err
		}
	}
	return nil
}

// staysWithOutgoing says whether the review of this case is closed by whoever holds it now. A seat
// that nobody holds is taken over by the incoming reviewer in any case, so that nobody is stuck.
func (c *Case) staysWithOutgoing(from schooltime.Date) bool {
	return c.Rules().Reviewers.OnChange == "outgoing_closes_last_year" && from.After(c.EndsOn) && len(c.Seated(Review)) > 0
}

// PersonLeft hands the seats that somebody held to the line manager whom each post has then; where
// there is none the appraisal shows that nobody reviews it. Their own appraisals end.
func (s *Service) PersonLeft(ctx context.Context, person uuid.UUID, on schooltime.Date) error {
	cases, err := s.SeatedCases(ctx, person)
	if err != nil {
		return err
	}
	for _, c := range cases {
		manager, err := s.ManagerOf(ctx, c.PostID, on)
		if err != nil {
			return err
		}
		c.unseat(person, on)
		if manager != nil && *manager != person && *manager != c.PersonID {
			c.seat(*manager, schooltime.Max(on, c.Today), "line_manager")
		}
		if err := s.Reseat(ctx, c, audit.Event{Type: "appraisal.reviewer_left", Data: map[string]any{"on": on.String()}}); err != nil {
			return err
		}
	}
	return nil
}

func (c *Case) unseat(person uuid.UUID, on schooltime.Date) {
	for i, s := range c.Seats {
		if s.PersonID == person && (s.UntilOn.IsZero() || s.UntilOn.After(on)) {
			c.Seats[i].UntilOn = schooltime.Max(on, s.FromOn)
			c.Pending.Ended = append(c.Pending.Ended, c.Seats[i])
		}
	}
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
