package cycle

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

func parse(t *testing.T, text string) *policy.Document {
	t.Helper()
	d, findings := policy.Parse([]byte(text))
	require.Empty(t, findings)
	return d
}

var theYear = Cycle{StartsOn: schooltime.MustDate("2026-09-01"), EndsOn: schooltime.MustDate("2027-08-31"), Status: Open}

func from(starts, ends string) schooltime.Anchors {
	s := schooltime.MustDate(starts)
	return schooltime.Anchors{CycleStart: s, CycleEnd: schooltime.MustDate(ends), Joining: s}
}

func TestOwnDateMovesEverybodysDeadlineByAsManyDays(t *testing.T) {
	// The model's objectives are due 60 days after joining, a weekend moved to Monday; the
	// reflection 15 days after the end.
	rules := parse(t, `{"schema":1}`).Resolve("", "teaching")
	own := []Date{
		{Code: "objectives", DueOn: schooltime.MustDate("2026-11-09")}, // the rule yields Monday 2 November
		{Code: "outcome.reflect", StaffGroup: "support", DueOn: schooltime.MustDate("2027-09-20")},
	}
	for _, c := range []struct {
		why, code, group, starts, ends, due string
		own                                 []Date
	}{
		{"by the rule", "objectives", "teaching", "2026-09-01", "2027-08-31", "2026-11-02", nil},
		{"on the very date", "objectives", "teaching", "2026-09-01", "2027-08-31", "2026-11-09", own},
		{"a joiner keeps their time, and a week more", "objectives", "teaching", "2027-01-04", "2027-08-31", "2027-03-12", own},
		{"a joiner by the rule", "objectives", "teaching", "2027-01-04", "2027-08-31", "2027-03-05", nil},
		{"another group's own date is not theirs", "outcome.reflect", "teaching", "2026-09-01", "2027-08-31", "2027-09-15", own},
		{"the group's own date", "outcome.reflect", "support", "2026-09-01", "2027-08-31", "2027-09-20", own},
		{"a contract that ends early", "outcome.reflect", "support", "2026-09-01", "2027-01-29", "2027-02-22", own},
	} {
		got, err := theYear.Due(rules, c.own, c.code, c.group, from(c.starts, c.ends))
		require.NoError(t, err)
		require.Equal(t, c.due, got.String(), c.why)
	}
	_, err := theYear.Due(rules, own, "outcome.sing", "teaching", theYear.Anchors())
	require.Error(t, err)
}

func TestEarlierOwnDateNeverFallsBeforeAJoinerStarts(t *testing.T) {
	rules := parse(t, `{"schema":1}`).Resolve("", "")
	own := []Date{{Code: "objectives", DueOn: schooltime.MustDate("2026-09-02")}} // two months earlier than the rule
	got, err := theYear.Due(rules, own, "objectives", "", from("2027-01-04", "2027-08-31"))
	require.NoError(t, err)
	require.Equal(t, "2027-01-04", got.String())
}

// chained is a policy whose second step is due ten days after the first is done.
const chained = `{"schema":1,"rules":{"outcome":{"chain":[
	{"code":"reflect","label":"Reflection","order":1,"party":"reviewee","acts":["reflect"],"form":"reflection","required":true,"due":{"anchor":"cycle_end","days":10}},
	{"code":"decide","label":"Decision","order":2,"party":"head","acts":["decide"],"form":"decision","required":true,"due":{"anchor":"step","step":"reflect","days":10}},
	{"code":"sign","label":"Signature","order":3,"party":"reviewee","acts":["sign"],"required":false}]}}}`

func TestDeadlineCountsFromTheStepBefore(t *testing.T) {
	d := parse(t, chained)
	list, err := theYear.Deadlines(d, []Date{{Code: "outcome.reflect", DueOn: schooltime.MustDate("2027-09-12")}}, nil)
	require.NoError(t, err)
	byCode := map[string]string{}
	for _, due := range list {
		byCode[due.Code] = due.DueOn.String()
	}
	require.Equal(t, "2027-09-12", byCode["outcome.reflect"])
	require.Equal(t, "2027-09-22", byCode["outcome.decide"], "as if each step were done on its last day")
	require.NotContains(t, byCode, "outcome.sign", "it has no deadline")

	a := theYear.Anchors()
	waiting, err := theYear.Due(d.Resolve("", ""), nil, "outcome.decide", "", a)
	require.NoError(t, err)
	require.True(t, waiting.IsZero(), "no day before the step is done")
	a.Steps = map[string]schooltime.Date{"reflect": schooltime.MustDate("2027-09-01")}
	due, err := theYear.Due(d.Resolve("", ""), nil, "outcome.decide", "", a)
	require.NoError(t, err)
	require.Equal(t, "2027-09-11", due.String())
	own := []Date{{Code: "outcome.sign", DueOn: schooltime.MustDate("2027-10-01")}}
	due, err = theYear.Due(d.Resolve("", ""), own, "outcome.sign", "", a)
	require.NoError(t, err)
	require.Equal(t, "2027-10-01", due.String(), "a step without a deadline gets the trust's own")
}
