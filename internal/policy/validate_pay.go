package policy

import (
	"fmt"
	"slices"
)

// The links under which pay does not follow, follows the table, and what somebody says on progression.
const (
	payNone        = "none"
	payMatrix      = "matrix"
	payRecommended = "recommendation"
	payAutomatic   = "automatic"
)

// pay checks that pay and its chain go together, that the decision on pay is reached and has a day,
// and that whoever grants exceptions is a party.
func (in *inspection) pay() {
	p := &in.Rules.Pay
	in.exceptions()
	if p.Link == payNone {
		if len(p.Chain) > 0 {
			in.fault("pay_not_linked", "pay is not linked and has a chain of decisions", "empty the chain, or link pay", &p.Link, &p.Chain)
		}
		return
	}
	in.payDecided()
	in.payReached()
	in.payRecommended()
}

// payDecided checks that a required step decides and says by when. Where everybody progresses unless
// a step says otherwise there need be none: then it is decided with the release.
func (in *inspection) payDecided() {
	p := &in.Rules.Pay
	if p.Link == payAutomatic && len(p.Chain) == 0 {
		return
	}
	switch {
	case !hasAct(p.Chain, "decide_pay"):
		in.fault("pay_undecided", "pay is linked to the outcome and no step of its chain decides", "add a step with decide_pay", &p.Link, &p.Chain)
	case !hasAct(requiredOf(p.Chain), "decide_pay"):
		in.fault("pay_undecided", "pay is linked to the outcome and the step that decides is not required", "make it required, or unlink pay", &p.Link, &p.Chain)
	}
	for i := range p.Chain {
		if s := &p.Chain[i]; s.does("decide_pay") && s.Due.IsZero() {
			in.fault("pay_without_day", "the step that decides pay has no day by which it is done", "give it a due date", &s.Due)
		}
	}
}

// payReached reports pay that follows from an outcome which the year may end without.
func (in *inspection) payReached() {
	p, o := &in.Rules.Pay, &in.Rules.Outcome
	switch {
	case p.Link != payMatrix && len(o.Chain) == 0:
		in.fault("pay_without_outcome", "pay follows from the outcome and no step ends the year", "add a required step to outcome.chain, or unlink pay", &p.Link, &o.Chain)
	case p.Link != payMatrix:
	case o.Method == methodNone:
		in.fault("pay_without_rating", "pay follows from the rating and there is none", "choose a method of rating, or unlink pay", &p.Link, &o.Method)
	case !hasAct(requiredOf(o.Chain), reachedActs...):
		in.fault("pay_without_outcome", "pay follows from the rating and the year may end without one",
			"let a required step of outcome.chain recommend or decide, or unlink pay", &p.Link, &o.Chain)
	}
}

// payRecommended checks that pay which follows a recommendation has one before it is decided, and
// that a table is not recommended against.
func (in *inspection) payRecommended() {
	p, o := &in.Rules.Pay, &in.Rules.Outcome
	recommended := hasAct(o.Chain, "recommend_pay")
	switch {
	case p.Link == payMatrix && (recommended || hasAct(p.Chain, "recommend_pay")):
		in.fault("pay_recommended_twice", "pay follows from the table and a step recommends it too", "leave recommend_pay out, or let pay follow a recommendation",
			&p.Link, &p.Chain)
	case p.Link == payRecommended && !recommended && !hasAct(p.Chain, "recommend_pay"):
		in.fault("pay_unrecommended", "pay follows a recommendation and no step recommends", "give a step the act recommend_pay", &p.Link, &p.Chain)
	}
	for i := range p.Chain {
		s := &p.Chain[i]
		if s.does("recommend_pay") && !s.does("decide_pay") && slices.ContainsFunc(p.Chain, func(d StepRule) bool { return d.does("decide_pay") && d.Order <= s.Order }) {
			in.fault("pay_recommended_late", "pay is recommended when it may have been decided", "recommend it in a step of a lower order", &s.Order)
		}
	}
}

// exceptions checks who grants an award beyond the rule.
func (in *inspection) exceptions() {
	by := &in.Rules.Pay.ExceptionBy
	if !slices.Contains([]Party{Nobody, Head, HR}, *by) && !officePattern.MatchString(string(*by)) {
		in.fault("party_unknown", fmt.Sprintf("there is no party %.60q that grants exceptions", string(*by)), "use none, head, hr, or office: and a code", by)
	}
}
