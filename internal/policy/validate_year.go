package policy

import (
	"fmt"
	"strings"
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

// checkIns checks the check-in form and the engagement that check-ins suggest.
func (in *inspection) checkIns() {
	c := &in.Rules.CheckIns
	in.formExists(&c.Form)
	if n, _ := c.Windows.N(); n > 0 && c.Form == "" {
		in.fault("windows_without_form", "a cycle must have windows for check-ins and there are none",
			"name a check-in form, or let windows be none", &c.Windows, &c.Form)
	}
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
