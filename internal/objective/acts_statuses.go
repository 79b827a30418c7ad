package objective

import (
	"slices"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
)

// The axes: statuses that are kept beside approval where the policy says so.
const (
	completionAxis = "completion"
	validationAxis = "validation"
)

func needsAxis(c *appraisal.Case, axis string) []fault.Refusal {
	leaf := &rules(c).Axes
	if slices.Contains(*leaf, axis) {
		return nil
	}
	return []fault.Refusal{{Code: "axis_not_kept", Detail: "In this trust no " + axis + " of objectives is kept.", Policy: c.Policy.Cite(leaf)}}
}

func completer(c *appraisal.Case, _ *Aggregate) appraisal.Right { return by(c, &rules(c).Completer) }

// standing refuses what is only done with an objective that stands: agreed once, not withdrawn.
func standing(a *Aggregate) []fault.Refusal {
	switch {
	case a.Live == nil:
		return []fault.Refusal{{Code: "not_agreed", Detail: "It has not been agreed yet.", Unblock: "The two parties agree it."}}
	case a.Approval == Withdrawn:
		return []fault.Refusal{{Code: "objective_withdrawn", Detail: "It was withdrawn."}}
	}
	return nil
}

func whileIncomplete(_ *appraisal.Case, a *Aggregate) []fault.Refusal {
	if out := standing(a); len(out) > 0 {
		return out
	}
	return appraisal.InStatus(string(a.Completion), []string{string(Incomplete)}, "")
}

var completing = act{Name: "complete", Operation: "CompleteObjective", By: completer, From: whileIncomplete,
	Needs: func(c *appraisal.Case, a *Aggregate) []fault.Refusal {
		return append(append(needsOpen(c, a), needsAxis(c, completionAxis)...), evidenced(c, a)...)
	}}

var reopening = act{Name: "reopen", Operation: "ReopenObjective", By: completer,
	From: func(_ *appraisal.Case, a *Aggregate) []fault.Refusal {
		return appraisal.InStatus(string(a.Completion), []string{string(Complete)}, "")
	},
	Needs: func(c *appraisal.Case, a *Aggregate) []fault.Refusal {
		out := append(needsOpen(c, a), needsAxis(c, completionAxis)...)
		if a.Validation != Unvalidated {
			out = append(out, fault.Refusal{Code: "objective_validated", Detail: "It was validated, so it stays complete."})
		}
		return out
	}}

var validating = act{Name: "validate", Operation: "ValidateObjective",
	By: func(c *appraisal.Case, _ *Aggregate) appraisal.Right { return by(c, &rules(c).Validator) },
	From: func(_ *appraisal.Case, a *Aggregate) []fault.Refusal {
		out := appraisal.InStatus(string(a.Approval), []string{string(Agreed)}, "It is agreed first.")
		if a.Completion != Complete {
			out = append(out, fault.Refusal{Code: "not_complete", Detail: "It is not complete yet.", Unblock: "It is marked as complete."})
		}
		if a.Validation == Validated {
			out = append(out, fault.Refusal{Code: "objective_validated", Detail: "It was validated already."})
		}
		return out
	},
	Needs: func(c *appraisal.Case, _ *Aggregate) []fault.Refusal {
		return append(append(c.UnderWay(), needsAxis(c, validationAxis)...), needsYearEnd(c)...)
	}}

// needsYearEnd refuses what waits for the year's end: the day on which the first step of the
// outcome chain opens, or the end of the period.
func needsYearEnd(c *appraisal.Case) []fault.Refusal {
	opens := c.EndsOn.AddDays(1)
	if chain := c.Chain(appraisal.OutcomeChain); len(chain) > 0 && chain[0].OpensOn.Before(opens) {
		opens = chain[0].OpensOn
	}
	if !c.Today.Before(opens) {
		return nil
	}
	return []fault.Refusal{{Code: "not_year_end", Detail: "Objectives are validated at the year's end, which begins on " + opens.String() + "."}}
}

var progressing = act{Name: "set_progress", Operation: "SetObjectiveProgress",
	By: func(c *appraisal.Case, _ *Aggregate) appraisal.Right {
		return appraisal.Right{Parties: appraisal.Each(policy.Both), Reviewers: c.ObjectiveReviewers()}
	},
	From: whileIncomplete, Needs: needsOpen}
