package schooltime

import (
	"fmt"
	"time"
)

// Weekend says what becomes of a deadline that falls on a Saturday or Sunday.
type Weekend string

// The three weekend rules.
const (
	AsStated           Weekend = "as_stated"
	NextWorkingDay     Weekend = "next_working_day"
	PreviousWorkingDay Weekend = "previous_working_day"
)

// Anchor names the day from which a date rule counts.
type Anchor string

// The anchors of a date rule. The dates are the appraisal's own, so that a joiner's and a
// fixed-term contract's shortened period move with them.
const (
	CycleStart Anchor = "cycle_start"
	CycleEnd   Anchor = "cycle_end"
	Joining    Anchor = "joining"
	StepDone   Anchor = "step"
)

// Rule yields a day for every appraisal: the first month_day on or after the anchor, or the
// anchor moved by an offset. Step names the step when the anchor is a step.
type Rule struct {
	Anchor   Anchor  `json:"anchor" doc:"the day from which the rule counts" enum:"cycle_start,cycle_end,joining,step"`
	Step     string  `json:"step,omitempty" doc:"the code of the step, when the anchor is step"`
	MonthDay string  `json:"month_day,omitempty" doc:"the first such day (MM-DD) on or after the anchor"`
	Days     int     `json:"days,omitempty" doc:"days after the anchor; negative is before"`
	Months   int     `json:"months,omitempty" doc:"months after the anchor; negative is before"`
	Weekend  Weekend `json:"weekend,omitempty" doc:"what becomes of a Saturday or Sunday" enum:"as_stated,next_working_day,previous_working_day"`
}

// IsZero says whether the rule is unset.
func (r Rule) IsZero() bool { return r == Rule{} }

// Anchors holds the days that rules count from; Step maps a step's code to the day it was done.
type Anchors struct {
	CycleStart, CycleEnd, Joining Date
	Steps                         map[string]Date
}

// On returns the day that the rule yields, or no day when its anchor has none yet.
func (r Rule) On(a Anchors) (Date, error) {
	from, err := r.from(a)
	if err != nil || from.IsZero() {
		return Date{}, err
	}
	d := from.AddMonths(r.Months).AddDays(r.Days)
	if r.MonthDay != "" {
		if d, err = NextMonthDay(from, r.MonthDay); err != nil {
			return Date{}, err
		}
	}
	return r.Weekend.Move(d), nil
}

func (r Rule) from(a Anchors) (Date, error) {
	switch r.Anchor {
	case CycleStart:
		return a.CycleStart, nil
	case CycleEnd:
		return a.CycleEnd, nil
	case Joining:
		return Max(a.Joining, a.CycleStart), nil
	case StepDone:
		return a.Steps[r.Step], nil
	}
	return Date{}, fmt.Errorf("unknown anchor %q", r.Anchor)
}

// NextMonthDay returns the first day MM-DD on or after from. 02-29 in a common year is 1 March.
func NextMonthDay(from Date, monthDay string) (Date, error) {
	t, err := time.Parse("2006-01-02", "2000-"+monthDay)
	if err != nil {
		return Date{}, fmt.Errorf("%q is not a month and day such as 09-01", monthDay)
	}
	d := NewDate(from.Year(), t.Month(), t.Day())
	if d.Before(from) {
		d = NewDate(from.Year()+1, t.Month(), t.Day())
	}
	return d, nil
}

// Move applies the weekend rule to d. Bank holidays are not weekends here: a trust that closes
// on one states the date itself in the cycle.
func (w Weekend) Move(d Date) Date {
	step := map[Weekend]int{NextWorkingDay: 1, PreviousWorkingDay: -1}[w]
	for step != 0 && (d.Weekday() == time.Saturday || d.Weekday() == time.Sunday) {
		d = d.AddDays(step)
	}
	return d
}
