package appraisal

import (
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/cycle"
	"github.com/perennial-api/perennial/internal/policy"
)

// Again are the stored steps that are done again when the year is judged anew: the outcome chain
// from the first step that is not the reviewee's own, and the whole pay chain. What the reviewee
// wrote before stands, for nobody appeals against that.
func (c *Case) Again() []StepFact {
	var out []StepFact
	for _, chain := range []string{OutcomeChain, PayChain} {
		again := false
		for _, s := range c.Chain(chain) {
			again = again || s.Rule.Party != policy.Reviewee
			for _, f := range c.Steps {
				if again && f.Chain == chain && f.Code == s.Rule.Code {
					out = append(out, f)
				}
			}
		}
	}
	return out
}

// BeginRound has the year judged anew, by another reviewer: the outcome is no longer released, and
// the steps of Again, which the store keeps, are open once more. A rating that was still to be
// confirmed is of the round before.
func (c *Case) BeginRound(reviewer uuid.UUID) error {
	next, err := StageLifecycle.Next(c.Stage, Redo)
	if err != nil {
		return err
	}
	again := c.Again()
	c.Steps = slices.DeleteFunc(slices.Clone(c.Steps), func(f StepFact) bool {
		return slices.ContainsFunc(again, func(o StepFact) bool { return o.Chain == f.Chain && o.Code == f.Code })
	})
	c.Deferrals = slices.DeleteFunc(slices.Clone(c.Deferrals), func(d DeferralFact) bool { return d.WaitsFor == "rating" })
	c.Stage, c.Pending.Changed = next, true
	c.Round++
	c.unjudge()
	c.takeSeats(Review, []cycle.Place{{PersonID: reviewer, Lead: true, Why: handedOver}}, c.Today)
	c.MoveTurn(c.NextTurn())
	c.SeatNext()
	return nil
}

// unjudge lets what the reviewer judged before count no more: whoever judges anew owes nothing to it.
func (c *Case) unjudge() {
	for i := range c.Objectives {
		o := &c.Objectives[i]
		o.Judgements = slices.DeleteFunc(slices.Clone(o.Judgements), func(j JudgedFact) bool { return j.Party == policy.Reviewer })
	}
}
