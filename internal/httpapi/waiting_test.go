package httpapi_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

// count is how much of a kind waits for somebody.
func (g *goals) count(who, kind string) int {
	g.T.Helper()
	n := 0
	r, err := g.As(who).GetMeWithResponse(g.T.Context())
	apitest.OK(g.T, r, err)
	for _, w := range r.JSON200.Waiting {
		if id, none := w.AppraisalID.Get(); w.Kind == kind && (none != nil || id == g.appraisal) {
			n += w.Count
		}
	}
	return n
}

// counts is count for several people.
func (g *goals) counts(kind string, who ...string) []int {
	g.T.Helper()
	out := make([]int, len(who))
	for i, w := range who {
		out[i] = g.count(w, kind)
	}
	return out
}

func TestWhoeverDraftsIsToldUntilEveryPlaceIsTaken(t *testing.T) {
	t.Parallel()
	g := newGoals(t, map[string]any{})
	require.Equal(t, []int{2, 2, 0}, g.counts("draft_objectives", "ada", "ben", "hr"), "both draft, from the day on which the year opens")
	g.drafted("ada", "practice", nil)
	require.Equal(t, []int{1, 1}, g.counts("draft_objectives", "ada", "ben"))
	g.drafted("ben", "school", nil)
	require.Equal(t, []int{0, 0}, g.counts("draft_objectives", "ada", "ben"))

	set := newGoals(t, map[string]any{"objectives": map[string]any{"drafter": "reviewer", "approver": "reviewee"}})
	require.Equal(t, []int{0, 2, 0}, set.counts("draft_objectives", "ada", "ben", "hr"))

	central := newGoals(t, map[string]any{"objectives": map[string]any{"drafter": "hr"}})
	waiting := waits(t, central.World.HR)["draft_objectives"]
	before := waiting.Count
	require.Equal(t, "CreateObjectivesInBulk", waiting.Operation)
	require.Equal(t, []int{0, 0}, central.counts("draft_objectives", "ada", "ben"))
	central.drafted("hr", "practice", nil)
	require.Equal(t, before-1, central.count("hr", "draft_objectives"))
}

// What comes first is asked of its author, and nobody is told to draft what waits for it.
func TestSelfAssessmentsAreAskedForBeforeObjectives(t *testing.T) {
	t.Parallel()
	a := newAssessing(t, map[string]any{"requirement": "required_before_objectives", "required": 1, "required_visibility": "organisation_and_reviewer", "reviewer_parallel": true})
	g := &goals{Process: a.Process, appraisal: a.appraisal}
	first := waits(t, a.As("ada"))["assess_yourself"]
	require.Equal(t, 1, first.Count)
	require.False(t, first.DueOn.IsNull(), "by the day on which objectives are due")
	require.Equal(t, []int{0, 0}, g.counts("draft_objectives", "ada", "ben"))
	require.Equal(t, "assess_yourself", g.own().Next.MustGet().Action)
	require.Equal(t, 0, g.count("ben", "rate_beside"))

	s := a.completed(a.rated(a.begun(), "developing", "strong"))
	slots := func(who string) []api.SelfAssessmentAdvisory {
		r, err := a.As(who).ListObjectiveSlotsWithResponse(t.Context(), a.appraisal)
		apitest.OK(t, r, err)
		return r.JSON200.Advisories
	}
	require.Len(t, slots("ada"), 1)
	require.Equal(t, []any{"objective_expected", "b1", "self_assessment.scale"}, []any{slots("ada")[0].Code, slots("ada")[0].Statement.MustGet(), slots("ada")[0].Policy.Parameter})
	for _, who := range []string{"ben", "cho", "hr"} {
		require.Empty(t, slots(who), "%s may not know what is private", who)
	}
	require.Equal(t, 0, g.count("ben", "rate_beside"), "nor is Ben told that there is something to rate")

	s = a.opened(s, "organisation_and_reviewer")
	require.Len(t, slots("ben"), 1)
	require.NotContains(t, waits(t, a.As("ada")), "assess_yourself")
	require.Equal(t, []int{1, 1}, g.counts("draft_objectives", "ada", "ben"))
	require.Equal(t, []int{0, 1, 0}, g.counts("rate_beside", "ada", "ben", "cho"))
	rated, err := a.beside("ben", s, true, api.RateStatement{Statement: "b1", Rating: "secure"}, api.RateStatement{Statement: "b2", Rating: "strong"})
	apitest.OK(t, rated, err)
	require.Equal(t, 0, g.count("ben", "rate_beside"))

	g.drafted("ada", "practice", func(o *api.CreateObjective) {
		o.Content.Statements = []api.StatementLink{{FrameworkVersionID: s.FrameworkVersionID, Statement: "b1"}}
	})
	require.Empty(t, slots("ada"), "an objective is linked to it")
}

// Of several reviewers the lead writes; where all sign, each is told until they have.
func TestTheLeadWritesForThePanelAndEverySignatureIsAskedFor(t *testing.T) {
	t.Parallel()
	g := newGoals(t, map[string]any{"reviewers": map[string]any{"panel_signs": "all"}})
	panel(g)
	require.Equal(t, []int{2, 2, 0}, g.counts("draft_objectives", "ada", "ben", "eve"))
	_, code := g.draft("eve", "practice", nil)
	require.Equal(t, "not_your_act", code)
	id := g.drafted("ben", "practice", nil)
	require.Equal(t, []int{1, 1, 0}, g.counts("propose_objectives", "ada", "ben", "eve"))
	require.Equal(t, "not_your_act", g.do("eve", "propose", id))
	read, err := g.As("eve").GetObjectiveWithResponse(t.Context(), id)
	apitest.OK(t, read, err)
	for _, a := range read.JSON200.AllowedActions {
		if a.Action == "propose" {
			require.Contains(t, a.Refusals[0].Detail, "of several reviewers by the one who leads")
		}
	}
	require.Equal(t, "done", g.do("ben", "propose", id))
	require.Equal(t, []int{1, 0, 1}, g.counts("approve_objectives", "ada", "ben", "eve"))
	require.Equal(t, "done", g.do("ada", "approve", id))
	require.Equal(t, []int{0, 0, 1}, g.counts("approve_objectives", "ada", "ben", "eve"), "one signature is missing")
	require.Equal(t, "not_your_act", g.do("eve", "amend", id))
	require.Equal(t, "done", g.do("eve", "approve", id))
	require.Equal(t, 0, g.count("eve", "approve_objectives"))
	require.Equal(t, api.ObjectiveApprovalAgreed, g.read(id).Approval)
	require.Equal(t, "not_your_act", g.do("eve", "amend", id), "nor does anybody else change what was agreed")
}
