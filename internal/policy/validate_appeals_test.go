package policy_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/policy"
)

func TestAppealsThatCannotBeHeardAreFound(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		edits []edit
		code  string
		paths []string
	}{
		"two stages of one name": {[]edit{{"rules.appeals.pay[1].code", `"first"`}}, "code_twice", []string{"rules.appeals.pay[0].code", "rules.appeals.pay[1].code"}},
		"two grounds of one name": {[]edit{{"rules.appeals.grounds", `[{"code":"facts","label":"Facts"},{"code":"facts","label":"Process"}]`}}, "code_twice",
			[]string{"rules.appeals.grounds[0].code", "rules.appeals.grounds[1].code"}},
		"heard by the person":             {[]edit{{"rules.appeals.pay[0].party", `"reviewee"`}}, "appeal_unheard", []string{"rules.appeals.pay[0].party"}},
		"heard by the reviewer":           {[]edit{{"rules.appeals.statement[0].party", `"reviewer"`}}, "appeal_unheard", []string{"rules.appeals.statement[0].party"}},
		"heard by both":                   {[]edit{{"rules.appeals.pay[0].party", `"both"`}}, "appeal_unheard", []string{"rules.appeals.pay[0].party"}},
		"heard by nobody":                 {[]edit{{"rules.appeals.pay[0].party", `"none"`}}, "appeal_unheard", []string{"rules.appeals.pay[0].party"}},
		"heard by any head":               {[]edit{{"rules.appeals.pay[0].party", `"office:head"`}}, "appeal_of_any_head", []string{"rules.appeals.pay[0].party"}},
		"a late one admitted by oneself":  {[]edit{{"rules.appeals.late_by", `"reviewee"`}}, "appeal_unheard", []string{"rules.appeals.late_by"}},
		"a statement that nothing amends": {[]edit{{"rules.appeals.remedies", `[]`}}, "appeal_without_remedy", []string{"rules.appeals.statement", "rules.appeals.remedies"}},
		"a remedy twice":                  {[]edit{{"rules.appeals.remedies", `["stands","stands"]`}}, "remedy_twice", []string{"rules.appeals.remedies[1]"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			document := embedded(t, "model")
			change(t, document, tc.edits)
			findings := policy.Errors(policy.Validate(parse(t, document)))
			require.Len(t, findings, 1, "%v", findings)
			assert.Equal(t, tc.code, findings[0].Code)
			assert.Equal(t, tc.paths, findings[0].Paths)
			assert.NotEmpty(t, findings[0].Suggestion)
		})
	}
}

// Where pay is not linked there is a decision all the same, and an appeal against it.
func TestAppealsStandBesideAnyLinkOfPay(t *testing.T) {
	t.Parallel()
	for _, edits := range [][]edit{
		{{"rules.pay.link", `"none"`}},
		{{"rules.appeals.late_by", `"none"`}, {"rules.appeals.pay", `[]`}, {"rules.appeals.statement", `[]`}, {"rules.appeals.remedies", `[]`}},
		{{"rules.appeals.pay[0].party", `"office:governor"`}, {"rules.appeals.pay[0].in", `"school_days"`}},
	} {
		document := embedded(t, "model")
		change(t, document, edits)
		assert.Empty(t, policy.Errors(policy.Validate(parse(t, document))))
	}
}
