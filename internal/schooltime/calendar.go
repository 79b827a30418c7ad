package schooltime

import (
	"slices"
	"time"
)

// Calendar is when a school is open: its terms, the days within them on which it is closed, and the
// bank holidays of its part of the country. A nil Calendar is that of a trust which has said
// nothing: it knows weekends and no more.
type Calendar struct {
	Terms    []Term    `json:"terms"` // in order, without overlap
	Closures []Closure `json:"closures,omitempty"`
	Region   Region    `json:"bank_holidays"`
	Extra    []Date    `json:"extra_bank_holidays,omitempty"` // such as a coronation's
}

// Span is a run of days, the first and the last included.
type Span struct {
	StartsOn Date `json:"starts_on"`
	EndsOn   Date `json:"ends_on"`
}

// Holds says whether the day is one of the span.
func (s Span) Holds(d Date) bool { return !d.Before(s.StartsOn) && !d.After(s.EndsOn) }

// The terms of a school year.
const (
	Autumn = "autumn"
	Spring = "spring"
	Summer = "summer"
)

// Term is a term with the week in its middle on which pupils stay at home.
type Term struct {
	Code     string `json:"code"`
	Span            // of the whole term
	HalfTerm *Span  `json:"half_term,omitempty"` // nil: the term has none
}

// The kinds of closure. On an INSET day the staff work and the pupils stay at home; on a closure
// nobody works.
const (
	Inset  = "inset"
	Closed = "closure"
)

// Closure is a run of days within term on which there is no school.
type Closure struct {
	Span
	Kind  string `json:"kind"`
	Label string `json:"label,omitempty"`
}

// Working says whether the day is a working day of the staff: Monday to Friday, no bank holiday and
// no closure of the school. School holidays are working days in this sense.
func (c *Calendar) Working(d Date) bool {
	return !weekend(d) && !c.bankHoliday(d) && !c.closed(d, Closed)
}

// SchoolDay says whether the school is open to pupils on the day: in term and outside its half
// term, Monday to Friday, no bank holiday, no closure and no INSET day.
func (c *Calendar) SchoolDay(d Date) bool {
	return c.half(d) != "" && !weekend(d) && !c.bankHoliday(d) && !c.closed(d, Closed, Inset)
}

func weekend(d Date) bool { return d.Weekday() == time.Saturday || d.Weekday() == time.Sunday }

func (c *Calendar) bankHoliday(d Date) bool {
	return c != nil && (bankHolidays(c.Region, d.Year())[d] || slices.Contains(c.Extra, d))
}

func (c *Calendar) closed(d Date, kinds ...string) bool {
	return c != nil && slices.ContainsFunc(c.Closures, func(x Closure) bool { return slices.Contains(kinds, x.Kind) && x.Holds(d) })
}

// BankHolidays lists the bank holidays from the first day of the first term to the last of the
// last, with those that the school has added.
func (c *Calendar) BankHolidays() []Date {
	known, ok := c.known()
	if !ok {
		return nil
	}
	found := slices.Clone(c.Extra)
	for year := known.StartsOn.Year(); year <= known.EndsOn.Year(); year++ {
		for d := range bankHolidays(c.Region, year) {
			found = append(found, d)
		}
	}
	slices.SortFunc(found, func(a, b Date) int { return b.DaysUntil(a) })
	return slices.DeleteFunc(slices.Compact(found), func(d Date) bool { return !known.Holds(d) })
}

// known is from the first day of the first term to the last of the last: what lies outside it the
// calendar cannot say.
func (c *Calendar) known() (Span, bool) {
	if c == nil || len(c.Terms) == 0 {
		return Span{}, false
	}
	return Span{c.Terms[0].StartsOn, c.Terms[len(c.Terms)-1].EndsOn}, true
}

// half names the half term that the day falls in, such as autumn_1, or nothing outside of all.
func (c *Calendar) half(d Date) string {
	if c == nil {
		return ""
	}
	for _, t := range c.Terms {
		switch {
		case !t.Holds(d):
		case t.HalfTerm == nil || d.After(t.HalfTerm.EndsOn):
			return t.Code + "_2"
		case d.Before(t.HalfTerm.StartsOn):
			return t.Code + "_1"
		}
	}
	return ""
}

// HalfTermEnd is the last school day of the first such half term that ends on or after from. A term
// without a half term is all a second half. No day where the calendar has none.
func (c *Calendar) HalfTermEnd(half string, from Date) Date {
	known, ok := c.known()
	if !ok {
		return Date{}
	}
	for i := range c.Terms {
		t := &c.Terms[i]
		last := t.EndsOn
		switch half {
		case t.Code + "_1":
			if t.HalfTerm == nil {
				continue
			}
			last = t.HalfTerm.StartsOn.AddDays(-1)
		case t.Code + "_2":
		default:
			continue
		}
		for known.Holds(last) && !c.SchoolDay(last) {
			last = last.AddDays(-1)
		}
		if t.Holds(last) && !last.Before(from) {
			return last
		}
	}
	return Date{}
}

// InTerm says whether every weekday of a span lies in term and outside its half term, and the school
// is open on one of them at least: a week with a bank holiday counts, one that the holidays begin or
// end in does not.
func (c *Calendar) InTerm(s Span) bool {
	open := false
	for d := s.StartsOn; !d.After(s.EndsOn); d = d.AddDays(1) {
		if !weekend(d) && c.half(d) == "" {
			return false
		}
		open = open || c.SchoolDay(d)
	}
	return open
}

// Covers says whether the calendar has a term on or after the day, so that what is asked of it from
// there on is known.
func (c *Calendar) Covers(d Date) bool {
	known, ok := c.known()
	return ok && !d.After(known.EndsOn)
}
