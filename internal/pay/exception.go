package pay

import (
	"strings"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
)

// Subject is the pay of one appraisal as acts see it.
type Subject struct {
	Case  *appraisal.Case
	Facts Facts
}

// Acts are what may be done with somebody's pay beside its steps.
var Acts = []appraisal.Act[*Subject]{granting, transferring}

// An award beyond the rule is given by the one party that the policy names, after the rule was applied.
var granting = appraisal.Act[*Subject]{Name: "grant_exception", Operation: "GrantExceptionalAward",
	By: func(c *appraisal.Case, _ *Subject) appraisal.Right {
		leaf := &c.Rules().Pay.ExceptionBy
		if *leaf == policy.Nobody {
			return appraisal.Right{People: []uuid.UUID{c.Actor.PersonID}, Leaf: leaf} // nobody; From says so
		}
		return appraisal.Right{Parties: appraisal.Each(*leaf), Leaf: leaf}
	},
	From: func(c *appraisal.Case, s *Subject) []fault.Refusal {
		leaf := &c.Rules().Pay.ExceptionBy
		switch {
		case *leaf == policy.Nobody:
			return []fault.Refusal{{Never: true, Code: "no_exceptions", Detail: "Here nobody grants an award beyond the rule.", Policy: c.Policy.Cite(leaf)}}
		case c.Stage != appraisal.Released:
			return []fault.Refusal{{Code: "outcome_not_released", Detail: "An award beyond the rule comes after the outcome is released.", Policy: c.Policy.Cite(leaf), Unblock: "The outcome chain is completed."}}
		case s.Facts.Decision == nil, !Released(c):
			return []fault.Refusal{{Code: "pay_not_decided", Detail: "An award beyond the rule comes after the decision on pay.", Policy: c.Policy.Cite(leaf), Unblock: "The pay chain is completed."}}
		}
		return nil
	},
	Needs: func(c *appraisal.Case, _ *Subject) []fault.Refusal { return c.UnderWay() },
}

// MayGrant says whether the actor holds the office that grants exceptions, and so may reach a record
// for that alone.
func MayGrant(c *appraisal.Case) bool {
	if !strings.HasPrefix(string(c.Rules().Pay.ExceptionBy), "office:") {
		return false
	}
	for _, p := range c.Who(c.Rules().Pay.ExceptionBy) {
		if p == c.Actor.PersonID {
			return true
		}
	}
	return false
}

// except is the decision that grants awards beyond the rule: they are what the year brings in all.
func except(c *appraisal.Case, f Facts, awards []Award, reason string) (Outcome, error) {
	choice := Choice{Progression: Progress, Awards: awards}
	if err := choice.Check(); err != nil {
		return Outcome{}, err
	}
	o := Outcome{Link: c.Rules().Pay.Link, Kind: Exception, Reason: reason, Progression: text(f.Decision.Progression)}
	o.say("exception", "An award beyond the rule, by whom the policy names.", c.Rules().Pay.ExceptionBy)
	o.say("before", "What was decided before.", f.Decision.Result)
	return o.brings("What was given by hand.", awards), nil
}
