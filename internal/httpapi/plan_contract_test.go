package httpapi_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

func TestPriorityRequestsAreHeldToTheContract(t *testing.T) {
	t.Parallel()
	w := apitest.NewWorld(t, "2026-09-01")
	p := addPriority(t, w.HR.ClientWithResponses, api.CreatePriority{Code: "1", Title: "Attendance"})
	title := "Every day counts"

	stale, err := w.HR.UpdatePriorityWithResponse(t.Context(), p.ID, &api.UpdatePriorityParams{IfMatch: planETag(7)}, api.UpdatePriority{Title: &title})
	require.Equal(t, 1, planRefused(t, stale, err, 412, "stale_version").CurrentVersion.MustGet())

	unversioned, err := w.HR.UpdatePriorityWithResponse(t.Context(), p.ID, &api.UpdatePriorityParams{}, api.UpdatePriority{Title: &title}, withoutIfMatch)
	planRefused(t, unversioned, err, 428, "version_required")

	blank, err := w.HR.CreatePriorityWithResponse(t.Context(), nil, api.CreatePriority{Code: "  ", Title: "\n"})
	faults := planRefused(t, blank, err, 422, "blank").Errors
	require.Equal(t, []string{"/code", "/title"}, []string{faults[0].Pointer, faults[1].Pointer})

	empty, err := w.HR.CreatePriorityWithResponse(t.Context(), nil, api.CreatePriority{})
	require.Len(t, planRefused(t, empty, err, 422, "invalid_request").Errors, 2)
}

func withoutIfMatch(_ context.Context, r *http.Request) error { r.Header.Del("If-Match"); return nil }

func TestRepeatedKeyAddsOnePriority(t *testing.T) {
	t.Parallel()
	w := apitest.NewWorld(t, "2026-09-01")
	key := uuid.NewString()
	q := &api.CreatePriorityParams{IdempotencyKey: &key}
	b := api.CreatePriority{Code: "1", Title: "Attendance"}
	first, err := w.HR.CreatePriorityWithResponse(t.Context(), q, b)
	require.NoError(t, err)
	require.NotNil(t, first.JSON201, string(first.Body))
	require.Equal(t, "/v1/priorities/"+first.JSON201.ID.String(), first.HTTPResponse.Header.Get("Location"))
	again, err := w.HR.CreatePriorityWithResponse(t.Context(), q, b)
	require.NoError(t, err)
	require.Equal(t, "true", again.HTTPResponse.Header.Get("Idempotent-Replayed"))
	require.Equal(t, first.JSON201, again.JSON201)
}

func TestPrioritiesArePaged(t *testing.T) {
	t.Parallel()
	w := apitest.NewWorld(t, "2026-09-01")
	want := []string{}
	for _, code := range []string{"a", "b", "c", "d", "e"} {
		addPriority(t, w.HR.ClientWithResponses, api.CreatePriority{Code: code, Title: "Same title"})
		want = append(want, code)
	}
	got, pages, limit, q := []string{}, 0, 2, api.ListPrioritiesParams{}
	for q.Limit = &limit; ; pages++ {
		r, err := w.HR.ListPrioritiesWithResponse(t.Context(), &q)
		require.NoError(t, err)
		require.NotNil(t, r.JSON200, string(r.Body))
		for _, p := range r.JSON200.Items {
			got = append(got, p.Code)
		}
		if r.JSON200.NextCursor.IsNull() {
			break
		}
		next := r.JSON200.NextCursor.MustGet()
		q.Cursor = &next
	}
	require.Equal(t, want, got)
	require.Equal(t, 2, pages)
	q.UnitID = &w.Root
	r, err := w.HR.ListPrioritiesWithResponse(t.Context(), &q)
	planRefused(t, r, err, 400, "bad_cursor")
}
