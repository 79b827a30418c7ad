package appraisal

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Suspension is a time in which the appraisal stood still. UntilOn is the first day on which it went
// on; no day while it lasts.
type Suspension struct {
	AppraisalID uuid.UUID
	FromOn      schooltime.Date
	UntilOn     schooltime.Date
}

// Holds says whether the appraisal stood still on the day.
func (s Suspension) Holds(day schooltime.Date) bool {
	return !day.Before(s.FromOn) && (s.UntilOn.IsZero() || day.Before(s.UntilOn))
}

// Suspend lets the appraisal stand still from today on.
func (c *Case) Suspend() error {
	if err := c.moveStatus(Suspending); err != nil {
		return err
	}
	s := Suspension{AppraisalID: c.ID, FromOn: c.Today}
	c.Suspensions, c.Pending.Suspended = append(c.Suspensions, s), &s
	return nil
}

// Transfer ends the appraisal without an outcome, for another process goes on in its place.
func (c *Case) Transfer() error {
	for _, d := range []Duty{StepDuty, Determine} {
		c.EndSeats(d)
	}
	c.MoveTurn("")
	return c.moveStatus(Transferring)
}

// Postponed is a day by which something is due, or from which it is open, moved by the days for which the
// appraisal had stood still until then. A day that counts from another has lost none that lie before that.
func (c *Case) Postponed(day, from schooltime.Date) schooltime.Date {
	if day.IsZero() {
		return day
	}
	for _, s := range c.Suspensions {
		if s.FromOn.After(day) || !s.UntilOn.IsZero() && !s.UntilOn.After(from) {
			continue
		}
		until := s.UntilOn
		if until.IsZero() {
			until = schooltime.Max(c.Today, s.FromOn)
		}
		day = day.AddDays(s.FromOn.DaysUntil(until))
	}
	return day
}

// Resuming is the act of going on with an appraisal that a capability process had suspended.
var Resuming = Act[*Case]{Name: "resume", Operation: "ResumeAppraisal",
	By: func(*Case, *Case) Right { return Right{Parties: []policy.Party{policy.Head, policy.HR}} },
	From: func(c *Case, _ *Case) []fault.Refusal {
		return InStatus(string(c.Status), []string{string(Suspended)}, "")
	}}

// Resume lets a suspended appraisal go on from today: its deadlines move by the days that it stood still.
func (s *Service) Resume(ctx context.Context, id uuid.UUID, version int) (*Case, error) {
	return s.ChangeAppraisal(ctx, id, version, func(c *Case) (audit.Event, error) {
		if err := fault.Check(Decide(c, c, Resuming)); err != nil {
			return audit.Event{}, err
		}
		if err := c.moveStatus(GoOn); err != nil {
			return audit.Event{}, err
		}
		for i := range c.Suspensions {
			if c.Suspensions[i].UntilOn.IsZero() {
				c.Suspensions[i].UntilOn = c.Today
				c.Pending.Resumed = true
			}
		}
		return audit.Event{Type: "appraisal.resumed", Data: map[string]any{"on": c.Today.String()}}, nil
	})
}

func (c *Case) moveStatus(e Event) error {
	next, err := StatusLifecycle.Next(c.Status, e)
	if err != nil {
		return err
	}
	c.Status, c.Pending.Changed = next, true
	return nil
}
