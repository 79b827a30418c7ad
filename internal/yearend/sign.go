package yearend

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/form"
	"github.com/perennial-api/perennial/internal/policy"
)

// written is what one earlier step said, in the form in which a signature is taken of it.
type written struct {
	Step    string       `json:"step"`
	Result  string       `json:"result"`
	Answers form.Answers `json:"answers"`
	Ratings []string     `json:"ratings"`
	Judged  []string     `json:"judged,omitempty"` // how the objectives were judged with the step
}

// Sum is the sum of what the steps before this one have written and rated: what whoever signs it
// puts their name to. It stays the same for as long as that does.
func (a *Aggregate) Sum() string {
	said := []written{}
	for _, rule := range a.Case.Chain(a.Rule.Chain) {
		if rule.Rule.Order >= a.Rule.Rule.Order {
			continue
		}
		w := written{Step: rule.Rule.Code, Result: rule.State, Answers: form.Answers{}, Ratings: []string{}}
		for _, s := range a.Siblings {
			if s.Code == rule.Rule.Code && s.Answers != nil {
				w.Answers = s.Answers
			}
		}
		kind := (&Aggregate{Rule: rule, Case: a.Case, Step: Step{Chain: a.Rule.Chain, Code: rule.Rule.Code}}).kindOf()
		if r := ratingOf(a.Ratings, kind); r != nil {
			w.Ratings = append(w.Ratings, string(r.Kind)+"="+r.Code)
		}
		w.Judged = judgedWith(a.Case, rule)
		said = append(said, w)
	}
	body, err := json.Marshal(said)
	if err != nil {
		panic(err) // answers come from JSON and go back into it
	}
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// judgedWith sums up the judgements that belong to a step. What was judged late stands beside it.
func judgedWith(c *appraisal.Case, rule appraisal.ChainStep) (sums []string) {
	for _, p := range []policy.Party{policy.Reviewee, policy.Reviewer} {
		if step, ok := c.JudgingStep(p); !ok || step.Name() != rule.Name() {
			continue
		}
		for _, o := range c.Counting() {
			if j := o.Judged(p); j != nil && !j.Late {
				sums = append(sums, o.ID.String()+"="+j.Sum)
			}
		}
	}
	return sums
}

// sign notes what was signed, where the step signs.
func (a *Aggregate) sign() {
	if a.Does("sign") && a.Result == Done {
		sum := a.Sum()
		a.SignedSHA256 = &sum
	}
}

// frozen refuses what would change a released outcome. A comment and a signature are still given:
// they stand beside what was released and change nothing in it.
func frozen(c *appraisal.Case, a *Aggregate) []fault.Refusal {
	if a.Rule.Chain != appraisal.OutcomeChain || c.Stage != appraisal.Released || a.besides() {
		return nil
	}
	return c.Frozen()
}

// besides says whether the step only comments or signs.
func (a *Aggregate) besides() bool {
	return !slices.ContainsFunc(a.Rule.Rule.Acts, func(act string) bool { return act != "comment" && act != "sign" })
}
