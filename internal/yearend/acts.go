package yearend

import (
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
)

type act = appraisal.Act[*Aggregate]

// Acts are what may be done with a step.
var Acts = []act{saving, completing, declining, skipping, returning}

// doer is who does the step: its party by the policy, without those whom an earlier step bars.
func doer(c *appraisal.Case, a *Aggregate) appraisal.Right {
	return appraisal.Right{Parties: appraisal.Each(a.Rule.Rule.Party), Barred: c.Barred(a.Rule), Leaf: a.Rule.Rule}
}

// itsTurn refuses a step that is not open, and says what it waits for.
func itsTurn(c *appraisal.Case, a *Aggregate) []fault.Refusal {
	switch {
	case a.Rule.State == appraisal.StepOpen:
		return frozen(c, a)
	case a.Rule.Settled():
		return []fault.Refusal{{Code: "step_done", Detail: "This step is " + a.Rule.State + ".", Unblock: "A later step is returned to it."}}
	case a.Rule.Chain == appraisal.PayChain && c.Stage != appraisal.Released:
		return []fault.Refusal{{Code: "outcome_not_released", Detail: "Pay is decided when the outcome is released.", Policy: c.Policy.Cite(&c.Rules().Pay.Link), Unblock: "The outcome chain is completed."}}
	case c.Today.Before(a.Rule.OpensOn):
		return []fault.Refusal{{Code: "step_not_open_yet", Detail: "This step opens on " + a.Rule.OpensOn.String() + ".", Policy: c.Policy.Cite(&a.Rule.Rule.Opens), Unblock: "The day comes."}}
	}
	return []fault.Refusal{waitsFor(c, a)}
}

func waitsFor(c *appraisal.Case, a *Aggregate) fault.Refusal {
	r := fault.Refusal{Code: "step_waits", Detail: "An earlier step is not done.", Policy: c.Policy.Cite(a.Rule.Rule)}
	for _, s := range c.Chain(a.Rule.Chain) {
		if s.Rule.Required && !s.Settled() && s.Rule.Order < a.Rule.Rule.Order {
			r.Unblock = s.Name() + " is completed by " + c.PartyName(s.Rule.Party) + "."
			break
		}
	}
	return r
}

func underWay(c *appraisal.Case, _ *Aggregate) []fault.Refusal { return c.UnderWay() }

var saving = act{Name: "save", Operation: "SaveStep", By: doer, From: itsTurn, Needs: underWay}

// A statement on the year comes after the formal interim reviews that the trust asks for.
var completing = act{Name: "complete", Operation: "CompleteStep", By: doer, From: itsTurn,
	Needs: func(c *appraisal.Case, a *Aggregate) []fault.Refusal {
		out := c.UnderWay()
		if a.Rule.Chain == appraisal.OutcomeChain && a.Does("state") {
			out = append(out, c.FormalMissing()...)
		}
		out = append(append(append(out, notJudged(c, a)...), notWeighed(c, a)...), payBlocked(c, a)...)
		return append(out, ratedTooEarly(c, a)...)
	}}

// A comment or a signature may be declined by whoever would give it; nothing else may.
var declining = act{Name: "decline", Operation: "CompleteStep", By: doer, From: itsTurn,
	Needs: func(c *appraisal.Case, a *Aggregate) []fault.Refusal {
		if a.Does("comment") || a.Does("sign") {
			return c.UnderWay()
		}
		return append(c.UnderWay(), fault.Refusal{Code: "cannot_be_declined", Detail: "Only a comment or a signature can be declined.", Policy: c.Policy.Cite(a.Rule.Rule)})
	}}

// An absent person's step is skipped by whoever has the next step, unless that is the reviewee, or by HR.
var skipping = act{Name: "skip", Operation: "CompleteStep", By: func(c *appraisal.Case, a *Aggregate) appraisal.Right {
	right := appraisal.Right{Parties: []policy.Party{policy.HR}, Leaf: a.Rule.Rule}
	for _, s := range c.Chain(a.Rule.Chain) {
		if s.Rule.Order > a.Rule.Rule.Order && s.Rule.Required {
			if s.Rule.Party == policy.Reviewee {
				break // nobody passes over what others say of them
			}
			right.Parties = append([]policy.Party{s.Rule.Party}, right.Parties...)
			break
		}
	}
	return right
}, From: itsTurn, Needs: func(c *appraisal.Case, a *Aggregate) []fault.Refusal {
	if a.Does("decide") || a.Does("decide_pay") {
		return append(c.UnderWay(), fault.Refusal{Code: "cannot_be_skipped", Detail: "A decision is never skipped.", Policy: c.Policy.Cite(a.Rule.Rule)})
	}
	if a.Does("comment") && !a.Rule.Rule.Required {
		return append(c.UnderWay(), fault.Refusal{Code: "cannot_be_skipped", Detail: "A comment that nobody waits for is a right, so it is never skipped.", Policy: c.Policy.Cite(a.Rule.Rule)})
	}
	return c.UnderWay()
}}

// returning sends the chain back from this open step to an earlier one.
var returning = act{Name: "return", Operation: "ReturnStep", By: doer, From: itsTurn,
	Needs: func(c *appraisal.Case, a *Aggregate) []fault.Refusal {
		out := c.UnderWay()
		if a.Rule.Chain == appraisal.OutcomeChain && a.besides() {
			out = append(out, c.Frozen()...)
		}
		if a.Rule.Chain == appraisal.PayChain && c.ChainDone(appraisal.PayChain) {
			out = append(out, fault.Refusal{Code: "pay_settled", Detail: "Every step that pay waits for is done, so it is not sent back.",
				Policy: c.Policy.Cite(&c.Rules().Pay.Chain), Unblock: "What was decided is appealed against."})
		}
		for _, s := range c.Chain(a.Rule.Chain) {
			if s.Rule.Order < a.Rule.Rule.Order && s.Settled() {
				return out
			}
		}
		return append(out, fault.Refusal{Code: "nothing_to_return_to", Detail: "No earlier step is done."})
	}}
