package httpapi_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

func TestCompletionIsTakenBackUntilItIsValidated(t *testing.T) {
	t.Parallel()
	g := newGoals(t, map[string]any{"objectives": map[string]any{"axes": []string{"completion", "validation"}}})
	id := g.live("ada", "practice", "ben")
	require.Equal(t, "not_complete", g.do("ben", "validate", id))
	require.Equal(t, "done", g.do("ada", "complete", id))
	require.Equal(t, "not_year_end", g.do("ben", "validate", id))
	require.Equal(t, "not_your_act", g.do("ben", "reopen", id))
	require.Equal(t, "stale_version", g.doAt("ada", "reopen", id, etag(1)))
	require.Equal(t, "done", g.do("ada", "reopen", id))
	o := g.read(id)
	require.Equal(t, api.ObjectiveCompletionOpen, o.Completion)
	require.True(t, o.CompletedOn.IsNull())
	require.Equal(t, "wrong_status", g.do("ada", "reopen", id))

	require.Equal(t, "done", g.do("ada", "complete", id))
	g.On("2027-07-05")
	require.Equal(t, "role_not_admitted", g.do("hr", "validate", id))
	require.Equal(t, "not_your_act", g.do("cho", "validate", id), "the policy names the reviewer")
	require.Equal(t, "done", g.do("ben", "dispute", id))
	require.Equal(t, api.ObjectiveValidationDisagreed, g.read(id).Validation)
	require.Equal(t, "done", g.do("ben", "validate", id))
	require.Equal(t, "objective_validated", g.do("ben", "validate", id))
	require.Equal(t, "objective_validated", g.do("ada", "reopen", id))
	list := func(p api.ListObjectivesParams) int {
		r, err := g.As("ben").ListObjectivesWithResponse(t.Context(), &p)
		apitest.OK(t, r, err)
		return len(r.JSON200.Items)
	}
	ada, dov := g.As("ada").ID, g.As("dov").ID
	require.Equal(t, 1, list(api.ListObjectivesParams{Validation: ptr(api.ListObjectivesParamsValidation("agreed")), PersonID: &ada}))
	require.Zero(t, list(api.ListObjectivesParams{Validation: ptr(api.ListObjectivesParamsValidation("none"))}))
	require.Zero(t, list(api.ListObjectivesParams{PersonID: &dov}))
	require.Zero(t, list(api.ListObjectivesParams{CreatedSince: ptr(g.read(id).UpdatedAt)}))
}

func TestAWithdrawnObjectiveFreesItsPlace(t *testing.T) {
	t.Parallel()
	g := newGoals(t, map[string]any{"objectives": map[string]any{"amender": "reviewer", "slots": []map[string]any{{"code": "practice", "label": "Practice", "required": true}}}})
	id := g.drafted("ada", "practice", nil)
	require.Equal(t, "wrong_status", g.do("ben", "withdraw", id), "a draft is deleted")
	require.Equal(t, "done", g.do("ada", "propose", id))
	require.Equal(t, "done", g.do("ben", "approve", id))
	require.Equal(t, "not_your_act", g.do("ada", "withdraw", id))
	require.Equal(t, "stale_version", g.doAt("ben", "withdraw", id, etag(1)))
	require.Equal(t, 1, g.own().Progress.ObjectivesAgreed)
	require.Equal(t, "done", g.do("ben", "withdraw", id))

	o := g.read(id)
	require.Equal(t, api.ObjectiveApprovalWithdrawn, o.Approval)
	require.False(t, o.Counts)
	require.Equal(t, "Reading aloud", o.Live.MustGet().Title, "its history stays")
	require.Zero(t, g.own().Progress.ObjectivesAgreed)
	require.Equal(t, "objective_withdrawn", g.do("ada", "complete", id))
	require.Equal(t, "wrong_status", g.do("ben", "amend", id))
	g.live("ada", "practice", "ben")
	require.Equal(t, 1, g.own().Progress.ObjectivesAgreed)

	kind, said := api.ListNotesParamsSubjectKind("objective"), map[string]string{}
	for _, who := range []string{"ada", "ben"} { // both parties talk about it
		n, err := g.As(who).AddNoteWithResponse(t.Context(), g.appraisal, nil, api.AddNote{SubjectKind: "objective", SubjectID: &id, Text: "A word from " + who})
		apitest.OK(t, n, err)
	}
	notes, err := g.As("ada").ListNotesWithResponse(t.Context(), g.appraisal, &api.ListNotesParams{SubjectKind: &kind, SubjectID: &id})
	apitest.OK(t, notes, err)
	for _, n := range notes.JSON200.Items {
		said[n.Kind+" "+n.Party] = n.Text
	}
	require.Equal(t, map[string]string{"withdrawal reviewer": "The class has changed.", "note reviewee": "A word from ada", "note reviewer": "A word from ben"}, said)
}

// nextYear opens the year after, with everybody enrolled.
func nextYear(g *goals) uuid.UUID {
	g.T.Helper()
	ctx, hr := g.T.Context(), g.World.HR
	c, err := hr.CreateCycleWithResponse(ctx, nil, api.CreateCycle{Name: "2027-28", StartsOn: apitest.Day("2027-09-01"), PolicyVersionID: g.PolicyVersion})
	apitest.OK(g.T, c, err)
	w, err := hr.SetCheckInWindowsWithResponse(ctx, c.JSON201.ID, &api.SetCheckInWindowsParams{IfMatch: c.HTTPResponse.Header.Get("ETag")},
		api.SetWindows{Items: []api.SetWindow{{OpensOn: apitest.Day("2027-11-01"), ClosesOn: apitest.Day("2027-11-05")}}})
	apitest.OK(g.T, w, err)
	r, err := hr.GetCycleWithResponse(ctx, c.JSON201.ID)
	apitest.OK(g.T, r, err)
	o, err := hr.OpenCycleWithResponse(ctx, c.JSON201.ID, &api.OpenCycleParams{IfMatch: r.HTTPResponse.Header.Get("ETag")})
	apitest.OK(g.T, o, err)
	e, err := hr.EnrolPeopleWithResponse(ctx, c.JSON201.ID, nil, api.EnrolPeople{})
	apitest.OK(g.T, e, err)
	return c.JSON201.ID
}

func TestAnUnfinishedObjectiveIsCarriedIntoTheNextYear(t *testing.T) {
	t.Parallel()
	g := newGoals(t, map[string]any{"objectives": map[string]any{"mandated": []map[string]any{{"code": "coaching", "label": "Coaching", "text": "Begin a course.",
		"when": map[string]any{"fact": "staff_type", "op": "is", "value": "teaching"}, "slot": "extra", "within_cycles": 2}}}})
	first := g.appraisal
	id, done := g.live("ada", "practice", "ben"), g.live("ada", "growth", "ben")
	require.Equal(t, "done", g.do("ada", "complete", done))
	require.False(t, mandated(g).Due, "there is another year for it")
	require.Equal(t, 2, g.own().Progress.ObjectivesRequired)

	g.On("2027-09-02")
	g.CycleID = nextYear(g)
	g.appraisal = g.Appraisal("ada").ID
	adaCarriesWhatIsUnfinished(t, g, id, done)
	whatIsMandatedFallsDue(t, g)
	adaAnswersTheMandate(t, g)
	g.appraisal = first
	require.True(t, mandated(g).ObjectiveID.IsNull(), "the year before has none")
}

// mandated is the one objective that the policy asks of ada.
func mandated(g *goals) api.MandatedObjective {
	g.T.Helper()
	r, err := g.As("ben").ListMandatedObjectivesWithResponse(g.T.Context(), g.appraisal)
	apitest.OK(g.T, r, err)
	require.Len(g.T, r.JSON200.Items, 1)
	return r.JSON200.Items[0]
}

func adaCarriesWhatIsUnfinished(t *testing.T, g *goals, id, done uuid.UUID) {
	t.Helper()
	carry := func(who string, from uuid.UUID) (*api.Objective, string) {
		r, err := g.As(who).CarryForwardObjectiveWithResponse(t.Context(), g.appraisal, nil, api.CarryForwardObjective{ObjectiveID: from})
		return r.JSON201, verdict(g.Process, r, err)
	}
	next, code := carry("ada", id)
	require.Equal(t, "done", code)
	require.Equal(t, id, next.CarriedFrom.MustGet())
	require.Equal(t, "practice", next.Slot.Code)
	require.Equal(t, api.ObjectiveApprovalDraft, next.Approval)
	require.Equal(t, "Read aloud in every lesson.", next.Next.MustGet().Text)
	require.Equal(t, api.ObjectiveApprovalAgreed, g.read(id).Approval, "the year before keeps its own")
	_, code = carry("ada", id)
	require.Equal(t, "already_carried", code)
	_, code = carry("ada", done)
	require.Equal(t, "objective_complete", code)
	_, code = carry("ada", next.ID)
	require.Equal(t, "not_an_earlier_objective", code, "it is of this year")
	_, code = carry("cho", id)
	require.Equal(t, "not_your_act", code, "a head reads it, and drafts for nobody")
}

func whatIsMandatedFallsDue(t *testing.T, g *goals) {
	t.Helper()
	m := mandated(g)
	require.True(t, m.Due, "it first concerned her the year before")
	require.Equal(t, "2026-09-01", m.SinceOn.Format("2006-01-02"))
	require.Equal(t, 3, g.own().Progress.ObjectivesRequired)
}

func adaAnswersTheMandate(t *testing.T, g *goals) {
	t.Helper()
	answer := func(change func(*api.CreateObjective)) string {
		_, code := g.draft("ada", "extra", func(c *api.CreateObjective) {
			c.Mandate = ptr("coaching")
			if change != nil {
				change(c)
			}
		})
		return code
	}
	require.Equal(t, "unknown_mandate", answer(func(c *api.CreateObjective) { c.Mandate = ptr("swimming") }))
	require.Equal(t, "slot_of_mandate", answer(func(c *api.CreateObjective) { c.Slot = "school" }))
	mid := g.drafted("ada", "extra", func(c *api.CreateObjective) { c.Mandate = ptr("coaching") })
	require.Equal(t, "mandate_answered", answer(nil))
	require.False(t, mandated(g).Met)
	require.Equal(t, "done", g.do("ada", "propose", mid))
	require.Equal(t, "done", g.do("ben", "approve", mid))
	require.True(t, mandated(g).Met)
	require.Equal(t, mid, mandated(g).ObjectiveID.MustGet())
	require.Equal(t, 1, g.own().Progress.ObjectivesAgreed)
}

func TestAnObjectiveChangesOnlyAfterAMeetingThatAllowsIt(t *testing.T) {
	t.Parallel()
	g := newGoals(t, map[string]any{"objectives": map[string]any{"amendments": "at_meetings"}})
	id := g.live("ada", "practice", "ben")
	require.Equal(t, "no_amending_meeting", g.do("ada", "amend", id))
	ctx, ben := t.Context(), g.As("ben")
	m, err := ben.ScheduleMeetingWithResponse(ctx, nil, api.ScheduleMeeting{AppraisalID: g.appraisal, PlanCode: "mid_year", ScheduledAt: time.Date(2027, 2, 1, 9, 30, 0, 0, time.UTC)})
	apitest.OK(t, m, err)
	require.Equal(t, "no_amending_meeting", g.do("ada", "amend", id), "it is only planned")
	g.On("2027-02-03")
	held := apitest.Day("2027-02-01")
	s, err := ben.SaveMeetingWithResponse(ctx, m.JSON201.ID, &api.SaveMeetingParams{IfMatch: m.HTTPResponse.Header.Get("ETag")},
		api.SaveMeeting{HeldOn: &held, Answers: map[string]any{"notes": "The class has changed."}})
	apitest.OK(t, s, err)
	require.Equal(t, "done", g.do("ada", "amend", id))
}
