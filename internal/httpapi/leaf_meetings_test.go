package httpapi_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// onePlan is a plan of one meeting, in JSON; more is put into it.
func onePlan(more string) string {
	return `[{"code":"mid_year","label":"Mid-year review","form":"meeting","recorded_by":"reviewer","required":true,"formal":true,"may_amend":true,
		"reviewee_answers":true` + more + `,"due":{"anchor":"cycle_start","months":6}}]`
}

// twoGroups is a check-in form of two groups, each with a section that must be answered.
const twoGroups = `{"forms":{"check_in":{"label":"Check-in","sections":[
	{"code":"notes","label":"Notes","kind":"text","group":"a","required":true},{"code":"progress","label":"Progress","kind":"text","group":"b","required":true}]}}}`

func init() {
	leafTables["meetings"] = []leafRow{
		{path: "meetings.plan", a: onePlan(`,"max_minutes":30`), b: onePlan(`,"max_minutes":60`), probe: longTalk, wantA: "meeting_too_long", wantB: "ok"},
		{path: "meetings.formal_min", a: `0`, b: `1`, probe: stating, wantA: "ok", wantB: "formal_reviews_missing"},
		{path: "meetings.draft_visible", a: `false`, b: `true`, probe: readingADraft, wantA: "nothing", wantB: "a draft"},
		{path: "meetings.final", a: `true`, b: `false`, probe: reopening, wantA: "record_final", wantB: "ok"},
		{path: "meetings.time_rule", a: `"none"`, b: `"directed_time"`, probe: guidance, wantA: "", wantB: "directed_time"},
		{path: "modules.on", a: `[]`, b: `["meetings","check_ins"]`, probe: newWork, wantA: "module_off module_off", wantB: "ok ok"},
	}
	leafTables["check_ins"] = []leafRow{
		{path: "forms", a: `{"check_in":{"label":"Check-in","sections":[{"code":"notes","label":"Notes","kind":"text","required":true},{"code":"progress","label":"Progress","kind":"text"}]}}`,
			b:     `{"check_in":{"label":"Check-in","sections":[{"code":"notes","label":"Notes","kind":"text","required":true},{"code":"progress","label":"Progress","kind":"text"},{"code":"mood","label":"Mood","kind":"text","required":true}]}}`,
			probe: sending, wantA: "ok", wantB: "check_in_incomplete"},
		{path: "check_ins.form", a: `""`, b: `"check_in"`, probe: starting, wantA: "no_check_ins", wantB: "ok"},
		{path: "check_ins.windows", a: `1`, b: `2`, setup: apitest.ProcessSetup{Draft: true}, probe: opening, wantA: "ok", wantB: "windows_do_not_fit"},
		{path: "check_ins.sections", a: `"all"`, b: `"alternate"`, under: twoGroups, probe: sending, wantA: "check_in_incomplete", wantB: "ok"},
		{path: "check_ins.reviewer_acknowledges", a: `true`, b: `false`, probe: acknowledging, wantA: "waits", wantB: "does not wait"},
		{path: "check_ins.reviewer_comments", a: `0`, b: `1`, probe: responding, wantA: "ok", wantB: "too_few_comments"},
		{path: "check_ins.feed_year_end", a: `true`, b: `false`, probe: quoting, wantA: "quoted", wantB: "empty"},
		{path: "check_ins.engagement", a: `[]`, b: `[{"code":"high","label":"High","at_least":0.9},{"code":"low","label":"Low","at_least":0}]`, probe: engaging, wantA: "none", wantB: "high"},
	}
}

// said is ok, or the code of the refusal.
func said(p *apitest.Process, r client.Answer, err error) string {
	p.T.Helper()
	require.NoError(p.T, err)
	var refused *client.ProblemError
	if err := client.Check(r); err != nil {
		require.ErrorAs(p.T, err, &refused)
		return refused.Code
	}
	return "ok"
}

// draftedMeeting is Ada's meeting with a record that is complete and not shared.
func draftedMeeting(p *apitest.Process, minutes int) api.Meeting {
	p.T.Helper()
	m, err := scheduleMeeting(p, "ben", "mid_year", talkTime)
	apitest.OK(p.T, m, err)
	body := notes("Under way.")
	body.Minutes = &minutes
	s, err := saveMeeting(p, "ben", *m.JSON201, body)
	apitest.OK(p.T, s, err)
	return *s.JSON200
}

func longTalk(p *apitest.Process) string {
	r, err := shareMeeting(p, "ben", draftedMeeting(p, 45))
	return said(p, r, err)
}

func readingADraft(p *apitest.Process) string {
	m, err := p.As("ada").GetMeetingWithResponse(p.T.Context(), draftedMeeting(p, 45).ID)
	apitest.OK(p.T, m, err)
	if m.JSON200.Answers.IsNull() {
		return "nothing"
	}
	return "a draft"
}

func reopening(p *apitest.Process) string {
	m, err := shareMeeting(p, "ben", draftedMeeting(p, 45))
	apitest.OK(p.T, m, err)
	r, err := reopenMeeting(p, "ben", *m.JSON200)
	return said(p, r, err)
}

func guidance(p *apitest.Process) string {
	m, err := scheduleMeeting(p, "ada", "mid_year", talkTime)
	apitest.OK(p.T, m, err)
	return strings.Join(guided(*m.JSON201), " ")
}

func newWork(p *apitest.Process) string {
	m, err := scheduleMeeting(p, "ada", "mid_year", time.Date(2026, 11, 5, 9, 0, 0, 0, time.UTC))
	return said(p, m, err) + " " + starting(p)
}

func stating(p *apitest.Process) string {
	p.On("2027-08-02")
	stepTo(p, "ada", "outcome.reflect", map[string]any{"achievements": "The readers."})
	saveStep(p, "ben", "outcome.state", api.SaveStep{Answers: map[string]any{"statement": "A good year."}, Rating: &api.RatingInput{Code: ptr("met")}})
	r, err := completeStep(p, "ben", "outcome.state")
	return said(p, r, err)
}

// starting starts Ada's check-in of the first window, once it is open.
func starting(p *apitest.Process) string {
	p.On("2026-11-02")
	r, err := startCheckIn(p)
	return said(p, r, err)
}

func startCheckIn(p *apitest.Process) (*client.StartCheckInResponse, error) {
	return p.As("ada").StartCheckInWithResponse(p.T.Context(), nil, api.StartCheckIn{AppraisalID: p.Appraisal("ada").ID, WindowID: p.Windows[0].ID})
}

func sendCheckInOf(p *apitest.Process) (*client.SubmitCheckInResponse, error) {
	p.T.Helper()
	p.On("2026-11-02")
	k, err := startCheckIn(p)
	apitest.OK(p.T, k, err)
	s, err := p.As("ada").SaveCheckInWithResponse(p.T.Context(), k.JSON201.ID, &api.SaveCheckInParams{IfMatch: etag(1)}, api.SaveCheckIn{Answers: map[string]any{"notes": "A good start."}})
	apitest.OK(p.T, s, err)
	return p.As("ada").SubmitCheckInWithResponse(p.T.Context(), k.JSON201.ID, &api.SubmitCheckInParams{IfMatch: etag(2)})
}

func sending(p *apitest.Process) string {
	r, err := sendCheckInOf(p)
	return said(p, r, err)
}

func acknowledging(p *apitest.Process) string {
	r, err := sendCheckInOf(p)
	apitest.OK(p.T, r, err)
	me, err := p.As("ben").GetMeWithResponse(p.T.Context())
	apitest.OK(p.T, me, err)
	for _, w := range me.JSON200.Waiting {
		if w.Kind == "acknowledge_check_ins" {
			return "waits"
		}
	}
	return "does not wait"
}

func responding(p *apitest.Process) string {
	k, err := sendCheckInOf(p)
	apitest.OK(p.T, k, err)
	r, err := p.As("ben").RespondToCheckInWithResponse(p.T.Context(), k.JSON200.ID, &api.RespondToCheckInParams{IfMatch: etag(k.JSON200.Version)}, api.RespondToCheckIn{Comments: []api.CheckInComment{}})
	return said(p, r, err)
}

func quoting(p *apitest.Process) string {
	k, err := sendCheckInOf(p)
	apitest.OK(p.T, k, err)
	p.On("2027-08-02")
	s, err := p.As("ada").GetStepWithResponse(p.T.Context(), p.Appraisal("ada").ID, "outcome.reflect")
	apitest.OK(p.T, s, err)
	if s.JSON200.Prefilled && strings.Contains(fmt.Sprint(s.JSON200.Answers.MustGet()), "A good start.") {
		return "quoted"
	}
	return "empty"
}

func engaging(p *apitest.Process) string {
	k, err := sendCheckInOf(p)
	apitest.OK(p.T, k, err)
	e, err := p.As("ben").GetEngagementWithResponse(p.T.Context(), p.Appraisal("ada").ID)
	apitest.OK(p.T, e, err)
	if e.JSON200.Suggestion.IsNull() {
		return "none"
	}
	return e.JSON200.Suggestion.MustGet().Code
}

func opening(p *apitest.Process) string {
	c, err := p.World.HR.GetCycleWithResponse(p.T.Context(), p.CycleID)
	apitest.OK(p.T, c, err)
	r, err := p.World.HR.OpenCycleWithResponse(p.T.Context(), p.CycleID, &api.OpenCycleParams{IfMatch: c.HTTPResponse.Header.Get("ETag")})
	return said(p, r, err)
}

func stepTag(p *apitest.Process, who, name string) string {
	p.T.Helper()
	r, err := p.As(who).GetStepWithResponse(p.T.Context(), p.Appraisal("ada").ID, name)
	apitest.OK(p.T, r, err)
	return etag(r.JSON200.Step.Version)
}

func saveStep(p *apitest.Process, who, name string, body api.SaveStep) api.StepDetail {
	p.T.Helper()
	p.As(who).Judge(p.Appraisal("ada").ID)
	now, err := p.As(who).GetStepWithResponse(p.T.Context(), p.Appraisal("ada").ID, name)
	apitest.OK(p.T, now, err)
	r, err := p.As(who).SaveStepWithResponse(p.T.Context(), p.Appraisal("ada").ID, name, &api.SaveStepParams{IfMatch: etag(now.JSON200.Step.Version)}, apitest.Weighing(now.JSON200, body))
	apitest.OK(p.T, r, err)
	return *r.JSON200
}

func completeStep(p *apitest.Process, who, name string) (*client.CompleteStepResponse, error) {
	return p.As(who).CompleteStepWithResponse(p.T.Context(), p.Appraisal("ada").ID, name, &api.CompleteStepParams{IfMatch: stepTag(p, who, name)}, api.CompleteStep{})
}

// stepTo saves a step of Ada's year and completes it.
func stepTo(p *apitest.Process, who, name string, answers map[string]any) {
	p.T.Helper()
	saveStep(p, who, name, api.SaveStep{Answers: answers})
	r, err := completeStep(p, who, name)
	apitest.OK(p.T, r, err)
}
