package httpapi_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	bw "github.com/perennial-api/perennial/internal/brightwater"
)

func TestEitherPartyMovesAMeetingUntilItsRecordIsBegun(t *testing.T) {
	t.Parallel()
	f := newFortnight(t)
	m := f.scheduled(ines, "mid_year")
	later := meetingTime.AddDate(0, 0, 7)
	m = f.minuted(tom, m, api.SaveMeeting{ScheduledAt: &later, Place: ptr("")})
	require.Equal(t, api.MeetingStateScheduled, m.State)
	require.True(t, m.ScheduledAt.Equal(later))
	require.True(t, m.Place.IsNull(), "an empty place takes it away")
	m = f.minuted(ines, m, api.SaveMeeting{Place: ptr("The library")})
	require.True(t, m.ScheduledAt.Equal(later), "what is left out stays")

	r, err := f.minute(tom, m, api.SaveMeeting{HeldOn: ptr(day("2026-10-30")), Place: ptr("Room 4")})
	p := apitest.Refused(t, r, err, never, "not_your_act")
	parameter, value := cited(t, p, "not_your_act")
	require.Equal(t, []any{"meetings.plan[1].recorded_by", "reviewer"}, []any{parameter, value})
	m = f.minuted(ines, m, api.SaveMeeting{Answers: map[string]any{"discussion": "Half-way there."}})
	r, err = f.minute(tom, m, api.SaveMeeting{ScheduledAt: &meetingTime})
	apitest.Refused(t, r, err, never, "not_your_act")
	c, err := f.cancel(tom, m)
	apitest.Refused(t, c, err, never, "not_your_act")
	m = f.minuted(ines, m, api.SaveMeeting{ScheduledAt: &meetingTime})
	require.Equal(t, map[string]any{"discussion": "Half-way there."}, m.Answers.MustGet())
	require.Equal(t, api.MeetingStateDrafted, m.State)

	stale, err := f.minute(ines, api.Meeting{ID: m.ID, Version: 1}, api.SaveMeeting{Place: ptr("Room 5")})
	require.Equal(t, m.Version, apitest.Refused(t, stale, err, 412, "stale_version").CurrentVersion.MustGet())
	bare, err := f.As(ines).CompleteMeetingWithResponse(t.Context(), m.ID, &api.CompleteMeetingParams{IfMatch: etag(m.Version)}, droppingIfMatch)
	require.NoError(t, err)
	require.Equal(t, 428, bare.StatusCode(), string(bare.Body))
	nothing, err := f.minute(ines, m, api.SaveMeeting{})
	require.NoError(t, err)
	require.Equal(t, 422, nothing.StatusCode(), string(nothing.Body))
}

func TestRecordIsSharedOnlyWhenItIsCompleteAndTheMeetingWasHeld(t *testing.T) {
	t.Parallel()
	f := newFortnight(t)
	one := f.objective(onSelf, "Coaching")
	m := f.scheduled(ines, "mid_year")
	r, err := f.share(ines, m)
	require.Equal(t, "Its record is saved first.", apitest.Refused(t, r, err, conflict, "wrong_status").Refusals[0].Unblock.MustGet())
	s, err := f.minute(ines, m, api.SaveMeeting{HeldOn: ptr(day("2026-10-31"))})
	require.Equal(t, "/held_on", apitest.Refused(t, s, err, invalid, "in_the_future").Errors[0].Pointer)
	s, err = f.minute(ines, m, api.SaveMeeting{Answers: map[string]any{"mood": "Good.", "changes": "no"}})
	require.ElementsMatch(t, []string{"/answers/mood unknown_section", "/answers/changes type"}, violationsAt(apitest.Refused(t, s, err, invalid, "invalid_answers").Problem))

	m = f.minuted(ines, m, api.SaveMeeting{Answers: map[string]any{"changes": false}})
	r, err = f.share(ines, m)
	p := apitest.Refused(t, r, err, conflict, "meeting_not_held")
	require.Equal(t, []string{"meeting_not_held", "record_incomplete"}, refusalCodes(p.Problem))
	require.ElementsMatch(t, []string{"/answers/discussion required", "/answers/progress/" + one.String() + " required"}, violationsAt(p.Problem))
	parameter, value := cited(t, p, "record_incomplete")
	require.Equal(t, []any{"meetings.plan[1].form", "mid_year"}, []any{parameter, value})
	m = f.minuted(ines, m, api.SaveMeeting{HeldOn: ptr(day("2026-10-30")),
		Answers: map[string]any{"discussion": "Half-way there.", "progress": map[string]any{one.String(): "A first talk."}}})
	once := &api.CompleteMeetingParams{IfMatch: etag(m.Version), IdempotencyKey: ptr(uuid.NewString())}
	done, err := f.As(ines).CompleteMeetingWithResponse(t.Context(), m.ID, once)
	apitest.OK(t, done, err)
	again, err := f.As(ines).CompleteMeetingWithResponse(t.Context(), m.ID, once)
	apitest.OK(t, again, err)
	require.Equal(t, done.JSON200, again.JSON200)
	require.Equal(t, "true", again.HTTPResponse.Header.Get("Idempotent-Replayed"))
}

func TestMeetingIsLateWhenItIsHeldAfterItsDeadline(t *testing.T) {
	t.Parallel()
	f := newFortnight(t)
	m := f.scheduled(ines, "mid_year")
	require.Equal(t, "2027-02-28", m.DueOn.MustGet().String())
	f.On("2027-02-28")
	require.False(t, f.meeting(f.As(tom), m.ID).Late)
	f.On("2027-03-01")
	require.True(t, f.meeting(f.As(tom), m.ID).Late, "not held by then")
	said := map[string]any{"discussion": "Half-way there."}
	m = f.minuted(ines, m, api.SaveMeeting{Answers: said, HeldOn: ptr(day("2027-02-26"))})
	require.False(t, m.Late, "held in time, written up later")
	m = f.minuted(ines, m, api.SaveMeeting{HeldOn: ptr(day("2027-03-01"))})
	require.Equal(t, said, m.Answers.MustGet())
	require.True(t, f.shared(ines, m).Late)
}

func TestRecordBeginsWithWhatTheCheckInsSaid(t *testing.T) {
	t.Parallel()
	f := newFortnight(t)
	kept, dropped := f.objective(onSelf, "Coaching"), f.objective(onOthers, "Talk in pairs")
	f.sent(1, map[string]any{"progress": map[string]any{kept.String(): "A first talk.", dropped.String(): "Begun."}})
	f.On("2026-11-16")
	f.sent(2, map[string]any{"progress": map[string]any{kept.String(): "A second talk."}})
	f.written(f.startedOn("2026-11-30", 3), map[string]any{"progress": map[string]any{kept.String(): "Not sent."}})
	d, err := f.As(tom).DeleteObjectiveWithResponse(t.Context(), dropped, &api.DeleteObjectiveParams{IfMatch: etag(1)})
	apitest.OK(t, d, err)

	m := f.scheduled(tom, "mid_year")
	require.True(t, m.Answers.IsNull(), "he does not write it")
	require.False(t, m.Prefilled)
	seen := f.meeting(f.As(ines), m.ID)
	quoted := map[string]any{"progress": map[string]any{kept.String(): "Check-in 1 (2026-10-30): A first talk.\nCheck-in 2 (2026-11-16): A second talk."}}
	require.Equal(t, quoted, seen.Answers.MustGet(), "of objectives that are still there, and of check-ins that were sent")
	require.True(t, seen.Prefilled)
	require.Equal(t, 1, seen.Version, "nothing is saved by reading")
	require.True(t, f.meeting(f.World.HR, m.ID).Answers.IsNull())

	m = f.minuted(ines, seen, api.SaveMeeting{Answers: seen.Answers.MustGet()})
	require.Equal(t, quoted, m.Answers.MustGet())
	require.False(t, m.Prefilled)
	f.minuted(ines, m, api.SaveMeeting{Answers: map[string]any{"support": "A coach."}})
	require.Equal(t, map[string]any{"support": "A coach."}, f.meeting(f.As(ines), m.ID).Answers.MustGet(), "what was struck out is not quoted again")
}

func TestDraftStaysWithItsDrafterWhenTheReviewerChanges(t *testing.T) {
	t.Parallel()
	f := newFortnight(t)
	m := f.minuted(ines, f.scheduled(ines, "setting"), api.SaveMeeting{Answers: map[string]any{"notes": "Between the two of us."}, HeldOn: ptr(day("2026-10-30"))})
	a := f.Appraisal(tom)
	h, err := f.World.HR.HandOverAppraisalWithResponse(t.Context(), a.ID, &api.HandOverAppraisalParams{IfMatch: etag(a.Version)}, api.HandOver{ReviewerID: f.People[dev]})
	apitest.OK(t, h, err)
	r, err := f.As(ines).GetMeetingWithResponse(t.Context(), m.ID)
	apitest.Refused(t, r, err, gone, "not_found")
	seen := f.meeting(f.As(dev), m.ID)
	require.NotContains(t, seen.Answers.MustGet(), "notes")
	s, err := f.share(dev, m)
	require.Empty(t, apitest.Refused(t, s, err, conflict, "not_your_draft").Errors)
	m = f.minuted(dev, m, api.SaveMeeting{HeldOn: ptr(day("2026-10-29"))})
	require.Equal(t, map[string]any{}, m.Answers.MustGet(), "he begins anew")
	m = f.shared(dev, f.minuted(dev, m, api.SaveMeeting{Answers: map[string]any{"notes": "We met."}}))
	require.Equal(t, map[string]any{"notes": "We met."}, f.meeting(f.As(tom), m.ID).Answers.MustGet())
}

func TestPolicySaysWhoRecordsAMeetingAndWhetherItIsAnswered(t *testing.T) {
	t.Parallel()
	f := newFortnight(t)
	p, err := f.World.HR.GetPolicyWithResponse(t.Context(), f.PolicyID)
	apitest.OK(t, p, err)
	doc := p.JSON200.Draft
	plan := doc["rules"].(map[string]any)["meetings"].(map[string]any)["plan"].([]any)
	plan[0].(map[string]any)["reviewee_answers"], plan[2].(map[string]any)["recorded_by"] = false, "reviewee"
	u, err := f.World.HR.UpdatePolicyWithResponse(t.Context(), f.PolicyID, &api.UpdatePolicyParams{IfMatch: etag(p.JSON200.Version)}, api.UpdatePolicy{Document: doc})
	apitest.OK(t, u, err)
	v, err := f.World.HR.PublishPolicyWithResponse(t.Context(), f.PolicyID, &api.PublishPolicyParams{IfMatch: etag(u.JSON200.Version)})
	apitest.OK(t, v, err)
	f.On("2027-09-01")
	next, _, err := bw.StartYear(t.Context(), f.World.HR.ClientWithResponses, v.JSON201.ID, "2027-28", 2027)
	require.NoError(t, err)
	enrol(t, f.World.HR.ClientWithResponses, next)
	f.appraisal = f.AppraisalIn(tom, next).ID

	m := f.minuted(ines, f.scheduled(ines, "setting"), api.SaveMeeting{Answers: map[string]any{"notes": "Three objectives."}, HeldOn: ptr(day("2027-09-01"))})
	m = f.shared(ines, m)
	require.Empty(t, allowed(f.meeting(f.As(tom), m.ID).AllowedActions))
	r, err := f.answer(tom, m, "I see it otherwise.")
	parameter, value := cited(t, apitest.Refused(t, r, err, never, "no_answer_here"), "no_answer_here")
	require.Equal(t, []any{"meetings.plan[0].reviewee_answers", false}, []any{parameter, value})

	own := f.scheduled(ines, "year_end")
	s, err := f.minute(ines, own, api.SaveMeeting{HeldOn: ptr(day("2027-09-01"))})
	parameter, value = cited(t, apitest.Refused(t, s, err, never, "not_your_act"), "not_your_act")
	require.Equal(t, []any{"meetings.plan[2].recorded_by", "reviewee"}, []any{parameter, value})
	own = f.minuted(tom, own, api.SaveMeeting{Answers: map[string]any{"notes": "What we said."}, HeldOn: ptr(day("2027-09-01"))})
	require.True(t, f.meeting(f.As(ines), own.ID).Answers.IsNull())
	f.shared(tom, own)
	require.Equal(t, map[string]any{"notes": "What we said."}, f.meeting(f.As(ines), own.ID).Answers.MustGet())
}
