package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/policy"
)

// derivedBy has the rating follow from the objectives by rows.
func derivedBy(rows string) []edit {
	return []edit{{"rules.outcome.method", `"derived"`}, {"rules.outcome.scale", `[{"code":"low","label":"Low"},{"code":"high","label":"High"}]`}, {"rules.outcome.derived", rows}}
}

// judgedFindings are the codes of what is found in the model under the edits.
func judgedFindings(t *testing.T, edits ...edit) (codes []string, found []policy.Finding) {
	t.Helper()
	document := embedded(t, "model")
	change(t, document, edits)
	found = policy.Validate(parse(t, document))
	for _, f := range found {
		codes = append(codes, f.Severity+" "+f.Code)
	}
	return codes, found
}

func TestWhatJudgesObjectivesCanBeDoneByThosePeople(t *testing.T) {
	ownless := edit{"rules.outcome.chain", `[{"code":"state","label":"S","order":1,"party":"reviewer","acts":["state","recommend"],"form":"statement","required":true}]`}
	for _, c := range []struct {
		name, code string
		edits      []edit
	}{
		{"a percentage of nothing", "error percent_without_scale", []edit{{"rules.outcome.objective_scale", `[]`}, {"rules.outcome.objective_percent", `"optional"`}}},
		{"a reviewee without a step", "error reviewee_has_no_step", []edit{ownless, {"rules.outcome.objective_judges", `"reviewee"`}}},
		{"a statement of somebody without a step", "error reviewee_has_no_step", []edit{ownless, {"rules.outcome.objective_statement", `"required"`}}},
		{"nobody who lets wait", "error nobody_defers", []edit{{"rules.outcome.deferral", `"exam_results"`}, {"rules.outcome.deferral_by", `[]`}}},
		{"a day from a step that is not there", "error date_rule", []edit{{"rules.outcome.deferral", `"exam_results"`}, {"rules.outcome.deferral_due", `{"anchor":"step","step":"weather","days":2}`}}},
		{"no rows", "error derived_from_nothing", derivedBy(`[]`)},
		{"a judgement that is not there", "error judgement_unknown", derivedBy(`[{"when":"any","code":"superb","rating":"high"},{"when":"otherwise","rating":"low"}]`)},
		{"a rating that is not there", "error rating_unknown", derivedBy(`[{"when":"all","code":"met","rating":"superb"},{"when":"otherwise","rating":"low"}]`)},
		{"at least of no number", "error row_number", derivedBy(`[{"when":"at_least","code":"met","rating":"high"},{"when":"otherwise","rating":"low"}]`)},
		{"otherwise with a judgement", "error row_says_more", derivedBy(`[{"when":"all","code":"met","rating":"high"},{"when":"otherwise","code":"met","rating":"low"}]`)},
		{"a row that is too late", "unset row_never_holds", derivedBy(`[{"when":"any","code":"met","rating":"high"},{"when":"all","code":"met","rating":"high"},{"when":"otherwise","rating":"low"}]`)},
		{"a rating that nothing leads to", "unset rating_never_reached", derivedBy(`[{"when":"otherwise","rating":"low"}]`)},
	} {
		codes, _ := judgedFindings(t, c.edits...)
		assert.Equal(t, []string{c.code}, codes, c.name)
	}
	codes, _ := judgedFindings(t, edit{"rules.outcome.deferral", `"exam_results"`})
	assert.Empty(t, codes, "the default day and people do")
	codes, _ = judgedFindings(t, edit{"rules.outcome.deferral_by", `[]`})
	assert.Empty(t, codes, "where nothing waits nobody lets it")
}

func TestRowsThatLeaveSomethingOutAreReportedWithTheFirstExample(t *testing.T) {
	few := edit{"rules.objectives.max", `3`}
	for _, c := range []struct{ rows, example string }{
		{`[{"when":"all","code":"met","rating":"high"},{"when":"any","code":"not_met","rating":"low"}]`, "partly_met"},
		{`[{"when":"any","code":"partly_met","rating":"low"},{"when":"all","code":"met","rating":"high"},{"when":"all","code":"not_met","rating":"low"}]`, "not_met, met"},
		{`[{"when":"any","code":"not_met","rating":"low"},{"when":"at_least","n":2,"code":"partly_met","or_higher":true,"rating":"high"}]`, "partly_met"},
	} {
		codes, found := judgedFindings(t, append(derivedBy(c.rows), few)...)
		require.Equal(t, []string{"error derived_not_total"}, codes, c.rows)
		assert.Equal(t, "no row says what follows from "+c.example, found[0].Message)
	}
	codes, _ := judgedFindings(t, append(derivedBy(`[{"when":"any","code":"not_met","rating":"low"},{"when":"any","code":"partly_met","or_higher":true,"rating":"high"}]`), few)...)
	assert.Empty(t, codes, "together they cover everything without a last row")
	eight := `[{"when":"at_least","n":8,"code":"met","rating":"high"},{"when":"otherwise","rating":"low"}]`
	codes, _ = judgedFindings(t, append(derivedBy(eight), edit{"rules.objectives.max", `8`})...)
	assert.Empty(t, codes, "eight objectives may be met")
	codes, _ = judgedFindings(t, append(derivedBy(eight), few)...)
	assert.Equal(t, []string{"unset row_never_holds", "unset rating_never_reached"}, codes, "three never are eight")
}

func TestTooManyJudgementsToProveEndWithARowThatCoversThem(t *testing.T) {
	var scale, rows []string
	for i := range 40 {
		scale = append(scale, fmt.Sprintf(`{"code":"j%d","label":"J%d"}`, i, i))
		rows = append(rows, fmt.Sprintf(`{"when":"any","code":"j%d","rating":"high"}`, i))
	}
	many := edit{"rules.outcome.objective_scale", "[" + strings.Join(scale, ",") + "]"}
	codes, _ := judgedFindings(t, append(derivedBy("["+strings.Join(rows, ",")+"]"), many)...)
	assert.Contains(t, codes, "error derived_unproved")
	codes, _ = judgedFindings(t, append(derivedBy("["+strings.Join(rows, ",")+`,{"when":"otherwise","rating":"low"}]`), many)...)
	assert.NotContains(t, codes, "error derived_unproved")
}

func TestAReviewerWhoIsGivenNoStepIsAskedNothing(t *testing.T) {
	codes, _ := judgedFindings(t, edit{"rules.outcome.method", `"none"`}, edit{"rules.outcome.scale", `[]`},
		edit{"rules.outcome.chain", `[{"code":"approve","label":"A","order":1,"party":"head","acts":["approve"],"required":true}]`}, edit{"rules.outcome.objective_judges", `"reviewer"`})
	assert.Contains(t, codes, "unset reviewer_has_no_step")
}
