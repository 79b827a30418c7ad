package httpapi_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

func TestWhoWritesARecordIsToldWhichObjectivesItsFormAsksAbout(t *testing.T) {
	t.Parallel()
	document := meetingRules(map[string]any{"plan": []any{meetingOnPlan("autumn", map[string]any{"recorded_by": "note_taker", "form": "talk"}), meetingOnPlan("summer", nil)}})
	document["rules"].(map[string]any)["forms"] = map[string]any{"talk": map[string]any{"label": "Talk", "sections": []any{
		map[string]any{"code": "progress", "label": "How far is it?", "kind": "text", "per": "objective", "required": true}}}}
	w := newTalks(t, document)
	o, err := w.As("ada").CreateObjectiveWithResponse(t.Context(), nil, api.CreateObjective{AppraisalID: w.appraisal, Slot: "practice", Content: api.ObjectiveContent{Title: "Talk in pairs", Text: "Every pupil talks."}})
	apitest.OK(t, o, err)
	dov := w.As("dov")
	named, err := w.named("ben", w.scheduled("ben", "autumn", talkTime), &dov.ID)
	apitest.OK(t, named, err)

	m := w.read("dov", named.JSON200.ID)
	require.Equal(t, []api.ObjectiveName{{ID: o.JSON201.ID, Title: "Talk in pairs"}}, m.Objectives.MustGet(), "though he reaches no objective of hers")
	require.True(t, w.list("dov", api.ListMeetingsParams{})[0].Objectives.IsNull(), "a list does not say")
	m = w.saved("dov", m, api.SaveMeeting{HeldOn: ptr(apitest.Day("2026-09-01")), Answers: map[string]any{"progress": map[string]any{o.JSON201.ID.String(): "Well begun."}}})
	require.Equal(t, api.MeetingStateDrafted, m.State)
	w.shared("ben", w.read("ben", m.ID))
	require.True(t, w.read("ben", w.scheduled("ben", "summer", talkTime).ID).Objectives.IsNull(), "its form asks about none")
}
