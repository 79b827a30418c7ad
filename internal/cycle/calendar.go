package cycle

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// CalendarStore reads school calendars, and whom they concern.
type CalendarStore interface {
	// Calendars reads every unit of the trust with its own calendar, where it has one.
	Calendars(ctx context.Context) (directory.Calendars, error)
	// UnitsWithPosts lists the units in which somebody holds a post in the period.
	UnitsWithPosts(ctx context.Context, c *Cycle) ([]uuid.UUID, error)
}

// counted is a date rule that yields no day without a calendar, and the leaf that it stands in.
type counted struct {
	leaf any
	rule schooltime.Rule
}

// countedRules lists the date rules of a policy that need a school calendar.
func countedRules(r *policy.Rules) []counted {
	all := []counted{{&r.Objectives.Due, r.Objectives.Due}, {&r.Objectives.DueJoiner, r.Objectives.DueJoiner}, {&r.Cycle.Backstop, r.Cycle.Backstop}}
	for i := range r.Meetings.Plan {
		m := &r.Meetings.Plan[i]
		all = append(all, counted{&m.Due, m.Due})
	}
	for _, chain := range [][]policy.StepRule{r.Outcome.Chain, r.Pay.Chain} {
		for i := range chain {
			s := &chain[i]
			all = append(all, counted{&s.Opens, s.Opens}, counted{&s.Due, s.Due})
		}
	}
	for _, stages := range [][]policy.AppealStage{r.Appeals.Pay, r.Appeals.Statement} {
		for i := range stages {
			s := &stages[i]
			all = append(all, counted{&s.In, schooltime.Rule{Anchor: schooltime.StepDone, Days: s.DecideDays, In: s.In}})
		}
	}
	return slices.DeleteFunc(all, func(c counted) bool { return !c.rule.NeedsCalendar() })
}

// known says whether the calendar yields a day for the rule. A rule that counts from a step cannot
// be tried before the step is done: it is enough that the calendar goes on to the period's end.
func (c Cycle) known(r schooltime.Rule, by *schooltime.Calendar) bool {
	if r.Anchor == schooltime.StepDone {
		return by.Covers(c.EndsOn.AddMonths(-2)) // the summer holidays may end the last school year that is known
	}
	day, err := r.On(c.anchorsBy(by))
	return err == nil && !day.IsZero()
}

// withoutCalendar refuses, for each unit with people in the period, the date rules of its policy
// for which it has no school calendar, or one that does not reach so far.
func (s *Service) withoutCalendar(ctx context.Context, c *Cycle, d *policy.Document) ([]fault.Refusal, error) {
	calendars, err := s.store.Calendars(ctx)
	if err != nil {
		return nil, err
	}
	layers, err := s.store.PolicyUnits(ctx)
	if err != nil {
		return nil, err
	}
	units, err := s.store.UnitsWithPosts(ctx, c)
	if err != nil {
		return nil, err
	}
	var found []fault.Refusal
	seen := map[uuid.UUID]bool{}
	for _, unit := range units {
		layer := cmp.Or(layers[unit], unit)
		if missing := c.uncounted(d, layer, calendars.Of(unit)); missing != nil && !seen[layer] {
			seen[layer] = true
			found = append(found, fault.Refusal{Code: "calendar_missing", Policy: missing,
				Detail:  fmt.Sprintf("A day of the policy counts by the school calendar, and that of the unit %s does not say it.", layer),
				Unblock: "Set the school calendar of the unit, or of one above it, for the whole period; or choose a date rule that needs none."})
		}
	}
	return found, nil
}

// uncounted cites the first rule of a unit, for any staff group, for which the calendar has no day.
func (c Cycle) uncounted(d *policy.Document, unit uuid.UUID, by *schooltime.Calendar) *fault.Citation {
	for _, group := range groupsOf(d) {
		res := d.Resolve(unit.String(), group)
		for _, r := range countedRules(&res.Rules) {
			if !c.known(r.rule, by) {
				return res.Cite(r.leaf)
			}
		}
	}
	return nil
}

// CalendarsChanged holds a change of school calendars to the rule of open cycles: no deadline moves
// earlier, and none becomes unknown.
func (s *Service) CalendarsChanged(ctx context.Context, unit uuid.UUID, before, after directory.Calendars) error {
	was, is := before.Of(unit), after.Of(unit)
	open, err := s.store.Cycles(ctx, page.Request{Limit: page.MaxLimit}, Open)
	if err != nil {
		return err
	}
	var found []fault.Refusal
	for _, c := range open.Items {
		d, err := s.store.PolicyVersion(ctx, c.PolicyVersionID)
		if err != nil {
			return err
		}
		own, err := s.store.CycleDates(ctx, c.ID)
		if err != nil {
			return err
		}
		old, err := c.timetables(d, own, was)
		if err != nil {
			return err
		}
		now, err := c.timetables(d, own, is)
		if err != nil {
			return err
		}
		found = append(found, unknown(old, now)...)
		for _, r := range earlier(old, now) {
			r.Unblock = "Set the cycle's own date for it first, or leave the days as they are."
			found = append(found, r)
		}
	}
	return refused(found)
}

// unknown lists the deadlines that a timetable had and has no longer.
func unknown(was, is []Deadline) []fault.Refusal {
	var found []fault.Refusal
	for i := range was {
		if old := was[i]; !old.DueOn.IsZero() && is[i].DueOn.IsZero() {
			found = append(found, fault.Refusal{Code: "calendar_missing", Unblock: "Keep the terms of the open cycle's period.",
				Detail: fmt.Sprintf("In an open cycle a deadline stays known; by this calendar %s has no day.", scoped(old))})
		}
	}
	return found
}
