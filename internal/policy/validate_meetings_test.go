package policy_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/policy"
)

func TestMeetingsAndCheckInsThatCannotBeHeldAreFound(t *testing.T) {
	for _, tc := range []struct {
		name  string
		edits []edit
		code  string
		paths []string
	}{
		{"more formal reviews than the plan has", []edit{{"rules.meetings.formal_min", `2`}}, "formal_min_over_plan", []string{"rules.meetings.formal_min", "rules.meetings.plan"}},
		{"formal reviews without meetings", []edit{{"rules.meetings.formal_min", `1`}, {"rules.modules.on", `["check_ins"]`}}, "module_needed",
			[]string{"rules.meetings.formal_min", "rules.modules.on"}},
		{"a title that names a person", []edit{{"rules.meetings.plan[0].title", `"{meeting} with {name}"`}}, "title_unknown", []string{"rules.meetings.plan[0].title"}},
		{"a title with a brace too many", []edit{{"rules.meetings.plan[0].title", `"{meeting} {cycle"`}}, "title_unknown", []string{"rules.meetings.plan[0].title"}},
		{"an indication without a scale", []edit{{"rules.meetings.plan[0].indicative", `true`}, {"rules.outcome.scale", `[]`}, {"rules.outcome.method", `"none"`},
			{"rules.outcome.chain[1].acts", `["state"]`}, {"rules.outcome.chain[2].acts", `["comment"]`}}, "indicative_without_scale",
			[]string{"rules.meetings.plan[0].indicative", "rules.outcome.scale"}},
		{"check-ins and no window for them", []edit{{"rules.check_ins.windows", `0`}}, "windows_none_allowed", []string{"rules.check_ins.windows", "rules.check_ins.form"}},
		{"a term that is no word", []edit{{"rules.terms.meeting", `{"one":" ","many":"talks"}`}}, "term_unusable", []string{"rules.terms.meeting.one"}},
		{"comments by a reviewer who acknowledges nothing", []edit{{"rules.check_ins.reviewer_comments", `1`}, {"rules.check_ins.reviewer_acknowledges", `false`}}, "comments_unasked",
			[]string{"rules.check_ins.reviewer_comments", "rules.check_ins.reviewer_acknowledges"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
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

func TestATitleOfKnownPartsIsFine(t *testing.T) {
	document := embedded(t, "model")
	change(t, document, []edit{{"rules.meetings.plan[0].title", `"{meeting} {cycle} ({group})"`}, {"rules.meetings.formal_min", `1`}})
	assert.Empty(t, policy.Errors(policy.Validate(parse(t, document))))
}
