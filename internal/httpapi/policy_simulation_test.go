package httpapi_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

// tries simulates the draft of a process as somebody.
func tries(t *testing.T, p *apitest.Process, who string, body api.SimulatePolicy) api.Simulation {
	t.Helper()
	r, err := p.As(who).SimulatePolicyWithResponse(t.Context(), p.PolicyID, body)
	apitest.OK(t, r, err)
	return *r.JSON200
}

// drafts replaces the draft of the process's policy.
func drafts(t *testing.T, p *apitest.Process, rules string) {
	t.Helper()
	c, err := p.As("hr").GetPolicyWithResponse(t.Context(), p.PolicyID)
	apitest.OK(t, c, err)
	u, err := p.As("hr").UpdatePolicyWithResponse(t.Context(), p.PolicyID, &api.UpdatePolicyParams{IfMatch: c.HTTPResponse.Header.Get("ETag")}, api.UpdatePolicy{Document: ruled(t, rules)})
	apitest.OK(t, u, err)
}

func simulated(s api.Simulation, name string) api.SimulatedPerson {
	for _, p := range s.Items {
		if p.Person.DisplayName == name {
			return p
		}
	}
	return api.SimulatedPerson{}
}

func problems(s api.Simulation) map[string]api.SimulationProblem {
	found := map[string]api.SimulationProblem{}
	for _, p := range s.Problems {
		found[p.Code] = p
	}
	return found
}

func names(cards []api.PersonCard) []string {
	out := []string{}
	for _, c := range cards {
		out = append(out, c.DisplayName)
	}
	return out
}

func TestSimulationShowsWhoWouldActForRealPeople(t *testing.T) {
	t.Parallel()
	p := apitest.NewProcess(t, apitest.ProcessSetup{Draft: true})
	starts := date("2026-09-01")
	s := tries(t, p, "hr", api.SimulatePolicy{StartsOn: &starts})
	assert.Equal(t, "2027-08-31", s.Summary.EndsOn.String())
	assert.Equal(t, []int{5, 5, 0, 0}, []int{s.Summary.Posts, s.Summary.Included, s.Summary.Excluded, s.Summary.WithoutReviewer})
	assert.True(t, s.Changes.IsNull())
	assert.Empty(t, s.Pay, "there is no pay table without a cycle")
	ada := simulated(s, "Ada Finch")
	assert.Equal(t, "teaching", ada.StaffGroup.MustGet().Code)
	assert.Equal(t, []string{"Ben Reed"}, names(ada.Reviewers))
	assert.Len(t, ada.Slots, 3)
	assert.Equal(t, "objectives", ada.Deadlines[0].Code)
	assert.Equal(t, "2026-11-02", ada.Deadlines[0].DueOn.MustGet().String(), "sixty days after joining, a Saturday")
	by := map[string][]string{}
	for _, step := range ada.Steps {
		by[step.Step] = names(step.People)
	}
	assert.Equal(t, []string{"Ada Finch"}, by["outcome.reflect"])
	assert.Contains(t, by, "outcome.decide")
	assert.Equal(t, []string{"Cho Lark"}, by["outcome.decide"])

	heads := tries(t, p, "cho", api.SimulatePolicy{})
	assert.Equal(t, []string{"Ada Finch", "Dov Pike", "Ben Reed"}, cardsOf(heads), "a head tries it on their own school, without themselves")
	r, err := p.As("ben").SimulatePolicyWithResponse(t.Context(), p.PolicyID, api.SimulatePolicy{})
	apitest.Refused(t, r, err, 403, "role_not_admitted")

	two := 2
	first := tries(t, p, "hr", api.SimulatePolicy{Limit: &two, UnitID: &p.School})
	require.Len(t, first.Items, 2)
	assert.Equal(t, 4, first.Summary.Posts, "the summary is of everybody")
	cursor := first.NextCursor.MustGet()
	second := tries(t, p, "hr", api.SimulatePolicy{Limit: &two, UnitID: &p.School, Cursor: &cursor})
	assert.Equal(t, []string{"Ada Finch", "Cho Lark", "Dov Pike", "Ben Reed"}, append(cardsOf(first), cardsOf(second)...))
	assert.True(t, second.NextCursor.IsNull())

	refused := func(body api.SimulatePolicy, at, code string) {
		t.Helper()
		r, err := p.As("hr").SimulatePolicyWithResponse(t.Context(), p.PolicyID, body)
		assert.Equal(t, []string{at + " " + code}, violationsAt(apitest.Refused(t, r, err, 422, code).Problem))
	}
	nothing, odd := uuid.New(), "b2Rk"
	refused(api.SimulatePolicy{CycleID: &nothing}, "/cycle_id", "unknown_cycle")
	refused(api.SimulatePolicy{UnitID: &nothing}, "/unit_id", "unknown_unit")
	refused(api.SimulatePolicy{PolicyVersionID: &nothing}, "/policy_version_id", "unknown_policy_version")
	refused(api.SimulatePolicy{Against: &api.AgainstPolicy{PolicyVersionID: nothing}}, "/against/policy_version_id", "unknown_policy_version")
	refused(api.SimulatePolicy{Cursor: &odd}, "/cursor", "bad_cursor")
	refused(api.SimulatePolicy{CycleID: &p.CycleID, StartsOn: &starts}, "/starts_on", "cycle_and_first_day")
	other := apitest.NewWorld(t, "2026-09-01")
	theirs, err := other.HR.SimulatePolicyWithResponse(t.Context(), p.PolicyID, api.SimulatePolicy{})
	apitest.Refused(t, theirs, err, 404, "not_found")
}

func cardsOf(s api.Simulation) []string {
	var cards []api.PersonCard
	for _, p := range s.Items {
		cards = append(cards, p.Person)
	}
	return names(cards)
}

func TestSimulationFindsWhatWouldGoWrongAndWhatChanges(t *testing.T) {
	t.Parallel()
	p := apitest.NewProcess(t, apitest.ProcessSetup{})
	before := p.PolicyVersion
	drafts(t, p, `{"population":{"groups":[{"code":"teaching","label":"Teaching staff","when":{"all":[{"fact":"staff_type","op":"is","value":"teaching"},{"fact":"is_head","op":"is","value":false}]}},
			{"code":"qualified","label":"Qualified","when":{"fact":"qts","op":"is","value":true}},{"code":"support","label":"Support","when":{"fact":"staff_type","op":"is","value":"support"}},{"code":"teaching_heads","label":"Heads","when":{"fact":"is_head","op":"is","value":true}}]},
		"objectives":{"on_disagreement":"head","due":{"anchor":"half_term","half_term":"autumn_1"}},
		"outcome":{"chain":[{"code":"reflect","label":"Reflection","order":1,"party":"reviewee","acts":["reflect"],"form":"reflection","required":true},
			{"code":"statement","label":"Statement","order":2,"party":"reviewer","acts":["state","recommend"],"form":"statement","required":true},
			{"code":"decide","label":"Decision","order":3,"party":"head","acts":["decide"],"required":true},
			{"code":"advise","label":"Advice","order":4,"party":"office:adviser","acts":["approve"],"required":true}]}}`)
	s := tries(t, p, "hr", api.SimulatePolicy{CycleID: &p.CycleID, Against: &api.AgainstPolicy{PolicyVersionID: before}})
	found := problems(s)
	assert.Equal(t, s.Summary.Included, found["no_one_may_act"].People, "nobody is adviser")
	assert.Equal(t, "outcome.chain", found["no_one_may_act"].Policy.MustGet().Parameter)
	assert.Equal(t, "outcome.advise", found["no_one_may_act"].Examples[0].Place)
	twice := found["same_person_twice"]
	require.Contains(t, found, "same_person_twice", "Cho reviews Ben and decides on him")
	assert.Contains(t, exampleNames(twice), "Ben Reed outcome.decide")
	assert.Contains(t, exampleNames(found["unknown_fact"]), "Ada Finch qts")
	assert.Contains(t, exampleNames(found["calendar_missing"]), "Ada Finch objectives")
	ada := simulated(s, "Ada Finch")
	assert.Contains(t, ada.Problems, "no_one_may_act")
	assert.True(t, ada.Deadlines[0].DueOn.IsNull())

	changes := s.Changes.MustGet()
	assert.Equal(t, s.Summary.Posts, changes.People)
	assert.Equal(t, s.Summary.Included, changes.Deadlines)
	assert.Equal(t, 2, changes.StaffGroup, "Cho and Eve are in a group of heads now")
	assert.Contains(t, simulated(s, "Cho Lark").Changes, api.SimulatedPersonChangesStaffGroup)
	assert.NotContains(t, ada.Changes, api.SimulatedPersonChangesStaffGroup)

	same := tries(t, p, "hr", api.SimulatePolicy{PolicyVersionID: &before, CycleID: &p.CycleID, Against: &api.AgainstPolicy{PolicyVersionID: before}})
	assert.Zero(t, same.Changes.MustGet().People, "a version changes nothing against itself, also in a year that runs")
	assert.NotContains(t, problems(same), "same_person_twice")
	assert.Equal(t, []string{"Eve Tarn outcome.decide"}, exampleNames(problems(same)["no_one_may_act"]), "the chair reviews Eve, and whoever stated does not decide")
}

func exampleNames(p api.SimulationProblem) []string {
	var out []string
	for _, e := range p.Examples {
		out = append(out, e.Person.DisplayName+" "+e.Place)
	}
	return out
}
