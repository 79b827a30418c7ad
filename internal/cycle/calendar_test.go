package cycle

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/schooltime"
)

// byHalfTerm is a policy whose objectives are due ten school days after the first half of the
// autumn, and whose reflection waits for the summer's last school day.
const byHalfTerm = `{"schema":1,"rules":{
	"objectives":{"due":{"anchor":"half_term","half_term":"autumn_1","days":10,"in":"school_days"}},
	"outcome":` + chainByHalfTerm + `}}`

const chainByHalfTerm = `{"chain":[
		{"code":"reflect","label":"Reflection","order":1,"party":"reviewee","acts":["reflect"],"form":"reflection","required":true,"due":{"anchor":"half_term","half_term":"summer_2"}},
		{"code":"decide","label":"Decision","order":2,"party":"head","acts":["decide"],"form":"decision","required":true,"due":{"anchor":"step","step":"reflect","days":5,"in":"working_days"}}]}`

var year2026 = &schooltime.Calendar{Region: schooltime.EnglandAndWales, Terms: []schooltime.Term{
	termOf(schooltime.Autumn, "2026-09-02", "2026-12-18", "2026-10-26", "2026-10-30"),
	termOf(schooltime.Spring, "2027-01-04", "2027-03-25", "2027-02-15", "2027-02-19"),
	termOf(schooltime.Summer, "2027-04-12", "2027-07-21", "2027-05-31", "2027-06-04"),
}}

func TestDeadlinesCountByTheCalendarOfTheUnit(t *testing.T) {
	d := parse(t, byHalfTerm)
	days := func(own []Date, by *schooltime.Calendar) map[string]string {
		list, err := theYear.Deadlines(d, own, by)
		require.NoError(t, err)
		found := map[string]string{}
		for _, due := range list {
			found[due.Code] = due.DueOn.String()
		}
		return found
	}
	got := days(nil, year2026)
	require.Equal(t, "2026-11-13", got["objectives"], "ten school days after Friday 23 October")
	require.Equal(t, "2027-07-21", got["outcome.reflect"])
	require.Equal(t, "2027-07-28", got["outcome.decide"], "working days go on in the holidays")
	require.NotContains(t, days(nil, nil), "objectives", "unknown rather than wrong")
	own := []Date{{Code: "objectives", DueOn: schooltime.MustDate("2026-11-20")}}
	require.Equal(t, "2026-11-20", days(own, year2026)["objectives"])
	require.Equal(t, "2026-11-20", days(own, nil)["objectives"], "the trust's own date needs no calendar")
}

func TestOwnDateIsTheVeryDateByEveryCalendar(t *testing.T) {
	res := parse(t, byHalfTerm).Resolve("", "")
	own := []Date{{Code: "objectives", DueOn: schooltime.MustDate("2026-11-20")}}
	later := *year2026
	later.Terms = append([]schooltime.Term{termOf(schooltime.Autumn, "2026-09-02", "2026-12-18", "2026-10-19", "2026-10-23")}, year2026.Terms[1:]...)
	for _, by := range []*schooltime.Calendar{year2026, &later, nil} {
		a := theYear.anchorsBy(by)
		due, err := theYear.Due(res, own, "objectives", "", a)
		require.NoError(t, err)
		require.Equal(t, "2026-11-20", due.String())
	}
}

func TestPolicyThatCountsByTheCalendarNeedsOneThatReachesSoFar(t *testing.T) {
	d := parse(t, byHalfTerm)
	rules := countedRules(&d.Resolve("", "").Rules)
	require.Len(t, rules, 2)
	half := *year2026
	half.Terms = year2026.Terms[:2]
	for _, c := range []struct {
		by   *schooltime.Calendar
		path string
	}{{nil, "objectives.due"}, {&half, "outcome.chain[0].due"}, {year2026, ""}} {
		cite := theYear.uncounted(d, [16]byte{1}, c.by)
		if c.path == "" {
			require.Nil(t, cite)
			continue
		}
		require.Equal(t, c.path, cite.Parameter)
	}
	require.Empty(t, countedRules(&parse(t, `{"schema":1}`).Resolve("", "").Rules), "the model needs none")
}

func TestRuleByTheCalendarMovesLaterOnlyInAnOpenCycle(t *testing.T) {
	before := parse(t, byHalfTerm)
	for rule, refused := range map[string]bool{
		`{"anchor":"half_term","half_term":"autumn_1","days":12,"in":"school_days"}`: false,
		`{"anchor":"half_term","half_term":"autumn_2"}`:                              false,
		`{"anchor":"half_term","half_term":"autumn_1","days":9,"in":"school_days"}`:  true,
		`{"anchor":"half_term","half_term":"autumn_1","days":10}`:                    true,
		`{"anchor":"half_term","half_term":"autumn_1"}`:                              true,
	} {
		after := parse(t, `{"schema":1,"rules":{"objectives":{"due":`+rule+`},"outcome":`+chainByHalfTerm+`}}`)
		err := theYear.frozen(before, after, year2026)
		if refused {
			require.ErrorContains(t, err, "frozen_while_open", rule)
		} else {
			require.NoError(t, err, rule)
		}
	}
}
