package httpapi_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

func TestRowsWithErrorsAreLeftOutOnlyWhenAsked(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	hr := w.HR.ClientWithResponses
	plan := planned(t, hr, "Person ID,Forename,Surname,School,Job Title,Start Date,Contract,Contract End",
		"1,Ada,Marsh,Northfield School,Teacher,31/09/2025,,", "2,Bo,Lind,,Teacher,2025-09-01,,", "3,Cara,Noor,Northfield School,Teacher,2025-09-01,Permanent,2027-08-31",
		"4,Dee,Hill,Lost School,,,,x", "5,Eve,Reed,Northfield School,Teacher,2025-09-01,,")
	require.Equal(t, []string{"2 error bad_date", "3 error missing_school", "4 error permanent_contract", "5 error bad_date", "6 new"}, outcomes(t, hr, plan.ID))
	require.Empty(t, plan.UnitsToCreate, "a school of rows with errors only is not made")
	r, err := applyImport(t, hr, plan, false)
	p := dirRefused(t, r, err, 409, "import_has_errors")
	require.Contains(t, p.Refusals[0].Unblock.MustGet(), "allow_errors")
	require.Equal(t, 1, w.count(t, "select count(*) from people where trust_id = $1", w.Trust))
	empty, err := w.HR.ApplyImportWithBodyWithResponse(t.Context(), plan.ID, &api.ApplyImportParams{IfMatch: `"1"`}, "application/json", strings.NewReader(`{}`))
	dirRefused(t, empty, err, 409, "import_has_errors")
	applied(t, hr, plan, true)
	require.Equal(t, "Eve", w.staff(t, "mis:5").GivenName)
	require.Equal(t, 2, w.count(t, "select count(*) from people where trust_id = $1", w.Trust))
}

func TestImportIsAppliedOnceAndByWhomeverMayReadIt(t *testing.T) {
	t.Parallel()
	w, other := newDirWorld(t), newDirWorld(t)
	hr := w.HR.ClientWithResponses
	plan := planned(t, hr, "Person ID,Forename,Surname,School,Job Title,Start Date", "1,Ada,Marsh,Northfield School,Teacher,2025-09-01")
	stale := plan
	stale.Version = 4
	r, err := applyImport(t, hr, stale, false)
	require.Equal(t, 1, dirRefused(t, r, err, 412, "stale_version").CurrentVersion.MustGet())
	r, err = w.HR.ApplyImportWithResponse(t.Context(), plan.ID, &api.ApplyImportParams{IfMatch: `"1"`}, api.ApplyImport{}, dirDropIfMatch)
	dirRefused(t, r, err, 428, "version_required")
	r, err = w.HR.ApplyImportWithBodyWithResponse(t.Context(), plan.ID, &api.ApplyImportParams{IfMatch: `"1"`}, "application/json", strings.NewReader(`{"allow_errors":"yes"}`))
	require.Equal(t, []string{"/allow_errors"}, dirPointers(dirRefused(t, r, err, 422, "invalid_request")))
	foreign, err := applyImport(t, other.HR.ClientWithResponses, plan, false)
	require.NoError(t, err)
	nowhere, err := applyImport(t, other.HR.ClientWithResponses, api.Import{ID: uuid.New(), Version: 1}, false)
	require.NoError(t, err)
	dirSameGone(t, foreign, nowhere)
	a, err := other.HR.GetImportWithResponse(t.Context(), plan.ID)
	require.NoError(t, err)
	b, err := other.HR.ListImportRowsWithResponse(t.Context(), plan.ID, nil)
	require.NoError(t, err)
	dirSameGone(t, a, b)
	l, err := other.HR.ListImportsWithResponse(t.Context(), nil)
	apitest.OK(t, l, err)
	require.Empty(t, l.JSON200.Items)

	key := "k-1"
	once := &api.ApplyImportParams{IfMatch: `"1"`, IdempotencyKey: &key}
	first, err := w.HR.ApplyImportWithResponse(t.Context(), plan.ID, once, api.ApplyImport{})
	apitest.OK(t, first, err)
	again, err := w.HR.ApplyImportWithResponse(t.Context(), plan.ID, once, api.ApplyImport{})
	apitest.OK(t, again, err)
	require.Equal(t, first.JSON200, again.JSON200)
	require.Equal(t, "true", again.HTTPResponse.Header.Get("Idempotent-Replayed"))
	require.Equal(t, `"2"`, first.HTTPResponse.Header.Get("ETag"))
	r, err = applyImport(t, hr, *first.JSON200, false)
	dirRefused(t, r, err, 409, "already_applied")
	require.Equal(t, 2, w.count(t, "select count(*) from people where trust_id = $1", w.Trust))
}

func TestOnlyHRImports(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	ada := w.teacher(t, "Ada Marsh", w.North)
	w.fill(t, "head", w.North.ID, ada.ID)
	head := w.signIn(t, ada)
	plan := planned(t, w.HR.ClientWithResponses, "Person ID,Forename,Surname,School", "1,Bo,Lind,Northfield School")
	c, err := sendList(t, head, "Person ID,Forename,Surname,School", "1,Bo,Lind,Northfield School")
	dirRefused(t, c, err, 403, "role_not_admitted")
	l, err := head.ListImportsWithResponse(t.Context(), nil)
	dirRefused(t, l, err, 403, "role_not_admitted")
	g, err := head.GetImportWithResponse(t.Context(), plan.ID)
	dirRefused(t, g, err, 403, "role_not_admitted")
	rows, err := head.ListImportRowsWithResponse(t.Context(), plan.ID, nil)
	dirRefused(t, rows, err, 403, "role_not_admitted")
	a, err := applyImport(t, head, plan, false)
	dirRefused(t, a, err, 403, "role_not_admitted")
	require.Equal(t, 1, w.count(t, "select count(*) from imports where trust_id = $1", w.Trust))
}

func TestImportRefusesWhatIsNoStaffList(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	for code, body := range map[string]string{"empty_file": "\n\n", "missing_column": "Colour,Size\nred,9\n", "not_text": "PK\x03\x04whatever"} {
		r, err := w.HR.CreateImportWithBodyWithResponse(t.Context(), nil, "text/csv", strings.NewReader(body))
		p := dirRefused(t, r, err, 422, code)
		require.Equal(t, []string{""}, dirPointers(p), "the whole body")
	}
	r, err := w.HR.CreateImportWithBodyWithResponse(t.Context(), nil, "application/json", strings.NewReader(`{}`))
	dirRefused(t, r, err, 415, "unsupported_media_type")
	long := "Forename,Surname\n" + strings.Repeat("Ada,Marsh\n", 1<<20+1<<15)
	for _, length := range []bool{true, false} {
		r, err = w.HR.CreateImportWithBodyWithResponse(t.Context(), nil, "text/csv", strings.NewReader(long), unsized(length))
		dirRefused(t, r, err, 413, "body_too_large")
	}
	require.Zero(t, w.count(t, "select count(*) from imports where trust_id = $1", w.Trust))
}

// unsized sends the body in pieces, so that nothing says beforehand how long it is.
func unsized(known bool) client.RequestEditorFn {
	return func(_ context.Context, r *http.Request) error {
		if !known {
			r.ContentLength = -1
		}
		return nil
	}
}
