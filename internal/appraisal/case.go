package appraisal

import (
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Case is an appraisal with everything that a decision on it, or on one of its parts, needs. It
// is loaded under the lock of the appraisal's row for commands, in batches for lists.
type Case struct {
	Appraisal
	Policy *policy.Resolved // the trust's rules for this unit and staff group
	Cycle  CycleFact
	Actor  *access.Actor
	Today  schooltime.Date
	Seats  []Seat
	Org    *Org
	Above  Above
	Bounds access.Table

	Objectives []ObjectiveFact
	Mandates   []MandateFact
	Windows    []WindowFact
	CheckIns   []CheckInFact
	Meetings   []MeetingFact
	Steps      []StepFact
	Deferrals  []DeferralFact // what waits for examination results
	Appeals    []AppealFact
	Absences   []Absence

	RedoneOn    schooltime.Date // when an appeal had the year judged anew; no day in the first round
	Suspensions []Suspension    // oldest first
	Capability  bool            // the person is, or was, in a capability process in this cycle
	ConcernedBy []uuid.UUID     // who holds the concerns that led from this appraisal to a capability process

	SelfAssessments []SelfAssessmentFact // of the person in the cycle, whichever post they were started from
	PostFacts       policy.FactSet       // of the post, today
	PostUnitID      uuid.UUID            // where the post is today
	Previous, Next  *uuid.UUID           // of the years beside, where the actor may read them; loaded for what shows them

	Grants []GrantFact // by which the actor was let in to read the case, and no more

	Lent bool // the actor reaches a part of the case that was given to them, such as a meeting to take notes of

	Pending Pending
}

// Rules are the trust's rules for this unit and staff group. Cite them by their address.
func (c *Case) Rules() *policy.Rules { return &c.Policy.Rules }

// CycleFact is the cycle as a decision needs it.
type CycleFact struct {
	ID              uuid.UUID
	Name            string
	Status          string
	StartsOn        schooltime.Date
	EndsOn          schooltime.Date
	PolicyVersionID uuid.UUID
	Due             func(code string) schooltime.Date // the deadline of a code for this appraisal; no day where there is none
}

// ObjectiveFact is an objective as the other parts see it.
type ObjectiveFact struct {
	ID          uuid.UUID
	AppraisalID uuid.UUID
	Slot        string
	Counts      bool
	Approval    string
	Completion  string
	Validation  string
	Live        bool // agreed once, and not withdrawn
	Title       string
	Evidence    int          // how many pieces of evidence hang on it
	Mandate     *string      // the mandated objective that it answers
	FromID      *uuid.UUID   // the objective of an earlier year that it continues
	Origin      string       // the party that created it
	AuthorID    *uuid.UUID   // of the version being agreed; nil: there is none
	Signed      []SignedFact `gorm:"serializer:json"` // who has agreed to that version
	Judgements  []JudgedFact `gorm:"serializer:json"` // how each party judges it now
}

// SignedFact is somebody's signature on the version of an objective that is being agreed.
type SignedFact struct {
	Party    string    `json:"party"`
	PersonID uuid.UUID `json:"person_id"`
}

// MandateFact is a mandated objective that concerns the person of the case.
type MandateFact struct {
	Code    string
	SinceOn schooltime.Date // first day of the year in which it first concerned them
	Due     bool            // this is the last year in which it can be done
	Earlier bool            // it was answered in an earlier year
}

// WindowFact is a check-in window of the cycle.
type WindowFact struct {
	ID       uuid.UUID
	N        int
	OpensOn  schooltime.Date
	ClosesOn schooltime.Date
}

// CheckInFact is a check-in as the other parts see it.
type CheckInFact struct {
	ID          uuid.UUID
	AppraisalID uuid.UUID
	WindowID    uuid.UUID
	State       string
	Late        bool
	SentOn      schooltime.Date
}

// MeetingFact is a meeting as the other parts see it.
type MeetingFact struct {
	ID          uuid.UUID
	AppraisalID uuid.UUID
	PlanCode    string
	State       string
	HeldOn      schooltime.Date
}

// StepFact is a step of a chain as it is stored; a step that nobody has begun has none.
type StepFact struct {
	AppraisalID uuid.UUID
	Chain       string
	Code        string
	Result      string
	DoneBy      *uuid.UUID
	DoneOn      schooltime.Date
}

// Absence is a long absence: dates, never a reason. UntilOn is the first day back.
type Absence struct {
	PersonID uuid.UUID
	FromOn   schooltime.Date
	UntilOn  schooltime.Date
}

// Record is the case as access bounds see it.
func (c *Case) Record() access.Record {
	team := c.Lent
	for _, s := range c.Seats {
		team = team || s.PersonID == c.Actor.PersonID && s.Holds(c.Today)
	}
	return access.Record{PersonID: c.PersonID, UnitID: c.UnitID, Team: team}
}

// StepDone says whether the step of the chain is done, declined or skipped.
func (c *Case) StepDone(chain, code string) bool {
	return slices.ContainsFunc(c.Steps, func(s StepFact) bool {
		return s.Chain == chain && s.Code == code && s.Result != "open"
	})
}

// Begun says whether any step of the outcome chain is done.
func (c *Case) Begun() bool {
	return slices.ContainsFunc(c.Steps, func(s StepFact) bool { return s.Chain == "outcome" && s.Result == "done" })
}

// UnderWay refuses what may only be done while the appraisal is open and its cycle runs.
func (c *Case) UnderWay() []fault.Refusal {
	switch c.Status {
	case Open:
	case Suspended, Transferred:
		return []fault.Refusal{c.standing()}
	default:
		return []fault.Refusal{{Code: "appraisal_ended", Detail: "This " + c.Terms().Process.One + " has ended."}}
	}
	if c.Cycle.Status != "open" {
		return []fault.Refusal{{Code: "cycle_not_open", Detail: "The year of this " + c.Terms().Process.One + " is not open.", Unblock: c.PartyName(policy.HR) + " opens the cycle."}}
	}
	return nil
}

// standing refuses what may not be done while the appraisal stands still, or since it was passed on. The
// rule behind it tells of a concern, so it is cited to nobody else than those who may see that.
func (c *Case) standing() fault.Refusal {
	one := c.Terms().Process.One
	r := fault.Refusal{Code: "appraisal_suspended", Detail: "This " + one + " is suspended.",
		Unblock: Sentence(c.PartyName(policy.Head)) + " or " + c.PartyName(policy.HR) + " resumes it."}
	if c.Status == Transferred {
		r = fault.Refusal{Code: "appraisal_transferred", Detail: "This " + one + " ended without an outcome."}
	}
	if c.seesConcern() {
		r.Policy = c.Policy.Cite(&c.Rules().Concern.Capability)
	}
	return r
}

// seesConcern says whether the actor may see a concern that led to a capability process: the seats of the
// appraisal show none, whoever holds it sees it.
func (c *Case) seesConcern() bool {
	held := slices.Contains(c.ConcernedBy, c.Actor.PersonID)
	return c.Bounds.Covers("GetConcern", c.Actor, access.Record{PersonID: c.PersonID, UnitID: c.UnitID, Team: held})
}

// Reading says whether the actor reads the case as one of its parties: the reviewee, whoever has a
// seat, and whoever's turn it is. Anybody else leaves a disclosure, with a purpose.
func (c *Case) Reading() (party bool, purpose string) {
	me := c.Actor.PersonID
	if me == c.PersonID || c.Record().Team || c.hears(me) {
		return true, ""
	}
	if c.Turn != "" && slices.Contains(c.Who(policy.Party(c.Turn)), me) {
		return true, ""
	}
	switch {
	case c.Actor.Has(access.HR):
		return false, "hr_administration"
	case c.Stage == Closing || c.Stage == Released:
		return false, "moderation"
	}
	return false, "oversight"
}
