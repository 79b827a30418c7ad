package cycle

import (
	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Candidate is a post that is held in a cycle's period, as it is read.
type Candidate struct {
	PostID         uuid.UUID
	PersonID       uuid.UUID
	UnitID         uuid.UUID
	FromOn         schooltime.Date
	UntilOn        schooltime.Date // the first day on which it is no longer held
	ContractEndsOn schooltime.Date // the last day of a fixed-term contract
	ManagerID      *uuid.UUID      // the line manager on the first day of the appraisal, or today
	AppraisalID    *uuid.UUID      // nil: not enrolled yet
	EnrolledAs     *string         // the staff group of the appraisal
	SeatID         *uuid.UUID      // who reviews the appraisal on that day
	Override       *bool           // HR has decided: in, or out
	Passed         bool            // was on a page before
}

// Remark is a rule or decision that bears on an enrolment, and that the appraisal keeps.
type Remark struct {
	Code  string `json:"code"`
	Label string `json:"label"`
}

// Enrolment says whether a post is in the year, and why.
type Enrolment struct {
	Candidate
	Group      *policy.Group // nil: no staff group
	Included   bool
	Reason     *Remark         // what excludes, or the first remark with which somebody is in
	ReasonEnds schooltime.Date // the day on which the reason ends for the person
	Remarks    []Remark
	StartsOn   schooltime.Date // of the appraisal
	EndsOn     schooltime.Date
	ReviewerID *uuid.UUID // nil: nobody reviews them yet
}

// The reasons that come from no exclusion of the policy.
var (
	noStaffGroup  = Remark{"no_staff_group", "Belongs to no staff group of the policy"}
	contractEnded = Remark{"contract_ended", "The contract has ended"}
	decidedByHR   = Remark{"decided_by_hr", "Decided by HR"}
)

// effectExclude is the effect of an exclusion that takes somebody out of the year.
const effectExclude = "exclude"

// day is the day on which the facts of an enrolment are taken.
func (c Cycle) day(today schooltime.Date) schooltime.Date { return schooltime.Max(today, c.StartsOn) }

// enrol applies the policy to a candidate. The layer names the unit whose part of the policy holds
// for the post; facts are those of the post on the day.
func (c Cycle) enrol(d *policy.Document, layer string, who Candidate, facts policy.FactSet, day schooltime.Date) Enrolment {
	e := Enrolment{Candidate: who, StartsOn: schooltime.Max(c.StartsOn, who.FromOn), EndsOn: c.EndsOn}
	for _, last := range []schooltime.Date{who.UntilOn.AddDays(-1), who.ContractEndsOn} {
		if last.After(schooltime.Date{}) {
			e.EndsOn = schooltime.Min(e.EndsOn, last)
		}
	}
	group, grouped := d.Resolve(layer, "").Rules.GroupOf(facts)
	if who.EnrolledAs != nil {
		group, grouped = enrolledAs(d, *who.EnrolledAs)
	}
	if grouped {
		e.Group = &group
	}
	rules := d.Resolve(layer, group.Code).Rules
	e.judge(rules, facts, day)
	e.ReviewerID = who.SeatID
	if who.AppraisalID == nil && rules.Reviewers.Default == "line_manager" {
		e.ReviewerID = who.ManagerID
	}
	return e
}

// enrolledAs is the staff group of an appraisal, which stays what it was.
func enrolledAs(d *policy.Document, code string) (policy.Group, bool) {
	if g, ok := d.Group(code); ok {
		return g, true
	}
	return policy.Group{Code: code, Label: code}, true
}

// judge settles whether the post is in the year. Whoever has an appraisal is; then comes what HR
// has decided; then the policy.
func (e *Enrolment) judge(rules policy.Rules, facts policy.FactSet, day schooltime.Date) {
	out := e.apply(rules, facts, day)
	contractOver := !e.ContractEndsOn.IsZero() && e.ContractEndsOn.Before(schooltime.Max(day, e.StartsOn))
	switch {
	case e.AppraisalID != nil:
		e.Included = true
	case e.Group == nil:
		e.exclude(noStaffGroup, schooltime.Date{})
	case contractOver:
		e.exclude(contractEnded, schooltime.Date{})
	case e.Override != nil:
		e.Included, e.Reason, e.ReasonEnds = *e.Override, &decidedByHR, schooltime.Date{}
	case out != nil:
		e.exclude(Remark{out.Code, out.Label}, endOf(*out, facts))
	default:
		e.Included = true
	}
}

// apply notes the remarks with which somebody is in, and returns the exclusion that takes them out.
func (e *Enrolment) apply(rules policy.Rules, facts policy.FactSet, day schooltime.Date) (out *policy.Exclusion) {
	for _, x := range rules.ExclusionsFor(facts, day) {
		if x.Effect == effectExclude {
			if out == nil {
				out = &x
			}
			continue
		}
		e.Remarks = append(e.Remarks, Remark{x.Code, x.Label})
		if e.Reason == nil {
			e.Reason, e.ReasonEnds = &e.Remarks[0], endOf(x, facts)
		}
	}
	return out
}

func (e *Enrolment) exclude(why Remark, until schooltime.Date) {
	e.Included, e.Reason, e.ReasonEnds = false, &why, until
}

func endOf(x policy.Exclusion, facts policy.FactSet) schooltime.Date {
	until, _ := facts[x.Until].(schooltime.Date)
	return until
}

// Summary is an enrolment in numbers.
type Summary struct{ Included, Excluded, WithoutReviewer, Already int }

func summarise(plan []Enrolment) (s Summary) {
	for _, e := range plan {
		switch {
		case !e.Included:
			s.Excluded++
			continue
		case e.ReviewerID == nil:
			s.WithoutReviewer++
		}
		s.Included++
		if e.AppraisalID != nil {
			s.Already++
		}
	}
	return s
}
