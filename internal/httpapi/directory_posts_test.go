package httpapi_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
	"github.com/perennial-api/perennial/pkg/client"
)

func (w dirWorld) patchPost(t *testing.T, id uuid.UUID, version int, body string) (*client.UpdatePostResponse, error) {
	t.Helper()
	return w.HR.UpdatePostWithBodyWithResponse(t.Context(), id, &api.UpdatePostParams{IfMatch: dirETag(version)}, "application/merge-patch+json", strings.NewReader(body))
}

func TestPostPatchClearsWhatIsNullAndLeavesWhatIsAbsent(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	id := w.teacher(t, "Ada Marsh", w.North).Posts[0].ID
	r, err := w.patchPost(t, id, 1, `{"fte":"0.625","qts":true,"role_code":"teacher","department":" Science ","contract":"fixed_term","contract_ends_on":"2027-08-31",
		"induction_starts_on":"2026-09-01","pay_range":"main","pay_point":"M4","at_top_of_range":false,"unit_id":"`+w.South.ID.String()+`"}`)
	require.NoError(t, err)
	require.NotNil(t, r.JSON200, string(r.Body))
	p := *r.JSON200
	require.Equal(t, "0.625", p.Fte)
	require.Equal(t, "Science", p.Department.MustGet())
	require.Equal(t, w.South.ID, p.UnitID)
	require.Equal(t, "2027-08-31", p.ContractEndsOn.MustGet().String())
	require.Equal(t, 2, p.Version)
	r, err = w.patchPost(t, id, 2, `{"qts":null,"department":null,"contract":"permanent","contract_ends_on":null,"induction_starts_on":null,"fte":"1"}`)
	require.NoError(t, err)
	require.NotNil(t, r.JSON200, string(r.Body))
	p = *r.JSON200
	require.True(t, p.Qts.IsNull())
	require.True(t, p.Department.IsNull())
	require.True(t, p.ContractEndsOn.IsNull())
	require.True(t, p.InductionStartsOn.IsNull())
	require.Equal(t, "1", p.Fte)
	require.Equal(t, "teacher", p.RoleCode.MustGet(), "absent is left")
	require.False(t, p.AtTopOfRange.MustGet())
	g, err := w.HR.GetPostWithResponse(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, p, *g.JSON200)
	require.Zero(t, w.count(t, "select count(*) from events where trust_id = $1 and (body like '%Science%' or body like '%M4%')", w.Trust))
}

func TestPostPatchIsRefusedWithThePlaceOfEachFault(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	id := w.teacher(t, "Ada Marsh", w.North).Posts[0].ID
	for body, at := range map[string]string{
		`{"fte":"1.2"}`: "/fte", `{"fte":"half"}`: "/fte", `{"fte":"0.1234"}`: "/fte", `{"job_title":" "}`: "/job_title",
		`{"contract_ends_on":"2027-08-31"}`:                                     "/contract_ends_on",
		`{"contract":"fixed_term","contract_ends_on":"2026-08-31"}`:             "/contract_ends_on",
		`{"induction_ends_on":"2027-08-31"}`:                                    "/induction_starts_on",
		`{"unit_id":"0198f2c4-7a10-759e-84aa-5d01ba2b0703"}`:                    "/unit_id",
		`{"staff_type":"Not a code"}`:                                           "/staff_type",
		`{"induction_starts_on":"2027-09-01","induction_ends_on":"2026-09-01"}`: "/induction_ends_on",
	} {
		r, err := w.patchPost(t, id, 1, body)
		var p *client.ProblemError
		require.NoError(t, err)
		require.ErrorAs(t, client.Check(r), &p, body)
		require.Equal(t, 422, r.StatusCode(), body)
		require.Equal(t, []string{at}, dirPointers(p.Problem), body)
	}
	r, err := w.patchPost(t, id, 7, `{"fte":"0.5"}`)
	require.Equal(t, 1, dirRefused(t, r, err, 412, "stale_version").CurrentVersion.MustGet())
	r, err = w.patchPost(t, uuid.New(), 1, `{"fte":"0.5"}`)
	dirRefused(t, r, err, 404, "not_found")
}

func TestEndedPostEndsItsLineManagement(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	ada, bo := w.teacher(t, "Ada Marsh", w.North), w.teacher(t, "Bo Lindqvist", w.North)
	post := w.manage(t, ada.Posts[0], bo.ID)
	end := func(version int, on string) (*client.EndPostResponse, error) {
		return w.HR.EndPostWithResponse(t.Context(), post.ID, &api.EndPostParams{IfMatch: dirETag(version)}, api.EndFrom{On: dirDate(on)})
	}
	r, err := end(2, "2026-08-31")
	require.Equal(t, []string{"/on"}, dirPointers(dirRefused(t, r, err, 422, "before_start")))
	r, err = end(2, "2026-12-31")
	require.NoError(t, err)
	require.Equal(t, "2026-12-31", r.JSON200.UntilOn.MustGet().String())
	require.Equal(t, []string{"Bo Lindqvist 2026-09-01 2026-12-31"}, w.managers(t, post.ID))
	require.Len(t, w.person(t, ada.ID).Posts, 1, "still held today")
	r, err = end(3, "2027-08-31")
	require.NoError(t, err)
	require.NotNil(t, r.JSON200, string(r.Body))
	require.Equal(t, []string{"Bo Lindqvist 2026-09-01 2027-08-31"}, w.managers(t, post.ID), "to the post's end, wherever it is moved")
	r, err = end(4, "2026-10-05")
	require.NoError(t, err)
	require.NotNil(t, r.JSON200, string(r.Body))
	require.Empty(t, w.person(t, ada.ID).Posts)
	r, err = end(5, "2026-10-06")
	dirRefused(t, r, err, 409, "already_ended")
	l, err := w.HR.ListPostsWithResponse(t.Context(), ada.ID)
	require.NoError(t, err)
	require.Len(t, l.JSON200.Items, 1, "past ones too")
}

func TestOnlyHRWritesPostsAndTheirHoldersReadThem(t *testing.T) {
	t.Parallel()
	w := newReachWorld(t)
	tom := w.people["Tom North"]
	for _, caller := range []string{"Head North", "Tom North"} {
		c := w.callers[caller]
		r, err := c.CreatePostWithResponse(t.Context(), tom.ID, nil, *dirPost(w.North, "Head of art"))
		dirRefused(t, r, err, 403, "role_not_admitted")
		e, err := c.EndPostWithResponse(t.Context(), tom.Posts[0].ID, &api.EndPostParams{IfMatch: `"1"`}, api.EndFrom{On: dirDate("2026-10-05")})
		dirRefused(t, e, err, 403, "role_not_admitted")
		g, err := c.GetPostWithResponse(t.Context(), tom.Posts[0].ID)
		require.NoError(t, err)
		require.Equal(t, tom.Posts[0], *g.JSON200)
	}
	r, err := w.HR.CreatePostWithResponse(t.Context(), w.HR.ID, nil, *dirPost(w.North, "HR director"))
	dirRefused(t, r, err, 403, "out_of_reach")
	r, err = w.HR.CreatePostWithResponse(t.Context(), uuid.New(), nil, *dirPost(w.North, "Teacher"))
	dirRefused(t, r, err, 404, "not_found")
}

func TestPostFactsAreThoseOfTheDay(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	ada, bo := w.teacher(t, "Ada Marsh", w.North), w.teacher(t, "Bo Lindqvist", w.North)
	w.manage(t, bo.Posts[0], ada.ID)
	w.fill(t, "head", w.North.ID, ada.ID)
	r, err := w.patchPost(t, ada.Posts[0].ID, 1, `{"fte":"0.6","qts":true,"contract":"fixed_term","contract_ends_on":"2027-08-31","induction_starts_on":"2026-09-01",
		"induction_ends_on":"2028-09-01","probation_ends_on":"2027-03-01","at_top_of_range":false}`)
	require.NoError(t, err)
	require.NotNil(t, r.JSON200, string(r.Body))
	facts := func(on string) map[uuid.UUID]policy.FactSet {
		var out map[uuid.UUID]policy.FactSet
		require.NoError(t, w.Stack.DB.InTx(t.Context(), w.Trust, func(ctx context.Context) (err error) {
			out, err = w.Stack.DB.PostFacts(ctx, []uuid.UUID{ada.Posts[0].ID, bo.Posts[0].ID, uuid.New()}, schooltime.MustDate(on))
			return err
		}))
		require.Len(t, out, 2)
		return out
	}
	day := schooltime.MustDate
	first := facts("2026-10-05")
	require.Equal(t, policy.FactSet{"staff_type": "teaching", "job_title": "Teacher of science", "unit_kind": "school", "tags": []string{}, "offices": []string{"head"}, "qts": true, "contract": "fixed_term",
		"contract_ends_on": day("2027-08-31"), "contract_months": 12, "induction_starts_on": day("2026-09-01"), "induction_ends_on": day("2028-09-01"), "first_induction_year_ends_on": day("2027-09-01"),
		"in_induction": true, "induction_year": 1, "probation_ends_on": day("2027-03-01"), "on_probation": true, "is_head": true, "manages_people": true,
		"fte": 0.6, "started_on": day("2026-09-01"), "at_top_of_range": false}, first[ada.Posts[0].ID])
	for _, unknown := range []string{"qts", "role_code", "contract_months", "induction_year", "at_top_of_range"} {
		require.NotContains(t, first[bo.Posts[0].ID], unknown)
	}
	require.Equal(t, false, first[bo.Posts[0].ID]["in_induction"])
	for on, want := range map[string][]any{"2027-08-31": {true, 1, false}, "2027-09-01": {true, 2, false}, "2028-08-31": {true, 2, false}, "2028-09-01": {false, nil, false}, "2027-02-28": {true, 1, true}} {
		got := facts(on)[ada.Posts[0].ID]
		require.Equal(t, want, []any{got["in_induction"], got["induction_year"], got["on_probation"]}, on)
	}
	require.Equal(t, false, facts("2026-08-31")[ada.Posts[0].ID]["is_head"], "not yet")
	require.Equal(t, false, facts("2026-08-31")[ada.Posts[0].ID]["manages_people"], "not yet")
	known := map[string]bool{}
	for _, f := range policy.Facts() {
		known[f.Name] = true
	}
	for name := range first[ada.Posts[0].ID] {
		require.True(t, known[name], "%s is no fact of the policy", name)
	}
}
