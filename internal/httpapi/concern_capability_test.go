package httpapi_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// A serious concern may lead to a capability process at once, which suspends the year: nothing is done
// in it, and when it goes on its deadlines have moved by the days for which it stood still.
func TestCapabilitySuspendsTheYear(t *testing.T) {
	t.Parallel()
	w := newWorries(t, map[string]any{"direct": true})
	ctx, before := t.Context(), w.reflection(t)
	w.On("2026-10-30")
	c := confirmedConcern(w.Process, true)
	no, err := moveToCapability(w.Process, "ben", c, notice(w.Process, "2026-10-30"))
	require.Equal(t, "concern.capability_by", citedBy(t, apitest.Refused(t, no, err, 403, "not_your_act"), "not_your_act"))
	unheard, err := moveToCapability(w.Process, "cho", c, api.MoveToCapability{Reason: "Serious.", Notice: ptr("You were told.")})
	require.Equal(t, "/notice_on", apitest.Refused(t, unheard, err, 422, "notice_required").Errors[0].Pointer)
	r, err := moveToCapability(w.Process, "cho", c, notice(w.Process, "2026-10-30"))
	apitest.OK(t, r, err)
	require.Equal(t, "capability", string(r.JSON200.Status))
	require.Equal(t, "2026-10-30", r.JSON200.Capability.MustGet().NoticeOn.MustGet().String())
	again, err := moveToCapability(w.Process, "cho", *r.JSON200, notice(w.Process, "2026-10-30"))
	apitest.Refused(t, again, err, 409, "wrong_status")

	w.On("2026-11-03")
	w.standsStill(t)
	require.False(t, waitsFor(w.Process, "ada", "check_in"))
	after, err := commentOnConcern(w.Process, "ada", *r.JSON200, "I see it another way.")
	apitest.OK(t, after, err)

	w.On("2026-11-13")
	a := w.Appraisal("ada")
	resumed, err := w.As("cho").ResumeAppraisalWithResponse(ctx, a.ID, &api.ResumeAppraisalParams{IfMatch: etag(a.Version - 1)})
	apitest.Refused(t, resumed, err, 412, "stale_version")
	for _, who := range []string{"ada", "ben"} {
		resumed, err = w.As(who).ResumeAppraisalWithResponse(ctx, a.ID, &api.ResumeAppraisalParams{IfMatch: etag(a.Version)})
		apitest.Refused(t, resumed, err, 403, "role_not_admitted")
	}
	resumed, err = w.As("cho").ResumeAppraisalWithResponse(ctx, a.ID, &api.ResumeAppraisalParams{IfMatch: etag(a.Version)})
	apitest.OK(t, resumed, err)
	require.Equal(t, "open", string(resumed.JSON200.Status))
	require.Equal(t, "2026-10-30", resumed.JSON200.Suspensions[0].FromOn.String())
	require.Equal(t, "2026-11-13", resumed.JSON200.Suspensions[0].UntilOn.MustGet().String())
	after14 := w.reflection(t)
	require.Equal(t, before.DueOn.MustGet().AddDate(0, 0, 14), after14.DueOn.MustGet().Time, "fourteen days later")
	require.Equal(t, before.OpensOn.MustGet().AddDate(0, 0, 14), after14.OpensOn.MustGet().Time, "and opens as many later")
	e, err := w.As("ben").GetEngagementWithResponse(ctx, a.ID)
	apitest.OK(t, e, err)
	require.False(t, e.JSON200.Windows[0].Counted)
	require.Equal(t, "suspended", e.JSON200.Windows[0].Why.MustGet())
	twice, err := w.As("cho").ResumeAppraisalWithResponse(ctx, a.ID, &api.ResumeAppraisalParams{IfMatch: etag(resumed.JSON200.Version)})
	apitest.Refused(t, twice, err, 409, "wrong_status")
	w.endsSuspended(t)
}

// reflection is the step in which Ada reflects on her year.
func (w *worries) reflection(t *testing.T) api.Step {
	t.Helper()
	s, err := w.As("ada").GetStepWithResponse(t.Context(), w.appraisal, "outcome.reflect")
	apitest.OK(t, s, err)
	return s.JSON200.Step
}

// standsStill says that nothing is done in Ada's year, and by which rule.
func (w *worries) standsStill(t *testing.T) {
	t.Helper()
	ctx, a := t.Context(), w.Appraisal("ada")
	require.Equal(t, "suspended", string(a.Status))
	require.Len(t, a.Suspensions, 1)
	require.True(t, a.Suspensions[0].UntilOn.IsNull())
	require.True(t, a.Next.IsNull())
	o, err := w.As("ada").CreateObjectiveWithResponse(ctx, nil, api.CreateObjective{AppraisalID: a.ID, Slot: "school", Content: api.ObjectiveContent{Title: "Readers", Text: "Every week."}})
	require.Equal(t, "concern.capability", citedBy(t, apitest.Refused(t, o, err, 409, "appraisal_suspended"), "appraisal_suspended"))
	k, err := startCheckIn(w.Process)
	apitest.Refused(t, k, err, 409, "appraisal_suspended")
	m, err := scheduleMeeting(w.Process, "ben", "mid_year", talkTime)
	apitest.Refused(t, m, err, 409, "appraisal_suspended")
	s, err := w.As("ada").SaveStepWithResponse(ctx, a.ID, "outcome.reflect", &api.SaveStepParams{IfMatch: `"0"`}, api.SaveStep{Answers: map[string]any{}})
	citedBy(t, apitest.Refused(t, s, err, 409, "step_not_open_yet"), "appraisal_suspended")
	n, err := w.As("ben").AddNoteWithResponse(ctx, a.ID, nil, api.AddNote{SubjectKind: "appraisal", Text: "A note."})
	apitest.Refused(t, n, err, 409, "appraisal_suspended")
	suspended := api.ListAppraisalsParamsStatus("suspended")
	list, err := w.As("cho").ListAppraisalsWithResponse(ctx, &api.ListAppraisalsParams{Status: &suspended})
	apitest.OK(t, list, err)
	require.Len(t, list.JSON200.Items, 1)
}

// endsSuspended suspends the year once more; HR may end it from there.
func (w *worries) endsSuspended(t *testing.T) {
	t.Helper()
	c := confirmedConcern(w.Process, true)
	r, err := moveToCapability(w.Process, "cho", c, notice(w.Process, "2026-11-13"))
	apitest.OK(t, r, err)
	a := w.Appraisal("ada")
	require.Len(t, a.Suspensions, 2)
	end, err := w.As("hr").EndAppraisalWithResponse(t.Context(), a.ID, &api.EndAppraisalParams{IfMatch: etag(a.Version)}, api.EndAppraisal{Reason: "Left by agreement."})
	apitest.OK(t, end, err)
	require.Equal(t, "ended", string(end.JSON200.Status))
}

// After monitoring that ended in too little progress, a capability process may end the year without an
// outcome. Pay is decided all the same: where it does not follow from the outcome, at once.
func TestCapabilityEndsTheYearAndPayIsStillDecided(t *testing.T) {
	t.Parallel()
	w := newWorries(t, map[string]any{"capability": "ends", "weeks_min": 1})
	ctx := t.Context()
	c := monitoredConcern(w.Process, 1)
	w.On("2026-09-08")
	no, err := moveToCapability(w.Process, "cho", c, notice(w.Process, "2026-09-08"))
	apitest.Refused(t, no, err, 409, "progress_not_insufficient")
	seen, err := reviewMonitoring(w.Process, "ben", c, "2026-09-08", "insufficient")
	apitest.OK(t, seen, err)
	r, err := moveToCapability(w.Process, "cho", *seen.JSON200, notice(w.Process, "2026-09-08"))
	apitest.OK(t, r, err)
	a := w.Appraisal("ada")
	require.Equal(t, "transferred", string(a.Status))
	require.Equal(t, "setting", string(a.Stage), "there is no outcome")
	require.Empty(t, a.Suspensions)
	o, err := w.As("ada").CreateObjectiveWithResponse(ctx, nil, api.CreateObjective{AppraisalID: a.ID, Slot: "school", Content: api.ObjectiveContent{Title: "Readers", Text: "Every week."}})
	require.Equal(t, "concern.capability", citedBy(t, apitest.Refused(t, o, err, 409, "appraisal_transferred"), "appraisal_transferred"))
	resumed, err := w.As("hr").ResumeAppraisalWithResponse(ctx, a.ID, &api.ResumeAppraisalParams{IfMatch: etag(a.Version)})
	apitest.Refused(t, resumed, err, 409, "wrong_status")
	p, err := w.As("hr").GetPayOutcomeWithResponse(ctx, a.ID)
	apitest.OK(t, p, err)
	require.Equal(t, "not_linked", string(p.JSON200.Decision.MustGet().Result))
	require.False(t, waitsFor(w.Process, "hr", "decide_pay_of_transferred"))
	twice, err := decideTransferred(w.Process, "hr", "progress")
	apitest.Refused(t, twice, err, 409, "pay_decided")
}

// Where pay follows from the outcome, HR decides on it when there is none.
func TestPayOfTransferredYearIsDecidedByHR(t *testing.T) {
	t.Parallel()
	step := map[string]any{"code": "pay", "label": "Pay", "order": 1, "party": "hr", "acts": []string{"decide_pay"}, "required": true, "due": map[string]any{"anchor": "cycle_end", "months": 3}}
	p := apitest.NewProcess(t, apitest.ProcessSetup{Document: map[string]any{"schema": 1, "profile": "model", "rules": map[string]any{
		"concern": map[string]any{"capability": "ends", "direct": true}, "pay": map[string]any{"link": "automatic", "chain": []any{step}}}}})
	early, err := decideTransferred(p, "hr", "no_progression")
	apitest.Refused(t, early, err, 409, "wrong_status")
	r, err := moveToCapability(p, "cho", confirmedConcern(p, true), notice(p, "2026-09-01"))
	apitest.OK(t, r, err)
	no, err := decideTransferred(p, "cho", "no_progression")
	apitest.Refused(t, no, err, 403, "role_not_admitted")
	require.True(t, waitsFor(p, "hr", "decide_pay_of_transferred"))
	for _, who := range []string{"ada", "ben", "cho"} {
		require.False(t, waitsFor(p, who, "decide_pay_of_transferred"), who)
	}
	d, err := decideTransferred(p, "hr", "no_progression")
	apitest.OK(t, d, err)
	require.False(t, waitsFor(p, "hr", "decide_pay_of_transferred"))
	require.Equal(t, "no_award", string(d.JSON201.Decision.MustGet().Result))
	require.Equal(t, "transferred", d.JSON201.Decision.MustGet().Working[0].Step)
}

// That a year stands still, or ended without an outcome, may be known to whoever reads it. That it is for
// a concern is for those who see the concern: the person, whoever holds it, the heads above, and HR.
func TestWhyAYearStandsStillIsSaidToThoseAloneWhoSeeTheConcern(t *testing.T) {
	t.Parallel()
	for effect, code := range map[string]string{"suspends": "appraisal_suspended", "ends": "appraisal_transferred"} {
		t.Run(effect, func(t *testing.T) {
			t.Parallel()
			w := newWorries(t, map[string]any{"direct": true, "capability": effect, "raised_by": []string{"reviewer", "head"}})
			r, err := moveToCapability(w.Process, "cho", confirmedConcern(w.Process, true), notice(w.Process, "2026-09-01"))
			apitest.OK(t, r, err)
			held := w.whyNoNote(t, "ben", code)
			require.Equal(t, "concern.capability", held.Policy.MustGet().Parameter, "Ben holds the concern")
			h, err := handOverConcern(w.Process, "cho", *r.JSON200, "cho")
			apitest.OK(t, h, err)

			require.Equal(t, "concern.capability", w.whyNoNote(t, "ada", code).Policy.MustGet().Parameter)
			another, err := raiseConcern(w.Process, "cho", true, true)
			require.Equal(t, "concern.capability", citedBy(t, apitest.Refused(t, another, err, 409, code), code))
			unseen := w.whyNoNote(t, "ben", code)
			require.True(t, unseen.Policy.IsNull(), "Ben only reviews her now")
			require.NotContains(t, unseen.Detail, "process")
			w.saysNothingOfCapability(t, "ben")
		})
	}
}

// whyNoNote is why somebody may not add a note to Ada's year.
func (w *worries) whyNoNote(t *testing.T, who, code string) api.Refusal {
	t.Helper()
	n, err := w.As(who).AddNoteWithResponse(t.Context(), w.appraisal, nil, api.AddNote{SubjectKind: "appraisal", Text: "A note."})
	for _, r := range apitest.Refused(t, n, err, 409, code).Refusals {
		if r.Code == code {
			return r
		}
	}
	require.Fail(t, "no such refusal", code)
	return api.Refusal{}
}

// saysNothingOfCapability reads what somebody reads of Ada's year; none of it names what it is for.
func (w *worries) saysNothingOfCapability(t *testing.T, who string) {
	t.Helper()
	ctx, reader := t.Context(), w.As(who)
	var bodies [][]byte
	keep := func(body []byte, a client.Answer, err error) {
		t.Helper()
		apitest.OK(t, a, err)
		bodies = append(bodies, body)
	}
	one, err := reader.GetAppraisalWithResponse(ctx, w.appraisal, nil)
	keep(one.Body, one, err)
	list, err := reader.ListAppraisalsWithResponse(ctx, &api.ListAppraisalsParams{})
	keep(list.Body, list, err)
	me, err := reader.GetMeWithResponse(ctx)
	keep(me.Body, me, err)
	timeline, err := reader.GetTimelineWithResponse(ctx, w.appraisal, &api.GetTimelineParams{})
	keep(timeline.Body, timeline, err)
	year, err := reader.GetDossierWithResponse(ctx, w.appraisal)
	keep(year.Body, year, err)
	steps, err := reader.ListStepsWithResponse(ctx, w.appraisal)
	keep(steps.Body, steps, err)
	objectives, err := reader.ListObjectivesWithResponse(ctx, &api.ListObjectivesParams{AppraisalID: &w.appraisal})
	keep(objectives.Body, objectives, err)
	report, err := reader.GetAppraisalReportWithResponse(ctx, w.appraisal)
	keep(report.Body, report, err)
	for _, body := range bodies {
		require.NotContains(t, strings.ToLower(string(body)), "capability")
	}
}

// What counts from a step that was done when the year went on again has lost no day by the time in which
// it stood still. What had opened before stays open.
func TestOnlyDaysThatLayAheadMoveWithASuspension(t *testing.T) {
	t.Parallel()
	chain := func(opens map[string]any) []map[string]any {
		return []map[string]any{
			{"code": "reflect", "label": "Reflection", "order": 1, "party": "reviewee", "acts": []string{"reflect"}, "form": "reflection", "required": true, "opens": opens},
			{"code": "state", "label": "Statement", "order": 2, "party": "reviewer", "acts": []string{"state", "recommend"}, "form": "statement", "required": true,
				"opens": map[string]any{"anchor": "step", "step": "reflect", "days": 2}, "due": map[string]any{"anchor": "step", "step": "reflect", "days": 7}}}
	}
	p := apitest.NewProcess(t, apitest.ProcessSetup{Document: map[string]any{"schema": 1, "profile": "model", "rules": map[string]any{
		"concern": map[string]any{"direct": true}, "outcome": map[string]any{"chain": chain(map[string]any{"anchor": "cycle_start", "days": 10})}}}})
	w := &worries{Process: p, t: t, appraisal: p.Appraisal("ada").ID}
	w.On("2026-10-30")
	r, err := moveToCapability(p, "cho", confirmedConcern(p, true), notice(p, "2026-10-30"))
	apitest.OK(t, r, err)
	w.On("2026-11-13")
	g, err := w.As("cho").ResumeAppraisalWithResponse(t.Context(), w.appraisal, &api.ResumeAppraisalParams{IfMatch: etag(w.Appraisal("ada").Version)})
	apitest.OK(t, g, err)
	require.Equal(t, "2026-09-11", w.reflection(t).OpensOn.MustGet().String(), "it was open before")
	w.On("2027-08-02")
	saveStep(p, "ada", "outcome.reflect", api.SaveStep{Answers: map[string]any{"achievements": "Readers."}})
	done, err := completeStep(p, "ada", "outcome.reflect")
	apitest.OK(t, done, err)
	s, err := w.As("ben").GetStepWithResponse(t.Context(), w.appraisal, "outcome.state")
	apitest.OK(t, s, err)
	require.Equal(t, []string{"2027-08-04", "2027-08-09"}, []string{s.JSON200.Step.OpensOn.MustGet().String(), s.JSON200.Step.DueOn.MustGet().String()})
}
