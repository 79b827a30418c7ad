package httpapi_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

func TestHRDraftsOneObjectiveForMany(t *testing.T) {
	t.Parallel()
	g := newGoals(t, map[string]any{"objectives": map[string]any{"drafter": "hr", "approver": "reviewee", "amender": "creator"}})
	g.hrProposesOneToEveryTeacher(t)
	g.hrDraftsForWhoeverHasNone(t)
	g.onlySomeAreMeant(t)
	g.badBulkIsRefused(t)
}

// bulk drafts one objective for many, and says how it ended.
func (g *goals) bulk(who, mode, key string, change func(*api.CreateObjectivesInBulk)) (*api.ObjectiveBulkResults, int, string) {
	g.T.Helper()
	body := api.CreateObjectivesInBulk{CycleID: g.CycleID, Slot: "practice", Content: goal(), Mode: ptr(api.CreateObjectivesInBulkMode(mode)), UnitIds: []uuid.UUID{g.School}}
	if change != nil {
		change(&body)
	}
	r, err := g.As(who).CreateObjectivesInBulkWithResponse(g.T.Context(), &api.CreateObjectivesInBulkParams{IdempotencyKey: &key}, body)
	results := r.JSON200
	if r.JSON207 != nil {
		results = r.JSON207
	}
	return results, r.StatusCode(), verdict(g.Process, r, err)
}

func (g *goals) hrProposesOneToEveryTeacher(t *testing.T) {
	t.Helper()
	teachers := func(b *api.CreateObjectivesInBulk) { b.StaffGroups, b.Propose = []string{"teaching"}, ptr(true) }
	made, status, code := g.bulk("hr", "atomic", "k1", teachers)
	require.Equal(t, "done", code)
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, 3, made.Succeeded, "cho, ben and ada")
	again, _, _ := g.bulk("hr", "atomic", "k1", teachers)
	require.Equal(t, made, again, "the same key acts once")

	byPerson := map[uuid.UUID]api.ObjectiveBulkResult{}
	for i, r := range made.Results {
		require.Equal(t, i, r.Index)
		byPerson[r.PersonID] = r
	}
	id := byPerson[g.As("ada").ID].ObjectiveID.MustGet()
	require.Equal(t, g.appraisal, byPerson[g.As("ada").ID].AppraisalID)
	o := g.read(id)
	require.Equal(t, "hr", o.Origin)
	require.Equal(t, api.ObjectiveApprovalProposed, o.Approval)
	require.Equal(t, "done", g.do("ada", "approve", id))
}

func (g *goals) hrDraftsForWhoeverHasNone(t *testing.T) {
	t.Helper()
	_, status, code := g.bulk("hr", "atomic", "k2", nil)
	require.Equal(t, "refused_for_some", code, "%d", status)
	list := func() int {
		r, err := g.World.HR.ListObjectivesWithResponse(t.Context(), nil)
		apitest.OK(t, r, err)
		return len(r.JSON200.Items)
	}
	require.Equal(t, 3, list(), "nothing was stored")
	made, status, _ := g.bulk("hr", "partial", "k3", nil)
	require.Equal(t, http.StatusMultiStatus, status)
	require.Equal(t, []int{1, 3}, []int{made.Succeeded, made.Failed})
	for _, r := range made.Results {
		if r.PersonID == g.As("dov").ID {
			require.Equal(t, http.StatusCreated, r.Status)
			continue
		}
		require.Equal(t, "slot_taken", r.Problem.MustGet().Code)
	}
	require.Equal(t, 4, list())
}

func (g *goals) onlySomeAreMeant(t *testing.T) {
	t.Helper()
	made, _, _ := g.bulk("hr", "partial", "k4", func(b *api.CreateObjectivesInBulk) {
		b.Slot, b.When = "growth", map[string]any{"fact": "manages_people", "op": "is", "value": false}
	})
	require.Equal(t, 2, made.Succeeded, "ada and dov manage nobody")
	made, _, code := g.bulk("ben", "partial", "k5", func(b *api.CreateObjectivesInBulk) { b.Slot = "extra" })
	require.Equal(t, "done", code)
	require.Equal(t, []int{0, 2}, []int{made.Succeeded, made.Failed}, "he reaches two, and drafts for nobody here")
	require.Equal(t, "not_your_act", made.Results[0].Problem.MustGet().Code)
}

func (g *goals) badBulkIsRefused(t *testing.T) {
	t.Helper()
	for want, change := range map[string]func(*api.CreateObjectivesInBulk){
		"unknown_record": func(b *api.CreateObjectivesInBulk) { b.UnitIds = []uuid.UUID{uuid.New()} },
		"bad_condition": func(b *api.CreateObjectivesInBulk) {
			b.When = map[string]any{"fact": "shoe_size", "op": "is", "value": 9}
		},
		"unknown_slot": func(b *api.CreateObjectivesInBulk) { b.Slot = "nowhere" },
	} {
		_, status, code := g.bulk("hr", "atomic", want, change)
		require.Equal(t, want, code)
		require.Equal(t, http.StatusUnprocessableEntity, status, want)
	}
	_, _, code := g.bulk("dov", "atomic", "k6", nil)
	require.Equal(t, "role_not_admitted", code)
}

func TestTheHeadLooksAtASample(t *testing.T) {
	t.Parallel()
	g := newGoals(t, map[string]any{"objectives": map[string]any{"moderation": "sample"}})
	first, second := g.live("ada", "practice", "ben"), g.live("ada", "growth", "ben")
	g.drafted("ada", "extra", nil)
	draw := func(who string, body api.SampleObjectives) (*client.SampleObjectivesResponse, string) {
		body.CycleID = g.CycleID
		if body.UnitID == uuid.Nil {
			body.UnitID = g.School
		}
		r, err := g.As(who).SampleObjectivesWithResponse(t.Context(), nil, body)
		return r, verdict(g.Process, r, err)
	}
	one, code := draw("cho", api.SampleObjectives{Percent: ptr(10), Seed: ptr(7)})
	require.Equal(t, "done", code)
	require.Len(t, one.JSON201.Items, 1, "a tenth of two is one")
	require.Equal(t, 2, one.JSON201.DrawnFrom, "drafts are not looked at")
	same, code := draw("hr", api.SampleObjectives{Count: ptr(1), Seed: ptr(7)})
	require.Equal(t, "done", code)
	require.Equal(t, one.JSON201.Items, same.JSON201.Items, "the same seed draws the same")
	all, _ := draw("cho", api.SampleObjectives{Percent: ptr(100)})
	require.ElementsMatch(t, []uuid.UUID{first, second}, []uuid.UUID{all.JSON201.Items[0].ObjectiveID, all.JSON201.Items[1].ObjectiveID})
	_, code = draw("cho", api.SampleObjectives{})
	require.Equal(t, "size_required", code)
	_, code = draw("cho", api.SampleObjectives{Count: ptr(1), UnitID: g.Root})
	require.Equal(t, "out_of_reach", code)
	_, code = draw("cho", api.SampleObjectives{Count: ptr(1), UnitID: uuid.New()})
	require.Equal(t, "unknown_unit", code)
	_, code = draw("ben", api.SampleObjectives{Count: ptr(1)})
	require.Equal(t, "role_not_admitted", code)

	ctx, id := t.Context(), one.JSON201.ID
	review := func(who, tag string, objective uuid.UUID) (*api.ObjectiveSample, string) {
		r, err := g.As(who).ReviewSampledObjectiveWithResponse(ctx, id, &api.ReviewSampledObjectiveParams{IfMatch: tag}, api.ReviewSampledObjective{ObjectiveID: objective, Meets: true, Remark: ptr("Clear.")})
		return r.JSON200, verdict(g.Process, r, err)
	}
	picked := one.JSON201.Items[0].ObjectiveID
	_, code = review("hr", etag(1), picked)
	require.Equal(t, "role_not_admitted", code)
	_, code = review("cho", etag(9), picked)
	require.Equal(t, "stale_version", code)
	_, code = review("cho", etag(1), uuid.New())
	require.Equal(t, "not_in_sample", code)
	found, code := review("cho", etag(1), picked)
	require.Equal(t, "done", code)
	require.True(t, found.Items[0].Meets.MustGet())
	require.Equal(t, g.As("cho").ID, found.Items[0].ReviewedBy.MustGet())
	read, err := g.World.HR.GetObjectiveSampleWithResponse(ctx, id)
	apitest.OK(t, read, err)
	require.Equal(t, "Clear.", read.JSON200.Items[0].Remark.MustGet())
	list, err := g.As("cho").ListObjectiveSamplesWithResponse(ctx, &api.ListObjectiveSamplesParams{UnitID: &g.School, Limit: ptr(2)})
	apitest.OK(t, list, err)
	require.Len(t, list.JSON200.Items, 2)
	require.False(t, list.JSON200.NextCursor.IsNull())
	rest, err := g.As("cho").ListObjectiveSamplesWithResponse(ctx, &api.ListObjectiveSamplesParams{UnitID: &g.School, Limit: ptr(2), Cursor: ptr(list.JSON200.NextCursor.MustGet())})
	apitest.OK(t, rest, err)
	require.Len(t, rest.JSON200.Items, 1)
}
