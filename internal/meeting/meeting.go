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

	Minutes          *int
	IndicativeRating *string    // a code of the outcome's scale
	NoteTakerID      *uuid.UUID // whom the reviewer named
	EarlierVersions  int        // records that were shared and opened again
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

	Replaced *Version // the record that was shared before, to be stored
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
	return a.State != Cancelled && late(a.DueOn(), a.HeldOn, a.Case.Today)
}

// Visible says whether the actor may see what the record says: everybody who may read the meeting
// once it is shared; until then those who draft it, and the reviewee where the trust shows drafts.
func (a *Aggregate) Visible() bool {
	me, c := a.Case.Actor.PersonID, a.Case
	return a.SharedAt != nil || a.drafts() || me == c.PersonID && c.Rules().Meetings.DraftVisible
}

// drafts says whether the draft is the actor's. Reviewer and note-taker write on one draft.
func (a *Aggregate) drafts() bool {
	return a.drafter() || a.TakesNotes(a.Case.Actor.PersonID) ||
		a.Plan.RecordedBy == policy.NoteTaker && slices.Contains(a.Case.Who(policy.Reviewer), a.Case.Actor.PersonID)
}

// TakesNotes says whether the person was named to take notes of this meeting. That ends with the
// sharing of its record.
func (m *Meeting) TakesNotes(person uuid.UUID) bool {
	return m.NoteTakerID != nil && *m.NoteTakerID == person && (m.State == Scheduled || m.State == Drafted)
}

// recordedBy is the party that answers for the record: the reviewer, where somebody else may write it.
func recordedBy(p *policy.MeetingPlan) policy.Party {
	if p.RecordedBy == policy.NoteTaker {
		return policy.Reviewer
	}
	return p.RecordedBy
}

func (a *Aggregate) drafter() bool {
	return a.RecorderID != nil && *a.RecorderID == a.Case.Actor.PersonID
}

// quotable says whether the actor may record the meeting and has not begun to.
func (a *Aggregate) quotable() bool {
	begun := a.drafter() || a.State == Drafted && a.drafts()
	return (a.State == Scheduled || a.State == Drafted) && !begun && slices.Contains(a.Case.Who(recordedBy(a.Plan)), a.Case.Actor.PersonID)
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
