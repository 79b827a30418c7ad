package policy_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/policy"
)

func TestRulesOnPeopleThatContradictEachOtherAreFound(t *testing.T) {
	t.Parallel()
	const panel = `{"code":"heads","label":"Heads","when":{"fact":"is_head","op":"is","value":true},"seats":["office:ceo","office:chair"]}`
	for name, c := range map[string]struct {
		edits []edit
		want  string // the code; empty where it is fine
		paths []string
	}{
		"a panel of offices":          {[]edit{{"rules.reviewers.appointments", `[` + panel + `]`}}, "", nil},
		"appointed by hand":           {[]edit{{"rules.reviewers.default", `"appointed"`}}, "", nil},
		"appointed by nobody":         {[]edit{{"rules.reviewers.default", `"appointed"`}, {"rules.reviewers.appointed_by", `[]`}}, "nobody_appoints", []string{"rules.reviewers.default", "rules.reviewers.appointed_by"}},
		"all by an appointment":       {[]edit{{"rules.reviewers.default", `"appointed"`}, {"rules.reviewers.appointed_by", `[]`}, {"rules.reviewers.appointments", `[{"code":"all","label":"All","when":{},"seats":["head"]}]`}}, "", nil},
		"no seats":                    {[]edit{{"rules.reviewers.appointments", `[{"code":"a","label":"A","when":{},"seats":[]}]`}}, "appointment_without_seats", []string{"rules.reviewers.appointments[0].seats"}},
		"a seat twice":                {[]edit{{"rules.reviewers.appointments", `[{"code":"a","label":"A","when":{},"seats":["head","head"]}]`}}, "seat_twice", []string{"rules.reviewers.appointments[0].seats[1]"}},
		"any head":                    {[]edit{{"rules.reviewers.appointments", `[{"code":"a","label":"A","when":{},"seats":["office:head"]}]`}}, "seat_of_any_head", []string{"rules.reviewers.appointments[0].seats[0]"}},
		"no such party":               {[]edit{{"rules.reviewers.appointments", `[{"code":"a","label":"A","when":{},"seats":["head"],"objectives_by":"both"}]`}}, "seat_unknown", []string{"rules.reviewers.appointments[0].objectives_by"}},
		"one that hides another":      {[]edit{{"rules.reviewers.appointments", `[{"code":"a","label":"A","when":{},"seats":["head"]},` + panel + `]`}}, "appointment_hidden", []string{"rules.reviewers.appointments[0].when"}},
		"a condition on no fact":      {[]edit{{"rules.reviewers.may_review", `{"fact":"height","op":"is","value":2}`}}, "fact_unknown", []string{"rules.reviewers.may_review.fact"}},
		"a tag that reviewers have":   {[]edit{{"rules.reviewers.may_review", `{"fact":"tags","op":"has","value":"coaching_qualified"}`}}, "", nil},
		"a tag as if it were a text":  {[]edit{{"rules.reviewers.may_review", `{"fact":"tags","op":"is","value":"coaching_qualified"}`}}, "fact_op", []string{"rules.reviewers.may_review.op"}},
		"longer than any year":        {[]edit{{"rules.population.shortest_months", `13`}}, "nobody_long_enough", []string{"rules.population.shortest_months", "rules.cycle.length_months"}},
		"including whom nothing bars": {[]edit{{"rules.population.exclusions[0].effect", `"include_with_remark"`}, {"rules.population.exclusions[0].may_include", `["head"]`}}, "nothing_to_include", []string{"rules.population.exclusions[0].may_include", "rules.population.exclusions[0].effect"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			document := embedded(t, "model")
			change(t, document, c.edits)
			found := policy.Errors(policy.Validate(parse(t, document)))
			if c.want == "" {
				require.Empty(t, found)
				return
			}
			require.Len(t, found, 1)
			require.Equal(t, c.want, found[0].Code)
			require.Equal(t, c.paths, found[0].Paths)
			if c.want != "fact_unknown" && c.want != "fact_op" {
				require.NotEmpty(t, found[0].Suggestion)
			}
		})
	}
}

func TestATagHoldsWhereThePostHasIt(t *testing.T) {
	t.Parallel()
	has := policy.Condition{Fact: "tags", Op: "has", Value: "coaching_qualified"}
	require.Empty(t, has.Check())
	require.True(t, has.Holds(policy.FactSet{"tags": []string{"mentor", "coaching_qualified"}}))
	require.False(t, has.Holds(policy.FactSet{"tags": []string{"coaching"}}))
	require.False(t, has.Holds(policy.FactSet{}))
	known := policy.Condition{Fact: "tags", Op: "known"}
	require.False(t, known.Holds(policy.FactSet{"tags": []string{}}))
	require.True(t, known.Holds(policy.FactSet{"tags": []string{"mentor"}}))
}
