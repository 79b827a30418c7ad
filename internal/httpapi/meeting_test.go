package httpapi_test

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	bw "github.com/perennial-api/perennial/internal/brightwater"
	"github.com/perennial-api/perennial/pkg/client"
)

var meetingTime = time.Date(2026, 11, 18, 15, 30, 0, 0, time.UTC)

func (f *fortnight) schedule(who, plan string) (*client.ScheduleMeetingResponse, error) {
	return f.As(who).ScheduleMeetingWithResponse(f.t.Context(), nil, api.ScheduleMeeting{AppraisalID: f.appraisal, PlanCode: plan, ScheduledAt: meetingTime, Place: ptr("Room 4")})
}

func (f *fortnight) scheduled(who, plan string) api.Meeting {
	f.t.Helper()
	r, err := f.schedule(who, plan)
	apitest.OK(f.t, r, err)
	return *r.JSON201
}

func (f *fortnight) minute(who string, m api.Meeting, body api.SaveMeeting) (*client.SaveMeetingResponse, error) {
	return f.As(who).SaveMeetingWithResponse(f.t.Context(), m.ID, &api.SaveMeetingParams{IfMatch: etag(m.Version)}, body)
}

func (f *fortnight) minuted(who string, m api.Meeting, body api.SaveMeeting) api.Meeting {
	f.t.Helper()
	r, err := f.minute(who, m, body)
	apitest.OK(f.t, r, err)
	return *r.JSON200
}

func (f *fortnight) share(who string, m api.Meeting) (*client.CompleteMeetingResponse, error) {
	return f.As(who).CompleteMeetingWithResponse(f.t.Context(), m.ID, &api.CompleteMeetingParams{IfMatch: etag(m.Version)})
}

func (f *fortnight) shared(who string, m api.Meeting) api.Meeting {
	f.t.Helper()
	r, err := f.share(who, m)
	apitest.OK(f.t, r, err)
	return *r.JSON200
}

func (f *fortnight) answer(who string, m api.Meeting, text string) (*client.RespondToMeetingResponse, error) {
	return f.As(who).RespondToMeetingWithResponse(f.t.Context(), m.ID, &api.RespondToMeetingParams{IfMatch: etag(m.Version)}, api.RespondToMeeting{Answer: text})
}

func (f *fortnight) cancel(who string, m api.Meeting) (*client.CancelMeetingResponse, error) {
	return f.As(who).CancelMeetingWithResponse(f.t.Context(), m.ID, &api.CancelMeetingParams{IfMatch: etag(m.Version)})
}

func (f *fortnight) meeting(who *apitest.Person, id uuid.UUID) api.Meeting {
	f.t.Helper()
	r, err := who.GetMeetingWithResponse(f.t.Context(), id)
	apitest.OK(f.t, r, err)
	return *r.JSON200
}

func (f *fortnight) meetings(c *client.ClientWithResponses, q api.ListMeetingsParams) []api.Meeting {
	f.t.Helper()
	var all []api.Meeting
	for {
		r, err := c.ListMeetingsWithResponse(f.t.Context(), &q)
		apitest.OK(f.t, r, err)
		all = append(all, r.JSON200.Items...)
		if r.JSON200.NextCursor.IsNull() {
			return all
		}
		q.Cursor = ptr(r.JSON200.NextCursor.MustGet())
	}
}

func TestMeetingIsRecordedSharedAndAnswered(t *testing.T) {
	t.Parallel()
	f := newFortnight(t)
	made, err := f.schedule(tom, "setting")
	apitest.OK(t, made, err)
	m := *made.JSON201
	require.Equal(t, "/v1/meetings/"+m.ID.String(), made.HTTPResponse.Header.Get("Location"))
	require.Equal(t, api.Coded{Code: "setting", Label: "Setting objectives"}, m.Plan)
	require.Equal(t, "Room 4", m.Place.MustGet())
	require.True(t, m.ScheduledAt.Equal(meetingTime))
	require.Equal(t, "2026-10-31", m.DueOn.MustGet().String())
	require.Equal(t, "meeting", m.Form.MustGet().Code)
	require.True(t, m.Answers.IsNull())
	require.Equal(t, []string{"reschedule", "cancel"}, allowed(m.AllowedActions))
	require.Equal(t, []string{"reschedule", "save", "cancel"}, allowed(f.meeting(f.As(ines), m.ID).AllowedActions))

	said := map[string]any{"notes": "We chose three objectives."}
	m = f.minuted(ines, m, api.SaveMeeting{Answers: said, HeldOn: ptr(day("2026-10-30"))})
	require.Equal(t, api.MeetingStateDrafted, m.State)
	require.Equal(t, said, m.Answers.MustGet())
	require.Equal(t, []string{"reschedule", "save", "complete", "cancel"}, allowed(m.AllowedActions))
	for _, who := range []*apitest.Person{f.As(tom), f.As(marta), f.World.HR} {
		require.True(t, f.meeting(who, m.ID).Answers.IsNull(), "a draft is its drafter's alone, not %s's", who.Name)
	}

	r, err := f.share(ines, m)
	apitest.OK(t, r, err)
	m = *r.JSON200
	require.Equal(t, `"3"`, r.HTTPResponse.Header.Get("ETag"))
	require.Equal(t, api.MeetingStateShared, m.State)
	require.False(t, m.Late)
	require.False(t, m.SharedAt.IsNull())
	for _, who := range []*apitest.Person{f.As(tom), f.As(marta), f.World.HR} {
		require.Equal(t, said, f.meeting(who, m.ID).Answers.MustGet(), who.Name)
	}
	require.Equal(t, []string{"respond"}, allowed(f.meeting(f.As(tom), m.ID).AllowedActions))
	byReviewer, err := f.answer(ines, m, "So be it.")
	apitest.Refused(t, byReviewer, err, never, "out_of_reach")
	blank, err := f.answer(tom, m, "  ")
	require.Equal(t, "/answer", apitest.Refused(t, blank, err, invalid, "required").Errors[0].Pointer)
	answered, err := f.answer(tom, m, "I agree with the notes.")
	apitest.OK(t, answered, err)
	m = *answered.JSON200
	require.Equal(t, api.MeetingStateAnswered, m.State)
	require.Equal(t, "I agree with the notes.", f.meeting(f.As(ines), m.ID).Answer.MustGet())
	require.False(t, m.AnsweredAt.IsNull())
	again, err := f.answer(tom, m, "And another thing.")
	apitest.Refused(t, again, err, conflict, "wrong_status")

	events := auditEvents(t, f.World.HR.ClientWithResponses, api.ListAuditEventsParams{SubjectID: &m.ID})
	require.Equal(t, []string{"meeting.answered", "meeting.shared", "meeting.saved", "meeting.scheduled"}, eventTypes(events))
	require.Equal(t, map[string]any{"plan": "setting", "from": "drafted", "to": "shared", "held_on": "2026-10-30", "late": false, "formal": false}, events[1].Data)
	require.NotContains(t, apitest.Logs(), "We chose three objectives.")
}

func TestSharedRecordIsFrozen(t *testing.T) {
	t.Parallel()
	f := newFortnight(t)
	m := f.minuted(ines, f.scheduled(ines, "setting"), api.SaveMeeting{Answers: map[string]any{"notes": "Three objectives."}, HeldOn: ptr(day("2026-10-30"))})
	m = f.shared(ines, m)
	for name, r := range map[string]client.Answer{
		"record": first(f.minute(ines, m, api.SaveMeeting{Answers: map[string]any{"notes": "Two objectives."}})),
		"day":    first(f.minute(ines, m, api.SaveMeeting{HeldOn: ptr(day("2026-10-29"))})),
		"time":   first(f.minute(ines, m, api.SaveMeeting{ScheduledAt: ptr(meetingTime.AddDate(0, 0, 1))})),
		"cancel": first(f.cancel(ines, m)),
		"share":  first(f.share(ines, m)),
	} {
		require.Equal(t, conflict, r.StatusCode(), "%s: %s", name, r.GetBody())
		apitest.Refused(t, r, nil, conflict, "wrong_status")
	}
	got := f.meeting(f.As(tom), m.ID)
	require.Equal(t, map[string]any{"notes": "Three objectives."}, got.Answers.MustGet())
	require.Equal(t, m.Version, got.Version)
}

func TestMeetingIsReadByThoseInReachWhoLeaveATrace(t *testing.T) {
	t.Parallel()
	f := newFortnight(t)
	m := f.minuted(ines, f.scheduled(ines, "setting"), api.SaveMeeting{Answers: map[string]any{"notes": "Three objectives."}, HeldOn: ptr(day("2026-10-30"))})
	m = f.shared(ines, m)
	for _, who := range []*apitest.Person{f.As(tom), f.As(ines), f.As(marta), f.As(olu), f.World.HR} {
		got := f.meeting(who, m.ID)
		list := f.meetings(who.ClientWithResponses, api.ListMeetingsParams{AppraisalID: &f.appraisal})
		require.Len(t, list, 1, who.Name)
		require.Equal(t, []bool{true, true, true}, []bool{list[0].Answers.IsNull(), list[0].Form.IsNull(), list[0].Answer.IsNull()}, "a list is no way round the trace")
		require.Equal(t, got.AllowedActions, list[0].AllowedActions)
	}
	other := apitest.NewWorld(t, "2026-10-30")
	for _, who := range []*apitest.Person{f.As(dev), f.As(bw.OtherHead), f.As("priya.nair"), other.HR} {
		r, err := who.GetMeetingWithResponse(t.Context(), m.ID)
		require.NoError(t, err, who.Name)
		sameAbsence(t, r, first(who.GetMeetingWithResponse(t.Context(), uuid.New())))
		require.Empty(t, f.meetings(who.ClientWithResponses, api.ListMeetingsParams{AppraisalID: &f.appraisal}), who.Name)
	}
	var readers []uuid.UUID
	for _, d := range disclosures(t, f.As(tom).ClientWithResponses, api.ListDisclosuresParams{}) {
		require.Equal(t, []string{"meeting", "GetMeeting"}, []string{d.SubjectKind, d.Operation})
		readers = append(readers, d.Reader.ID)
	}
	require.ElementsMatch(t, []uuid.UUID{f.People[marta], f.People[olu], f.World.HR.ID}, readers)

	stranger, err := f.schedule("abe.stone", "mid_year")
	apitest.Refused(t, stranger, err, gone, "not_found")
	hr, err := f.World.HR.ScheduleMeetingWithResponse(t.Context(), nil, api.ScheduleMeeting{AppraisalID: f.appraisal, PlanCode: "mid_year", ScheduledAt: meetingTime})
	apitest.Refused(t, hr, err, never, "role_not_admitted")
	head, err := f.schedule(marta, "mid_year")
	apitest.Refused(t, head, err, never, "out_of_reach")
}

func TestPlannedMeetingIsThereOnceUnlessCancelled(t *testing.T) {
	t.Parallel()
	f := newFortnight(t)
	f.As(tom)
	f.As(ines)
	var wg sync.WaitGroup
	codes := make([]int, 2)
	for i, who := range []string{tom, ines} {
		wg.Go(func() {
			if r, err := f.schedule(who, "mid_year"); err == nil {
				codes[i] = r.StatusCode()
			}
		})
	}
	wg.Wait()
	require.ElementsMatch(t, []int{http.StatusCreated, http.StatusConflict}, codes, "two at once make one")
	r, err := f.schedule(ines, "mid_year")
	apitest.Refused(t, r, err, conflict, "meeting_exists")
	f.scheduled(ines, "setting")

	r, err = f.schedule(tom, "walk")
	p := apitest.Refused(t, r, err, invalid, "unknown_plan")
	require.Equal(t, "/plan_code", p.Errors[0].Pointer)
	parameter, _ := cited(t, p, "unknown_plan")
	require.Equal(t, "meetings.plan", parameter)

	list := f.meetings(f.As(tom).ClientWithResponses, api.ListMeetingsParams{Limit: ptr(1)})
	require.Len(t, list, 2, "page by page")
	c, err := f.cancel(tom, list[0])
	apitest.OK(t, c, err)
	require.Equal(t, api.MeetingStateCancelled, c.JSON200.State)
	require.Empty(t, allowed(c.JSON200.AllowedActions))
	f.On("2027-03-10") // after the deadline
	require.False(t, f.meeting(f.As(tom), list[0].ID).Late, "a cancelled meeting is not late")
	m := f.scheduled(tom, "mid_year")
	require.NotEqual(t, list[0].ID, m.ID)
	require.True(t, m.Late)
	require.Len(t, f.meetings(f.As(ines).ClientWithResponses, api.ListMeetingsParams{State: ptr(api.ListMeetingsParamsStateScheduled)}), 2)
}
