package cycle

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Date is a deadline that the trust has set for a cycle by itself. StaffGroup is empty for all.
type Date struct {
	TrustID    uuid.UUID
	CycleID    uuid.UUID
	Code       string
	StaffGroup string
	DueOn      schooltime.Date
}

// TableName names the table.
func (Date) TableName() string { return "cycle_dates" }

// Deadline is a deadline of a cycle as it stands: the policy's, or the trust's own. Group is empty
// where it holds for every staff group that has none of its own.
type Deadline struct {
	Code  string
	Label string
	Group string
	DueOn schooltime.Date // no day where the policy names none
	Own   bool
}

// rule is a deadline of a policy: its code, its name, and the rule that yields the day.
type rule struct {
	code, label string
	due         schooltime.Rule
	joiner      schooltime.Rule // in its place for whoever joins after the cycle's first day
}

// rulesOf lists the deadlines of a policy in the order of the year. Steps come in the order of
// their chain, for a step's deadline may count from an earlier one.
func rulesOf(r *policy.Rules) []rule {
	found := []rule{{code: "objectives", label: "Objectives agreed", due: r.Objectives.Due, joiner: r.Objectives.DueJoiner}}
	for _, m := range r.Meetings.Plan {
		found = append(found, rule{code: "meeting." + m.Code, label: m.Label, due: m.Due, joiner: joinerOf(r, m)})
	}
	for _, s := range inOrder(r.Outcome.Chain) {
		found = append(found, rule{code: "outcome." + s.Code, label: s.Label, due: s.Due})
	}
	for _, s := range inOrder(r.Pay.Chain) {
		found = append(found, rule{code: "pay." + s.Code, label: s.Label, due: s.Due})
	}
	return append(found, rule{code: "backstop", label: "Everything done", due: r.Cycle.Backstop})
}

// joinerOf is the rule of a meeting for whoever joins later: one at which objectives are set is held
// by the day by which they set them. The others keep their days of the year.
func joinerOf(r *policy.Rules, m policy.MeetingPlan) schooltime.Rule {
	if m.Kind != "setting" {
		return schooltime.Rule{}
	}
	return r.Objectives.DueJoiner
}

func inOrder(chain []policy.StepRule) []policy.StepRule {
	return slices.SortedStableFunc(slices.Values(chain), func(a, b policy.StepRule) int { return cmp.Compare(a.Order, b.Order) })
}

// of is the rule for somebody whose own days are a: a joiner's where there is one for joiners.
func (r rule) of(c Cycle, a schooltime.Anchors) schooltime.Rule {
	if a.CycleStart.After(c.StartsOn) && !r.joiner.IsZero() {
		return r.joiner
	}
	return r.due
}

func ruleNamed(r *policy.Rules, code string) (rule, bool) {
	for _, d := range rulesOf(r) {
		if d.code == code {
			return d, true
		}
	}
	return rule{}, false
}

// CountsFrom is the day on which the step was done from which a deadline counts; no day where it counts
// from another.
func CountsFrom(r *policy.Rules, code string, a schooltime.Anchors) schooltime.Date {
	if d, _ := ruleNamed(r, code); d.due.Anchor == schooltime.StepDone {
		return a.Steps[d.due.Step]
	}
	return schooltime.Date{}
}

// Due returns the deadline with the code for one appraisal: a is its own days, own are the dates
// that the trust has set for the cycle. No day where the rule's anchor has none yet; an error
// where the policy has no such deadline.
//
// A date of the trust's own moves everybody's deadline by as many days, so that it falls on that
// very date for all who are there all year, and a joiner keeps the time that the policy gives.
func (c Cycle) Due(res *policy.Resolved, own []Date, code, group string, a schooltime.Anchors) (schooltime.Date, error) {
	r, ok := ruleNamed(&res.Rules, code)
	if !ok {
		return schooltime.Date{}, fmt.Errorf("the policy has no deadline %s", code)
	}
	due, _, err := c.due(r, own, group, a)
	return due, err
}

func (c Cycle) due(r rule, own []Date, group string, a schooltime.Anchors) (day schooltime.Date, set bool, err error) {
	var due, usual schooltime.Date
	if !r.due.IsZero() {
		if due, err = r.of(c, a).On(a); err != nil {
			return due, false, err
		}
		if usual, err = r.due.On(c.anchorsBy(a.Calendar)); err != nil {
			return due, false, err
		}
		due = schooltime.Within(due, a.CycleEnd, usual, c.EndsOn)
	}
	mine, ok := ownDate(own, r.code, group)
	switch {
	case !ok:
		return due, false, nil
	case due.IsZero() || usual.IsZero() || due == usual:
		return mine, true, nil
	}
	moved := r.due.Weekend.Move(due.AddDays(usual.DaysUntil(mine)), a.Calendar)
	return schooltime.Max(moved, a.CycleStart), true, nil
}

// ownDate returns the trust's own date for a staff group, else the one for all.
func ownDate(own []Date, code, group string) (schooltime.Date, bool) {
	var all schooltime.Date
	for _, d := range own {
		switch {
		case d.Code != code:
		case d.StaffGroup == "":
			all = d.DueOn
		case d.StaffGroup == group:
			return d.DueOn, true
		}
	}
	return all, !all.IsZero()
}

// timetable is every deadline of one staff group by a school calendar, for somebody who is there
// all year and does each step on its last day.
func (c Cycle) timetable(res *policy.Resolved, own []Date, group string, by *schooltime.Calendar) ([]Deadline, error) {
	a := c.anchorsBy(by)
	a.Steps = map[string]schooltime.Date{}
	var found []Deadline
	for _, r := range rulesOf(&res.Rules) {
		due, _, err := c.due(r, own, group, a)
		if err != nil {
			return nil, err
		}
		if chain, step, isStep := strings.Cut(r.code, "."); isStep && chain != "meeting" {
			a.Steps[step] = due
		}
		exact := slices.ContainsFunc(own, func(d Date) bool { return d.Code == r.code && d.StaffGroup == group })
		found = append(found, Deadline{Code: r.code, Label: r.label, Group: group, DueOn: due, Own: exact})
	}
	return found, nil
}

// groupsOf lists the staff groups of a policy, after the empty name for all of them.
func groupsOf(d *policy.Document) []string {
	codes := []string{""}
	for _, g := range d.Resolve("", "").Rules.Population.Groups {
		codes = append(codes, g.Code)
	}
	return codes
}

// timetables is the timetable of each staff group, by deadline and group.
func (c Cycle) timetables(d *policy.Document, own []Date, by *schooltime.Calendar) ([]Deadline, error) {
	var all []Deadline
	for _, group := range groupsOf(d) {
		one, err := c.timetable(d.Resolve("", group), own, group, by)
		if err != nil {
			return nil, err
		}
		all = append(all, one...)
	}
	return all, nil
}

// Deadlines lists every deadline of the cycle by a school calendar: one for all staff groups, and
// one more for each group whose own differs. What has no deadline, or none that the calendar can
// say, is left out.
func (c Cycle) Deadlines(d *policy.Document, own []Date, by *schooltime.Calendar) ([]Deadline, error) {
	all, err := c.timetables(d, own, by)
	if err != nil {
		return nil, err
	}
	common := map[string]schooltime.Date{}
	for _, due := range all {
		if due.Group == "" {
			common[due.Code] = due.DueOn
		}
	}
	return slices.DeleteFunc(all, func(due Deadline) bool {
		same := due.Group != "" && !due.Own && common[due.Code] == due.DueOn
		return same || due.DueOn.IsZero()
	}), nil
}

// maxAfterEnd is how many months after the period a deadline may lie.
const maxAfterEnd = 12

// checkDates refuses dates that name no deadline of the policy, are given twice, or lie outside
// the cycle's life.
func (c Cycle) checkDates(d *policy.Document, own []Date) error {
	var found faults
	seen := map[[2]string]bool{}
	for i, o := range own {
		at := [2]string{o.Code, o.StaffGroup}
		switch {
		case o.StaffGroup != "" && !d.HasGroup(o.StaffGroup):
			found.at(i, "staff_group", "unknown_staff_group", "The policy has no such staff group.")
		case !hasDeadline(d, o.Code, o.StaffGroup):
			found.at(i, "code", "unknown_deadline", "The policy has no such deadline; the list of dates names them.")
		case seen[at]:
			found.at(i, "code", "duplicate", "The deadline is given twice.")
		}
		seen[at] = true
		if o.DueOn.Before(c.StartsOn) || o.DueOn.After(c.EndsOn.AddMonths(maxAfterEnd)) {
			found.at(i, "due_on", "outside_cycle", "A deadline lies between %s and %s.", c.StartsOn, c.EndsOn.AddMonths(maxAfterEnd))
		}
	}
	return found.err()
}

func hasDeadline(d *policy.Document, code, group string) bool {
	groups := []string{group}
	if group == "" {
		groups = groupsOf(d)
	}
	return slices.ContainsFunc(groups, func(g string) bool {
		_, ok := ruleNamed(&d.Resolve("", g).Rules, code)
		return ok
	})
}

// onlyLater refuses every deadline that the new dates move earlier, by any calendar of the trust.
func (c Cycle) onlyLater(d *policy.Document, before, after []Date, calendars []*schooltime.Calendar) error {
	var found []fault.Refusal
	for _, by := range calendars {
		was, err := c.timetables(d, before, by)
		if err != nil {
			return err
		}
		is, err := c.timetables(d, after, by)
		if err != nil {
			return err
		}
		for _, r := range earlier(was, is) {
			if !slices.Contains(found, r) { // by two calendars alike
				found = append(found, r)
			}
		}
	}
	return refused(found)
}

// earlier lists the deadlines that come before those of a timetable of the same policy.
func earlier(was, is []Deadline) []fault.Refusal {
	var found []fault.Refusal
	for i := range was {
		if old, now := was[i], is[i]; now.DueOn.Before(old.DueOn) && !now.DueOn.IsZero() {
			found = append(found, fault.Refusal{Code: "date_earlier", Unblock: "Choose " + old.DueOn.String() + " or a later day.",
				Detail: fmt.Sprintf("In an open cycle a deadline only moves later; %s is due on %s.", scoped(old), old.DueOn)})
		}
	}
	return found
}

func scoped(d Deadline) string {
	if d.Group == "" {
		return d.Code
	}
	return d.Code + " of " + d.Group
}
