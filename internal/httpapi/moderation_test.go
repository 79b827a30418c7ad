package httpapi_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

var gridded = `{"outcome":{"method":"grid","grid":` + carefulGrid + `,"chain":` + chainOf(byHead+approvedByHR) + `},"report":{"small_number":2}}`

func TestTheQueueSaysWhatIsMissingAndManyAreDecidedAtOnce(t *testing.T) {
	t.Parallel()
	m := newModerated(t, gridded, "ada", "ben", "cho", "dov", "eve")
	total := api.ListModerationQueueParamsInclude("total")
	m.queueOfNothing(t, total)

	low := api.SaveStep{Answers: map[string]any{"statement": "A good year."}, Rating: &api.RatingInput{Row: ptr("low"), Column: ptr("wide")}}
	m.drafts("ben", "ada", "outcome.state", low)
	m.drafts("cho", "ben", "outcome.state", low)
	_, years := m.queue("cho", api.ListModerationQueueParams{})
	require.Equal(t, []string{"statement_missing", "judgement_missing"}, missingIn(years["ada"]), "a draft is nobody's but its author's, and so is the cell in it")
	require.True(t, years["ada"].Recommended.IsNull())
	require.Equal(t, []string{"statement_missing", "judgement_missing", "grid_cell_unset"}, missingIn(years["ben"]), "this one she drafts")
	m.states("ben", "ada")
	m.states("ben", "dov")
	m.states("cho", "ben")
	m.queueOfReady(t, total)
	m.bulk(t)
	m.ending(t)
}

// queueOfNothing is the queue before anybody has stated anything.
func (m moderated) queueOfNothing(t *testing.T, total api.ListModerationQueueParamsInclude) {
	page, years := m.queue("cho", api.ListModerationQueueParams{Include: &total})
	require.Len(t, years, 3, "whom she heads, without herself")
	require.Equal(t, api.ModerationTotals{Missing: 3}, page.Totals.MustGet())
	ada := years["ada"]
	require.Equal(t, api.ModerationItemState("missing"), ada.State)
	require.Equal(t, "outcome.decide", ada.Step)
	require.Equal(t, "outcome.state", ada.NextStep.MustGet().Step)
	require.Equal(t, []string{"statement_missing", "judgement_missing", "inputs_not_weighed"}, missingIn(ada))
	require.False(t, mayComplete(t, ada))
	require.Equal(t, m.As("ben").ID, ada.Reviewers[0].ID)
	_, all := m.queue("hr", api.ListModerationQueueParams{})
	require.Len(t, all, 5)
	require.Equal(t, "outcome.approve", all["eve"].Step)
	require.Contains(t, missingIn(all["eve"]), "decision_missing")
	r, err := m.As("ben").ListModerationQueueWithResponse(t.Context(), nil)
	apitest.Refused(t, r, err, http.StatusForbidden, "role_not_admitted")
}

// queueOfReady is the queue when three statements are there, by every filter and page by page.
func (m moderated) queueOfReady(t *testing.T, total api.ListModerationQueueParamsInclude) {
	page, years := m.queue("cho", api.ListModerationQueueParams{Include: &total, State: ptr(api.ListModerationQueueParamsState("ready"))})
	require.Equal(t, api.ModerationTotals{Ready: 3}, page.Totals.MustGet())
	for key, y := range years {
		require.Empty(t, y.Missing, key)
		require.Equal(t, "met", y.Recommended.MustGet().Code, "her step is open: she compares")
		require.True(t, mayComplete(t, y), key)
	}
	_, atHR := m.queue("hr", api.ListModerationQueueParams{})
	require.Equal(t, []string{"decision_missing"}, missingIn(atHR["ada"]))
	require.True(t, atHR["ada"].Recommended.IsNull(), "a list holds no unreleased rating for who is no party")
	for want, q := range map[int]api.ListModerationQueueParams{
		2: {ReviewerID: &m.As("ben").ID},
		1: {StaffGroup: ptr("support")},
		3: {UnitID: &m.Root, CycleID: &m.CycleID},
		0: {State: ptr(api.ListModerationQueueParamsState("decided"))},
	} {
		_, found := m.queue("cho", q)
		require.Len(t, found, want, "%+v", q)
	}
	for _, state := range []*api.ListModerationQueueParamsState{nil, ptr(api.ListModerationQueueParamsState("ready"))} {
		seen, q := map[uuid.UUID]bool{}, api.ListModerationQueueParams{Limit: ptr(1), State: state}
		for range 3 {
			page, _ := m.queue("cho", q)
			require.Len(t, page.Items, 1)
			seen[page.Items[0].AppraisalID] = true
			if next, err := page.NextCursor.Get(); err == nil {
				q.Cursor = &next
			}
		}
		require.Len(t, seen, 3, "every one once")
	}
	ask := func(limit int) int64 {
		return m.Queries("ListModerationQueue", func() { m.queue("cho", api.ListModerationQueueParams{Limit: &limit}) })
	}
	ask(3)
	require.Equal(t, ask(1), ask(3), "a longer page takes no more queries")
}

// bulk is what the head completes for many.
func (m moderated) bulk(t *testing.T) {
	r, err := m.many("cho", "k1", "atomic", "outcome.decide", m.item("ada", 0), m.item("dov", 9))
	p := apitest.Refused(t, r, err, http.StatusUnprocessableEntity, "stale_version")
	require.Equal(t, "/items/1", p.Errors[0].Pointer)
	require.Equal(t, api.StepState("open"), m.step("cho", "ada", "outcome.decide").Step.State, "nothing was stored")
	r, err = m.many("cho", "k2", "partial", "outcome.decide", m.item("ada", 0), m.item("dov", 9), m.item("ada", 0), m.item("cho", 0), m.item("nobody", 0))
	apitest.OK(t, r, err)
	require.Equal(t, http.StatusMultiStatus, r.StatusCode())
	require.Equal(t, []string{"done", "stale_version", "repeated", "out_of_reach", "not_found"}, codes(r.JSON207))
	require.Equal(t, []int{1, 4}, []int{r.JSON207.Succeeded, r.JSON207.Failed})
	again, err := m.many("cho", "k2", "partial", "outcome.decide", m.item("ada", 0), m.item("dov", 9), m.item("ada", 0), m.item("cho", 0), m.item("nobody", 0))
	apitest.OK(t, again, err)
	require.Equal(t, string(r.Body), string(again.Body), "the same key acts once")
	require.Equal(t, 1, m.step("cho", "ada", "outcome.decide").Step.Version)

	m.drafts("cho", "dov", "outcome.decide", api.SaveStep{Rating: &api.RatingInput{Code: ptr("exceeded"), Reason: ptr("Seen more widely.")}})
	for _, c := range []struct{ who, step, whose, code string }{
		{"cho", "outcome.decide", "dov", "rating_changed"},
		{"cho", "outcome.state", "ben", "step_done"},
		{"hr", "outcome.approve", "dov", "step_waits"},
		{"hr", "outcome.decide", "dov", "not_your_act"},
		{"hr", "outcome.nowhere", "dov", "not_found"},
	} {
		r, err = m.many(c.who, "k-"+c.code, "partial", c.step, m.item(c.whose, m.version(c.step, c.whose)))
		apitest.OK(t, r, err)
		require.Equal(t, []string{c.code}, codes(r.JSON207))
	}
	r, err = m.many("cho", "k3", "partial", "outcome.decide", make([]api.StepToComplete, 501)...)
	apitest.Refused(t, r, err, http.StatusUnprocessableEntity, "invalid_request")
	r, err = m.many("ben", "k4", "partial", "outcome.decide", m.item("ada", 0))
	apitest.Refused(t, r, err, http.StatusForbidden, "role_not_admitted")
	done, err := m.completes("cho", "dov", "outcome.decide")
	apitest.OK(t, done, err)
	_, years := m.queue("cho", api.ListModerationQueueParams{State: ptr(api.ListModerationQueueParamsState("decided"))})
	require.Len(t, years, 2)
	require.False(t, years["ada"].Changed.MustGet())
	require.True(t, years["dov"].Changed.MustGet())
}

// version is the version of a step, or 0 of one that there is not.
func (m moderated) version(step, whose string) int {
	r, err := m.As("hr").GetStepWithResponse(m.T.Context(), m.years[whose], step)
	require.NoError(m.T, err)
	if r.JSON200 == nil {
		return 0
	}
	return r.JSON200.Step.Version
}

// ending is the approval of many, and what reviewers see of it.
func (m moderated) ending(t *testing.T) {
	mine := func(who string) []api.MyRecommendation {
		r, err := m.As(who).ListMyRecommendationsWithResponse(t.Context(), &api.ListMyRecommendationsParams{CycleID: &m.CycleID})
		apitest.OK(t, r, err)
		return r.JSON200.Items
	}
	require.Empty(t, mine("ben"), "before the release nothing is said")
	r, err := m.many("hr", "k5", "partial", "outcome.approve", m.item("ada", 0), m.item("ben", 0), m.item("dov", 0))
	apitest.OK(t, r, err)
	require.Equal(t, []string{"done", "step_waits", "done"}, codes(r.JSON207))
	require.Equal(t, api.AppraisalStage("released"), m.Appraisal("ada").Stage)
	_, years := m.queue("hr", api.ListModerationQueueParams{State: ptr(api.ListModerationQueueParamsState("released"))})
	require.Len(t, years, 2)

	ended := map[uuid.UUID]api.MyRecommendation{}
	for _, v := range mine("ben") {
		ended[v.AppraisalID] = v
	}
	require.Len(t, ended, 2)
	require.False(t, ended[m.years["ada"]].Changed)
	dov := ended[m.years["dov"]]
	require.True(t, dov.Changed)
	require.Equal(t, []string{"met", "exceeded", "Seen more widely."}, []string{dov.Recommended.Code, dov.Decided.MustGet().Code, dov.Reason.MustGet()})
	require.Empty(t, mine("cho"), "Ben's year is not released")
	refused, err := m.As("ada").ListMyRecommendationsWithResponse(t.Context(), nil)
	apitest.Refused(t, refused, err, http.StatusForbidden, "role_not_admitted")

	m.On("2027-08-03")
	m.queue("hr", api.ListModerationQueueParams{})
	m.queue("hr", api.ListModerationQueueParams{})
	told, err := m.As("ada").ListDisclosuresWithResponse(t.Context(), nil)
	apitest.OK(t, told, err)
	today := 0
	for _, d := range told.JSON200.Items {
		if d.Purpose == "moderation" && d.SubjectKind == "moderation" && d.Reader.ID == m.World.HR.ID && d.SchoolOn.String() == "2027-08-03" {
			today++
		}
	}
	require.Equal(t, 1, today, "once a day")
	m.distributed(t)
}

// distributed is what the tables say when two years are released: of two reviewers one has few.
func (m moderated) distributed(t *testing.T) {
	kind := api.GetModerationDistributionParamsKind("recommended")
	ask := func(who, by string) *api.RatingDistribution {
		r, err := m.As(who).GetModerationDistributionWithResponse(t.Context(), &api.GetModerationDistributionParams{CycleID: &m.CycleID, By: ptr(api.GetModerationDistributionParamsBy(by)), Kind: &kind})
		apitest.OK(t, r, err)
		return r.JSON200
	}
	d := ask("cho", "unit")
	require.Equal(t, 3, d.People.MustGet())
	require.Equal(t, m.School, d.Rows[0].UnitID.MustGet())
	d = ask("hr", "reviewer")
	require.Len(t, d.Rows, 2)
	for _, row := range d.Rows {
		require.True(t, row.People.IsNull(), "one total is small, and the other gives it away")
		require.Equal(t, row.ReviewerID.MustGet(), row.Reviewer.MustGet().ID)
		for _, c := range row.Counts {
			if n, err := c.People.Get(); err == nil {
				require.NotEqual(t, 1, n)
			}
		}
	}
	require.Len(t, ask("hr", "staff_group").Rows, 2)
	r, err := m.As("hr").GetModerationDistributionWithResponse(t.Context(), &api.GetModerationDistributionParams{CycleID: ptr(uuid.New())})
	apitest.Refused(t, r, err, http.StatusNotFound, "not_found")
	r, err = m.As("ben").GetModerationDistributionWithResponse(t.Context(), nil)
	apitest.Refused(t, r, err, http.StatusForbidden, "role_not_admitted")
}
