package httpapi_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

// Whoever is seated for objectives is told of them in the place of those who review.
func TestTheSeatForObjectivesIsToldOfThem(t *testing.T) {
	t.Parallel()
	g := newGoals(t, map[string]any{"reviewers": map[string]any{"appointments": []any{map[string]any{"code": "teachers", "label": "Teachers",
		"when": map[string]any{"fact": "staff_type", "op": "is", "value": "teaching"}, "seats": []any{"line_manager"}, "objectives_by": "office:ceo"}}},
		"objectives": map[string]any{"on_disagreement": "reviewer", "axes": []string{"completion", "validation"}}})
	require.Equal(t, []int{2, 0, 2}, g.counts("draft_objectives", "ada", "ben", "eve"))
	id := g.drafted("ada", "practice", nil)
	require.Equal(t, "done", g.do("ada", "propose", id))
	require.Equal(t, []int{0, 0, 1}, g.counts("approve_objectives", "ada", "ben", "eve"))
	require.Equal(t, "done", g.do("eve", "approve", id))
	require.Equal(t, "done", g.do("ada", "complete", id))
	require.Equal(t, 0, g.count("eve", "validate_objectives"), "not before the year's end")
	g.On("2027-06-30")
	require.Equal(t, []int{0, 0, 1}, g.counts("validate_objectives", "ada", "ben", "eve"))
	require.Equal(t, "done", g.do("eve", "validate", id))
	require.Equal(t, 0, g.count("eve", "validate_objectives"))
}

// What waits for the head over a school's appraisals is one line, in the trust's own words.
func TestTheHeadIsToldOfCompletedObjectivesAndSamples(t *testing.T) {
	t.Parallel()
	g := newGoals(t, map[string]any{"terms": map[string]any{"objective": map[string]any{"one": "target", "many": "targets"}, "head": map[string]any{"one": "principal", "many": "principals"}},
		"objectives": map[string]any{"axes": []string{"completion", "validation"}, "validator": "head", "moderation": "sample"}})
	first, second := g.live("ada", "practice", "ben"), g.live("ada", "growth", "ben")
	require.NotContains(t, waits(t, g.As("cho")), "review_sample")
	drawn, err := g.As("cho").SampleObjectivesWithResponse(t.Context(), nil, api.SampleObjectives{CycleID: g.CycleID, UnitID: g.School, Count: ptr(2)})
	apitest.OK(t, drawn, err)
	waiting := waits(t, g.As("cho"))["review_sample"]
	require.Equal(t, []any{2, "ReviewSampledObjective", "Targets of a sample to be looked at for their quality."}, []any{waiting.Count, waiting.Operation, waiting.Detail})
	require.NotContains(t, waits(t, g.World.HR), "review_sample")
	version := drawn.JSON201.Version
	for _, id := range []uuid.UUID{first, second} {
		r, err := g.As("cho").ReviewSampledObjectiveWithResponse(t.Context(), drawn.JSON201.ID, &api.ReviewSampledObjectiveParams{IfMatch: etag(version)}, api.ReviewSampledObjective{ObjectiveID: id, Meets: true})
		apitest.OK(t, r, err)
		version = r.JSON200.Version
	}
	require.NotContains(t, waits(t, g.As("cho")), "review_sample")

	require.Equal(t, "done", g.do("ada", "complete", first))
	require.Equal(t, "done", g.do("ada", "complete", second))
	require.NotContains(t, waits(t, g.As("cho")), "validate_objectives")
	g.On("2027-06-30")
	require.Equal(t, 2, waits(t, g.As("cho"))["validate_objectives"].Count)
	require.Equal(t, "Targets that are complete, to be validated.", waits(t, g.As("cho"))["validate_objectives"].Detail)
	require.NotContains(t, waits(t, g.As("ben")), "validate_objectives")
	require.Equal(t, "done", g.do("cho", "validate", first))
	require.Equal(t, "done", g.do("cho", "dispute", second))
	require.NotContains(t, waits(t, g.As("cho")), "validate_objectives", "whoever disagreed has said so")
}

// A mandated objective is asked for in the year in which it is due, beside the places of everybody.
func TestAMandatedObjectiveThatIsDueWaits(t *testing.T) {
	t.Parallel()
	g := newGoals(t, map[string]any{"objectives": map[string]any{"mandated": []map[string]any{{"code": "coaching", "label": "Coaching", "text": "Begin a course.",
		"when": map[string]any{"fact": "staff_type", "op": "is", "value": "teaching"}, "slot": "extra", "within_cycles": 1}}}})
	require.Equal(t, []int{1, 1, 0}, g.counts("draft_mandated_objectives", "ada", "ben", "cho"))
	require.Equal(t, 2, g.count("ada", "draft_objectives"))
	g.drafted("ada", "extra", func(o *api.CreateObjective) { o.Mandate = ptr("coaching") })
	require.Equal(t, []int{0, 0}, g.counts("draft_mandated_objectives", "ada", "ben"))
	require.Equal(t, 2, g.count("ada", "draft_objectives"))
}

// What waits takes a number of queries that does not grow with what there is.
func TestWhatWaitsTakesAFixedNumberOfQueries(t *testing.T) {
	t.Parallel()
	g := newGoals(t, map[string]any{"objectives": map[string]any{"drafter": "both", "axes": []string{"completion", "validation"}, "validator": "head"}})
	first := g.live("ada", "practice", "ben")
	require.Equal(t, "done", g.do("ada", "complete", first))
	ask := func(who string) int64 {
		return g.Queries("GetMe", func() { waits(t, g.As(who)) })
	}
	ask("cho")
	few := []int64{ask("cho"), ask("hr"), ask("ben")}
	for _, slot := range []string{"growth", "extra"} {
		require.Equal(t, "done", g.do("ada", "complete", g.live("ada", slot, "ben")))
	}
	g.appraisal = g.Appraisal("dov").ID
	g.drafted("dov", "practice", nil)
	require.Equal(t, few, []int64{ask("cho"), ask("hr"), ask("ben")})
	for _, n := range few {
		require.LessOrEqual(t, n, int64(60))
	}
}
