package httpapi_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// talks is a small trust whose meetings go by a policy of the test's own: Ada's year, whom Ben reviews.
type talks struct {
	*apitest.Process
	t         *testing.T
	appraisal uuid.UUID // Ada's
}

// A meeting of the plan, as tests write it; what is put beside it changes it.
func meetingOnPlan(code string, more map[string]any) map[string]any {
	p := map[string]any{"code": code, "label": "Mid-year review", "form": "meeting", "recorded_by": "reviewer", "required": true, "formal": true,
		"may_amend": true, "reviewee_answers": true, "due": map[string]any{"anchor": "cycle_start", "months": 6}}
	for k, v := range more {
		p[k] = v
	}
	return p
}

// meetingRules is a policy document with these rules of meetings.
func meetingRules(rules map[string]any) map[string]any {
	return map[string]any{"schema": 1, "profile": "model", "rules": map[string]any{"meetings": rules}}
}

func newTalks(t *testing.T, document map[string]any) *talks {
	t.Helper()
	p := apitest.NewProcess(t, apitest.ProcessSetup{Document: document})
	return &talks{Process: p, t: t, appraisal: p.Appraisal("ada").ID}
}

func scheduleMeeting(p *apitest.Process, who, plan string, at time.Time) (*client.ScheduleMeetingResponse, error) {
	return p.As(who).ScheduleMeetingWithResponse(p.T.Context(), nil, api.ScheduleMeeting{AppraisalID: p.Appraisal("ada").ID, PlanCode: plan, ScheduledAt: at})
}

func (w *talks) scheduled(who, plan string, at time.Time) api.Meeting {
	w.t.Helper()
	r, err := scheduleMeeting(w.Process, who, plan, at)
	apitest.OK(w.t, r, err)
	return *r.JSON201
}

func saveMeeting(p *apitest.Process, who string, m api.Meeting, body api.SaveMeeting) (*client.SaveMeetingResponse, error) {
	return p.As(who).SaveMeetingWithResponse(p.T.Context(), m.ID, &api.SaveMeetingParams{IfMatch: etag(m.Version)}, body)
}

func (w *talks) saved(who string, m api.Meeting, body api.SaveMeeting) api.Meeting {
	w.t.Helper()
	r, err := saveMeeting(w.Process, who, m, body)
	apitest.OK(w.t, r, err)
	return *r.JSON200
}

func shareMeeting(p *apitest.Process, who string, m api.Meeting) (*client.CompleteMeetingResponse, error) {
	return p.As(who).CompleteMeetingWithResponse(p.T.Context(), m.ID, &api.CompleteMeetingParams{IfMatch: etag(m.Version)})
}

func (w *talks) shared(who string, m api.Meeting) api.Meeting {
	w.t.Helper()
	r, err := shareMeeting(w.Process, who, m)
	apitest.OK(w.t, r, err)
	return *r.JSON200
}

func reopenMeeting(p *apitest.Process, who string, m api.Meeting) (*client.ReopenMeetingResponse, error) {
	return p.As(who).ReopenMeetingWithResponse(p.T.Context(), m.ID, &api.ReopenMeetingParams{IfMatch: etag(m.Version)})
}

func (w *talks) named(who string, m api.Meeting, taker *uuid.UUID) (*client.NameNoteTakerResponse, error) {
	var body api.NameNoteTaker
	if taker == nil {
		body.PersonID.SetNull()
	} else {
		body.PersonID.Set(*taker)
	}
	return w.As(who).NameNoteTakerWithResponse(w.t.Context(), m.ID, &api.NameNoteTakerParams{IfMatch: etag(m.Version)}, body)
}

func (w *talks) read(who string, id uuid.UUID) api.Meeting {
	w.t.Helper()
	r, err := w.As(who).GetMeetingWithResponse(w.t.Context(), id)
	apitest.OK(w.t, r, err)
	return *r.JSON200
}

func (w *talks) list(who string, q api.ListMeetingsParams) []api.Meeting {
	w.t.Helper()
	r, err := w.As(who).ListMeetingsWithResponse(w.t.Context(), &q)
	apitest.OK(w.t, r, err)
	return r.JSON200.Items
}

func (w *talks) planOf(who string) *api.PlannedMeetingList {
	w.t.Helper()
	r, err := w.As(who).ListPlannedMeetingsWithResponse(w.t.Context(), w.appraisal)
	apitest.OK(w.t, r, err)
	return r.JSON200
}

// notes is a record that is complete.
func notes(text string) api.SaveMeeting {
	answers := map[string]any{"notes": text}
	return api.SaveMeeting{Answers: answers, HeldOn: ptr(day("2026-09-01"))}
}

var talkTime = time.Date(2026, 11, 18, 15, 30, 0, 0, time.UTC)

func hidden(t *testing.T, who string, m api.Meeting) {
	t.Helper()
	require.True(t, m.Answers.IsNull(), "%s does not see the record yet", who)
}
