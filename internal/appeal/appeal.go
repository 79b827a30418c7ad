package appeal

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/record"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Against is what an appeal is against.
type Against string

// What may be appealed against.
const (
	Pay       Against = "pay"
	Statement Against = "statement"
)

// Result is in what a stage ended.
type Result string

// The results of a stage. A pay appeal ends in one of the first two, one against the statement in
// any but changed, as far as the trust has it.
const (
	Stands  Result = "stands"
	Changed Result = "changed" // another decision on pay is appended
	Amended Result = "amended" // an amendment stands beside the statement
	Redone  Result = "redone"  // the year is judged anew by somebody else
)

// Appeal is an appeal, from its first stage to its last. Basis is what it is against: the number of
// a decision on pay, or the round of a statement.
type Appeal struct {
	record.Row
	AppraisalID uuid.UUID
	Against     Against
	Basis       int
	Status      Status
	Stage       int // the number of the stage that it is at
	Ground      *string
	LodgedOn    schooltime.Date
	TookPart    []uuid.UUID `gorm:"serializer:json"` // in what it is against, and who decided earlier stages
}

// TableName names the table.
func (Appeal) TableName() string { return "appeals" }

// Stage is one hearing. It is kept as it was when the appeal goes on to the next.
type Stage struct {
	TrustID         uuid.UUID
	ID              uuid.UUID
	AppealID        uuid.UUID
	N               int
	Code            string
	Party           policy.Party
	Text            string // why the person appeals
	LodgedOn        schooltime.Date
	Late            bool
	LateReason      *string
	Admitted        *bool
	AdmissionBy     *uuid.UUID
	AdmissionOn     schooltime.Date
	AdmissionReason *string
	HearingOn       schooltime.Date
	Companion       bool
	DueOn           schooltime.Date
	DecidedOn       schooltime.Date
	DecidedBy       *uuid.UUID
	Result          *Result
	Reason          *string
	ReviewerID      *uuid.UUID // who judges the year anew
	CreatedAt       time.Time
	UpdatedAt       time.Time
}

// TableName names the table.
func (Stage) TableName() string { return "appeal_stages" }

// DecidedLate says whether the stage was, or is, decided after its day.
func (s *Stage) DecidedLate(today schooltime.Date) bool {
	if s.DueOn.IsZero() {
		return false
	}
	if !s.DecidedOn.IsZero() {
		return s.DecidedOn.After(s.DueOn)
	}
	return today.After(s.DueOn)
}

// Amendment is what is proposed to stand beside a statement. It stands when whoever made the
// statement has agreed to it; one that was refused, or left for another remedy, is kept.
type Amendment struct {
	TrustID      uuid.UUID
	ID           uuid.UUID
	AppealID     uuid.UUID
	N            int // the stage
	Text         string
	Reason       string
	ProposedBy   uuid.UUID
	ProposedOn   schooltime.Date
	Agreed       *bool
	AnsweredBy   *uuid.UUID
	AnsweredOn   schooltime.Date
	AnswerReason *string
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// TableName names the table.
func (Amendment) TableName() string { return "appeal_amendments" }

// Aggregate is an appeal with its stages, its case, and what a command on it leaves to be stored.
type Aggregate struct {
	Appeal
	Stages     []Stage // in order; the last is the one that it is at
	Amendments []Amendment
	Case       *appraisal.Case

	NewAmendment *Amendment
	Answered     *Amendment
	Redo         []appraisal.StepFact // the steps to be kept and opened again
	Redoing      bool
}

// At is the stage that the appeal is at.
func (a *Aggregate) At() *Stage { return &a.Stages[len(a.Stages)-1] }

// leaf is where the policy names the stages.
func leaf(c *appraisal.Case, against Against) *[]policy.AppealStage {
	if against == Pay {
		return &c.Rules().Appeals.Pay
	}
	return &c.Rules().Appeals.Statement
}

// Stages are the stages that the policy has for appeals of the kind.
func Stages(c *appraisal.Case, against Against) []policy.AppealStage { return *leaf(c, against) }

// Rule is the policy's rule of the stage, or nil where the policy no longer has it.
func (a *Aggregate) Rule(code string) *policy.AppealStage {
	rules := *leaf(a.Case, a.Against)
	for i := range rules {
		if rules[i].Code == code {
			return &rules[i]
		}
	}
	return nil
}

// next is the stage after the one that the appeal is at, or nil.
func (a *Aggregate) next() *policy.AppealStage {
	rules := *leaf(a.Case, a.Against)
	if a.Stage >= len(rules) {
		return nil
	}
	return &rules[a.Stage]
}

// NextUntil is the last day on which a decided appeal is taken before the next stage; no day where
// there is none.
func (a *Aggregate) NextUntil() schooltime.Date {
	rule, at := a.next(), a.At()
	if rule == nil || a.Status != Decided || *at.Result == Redone {
		return schooltime.Date{}
	}
	return count(a.Case, at.DecidedOn, rule.LodgeDays, rule)
}

// With are the people for whom the appeal waits.
func (a *Aggregate) With() []uuid.UUID { return a.Case.AppealWith(a.fact()) }

func (a *Aggregate) fact() appraisal.AppealFact {
	at := a.At()
	return appraisal.AppealFact{ID: a.ID, AppraisalID: a.AppraisalID, Against: string(a.Against), Status: string(a.Status), Party: at.Party, DueOn: at.DueOn, TookPart: a.TookPart}
}

// seat tells the case how the appeal stands now, and gives a seat to whoever it waits for.
func (a *Aggregate) seat() {
	c := a.Case
	c.Appeals = append(slices.DeleteFunc(slices.Clone(c.Appeals), func(f appraisal.AppealFact) bool { return f.ID == a.ID }), a.fact())
	c.SeatAppeals()
}

// Told says whether the caller may read what was written: the person, whoever admits or hears it,
// whoever decided a stage of it, and HR. Others who reach the appraisal see how it stands and no more.
func (a *Aggregate) Told() bool {
	c, me := a.Case, a.Case.Actor.PersonID
	decided := slices.ContainsFunc(a.Stages, func(s Stage) bool { return s.DecidedBy != nil && *s.DecidedBy == me })
	f := a.fact()
	if a.Status == AwaitingConsent {
		f.Status = string(Lodged) // whoever made the statement is asked about the amendment, and told no more
	}
	return me == c.PersonID || decided || slices.Contains(c.AppealWith(f), me) || slices.Contains(c.Who(policy.HR), me)
}

// ToldAmendments says whether the caller may read what was proposed to stand beside the statement:
// whoever made it may as well.
func (a *Aggregate) ToldAmendments() bool {
	return a.Told() || slices.Contains(a.Case.Stated(), a.Case.Actor.PersonID)
}

// count moves a day by as many days of the stage's kind as the policy says, in the calendar of the
// unit. No day where the calendar does not reach so far.
func count(c *appraisal.Case, day schooltime.Date, n int, s *policy.AppealStage) schooltime.Date {
	calendar := c.Org.Calendars.Of(c.UnitID)
	switch s.In {
	case schooltime.WorkingDays:
		if s.FromFirst && calendar.Working(day) {
			n--
		}
		return calendar.AddWorkingDays(day, n)
	case schooltime.SchoolDays:
		if s.FromFirst && calendar.SchoolDay(day) {
			n--
		}
		return calendar.AddSchoolDays(day, n)
	}
	if s.FromFirst {
		n--
	}
	return day.AddDays(n)
}
