package httpapi_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

// dossierYear is a small trust whose meetings speak of each objective and whose check-ins thank people.
type dossierYear struct {
	*goals
	reading uuid.UUID // Ada's objective, agreed
}

func newDossierYear(t *testing.T) *dossierYear {
	t.Helper()
	section := func(code, label, kind string, more map[string]any) map[string]any {
		s := map[string]any{"code": code, "label": label, "kind": kind}
		for k, v := range more {
			s[k] = v
		}
		return s
	}
	per := map[string]any{"per": "objective"}
	rules := map[string]any{"outcome": map[string]any{"inputs": []any{}, "chain": []any{
		map[string]any{"code": "reflect", "label": "Reflection", "order": 1, "party": "reviewee", "acts": []any{"reflect"}, "form": "reflection", "required": true, "opens": map[string]any{"anchor": "cycle_end", "months": -2}},
		map[string]any{"code": "state", "label": "Statement", "order": 2, "party": "reviewer", "acts": []any{"state", "recommend"}, "form": "statement", "required": true},
		map[string]any{"code": "decide", "label": "Decision", "order": 3, "party": "head", "acts": []any{"decide"}, "required": true}}},
		"forms": map[string]any{
			"check_in": map[string]any{"label": "Check-in", "sections": []any{section("progress", "Where is it?", "text", per), section("notes", "What else?", "text", map[string]any{"required": true}), section("thanks", "Whom do you thank?", "people", nil)}},
			"meeting":  map[string]any{"label": "Record", "sections": []any{section("notes", "What was discussed", "text", map[string]any{"required": true}), section("each", "On this objective", "text", per)}}}}
	p := apitest.NewProcess(t, apitest.ProcessSetup{Document: map[string]any{"schema": 1, "rules": rules}, Windows: [][2]string{{"2026-11-02", "2026-11-06"}, {"2027-01-11", "2027-01-15"}}})
	d := &dossierYear{goals: goalsOf(p)}
	priority := d.priority("1a", nil, nil)
	d.reading = d.drafted("ada", "school", func(c *api.CreateObjective) {
		c.Content.PriorityIds = []uuid.UUID{priority}
		c.Content.Statements = []api.StatementLink{}
	})
	require.Equal(t, "done", d.do("ada", "propose", d.reading))
	require.Equal(t, "done", d.do("ben", "approve", d.reading))
	return d
}

// checkIn starts and writes a check-in; sent sends it too.
func (d *dossierYear) checkIn(who string, window int, answers map[string]any, send bool) uuid.UUID {
	d.T.Helper()
	ctx, as := d.T.Context(), d.As(who)
	k, err := as.StartCheckInWithResponse(ctx, nil, api.StartCheckIn{AppraisalID: d.Appraisal(who).ID, WindowID: d.Windows[window].ID})
	apitest.OK(d.T, k, err)
	s, err := as.SaveCheckInWithResponse(ctx, k.JSON201.ID, &api.SaveCheckInParams{IfMatch: etag(1)}, api.SaveCheckIn{Answers: answers})
	apitest.OK(d.T, s, err)
	if send {
		r, err := as.SubmitCheckInWithResponse(ctx, k.JSON201.ID, &api.SubmitCheckInParams{IfMatch: etag(2)})
		apitest.OK(d.T, r, err)
	}
	return k.JSON201.ID
}

// note adds a note on the objective, or on the appraisal.
func (d *dossierYear) note(who, text string, onObjective bool) {
	d.T.Helper()
	body := api.AddNote{SubjectKind: "appraisal", Text: text}
	if onObjective {
		body.SubjectKind, body.SubjectID = "objective", &d.reading
	}
	r, err := d.As(who).AddNoteWithResponse(d.T.Context(), d.appraisal, nil, body)
	apitest.OK(d.T, r, err)
}

func (d *dossierYear) evidence(who, title string) uuid.UUID {
	d.T.Helper()
	text := "A note that is not shown."
	r, err := d.As(who).AddEvidenceWithResponse(d.T.Context(), d.appraisal, nil, api.AddEvidence{SubjectKind: "objective", SubjectID: d.reading, Kind: "note", Title: title, Text: &text})
	apitest.OK(d.T, r, err)
	return r.JSON201.ID
}

// met holds the mid-year meeting; its record is drafted.
func (d *dossierYear) met(answers map[string]any) api.Meeting {
	d.T.Helper()
	m, err := scheduleMeeting(d.Process, "ben", "mid_year", time.Date(2027, 2, 1, 9, 0, 0, 0, time.UTC))
	apitest.OK(d.T, m, err)
	held := apitest.Day("2027-02-01")
	s, err := saveMeeting(d.Process, "ben", *m.JSON201, api.SaveMeeting{Answers: answers, HeldOn: &held})
	apitest.OK(d.T, s, err)
	return *s.JSON200
}

func (d *dossierYear) dossier(who string) api.Dossier {
	d.T.Helper()
	r, err := d.As(who).GetDossierWithResponse(d.T.Context(), d.appraisal)
	apitest.OK(d.T, r, err)
	return *r.JSON200
}

// timeline is the whole of it, page by page, as sentences with the day and who did it.
func (d *dossierYear) timeline(who string, limit int) []string {
	d.T.Helper()
	var out []string
	q := &api.GetTimelineParams{Limit: &limit}
	for {
		r, err := d.As(who).GetTimelineWithResponse(d.T.Context(), d.appraisal, q)
		apitest.OK(d.T, r, err)
		for _, e := range r.JSON200.Items {
			out = append(out, fmt.Sprintf("%s %s: %s", e.On, e.Actor.MustGet().DisplayName, e.Sentence))
			require.True(d.T, strings.HasPrefix(e.Subject.Href, "/v1/"), e.Subject.Href)
		}
		if r.JSON200.NextCursor.IsNull() {
			return out
		}
		q.Cursor = ptr(r.JSON200.NextCursor.MustGet())
	}
}

// entryLines are entries in a line each: kind, source, day, party, label and text.
func entryLines(entries []api.DossierEntry) []string {
	out := []string{}
	for _, e := range entries {
		party, _ := e.Party.Get()
		out = append(out, fmt.Sprintf("%s of %s on %s by %s (%s) %s: %s", e.Kind, e.Source.Kind, e.On, e.By.MustGet().DisplayName, party, e.Label, e.Text))
	}
	return out
}

// suggested are the quotations for a step, by section.
func suggested(y api.Dossier, step string) map[string]string {
	out := map[string]string{}
	for _, s := range y.Suggestions {
		for _, q := range s.Sections {
			if s.Step == step {
				out[q.Section] = q.Text
			}
		}
	}
	return out
}
