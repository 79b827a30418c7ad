package schooltime

import "time"

// Unit is a kind of day by which a rule counts.
type Unit string

// The three kinds of day. Working days without a calendar are Monday to Friday; school days need
// one.
const (
	CalendarDays Unit = "calendar_days"
	WorkingDays  Unit = "working_days"
	SchoolDays   Unit = "school_days"
)

// AddWorkingDays moves d by n working days; the day itself is not counted.
func (c *Calendar) AddWorkingDays(d Date, n int) Date {
	for step := sign(n); n != 0; {
		if d = d.AddDays(step); c.Working(d) {
			n -= step
		}
	}
	return d
}

// AddSchoolDays moves d by n school days; the day itself is not counted. No day where the terms of
// the calendar do not reach so far.
func (c *Calendar) AddSchoolDays(d Date, n int) Date {
	known, ok := c.known()
	if !ok {
		return Date{}
	}
	step := sign(n)
	if step > 0 && d.Before(known.StartsOn) || step < 0 && d.After(known.EndsOn) {
		return Date{} // how many school days lie between is not known
	}
	for n != 0 {
		if d = d.AddDays(step); step > 0 && d.After(known.EndsOn) || step < 0 && d.Before(known.StartsOn) {
			return Date{}
		}
		if c.SchoolDay(d) {
			n -= step
		}
	}
	return d
}

func (c *Calendar) add(d Date, n int, in Unit) Date {
	switch in {
	case WorkingDays:
		return c.AddWorkingDays(d, n)
	case SchoolDays:
		return c.AddSchoolDays(d, n)
	}
	return d.AddDays(n)
}

func sign(n int) int {
	switch {
	case n < 0:
		return -1
	case n > 0:
		return 1
	}
	return 0
}

// AddWorkingWeeks is the same weekday n working weeks later. A working week is one, from Monday to
// Sunday, with a school day in it; without a calendar every week is. No day where the terms of the
// calendar do not reach so far.
func (c *Calendar) AddWorkingWeeks(d Date, n int) Date {
	for n > 0 {
		if d = d.AddDays(7); c != nil && !c.Covers(monday(d)) {
			return Date{}
		}
		if c.workingWeek(d) {
			n--
		}
	}
	return d
}

// WorkingWeeksBetween counts the working weeks that have passed from one day to a later one: what
// AddWorkingWeeks has to add to reach it, or the day before it at the latest.
func (c *Calendar) WorkingWeeksBetween(from, to Date) int {
	n := 0
	for d := from.AddDays(7); !d.After(to); d = d.AddDays(7) {
		if c.workingWeek(d) {
			n++
		}
	}
	return n
}

func (c *Calendar) workingWeek(d Date) bool {
	if c == nil {
		return true
	}
	first := monday(d)
	for i := range 5 {
		if c.SchoolDay(first.AddDays(i)) {
			return true
		}
	}
	return false
}

// monday is the first day of the week that d falls in.
func monday(d Date) Date {
	return d.AddDays(-(int(d.Weekday()-time.Monday+7) % 7))
}
