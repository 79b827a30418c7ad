package cycle

import (
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Candidate is a post that is held in a cycle's period, as it is read.
type Candidate struct {
	PostID          uuid.UUID
	PersonID        uuid.UUID
	UnitID          uuid.UUID
	FromOn          schooltime.Date
	UntilOn         schooltime.Date // the first day on which it is no longer held
	ContractEndsOn  schooltime.Date // the last day of a fixed-term contract
	FirstOn         schooltime.Date // the first day of the person's first post
	ManagerID       *uuid.UUID      // the line manager on the first day of the appraisal, or today
	MainPostID      *uuid.UUID      // of the posts that the person holds then, the one that has an appraisal, else the greatest
	AppraisedBefore bool            // in an earlier cycle
	InOther         bool            // has an appraisal in another cycle at the same time
	AppraisalID     *uuid.UUID      // nil: not enrolled yet
	LeftOut         bool            // the appraisal ended because the post was left out
	Stage           string          // of the appraisal
	EnrolledAs      *string         // the staff group of the appraisal
	SeatID          *uuid.UUID      // who reviews the appraisal on that day, or leads
	Panel           []uuid.UUID     `gorm:"serializer:json"` // who else reviews it
	Override        *bool           // HR, or a head who may, has decided: in, or out
	Passed          bool            // was on a page before
}

// enrolled says whether the post has an appraisal that nobody took out of the year.
func (c Candidate) enrolled() bool { return c.AppraisalID != nil && !c.LeftOut }

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
	CoveredBy  *uuid.UUID      // the post whose appraisal covers this one
	Remarks    []Remark
	StartsOn   schooltime.Date // of the appraisal
	EndsOn     schooltime.Date
	ReviewerID *uuid.UUID // who reviews, or leads the panel; nil: nobody reviews them yet
	Seating    Seating    // the seats that the enrolment gives

	rules    *policy.Resolved
	concerns []int // the exclusions that hold for the post
}

// The reasons that come from no exclusion of the policy.
var (
	noStaffGroup  = Remark{"no_staff_group", "Belongs to no staff group of the policy"}
	contractEnded = Remark{"contract_ended", "The contract has ended"}
	inOtherCycle  = Remark{"in_other_cycle", "Is in another appraisal year at the same time"}
	decidedByHR   = Remark{"decided_by_hr", "Decided by HR"}
	tooShort      = Remark{"too_short", "The time in the period is too short for a year"}
	coveredByMain = Remark{"covered_by_other_post", "The appraisal of another post covers this one"}
	priorYear     = Remark{"prior_year_review", "Closes the year before with a review"}
)

// effectExclude is the effect of an exclusion that takes somebody out of the year.
const effectExclude = "exclude"

// day is the day on which the facts of an enrolment are taken.
func (c Cycle) day(today schooltime.Date) schooltime.Date { return schooltime.Max(today, c.StartsOn) }

// enrol applies the policy to a candidate. The layer names the unit whose part of the policy holds
// for the post; facts are those of the post on the day, began those on the cycle's first.
func (c Cycle) enrol(d *policy.Document, layer string, who Candidate, began, facts policy.FactSet, day schooltime.Date) Enrolment {
	e := Enrolment{Candidate: who, StartsOn: schooltime.Max(c.StartsOn, who.FromOn)}
	group, grouped := d.Resolve(layer, "").Rules.GroupOf(facts)
	if who.EnrolledAs != nil {
		group, grouped = enrolledAs(d, *who.EnrolledAs)
	}
	if grouped {
		e.Group = &group
	}
	e.rules = d.Resolve(layer, group.Code)
	e.StartsOn = e.first(began, day)
	e.EndsOn = e.last(c.EndsOn)
	e.judge(facts, day)
	e.remember(c.StartsOn)
	return e
}

// first is the first day of the appraisal. Whoever was out when the cycle began is in from the day
// on which that ended, so that no deadline of theirs had passed before; unless somebody took them in.
func (e *Enrolment) first(began policy.FactSet, day schooltime.Date) schooltime.Date {
	first := e.StartsOn
	if e.Override != nil {
		return first
	}
	for _, x := range e.rules.Rules.Population.Exclusions {
		ended := endOf(x, began)
		if x.Effect == effectExclude && x.Concerns(began, first) && !ended.IsZero() && !ended.After(day) {
			first = schooltime.Max(first, ended)
		}
	}
	return first
}

// last is the last day of the appraisal. A fixed-term contract shortens it only where the policy
// says so; a known end of the post always does.
func (e *Enrolment) last(ends schooltime.Date) schooltime.Date {
	if !e.UntilOn.IsZero() {
		ends = schooltime.Min(ends, e.UntilOn.AddDays(-1))
	}
	if e.rules.Rules.Population.ContractPeriod == "shorten" && !e.ContractEndsOn.IsZero() {
		ends = schooltime.Min(ends, e.ContractEndsOn)
	}
	return ends
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
func (e *Enrolment) judge(facts policy.FactSet, day schooltime.Date) {
	out := e.apply(facts, day)
	contractOver := !e.ContractEndsOn.IsZero() && e.ContractEndsOn.Before(schooltime.Max(day, e.StartsOn))
	population := &e.rules.Rules.Population
	switch {
	case e.enrolled():
		e.Included = true
	case e.Group == nil:
		e.exclude(noStaffGroup, schooltime.Date{})
	case contractOver:
		e.exclude(contractEnded, schooltime.Date{})
	case e.InOther:
		e.exclude(inOtherCycle, schooltime.Date{})
	case e.Override != nil:
		e.Included, e.Reason, e.ReasonEnds = *e.Override, &decidedByHR, schooltime.Date{}
	case population.SeveralPosts == "main" && e.MainPostID != nil && *e.MainPostID != e.PostID:
		e.exclude(coveredByMain, schooltime.Date{})
		e.CoveredBy = e.MainPostID
	case wholeMonths(e.StartsOn, e.EndsOn.AddDays(1)) < population.ShortestMonths:
		e.exclude(tooShort, schooltime.Date{})
	case out != nil:
		e.exclude(Remark{out.Code, out.Label}, endOf(*out, facts))
	default:
		e.Included = true
	}
}

// wholeMonths counts the months that fit between two days.
func wholeMonths(from, until schooltime.Date) int {
	n := 0
	for !from.AddMonths(n + 1).After(until) {
		n++
	}
	return n
}

// apply notes the remarks with which somebody is in, and returns the exclusion that takes them out.
func (e *Enrolment) apply(facts policy.FactSet, day schooltime.Date) (out *policy.Exclusion) {
	for i := range e.rules.Rules.Population.Exclusions {
		x := &e.rules.Rules.Population.Exclusions[i]
		if !x.Concerns(facts, day) {
			continue
		}
		e.concerns = append(e.concerns, i)
		if x.Effect == effectExclude {
			if out == nil {
				out = x
			}
			continue
		}
		e.remark(Remark{x.Code, x.Label}, endOf(*x, facts))
	}
	return out
}

// remark notes a remark; the first is why somebody is in as they are.
func (e *Enrolment) remark(r Remark, until schooltime.Date) {
	e.Remarks = append(e.Remarks, r)
	if e.Reason == nil {
		e.Reason, e.ReasonEnds = &r, until
	}
}

// remember notes of somebody new to the trust that a year before is still to be closed, where the
// policy asks for it.
func (e *Enrolment) remember(starts schooltime.Date) {
	if e.Included && e.rules.Rules.Population.PriorYearReview == "required" && !e.AppraisedBefore && !e.FirstOn.Before(starts) {
		e.remark(priorYear, schooltime.Date{})
	}
}

func (e *Enrolment) exclude(why Remark, until schooltime.Date) {
	e.Included, e.Reason, e.ReasonEnds = false, &why, until
}

func endOf(x policy.Exclusion, facts policy.FactSet) schooltime.Date {
	until, _ := facts[x.Until].(schooltime.Date)
	return until
}

// The stages in which an appraisal begins.
const (
	setting = "setting"
	running = "running"
)

// Begins is the stage in which the appraisal begins: where the policy requires no objective there is
// none to be agreed, and the year runs from its first day.
func (e *Enrolment) Begins() string {
	if e.rules.Rules.Objectives.Required() > 0 || len(e.rules.Rules.Objectives.Mandated) > 0 {
		return setting
	}
	return running
}

// Reviewers are the people who review the post, the lead first.
func (e *Enrolment) Reviewers() []uuid.UUID {
	if !e.enrolled() {
		return e.Seating.Reviewers()
	}
	if e.SeatID == nil {
		return nil
	}
	return append([]uuid.UUID{*e.SeatID}, slices.DeleteFunc(slices.Clone(e.Panel), func(p uuid.UUID) bool { return p == *e.SeatID })...)
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
		if e.enrolled() {
			s.Already++
		}
	}
	return s
}
