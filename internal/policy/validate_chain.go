package policy

import (
	"fmt"
	"regexp"
	"slices"
)

// officePattern is a party that is the holder of an office, as in office:ceo.
var officePattern = regexp.MustCompile(`^office:[a-z][a-z0-9_]{0,49}$`)

// Which acts belong to which chain, who may not do them, and which say something in a form.
var (
	payActs      = []string{"recommend_pay", "decide_pay", "approve", "comment", "sign"}
	outcomeActs  = []string{"reflect", "self_rate", "state", "recommend", "decide", "approve", "comment", "sign", "recommend_pay"}
	ownActs      = []string{"reflect", "self_rate"}                                                   // of the reviewee alone
	judgingActs  = []string{"state", "recommend", "decide", "approve", "recommend_pay", "decide_pay"} // never of the reviewee
	writingActs  = []string{"reflect", "state"}
	ratingActs   = []string{"self_rate", "recommend"}
	reachedActs  = []string{"recommend", "decide"} // one of them gives the rating
	stepParties  = []Party{Reviewee, Reviewer, ReviewersReviewer, Head, HR}
	chainActHint = "see the acts of a step in the policy's documentation"
)

func stepNamed(chain []StepRule, code string) *StepRule {
	for i := range chain {
		if chain[i].Code == code {
			return &chain[i]
		}
	}
	return nil
}

func hasAct(chain []StepRule, acts ...string) bool {
	return slices.ContainsFunc(chain, func(s StepRule) bool { return s.does(acts...) })
}

// requiredOf are the steps that a chain waits for.
func requiredOf(chain []StepRule) []StepRule {
	return slices.DeleteFunc(slices.Clone(chain), func(s StepRule) bool { return !s.Required })
}

// Ends says whether the outcome chain has a step that ends the year. Where it has none, the year
// ends when its cycle is closed.
func (o *OutcomeRules) Ends() bool { return len(requiredOf(o.Chain)) > 0 }

// does says whether the step has one of the acts.
func (s StepRule) does(acts ...string) bool {
	return slices.ContainsFunc(s.Acts, func(a string) bool { return slices.Contains(acts, a) })
}

// chains checks the steps of outcome and pay, and that their days follow each other.
func (in *inspection) chains() {
	o, p := &in.Rules.Outcome, &in.Rules.Pay
	in.chain(o.Chain, &o.Chain, outcomeActs)
	in.chain(p.Chain, &p.Chain, payActs)
	if len(o.Chain) > 0 && len(requiredOf(o.Chain)) == 0 {
		in.fault("chain_never_ends", "no step of the outcome chain is required, so nothing says when the outcome is released",
			"require the step that ends the year, or empty the chain: then the year ends when its cycle is closed", &o.Chain)
	}
	if o.Method != methodNone && len(o.Chain) > 0 && !hasAct(o.Chain, reachedActs...) {
		in.fault("rating_not_given", "a rating is asked for and no step recommends or decides one",
			"give a step the act recommend or decide", &o.Method, &o.Chain)
	}
	if p.Link == "none" && hasAct(o.Chain, "recommend_pay") {
		in.fault("pay_not_linked", "pay is not linked and a step recommends it", "leave recommend_pay out, or link pay", &p.Link, &o.Chain)
	}
	in.timetable()
}

func (in *inspection) chain(chain []StepRule, leaf *[]StepRule, acts []string) {
	unique(in, chain, func(s *StepRule) *string { return &s.Code })
	in.orders(chain, leaf)
	for i := range chain {
		s := &chain[i]
		in.formExists(&s.Form)
		in.party(s)
		in.acts(s, acts)
		in.notSameAs(chain, s)
	}
}

// orders checks that orders run from 1 without gaps.
func (in *inspection) orders(chain []StepRule, leaf *[]StepRule) {
	var orders []int
	for _, s := range chain {
		orders = append(orders, s.Order)
	}
	slices.Sort(orders)
	for i, n := range slices.Compact(orders) {
		if n != i+1 {
			in.fault("order_gap", fmt.Sprintf("the orders of a chain run from 1 without gaps, and %d is missing", i+1),
				"number the steps anew", leaf)
			return
		}
	}
}

func (in *inspection) party(s *StepRule) {
	switch {
	case s.Party == Both:
		in.fault("party_unknown", "a step is done by one party", "make two steps of equal order", &s.Party)
	case !slices.Contains(stepParties, s.Party) && !officePattern.MatchString(string(s.Party)):
		in.fault("party_unknown", fmt.Sprintf("there is no party %.60q", string(s.Party)),
			"use reviewee, reviewer, reviewers_reviewer, head, hr, or office: and a code", &s.Party)
	case s.Party == Reviewee && s.does(judgingActs...):
		in.fault("reviewee_decides", "nobody judges their own year", "give the step to somebody else", &s.Party, &s.Acts)
	case s.Party != Reviewee && s.does(ownActs...):
		in.fault("own_act", "reflect and self_rate are the reviewee's", "give the step to the reviewee", &s.Party, &s.Acts)
	}
}

func (in *inspection) acts(s *StepRule, allowed []string) {
	o := &in.Rules.Outcome
	if len(s.Acts) == 0 {
		in.fault("acts_missing", "a step does something", chainActHint, &s.Acts)
	}
	for i := range s.Acts {
		switch act := &s.Acts[i]; {
		case !slices.Contains(allowed, *act):
			in.fault("act_misplaced", fmt.Sprintf("%s does not belong to this chain", *act), chainActHint, act)
		case slices.Contains(s.Acts[:i], *act):
			in.fault("act_twice", fmt.Sprintf("%s is given twice", *act), "keep one of them", act)
		case slices.Contains(ratingActs, *act) && (o.Method == methodNone || len(o.Scale) == 0):
			in.fault("rating_without_scale", fmt.Sprintf("%s needs a rating scale", *act),
				"define a scale and a method, or leave the act out", act, &o.Scale, &o.Method)
		}
	}
	if s.Form == "" && s.does(writingActs...) {
		in.fault("form_missing", "a reflection or statement is written in a form", "name one", &s.Acts)
	}
}

func (in *inspection) notSameAs(chain []StepRule, s *StepRule) {
	for i := range s.NotSameAs {
		code := &s.NotSameAs[i]
		if earlier := stepNamed(chain, *code); earlier == nil || earlier.Order >= s.Order {
			in.fault("step_not_earlier", fmt.Sprintf("%q is no earlier step of this chain", *code), "name a step of a lower order", code)
		}
	}
}
