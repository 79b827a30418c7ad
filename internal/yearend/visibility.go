package yearend

import (
	"slices"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/form"
	"github.com/perennial-api/perennial/internal/pay"
	"github.com/perennial-api/perennial/internal/policy"
)

// OutcomeVisible says whether the reviewee may see statement and rating yet, and why not.
func OutcomeVisible(c *appraisal.Case) *fault.Refusal {
	leaf := &c.Rules().Outcome.Visible
	if c.Stage == appraisal.Released {
		return nil
	}
	if *leaf == "stated" {
		for _, s := range c.Chain(appraisal.OutcomeChain) {
			if s.State == appraisal.StepFinished && s.Rule.Party == policy.Reviewer {
				return nil
			}
		}
	}
	return &fault.Refusal{Code: "outcome_not_released", Detail: "The outcome is seen when it is released.", Policy: c.Policy.Cite(leaf), Unblock: "The remaining steps of the outcome chain are completed."}
}

// Visible says whether the caller may see what a step holds. A draft is seen by whoever drafts it, and
// by whoever else may complete the step with it: a successor, or others of a panel. What the reviewee
// wrote is seen by every reader; the rest by those further on in the chain. The reviewee sees the
// statement when the outcome is visible, and what was decided on it when it is released. What is said in
// the pay chain is for those who see the pay, and before its release for those who act on it.
func (a *Aggregate) Visible() bool {
	c := a.Case
	me := c.Actor.PersonID
	if !a.Rule.Settled() {
		return a.DraftedBy != nil && (*a.DraftedBy == me || me != c.PersonID && slices.Contains(c.Who(a.Rule.Rule.Party, c.Barred(a.Rule)...), me))
	}
	if a.DoneBy != nil && *a.DoneBy == me || a.Rule.Rule.Party == policy.Reviewee {
		return true
	}
	if a.Rule.Chain == appraisal.PayChain && (len(pay.Reading(c)) > 0 || !pay.Released(c) && !pay.DecidesOn(c)) {
		return false
	}
	if a.Rule.Rule.Party == policy.Reviewer {
		return me != c.PersonID || OutcomeVisible(c) == nil
	}
	return c.Stage == appraisal.Released || c.Oversees()
}

// Said are the answers that a step was completed with, as far as the caller may see them.
func (a *Aggregate) Said() form.Answers {
	if a.Result != Done || !a.Visible() {
		return nil
	}
	return a.Answers
}

// DraftOfAnother says whether the step was skipped or declined: what was begun in it says nothing, and
// stays with whoever drafted it until the step is open again.
func (a *Aggregate) DraftOfAnother() bool {
	return a.Rule.Settled() && a.Result != Done && (a.DraftedBy == nil || *a.DraftedBy != a.Case.Actor.PersonID)
}

// ToldWhyReturned says whether the caller may read why a step was sent back: whoever does it, whoever
// sees it decided, and all readers of what the reviewee does. To the reviewee it would tell what
// others hold of the statement on them.
func (a *Aggregate) ToldWhyReturned() bool {
	c, party := a.Case, a.Rule.Rule.Party
	if a.Rule.Chain == appraisal.PayChain && len(pay.Reading(c)) > 0 {
		return false
	}
	return party == policy.Reviewee || c.Oversees() || slices.Contains(c.Who(party), c.Actor.PersonID)
}

// VisibleRatings are the ratings that the caller may see: the reviewee their own until the outcome
// is visible, the reviewer not the decision before its release.
func VisibleRatings(c *appraisal.Case, all []Rating) []Rating {
	me := c.Actor.PersonID
	var out []Rating
	for _, r := range all {
		switch {
		case r.Kind == SelfRating, r.ByID == me:
		case me == c.PersonID && OutcomeVisible(c) != nil:
			continue
		case r.Kind == Decided && c.Stage != appraisal.Released && !c.Oversees():
			continue
		}
		out = append(out, r)
	}
	return out
}

// Visible says whether the caller may see a judgement: their own always, the reviewee's once their
// step is done, and the reviewer's like the statement.
func (j *JudgedObjective) Visible(v Judgement) bool {
	c := j.Case
	if v.ByID == c.Actor.PersonID {
		return true
	}
	step, ok := c.JudgingStep(v.Party)
	if v.DeferralID == nil && ok && !step.Settled() {
		return false
	}
	return v.Party == policy.Reviewee || c.Actor.PersonID != c.PersonID || OutcomeVisible(c) == nil
}

// Counts is the judgement that counts, as far as the caller may know it: "" while one that it follows
// from is hidden from them.
func (j *JudgedObjective) Counts() string {
	for _, v := range j.Judgements {
		if !j.Visible(v) {
			return ""
		}
	}
	return j.Case.Judgement(j.Objective, false)
}
