package httpapi_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

// Who writes, who agrees and who changes an objective follows from where it comes from and what the
// policy says: each origin is one scenario of the same rights.
func TestRightsFollowOriginAndPolicy(t *testing.T) {
	t.Parallel()
	for _, s := range []struct {
		name, drafter, approver string
		author                  string
		agree                   []string          // in order, until it is live
		drafts, approves        map[string]string // verdict by person
		amends                  map[string]string
	}{
		{name: "the reviewee's own", drafter: "reviewee", approver: "reviewer", author: "ada", agree: []string{"ben"},
			drafts:   map[string]string{"ada": "done", "ben": "not_your_act", "hr": "not_your_act", "cho": "not_your_act"},
			approves: map[string]string{"ada": "not_your_act", "hr": "role_not_admitted", "cho": "not_your_act"},
			amends:   map[string]string{"ben": "not_your_act", "hr": "not_your_act", "ada": "done"}},
		{name: "set by the reviewer", drafter: "reviewer", approver: "reviewee", author: "ben", agree: []string{"ada"},
			drafts:   map[string]string{"ada": "not_your_act", "ben": "done", "hr": "not_your_act"},
			approves: map[string]string{"ben": "not_your_act", "cho": "not_your_act"},
			amends:   map[string]string{"ada": "not_your_act", "hr": "not_your_act", "ben": "done"}},
		{name: "set centrally", drafter: "hr", approver: "both", author: "hr", agree: []string{"ben", "ada"},
			drafts:   map[string]string{"ada": "not_your_act", "ben": "not_your_act", "hr": "done"},
			approves: map[string]string{"hr": "role_not_admitted", "cho": "not_your_act"},
			amends:   map[string]string{"ada": "not_your_act", "ben": "not_your_act", "hr": "done"}},
	} {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			g := newGoals(t, map[string]any{"objectives": map[string]any{"drafter": s.drafter, "approver": s.approver, "amender": "creator", "max": "none"}})
			for who, want := range s.drafts {
				_, code := g.draft(who, "extra", nil)
				assert.Equal(t, want, code, "%s drafts", who)
			}
			id := g.drafted(s.author, "practice", nil)
			require.Equal(t, "done", g.do(s.author, "propose", id))
			for who, want := range s.approves {
				assert.Equal(t, want, g.do(who, "approve", id), "%s approves", who)
			}
			for i, who := range s.agree {
				require.Equal(t, "done", g.do(who, "approve", id), who)
				assert.Equal(t, i == len(s.agree)-1, g.read(id).Approval == api.ObjectiveApprovalAgreed, "after %s", who)
			}
			for who, want := range s.amends {
				if want != "done" {
					assert.Equal(t, want, g.do(who, "amend", id), "%s amends", who)
				}
			}
			assert.Equal(t, "done", g.do(s.author, "amend", id))
		})
	}
}

func TestEveryReviewerOfAPanelSigns(t *testing.T) {
	t.Parallel()
	g := newGoals(t, map[string]any{"reviewers": map[string]any{"panel_signs": "all"}, "objectives": map[string]any{"drafter": "reviewer", "approver": "reviewee"}})
	panel(g)
	id := g.drafted("ben", "practice", nil)
	require.Equal(t, "done", g.do("ben", "propose", id))
	require.Equal(t, "done", g.do("ada", "approve", id))
	require.Equal(t, api.ObjectiveApprovalAgreed, g.read(id).Approval, "a panel that only drafts signs as its drafter")

	both := newGoals(t, map[string]any{"reviewers": map[string]any{"panel_signs": "all"}})
	panel(both)
	id = both.drafted("ada", "practice", nil)
	require.Equal(t, "done", both.do("ada", "propose", id))
	require.Equal(t, "done", both.do("ben", "approve", id))
	require.Equal(t, api.ObjectiveApprovalProposed, both.read(id).Approval, "one of the panel is missing")
	require.Equal(t, "not_your_act", both.do("ben", "approve", id), "nobody signs twice")
	require.Equal(t, "done", both.do("eve", "approve", id))
	o := both.read(id)
	require.Equal(t, api.ObjectiveApprovalAgreed, o.Approval)
	require.Len(t, o.Signatures, 3)
}

// Whoever stands above the reviewer and does not reach the record otherwise is seated while their
// approval is waited for, and not a moment longer.
func TestAnApproverIsSeatedUntilItIsAgreed(t *testing.T) {
	t.Parallel()
	g := newGoals(t, map[string]any{"objectives": map[string]any{"drafter": "reviewee", "approver": "reviewers_reviewer"}})
	g.appraisal = g.Appraisal("cho").ID
	id := g.drafted("cho", "practice", nil)
	fay := g.As("fay")
	read := func() int {
		r, err := fay.GetObjectiveWithResponse(t.Context(), id)
		require.NoError(t, err)
		return r.StatusCode()
	}
	require.NotEqual(t, ok, read())
	require.Equal(t, "done", g.do("cho", "propose", id))
	require.Equal(t, ok, read())
	require.Equal(t, "not_your_act", g.do("eve", "approve", id), "the reviewer does not approve here")
	require.Equal(t, "done", g.do("fay", "request_changes", id))
	require.NotEqual(t, ok, read())
	require.Equal(t, "done", g.do("cho", "propose", id))
	require.Equal(t, "done", g.do("fay", "approve", id))
	require.Equal(t, api.ObjectiveApprovalAgreed, g.read(id).Approval)
	require.NotEqual(t, ok, read())
}

func TestAChangeGoesLiveWithoutApprovalWhereThePolicySaysSo(t *testing.T) {
	t.Parallel()
	g := newGoals(t, map[string]any{"objectives": map[string]any{"reapprove": false, "amendments": "with_reason"}})
	id := g.live("ada", "practice", "ben")
	require.Equal(t, "reason_required", g.do("ada", "amend", id))
	c, why := goal(), "The class changed at Christmas."
	c.Title, c.Remark = "Reading in pairs", &why
	tag := func() string { return etag(g.read(id).Version) }
	r, err := g.As("ada").AmendObjectiveWithResponse(t.Context(), id, &api.AmendObjectiveParams{IfMatch: tag()}, c)
	apitest.OK(t, r, err)
	require.Equal(t, "Reading aloud", r.JSON200.Live.MustGet().Title, "the live version stands until the change is proposed")
	require.Equal(t, "done", g.do("ada", "propose", id))
	o := g.read(id)
	require.Equal(t, api.ObjectiveApprovalAgreed, o.Approval)
	require.Equal(t, "Reading in pairs", o.Live.MustGet().Title)
	require.Equal(t, why, o.Live.MustGet().Remark.MustGet())
	require.True(t, o.Next.IsNull())
}
