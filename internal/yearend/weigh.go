package yearend

import (
	"slices"
	"strconv"
	"strings"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
)

// judgingActs are what a step does that judges the year, from the first that may to the last.
var judgingActs = []string{"state", "recommend", "decide"}

// weighs says whether the step is the first of the outcome chain that judges the year: what it does
// not weigh, no later step can.
func (a *Aggregate) weighs() bool {
	if a.Rule.Chain != appraisal.OutcomeChain {
		return false
	}
	for _, s := range a.Case.Chain(appraisal.OutcomeChain) {
		if slices.ContainsFunc(s.Rule.Acts, func(act string) bool { return slices.Contains(judgingActs, act) }) {
			return s.Rule.Code == a.Rule.Rule.Code
		}
	}
	return false
}

// Inputs are what the trust has the step weigh, with the trust's own words for them. Only the first
// step that judges has any.
func (a *Aggregate) Inputs() []appraisal.Code {
	if !a.weighs() {
		return nil
	}
	out := []appraisal.Code{}
	for _, code := range a.Case.Rules().Outcome.Inputs {
		out = append(out, appraisal.Code{Code: code, Label: inputLabel(a.Case, code)})
	}
	return out
}

func inputLabel(c *appraisal.Case, code string) string {
	switch code {
	case "objectives":
		return appraisal.Sentence(c.Terms().Objective.Many)
	case "standards":
		return "The standards of the role"
	case "job_description":
		return "The job description"
	case "engagement":
		return "Engagement in " + c.Terms().CheckIn.Many
	case "cpd_responsibility":
		return "Responsibility for one's own development"
	case "behaviours":
		return "The trust's behaviours"
	}
	return code
}

// notWeighed refuses a judgement that has not said of every input that it was weighed.
func notWeighed(c *appraisal.Case, a *Aggregate) []fault.Refusal {
	var missing []string
	for _, in := range a.Inputs() {
		if !slices.Contains(a.Weighed, in.Code) {
			missing = append(missing, in.Code)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return []fault.Refusal{{Code: "inputs_not_weighed", Detail: "Not weighed yet: " + strings.Join(missing, ", ") + ".",
		Policy: c.Policy.Cite(&c.Rules().Outcome.Inputs), Unblock: "The step is saved with each of them in weighed."}}
}

// checkWeighed refuses to weigh what the trust does not ask for here.
func checkWeighed(a *Aggregate, weighed []string) error {
	leaf := &a.Case.Rules().Outcome.Inputs
	for i, code := range weighed {
		if a.weighs() && slices.Contains(*leaf, code) {
			continue
		}
		e := fault.Body("/weighed/"+strconv.Itoa(i), "unknown_input", "This step is not asked to weigh that; inputs lists what it is asked for.")
		e.Refusals = []fault.Refusal{{Code: e.Code, Detail: e.Message, Policy: a.Case.Policy.Cite(leaf)}}
		return e
	}
	return nil
}
