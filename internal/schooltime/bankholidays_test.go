package schooltime

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func days(text string) []Date {
	var found []Date
	for _, word := range strings.Fields(text) {
		found = append(found, MustDate(word))
	}
	return found
}

// The days as the government published them.
func TestBankHolidaysFallOnTheirPublishedDays(t *testing.T) {
	for _, c := range []struct {
		region Region
		year   int
		days   string
	}{
		{EnglandAndWales, 2022, "2022-01-03 2022-04-15 2022-04-18 2022-05-02 2022-08-29 2022-09-19 2022-12-26 2022-12-27"},
		{EnglandAndWales, 2023, "2023-01-02 2023-04-07 2023-04-10 2023-05-01 2023-05-08 2023-05-29 2023-08-28 2023-12-25 2023-12-26"},
		{EnglandAndWales, 2024, "2024-01-01 2024-03-29 2024-04-01 2024-05-06 2024-05-27 2024-08-26 2024-12-25 2024-12-26"},
		{EnglandAndWales, 2025, "2025-01-01 2025-04-18 2025-04-21 2025-05-05 2025-05-26 2025-08-25 2025-12-25 2025-12-26"},
		{EnglandAndWales, 2026, "2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31 2026-12-25 2026-12-28"},
		{EnglandAndWales, 2027, "2027-01-01 2027-03-26 2027-03-29 2027-05-03 2027-05-31 2027-08-30 2027-12-27 2027-12-28"},
		{Scotland, 2023, "2023-01-02 2023-01-03 2023-04-07 2023-05-01 2023-05-08 2023-05-29 2023-08-07 2023-11-30 2023-12-25 2023-12-26"},
		{Scotland, 2024, "2024-01-01 2024-01-02 2024-03-29 2024-05-06 2024-05-27 2024-08-05 2024-12-02 2024-12-25 2024-12-26"},
		{Scotland, 2025, "2025-01-01 2025-01-02 2025-04-18 2025-05-05 2025-05-26 2025-08-04 2025-12-01 2025-12-25 2025-12-26"},
		{NorthernIreland, 2023, "2023-01-02 2023-03-17 2023-04-07 2023-04-10 2023-05-01 2023-05-08 2023-05-29 2023-07-12 2023-08-28 2023-12-25 2023-12-26"},
		{NorthernIreland, 2025, "2025-01-01 2025-03-17 2025-04-18 2025-04-21 2025-05-05 2025-05-26 2025-07-14 2025-08-25 2025-12-25 2025-12-26"},
		{NorthernIreland, 2026, "2026-01-01 2026-03-17 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-07-13 2026-08-31 2026-12-25 2026-12-28"},
		{NoRegion, 2026, ""},
	} {
		published := days(c.days)
		if c.year == 2022 { // the spring holiday was moved for the jubilee: a calendar adds its days
			published = append(published, MustDate("2022-05-30"))
		}
		got := bankHolidays(c.region, c.year)
		require.Len(t, got, len(published), "%s %d: %v", c.region, c.year, got)
		for _, d := range published {
			require.True(t, got[d], "%s %s", c.region, d)
		}
	}
}

func TestEasterFallsOnItsSunday(t *testing.T) {
	for _, d := range days("2019-04-21 2023-04-09 2024-03-31 2025-04-20 2026-04-05 2027-03-28 2038-04-25") {
		require.Equal(t, d, Easter(d.Year()))
	}
}

func TestCalendarListsItsBankHolidaysWithThoseItAdds(t *testing.T) {
	c := &Calendar{Region: EnglandAndWales, Extra: days("2026-06-15 2026-12-25 2031-01-01"),
		Terms: []Term{{Code: Spring, Span: Span{MustDate("2026-04-06"), MustDate("2026-12-26")}}}}
	listed := c.BankHolidays()
	require.Equal(t, days("2026-04-06 2026-05-04 2026-05-25 2026-06-15 2026-08-31 2026-12-25"), listed, "each once, within the terms, in order")
	require.True(t, slices.IsSortedFunc(listed, func(a, b Date) int { return b.DaysUntil(a) }))
	var nobodys *Calendar
	require.Empty(t, nobodys.BankHolidays())
}
