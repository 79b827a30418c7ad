package yearend

import (
	"context"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/pay"
)

// checkPay refuses a choice on progression where the step takes none, and one that cannot be meant.
func (a *Aggregate) checkPay(choice *pay.Choice) error {
	leaf := &a.Case.Rules().Pay.Link
	if pay.ActsOn(a.Rule.Rule) && pay.Takes(*leaf) {
		return choice.Check()
	}
	e := fault.Body("/pay", "no_pay_here", "This step says nothing on progression.")
	e.Refusals = []fault.Refusal{{Code: e.Code, Detail: e.Message, Policy: a.Case.Policy.Cite(leaf)}}
	return e
}

// chosen are the facts of pay with what the step itself holds.
func (a *Aggregate) chosen() pay.Facts {
	f := *a.Pay
	f.Chosen = a.DraftPay
	return f
}

// payBlocked refuses to complete a step on whose pay nothing can be decided yet, whatever it says,
// and one that refuses progression where the policy does not let it.
func payBlocked(c *appraisal.Case, a *Aggregate) []fault.Refusal {
	if a.Pay == nil || !pay.ActsOn(a.Rule.Rule) || c.Rules().Pay.Link == "none" {
		return nil
	}
	if a.Does("decide_pay") && c.Stage == appraisal.Released {
		return pay.Blocked(c, a.chosen())
	}
	if refused := pay.CapabilityMissing(c, a.DraftPay); refused != nil {
		return []fault.Refusal{*refused}
	}
	return nil
}

// payOf carries out what a step does on pay: it recommends, or decides, or both.
func (s *Service) payOf(ctx context.Context, a *Aggregate) error {
	c := a.Case
	if a.Pay == nil && pay.ActsOn(a.Rule.Rule) {
		f, err := s.Pay(ctx, c)
		if err != nil {
			return err
		}
		a.Pay = &f
	}
	if a.Does("recommend_pay") && pay.Takes(c.Rules().Pay.Link) {
		r, err := pay.Recommended(c, a.DraftPay)
		if err != nil {
			return err
		}
		if r != nil {
			r.Step = a.Rule.Name()
			if err := s.RecommendPay(ctx, c, r); err != nil {
				return err
			}
			a.Pay.Recommended = r
		}
	}
	if !a.Does("decide_pay") {
		return nil
	}
	o, err := pay.Decide(c, a.chosen())
	if err != nil {
		return err
	}
	return s.DecidePay(ctx, c, o)
}

// payAtRelease records what is decided with the release itself: that pay is not linked, or that the
// person progresses where no step decides.
func (s *Service) payAtRelease(ctx context.Context, c *appraisal.Case) error {
	f, err := s.Pay(ctx, c)
	if err != nil {
		return err
	}
	o, decided := pay.AtRelease(c, f)
	if !decided {
		return nil
	}
	return s.DecidePay(ctx, c, o)
}

// PayFacts reads what the steps of a case need of its pay; nil where none of them has to do with it.
func (s *Service) PayFacts(ctx context.Context, c *appraisal.Case) (*pay.Facts, error) {
	for _, chain := range []string{appraisal.OutcomeChain, appraisal.PayChain} {
		for _, step := range c.Chain(chain) {
			if pay.ActsOn(step.Rule) {
				f, err := s.Pay(ctx, c)
				return &f, err
			}
		}
	}
	return nil, nil
}
