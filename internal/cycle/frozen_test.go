package cycle

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/fault"
)

const grid = `{"rows":{"code":"engagement","label":"Engagement","values":[{"code":"low","label":"Low"},{"code":"high","label":"High"}]},
	"columns":{"code":"impact","label":"Impact","values":[{"code":"some","label":"Some"}]},
	"cells":[{"row":"low","column":"some","rating":"not_met"}CELLS],"boxes":[{"code":"star","label":"Star"BOX}]}`

func gridWith(cells, box string) string {
	return strings.NewReplacer("CELLS", cells, "BOX", box).Replace(grid)
}

func scale(label string, more string) string {
	return `[{"code":"not_met","label":"` + label + `"},{"code":"met","label":"Met"}` + more + `]`
}

func TestWhatMayChangeWhileACycleIsOpen(t *testing.T) {
	form := func(label, kind string) string {
		return `{"label":"Reflection","sections":[{"code":"a","label":"` + label + `","kind":"` + kind + `"}]}`
	}
	due := func(rule string) string { return `"objectives":{"due":` + rule + `}` }
	for _, c := range []struct {
		why, before, after, frozen string
	}{
		{"what is not frozen changes freely", `"objectives":{"bank":true}`, `"objectives":{"bank":false}`, ""},
		{"a scalar", `"pay":{"link":"none"}`, `"pay":{"link":"matrix"}`, "pay.link"},
		{"who reads a draft that was written", `"meetings":{"draft_visible":false}`, `"meetings":{"draft_visible":true}`, "meetings.draft_visible"},
		{"whether what was shared stays", `"meetings":{"final":true}`, `"meetings":{"final":false}`, "meetings.final"},
		{"wording of a rating", `"outcome":{"scale":` + scale("Not met", "") + `}`, `"outcome":{"scale":` + scale("Not yet", "") + `}`, ""},
		{"a rating more", `"outcome":{"scale":` + scale("Not met", "") + `}`, `"outcome":{"scale":` + scale("Not met", `,{"code":"top","label":"Top"}`) + `}`, "outcome.scale"},
		{"a missing cell is filled", `"outcome":{"grid":` + gridWith("", "") + `}`, `"outcome":{"grid":` + gridWith(`,{"row":"high","column":"some","rating":"met"}`, "") + `}`, ""},
		{"an unset cell is rated", `"outcome":{"grid":` + gridWith(`,{"row":"high","column":"some"}`, "") + `}`, `"outcome":{"grid":` + gridWith(`,{"row":"high","column":"some","rating":"met"}`, "") + `}`, ""},
		{"a rated cell is rated otherwise", `"outcome":{"grid":` + gridWith(`,{"row":"high","column":"some","rating":"met"}`, "") + `}`, `"outcome":{"grid":` + gridWith(`,{"row":"high","column":"some","rating":"not_met"}`, "") + `}`, "outcome.grid.cells.high.some.rating"},
		{"a cell is taken away", `"outcome":{"grid":` + gridWith(`,{"row":"high","column":"some","rating":"met"}`, "") + `}`, `"outcome":{"grid":` + gridWith("", "") + `}`, "outcome.grid.cells.high.some"},
		{"an unset box is rated", `"outcome":{"grid":` + gridWith("", "") + `}`, `"outcome":{"grid":` + gridWith("", `,"rating":"met"`) + `}`, ""},
		{"a later day", due(`{"anchor":"cycle_start","month_day":"10-31"}`), due(`{"anchor":"cycle_start","month_day":"11-15"}`), ""},
		{"an earlier day of the calendar", due(`{"anchor":"cycle_start","month_day":"10-31"}`), due(`{"anchor":"cycle_start","month_day":"10-30"}`), "objectives.due"},
		{"a later offset", due(`{"anchor":"joining","days":60}`), due(`{"anchor":"joining","months":3}`), ""},
		{"an earlier day", due(`{"anchor":"cycle_start","days":60}`), due(`{"anchor":"cycle_start","days":59}`), "objectives.due"},
		{"later for the year, earlier for joiners", due(`{"anchor":"joining","days":60}`), due(`{"anchor":"cycle_end","months":-9}`), "objectives.due"},
		{"wording of a form", `"forms":{"reflection":` + form("Why?", "text") + `}`, `"forms":{"reflection":` + form("How?", "text") + `}`, ""},
		{"what a form asks for", `"forms":{"reflection":` + form("Why?", "text") + `}`, `"forms":{"reflection":` + form("Why?", "yes_no") + `}`, "forms.reflection.sections[0].kind"},
		{"a form more", ``, `"forms":{"other":` + form("Why?", "text") + `}`, ""},
		{"a form less", `"forms":{"other":` + form("Why?", "text") + `}`, ``, "forms.other"},
	} {
		before := parse(t, `{"schema":1,"rules":{`+c.before+`}}`)
		after := parse(t, `{"schema":1,"rules":{`+c.after+`}}`)
		err := theYear.frozen(before, after)
		if c.frozen == "" {
			require.NoError(t, err, c.why)
			continue
		}
		var f *fault.Error
		require.True(t, errors.As(err, &f), c.why)
		require.Equal(t, "frozen_while_open", f.Code)
		require.Contains(t, details(f), c.frozen+" does not change while the cycle is open.", c.why)
	}
}

func details(f *fault.Error) []string {
	var all []string
	for _, r := range f.Refusals {
		all = append(all, r.Detail)
	}
	return all
}

func TestDeadlineMayBeGivenToAStepThatHadNoneAndNotAnOpening(t *testing.T) {
	step := `{"code":"sign","label":"Signature","order":3,"party":"reviewee","acts":["sign"],"required":false`
	with := func(more string) string { return strings.Replace(chained, step, step+more, 1) }
	require.NoError(t, theYear.frozen(parse(t, chained), parse(t, with(`,"due":{"anchor":"cycle_end","days":40}`))))
	require.ErrorContains(t, theYear.frozen(parse(t, chained), parse(t, with(`,"opens":{"anchor":"cycle_end","days":40}`))), "outcome.chain[2].opens")
	require.ErrorContains(t, theYear.frozen(parse(t, chained), parse(t, strings.Replace(chained, `"step":"reflect","days":10`, `"step":"reflect","days":9`, 1))), "outcome.chain[1].due")
	require.NoError(t, theYear.frozen(parse(t, chained), parse(t, strings.Replace(chained, `"step":"reflect","days":10`, `"step":"reflect","days":12`, 1))))
}

func TestLayersOfOneSchoolOrGroupAreFrozenToo(t *testing.T) {
	layer := func(label, kind string) string {
		return fmt.Sprintf(`{"reflection":{"label":%q,"sections":[{"code":"a","label":"Why?","kind":%q}]}}`, label, kind)
	}
	plain := parse(t, `{"schema":1,"rules":{"forms":`+layer("Reflection", "text")+`}}`)
	school := parse(t, `{"schema":1,"rules":{"forms":`+layer("Reflection", "text")+`},"schools":{"s1":{"rules":{"forms":`+layer("Reflection", "number")+`}}}}`)
	require.ErrorContains(t, theYear.frozen(plain, school), "forms.reflection.sections[0].kind")
	worded := parse(t, `{"schema":1,"rules":{"forms":`+layer("Reflection", "text")+`},"schools":{"s1":{"rules":{"forms":`+layer("Looking back", "text")+`}}}}`)
	require.NoError(t, theYear.frozen(plain, worded))
	group := parse(t, `{"schema":1,"rules":{"forms":`+layer("Reflection", "text")+`},"groups":{"support":{"outcome":{"method":"none"}}}}`)
	require.ErrorContains(t, theYear.frozen(plain, group), "outcome.method")
}
