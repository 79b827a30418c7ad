package policy_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/perennial-api/perennial/internal/policy"
)

func TestAReportHoldsWhatItsStepsHaveAndGoesToSomebody(t *testing.T) {
	one := func(section string) []edit { return []edit{{"rules.report.sections", "[" + section + "]"}} }
	for _, c := range []struct {
		name, code string
		edits      []edit
	}{
		{"a section twice", "code_twice", one(`{"code":"a","label":"A","holds":"rating","to":["hr"]},{"code":"a","label":"B","holds":"pay","to":["hr"]}`)},
		{"a section to nobody", "report_to_nobody", one(`{"code":"a","label":"A","holds":"rating","to":[]}`)},
		{"a section to both", "party_unknown", one(`{"code":"a","label":"A","holds":"rating","to":["both"]}`)},
		{"a step that is not there", "section_step_unknown", one(`{"code":"a","label":"A","holds":"answers","step":"appraise","to":["hr"]}`)},
		{"a step without a form", "section_without_form", one(`{"code":"a","label":"A","holds":"answers","step":"approve","to":["hr"]}`)},
		{"a part that the form has not", "part_unknown", one(`{"code":"a","label":"A","holds":"answers","step":"state","parts":["weather"],"to":["hr"]}`)},
		{"parts and no step", "parts_of_no_step", one(`{"code":"a","label":"A","holds":"answers","parts":["statement"],"to":["hr"]}`)},
		{"a step for what is no answer", "section_of_no_step", one(`{"code":"a","label":"A","holds":"rating","step":"state","to":["hr"]}`)},
		{"a day from a step that is not there", "date_rule", one(`{"code":"a","label":"A","holds":"rating","to":["hr"],"due":{"anchor":"step","step":"appraise","days":5}}`)},
		{"a content twice", "code_twice", []edit{{"rules.report.governors", `["pay","pay"]`}}},
		{"an input twice", "code_twice", []edit{{"rules.outcome.inputs", `["standards","standards"]`}}},
	} {
		document := embedded(t, "model")
		change(t, document, c.edits)
		var codes []string
		for _, f := range policy.Errors(policy.Validate(parse(t, document))) {
			codes = append(codes, f.Code)
		}
		assert.Equal(t, []string{c.code}, codes, c.name)
	}
	document := embedded(t, "model")
	change(t, document, one(`{"code":"a","label":"A","holds":"answers","step":"state","parts":["statement"],"to":["reviewee","office:slt"],"due":{"anchor":"step","step":"state","days":5}}`))
	assert.Empty(t, policy.Errors(policy.Validate(parse(t, document))), "an office, a part and a day that follows a step are fine")
}
