package httpapi_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

func TestASlotAsksForALinkOfItsLevel(t *testing.T) {
	t.Parallel()
	slot := func(code, link string) map[string]any {
		return map[string]any{"code": code, "label": code, "required": false, "link": link, "questions": []string{"What for?"}}
	}
	g := newGoals(t, map[string]any{"objectives": map[string]any{"max": "none", "link_discloses": []string{"trust", "partnership"}, "slots": []map[string]any{
		slot("whole", "trust_priority"), slot("school", "unit_priority"), slot("wider", "partnership_priority"), slot("standard", "statement")}}})
	aPriorityOfASlotsLevelIsAskedFor(t, g)
	aStatementIsAskedFor(t, g)
}

func aPriorityOfASlotsLevelIsAskedFor(t *testing.T, g *goals) {
	t.Helper()
	partnership := api.CreatePriorityLevelPartnership
	trust, school, wider := g.priority("t1", nil, nil), g.priority("u1", &g.School, nil), g.priority("p1", nil, &partnership)
	wrong := api.CreatePriorityLevelUnit
	r, err := g.World.HR.CreatePriorityWithResponse(t.Context(), nil, api.CreatePriority{Code: "x", Title: "Of no unit", Level: &wrong})
	require.Equal(t, "unit_required", verdict(g.Process, r, err))

	link := func(ids ...uuid.UUID) func(*api.CreateObjective) {
		return func(c *api.CreateObjective) { c.Content.PriorityIds, c.Content.ConfirmDisclosure = ids, ptr(true) }
	}
	for _, s := range []struct {
		slot       string
		wrong, fit uuid.UUID
		readers    []string
	}{
		{"whole", school, trust, []string{"office:ceo", "hr"}}, {"school", trust, school, []string{}}, {"wider", school, wider, []string{"partnership"}},
	} {
		id := g.drafted("ada", s.slot, link(s.wrong))
		require.Equal(t, "objective_needs_priority", g.do("ada", "propose", id), s.slot)
		c := goal()
		c.PriorityIds = []uuid.UUID{s.fit}
		tag := etag(g.read(id).Version)
		put := func() (*api.Objective, string) {
			r, err := g.As("ada").ReplaceObjectiveWithResponse(t.Context(), id, &api.ReplaceObjectiveParams{IfMatch: tag}, c)
			return r.JSON200, verdict(g.Process, r, err)
		}
		if len(s.readers) > 0 {
			_, code := put()
			require.Equal(t, "link_discloses", code, s.slot)
			c.ConfirmDisclosure = ptr(true)
		}
		o, code := put()
		require.Equal(t, "done", code, s.slot)
		require.Empty(t, o.DisclosedTo, "nothing is agreed yet")
		require.Equal(t, "done", g.do("ada", "propose", id), s.slot)
		require.Equal(t, "done", g.do("ben", "approve", id), s.slot)
		require.Equal(t, s.readers, g.read(id).DisclosedTo, s.slot)
	}
}

func aStatementIsAskedFor(t *testing.T, g *goals) {
	t.Helper()
	frameworks, err := g.As("ada").ListFrameworksWithResponse(t.Context(), nil)
	apitest.OK(t, frameworks, err)
	framework, err := g.As("ada").GetFrameworkWithResponse(t.Context(), frameworks.JSON200.Items[0].ID)
	apitest.OK(t, framework, err)
	version, statements := framework.JSON200.NewestVersion.MustGet().ID, framework.JSON200.Statements.MustGet()
	linked := func(statement string) (uuid.UUID, string) {
		return g.draft("ada", "standard", func(c *api.CreateObjective) {
			c.Content.Statements = []api.StatementLink{{FrameworkVersionID: version, Statement: statement}}
		})
	}
	_, code := linked("no_such_statement")
	require.Equal(t, "unknown_statement", code)
	id, code := linked(statements[0].Code)
	require.Equal(t, "done", code)
	require.Equal(t, statements[0].Code, g.read(id).Next.MustGet().Statements[0].Statement)
	require.Equal(t, "done", g.do("ada", "propose", id))
	bare := g.drafted("dov", "standard", func(c *api.CreateObjective) { c.AppraisalID = g.Appraisal("dov").ID })
	require.Equal(t, "objective_needs_statement", g.do("dov", "propose", bare))
}

func TestPlacesSayWhatTheyAskFor(t *testing.T) {
	t.Parallel()
	g := newGoals(t, map[string]any{
		"self_assessment": map[string]any{"requirement": "required_before_objectives", "required": 1},
		"objectives": map[string]any{"actions_min": 1, "actions_short": "warn", "slots": []map[string]any{
			{"code": "practice", "label": "Practice", "required": true, "smart": true, "questions": []string{"What would you do better?"}, "checklist": []map[string]any{{"code": "link", "label": "It helps pupils."}}},
			{"code": "standard", "label": "Standard", "required": false, "self_assessment": true}}}})
	places := func(who string) []api.ObjectiveSlot {
		r, err := g.As(who).ListObjectiveSlotsWithResponse(t.Context(), g.appraisal)
		apitest.OK(t, r, err)
		return r.JSON200.Items
	}
	empty := places("ada")
	require.Len(t, empty, 2)
	require.True(t, empty[0].Required)
	require.Equal(t, []string{"What would you do better?"}, empty[0].Questions)
	require.Equal(t, "link", empty[0].Checklist[0].Code)
	require.Len(t, empty[0].Smart, 5)
	require.Empty(t, empty[0].Missing)
	require.Equal(t, "self_assessment_first", empty[1].Missing[0].Code)
	_, code := g.draft("ada", "standard", nil)
	require.Equal(t, "self_assessment_first", code)

	id := g.drafted("ada", "practice", nil)
	further := g.drafted("ada", "extra", func(c *api.CreateObjective) { c.Content.Criteria = nil })
	full := places("ben")
	require.Len(t, full, 3)
	require.Equal(t, id, full[0].ObjectiveID.MustGet())
	codes := map[string]int{}
	for _, m := range full[0].Missing {
		codes[m.Code]++
	}
	require.Equal(t, map[string]int{"checklist_unanswered": 1, "smart_unticked": 5}, codes)
	require.Equal(t, further, full[2].ObjectiveID.MustGet())
	require.Equal(t, "objective_needs_criteria", full[2].Missing[0].Code)
	require.Equal(t, "objective_needs_actions", g.read(id).Advisories[0].Code)
	r, err := g.As("dov").ListObjectiveSlotsWithResponse(t.Context(), g.appraisal)
	require.Equal(t, "not_found", verdict(g.Process, r, err))
	m, err := g.As("dov").ListMandatedObjectivesWithResponse(t.Context(), g.appraisal)
	require.Equal(t, "not_found", verdict(g.Process, m, err))
}
