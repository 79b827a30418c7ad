package httpapi_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

// hearings are rules under which pay is decided by one party, and an appeal against it is heard in
// stages by others; another admits it when it comes late.
func hearings(payBy, lateBy string, stages ...string) string {
	list := ""
	for i, party := range stages {
		list += fmt.Sprintf(`,{"code":"stage_%d","label":"Hearing","party":%q,"lodge_days":10,"decide_days":20}`, i+1, party)
	}
	return fmt.Sprintf(`{"outcome":{"scale":[],"method":"none","chain":[{"code":"report","label":"Report","order":1,"party":"reviewer","acts":["state","recommend_pay"],"form":"statement","required":true}]},
		"pay":{"link":"recommendation","chain":[{"code":"decide_pay","label":"Decision on pay","order":1,"party":%q,"acts":["decide_pay"],"required":true}]},
		"appeals":{"pay":[%s],"statement":[],"late_by":%q}}`, payBy, list[min(1, len(list)):], lateBy)
}

// One person is HR, decides on pay, and would hear and admit the appeals against it. Eve, the chief
// executive, stands in, but not where she reviews or for herself.
func TestASimulationNamesTheAppealsThatNobodyIsLeftToHear(t *testing.T) {
	t.Parallel()
	p := apitest.NewProcess(t, apitest.ProcessSetup{Draft: true})
	drafts(t, p, hearings("hr", "hr", "hr"))
	s := tries(t, p, "hr", api.SimulatePolicy{})
	unheard, late := problems(s)["appeal_unheard"], problems(s)["late_appeal_unadmitted"]
	want := []string{"Cho Lark appeals.pay.stage_1", "Eve Tarn appeals.pay.stage_1"}
	assert.ElementsMatch(t, want, exampleNames(unheard))
	assert.ElementsMatch(t, want, exampleNames(late))
	assert.Equal(t, []any{2, "appeals.pay"}, []any{unheard.People, unheard.Policy.MustGet().Parameter})
	assert.Equal(t, []any{2, "appeals.late_by"}, []any{late.People, late.Policy.MustGet().Parameter})
	assert.Contains(t, simulated(s, "Cho Lark").Problems, "appeal_unheard")
	assert.Empty(t, simulated(s, "Ada Finch").Problems, "Eve hears hers")

	gil, err := p.World.HR.CreatePersonWithResponse(t.Context(), nil, api.CreatePerson{GivenName: "Gil", FamilyName: "Sand"})
	apitest.OK(t, gil, err)
	fillOffice(p, "hr", gil.JSON201.ID)
	assert.Empty(t, appealProblems(tries(t, p, "hr", api.SimulatePolicy{})), "of two HR people one is left, whoever decides")
}

func TestASimulationCountsEmptySeatsAndWhoDecidedTheStageBefore(t *testing.T) {
	t.Parallel()
	p := apitest.NewProcess(t, apitest.ProcessSetup{Draft: true})
	for name, tc := range map[string]struct {
		rules string
		want  map[string]int // how many people, by code and place
	}{
		"an office that nobody holds":       {hearings("hr", "head", "office:panel"), map[string]int{"appeal_unheard appeals.pay.stage_1": 5, "late_appeal_unadmitted appeals.pay.stage_1": 1}},
		"the chair hears twice":             {hearings("hr", "none", "office:chair", "office:chair"), map[string]int{"appeal_unheard appeals.pay.stage_1": 1, "appeal_unheard appeals.pay.stage_2": 5}},
		"the chair decides and admits":      {hearings("office:chair", "office:chair", "hr"), map[string]int{"late_appeal_unadmitted appeals.pay.stage_1": 5}},
		"no appeal, and so nothing to hear": {hearings("hr", "hr"), map[string]int{}},
	} {
		drafts(t, p, tc.rules)
		assert.Equal(t, tc.want, appealProblems(tries(t, p, "hr", api.SimulatePolicy{})), name)
	}
}

// appealProblems counts the examples of what is wrong with appeals, by code and place.
func appealProblems(s api.Simulation) map[string]int {
	out := map[string]int{}
	for _, code := range []string{"appeal_unheard", "late_appeal_unadmitted"} {
		for _, e := range problems(s)[code].Examples {
			out[code+" "+e.Place]++
		}
	}
	return out
}

// unheardOf names, by person, the stages of appeals that nobody would be left to hear, and those to
// which nobody would be left to admit a late one.
func unheardOf(s api.Simulation) map[string]string {
	found := problems(s)
	out := map[string]string{}
	for _, kind := range []struct{ code, word string }{{"appeal_unheard", ""}, {"late_appeal_unadmitted", "late:"}} {
		for _, e := range found[kind.code].Examples {
			out[e.Person.DisplayName] = strings.TrimSpace(out[e.Person.DisplayName] + " " + kind.word + strings.TrimPrefix(e.Place, "appeals."))
		}
	}
	return out
}
