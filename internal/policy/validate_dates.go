package policy

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/perennial-api/perennial/internal/schooltime"
)

// sampleCount is how many years date rules are tried on: enough for each day of the year to fall
// on every day of the week, so that weekend rules are tried too.
const sampleCount = 11

// An offset beyond ten years is a mistake, and might leave the calendar.
const (
	maxOffsetDays   = 3660
	maxOffsetMonths = 120
)

// sampleYears returns the anchors of sample years of a cycle, for somebody who is there all year.
func sampleYears(c CycleRules) []schooltime.Anchors {
	var samples []schooltime.Anchors
	for year := 2024; year < 2024+sampleCount; year++ {
		start, err := schooltime.NextMonthDay(schooltime.NewDate(year, 1, 1), c.StartsOn)
		if err != nil {
			return nil // reported where the cycle is checked
		}
		samples = append(samples, schooltime.Anchors{
			CycleStart: start, CycleEnd: start.AddMonths(c.LengthMonths).AddDays(-1), Joining: start,
			Steps: map[string]schooltime.Date{}, Calendar: schooltime.SampleCalendar(),
		})
	}
	return samples
}

// dateRule checks that a rule yields a day. Only a rule of a chain may count from a step, and
// then from an earlier one.
func (in *inspection) dateRule(r *schooltime.Rule, earlier []string) {
	switch {
	case r.IsZero():
	case (r.Anchor == schooltime.StepDone) != (r.Step != ""):
		in.fault("date_rule", "a step is named where the anchor is step, and only there", "name the step, or change the anchor", r)
	case r.Step != "" && !slices.Contains(earlier, r.Step):
		in.fault("date_rule", fmt.Sprintf("%s is no earlier step", r.Step), "count from an earlier step, or from the cycle", r)
	case (r.Anchor == schooltime.HalfTermEnd) != (r.HalfTerm != ""):
		in.fault("date_rule", "a half term is named where the anchor is half_term, and only there", "name the half term, or change the anchor", r)
	case r.MonthDay != "" && r.Anchor == schooltime.HalfTermEnd:
		in.fault("date_rule", "a rule that counts from a half term has no month_day", "count from the cycle, or give an offset", r)
	case r.MonthDay != "" && (r.Days != 0 || r.Weeks != 0 || r.Months != 0):
		in.fault("date_rule", "a date rule has a month_day or an offset, not both", "keep one of them", r)
	case max(r.Days, -r.Days) > maxOffsetDays || max(r.Weeks, -r.Weeks) > maxOffsetDays/7 || max(r.Months, -r.Months) > maxOffsetMonths:
		in.fault("date_rule", "the offset is more than ten years", "count from a nearer day", r)
	case r.MonthDay != "" && !r.FromFirst && r.In == "":
		in.monthDay(r.MonthDay, r)
	default:
		in.countedRule(r)
	}
}

// countedRule checks how the days of an offset are counted.
func (in *inspection) countedRule(r *schooltime.Rule) {
	forwards, backwards := max(r.Days, r.Weeks, r.Months) > 0, min(r.Days, r.Weeks, r.Months) < 0
	switch {
	case r.In != "" && r.In != schooltime.CalendarDays && r.Days == 0:
		in.fault("date_rule", "the rule says which days are counted, and counts none", "give days, or leave in out", r)
	case r.FromFirst && !forwards && !backwards:
		in.fault("date_rule", "the first day counts, and the rule counts none", "give an offset, or leave first_day_counts out", r)
	case r.FromFirst && forwards && backwards:
		in.fault("date_rule", "where the first day counts, an offset goes one way", "count only forwards, or only backwards", r)
	}
}

func (in *inspection) monthDay(text string, at any) {
	if _, err := schooltime.NextMonthDay(schooltime.NewDate(2025, 9, 1), text); err != nil {
		in.fault("month_day", err.Error(), "write MM-DD", at)
	}
}

// days is what a date rule yields in each sample year; no day where its anchor has none.
type days []schooltime.Date

func (in *inspection) days(r *schooltime.Rule) days {
	var found days
	for _, a := range in.samples {
		d, _ := r.On(a) // a rule that is absent or faulty yields no day; dateRule reports the latter
		found = append(found, d)
	}
	return found
}

// exceed returns the first sample day that lies after the other, or no day.
func (d days) exceed(o days) schooltime.Date {
	for i := range d {
		if !d[i].IsZero() && !o[i].IsZero() && d[i].After(o[i]) {
			return d[i]
		}
	}
	return schooltime.Date{}
}

// dated is a rule with the days that it yields.
type dated struct {
	rule  *schooltime.Rule
	order int
	days  days
}

// timetable checks that the days of the chains follow each other: along the outcome's steps, then
// the pay steps; and that the backstop comes after the outcome.
func (in *inspection) timetable() {
	var earlier []string
	outcome := in.dues(in.Rules.Outcome.Chain, &earlier, nil)
	in.dues(in.Rules.Pay.Chain, &earlier, outcome)
	backstop := &in.Rules.Cycle.Backstop
	for _, due := range outcome {
		if late := due.days.exceed(in.days(backstop)); !late.IsZero() {
			in.fault("backstop_early", fmt.Sprintf("a step is due on %s, after the day by which everything is done", late),
				"move the backstop later, or the step's day earlier", due.rule, backstop)
		}
	}
}

// dues checks the days of one chain against those before it, and returns its deadlines.
func (in *inspection) dues(chain []StepRule, earlier *[]string, before []dated) []dated {
	var found []dated
	for _, s := range inOrder(chain) {
		in.dateRule(&s.Opens, *earlier)
		in.dateRule(&s.Due, *earlier)
		due := dated{&s.Due, s.Order, in.days(&s.Due)}
		in.follows(due, before, found)
		if late := in.days(&s.Opens).exceed(due.days); !late.IsZero() {
			in.fault("opens_after_due", fmt.Sprintf("the step %s opens on %s, after it is due", s.Code, late),
				"open it earlier, or give it more time", &s.Opens, &s.Due)
		}
		for i, a := range in.samples {
			a.Steps[s.Code] = due.days[i]
		}
		*earlier = append(*earlier, s.Code)
		found = append(found, due)
	}
	return found
}

// follows reports a deadline before one of the chain before, or before one of a lower order.
func (in *inspection) follows(due dated, before, sameChain []dated) {
	earlier := slices.Clone(before)
	for _, step := range sameChain {
		if step.order < due.order {
			earlier = append(earlier, step)
		}
	}
	for _, first := range earlier {
		if late := first.days.exceed(due.days); !late.IsZero() {
			in.fault("due_order", fmt.Sprintf("a step is due before an earlier one, which is due on %s", late),
				"let the days of a chain follow its order", first.rule, due.rule)
			return
		}
	}
}

// inOrder returns pointers to the steps, by order.
func inOrder(chain []StepRule) []*StepRule {
	var steps []*StepRule
	for i := range chain {
		steps = append(steps, &chain[i])
	}
	slices.SortStableFunc(steps, func(a, b *StepRule) int { return cmp.Compare(a.Order, b.Order) })
	return steps
}
