package moderation

import (
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/yearend"
)

// State is how far a year is for whoever moderates it.
type State string

// The states. They follow from the chain and are stored nowhere.
const (
	Ready    State = "ready"   // nothing is missing for the step
	Missing  State = "missing" // something is
	Decided  State = "decided" // the step is done, the outcome not yet released
	Released State = "released"
)

// Filter narrows the queue; zero fields do not. A unit counts with those below it.
type Filter struct {
	CycleID, UnitID, ReviewerID *uuid.UUID
	StaffGroup                  string
	State                       State
	Total                       bool
}

// Loaded is an appraisal with the steps of its outcome chain, in order.
type Loaded struct {
	Case  *appraisal.Case
	Chain []*yearend.Aggregate
}

// Year is an appraisal in the queue, measured by the step that decides or approves it.
type Year struct {
	Case        *appraisal.Case
	Step        *yearend.Aggregate
	Next        *yearend.Aggregate // the first required step that is not settled; nil: there is none
	State       State
	Missing     []fault.Refusal
	Recommended *yearend.Rating // only where the caller's step is open: they are a party then
	Changed     *bool           // whether the decision differs from the recommendation; nil: nothing to compare
}

// Queue is one page of years. Totals counts all years in each state, where it was asked for.
type Queue struct {
	page.Page[Year]
	Totals map[State]int
}

// measure says how far a year is. A chain without a step to measure by leaves it out.
func measure(l Loaded) (Year, bool) {
	step, mine := measuredBy(l)
	if step == nil {
		return Year{}, false
	}
	y := Year{Case: l.Case, Step: step, Changed: step.Changed()}
	for _, a := range slices.Backward(l.Chain) {
		if a.Rule.Rule.Required && !a.Rule.Settled() {
			y.Next = a
		}
	}
	switch {
	case l.Case.Stage == appraisal.Released:
		y.State = Released
	case step.Rule.Settled():
		y.State = Decided
	default:
		y.State, y.Missing = Missing, missing(l, step, y.Next)
		if len(y.Missing) == 0 {
			y.State = Ready
		}
	}
	if mine && step.Rule.State == appraisal.StepOpen {
		y.Recommended = step.RatingOf(yearend.Recommended)
	}
	return y, true
}

// measuredBy is the step that decides or approves: the caller's own where there is one, and of
// several the first that is not done; else the first of the chain; else its last required step.
func measuredBy(l Loaded) (step *yearend.Aggregate, mine bool) {
	var own, first, last *yearend.Aggregate
	for _, a := range l.Chain {
		if a.Rule.Rule.Required {
			last = a
		}
		if !a.Moderates() {
			continue
		}
		if first == nil {
			first = a
		}
		if (own == nil || own.Rule.Settled()) && comesTo(a, l.Case.Actor.PersonID) {
			own = a
		}
	}
	switch {
	case own != nil:
		return own, true
	case first != nil:
		return first, false
	}
	return last, false
}

// comesTo says whether the step is the person's to do.
func comesTo(a *yearend.Aggregate, person uuid.UUID) bool {
	for _, p := range appraisal.Each(a.Rule.Rule.Party) {
		if slices.Contains(a.Case.Who(p, a.Case.Barred(a.Rule)...), person) {
			return true
		}
	}
	return false
}

// missing is what is not there yet for the step: the acts of earlier steps that are not done, and
// what hinders the step whose turn it is, by the rules that refuse its completion.
func missing(l Loaded, step, next *yearend.Aggregate) []fault.Refusal {
	var out []fault.Refusal
	for _, a := range l.Chain {
		if a.Rule.Rule.Required && !a.Rule.Settled() && a.Rule.Rule.Order < step.Rule.Rule.Order {
			out = append(out, undone(a)...)
		}
	}
	var hinders []fault.Refusal
	if next != nil && next != step {
		hinders = yearend.Hinders(next)
	}
	if len(out) == 0 || step.Rule.State == appraisal.StepOpen {
		hinders = append(hinders, yearend.Hinders(step)...)
	}
	for _, r := range hinders {
		if !slices.ContainsFunc(out, func(o fault.Refusal) bool { return o.Code == r.Code && o.Detail == r.Detail }) {
			out = append(out, r)
		}
	}
	return out
}

// acts are what an act that is not done is called, in the order in which they are told.
var acts = []struct{ act, code, noun string }{
	{"reflect", "reflection_missing", "The reflection"}, {"self_rate", "self_rating_missing", "The person's own rating"},
	{"state", "statement_missing", "The statement"}, {"recommend", "judgement_missing", "The recommended rating"},
	{"decide", "decision_missing", "The decision"}, {"approve", "approval_missing", "The approval"},
	{"comment", "comment_missing", "The comment"}, {"sign", "signature_missing", "The signature"},
	{"recommend_pay", "pay_recommendation_missing", "The recommendation on pay"},
}

// undone is one entry for each act of a step that is not done.
func undone(a *yearend.Aggregate) []fault.Refusal {
	party := a.Case.PartyName(a.Rule.Rule.Party)
	due := "."
	if !a.Rule.DueOn.IsZero() {
		due = ", due on " + a.Rule.DueOn.String() + "."
	}
	var out []fault.Refusal
	for _, v := range acts {
		if a.Does(v.act) {
			out = append(out, fault.Refusal{Code: v.code, Detail: v.noun + " is not done; it is for " + party + due,
				Policy: a.Case.Policy.Cite(a.Rule.Rule), Unblock: a.Rule.Name() + " is completed by " + party + "."})
		}
	}
	return out
}
