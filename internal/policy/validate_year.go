package policy

import (
	"fmt"
	"strings"

	"github.com/perennial-api/perennial/internal/form"
)

// cycle checks the period and its backstop.
func (in *inspection) cycle() {
	c := &in.Rules.Cycle
	in.monthDay(c.StartsOn, &c.StartsOn)
	in.dateRule(&c.Backstop, nil)
}

// population checks the staff groups and exclusions.
func (in *inspection) population() {
	p := &in.Rules.Population
	unique(in, p.Groups, func(g *Group) *string { return &g.Code })
	for i := range p.Groups {
		in.conditionAt(&p.Groups[i].When)
	}
	unique(in, p.Exclusions, func(e *Exclusion) *string { return &e.Code })
	for i := range p.Exclusions {
		in.conditionAt(&p.Exclusions[i].When)
	}
}

// extraSlot is the slot of objectives beyond the policy's own.
const extraSlot = "extra"

// objectives checks who drafts and approves, and that the slots fit the counts.
func (in *inspection) objectives() {
	o := &in.Rules.Objectives
	in.approval(o)
	unique(in, o.Slots, func(s *Slot) *string { return &s.Code })
	required := 0
	for i := range o.Slots {
		s := &o.Slots[i]
		if s.Required {
			required++
		}
		unique(in, s.Checklist, func(o *form.Option) *string { return &o.Code })
		if s.Code == extraSlot {
			in.fault("slot_reserved", "the slot extra is there for further objectives", "choose another code", &s.Code)
		}
	}
	if !o.Max.Allows(required) {
		in.fault("slots_over_max", fmt.Sprintf("%d slots must be filled and at most %s objectives are allowed", required, o.Max),
			"raise max, or let a slot be left empty", &o.Slots, &o.Max)
	}
	if n, limited := o.Counted.N(); limited && n > required {
		in.fault("counted_over_required", fmt.Sprintf("%d objectives count and only %d must be there", n, required),
			"lower counted, or make a slot required", &o.Counted, &o.Slots)
	}
	in.dateRule(&o.Due, nil)
	if o.AmendableUntil != "" && stepNamed(in.Rules.Outcome.Chain, o.AmendableUntil) == nil {
		in.fault("step_unknown", fmt.Sprintf("there is no step %s in the outcome chain", o.AmendableUntil),
			"name a step of outcome.chain", &o.AmendableUntil, &in.Rules.Outcome.Chain)
	}
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
	if o.Approver != Reviewer && o.OnDisagreement == Nobody {
		in.fault("deadlock", "the reviewee may withhold approval and nobody determines the final version",
			"say who determines it in on_disagreement", &o.Approver, &o.OnDisagreement)
	}
}

// checkIns checks the check-in form and the engagement that check-ins suggest.
func (in *inspection) checkIns() {
	c := &in.Rules.CheckIns
	in.formExists(&c.Form)
	if c.Sections == "alternate" && c.Form != "" && in.formGroups(c.Form) < 2 {
		in.fault("alternate_groups", "sections may alternate and the form has no two groups of them",
			"put its sections into groups, or ask for all", &c.Sections, &c.Form, formNamed(c.Form))
	}
	if len(c.Engagement) == 0 {
		return
	}
	if c.Form == "" {
		in.fault("engagement_without_check_ins", "engagement is suggested from check-ins and there are none",
			"name a check-in form, or empty the scale", &c.Engagement, &c.Form)
	}
	in.thresholds(c)
	in.engagementAxis(c)
}

func (in *inspection) formGroups(form string) int {
	groups := map[string]bool{}
	for _, s := range in.Rules.Forms[form].Sections {
		if s.Group != "" {
			groups[s.Group] = true
		}
	}
	return len(groups)
}

func (in *inspection) thresholds(c *CheckInRules) {
	unique(in, c.Engagement, func(e *Engagement) *string { return &e.Code })
	for i := range c.Engagement[1:] {
		above, below := &c.Engagement[i].AtLeast, &c.Engagement[i+1].AtLeast
		if *below >= *above {
			in.fault("engagement_order", "the shares must fall from row to row", "put the highest share first", above, below)
		}
	}
	if last := &c.Engagement[len(c.Engagement)-1].AtLeast; *last != 0 {
		in.fault("engagement_gap", "no engagement is suggested below the last share", "let the last row begin at 0", last)
	}
}

// engagementAxis checks that what check-ins suggest can be chosen in the grid.
func (in *inspection) engagementAxis(c *CheckInRules) {
	g := &in.Rules.Outcome.Grid
	if in.Rules.Outcome.Method != methodGrid {
		return
	}
	for _, axis := range []*Axis{&g.Rows, &g.Columns} {
		if axis.Code != engagementAxisCode {
			continue
		}
		for i := range c.Engagement {
			if code := &c.Engagement[i].Code; !hasRating(axis.Values, *code) {
				in.fault("engagement_unknown", fmt.Sprintf("%s is no value of the grid's engagement", *code),
					"use one of "+strings.Join(ratingCodes(axis.Values), ", "), code, &axis.Values)
			}
		}
	}
}

// meetings checks the plan of the year's meetings.
func (in *inspection) meetings() {
	plan := in.Rules.Meetings.Plan
	unique(in, plan, func(m *MeetingPlan) *string { return &m.Code })
	for i := range plan {
		if plan[i].Form == "" {
			in.fault("form_missing", "a meeting is recorded in a form", "name one", &plan[i].Form)
		}
		in.formExists(&plan[i].Form)
		in.dateRule(&plan[i].Due, nil)
	}
}
