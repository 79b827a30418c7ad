package httpapi_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

func TestObjectiveBankIsHRsToFillAndEverybodysToRead(t *testing.T) {
	t.Parallel()
	w := apitest.NewWorld(t, "2026-09-01")
	_, head := planSchool(t, w, "Northfield School", "Ruth")
	draft := api.CreateObjectiveTemplate{Slot: "impact_on_others", Title: " Reading aloud ", Text: "Pupils read aloud every day.",
		Criteria: []api.Item{{Text: "Every class has a daily slot."}}}
	refused, err := head.CreateObjectiveTemplateWithResponse(t.Context(), nil, draft)
	planRefused(t, refused, err, 403, "role_not_admitted")

	made, err := w.HR.CreateObjectiveTemplateWithResponse(t.Context(), nil, draft)
	require.NoError(t, err)
	require.NotNil(t, made.JSON201, string(made.Body))
	require.Equal(t, "Reading aloud", made.JSON201.Title)
	require.Equal(t, []api.Item{}, made.JSON201.Actions, "an empty list is [], never null")
	require.Equal(t, draft.Criteria, made.JSON201.Criteria)

	slot := "impact_on_others"
	list, err := head.ListObjectiveTemplatesWithResponse(t.Context(), &api.ListObjectiveTemplatesParams{Slot: &slot})
	require.NoError(t, err)
	require.NotNil(t, list.JSON200, string(list.Body))
	require.Len(t, list.JSON200.Items, 1)
	require.Equal(t, made.JSON201.ID, list.JSON200.Items[0].ID)
	slot = "another_slot"
	list, err = head.ListObjectiveTemplatesWithResponse(t.Context(), &api.ListObjectiveTemplatesParams{Slot: &slot})
	require.NoError(t, err)
	require.Equal(t, []api.ObjectiveTemplate{}, list.JSON200.Items)
}

func TestTemplateChangesByMergePatch(t *testing.T) {
	t.Parallel()
	w := apitest.NewWorld(t, "2026-09-01")
	made, err := w.HR.CreateObjectiveTemplateWithResponse(t.Context(), nil, api.CreateObjectiveTemplate{Slot: "extra", Title: "Reading aloud",
		Text: "Pupils read aloud every day.", Criteria: []api.Item{{Text: "Every class has a daily slot."}}, Actions: []api.Item{{Text: "Choose the books."}}})
	require.NoError(t, err)
	require.NotNil(t, made.JSON201, string(made.Body))
	id, yes := made.JSON201.ID, true
	r, err := w.HR.UpdateObjectiveTemplateWithApplicationMergePatchPlusJSONBodyWithResponse(t.Context(), id,
		&api.UpdateObjectiveTemplateParams{IfMatch: planETag(1)}, api.UpdateObjectiveTemplate{Archived: &yes, Criteria: []api.Item{{Text: "Every class reads."}}})
	require.NoError(t, err)
	require.NotNil(t, r.JSON200, string(r.Body))
	require.True(t, r.JSON200.Archived)
	require.Equal(t, []api.Item{{Text: "Every class reads."}}, r.JSON200.Criteria)
	require.Equal(t, []api.Item{{Text: "Choose the books."}}, r.JSON200.Actions, "what is not given stays")
	require.Equal(t, "Reading aloud", r.JSON200.Title)
	require.Equal(t, 2, r.JSON200.Version)

	stale, err := w.HR.UpdateObjectiveTemplateWithResponse(t.Context(), id, &api.UpdateObjectiveTemplateParams{IfMatch: planETag(1)}, api.UpdateObjectiveTemplate{})
	planRefused(t, stale, err, 412, "stale_version")
	gone, err := w.HR.UpdateObjectiveTemplateWithResponse(t.Context(), uuid.New(), &api.UpdateObjectiveTemplateParams{IfMatch: planETag(1)}, api.UpdateObjectiveTemplate{})
	planRefused(t, gone, err, 404, "not_found")
	list, err := w.HR.ListObjectiveTemplatesWithResponse(t.Context(), nil)
	require.NoError(t, err)
	require.Empty(t, list.JSON200.Items, "an archived entry is out of the bank")
	list, err = w.HR.ListObjectiveTemplatesWithResponse(t.Context(), &api.ListObjectiveTemplatesParams{Archived: &yes})
	require.NoError(t, err)
	require.Len(t, list.JSON200.Items, 1)
}
