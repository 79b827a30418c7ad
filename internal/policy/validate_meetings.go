package policy

import (
	"fmt"
	"regexp"
	"slices"
)

// placeholder is a name in braces, or a brace alone, in the title of a meeting.
var placeholder = regexp.MustCompile(`\{[^{}]*\}|[{}]`)

// titleParts are the placeholders of a meeting's title.
var titleParts = []string{"{meeting}", "{cycle}", "{group}"}

// meetingRules checks that the year's meetings can be held as the rest of the policy asks.
func (in *inspection) meetingRules() {
	m := &in.Rules.Meetings
	formal := 0
	for i := range m.Plan {
		p := &m.Plan[i]
		if p.Formal {
			formal++
		}
		in.title(p)
		if p.Indicative && len(in.Rules.Outcome.Scale) == 0 {
			in.fault("indicative_without_scale", fmt.Sprintf("the record of %s indicates an outcome and there is no scale", p.Code),
				"give outcome.scale its values, or let the meeting indicate nothing", &p.Indicative, &in.Rules.Outcome.Scale)
		}
	}
	if m.FormalMin > formal {
		in.fault("formal_min_over_plan", fmt.Sprintf("%d formal reviews are asked for and the plan has %d", m.FormalMin, formal),
			"lower formal_min, or mark more meetings of the plan as formal", &m.FormalMin, &m.Plan)
	}
	if m.FormalMin > 0 && !in.uses(ModuleMeetings) {
		in.fault("module_needed", "formal reviews come before the reviewer's statement and meetings are not in use",
			"switch meetings on in modules.on, or set formal_min to 0", &m.FormalMin, &in.Rules.Modules.On)
	}
}

func (in *inspection) title(p *MeetingPlan) {
	unknown := func(part string) bool { return !slices.Contains(titleParts, part) }
	if slices.ContainsFunc(placeholder.FindAllString(p.Title, -1), unknown) {
		in.fault("title_unknown", fmt.Sprintf("the title of %s has braces that stand for nothing", p.Code),
			"use {meeting}, {cycle} or {group}", &p.Title)
	}
}

// checkInRules checks that what is asked of check-ins can be done.
func (in *inspection) checkInRules() {
	c := &in.Rules.CheckIns
	if n, limited := c.Windows.N(); limited && n == 0 && c.Form != "" {
		in.fault("windows_none_allowed", "there are check-ins and a cycle may have no window for them",
			"set windows to how many there are, or to none for any number", &c.Windows, &c.Form)
	}
	if c.ReviewerComments > 0 && !c.ReviewerAcknowledges {
		in.fault("comments_unasked", "the reviewer comments on each check-in and acknowledges none",
			"let the reviewer acknowledge check-ins, or ask for no comments", &c.ReviewerComments, &c.ReviewerAcknowledges)
	}
}

func (in *inspection) uses(module string) bool { return slices.Contains(in.Rules.Modules.On, module) }
