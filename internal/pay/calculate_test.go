package pay

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/policy"
)

// released is a case of a teacher whose outcome is released, under a document.
func released(t *testing.T, document string) *appraisal.Case {
	t.Helper()
	d, findings := policy.Parse([]byte(document))
	require.Empty(t, findings)
	return &appraisal.Case{Appraisal: appraisal.Appraisal{Stage: appraisal.Released, StaffGroup: "teaching"}, Policy: d.Resolve("", "teaching"), Org: &appraisal.Org{}}
}

const byRecommendation = `{"schema":1,"rules":{"pay":{"link":"recommendation"}}}`

func TestPayWaitsForWhatTheOutcomeWaitsFor(t *testing.T) {
	c := released(t, byRecommendation)
	c.Policy = profileRules(t, "tsat")
	f := Facts{Rating: "met", TopOfRange: new(bool), Table: []Row{{Group: "teaching", Rating: "met", Awards: []Award{{pointsKind, "1"}}}}}
	assert.Equal(t, Awarded, Calculate(c, f).Result)
	id := uuid.New()
	c.Deferrals = []appraisal.DeferralFact{{ObjectiveID: &id}}
	o := Calculate(c, f)
	require.Len(t, o.Refusals, 1)
	assert.Equal(t, []any{"outcome_waits", "outcome.deferral", false}, []any{o.Refusals[0].Code, o.Refusals[0].Policy.Parameter, o.Covered})
}

func profileRules(t *testing.T, code string) *policy.Resolved {
	t.Helper()
	p, ok := policy.ProfileNamed(code)
	require.True(t, ok)
	return p.Document.Resolve("", "teaching")
}

func TestWhatIsDecidedOnProgressionIsTheDecidersElseTheRecommenders(t *testing.T) {
	c := released(t, byRecommendation)
	table := []Row{{Group: "teaching", Rating: Progress, Awards: []Award{{pointsKind, "1"}}}}
	refused := &Recommendation{Progression: NoProgression}
	for name, tc := range map[string]struct {
		facts  Facts
		result string
	}{
		"nothing is said":                 {Facts{Table: table}, ""},
		"what is recommended":             {Facts{Table: table, Recommended: refused}, NoAward},
		"what is decided in its place":    {Facts{Table: table, Recommended: refused, Chosen: &Choice{Progression: Progress}}, Awarded},
		"by hand, in place of the table":  {Facts{Table: table, Chosen: &Choice{Progression: Progress, Awards: []Award{{bonusPercent, "2"}}}}, Awarded},
		"nothing in the table":            {Facts{Chosen: &Choice{Progression: Progress}}, Progressed},
		"the cost of living all the same": {Facts{Table: []Row{{Group: "teaching", Rating: NoProgression, Awards: []Award{{costOfLiving, "0"}}}}, Recommended: refused}, Awarded},
	} {
		assert.Equal(t, tc.result, Calculate(c, tc.facts).Result, name)
	}
	_, err := Decide(c, Facts{Recommended: refused, Chosen: &Choice{Progression: Progress}})
	assert.ErrorContains(t, err, "reason_required")
	_, err = Decide(c, Facts{Recommended: refused, Chosen: &Choice{Progression: Progress, Reason: "The table was misread."}})
	assert.NoError(t, err)
}
