package schooltime

import (
	"sync"
	"time"
)

// The school years of the sample calendar.
const (
	sampleFrom  = 2010
	sampleYears = 50
)

// SampleCalendar is a plain English school calendar over many years, by which rules that need a
// calendar are tried out before any school has given its own.
var SampleCalendar = sync.OnceValue(func() *Calendar {
	c := &Calendar{Region: EnglandAndWales}
	for year := sampleFrom; year < sampleFrom+sampleYears; year++ {
		c.Terms = append(c.Terms, sampleYear(year)...)
	}
	return c
})

// sampleYear is the school year that begins in the autumn of a year.
func sampleYear(year int) []Term {
	next := year + 1
	easter := Easter(next)
	autumn, spring := NewDate(year, time.September, 2), NewDate(next, time.January, 4)
	holidays := Max(NewDate(next, time.April, 1), monday(easter)) // two weeks from the Monday of or before Easter
	return []Term{
		{Autumn, Span{weekday(autumn), friday(NewDate(year, time.December, 20))}, week(mondayOn(NewDate(year, time.October, 23)))},
		{Spring, Span{weekday(spring), friday(monday(holidays).AddDays(-1))}, week(mondayOn(NewDate(next, time.February, 12)))},
		{Summer, Span{monday(holidays).AddDays(14), friday(NewDate(next, time.July, 22))}, week(mondayOn(NewDate(next, time.May, 25)))},
	}
}

func week(first Date) *Span { return &Span{first, first.AddDays(4)} }

// weekday is the day itself, or the Monday after a weekend.
func weekday(d Date) Date {
	if weekend(d) {
		return mondayOn(d)
	}
	return d
}

// friday is the last Friday on or before the day.
func friday(d Date) Date { return monday(d.AddDays(3)).AddDays(-3) }
