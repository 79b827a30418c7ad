package httpapi_test

import (
	"net/http"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	bw "github.com/perennial-api/perennial/internal/brightwater"
)

func TestCheckInIsWrittenSentAndAcknowledged(t *testing.T) {
	t.Parallel()
	f := newFortnight(t)
	k, answers := tomBeginsAndWrites(t, f)
	k = tomSends(t, f, k)
	acknowledged := inesAcknowledges(t, f, k, answers)
	inesSaysMore(t, f, acknowledged)

	events := auditEvents(t, f.World.HR.ClientWithResponses, api.ListAuditEventsParams{SubjectID: &k.ID})
	require.Equal(t, []string{"check_in.commented", "check_in.acknowledged", "check_in.sent", "check_in.saved", "check_in.started"}, eventTypes(events))
	require.Equal(t, map[string]any{"window": 1.0, "from": "draft", "to": "sent", "late": false, "praised": 2.0}, events[2].Data)
	require.Equal(t, f.appraisal, events[2].AppraisalID.MustGet())
	require.NotContains(t, apitest.Logs(), "Pairs talk more.")
}

func tomBeginsAndWrites(t *testing.T, f *fortnight) (api.CheckIn, map[string]any) {
	t.Helper()
	began, err := f.begin(1)
	apitest.OK(t, began, err)
	k := *began.JSON201
	require.Equal(t, "/v1/check-ins/"+k.ID.String(), began.HTTPResponse.Header.Get("Location"))
	require.Equal(t, `"1"`, began.HTTPResponse.Header.Get("ETag"))
	require.Equal(t, f.Windows[0], k.Window)
	require.Equal(t, api.CheckInStateDraft, k.State)
	require.Equal(t, map[string]any{}, k.Answers.MustGet())
	require.Equal(t, "check_in", k.Form.MustGet().Code)
	require.Equal(t, []string{"save"}, allowed(k.AllowedActions), "an empty one is not sent")

	answers := reflected("Pairs talk more.")
	answers["praise"], answers["score"] = []any{f.People[ines].String(), f.People[dev].String()}, 7.5
	k = f.written(k, answers)
	require.Equal(t, answers, k.Answers.MustGet())
	require.Equal(t, []string{"save", "submit"}, allowed(k.AllowedActions))
	return k, answers
}

func tomSends(t *testing.T, f *fortnight, k api.CheckIn) api.CheckIn {
	t.Helper()
	f.On("2026-11-06") // the last day of the window
	r, err := f.submit(k)
	apitest.OK(t, r, err)
	k = *r.JSON200
	require.Equal(t, `"3"`, r.HTTPResponse.Header.Get("ETag"))
	require.Equal(t, api.CheckInStateSent, k.State)
	require.False(t, k.Late)
	require.Equal(t, "2026-11-06", k.SentOn.MustGet().String())
	require.Empty(t, allowed(k.AllowedActions), "what was sent is not changed")
	require.Equal(t, []string{"Ines Okoro", "Dev Anand"}, []string{k.Praise.MustGet()[0].DisplayName, k.Praise.MustGet()[1].DisplayName})
	require.Empty(t, k.Responses.MustGet())
	return k
}

func inesAcknowledges(t *testing.T, f *fortnight, k api.CheckIn, answers map[string]any) api.CheckIn {
	t.Helper()
	seen, err := f.As(ines).GetCheckInWithResponse(t.Context(), k.ID)
	apitest.OK(t, seen, err)
	require.Equal(t, answers, seen.JSON200.Answers.MustGet())
	require.Equal(t, []string{"respond"}, allowed(seen.JSON200.AllowedActions))
	a, err := f.respond(ines, k, api.CheckInComment{Section: ptr("went_well"), Text: "I saw it on Tuesday."}, api.CheckInComment{Text: "Thank you."})
	apitest.OK(t, a, err)
	require.Equal(t, api.CheckInStateAcknowledged, a.JSON200.State)
	require.False(t, a.JSON200.AcknowledgedAt.IsNull())
	said := a.JSON200.Responses.MustGet()
	require.Len(t, said, 2)
	require.Equal(t, "went_well", said[0].Section.MustGet())
	require.Equal(t, "I saw it on Tuesday.", said[0].Text)
	require.Equal(t, f.People[ines], said[0].PersonID)
	require.Equal(t, "reviewer", said[0].Party)
	require.True(t, said[1].Section.IsNull())
	return *a.JSON200
}

func inesSaysMore(t *testing.T, f *fortnight, k api.CheckIn) {
	t.Helper()
	acknowledged := f.sentAgain(k).AcknowledgedAt
	more, err := f.respond(ines, k, api.CheckInComment{Text: "And the second text?"})
	apitest.OK(t, more, err)
	require.Equal(t, acknowledged, f.sentAgain(k).AcknowledgedAt, "acknowledged once")
	read, err := f.As(tom).GetCheckInWithResponse(t.Context(), k.ID)
	apitest.OK(t, read, err)
	var texts []string
	for _, x := range read.JSON200.Responses.MustGet() {
		texts = append(texts, x.Text)
	}
	require.Equal(t, []string{"I saw it on Tuesday.", "Thank you.", "And the second text?"}, texts)
	require.Len(t, more.JSON200.Responses.MustGet(), 3)
}

func TestDraftCheckInIsItsAuthorsAlone(t *testing.T) {
	t.Parallel()
	f := newFortnight(t)
	k := f.written(f.started(1), reflected("Not yet for others."))
	for name, who := range map[string]*apitest.Person{"reviewer": f.As(ines), "head": f.As(marta), "hr": f.World.HR} {
		r, err := who.GetCheckInWithResponse(t.Context(), k.ID)
		require.NoError(t, err)
		sameAbsence(t, r, first(who.GetCheckInWithResponse(t.Context(), uuid.New())))
		require.Empty(t, f.checkIns(who.ClientWithResponses, api.ListCheckInsParams{AppraisalID: &f.appraisal}), name)
	}
	r, err := f.respond(ines, k, api.CheckInComment{Text: "How is it going?"})
	apitest.Refused(t, r, err, gone, "not_found")
	require.Len(t, f.checkIns(f.As(tom).ClientWithResponses, api.ListCheckInsParams{State: ptr(api.ListCheckInsParamsStateDraft)}), 1)
}

func TestSentCheckInIsReadByThoseInReachWhoLeaveATrace(t *testing.T) {
	t.Parallel()
	f := newFortnight(t)
	k := f.sent(1, reflected("Pairs talk more."))
	for _, who := range []*apitest.Person{f.As(tom), f.As(ines), f.As(marta), f.As(olu), f.World.HR} {
		r, err := who.GetCheckInWithResponse(t.Context(), k.ID)
		apitest.OK(t, r, err)
		require.Equal(t, "Pairs talk more.", r.JSON200.Answers.MustGet()["went_well"])
		list := f.checkIns(who.ClientWithResponses, api.ListCheckInsParams{AppraisalID: &f.appraisal})
		require.Len(t, list, 1, who.Name)
		item := list[0]
		require.Equal(t, []bool{true, true, true, true}, []bool{item.Answers.IsNull(), item.Form.IsNull(), item.Praise.IsNull(), item.Responses.IsNull()},
			"a list is no way round the trace")
		require.Equal(t, r.JSON200.AllowedActions, item.AllowedActions)
		require.Equal(t, f.Windows[0], item.Window)
	}
	other := apitest.NewWorld(t, "2026-10-30")
	for _, who := range []*apitest.Person{f.As(dev), f.As(bw.OtherHead), f.As("priya.nair"), other.HR} {
		r, err := who.GetCheckInWithResponse(t.Context(), k.ID)
		require.NoError(t, err, who.Name)
		sameAbsence(t, r, first(who.GetCheckInWithResponse(t.Context(), uuid.New())))
		require.Empty(t, f.checkIns(who.ClientWithResponses, api.ListCheckInsParams{AppraisalID: &f.appraisal}), who.Name)
	}
	var readers []uuid.UUID
	for _, d := range disclosures(t, f.As(tom).ClientWithResponses, api.ListDisclosuresParams{}) {
		require.Equal(t, "check_in", d.SubjectKind)
		require.Equal(t, k.ID, d.SubjectID)
		require.Equal(t, "GetCheckIn", d.Operation)
		readers = append(readers, d.Reader.ID)
	}
	require.ElementsMatch(t, []uuid.UUID{f.People[marta], f.People[olu], f.World.HR.ID}, readers, "neither he nor his reviewer")

	r, err := f.respond(marta, k, api.CheckInComment{Text: "Well done."})
	apitest.Refused(t, r, err, never, "out_of_reach")
	h, err := f.World.HR.RespondToCheckInWithResponse(t.Context(), k.ID, &api.RespondToCheckInParams{IfMatch: etag(k.Version)}, api.RespondToCheckIn{Comments: []api.CheckInComment{}})
	apitest.Refused(t, h, err, never, "role_not_admitted")
	s, err := f.As(ines).SubmitCheckInWithResponse(t.Context(), k.ID, &api.SubmitCheckInParams{IfMatch: etag(k.Version)})
	apitest.Refused(t, s, err, never, "out_of_reach")
}

func TestCheckInStartsOnceAndNotBeforeItsWindow(t *testing.T) {
	t.Parallel()
	f := newFortnight(t)
	f.On("2026-10-29")
	r, err := f.begin(1)
	p := apitest.Refused(t, r, err, conflict, "window_not_open")
	require.Equal(t, "It opens on 2026-10-30.", p.Refusals[0].Unblock.MustGet())
	f.On("2026-10-30")

	for window, code := range map[uuid.UUID]string{uuid.New(): "unknown_window"} {
		r, err := f.As(tom).StartCheckInWithResponse(t.Context(), nil, api.StartCheckIn{AppraisalID: f.appraisal, WindowID: window})
		require.Equal(t, "/window_id", apitest.Refused(t, r, err, invalid, code).Errors[0].Pointer)
	}
	body := api.StartCheckIn{AppraisalID: f.appraisal, WindowID: f.Windows[0].ID}
	byReviewer, err := f.As(ines).StartCheckInWithResponse(t.Context(), nil, body)
	apitest.Refused(t, byReviewer, err, never, "out_of_reach")
	byHR, err := f.World.HR.StartCheckInWithResponse(t.Context(), nil, body)
	apitest.Refused(t, byHR, err, never, "role_not_admitted")
	stranger, err := f.As("abe.stone").StartCheckInWithResponse(t.Context(), nil, body)
	apitest.Refused(t, stranger, err, gone, "not_found")

	var wg sync.WaitGroup
	codes := make([]int, 2)
	f.As(tom)
	for i := range codes {
		wg.Go(func() {
			if r, err := f.begin(1); err == nil {
				codes[i] = r.StatusCode()
			}
		})
	}
	wg.Wait()
	require.ElementsMatch(t, []int{http.StatusCreated, http.StatusConflict}, codes, "two at once make one")
	r, err = f.begin(1)
	apitest.Refused(t, r, err, conflict, "check_in_exists")
	f.On("2026-10-29") // as after a day's mistake with the clock
	r, err = f.begin(1)
	require.Equal(t, []string{"window_not_open", "check_in_exists"}, refusalCodes(apitest.Refused(t, r, err, conflict, "window_not_open").Problem), "every reason at once")
	require.Len(t, f.checkIns(f.As(tom).ClientWithResponses, api.ListCheckInsParams{}), 1)
}

func TestJoinersCheckInOnlyInWindowsWithinTheirYear(t *testing.T) {
	t.Parallel()
	f := newFortnight(t)
	f.On("2026-11-03") // the first window has opened, and closes on the 6th
	email := "joy@" + f.Slug + ".example"
	made, err := f.World.HR.CreatePersonWithResponse(t.Context(), nil, api.CreatePerson{GivenName: "Joy", FamilyName: "Marsh", Email: &email, ExternalIds: []api.ExternalID{},
		Post: &api.CreatePost{UnitID: f.Units["northfield"], JobTitle: "Teacher of art", StaffType: "teaching", FromOn: day("2026-11-03"), LineManagerID: ptr(f.People[dev])}})
	apitest.OK(t, made, err)
	f.People["joy"], f.Emails["joy"] = made.JSON201.ID, email
	enrol(t, f.World.HR.ClientWithResponses, f.CycleID)
	hers := f.Appraisal("joy").ID
	r, err := f.As("joy").StartCheckInWithResponse(t.Context(), nil, api.StartCheckIn{AppraisalID: hers, WindowID: f.Windows[0].ID})
	require.Equal(t, "/window_id", apitest.Refused(t, r, err, invalid, "window_outside_appraisal").Errors[0].Pointer)
	f.On("2026-11-16")
	r, err = f.As("joy").StartCheckInWithResponse(t.Context(), nil, api.StartCheckIn{AppraisalID: hers, WindowID: f.Windows[1].ID})
	apitest.OK(t, r, err)
}
