package httpapi_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

func TestNoteTakerReachesOneMeetingUntilItsRecordIsShared(t *testing.T) {
	t.Parallel()
	noted := map[string]any{"recorded_by": "note_taker"}
	w := newTalks(t, meetingRules(map[string]any{"plan": []any{meetingOnPlan("autumn", noted), meetingOnPlan("spring", noted), meetingOnPlan("summer", nil)}}))
	m := w.scheduled("ben", "autumn", talkTime)
	other := w.scheduled("ben", "spring", talkTime)
	dov := w.As("dov")
	before, err := dov.GetMeetingWithResponse(t.Context(), m.ID)
	apitest.Refused(t, before, err, gone, "not_found")
	require.Empty(t, w.list("dov", api.ListMeetingsParams{}))
	m = benNamesDov(t, w, m)
	dovReachesThisMeetingAlone(t, w, m, other)
	dovTakesNotesAndBenSharesThem(t, w, m)
	aHeadWhoTookNotesNoLongerWritesThem(t, w, other)
}

func benNamesDov(t *testing.T, w *talks, m api.Meeting) api.Meeting {
	t.Helper()
	dov, ada := w.As("dov"), w.As("ada")
	byAda, err := w.named("ada", m, &dov.ID)
	apitest.Refused(t, byAda, err, never, "role_not_admitted")
	own, err := w.named("ben", m, &ada.ID)
	require.Equal(t, "/person_id", apitest.Refused(t, own, err, invalid, "own_appraisal").Errors[0].Pointer)
	nobody, err := w.named("ben", m, ptr(uuid.New()))
	apitest.Refused(t, nobody, err, invalid, "unknown_person")
	stale, err := w.named("ben", api.Meeting{ID: m.ID, Version: 9}, &dov.ID)
	apitest.Refused(t, stale, err, 412, "stale_version")
	third := w.scheduled("ben", "summer", talkTime)
	here, err := w.named("ben", third, &dov.ID)
	parameter, value := cited(t, apitest.Refused(t, here, err, never, "no_note_taker_here"), "no_note_taker_here")
	require.Equal(t, []any{"meetings.plan[2].recorded_by", "reviewer"}, []any{parameter, value})
	yes, err := w.named("ben", m, &dov.ID)
	apitest.OK(t, yes, err)
	m = *yes.JSON200
	require.Equal(t, dov.ID, m.NoteTakerID.MustGet())
	return m
}

func dovReachesThisMeetingAlone(t *testing.T, w *talks, m, other api.Meeting) {
	t.Helper()
	dov := w.As("dov")
	seen := w.list("dov", api.ListMeetingsParams{})
	require.Len(t, seen, 1, "this meeting and no other")
	require.Equal(t, []string{"save"}, allowed(w.read("dov", m.ID).AllowedActions))
	require.Equal(t, seen[0].AllowedActions, w.read("dov", m.ID).AllowedActions)
	require.Equal(t, 1, waits(t, dov)["take_notes"].Count)
	elsewhere, err := dov.GetMeetingWithResponse(t.Context(), other.ID)
	apitest.Refused(t, elsewhere, err, gone, "not_found")
	year, err := dov.GetAppraisalWithResponse(t.Context(), w.appraisal, nil)
	apitest.Refused(t, year, err, gone, "not_found")
	earlier, err := dov.ListMeetingVersionsWithResponse(t.Context(), m.ID)
	apitest.Refused(t, earlier, err, gone, "not_found")
}

func dovTakesNotesAndBenSharesThem(t *testing.T, w *talks, m api.Meeting) {
	t.Helper()
	dov, ada := w.As("dov"), w.As("ada")
	m = w.saved("dov", m, notes("We spoke of three things."))
	require.Equal(t, api.MeetingStateDrafted, m.State)
	hidden(t, "ada", w.read("ada", m.ID))
	share, err := shareMeeting(w.Process, "dov", m)
	apitest.Refused(t, share, err, never, "out_of_reach")
	require.Equal(t, "We spoke of three things.", w.read("ben", m.ID).Answers.MustGet()["notes"], "the reviewer reads the draft that they answer for")
	m = w.saved("ben", m, api.SaveMeeting{Minutes: ptr(30)})
	require.Equal(t, "We spoke of three things.", m.Answers.MustGet()["notes"], "and writes on it")
	m = w.shared("ben", m)
	require.Equal(t, 30, w.read("ada", m.ID).Minutes.MustGet())
	after, err := dov.GetMeetingWithResponse(t.Context(), m.ID)
	apitest.Refused(t, after, err, gone, "not_found")
	require.NotContains(t, waits(t, dov), "take_notes")
	require.Empty(t, disclosures(t, ada.ClientWithResponses, api.ListDisclosuresParams{}), "who takes notes is a party of the meeting")
}

func aHeadWhoTookNotesNoLongerWritesThem(t *testing.T, w *talks, other api.Meeting) {
	t.Helper()
	cho := w.As("cho") // reaches the year as head, and writes this record alone
	head, err := w.named("ben", other, &cho.ID)
	apitest.OK(t, head, err)
	taken := w.saved("cho", *head.JSON200, notes("A second talk."))
	dropped, err := w.named("ben", taken, nil)
	apitest.OK(t, dropped, err)
	no, err := saveMeeting(w.Process, "cho", *dropped.JSON200, notes("Another."))
	apitest.Refused(t, no, err, never, "out_of_reach")
}

func TestSharedRecordIsOpenedAgainAndWhatWasSharedStays(t *testing.T) {
	t.Parallel()
	w := newTalks(t, meetingRules(map[string]any{"final": false}))
	m := w.saved("ben", w.scheduled("ben", "mid_year", talkTime), notes("The first account."))
	early, err := reopenMeeting(w.Process, "ben", m)
	apitest.Refused(t, early, err, conflict, "wrong_status")
	m = w.shared("ben", m)
	answered, err := w.As("ada").RespondToMeetingWithResponse(t.Context(), m.ID, &api.RespondToMeetingParams{IfMatch: etag(m.Version)}, api.RespondToMeeting{Answer: "Not quite."})
	apitest.OK(t, answered, err)
	m = *answered.JSON200
	require.Equal(t, 1, w.planOf("ada").FormalHeld)

	byAda, err := reopenMeeting(w.Process, "ada", m)
	parameter, _ := cited(t, apitest.Refused(t, byAda, err, never, "not_your_act"), "not_your_act")
	require.Equal(t, "meetings.plan[0].recorded_by", parameter)
	stale, err := reopenMeeting(w.Process, "ben", api.Meeting{ID: m.ID, Version: 1})
	apitest.Refused(t, stale, err, 412, "stale_version")
	r, err := reopenMeeting(w.Process, "ben", m)
	apitest.OK(t, r, err)
	m = *r.JSON200
	require.Equal(t, api.MeetingStateDrafted, m.State)
	require.Equal(t, []any{1, true, true}, []any{m.EarlierVersions, m.SharedAt.IsNull(), m.Answer.IsNull()})
	hidden(t, "ada", w.read("ada", m.ID))
	require.Equal(t, 0, w.planOf("ada").FormalHeld, "a record that is open again does not count")

	kept, err := w.As("ada").ListMeetingVersionsWithResponse(t.Context(), m.ID)
	apitest.OK(t, kept, err)
	require.Len(t, kept.JSON200.Items, 1)
	v := kept.JSON200.Items[0]
	require.Equal(t, []any{1, "The first account.", "Not quite.", w.As("ben").ID}, []any{v.Number, v.Answers["notes"], v.Answer.MustGet(), v.ReopenedBy})
	m = w.shared("ben", w.saved("ben", m, notes("The second account.")))
	require.Equal(t, "The second account.", w.read("ada", m.ID).Answers.MustGet()["notes"])
	events := eventTypes(auditEvents(t, w.World.HR.ClientWithResponses, api.ListAuditEventsParams{SubjectID: &m.ID}))
	require.Equal(t, []string{"meeting.shared", "meeting.saved", "meeting.reopened", "meeting.answered", "meeting.shared", "meeting.saved", "meeting.scheduled"}, events)
	require.NotContains(t, apitest.Logs(), "The first account.")
}

func TestRecordSaysHowLongTheMeetingWasAndWhatItIndicates(t *testing.T) {
	t.Parallel()
	w := newTalks(t, meetingRules(map[string]any{"time_rule": "directed_time_not_ppa", "plan": []any{
		meetingOnPlan("summer", map[string]any{"kind": "monitoring", "length": "short", "max_minutes": 30, "indicative": true, "title": "{meeting}: {group}, {cycle}"}),
		meetingOnPlan("other", nil)}}))
	m := w.scheduled("ada", "summer", talkTime)
	group := w.Process.Appraisal("ada").StaffGroup.Label
	require.Equal(t, "Mid-year review: "+group+", 2026-27", m.Title)
	require.Equal(t, []any{api.MeetingKind("monitoring"), api.MeetingLength("short"), 30, true}, []any{m.Kind.MustGet(), m.Length.MustGet(), m.MaxMinutes.MustGet(), m.Formal})
	require.Equal(t, w.As("ada").ID, m.PersonID)
	require.Equal(t, []string{"directed_time_not_ppa", "short", "max_minutes"}, guided(m))
	require.Equal(t, "meetings.time_rule", m.Guidance[0].Policy.Parameter)

	body := notes("Well under way.")
	body.Minutes = ptr(45)
	m = w.saved("ben", m, body)
	r, err := shareMeeting(w.Process, "ben", m)
	p := apitest.Refused(t, r, err, conflict, "meeting_too_long")
	require.Equal(t, []string{"meeting_too_long", "indication_missing"}, refusalCodes(p.Problem))
	parameter, value := cited(t, p, "meeting_too_long")
	require.Equal(t, []any{"meetings.plan[0].max_minutes", float64(30)}, []any{parameter, value})
	wrong, err := saveMeeting(w.Process, "ben", m, api.SaveMeeting{IndicativeRating: ptr("splendid")})
	require.Equal(t, "/indicative_rating", apitest.Refused(t, wrong, err, invalid, "unknown_rating").Errors[0].Pointer)
	m = w.saved("ben", m, api.SaveMeeting{Minutes: ptr(30), IndicativeRating: ptr("met")})
	require.True(t, w.read("ada", m.ID).IndicativeRating.IsNull(), "not before it is shared")
	m = w.shared("ben", m)
	require.Equal(t, "met", w.read("ada", m.ID).IndicativeRating.MustGet().Code)
	require.Empty(t, m.Guidance, "it was held")
	other := w.scheduled("ben", "other", talkTime)
	none, err := saveMeeting(w.Process, "ben", other, api.SaveMeeting{IndicativeRating: ptr("met")})
	apitest.Refused(t, none, err, invalid, "no_indication_here")
	require.Equal(t, "Mid-year review", other.Title)
}

func TestScheduleShowsWhatIsHeldMissingAndLate(t *testing.T) {
	t.Parallel()
	w := newTalks(t, meetingRules(map[string]any{"formal_min": 2, "plan": []any{meetingOnPlan("autumn", nil), meetingOnPlan("spring", nil),
		meetingOnPlan("summer", map[string]any{"formal": false, "due": map[string]any{"anchor": "cycle_start", "months": 10}})}}))
	first := w.shared("ben", w.saved("ben", w.scheduled("ben", "autumn", talkTime), notes("Begun.")))
	late := time.Date(2027, 6, 1, 23, 30, 0, 0, time.UTC) // already 2 June in Europe/London
	w.scheduled("ben", "summer", late)
	w.On("2027-03-02")
	for _, who := range []string{"ada", "ben", "cho", "hr"} {
		plan := w.planOf(who)
		require.Equal(t, []int{2, 1}, []int{plan.FormalNeeded, plan.FormalHeld})
		var got []string
		for _, p := range plan.Items {
			got = append(got, p.Plan.Code+" "+string(p.State)+map[bool]string{true: " late"}[p.Late])
		}
		require.Equal(t, []string{"autumn shared", "spring missing late", "summer scheduled"}, got, who)
	}
	plan := w.planOf("ben").Items
	require.Equal(t, first.ID, plan[0].MeetingID.MustGet())
	require.Empty(t, allowed(plan[0].AllowedActions))
	require.Equal(t, []string{"schedule"}, allowed(plan[1].AllowedActions))
	stranger, err := w.As("dov").ListPlannedMeetingsWithResponse(t.Context(), w.appraisal)
	apitest.Refused(t, stranger, err, gone, "not_found")

	codes := func(q api.ListMeetingsParams) (out []string) {
		for _, m := range w.list("cho", q) {
			out = append(out, m.Plan.Code)
		}
		return out
	}
	require.Equal(t, []string{"summer"}, codes(api.ListMeetingsParams{FromOn: ptr(day("2027-06-02"))}))
	require.Equal(t, []string{"autumn"}, codes(api.ListMeetingsParams{ToOn: ptr(day("2027-06-01"))}))
	require.Equal(t, []string{"autumn"}, codes(api.ListMeetingsParams{PlanCode: ptr("autumn"), UnitID: &w.School}))
	require.Len(t, w.list("hr", api.ListMeetingsParams{UnitID: &w.Root}), 2, "of all units below")
	require.Empty(t, w.list("hr", api.ListMeetingsParams{UnitID: ptr(uuid.New())}))
}

func TestStatementWaitsForTheFormalReviews(t *testing.T) {
	t.Parallel()
	w := newTalks(t, meetingRules(map[string]any{"formal_min": 1}))
	w.On("2027-08-02")
	stepTo(w.Process, "ada", "outcome.reflect", map[string]any{"achievements": "The readers."})
	saved := saveStep(w.Process, "ben", "outcome.state", api.SaveStep{Answers: map[string]any{"statement": "A good year."}, Rating: &api.RatingInput{Code: ptr("met")}})
	done, err := completeStep(w.Process, "ben", "outcome.state")
	p := apitest.Refused(t, done, err, conflict, "formal_reviews_missing")
	parameter, value := cited(t, p, "formal_reviews_missing")
	require.Equal(t, []any{"meetings.formal_min", float64(1)}, []any{parameter, value})
	require.NotContains(t, allowed(saved.Step.AllowedActions), "complete")
	w.shared("ben", w.saved("ben", w.scheduled("ben", "mid_year", talkTime), notes("Held in time.")))
	done, err = completeStep(w.Process, "ben", "outcome.state")
	apitest.OK(t, done, err)
}

func guided(m api.Meeting) []string {
	out := []string{}
	for _, g := range m.Guidance {
		out = append(out, g.Code)
	}
	return out
}

// The button and the command answer the same where there is no meeting of the plan left to be scheduled.
func TestNobodySchedulesAMeetingOfAPlanThatHasNoneLeft(t *testing.T) {
	t.Parallel()
	for code, planned := range map[string][]any{"no_meeting_planned": {}, "meeting_exists": {meetingOnPlan("walk", nil)}} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			p := apitest.NewProcess(t, apitest.ProcessSetup{Document: meetingRules(map[string]any{"plan": planned})})
			if len(planned) > 0 {
				require.Empty(t, whyNotScheduled(p), "there is one to schedule")
				first, err := scheduleMeeting(p, "ben", "walk", talkTime)
				apitest.OK(t, first, err)
			}
			require.Equal(t, []string{code}, whyNotScheduled(p))
			r, err := scheduleMeeting(p, "ben", "walk", talkTime)
			require.NoError(t, err)
			require.Contains(t, []int{403, 409}, r.StatusCode())
			require.Equal(t, "meetings.plan", citedBy(t, apitest.Refused(t, r, err, r.StatusCode(), code), code))
		})
	}
}

// whyNotScheduled are the codes for which Ben may schedule no meeting of Ada's.
func whyNotScheduled(p *apitest.Process) []string {
	p.T.Helper()
	r, err := p.As("ben").GetAppraisalWithResponse(p.T.Context(), p.Appraisal("ada").ID, nil)
	apitest.OK(p.T, r, err)
	for _, a := range r.JSON200.AllowedActions {
		if a.Action == "schedule_meeting" {
			return codesOfRefusals(a)
		}
	}
	return []string{"no such action"}
}

func codesOfRefusals(a api.AllowedAction) []string {
	out := []string{}
	for _, r := range a.Refusals {
		out = append(out, r.Code)
	}
	return out
}
