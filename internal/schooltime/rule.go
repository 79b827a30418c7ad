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
	CycleStart  Anchor = "cycle_start"
	CycleEnd    Anchor = "cycle_end"
	Joining     Anchor = "joining"
	HalfTermEnd Anchor = "half_term" // the first such half term that ends in the period
	StepDone    Anchor = "step"
)

// Rule yields a day for every appraisal: the first month_day on or after the anchor, or the anchor
// moved by an offset. Step names the step when the anchor is a step, HalfTerm the half term when it
// is one. Of an offset the months are added first, then the weeks, then the days; where the first
// day counts, one day of the anchor is day one.
type Rule struct {
	Anchor    Anchor  `json:"anchor" doc:"the day from which the rule counts; half_term is the last school day of one" enum:"cycle_start,cycle_end,joining,half_term,step"`
	Step      string  `json:"step,omitempty" doc:"the code of the step, when the anchor is step"`
	HalfTerm  string  `json:"half_term,omitempty" doc:"which half term, when the anchor is half_term; it needs a school calendar" enum:"autumn_1,autumn_2,spring_1,spring_2,summer_1,summer_2"`
	MonthDay  string  `json:"month_day,omitempty" doc:"the first such day (MM-DD) on or after the anchor"`
	Days      int     `json:"days,omitempty" doc:"days after the anchor; negative is before"`
	In        Unit    `json:"in,omitempty" doc:"which days are counted: all; Monday to Friday without bank holidays and closures; or the days on which the school is open to pupils, which needs a school calendar" enum:"calendar_days,working_days,school_days"`
	Weeks     int     `json:"weeks,omitempty" doc:"weeks after the anchor; negative is before"`
	Months    int     `json:"months,omitempty" doc:"months after the anchor; negative is before"`
	FromFirst bool    `json:"first_day_counts,omitempty" doc:"whether the day of the anchor is day one of the offset"`
	Weekend   Weekend `json:"weekend,omitempty" doc:"what becomes of a Saturday or Sunday, and of a bank holiday where there is a school calendar" enum:"as_stated,next_working_day,previous_working_day"`
}

// IsZero says whether the rule is unset.
func (r Rule) IsZero() bool { return r == Rule{} }

// NeedsCalendar says whether the rule yields no day without a school calendar.
func (r Rule) NeedsCalendar() bool { return r.Anchor == HalfTermEnd || r.In == SchoolDays }

// Anchors holds the days that rules count from; Step maps a step's code to the day it was done.
// Calendar is that of the appraisal's unit, or nil where nobody has given one.
type Anchors struct {
	CycleStart, CycleEnd, Joining Date
	Steps                         map[string]Date
	Calendar                      *Calendar
}

// On returns the day that the rule yields, or no day when its anchor has none yet or the calendar
// does not say.
func (r Rule) On(a Anchors) (Date, error) {
	from, err := r.from(a)
	if err != nil || from.IsZero() {
		return Date{}, err
	}
	d := r.offset(from, a.Calendar)
	if r.MonthDay != "" {
		if d, err = NextMonthDay(from, r.MonthDay); err != nil {
			return Date{}, err
		}
	}
	if d.IsZero() {
		return d, nil
	}
	return r.Weekend.Move(d, a.Calendar), nil
}

// offset moves the anchor's day. Where the first day counts, the count begins the day before it,
// or the day after where it goes backwards.
func (r Rule) offset(from Date, c *Calendar) Date {
	if r.FromFirst {
		from = from.AddDays(-sign(r.direction()))
	}
	return c.add(from.AddMonths(r.Months).AddDays(7*r.Weeks), r.Days, r.In)
}

func (r Rule) direction() int {
	for _, n := range []int{r.Months, r.Weeks, r.Days} {
		if n != 0 {
			return n
		}
	}
	return 0
}

func (r Rule) from(a Anchors) (Date, error) {
	switch r.Anchor {
	case CycleStart:
		return a.CycleStart, nil
	case CycleEnd:
		return a.CycleEnd, nil
	case Joining:
		return Max(a.Joining, a.CycleStart), nil
	case HalfTermEnd:
		return a.Calendar.HalfTermEnd(r.HalfTerm, a.CycleStart), nil
	case StepDone:
		return a.Steps[r.Step], nil
	}
	return Date{}, fmt.Errorf("unknown anchor %q", r.Anchor)
}

// Within keeps a day that comes of a shortened period inside it, where the day that a whole period
// gives lies inside that: nobody is asked for a review in a month after they have gone.
func Within(d, ends, usual, wholeEnds Date) Date {
	if usual.IsZero() || usual.After(wholeEnds) || !d.After(ends) {
		return d
	}
	return ends
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

// Move applies the weekend rule to d: to the nearest working day in its direction. Without a
// calendar that is Monday to Friday; with one, bank holidays and closures are moved over too.
func (w Weekend) Move(d Date, c *Calendar) Date {
	step := map[Weekend]int{NextWorkingDay: 1, PreviousWorkingDay: -1}[w]
	for step != 0 && !c.Working(d) {
		d = d.AddDays(step)
	}
	return d
}
