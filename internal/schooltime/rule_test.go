package schooltime

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRuleCountsDaysOfItsKind(t *testing.T) {
	c := school2026()
	at := func(start string) Anchors {
		return Anchors{CycleStart: MustDate(start), CycleEnd: MustDate("2027-08-31"), Joining: MustDate(start), Calendar: c}
	}
	for _, r := range []struct {
		why, from string
		rule      Rule
		want      string
	}{
		{"calendar days", "2026-10-16", Rule{Anchor: CycleStart, Days: 10}, "2026-10-26"},
		{"calendar days, named", "2026-10-16", Rule{Anchor: CycleStart, Days: 10, In: CalendarDays}, "2026-10-26"},
		{"the first day counts", "2026-10-16", Rule{Anchor: CycleStart, Days: 10, FromFirst: true}, "2026-10-25"},
		{"working days, over a closure", "2026-10-16", Rule{Anchor: CycleStart, Days: 12, In: WorkingDays}, "2026-11-05"},
		{"working days, the first counted", "2026-10-16", Rule{Anchor: CycleStart, Days: 12, In: WorkingDays, FromFirst: true}, "2026-11-04"},
		{"a Sunday is not day one", "2026-10-18", Rule{Anchor: CycleStart, Days: 1, In: WorkingDays, FromFirst: true}, "2026-10-19"},
		{"school days, over INSET, half term and a closure", "2026-10-21", Rule{Anchor: CycleStart, Days: 2, In: SchoolDays}, "2026-11-04"},
		{"school days, the first counted", "2026-10-21", Rule{Anchor: CycleStart, Days: 2, In: SchoolDays, FromFirst: true}, "2026-10-22"},
		{"backwards", "2026-11-04", Rule{Anchor: CycleStart, Days: -2, In: SchoolDays}, "2026-10-21"},
		{"backwards, the first counted", "2026-11-04", Rule{Anchor: CycleStart, Days: -2, In: SchoolDays, FromFirst: true}, "2026-10-22"},
		{"weeks", "2026-10-16", Rule{Anchor: CycleStart, Weeks: 2}, "2026-10-30"},
		{"weeks, the first day counted", "2026-10-16", Rule{Anchor: CycleStart, Weeks: 2, FromFirst: true}, "2026-10-29"},
		{"a month, the first day counted", "2026-09-01", Rule{Anchor: CycleStart, Months: 1, FromFirst: true}, "2026-09-30"},
		{"months, weeks, then days", "2026-09-01", Rule{Anchor: CycleStart, Months: 1, Weeks: 1, Days: 1, In: WorkingDays}, "2026-10-09"},
		{"a half term", "2026-09-01", Rule{Anchor: HalfTermEnd, HalfTerm: "autumn_1"}, "2026-10-22"},
		{"school days after a half term", "2026-09-01", Rule{Anchor: HalfTermEnd, HalfTerm: "autumn_1", Days: 1, In: SchoolDays}, "2026-11-04"},
		{"moved over a bank holiday", "2026-09-01", Rule{Anchor: CycleStart, MonthDay: "03-26", Weekend: NextWorkingDay}, "2027-03-30"},
		{"moved back over Christmas", "2026-09-01", Rule{Anchor: CycleStart, MonthDay: "12-28", Weekend: PreviousWorkingDay}, "2026-12-24"},
		{"as stated", "2026-09-01", Rule{Anchor: CycleStart, MonthDay: "12-25", Weekend: AsStated}, "2026-12-25"},
		{"beyond the calendar", "2027-07-01", Rule{Anchor: CycleStart, Days: 30, In: SchoolDays}, ""},
	} {
		got, err := r.rule.On(at(r.from))
		require.NoError(t, err, r.why)
		require.Equal(t, r.want, got.String(), r.why)
	}
}

func TestRuleWithoutACalendar(t *testing.T) {
	a := Anchors{CycleStart: MustDate("2026-12-21"), CycleEnd: MustDate("2027-08-31")}
	for want, r := range map[string]Rule{
		"2026-12-28": {Anchor: CycleStart, Days: 5, In: WorkingDays}, // Christmas is not known
		"2026-12-25": {Anchor: CycleStart, MonthDay: "12-25", Weekend: NextWorkingDay},
	} {
		got, err := r.On(a)
		require.NoError(t, err)
		require.Equal(t, want, got.String())
		require.False(t, r.NeedsCalendar())
	}
	for _, r := range []Rule{{Anchor: CycleStart, Days: 5, In: SchoolDays}, {Anchor: HalfTermEnd, HalfTerm: "spring_1"}} {
		got, err := r.On(a)
		require.NoError(t, err)
		require.True(t, got.IsZero(), "no day rather than a wrong one")
		require.True(t, r.NeedsCalendar())
	}
}

func TestThirtiethOfSeptemberMayBeASaturday(t *testing.T) {
	a := Anchors{CycleStart: MustDate("2023-09-01")}
	for weekend, want := range map[Weekend]string{AsStated: "2023-09-30", NextWorkingDay: "2023-10-02", PreviousWorkingDay: "2023-09-29"} {
		got, err := Rule{Anchor: CycleStart, MonthDay: "09-30", Weekend: weekend}.On(a)
		require.NoError(t, err)
		require.Equal(t, want, got.String())
	}
}
