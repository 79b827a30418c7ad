package appraisal

import (
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/cycle"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Again are the stored steps that are done again when the year is judged anew: the outcome chain
// from the first step that is not the reviewee's own, and the whole pay chain. What the reviewee
// wrote before stands, for nobody appeals against that.
func (c *Case) Again() []StepFact {
	var out []StepFact
	for _, chain := range []string{OutcomeChain, PayChain} {
		steps := c.Chain(chain)
		for _, s := range steps[anew(steps):] {
			for _, f := range c.Steps {
				if f.Chain == chain && f.Code == s.Rule.Code {
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
	c.RedoneOn = c.Today
	c.unjudge()
	c.takeSeats(Review, []cycle.Place{{PersonID: reviewer, Lead: true, Why: handedOver}}, c.Today)
	c.MoveTurn(c.NextTurn())
	c.SeatNext()
	return nil
}

// leaveOverdue takes from the steps of a chain that are done again the deadlines that were over before the
// round began: the policy says nothing of another, and nobody is late before they could begin.
func (c *Case) leaveOverdue(steps []ChainStep) {
	for i := anew(steps); i < len(steps); i++ {
		steps[i].DueOn = c.DueAnew(steps[i].DueOn)
	}
}

// DueAnew is a deadline of what is done again in this round: none where it was over before the round began.
func (c *Case) DueAnew(day schooltime.Date) schooltime.Date {
	if day.Before(c.RedoneOn) {
		return schooltime.Date{}
	}
	return day
}

// DoneAgain says whether a round does a step of the outcome chain again.
func (c *Case) DoneAgain(code string) bool {
	steps := c.Chain(OutcomeChain)
	return slices.IndexFunc(steps, func(s ChainStep) bool { return s.Rule.Code == code }) >= anew(steps)
}

// anew is the place of the first step of a chain that a round does again: the first that is not the
// reviewee's own.
func anew(steps []ChainStep) int {
	if i := slices.IndexFunc(steps, func(s ChainStep) bool { return s.Rule.Party != policy.Reviewee }); i >= 0 {
		return i
	}
	return len(steps)
}

// unjudge lets what the reviewer judged before count no more: whoever judges anew owes nothing to it.
func (c *Case) unjudge() {
	for i := range c.Objectives {
		o := &c.Objectives[i]
		o.Judgements = slices.DeleteFunc(slices.Clone(o.Judgements), func(j JudgedFact) bool { return j.Party == policy.Reviewer })
	}
}
