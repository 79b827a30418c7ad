package httpapi_test

import (
	"testing"

	openapi_types "github.com/oapi-codegen/runtime/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

// A concern begins informally, is put in writing after a meeting, monitored for working weeks of the
// school calendar, extended for a reason, and closed.
func TestConcernGoesFromTheInformalStageThroughMonitoringToItsEnd(t *testing.T) {
	t.Parallel()
	w := newWorries(t, map[string]any{"extension_weeks": 2})
	apitest.OK(t, setCalendar(t, w.As("hr"), w.Root, `"0"`, calendar2026("2026-10-26", "2026-10-30")), nil)
	w.On("2026-09-28")
	c := w.informal(t)
	c = w.formal(t, c)
	c = w.monitored(t, c)
	c = w.extended(t, c)

	w.On("2026-11-30")
	require.True(t, waitsFor(w.Process, "ben", "end_monitoring"))
	ended, err := closeConcern(w.Process, "ben", c, "resolved")
	apitest.OK(t, ended, err)
	require.Equal(t, "closed", string(ended.JSON200.Status))
	require.Equal(t, "resolved", string(ended.JSON200.Outcome.MustGet()))
	require.Equal(t, "2026-11-30", ended.JSON200.ClosedOn.MustGet().String())
	late, err := commentOnConcern(w.Process, "ada", *ended.JSON200, "One thing more.")
	apitest.Refused(t, late, err, 409, "wrong_status")
	require.False(t, waitsFor(w.Process, "ben", "end_monitoring"))
}

// informal is a concern that Ada sees when it is shared with her, and no sooner.
func (w *worries) informal(t *testing.T) api.Concern {
	t.Helper()
	for who, code := range map[string]string{"ada": "role_not_admitted", "dov": "role_not_admitted", "hr": "not_your_act"} {
		no, err := w.As(who).RaiseConcernWithResponse(t.Context(), nil, api.RaiseConcern{AppraisalID: w.appraisal, Stage: "informal"})
		apitest.Refused(t, no, err, 403, code)
	}
	r, err := raiseConcern(w.Process, "ben", false, false)
	apitest.OK(t, r, err)
	c := *r.JSON201
	require.Equal(t, "/v1/concerns/"+c.ID.String(), r.HTTPResponse.Header.Get("Location"))
	require.Equal(t, "informal", string(c.Status))
	hidden, err := w.As("ada").GetConcernWithResponse(t.Context(), c.ID)
	apitest.Refused(t, hidden, err, 404, "not_found")
	list, err := w.As("ada").ListConcernsWithResponse(t.Context(), nil)
	apitest.OK(t, list, err)
	require.Empty(t, list.JSON200.Items)

	s, err := w.As("ben").ShareConcernWithResponse(t.Context(), c.ID, &api.ShareConcernParams{IfMatch: etag(c.Version)})
	apitest.OK(t, s, err)
	again, err := w.As("ben").ShareConcernWithResponse(t.Context(), c.ID, &api.ShareConcernParams{IfMatch: etag(s.JSON200.Version)})
	apitest.Refused(t, again, err, 409, "already_shared")
	require.Len(t, concern(w.Process, "ada", c.ID).Contents.MustGet(), 5)
	return *s.JSON200
}

// formal is the record: drafted out of Ada's sight, confirmed after the meeting, and frozen.
func (w *worries) formal(t *testing.T, c api.Concern) api.Concern {
	t.Helper()
	f, err := w.As("ben").MakeConcernFormalWithResponse(t.Context(), c.ID, &api.MakeConcernFormalParams{IfMatch: etag(c.Version)})
	apitest.OK(t, f, err)
	require.True(t, concern(w.Process, "ada", c.ID).Contents.IsNull(), "a draft is not hers to read")
	stale, err := w.As("ben").SaveConcernWithResponse(t.Context(), c.ID, &api.SaveConcernParams{IfMatch: etag(c.Version)}, api.SaveConcern{Contents: saidOfConcern[:2]})
	apitest.Refused(t, stale, err, 412, "stale_version")
	twice, err := w.As("ben").SaveConcernWithResponse(t.Context(), c.ID, &api.SaveConcernParams{IfMatch: etag(f.JSON200.Version)}, api.SaveConcern{Contents: append(saidOfConcern[:1:1], saidOfConcern[0])})
	apitest.Refused(t, twice, err, 422, "duplicate")
	short, err := w.As("ben").SaveConcernWithResponse(t.Context(), c.ID, &api.SaveConcernParams{IfMatch: etag(f.JSON200.Version)}, api.SaveConcern{Contents: saidOfConcern[:3]})
	apitest.OK(t, short, err)
	no, err := confirmConcern(w.Process, "ben", *short.JSON200)
	problem := apitest.Refused(t, no, err, 409, "concern_incomplete")
	require.Equal(t, "concern.must_cover", citedBy(t, problem, "concern_incomplete"))
	require.Equal(t, "concern.record", citedBy(t, problem, "no_meeting_logged"))
	require.Len(t, problem.Errors, 2)

	whole, err := w.As("ben").SaveConcernWithResponse(t.Context(), c.ID, &api.SaveConcernParams{IfMatch: etag(short.JSON200.Version)}, api.SaveConcern{Contents: saidOfConcern})
	apitest.OK(t, whole, err)
	unsaid, err := logMeeting(w.Process, "ben", *whole.JSON200, nil)
	require.Equal(t, "concern.companion", citedBy(t, apitest.Refused(t, unsaid, err, 422, "companion_unsaid"), "companion_unsaid"))
	l, err := logMeeting(w.Process, "ben", *whole.JSON200, ptr(true))
	apitest.OK(t, l, err)
	k, err := confirmConcern(w.Process, "ben", *l.JSON200)
	apitest.OK(t, k, err)
	require.Equal(t, "2026-09-28", k.JSON200.ConfirmedOn.MustGet().String())
	frozen, err := w.As("ben").SaveConcernWithResponse(t.Context(), c.ID, &api.SaveConcernParams{IfMatch: etag(k.JSON200.Version)}, api.SaveConcern{Contents: saidOfConcern[:1]})
	apitest.Refused(t, frozen, err, 409, "wrong_status")

	require.True(t, waitsFor(w.Process, "ada", "comment_on_concern"))
	mine := concern(w.Process, "ada", c.ID)
	require.Len(t, mine.Contents.MustGet(), 5)
	require.True(t, mayDo(t, mine, "comment"))
	require.False(t, mayDo(t, mine, "start_monitoring"))
	blank, err := commentOnConcern(w.Process, "ada", mine, "   ")
	apitest.Refused(t, blank, err, 422, "required")
	notHis, err := commentOnConcern(w.Process, "ben", mine, "As I said.")
	apitest.Refused(t, notHis, err, 403, "out_of_reach")
	said, err := commentOnConcern(w.Process, "ada", mine, "I covered two classes.")
	apitest.OK(t, said, err)
	require.False(t, waitsFor(w.Process, "ada", "comment_on_concern"))
	return *said.JSON200
}

// monitored is the concern under monitoring, which is shorter than the trust normally has it.
func (w *worries) monitored(t *testing.T, c api.Concern) api.Concern {
	t.Helper()
	body := api.StartMonitoring{StartsOn: date("2026-10-05"), Weeks: 3, Targets: []api.SetConcernTarget{{Text: "Books within a week.", Support: ptr("Time on Fridays.")}}, ReviewOn: []openapi_types.Date{date("2026-10-21")}}
	no, err := startMonitoring(w.Process, "ben", c, body)
	require.Equal(t, "concern.weeks_min", citedBy(t, apitest.Refused(t, no, err, 422, "reason_required"), "reason_required"))
	body.Reason, body.Weeks = ptr("The term ends."), 90
	far, err := startMonitoring(w.Process, "ben", c, body)
	apitest.Refused(t, far, err, 409, "calendar_too_short")
	body.Weeks, body.ReviewOn[0] = 3, date("2026-11-30")
	outside, err := startMonitoring(w.Process, "ben", c, body)
	apitest.Refused(t, outside, err, 422, "outside_monitoring")
	body.ReviewOn[0], body.StartsOn = date("2026-10-21"), date("2026-09-01")
	before, err := startMonitoring(w.Process, "ben", c, body)
	apitest.Refused(t, before, err, 422, "before_confirmation")
	body.StartsOn = date("2026-10-05")
	m, err := startMonitoring(w.Process, "ben", c, body)
	apitest.OK(t, m, err)
	require.Equal(t, "2026-11-02", m.JSON200.MonitoringEndsOn.MustGet().String(), "the week of the half term is no working week")
	require.Len(t, m.JSON200.Warnings, 1)
	require.Equal(t, "monitoring_short", m.JSON200.Warnings[0].Code)
	require.Equal(t, "concern.weeks_min", m.JSON200.Warnings[0].Policy.Parameter)

	w.On("2026-10-16")
	require.True(t, waitsFor(w.Process, "ben", "review_monitoring"))
	require.False(t, waitsFor(w.Process, "ben", "end_monitoring"))
	tomorrow, err := reviewMonitoring(w.Process, "ben", *m.JSON200, "2026-10-17", "some")
	apitest.Refused(t, tomorrow, err, 422, "in_the_future")
	w.On("2026-10-21")
	seen, err := reviewMonitoring(w.Process, "ben", *m.JSON200, "2026-10-21", "some")
	apitest.OK(t, seen, err)
	require.False(t, waitsFor(w.Process, "ben", "review_monitoring"))
	early, err := moveToCapability(w.Process, "cho", *seen.JSON200, notice(w.Process, "2026-10-21"))
	apitest.Refused(t, early, err, 409, "monitoring_not_over")
	return *seen.JSON200
}

// extended is the concern with its monitoring extended by more than the trust normally does.
func (w *worries) extended(t *testing.T, c api.Concern) api.Concern {
	t.Helper()
	no, err := extendMonitoring(w.Process, "ben", c, api.ExtendMonitoring{Weeks: 2, ReasonCode: "a_feeling"})
	require.Equal(t, "concern.extension_reasons", citedBy(t, apitest.Refused(t, no, err, 422, "unknown_reason"), "unknown_reason"))
	x, err := extendMonitoring(w.Process, "ben", c, api.ExtendMonitoring{Weeks: 2, ReasonCode: "significant_improvement"})
	apitest.OK(t, x, err)
	require.Equal(t, "extended", string(x.JSON200.Status))
	require.Equal(t, "2026-11-16", x.JSON200.MonitoringEndsOn.MustGet().String())
	more, err := extendMonitoring(w.Process, "ben", *x.JSON200, api.ExtendMonitoring{Weeks: 2, ReasonCode: "significant_absence"})
	require.Equal(t, "concern.extension_weeks", citedBy(t, apitest.Refused(t, more, err, 422, "explanation_required"), "explanation_required"))
	long, err := extendMonitoring(w.Process, "ben", *x.JSON200, api.ExtendMonitoring{Weeks: 2, ReasonCode: "significant_absence", Explanation: ptr("She was away.")})
	apitest.OK(t, long, err)
	require.Equal(t, "2026-11-30", long.JSON200.MonitoringEndsOn.MustGet().String())
	require.Equal(t, 4, long.JSON200.Monitoring.MustGet().ExtensionWeeks)
	require.Equal(t, []string{"monitoring_short", "extension_long"}, []string{long.JSON200.Warnings[0].Code, long.JSON200.Warnings[1].Code})
	return *long.JSON200
}

// A concern is seen by the person, by whoever holds it, by the heads above and by HR: not by others
// who read the appraisal, and not in any list.
func TestConcernIsSeenByThoseWhoDealWithItAlone(t *testing.T) {
	t.Parallel()
	w := newWorries(t, map[string]any{})
	ctx := t.Context()
	panel, err := w.As("cho").HandOverAppraisalWithResponse(ctx, w.appraisal, &api.HandOverAppraisalParams{IfMatch: etag(w.Appraisal("ada").Version)},
		api.HandOver{ReviewerID: w.As("ben").ID, PanelIds: []openapi_types.UUID{w.As("dov").ID}})
	apitest.OK(t, panel, err)
	r, err := raiseConcern(w.Process, "ben", true, true)
	apitest.OK(t, r, err)
	c := *r.JSON201
	other := apitest.NewWorld(t, "2026-09-01")
	foreign, err := other.HR.GetConcernWithResponse(ctx, c.ID)
	apitest.Refused(t, foreign, err, 404, "not_found")

	for who, sees := range map[string]bool{"ada": false, "ben": true, "cho": true, "dov": false, "eve": true, "hr": true} {
		one, err := w.As(who).GetConcernWithResponse(ctx, c.ID)
		require.NoError(t, err)
		list, err := w.As(who).ListConcernsWithResponse(ctx, &api.ListConcernsParams{AppraisalID: &w.appraisal})
		apitest.OK(t, list, err)
		if !sees {
			apitest.Refused(t, one, nil, 404, "not_found")
			assert.Empty(t, list.JSON200.Items, who)
			continue
		}
		apitest.OK(t, one, nil)
		require.Len(t, list.JSON200.Items, 1, who)
		assert.True(t, list.JSON200.Items[0].Contents.IsNull(), "a list says nothing of what it says")
	}
	blocked, err := closeConcern(w.Process, "dov", c, "withdrawn")
	apitest.Refused(t, blocked, err, 404, "not_found")
	w.disclosed(t, c, 0)
	l, err := logMeeting(w.Process, "ben", c, ptr(false))
	apitest.OK(t, l, err)
	k, err := confirmConcern(w.Process, "ben", *l.JSON200)
	apitest.OK(t, k, err)
	w.disclosed(t, c, 3) // Cho, Eve and HR
	w.handed(t, *k.JSON200)
}

// disclosed says how many readings of a concern Ada and HR are shown; HR is shown them at any time.
func (w *worries) disclosed(t *testing.T, c api.Concern, toAda int) {
	t.Helper()
	for who, want := range map[string]int{"ada": toAda, "hr": 3} {
		d, err := w.As(who).ListDisclosuresWithResponse(t.Context(), nil)
		apitest.OK(t, d, err)
		n := 0
		for _, x := range d.JSON200.Items {
			if x.SubjectID == c.ID {
				n++
			}
		}
		require.Equal(t, want, n, who)
	}
	e, err := w.As("hr").ListAuditEventsWithResponse(t.Context(), &api.ListAuditEventsParams{SubjectID: &c.ID})
	apitest.OK(t, e, err)
	require.NotEmpty(t, e.JSON200.Items)
}

// handed hands the concern to the head: whoever held it sees it no more.
func (w *worries) handed(t *testing.T, c api.Concern) {
	t.Helper()
	not, err := handOverConcern(w.Process, "ben", c, "cho")
	apitest.Refused(t, not, err, 403, "role_not_admitted")
	never, err := handOverConcern(w.Process, "hr", c, "ada")
	apitest.Refused(t, never, err, 422, "unknown_holder")
	h, err := handOverConcern(w.Process, "hr", c, "cho")
	apitest.OK(t, h, err)
	gone, err := w.As("ben").GetConcernWithResponse(t.Context(), c.ID)
	apitest.Refused(t, gone, err, 404, "not_found")
	notHR, err := closeConcern(w.Process, "hr", *h.JSON200, "withdrawn")
	apitest.Refused(t, notHR, err, 403, "not_your_act")
	out, err := closeConcern(w.Process, "cho", *h.JSON200, "withdrawn")
	apitest.OK(t, out, err)
	require.Equal(t, "withdrawn", string(out.JSON200.Status))
}
