package meeting

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/form"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Change is what SaveMeeting brings; what is nil or no day stays as it is.
type Change struct {
	Answers          form.Answers // whole
	HeldOn           schooltime.Date
	Minutes          *int
	IndicativeRating *string
	ScheduledAt      *time.Time
	Place            *string
}

// acts are what the change amounts to: writing the record, moving the meeting, or both.
func (ch Change) acts() (acts []act, e Event) {
	e = Reschedule
	if ch.ScheduledAt != nil || ch.Place != nil {
		acts = append(acts, rescheduling)
	}
	if ch.Answers != nil || !ch.HeldOn.IsZero() || ch.Minutes != nil || ch.IndicativeRating != nil {
		acts, e = append(acts, saving), Record
	}
	return acts, e
}

// Save drafts the record, or moves the meeting.
func (s *Service) Save(ctx context.Context, id uuid.UUID, version int, ch Change) (*Aggregate, error) {
	acts, e := ch.acts()
	return s.step(ctx, id, version, acts, e, func(a *Aggregate) (audit.Event, error) {
		if ch.ScheduledAt != nil {
			a.ScheduledAt = ch.ScheduledAt.UTC()
		}
		if ch.Place != nil {
			a.Place = text(ch.Place)
		}
		if e == Reschedule {
			return audit.Event{Type: "meeting.rescheduled", Data: map[string]any{"scheduled_at": a.ScheduledAt}}, nil
		}
		return audit.Event{Type: "meeting.saved"}, a.record(ch)
	})
}

// record takes the draft. What somebody else had drafted stays theirs: a new drafter begins anew.
func (a *Aggregate) record(ch Change) error {
	if !a.drafts() {
		a.Answers, a.Minutes, a.IndicativeRating = form.Answers{}, nil, nil
	}
	a.RecorderID = &a.Case.Actor.PersonID
	if !ch.HeldOn.IsZero() {
		if ch.HeldOn.After(a.Case.Today) {
			return fault.Body("/held_on", "in_the_future", "Give the day on which the meeting was held, today at the latest.")
		}
		a.HeldOn = ch.HeldOn
	}
	if ch.Minutes != nil {
		a.Minutes = ch.Minutes
	}
	if err := a.indicate(ch.IndicativeRating); err != nil {
		return err
	}
	return a.answerForm(ch.Answers)
}

func (a *Aggregate) answerForm(answers form.Answers) error {
	if answers == nil {
		return nil
	}
	if wrong := a.Form().Check(answers, a.Case.Asked(), false); len(wrong) > 0 {
		e := fault.New(fault.Invalid, "invalid_answers", "Some answers do not fit the form; errors lists them all.")
		e.Violations = wrong
		return e
	}
	a.Answers, a.PolicyVersionID = answers, a.Case.Cycle.PolicyVersionID
	return nil
}

// indicate takes the outcome that the meeting indicates, where the plan has it indicate one.
func (a *Aggregate) indicate(code *string) error {
	if code == nil {
		return nil
	}
	refused := func(code, message string, leaf any) error {
		e := fault.Body("/indicative_rating", code, "%s", message)
		e.Refusals = []fault.Refusal{{Code: code, Detail: message, Policy: a.Case.Policy.Cite(leaf)}}
		return e
	}
	switch {
	case !a.Plan.Indicative:
		return refused("no_indication_here", "In this trust the record of this meeting indicates no outcome.", &a.Plan.Indicative)
	case a.rating(*code) == nil:
		return refused("unknown_rating", "The trust's scale has no such rating.", &a.Case.Rules().Outcome.Scale)
	}
	a.IndicativeRating = code
	return nil
}

func (a *Aggregate) rating(code string) *policy.Rating {
	scale := a.Case.Rules().Outcome.Scale
	for i := range scale {
		if scale[i].Code == code {
			return &scale[i]
		}
	}
	return nil
}

// Indicated is the outcome that the record indicates, or nil.
func (a *Aggregate) Indicated() *policy.Rating {
	if a.IndicativeRating == nil {
		return nil
	}
	return a.rating(*a.IndicativeRating)
}

// RatedAs is the outcome that an earlier record indicated, or nil.
func (a *Aggregate) RatedAs(v Version) *policy.Rating {
	if v.IndicativeRating == nil {
		return nil
	}
	return a.rating(*v.IndicativeRating)
}
