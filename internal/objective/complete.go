package objective

import (
	"fmt"
	"slices"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/plan"
	"github.com/perennial-api/perennial/internal/policy"
)

// lack is something that a version of an objective lacks, and whether that keeps it from being
// proposed or is only advised.
type lack struct {
	fault.Refusal
	advised bool
}

// missing lists everything that the version lacks before it can be proposed.
func missing(c *appraisal.Case, a *Aggregate) []fault.Refusal {
	var out []fault.Refusal
	for _, l := range lacks(c, a) {
		if !l.advised {
			out = append(out, l.Refusal)
		}
	}
	return out
}

// Advisories lists what the version lacks that the policy only advises.
func Advisories(c *appraisal.Case, a *Aggregate) []fault.Refusal {
	var out []fault.Refusal
	for _, l := range lacks(c, a) {
		if l.advised {
			out = append(out, l.Refusal)
		}
	}
	return out
}

func lacks(c *appraisal.Case, a *Aggregate) []lack {
	if a.Working() == nil {
		return nil
	}
	n := &inspection{c: c, o: rules(c), r: a.Working(), a: a, slot: SlotOf(c, a.Slot)}
	n.lists()
	n.texts()
	n.target()
	n.links()
	n.checklist()
	n.smart()
	return n.found
}

// inspection holds one version against the policy.
type inspection struct {
	c     *appraisal.Case
	o     *policy.ObjectiveRules
	r     *Revision
	a     *Aggregate
	slot  *policy.Slot
	found []lack
}

func (n *inspection) asks(field string) bool { return slices.Contains(n.o.Fields, field) }

func (n *inspection) lacks(code, detail, unblock string, leaf any, advised bool) {
	n.found = append(n.found, lack{fault.Refusal{Code: code, Detail: detail, Policy: n.c.Policy.Cite(leaf), Unblock: unblock}, advised})
}

const addIt = "Add it and save."

func (n *inspection) lists() {
	o, criteria, actions := n.o, len(n.r.Criteria), len(n.r.Actions)
	switch {
	case criteria < o.CriteriaMin:
		n.lacks("objective_needs_criteria", fmt.Sprintf("It has %d success criteria of at least %d.", criteria, o.CriteriaMin), addIt, &o.CriteriaMin, false)
	case criteria == 0 && n.asks("success_criteria"):
		n.lacks("objective_needs_criteria", "It has no success criteria.", addIt, &o.Fields, false)
	}
	switch {
	case actions < o.ActionsMin && o.ActionsShort != "warn":
		n.lacks("objective_needs_actions", fmt.Sprintf("It has %d actions of at least %d.", actions, o.ActionsMin), addIt, &o.ActionsMin, false)
	case actions == 0 && n.asks("actions"):
		n.lacks("objective_needs_actions", "It has no actions.", addIt, &o.Fields, false)
	case actions < o.ActionsMin:
		n.lacks("objective_needs_actions", fmt.Sprintf("It has %d actions; %d or more are advised.", actions, o.ActionsMin), addIt, &o.ActionsShort, true)
	}
	if len(n.r.Milestones) == 0 && n.asks("milestones") {
		n.lacks("objective_needs_milestones", "It has no milestones.", addIt, &o.Fields, false)
	}
}

func (n *inspection) texts() {
	for _, f := range []struct{ field, code, have, name string }{
		{"cpd_support", "objective_needs_cpd_support", n.r.CPDSupport, "development or support"},
		{"supporting_evidence", "objective_needs_evidence", n.r.SupportingEvidence, "supporting evidence"},
		{"assessment_method", "objective_needs_method", n.r.AssessmentMethod, "way in which it will be judged"},
	} {
		if f.have == "" && n.asks(f.field) {
			n.lacks(f.code, "It names no "+f.name+".", addIt, &n.o.Fields, false)
		}
	}
}

func (n *inspection) target() {
	if n.r.TargetOn.IsZero() && n.asks("target_on") {
		n.lacks("objective_needs_target", "It has no target date.", addIt, &n.o.Fields, false)
	}
	if !n.o.TargetAfterEnd && n.r.TargetOn.After(n.c.EndsOn) {
		n.lacks("target_after_end", "Its target date lies after the end of the appraisal period.", "Choose an earlier one and save.", &n.o.TargetAfterEnd, false)
	}
}

// linkLevels are the levels of priority by the link that a slot asks for.
var linkLevels = map[string]plan.Level{"trust_priority": plan.OfTrust, "unit_priority": plan.OfUnit, "partnership_priority": plan.OfPartnership}

func (n *inspection) links() {
	link := ""
	if n.slot != nil {
		link = n.slot.Link
	}
	const unblock = "Link it to a priority and save."
	switch level, ofLevel := linkLevels[link]; {
	case link == "statement" && len(n.r.Statements) == 0:
		n.lacks("objective_needs_statement", "It is linked to no statement of a framework.", "Link it to one and save.", n.slot, false)
	case ofLevel && !slices.Contains(n.a.levelsOf(n.r), level):
		n.lacks("objective_needs_priority", "It is linked to no priority of the "+string(level)+".", unblock, n.slot, false)
	case link == "priority" && len(n.r.Priorities) == 0:
		n.lacks("objective_needs_priority", "It is linked to no priority.", unblock, n.slot, false)
	}
	if len(n.r.Priorities) == 0 && n.asks("priority") && link != "priority" && linkLevels[link] == "" {
		n.lacks("objective_needs_priority", "It is linked to no priority.", unblock, &n.o.Fields, false)
	}
}

func (n *inspection) checklist() {
	if n.slot == nil {
		return
	}
	for _, statement := range n.slot.Checklist {
		yes, answered := n.r.Checklist[statement.Code]
		switch {
		case !answered:
			n.lacks("checklist_unanswered", "The checklist statement "+statement.Code+" is not answered.", "Answer it and save.", n.slot, false)
		case !yes:
			n.lacks("checklist_no", "The checklist statement "+statement.Code+" is answered no.", "Revise the objective until it can be answered yes.", &n.o.ChecklistNo, n.o.ChecklistNo != "block")
		}
	}
}

func (n *inspection) smart() {
	if n.slot == nil || !n.slot.SMART {
		return
	}
	for _, point := range n.o.SMART {
		if !n.r.SMART[point.Code] {
			n.lacks("smart_unticked", "The SMART point "+point.Code+" is not ticked.", "Revise the objective until it can be ticked.", &n.o.SMART, false)
		}
	}
}

// levelsOf are the levels of the priorities that a version is linked to.
func (a *Aggregate) levelsOf(r *Revision) []plan.Level {
	var out []plan.Level
	for _, id := range r.Priorities {
		if level, known := a.Levels[id]; known && !slices.Contains(out, level) {
			out = append(out, level)
		}
	}
	return out
}
