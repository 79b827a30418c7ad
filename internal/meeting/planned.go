package meeting

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Missing is the state of a planned meeting that nobody has scheduled.
const Missing State = "missing"

// Planned is a meeting of the plan and what became of it.
type Planned struct {
	Case      *appraisal.Case
	Plan      *policy.MeetingPlan
	State     State
	DueOn     schooltime.Date
	HeldOn    schooltime.Date
	MeetingID *uuid.UUID
}

// RecordedBy is the party that answers for the record.
func (p *Planned) RecordedBy() policy.Party { return recordedBy(p.Plan) }

// Late says whether it was held after its deadline, or has not been held by then.
func (p *Planned) Late() bool { return late(p.DueOn, p.HeldOn, p.Case.Today) }

func late(due, held, today schooltime.Date) bool {
	if due.IsZero() {
		return false
	}
	if held.IsZero() {
		return today.After(due)
	}
	return held.After(due)
}

// PlannedActs are what may be done about a meeting of the plan before it is there.
var PlannedActs = []appraisal.Act[*Planned]{{Name: "schedule", Operation: "ScheduleMeeting",
	By: func(*appraisal.Case, *Planned) appraisal.Right { return theTwo },
	Needs: func(c *appraisal.Case, p *Planned) []fault.Refusal {
		return append(schedulable(c), free(c, p.Plan.Code)...)
	}}}

// PlanFor puts the plan of a case together with what is held of it. Of a meeting that was cancelled
// and scheduled anew the last one counts.
func PlanFor(c *appraisal.Case) []*Planned {
	plan := c.Rules().Meetings.Plan
	out := make([]*Planned, len(plan))
	for i := range plan {
		p := &Planned{Case: c, Plan: &plan[i], State: Missing, DueOn: c.Cycle.Due("meeting." + plan[i].Code)}
		for _, m := range c.Meetings {
			if m.PlanCode == p.Plan.Code && m.State != string(Cancelled) {
				id := m.ID
				p.State, p.HeldOn, p.MeetingID = State(m.State), m.HeldOn, &id
			}
		}
		out[i] = p
	}
	return out
}

// Planned lists the meetings of an appraisal's plan.
func (s *Service) Planned(ctx context.Context, appraisalID uuid.UUID) (*appraisal.Case, []*Planned, error) {
	c, err := s.store.PlannedMeetings(ctx, appraisalID)
	if err != nil {
		return nil, nil, err
	}
	return c, PlanFor(c), nil
}
