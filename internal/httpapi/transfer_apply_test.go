package httpapi_test

import (
	"context"
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

func TestPlanThatTheDirectoryHasOvertakenIsRefused(t *testing.T) {
	t.Parallel()
	header := "Person ID,Work Email,Forename,Surname,School,Job Title,Start Date,Line Manager"
	ada := "1,ada@brightwater.example,Ada,Marsh,Northfield School,"
	for what, change := range map[string]func(t *testing.T, w dirWorld){
		"the field that the plan changes": func(t *testing.T, w dirWorld) {
			p, title := w.staff(t, "mis:1").Posts[0], "Deputy head"
			r, err := w.HR.UpdatePostWithResponse(t.Context(), p.ID, &api.UpdatePostParams{IfMatch: dirETag(p.Version)}, api.UpdatePost{JobTitle: &title})
			apitest.OK(t, r, err)
		},
		"the line manager": func(t *testing.T, w dirWorld) {
			r, err := w.HR.SetLineManagerWithResponse(t.Context(), w.staff(t, "mis:1").Posts[0].ID, &api.SetLineManagerParams{IfMatch: `"1"`}, api.SetLineManager{ManagerID: w.HR.ID})
			apitest.OK(t, r, err)
		},
		"somebody whom the plan adds": func(t *testing.T, w dirWorld) {
			email := "BO@brightwater.example"
			r, err := w.HR.CreatePersonWithResponse(t.Context(), nil, api.CreatePerson{GivenName: "Bo", FamilyName: "Lind", Email: &email})
			apitest.OK(t, r, err)
		},
		"a school that the plan adds": func(t *testing.T, w dirWorld) { w.unit(t, "school", "Eastfield School", w.Root) },
		"a line manager's name": func(t *testing.T, w dirWorld) {
			email := "namesake@brightwater.example"
			r, err := w.HR.CreatePersonWithResponse(t.Context(), nil, api.CreatePerson{GivenName: "Hana", FamilyName: "Reyes", Email: &email})
			apitest.OK(t, r, err)
		},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := newDirWorld(t)
			hr := w.HR.ClientWithResponses
			imported(t, hr, header, ada+"Teacher,2025-09-01,")
			plan := planned(t, hr, header, ada+"Head of year,2025-09-01,", "2,bo@brightwater.example,Bo,Lind,Eastfield School,Cook,2025-09-01,Hana Reyes")
			require.Equal(t, []string{"2 changed job_title", "3 new"}, outcomes(t, hr, plan.ID))
			change(t, w)
			events := w.events(t)
			r, err := applyImport(t, hr, plan, false)
			p := dirRefused(t, r, err, 409, "plan_outdated")
			require.Equal(t, 1, p.CurrentVersion.MustGet())
			require.NotEmpty(t, p.Refusals[0].Unblock.MustGet())
			require.Equal(t, events, w.events(t), "nothing is changed")
			require.Zero(t, w.count(t, "select count(*) from posts where trust_id = $1 and job_title in ('Head of year', 'Cook')", w.Trust))
		})
	}
}

func TestChangeElsewhereInTheDirectoryDoesNotOvertakeAPlan(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	hr := w.HR.ClientWithResponses
	plan := planned(t, hr, "Person ID,Forename,Surname,School,Job Title", "1,Ada,Marsh,Northfield School,Teacher")
	w.teacher(t, "Ruth Okoro", w.South)
	w.On("2026-10-06")
	applied(t, hr, plan, false)
	require.Equal(t, dirDate("2026-10-06"), w.staff(t, "mis:1").Posts[0].FromOn, "a post without a start date begins when it is applied")
}

func TestImportEndsNobody(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	hr := w.HR.ClientWithResponses
	header := "Person ID,Forename,Surname,School,Job Title,Start Date,Leaving Date,Current"
	imported(t, hr, header, "1,Ada,Marsh,Northfield School,Teacher,2025-09-01,2027-08-31,yes", "2,Bo,Lind,Northfield School,Cook,2025-09-01,,yes")
	require.Equal(t, dirDate("2027-09-01"), w.staff(t, "mis:1").Posts[0].UntilOn.MustGet(), "a new post has the last day that is known")
	plan := imported(t, hr, header, "1,Ada,Marsh-Reed,Northfield School,Teacher,2025-09-01,2026-10-04,yes", "2,Bo,Lind-Reed,Northfield School,Cook,2025-09-01,,no",
		"3,Cara,Noor,Lost School,Cook,2020-09-01,2024-08-31,")
	require.Equal(t, []string{"2 unchanged has_left", "3 unchanged has_left", "4 unchanged has_left"}, outcomes(t, hr, plan.ID))
	require.Empty(t, plan.UnitsToCreate)
	row := importRows(t, hr, plan.ID)[0]
	require.True(t, row.Problems[0].Warning)
	require.Contains(t, row.Problems[0].Message, "an import ends nobody")
	require.Equal(t, w.staff(t, "mis:1").ID, row.PersonID.MustGet())
	plan = planned(t, hr, header, "1,Ada,Marsh,Northfield School,Teacher,2025-09-01,2026-12-31,", "2,Bo,Lind,Northfield School,Cook,2025-09-01,2026-12-31,")
	require.Equal(t, []string{"2 unchanged end_date_kept", "3 unchanged end_date_kept"}, outcomes(t, hr, plan.ID))
}

func TestImportRespectsWhatHasEndedInTheDirectory(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	hr := w.HR.ClientWithResponses
	header := "Person ID,Forename,Surname,School,Job Title,Start Date"
	list := []string{header, "1,Ada,Marsh,Northfield School,Teacher,2025-09-01", "2,Bo,Lind,Northfield School,Cook,2025-09-01"}
	imported(t, hr, list...)
	ada, bo, end := w.staff(t, "mis:1"), w.staff(t, "mis:2"), api.EndFrom{On: dirDate("2026-10-01")}
	e, err := w.HR.EndPostWithResponse(t.Context(), ada.Posts[0].ID, &api.EndPostParams{IfMatch: `"1"`}, end)
	apitest.OK(t, e, err)
	d, err := w.HR.DeactivatePersonWithResponse(t.Context(), bo.ID, &api.DeactivatePersonParams{IfMatch: `"1"`}, end)
	apitest.OK(t, d, err)
	require.Equal(t, []string{"2 unchanged post_ended", "3 unchanged person_left"}, outcomes(t, hr, planned(t, hr, list...).ID))

	back := []string{header, "1,Ada,Marsh,Northfield School,Head of year,2025-09-01", "2,Bo,Lind,Northfield School,Cook,2026-10-05"}
	plan := imported(t, hr, back...)
	require.Equal(t, []string{"2 new", "3 new status"}, outcomes(t, hr, plan.ID))
	require.Equal(t, dirDate("2026-10-01"), w.staff(t, "mis:1").Posts[0].FromOn, "a post that follows another begins when that one ended")
	again := w.staff(t, "mis:2")
	require.Equal(t, []any{bo.ID, api.PersonStatus("active")}, []any{again.ID, again.Status})
	require.Equal(t, 1, w.count(t, "select count(*) from events where trust_id = $1 and type = 'person.reopened' and subject_id = $2", w.Trust, bo.ID))
	require.Equal(t, []string{"2 unchanged", "3 unchanged"}, outcomes(t, hr, planned(t, hr, back...).ID))
}

func TestNobodyImportsTheirOwnRecord(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	ruth := w.teacher(t, "Ruth Okoro", w.North)
	w.fill(t, "hr", w.Root, ruth.ID)
	second := w.signIn(t, ruth)
	header := "Work Email,Forename,Surname,School,Job Title,Start Date,Pay Point"
	list := []string{header, w.HR.Email + ",Hana,Reyes,Northfield School,HR lead,2026-09-01,9", ruth.Email.MustGet() + ",Ruth,Okoro,Northfield School,HR officer,2026-09-01,9"}
	plan := planned(t, w.HR.ClientWithResponses, list...)
	require.Equal(t, []string{"2 unchanged own_record", "3 changed job_title,pay_point"}, outcomes(t, w.HR.ClientWithResponses, plan.ID))
	r, err := applyImport(t, second, plan, false)
	dirRefused(t, r, err, 403, "out_of_reach")
	applied(t, w.HR.ClientWithResponses, plan, false)
	require.Zero(t, w.count(t, "select count(*) from posts where trust_id = $1 and person_id = $2", w.Trust, w.HR.ID))
	plan = planned(t, second, list...)
	require.Equal(t, []string{"2 new", "3 unchanged"}, outcomes(t, second, plan.ID), "another HR person does it, and what stays as it is needs nobody")
	applied(t, second, plan, false)
	require.Equal(t, 1, w.count(t, "select count(*) from posts where trust_id = $1 and person_id = $2", w.Trust, w.HR.ID))
}

func TestNewLineManagerOfAnImportTakesOverTheReview(t *testing.T) {
	t.Parallel()
	y := apitest.NewYear(t)
	y.On("2026-10-05")
	before := y.Appraisal("tom.birch")
	list := []string{"Work Email,Forename,Surname,Line Manager", y.Emails["tom.birch"] + ",Tom,Birch," + y.Emails["dev.anand"]}
	plan := imported(t, y.HR.ClientWithResponses, list...)
	require.Equal(t, []string{"2 changed line_manager"}, outcomes(t, y.HR.ClientWithResponses, plan.ID))
	after := y.Appraisal("tom.birch")
	require.Greater(t, after.Version, before.Version)
	w := dirWorld{World: y.World}
	require.Equal(t, 1, w.count(t, "select count(*) from seats where trust_id = $1 and appraisal_id = $2 and person_id = $3 and from_on = '2026-10-05' and until_on is null", y.World.Trust, after.ID, y.Trust.People["dev.anand"]))
	require.Equal(t, 1, w.count(t, "select count(*) from seats where trust_id = $1 and appraisal_id = $2 and person_id = $3 and until_on = '2026-10-05'", y.World.Trust, after.ID, y.Trust.People["ines.okoro"]))
	require.Equal(t, 1, w.count(t, "select count(*) from events where trust_id = $1 and type = 'appraisal.reviewer_changed' and subject_id = $2", y.World.Trust, after.ID))
}
