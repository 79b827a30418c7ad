package cycle

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/schooltime"
)

func termOf(code, starts, ends, halfFrom, halfTo string) schooltime.Term {
	half := schooltime.Span{StartsOn: schooltime.MustDate(halfFrom), EndsOn: schooltime.MustDate(halfTo)}
	return schooltime.Term{Code: code, Span: schooltime.Span{StartsOn: schooltime.MustDate(starts), EndsOn: schooltime.MustDate(ends)}, HalfTerm: &half}
}

// year2023 is a school year of the trust whose windows were published for 2023-24. The days are
// invented within what the gaps between the windows show.
var year2023 = &schooltime.Calendar{Region: schooltime.EnglandAndWales, Terms: []schooltime.Term{
	termOf(schooltime.Autumn, "2023-09-04", "2023-12-19", "2023-10-23", "2023-10-27"),
	termOf(schooltime.Spring, "2024-01-03", "2024-03-28", "2024-02-19", "2024-02-23"),
	termOf(schooltime.Summer, "2024-04-15", "2024-07-23", "2024-05-27", "2024-05-31"),
}}

func opening(windows []Window) (days []string) {
	for _, w := range windows {
		days = append(days, w.OpensOn.String())
	}
	return days
}

// All fifteen follow from the rule, with a last day: without one there would be a sixteenth.
func TestFifteenPublishedWindowsFollowFromTheRule(t *testing.T) {
	published := []string{"2023-10-30", "2023-11-13", "2023-11-27", "2023-12-11", "2024-01-08", "2024-01-22", "2024-02-05", "2024-02-26",
		"2024-03-11", "2024-04-15", "2024-04-29", "2024-05-13", "2024-06-03", "2024-06-17", "2024-07-01"}
	rule := WindowRule{FirstOn: schooltime.MustDate("2023-10-30"), EveryWeeks: 2, Opens: time.Monday, Closes: time.Friday, InTermOnly: true}
	got := rule.windows(schooltime.MustDate("2024-07-12"), year2023)
	require.Equal(t, published, opening(got))
	for _, w := range got {
		require.Equal(t, 4, w.OpensOn.DaysUntil(w.ClosesOn), "Monday to Friday: %s", w)
	}
	require.Equal(t, append(published, "2024-07-15"), opening(rule.windows(schooltime.MustDate("2024-08-31"), year2023)))
}

func TestWindowRuleWithoutTermsCountsEveryWeek(t *testing.T) {
	r := WindowRule{FirstOn: schooltime.MustDate("2026-12-16"), EveryWeeks: 1, Opens: time.Friday, Closes: time.Tuesday}
	got := r.windows(schooltime.MustDate("2027-01-05"), nil)
	require.Equal(t, []string{"2026-12-18", "2026-12-25", "2027-01-01"}, opening(got))
	require.Equal(t, "2027-01-05", got[2].ClosesOn.String(), "over the weekend, and not beyond the last day")
	require.Len(t, r.windows(schooltime.MustDate("2040-01-05"), nil), maxWindows)
	r.InTermOnly = true
	require.Empty(t, r.windows(schooltime.MustDate("2030-01-05"), nil))
}

func TestWeekWithABankHolidayIsInTermAndHalfTermIsNot(t *testing.T) {
	r := WindowRule{FirstOn: schooltime.MustDate("2024-05-06"), EveryWeeks: 3, Opens: time.Monday, Closes: time.Friday, InTermOnly: true}
	require.Equal(t, []string{"2024-05-06", "2024-06-03", "2024-06-24", "2024-07-15"}, opening(r.windows(schooltime.MustDate("2024-08-31"), year2023)))
}
