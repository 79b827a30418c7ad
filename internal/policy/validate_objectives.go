package policy

import (
	"fmt"
	"slices"

	"github.com/perennial-api/perennial/internal/form"
)

const (
	extraSlot        = "extra"     // the slot of objectives beyond the policy's own
	statementLink    = "statement" // a slot whose objectives serve a statement of a framework
	axisCompletion   = "completion"
	axisValidation   = "validation"
	atMeetings       = "at_meetings"
	allSign          = "all"
	evidenceRequired = "required"
)

// objectives checks who drafts and approves, that the slots fit the counts, and that whatever an
// objective must have can be given.
func (in *inspection) objectives() {
	o := &in.Rules.Objectives
	in.approval(o)
	in.slots(o)
	in.mandates(o)
	in.axes(o)
	in.amendments(o)
	in.dateRule(&o.Due, nil)
	in.dateRule(&o.DueJoiner, nil)
	unique(in, o.SMART, func(p *form.Option) *string { return &p.Code })
}

func (in *inspection) approval(o *ObjectiveRules) {
	switch {
	case o.Drafter == o.Approver && o.Drafter != Both:
		in.fault("drafter_approves", fmt.Sprintf("the %s would approve what they wrote themselves", o.Drafter),
			"let the other one approve, or both", &o.Drafter, &o.Approver)
	case o.Drafter == Both && o.Approver == Reviewee:
		in.fault("drafter_approves", "where both draft, the reviewee alone may not approve",
			"let both approve, or the reviewer", &o.Drafter, &o.Approver)
	}
	if o.OnDisagreement != Nobody {
		return
	}
	if o.Approver == Reviewee || o.Approver == Both {
		in.fault("deadlock", "the reviewee may withhold approval and nobody determines the final version",
			"say who determines it in on_disagreement", &o.Approver, &o.OnDisagreement)
	}
	r := &in.Rules.Reviewers
	panel := slices.ContainsFunc(r.Appointments, func(a Appointment) bool { return len(a.Seats) > 1 })
	if o.Approver == Reviewer && r.PanelSigns == allSign && panel {
		in.fault("deadlock", "each reviewer of a panel may withhold approval and nobody determines the final version",
			"say who determines it in on_disagreement, or let the lead sign", &r.PanelSigns, &o.OnDisagreement)
	}
}

// slots checks the places for objectives, each for itself and all against the counts.
func (in *inspection) slots(o *ObjectiveRules) {
	unique(in, o.Slots, func(s *Slot) *string { return &s.Code })
	for i := range o.Slots {
		in.slot(&o.Slots[i])
	}
	required := o.Required()
	switch n, limited := o.Max.N(); {
	case !o.Max.Allows(required):
		in.fault("slots_over_max", fmt.Sprintf("%d slots must be filled and at most %s objectives are allowed", required, o.Max),
			"raise max, or let a slot be left empty", &o.Slots, &o.Max)
	case limited && n == 0 && len(o.Slots) > 0:
		in.fault("slots_over_max", "there are slots and no objective is allowed", "raise max, or empty the slots", &o.Slots, &o.Max)
	}
	if n, limited := o.Counted.N(); limited && n > required {
		in.fault("counted_over_required", fmt.Sprintf("%d objectives count and only %d must be there", n, required),
			"lower counted, or make a slot required", &o.Counted, &o.Slots)
	}
}

// Required is how many slots must be filled.
func (o *ObjectiveRules) Required() int {
	n := 0
	for _, s := range o.Slots {
		if s.Required {
			n++
		}
	}
	return n
}

func (in *inspection) slot(s *Slot) {
	self := &in.Rules.SelfAssessment
	unique(in, s.Checklist, func(o *form.Option) *string { return &o.Code })
	if s.Code == extraSlot {
		in.fault("slot_reserved", "the slot extra is there for further objectives", "choose another code", &s.Code)
	}
	if s.SMART && len(in.Rules.Objectives.SMART) == 0 {
		in.fault("smart_empty", fmt.Sprintf("the slot %s asks for the SMART check and it has no points", s.Code),
			"give objectives.smart its points, or leave the check out of the slot", &s.SMART, &in.Rules.Objectives.SMART)
	}
	if s.Link == statementLink {
		in.statements(s)
	}
	if s.SelfAssessment && self.Requirement != requiredBefore {
		in.fault("slot_without_self_assessment", fmt.Sprintf("the slot %s waits for self-assessments that are not required", s.Code),
			"require them before objectives, or let the slot be drafted without", &s.SelfAssessment, &self.Requirement)
	}
}

// statements checks that everybody whose objective is linked to a statement may be assessed against
// some framework. What decides between people of one group, such as their role, is left to them.
func (in *inspection) statements(s *Slot) {
	frameworks := &in.Rules.SelfAssessment.Frameworks
	if len(*frameworks) == 0 {
		in.fault("statement_without_framework", fmt.Sprintf("an objective in %s is linked to a statement and nobody has a framework", s.Code),
			"say in self_assessment.frameworks who is assessed against what, or link the slot to something else", &s.Link, frameworks)
		return
	}
	for _, g := range in.groupsHere() {
		if !slices.ContainsFunc(g.When.sure(), func(sure FactSet) bool {
			return slices.ContainsFunc(*frameworks, func(f FrameworkRule) bool { hold, _ := f.When.may(sure); return hold })
		}) {
			in.fault("statement_without_framework", fmt.Sprintf("an objective in %s is linked to a statement and %s has no framework", s.Code, g.Code),
				"add a rule to self_assessment.frameworks for them, or link the slot to something else", &s.Link, frameworks)
		}
	}
}

// groupsHere lists the staff groups whose rules are inspected: one that has a layer, or else those
// that have none.
func (in *inspection) groupsHere() []Group {
	layered := append(in.document.Groups(""), in.document.Groups(in.place.unit)...)
	var here []Group
	for _, g := range in.Rules.Population.Groups {
		if g.Code == in.place.group || in.place.group == "" && !slices.Contains(layered, g.Code) {
			here = append(here, g)
		}
	}
	return here
}

// mandates checks that an objective which somebody must have has a place.
func (in *inspection) mandates(o *ObjectiveRules) {
	unique(in, o.Mandated, func(m *Mandate) *string { return &m.Code })
	for i := range o.Mandated {
		m := &o.Mandated[i]
		in.conditionAt(&m.When)
		switch {
		case m.Slot == extraSlot && o.Max.Allows(o.Required()) && !o.Max.Allows(o.Required()+1):
			in.fault("mandate_over_max", fmt.Sprintf("the objective %s comes beside the required slots and max leaves no room", m.Code),
				"raise max, or name a slot for it", &m.Slot, &o.Max)
		case m.Slot != extraSlot && !slices.ContainsFunc(o.Slots, func(s Slot) bool { return s.Code == m.Slot }):
			in.fault("slot_unknown", fmt.Sprintf("the objective %s is to be drafted in a slot that is not there", m.Code),
				"name a slot, or extra", &m.Slot, &o.Slots)
		}
	}
}

// axes checks that a status which builds on another has it.
func (in *inspection) axes(o *ObjectiveRules) {
	evidence := &in.Rules.Evidence.Expectation
	if slices.Contains(o.Axes, axisCompletion) {
		return
	}
	if slices.Contains(o.Axes, axisValidation) {
		in.fault("validation_without_completion", "an objective is validated once it is complete, and completion is not kept",
			"add completion, or leave validation out", &o.Axes)
	}
	if o.WhatNext {
		in.fault("what_next_without_completion", "completing an objective asks what comes next, and completion is not kept",
			"add completion to axes, or switch what_next off", &o.WhatNext, &o.Axes)
	}
	if *evidence == evidenceRequired {
		in.fault("evidence_without_completion", "completing an objective needs evidence, and completion is not kept",
			"add completion to axes, or ask for less evidence", evidence, &o.Axes)
	}
}

// amendments checks that a live objective which may be changed can be, and until when.
func (in *inspection) amendments(o *ObjectiveRules) {
	if o.AmendableUntil != "" && stepNamed(in.Rules.Outcome.Chain, o.AmendableUntil) == nil {
		in.fault("step_unknown", fmt.Sprintf("there is no step %s in the outcome chain", o.AmendableUntil),
			"name a step of outcome.chain", &o.AmendableUntil, &in.Rules.Outcome.Chain)
	}
	if o.Amendments != atMeetings {
		return
	}
	if !slices.ContainsFunc(in.Rules.Meetings.Plan, func(m MeetingPlan) bool { return m.MayAmend }) {
		in.fault("amendments_without_meeting", "objectives change at meetings and no meeting may change them",
			"let a meeting of the plan have may_amend, or allow changes at other times", &o.Amendments, &in.Rules.Meetings.Plan)
	}
	in.needsModule(ModuleMeetings, "objectives change at meetings", &o.Amendments)
}

// needsModule reports a value that needs a part which is not in use.
func (in *inspection) needsModule(module, what string, leaf any) {
	on := &in.Rules.Modules.On
	if !slices.Contains(*on, module) {
		in.fault("module_off", fmt.Sprintf("%s, and %s is not in use", what, module), "switch it on in modules.on, or change the value that needs it", leaf, on)
	}
}
