package meeting

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/form"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/record"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Meeting is one meeting of the policy's plan. RecorderID is whoever drafts its record.
type Meeting struct {
	record.Row
	AppraisalID     uuid.UUID
	PlanCode        string
	State           State
	ScheduledAt     time.Time
	Place           *string
	HeldOn          schooltime.Date
	RecorderID      *uuid.UUID
	Answers         form.Answers `gorm:"serializer:json"`
	PolicyVersionID uuid.UUID
	SharedAt        *time.Time
	Answer          *string // the reviewee's
	AnsweredAt      *time.Time
}

// TableName names the table.
func (Meeting) TableName() string { return "meetings" }

// Aggregate is a meeting with its case and its rule. Plans are frozen while a cycle runs, so that a
// meeting's rule is always there.
type Aggregate struct {
	Meeting
	Case *appraisal.Case
	Plan *policy.MeetingPlan

	Quoted form.Answers // a first draft, for whoever may record the meeting and has not begun
}

// PlanOf returns the policy's rule of a planned meeting, or nil.
func PlanOf(c *appraisal.Case, code string) *policy.MeetingPlan {
	plan := c.Rules().Meetings.Plan
	for i := range plan {
		if plan[i].Code == code {
			return &plan[i]
		}
	}
	return nil
}

// Form is the form of the record.
func (a *Aggregate) Form() form.Form { return a.Case.Rules().Forms[a.Plan.Form] }

// DueOn is the day by which the meeting is held, or no day.
func (a *Aggregate) DueOn() schooltime.Date { return a.Case.Cycle.Due("meeting." + a.PlanCode) }

// IsLate says whether it was held after its deadline, or has not been held by then.
func (a *Aggregate) IsLate() bool {
	due := a.DueOn()
	switch {
	case due.IsZero() || a.State == Cancelled:
		return false
	case a.HeldOn.IsZero():
		return a.Case.Today.After(due)
	}
	return a.HeldOn.After(due)
}

// Visible says whether the actor may see what the record says: everybody who may read the meeting
// once it is shared, and its drafter alone until then.
func (a *Aggregate) Visible() bool { return a.SharedAt != nil || a.drafter() }

func (a *Aggregate) drafter() bool {
	return a.RecorderID != nil && *a.RecorderID == a.Case.Actor.PersonID
}

// quotable says whether the actor may record the meeting and has not begun to.
func (a *Aggregate) quotable() bool {
	open := a.State == Scheduled || a.State == Drafted
	return open && !a.drafter() && slices.Contains(a.Case.Who(a.Plan.RecordedBy), a.Case.Actor.PersonID)
}

// Missing lists what the form still asks for before the record is shared.
func (a *Aggregate) Missing() []fault.Violation {
	f, asked := a.Form(), a.Case.Asked()
	var out []fault.Violation
	for _, v := range f.Check(a.Answers, asked, true) {
		if v.Code == "required" { // the rest was refused when it was saved
			out = append(out, v)
		}
	}
	return append(out, f.MissingGroups(a.Answers, asked, false)...)
}
