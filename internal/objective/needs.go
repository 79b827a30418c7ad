package objective

import (
	"fmt"
	"slices"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
)

func needsOpen(c *appraisal.Case, _ *Aggregate) []fault.Refusal { return changeable(c) }

// changeable refuses every change of objectives once the step that the policy names is done.
func changeable(c *appraisal.Case) []fault.Refusal {
	out := c.UnderWay()
	leaf := &rules(c).AmendableUntil
	if *leaf != "" && c.StepDone(appraisal.OutcomeChain, *leaf) {
		out = append(out, fault.Refusal{Code: "objectives_frozen", Detail: "Objectives are frozen, for the year-end step " + *leaf + " is done.",
			Policy: c.Policy.Cite(leaf), Unblock: "The step is returned."})
	}
	return out
}

func tooMany(c *appraisal.Case) []fault.Refusal {
	leaf := &rules(c).Max
	if leaf.Allows(len(c.Objectives) + 1) {
		return nil
	}
	return []fault.Refusal{{Code: "too_many_objectives", Detail: "There are as many objectives as the policy allows.", Policy: c.Policy.Cite(leaf), Unblock: "Delete a draft, or amend an objective."}}
}

// missing lists everything that the version lacks before it can be proposed.
func missing(c *appraisal.Case, a *Aggregate) []fault.Refusal {
	r := a.Working()
	if r == nil {
		return nil
	}
	o := rules(c)
	var out []fault.Refusal
	lacks := func(code, detail string, leaf any) {
		out = append(out, fault.Refusal{Code: code, Detail: detail, Policy: c.Policy.Cite(leaf), Unblock: "Add it and save."})
	}
	if n := len(r.Criteria); n < o.CriteriaMin {
		lacks("objective_needs_criteria", fmt.Sprintf("It has %d success criteria of at least %d.", n, o.CriteriaMin), &o.CriteriaMin)
	} else if n == 0 && slices.Contains(o.Fields, "success_criteria") {
		lacks("objective_needs_criteria", "It has no success criteria.", &o.Fields)
	}
	if n := len(r.Actions); n < o.ActionsMin {
		lacks("objective_needs_actions", fmt.Sprintf("It has %d actions of at least %d.", n, o.ActionsMin), &o.ActionsMin)
	} else if n == 0 && slices.Contains(o.Fields, "actions") {
		lacks("objective_needs_actions", "It has no actions.", &o.Fields)
	}
	if r.TargetOn.IsZero() && slices.Contains(o.Fields, "target_on") {
		lacks("objective_needs_target", "It has no target date.", &o.Fields)
	}
	if !o.TargetAfterEnd && r.TargetOn.After(c.EndsOn) {
		lacks("target_after_end", "Its target date lies after the end of the appraisal period.", &o.TargetAfterEnd)
	}
	return append(out, missingInSlot(c, a.Slot, r)...)
}

func missingInSlot(c *appraisal.Case, slot string, r *Revision) []fault.Refusal {
	s := SlotOf(c, slot)
	o := rules(c)
	var out []fault.Refusal
	if len(r.Priorities) == 0 && (slices.Contains(o.Fields, "priority") || s != nil && s.Link == "priority") {
		leaf := any(&o.Fields)
		if s != nil && s.Link == "priority" {
			leaf = s
		}
		out = append(out, fault.Refusal{Code: "objective_needs_priority", Detail: "It is linked to no priority.", Policy: c.Policy.Cite(leaf), Unblock: "Link it to a priority and save."})
	}
	if s == nil {
		return out
	}
	for _, statement := range s.Checklist {
		yes, answered := r.Checklist[statement.Code]
		switch {
		case !answered:
			out = append(out, fault.Refusal{Code: "checklist_unanswered", Detail: "The checklist statement " + statement.Code + " is not answered.", Policy: c.Policy.Cite(s), Unblock: "Answer it and save."})
		case !yes && o.ChecklistNo == "block":
			out = append(out, fault.Refusal{Code: "checklist_no", Detail: "The checklist statement " + statement.Code + " is answered no.", Policy: c.Policy.Cite(&o.ChecklistNo), Unblock: "Revise the objective until it can be answered yes."})
		}
	}
	return out
}

// Required counts the slots that must be filled, and those whose objective is agreed.
func Required(c *appraisal.Case) (required, agreed int) {
	for _, s := range rules(c).Slots {
		if !s.Required {
			continue
		}
		required++
		if slices.ContainsFunc(c.Objectives, func(o appraisal.ObjectiveFact) bool { return o.Slot == s.Code && o.Live }) {
			agreed++
		}
	}
	return required, agreed
}
