package rehearsal

import (
	"cmp"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/cycle"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
)

// Trouble is something that would go wrong for one person; place says at which step, for which
// party, deadline or fact.
type Trouble struct {
	Code, Place string
	Policy      *fault.Citation
}

// The codes of what would go wrong.
const (
	noReviewer      = "no_reviewer"
	panelIncomplete = "panel_incomplete"
	noOneMayAct     = "no_one_may_act"
	samePersonTwice = "same_person_twice"
	appealUnheard   = "appeal_unheard"
	lateUnadmitted  = "late_appeal_unadmitted"
	unknownFact     = "unknown_fact"
	calendarMissing = "calendar_missing"
	noStaffGroup    = "no_staff_group"
)

// told says of each code what it means and what to do, in the order in which problems are shown.
var told = []struct{ code, detail, suggestion string }{
	{noStaffGroup, "These people belong to no staff group, so they would be left out.", "Widen a group's condition, or correct the facts of the posts."},
	{noReviewer, "Nobody would review these people.", "Set a line manager, fill the office that reviews them, or name a reviewer."},
	{panelIncomplete, "A seat on the panel of these people would stay empty.", "Fill the office, or change reviewers.appointments."},
	{noOneMayAct, "There is a point at which nobody may act for these people.", "Fill the office or the line management, or give the step to another party."},
	{samePersonTwice, "One person alone would recommend and decide on these people.", "Name the earlier step in not_same_as, or give one of the two to another party."},
	{appealUnheard, "Nobody would be left to hear an appeal of these people: whoever took part in what it is against does not hear it.", "Give the stage to another party, or put somebody else into the office beside who is there."},
	{lateUnadmitted, "Nobody would be left to admit a late appeal of these people: whoever took part in what it is against does not admit it.", "Name another party in appeals.late_by, or put somebody else into the office beside who is there."},
	{unknownFact, "A condition of the policy asks something that is not known of these people; it would count as not true.", "Complete the facts of their posts."},
	{calendarMissing, "A deadline of these people counts by a school calendar that their school has not got.", "Set the school's calendar, or use a rule that needs none."},
}

// asked are the facts that everybody's post can have; others are unknown of those whom they do not
// concern, such as the end of an induction.
var asked = []string{"role_code", "qts", "at_top_of_range"}

// left notes what would go wrong for somebody who is left out.
func (p *Person) left() {
	if p.Group == nil {
		p.trouble(noStaffGroup, "", &p.Rules.Rules.Population.Groups)
	}
}

func (p *Person) trouble(code, place string, leaf any) {
	p.Troubles = append(p.Troubles, Trouble{Code: code, Place: place, Policy: p.Rules.Cite(leaf)})
}

// troubles notes everything that would go wrong for somebody who is in.
func (p *Person) troubles(t *trial, c *appraisal.Case) {
	rules := &p.Rules.Rules
	if len(p.Reviewers) == 0 {
		p.trouble(noReviewer, "", &rules.Reviewers.Default)
	} else {
		for _, m := range p.Seating.Missing {
			p.trouble(panelIncomplete, string(m.Party), &rules.Reviewers.Appointments)
		}
	}
	p.objectives(c)
	p.twice()
	for _, s := range p.Steps {
		if len(s.People) == 0 {
			p.trouble(noOneMayAct, s.Name, p.chainOf(s))
		}
	}
	p.appeals(c)
	for _, fact := range t.factsOf(p.Rules) {
		if !t.facts[p.PostID].Knows(fact) {
			p.trouble(unknownFact, fact, &rules.Population.Groups)
		}
	}
	for _, code := range t.cycle.Uncounted(p.Rules, c.Anchors().Calendar) {
		p.trouble(calendarMissing, code, &rules.Objectives.Due)
	}
}

func (p *Person) chainOf(s Step) any {
	if strings.HasPrefix(s.Name, appraisal.PayChain+".") {
		return &p.Rules.Rules.Pay.Chain
	}
	return &p.Rules.Rules.Outcome.Chain
}

// factsOf are the facts that the rules ask of everybody and that can be known of everybody.
func (t *trial) factsOf(r *policy.Resolved) []string {
	found, ok := t.asked[r]
	if ok {
		return found
	}
	all := r.FactsAsked()
	if pay := &r.Rules.Pay; pay.Link != "none" && pay.TopOfRange == "own_column" {
		all = append(all, "at_top_of_range")
	}
	for _, fact := range asked {
		if slices.Contains(all, fact) {
			found = append(found, fact)
		}
	}
	t.asked[r] = found
	return found
}

// objectives notes the points of an objective at which nobody may act, where there may be one.
func (p *Person) objectives(c *appraisal.Case) {
	o := &p.Rules.Rules.Objectives
	if !o.Max.Allows(1) {
		return
	}
	for _, at := range []struct {
		place string
		leaf  *policy.Party
	}{{"objectives.drafter", &o.Drafter}, {"objectives.approver", &o.Approver}, {"objectives.on_disagreement", &o.OnDisagreement}} {
		for _, party := range appraisal.Each(*at.leaf) {
			who := c.Who(party)
			if party == policy.Reviewer {
				who = c.ObjectiveReviewers()
			}
			if len(who) == 0 {
				p.trouble(noOneMayAct, at.place, at.leaf)
				break
			}
		}
	}
}

// twice notes a decision that only somebody takes who alone recommended it.
func (p *Person) twice() {
	acts := map[string][]string{}
	for chain, rules := range map[string][]policy.StepRule{appraisal.OutcomeChain: p.Rules.Rules.Outcome.Chain, appraisal.PayChain: p.Rules.Rules.Pay.Chain} {
		for _, s := range rules {
			acts[chain+"."+s.Code] = s.Acts
		}
	}
	recommended := map[uuid.UUID]bool{}
	for _, s := range p.Steps {
		if len(s.People) != 1 {
			continue
		}
		if does(acts[s.Name], "decide", "decide_pay") && recommended[s.People[0]] {
			p.trouble(samePersonTwice, s.Name, p.chainOf(s))
		}
		if does(acts[s.Name], "recommend", "recommend_pay") {
			recommended[s.People[0]] = true
		}
	}
}

func does(acts []string, any ...string) bool {
	return slices.ContainsFunc(any, func(a string) bool { return slices.Contains(acts, a) })
}

// Problem is what would go wrong, for how many, and the first of them.
type Problem struct {
	Code, Detail, Suggestion string
	People                   int
	Policy                   *fault.Citation
	Examples                 []Example
}

// Example is somebody whom a problem concerns.
type Example struct {
	cycle.Enrolment
	Place string
}

// maxExamples is how many people a problem names.
const maxExamples = 50

// gather puts the troubles of everybody together by code.
func gather(people []*Person) []Problem {
	var found []Problem
	for _, kind := range told {
		problem := Problem{Code: kind.code, Detail: kind.detail, Suggestion: kind.suggestion}
		for _, p := range people {
			concerned := false
			for _, t := range p.Troubles {
				if t.Code != kind.code {
					continue
				}
				concerned = true
				if problem.Policy == nil {
					problem.Policy = t.Policy
				}
				if len(problem.Examples) < maxExamples {
					problem.Examples = append(problem.Examples, Example{p.Enrolment, t.Place})
				}
			}
			if concerned {
				problem.People++
			}
		}
		if problem.People > 0 {
			found = append(found, problem)
		}
	}
	return found
}

// Codes lists the codes of a person's troubles, each once.
func (p *Person) Codes() []string {
	var codes []string
	for _, t := range p.Troubles {
		codes = append(codes, t.Code)
	}
	slices.SortFunc(codes, cmp.Compare[string])
	return slices.Compact(codes)
}
