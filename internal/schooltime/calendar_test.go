package schooltime

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func span(from, to string) Span { return Span{MustDate(from), MustDate(to)} }

func within(from, to string) *Span { s := span(from, to); return &s }

// school2026 is an invented school's year from September 2026.
func school2026() *Calendar {
	return &Calendar{Region: EnglandAndWales, Terms: []Term{
		{Autumn, span("2026-09-02", "2026-12-18"), within("2026-10-26", "2026-10-30")},
		{Spring, span("2027-01-04", "2027-03-25"), within("2027-02-15", "2027-02-19")},
		{Summer, span("2027-04-12", "2027-07-21"), within("2027-05-31", "2027-06-04")},
	}, Closures: []Closure{
		{span("2026-10-23", "2026-10-23"), Inset, "Training"},
		{span("2026-11-02", "2026-11-03"), Closed, "Boiler"},
	}}
}

func TestWorkingAndSchoolDaysDiffer(t *testing.T) {
	c := school2026()
	for _, d := range []struct {
		on              string
		working, school bool
	}{
		{"2026-09-02", true, true},
		{"2026-09-01", true, false},  // before term
		{"2026-09-05", false, false}, // Saturday
		{"2026-10-23", true, false},  // INSET
		{"2026-10-28", true, false},  // half term
		{"2026-11-02", false, false}, // closure
		{"2026-12-25", false, false},
		{"2026-12-29", true, false}, // school holiday
		{"2027-03-26", false, false},
		{"2027-05-03", false, false}, // bank holiday in term
		{"2027-05-04", true, true},
		{"2030-05-07", true, false}, // beyond what the calendar knows
	} {
		require.Equal(t, d.working, c.Working(MustDate(d.on)), "working %s", d.on)
		require.Equal(t, d.school, c.SchoolDay(MustDate(d.on)), "school %s", d.on)
	}
	var nobodys *Calendar
	require.True(t, nobodys.Working(MustDate("2026-12-25")), "without a calendar only weekends are known")
	require.False(t, nobodys.Working(MustDate("2026-12-26")))
	require.False(t, nobodys.SchoolDay(MustDate("2026-09-02")))
}

func TestHalfTermEndsOnItsLastSchoolDay(t *testing.T) {
	c := school2026()
	from := MustDate("2026-09-01")
	for half, day := range map[string]string{
		"autumn_1": "2026-10-22", // the Friday is INSET
		"autumn_2": "2026-12-18", "spring_1": "2027-02-12", "spring_2": "2027-03-25", "summer_1": "2027-05-28", "summer_2": "2027-07-21",
	} {
		require.Equal(t, day, c.HalfTermEnd(half, from).String(), half)
	}
	require.True(t, c.HalfTermEnd("autumn_1", MustDate("2026-10-23")).IsZero(), "it is over, and no later one is known")
	c.Terms = append(c.Terms, Term{Autumn, span("2027-09-01", "2027-12-17"), within("2027-10-25", "2027-10-29")})
	require.Equal(t, "2027-10-22", c.HalfTermEnd("autumn_1", MustDate("2026-10-23")).String(), "the next year's")
	whole := &Calendar{Terms: []Term{{Summer, span("2027-04-19", "2027-06-25"), nil}}}
	require.Equal(t, "2027-06-25", whole.HalfTermEnd("summer_2", from).String())
	require.True(t, whole.HalfTermEnd("summer_1", from).IsZero(), "a term without a half term has no first half")
	require.True(t, (*Calendar)(nil).HalfTermEnd("summer_2", from).IsZero())
}

func TestHalfTermWithoutAnySchoolDayHasNoEnd(t *testing.T) {
	c := &Calendar{Terms: []Term{{Autumn, span("2026-09-07", "2026-12-18"), within("2026-09-09", "2026-09-11")}},
		Closures: []Closure{{span("2026-09-01", "2026-09-08"), Closed, ""}}}
	require.True(t, c.HalfTermEnd("autumn_1", MustDate("2026-09-01")).IsZero())
}

func TestWorkingWeeksPassOverHolidays(t *testing.T) {
	c := school2026()
	for _, w := range []struct {
		from  string
		weeks int
		to    string
	}{
		{"2026-10-14", 0, "2026-10-14"},
		{"2026-10-14", 1, "2026-10-21"},
		{"2026-10-14", 2, "2026-11-04"}, // over half term; a week with a closure counts
		{"2026-12-09", 2, "2027-01-06"}, // over Christmas
		{"2027-03-22", 4, "2027-05-03"}, // over Easter
	} {
		to := c.AddWorkingWeeks(MustDate(w.from), w.weeks)
		require.Equal(t, w.to, to.String(), "%d from %s", w.weeks, w.from)
		require.Equal(t, w.weeks, c.WorkingWeeksBetween(MustDate(w.from), to))
	}
	require.True(t, c.AddWorkingWeeks(MustDate("2027-07-14"), 3).IsZero(), "the calendar does not reach so far")
	require.Equal(t, 0, c.WorkingWeeksBetween(MustDate("2026-10-22"), MustDate("2026-10-28")))
	require.Equal(t, "2026-11-04", (*Calendar)(nil).AddWorkingWeeks(MustDate("2026-10-14"), 3).String())
}

func TestSampleCalendarIsAPlainSchoolYear(t *testing.T) {
	c := SampleCalendar()
	last := Date{}
	for _, term := range c.Terms {
		require.True(t, term.StartsOn.After(last), "%v", term)
		require.True(t, term.HalfTerm.StartsOn.After(term.StartsOn) && term.HalfTerm.EndsOn.Before(term.EndsOn), "%v", term)
		last = term.EndsOn
	}
	for year := sampleFrom; year < sampleFrom+sampleYears; year++ {
		open := 0
		for d := NewDate(year, 9, 1); d.Before(NewDate(year+1, 9, 1)); d = d.AddDays(1) {
			if c.SchoolDay(d) {
				open++
			}
		}
		require.InDelta(t, 192, open, 8, "school days from September %d", year)
	}
}
