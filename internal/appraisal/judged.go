package appraisal

import (
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// JudgedFact is how one party judges an objective now. Late says that it was judged when what it had
// waited for came.
type JudgedFact struct {
	Party  policy.Party `json:"party"`
	Code   string       `json:"code"`
	Agrees *bool        `json:"agrees"`
	Text   bool         `json:"text"`   // whether something is said in words
	Reason bool         `json:"reason"` // whether it is said why the two differ
	Late   bool         `json:"late"`
	Sum    string       `json:"sum"` // of what it says, to tell whether it has changed
}

// DeferralFact is something of the outcome that waits for examination results.
type DeferralFact struct {
	ID          uuid.UUID
	AppraisalID uuid.UUID
	WaitsFor    string
	ObjectiveID *uuid.UUID
	DueOn       schooltime.Date
}

// Judged is how a party judges the objective now, or nil.
func (o ObjectiveFact) Judged(p policy.Party) *JudgedFact {
	for i := range o.Judgements {
		if o.Judgements[i].Party == p {
			return &o.Judgements[i]
		}
	}
	return nil
}

// Counting are the objectives that the outcome is about.
func (c *Case) Counting() []ObjectiveFact {
	var out []ObjectiveFact
	for _, o := range c.Objectives {
		if o.Counts && o.Live {
			out = append(out, o)
		}
	}
	return out
}

// Waits says whether something of the outcome waits for examination results, so that its rating is
// provisional or not there yet.
func (c *Case) Waits() bool { return len(c.Deferrals) > 0 }

// OutcomeWaits says whether the whole outcome waits.
func (c *Case) OutcomeWaits() bool {
	return slices.ContainsFunc(c.Deferrals, func(d DeferralFact) bool { return d.WaitsFor == "outcome" })
}

// WaitsOn is the deferral by which an objective waits, or nil.
func (c *Case) WaitsOn(objective uuid.UUID) *DeferralFact {
	for i, d := range c.Deferrals {
		if d.ObjectiveID != nil && *d.ObjectiveID == objective {
			return &c.Deferrals[i]
		}
	}
	return nil
}

// JudgingStep is the step of the outcome chain in which the reviewee, or whoever states on the year,
// judges the objectives; false where the chain has none.
func (c *Case) JudgingStep(p policy.Party) (ChainStep, bool) {
	acts := []string{"state", "recommend", "decide"}
	if p == policy.Reviewee {
		acts = []string{"reflect", "self_rate"}
	}
	for _, act := range acts {
		for _, s := range c.Chain(OutcomeChain) {
			if slices.Contains(s.Rule.Acts, act) {
				return s, true
			}
		}
	}
	return ChainStep{}, false
}

// Judges are those of whom the policy asks a judgement of each objective. Whoever states does it for a
// reviewee whose own step was skipped.
func (c *Case) Judges() []policy.Party {
	switch c.Rules().Outcome.ObjectiveJudges {
	case "reviewer":
		return []policy.Party{policy.Reviewer}
	case "reviewee":
		if s, ok := c.JudgingStep(policy.Reviewee); ok && (s.State == StepSkipped || s.State == StepDeclined) {
			return []policy.Party{policy.Reviewer}
		}
		return []policy.Party{policy.Reviewee}
	}
	return []policy.Party{policy.Reviewee, policy.Reviewer}
}

// FinalOf is what the party's judgement of the objective is, once the party's step is done. A reviewee
// who has no step of their own is heard as they speak.
func (c *Case) FinalOf(o ObjectiveFact, p policy.Party) *JudgedFact {
	j := o.Judged(p)
	step, own := c.JudgingStep(p)
	if j == nil || !j.Late && own && !step.Settled() {
		return nil
	}
	return j
}

// Judgement is the judgement of the objective that counts, or "". While whoever states is still at it,
// stating takes what they have said so far.
func (c *Case) Judgement(o ObjectiveFact, stating bool) string {
	reviewee, reviewer := c.FinalOf(o, policy.Reviewee), c.FinalOf(o, policy.Reviewer)
	if stating {
		reviewer = o.Judged(policy.Reviewer)
	}
	code := func(j *JudgedFact) string {
		if j == nil {
			return ""
		}
		return j.Code
	}
	step, ok := c.JudgingStep(policy.Reviewer)
	switch judges := c.Rules().Outcome.ObjectiveJudges; {
	case reviewer != nil && reviewer.Late:
		return reviewer.Code
	case judges == "reviewee" && code(reviewee) != "":
		return reviewee.Code
	case code(reviewer) != "" || judges == "reviewer":
		return code(reviewer)
	case ok && step.State == StepSkipped:
		return code(reviewee)
	}
	return ""
}
