package httpapi_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	openapi_types "github.com/oapi-codegen/runtime/types"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/internal/schooltime"
	"github.com/perennial-api/perennial/pkg/client"
)

// dirWorld is a trust with two schools, whose directory a test fills.
type dirWorld struct {
	*apitest.World
	North, South api.Unit
}

func newDirWorld(t *testing.T) dirWorld {
	t.Helper()
	w := dirWorld{World: apitest.NewWorld(t, "2026-10-05")}
	w.North = w.unit(t, "school", "Northfield School", w.Root)
	w.South = w.unit(t, "school", "Southfield School", w.Root)
	return w
}

func (w dirWorld) unit(t *testing.T, kind, name string, parent uuid.UUID) api.Unit {
	t.Helper()
	r, err := w.HR.CreateUnitWithResponse(t.Context(), nil, api.CreateUnit{ParentID: parent, Kind: api.CreateUnitKind(kind), Name: name})
	require.NoError(t, err)
	require.NotNil(t, r.JSON201, string(r.Body))
	return *r.JSON201
}

// teacher adds somebody with a post in the unit since the first of September.
func (w dirWorld) teacher(t *testing.T, name string, unit api.Unit) api.Person {
	t.Helper()
	given, family, _ := strings.Cut(name, " ")
	email := strings.ToLower(given) + "@" + w.Slug + ".example"
	r, err := w.HR.CreatePersonWithResponse(t.Context(), nil, api.CreatePerson{GivenName: given, FamilyName: family, Email: &email, Post: dirPost(unit, "Teacher of science")})
	require.NoError(t, err)
	require.NotNil(t, r.JSON201, string(r.Body))
	return *r.JSON201
}

// signIn returns a client of somebody who was added by the API.
func (w dirWorld) signIn(t *testing.T, p api.Person) *client.ClientWithResponses {
	t.Helper()
	w.exec(t, "insert into credentials select trust_id, $2, password_hash, updated_at from credentials where trust_id = $1 and person_id = $3", w.Trust, p.ID, w.HR.ID)
	return w.Client(client.Password(w.Slug, p.Email.MustGet(), "correct horse battery"))
}

func (w dirWorld) exec(t *testing.T, statement string, args ...any) {
	t.Helper()
	c, err := pgx.Connect(t.Context(), w.Stack.AdminURL)
	require.NoError(t, err)
	defer func() { _ = c.Close(t.Context()) }()
	_, err = c.Exec(t.Context(), statement, args...)
	require.NoError(t, err)
}

// count runs a query for a number as the owner of the database.
func (w dirWorld) count(t *testing.T, query string, args ...any) (n int) {
	t.Helper()
	c, err := pgx.Connect(t.Context(), w.Stack.AdminURL)
	require.NoError(t, err)
	defer func() { _ = c.Close(t.Context()) }()
	require.NoError(t, c.QueryRow(t.Context(), query, args...).Scan(&n))
	return n
}

// fill gives an office to somebody since the first of September.
func (w dirWorld) fill(t *testing.T, code string, unit uuid.UUID, person uuid.UUID) api.Office {
	t.Helper()
	from := dirDate("2026-09-01")
	r, err := w.HR.FillOfficeWithResponse(t.Context(), nil, api.FillOffice{Code: api.FillOfficeCode(code), UnitID: unit, PersonID: person, FromOn: &from})
	require.NoError(t, err)
	require.NotNil(t, r.JSON201, string(r.Body))
	return *r.JSON201
}

// manage makes somebody line manager of a post since the first of September.
func (w dirWorld) manage(t *testing.T, post api.Post, manager uuid.UUID) api.Post {
	t.Helper()
	from := dirDate("2026-09-01")
	r, err := w.HR.SetLineManagerWithResponse(t.Context(), post.ID, &api.SetLineManagerParams{IfMatch: dirETag(post.Version)}, api.SetLineManager{ManagerID: manager, FromOn: &from})
	require.NoError(t, err)
	require.NotNil(t, r.JSON200, string(r.Body))
	return *r.JSON200
}

func (w dirWorld) person(t *testing.T, id uuid.UUID) api.Person {
	t.Helper()
	r, err := w.HR.GetPersonWithResponse(t.Context(), id)
	require.NoError(t, err)
	require.NotNil(t, r.JSON200, string(r.Body))
	return *r.JSON200
}

func dirPost(unit api.Unit, title string) *api.CreatePost {
	return &api.CreatePost{UnitID: unit.ID, JobTitle: title, StaffType: "teaching", FromOn: dirDate("2026-09-01")}
}

func dirDate(s string) openapi_types.Date {
	return openapi_types.Date{Time: schooltime.MustDate(s).Time()}
}

func dirETag(version int) string { return fmt.Sprintf(`"%d"`, version) }

// dirRefused requires that the answer is a problem with the status and the code, and returns it.
func dirRefused(t *testing.T, r client.Answer, err error, status int, code string) api.Problem {
	t.Helper()
	require.NoError(t, err)
	var p *client.ProblemError
	require.ErrorAs(t, client.Check(r), &p)
	require.Equal(t, status, r.StatusCode(), "%+v", p.Problem)
	require.Equal(t, code, p.Problem.Code, "%+v", p.Problem)
	return p.Problem
}

// dirPointers are the places that a problem complains of.
func dirPointers(p api.Problem) []string {
	out := []string{}
	for _, e := range p.Errors {
		out = append(out, e.Pointer)
	}
	return out
}

// dirSameGone requires that two answers are 404 and equal but for the request's id.
func dirSameGone(t *testing.T, a, b client.Answer) {
	t.Helper()
	x, y := dirRefused(t, a, nil, http.StatusNotFound, "not_found"), dirRefused(t, b, nil, http.StatusNotFound, "not_found")
	x.RequestID, y.RequestID = "", ""
	require.Equal(t, x, y)
}

// dirTogether runs the calls at the same moment and returns their statuses.
func dirTogether(t *testing.T, calls ...func() (client.Answer, error)) []int {
	t.Helper()
	var wg sync.WaitGroup
	statuses, errs, start := make([]int, len(calls)), make([]error, len(calls)), make(chan struct{})
	for i, call := range calls {
		wg.Go(func() {
			<-start
			r, err := call()
			if errs[i] = err; err == nil {
				statuses[i] = r.StatusCode()
			}
		})
	}
	close(start)
	wg.Wait()
	require.NoError(t, errors.Join(errs...))
	return statuses
}

func TestUnitsDecideByTheirKind(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	for kind, decides := range map[string]bool{"school": true, "central": true, "department": false} {
		r, err := w.HR.CreateUnitWithResponse(t.Context(), nil, api.CreateUnit{ParentID: w.Root, Kind: api.CreateUnitKind(kind), Name: "  A " + kind + " "})
		require.NoError(t, err)
		require.NotNil(t, r.JSON201, string(r.Body))
		require.Equal(t, "A "+kind, r.JSON201.Name)
		require.Equal(t, decides, r.JSON201.Decides, kind)
		require.Equal(t, "/v1/units/"+r.JSON201.ID.String(), r.HTTPResponse.Header.Get("Location"))
		require.Equal(t, `"1"`, r.HTTPResponse.Header.Get("ETag"))
		g, err := w.HR.GetUnitWithResponse(t.Context(), r.JSON201.ID)
		require.NoError(t, err)
		require.Equal(t, r.JSON201, g.JSON200)
	}
}

func TestUnitNamesAndCodesAreUniqueInATrust(t *testing.T) {
	t.Parallel()
	w, urn, blank := newDirWorld(t), "100001", " "
	r, err := w.HR.CreateUnitWithResponse(t.Context(), nil, api.CreateUnit{ParentID: w.Root, Kind: "school", Name: "NORTHFIELD school"})
	dirRefused(t, r, err, 409, "unit_name_taken")
	r, err = w.HR.CreateUnitWithResponse(t.Context(), nil, api.CreateUnit{ParentID: w.Root, Kind: "school", Name: "Eastfield School", Code: &urn})
	require.NoError(t, err)
	require.NotNil(t, r.JSON201, string(r.Body))
	r, err = w.HR.CreateUnitWithResponse(t.Context(), nil, api.CreateUnit{ParentID: w.Root, Kind: "school", Name: "Westfield School", Code: &urn})
	dirRefused(t, r, err, 409, "unit_code_taken")
	r, err = w.HR.CreateUnitWithResponse(t.Context(), nil, api.CreateUnit{ParentID: w.Root, Kind: "school", Name: blank})
	require.Equal(t, []string{"/name"}, dirPointers(dirRefused(t, r, err, 422, "blank")))
	r, err = w.HR.CreateUnitWithResponse(t.Context(), nil, api.CreateUnit{ParentID: uuid.New(), Kind: "school", Name: "Westfield School"})
	require.Equal(t, []string{"/parent_id"}, dirPointers(dirRefused(t, r, err, 422, "unknown_unit")))
	r, err = w.HR.CreateUnitWithResponse(t.Context(), nil, api.CreateUnit{ParentID: w.Root, Kind: "trust", Name: "Another root"})
	require.Equal(t, []string{"/kind"}, dirPointers(dirRefused(t, r, err, 422, "invalid_request")))
	other := newDirWorld(t)
	r, err = w.HR.CreateUnitWithResponse(t.Context(), nil, api.CreateUnit{ParentID: other.Root, Kind: "school", Name: "Westfield School"})
	dirRefused(t, r, err, 422, "unknown_unit")
}

func TestUnitPatchClearsWhatIsNullAndLeavesWhatIsAbsent(t *testing.T) {
	t.Parallel()
	w, urn := newDirWorld(t), "100001"
	c, err := w.HR.CreateUnitWithResponse(t.Context(), nil, api.CreateUnit{ParentID: w.Root, Kind: "school", Name: "Eastfield School", Code: &urn})
	require.NoError(t, err)
	patch := func(version, body string) (*client.UpdateUnitResponse, error) {
		return w.HR.UpdateUnitWithBodyWithResponse(t.Context(), c.JSON201.ID, &api.UpdateUnitParams{IfMatch: version}, "application/merge-patch+json", strings.NewReader(body))
	}
	r, err := patch(`"1"`, `{"name":"Eastfield Academy"}`)
	require.NoError(t, err)
	require.NotNil(t, r.JSON200, string(r.Body))
	require.Equal(t, "100001", r.JSON200.Code.MustGet())
	require.Equal(t, `"2"`, r.HTTPResponse.Header.Get("ETag"))
	r, err = patch(`"2"`, `{"code":null}`)
	require.NoError(t, err)
	require.True(t, r.JSON200.Code.IsNull())
	require.Equal(t, "Eastfield Academy", r.JSON200.Name)
	r, err = patch(`"2"`, `{"name":"Late"}`)
	require.Equal(t, 3, dirRefused(t, r, err, 412, "stale_version").CurrentVersion.MustGet())
	r, err = patch(`"3"`, `{"kind":"department"}`)
	dirRefused(t, r, err, 422, "invalid_request")
	r, err = w.HR.UpdateUnitWithResponse(t.Context(), c.JSON201.ID, &api.UpdateUnitParams{IfMatch: `"3"`}, api.UpdateUnit{Name: &urn}, dirDropIfMatch)
	dirRefused(t, r, err, 428, "version_required")
}

func TestUnitsMakeNoCycle(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	science := w.unit(t, "department", "Science", w.North.ID)
	physics := w.unit(t, "department", "Physics", science.ID)
	move := func(u api.Unit, parent uuid.UUID) (client.Answer, error) {
		return w.HR.UpdateUnitWithResponse(t.Context(), u.ID, &api.UpdateUnitParams{IfMatch: dirETag(u.Version)}, api.UpdateUnit{ParentID: &parent})
	}
	for _, below := range []uuid.UUID{w.North.ID, science.ID, physics.ID} {
		r, err := move(w.North, below)
		require.Equal(t, []string{"/parent_id"}, dirPointers(dirRefused(t, r, err, 422, "unit_cycle")))
	}
	r, err := move(api.Unit{ID: w.Root, Version: 1}, w.North.ID)
	dirRefused(t, r, err, 422, "root_unit")
	r, err = move(w.North, uuid.New())
	dirRefused(t, r, err, 422, "unknown_unit")
	r, err = move(science, w.South.ID)
	require.NoError(t, err)
	require.Equal(t, 200, r.StatusCode())
}

func TestTwoUnitsCannotBeMovedBelowEachOtherAtOnce(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	move := func(u api.Unit, parent uuid.UUID) func() (client.Answer, error) {
		return func() (client.Answer, error) {
			return w.HR.UpdateUnitWithResponse(t.Context(), u.ID, &api.UpdateUnitParams{IfMatch: dirETag(u.Version)}, api.UpdateUnit{ParentID: &parent})
		}
	}
	require.ElementsMatch(t, []int{200, 422}, dirTogether(t, move(w.North, w.South.ID), move(w.South, w.North.ID)))
}

func TestOnlyHRWritesUnitsAndEverybodyReadsThem(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	ada := w.teacher(t, "Ada Marsh", w.North)
	w.fill(t, "head", w.North.ID, ada.ID)
	head := w.signIn(t, ada)
	r, err := head.CreateUnitWithResponse(t.Context(), nil, api.CreateUnit{ParentID: w.North.ID, Kind: "department", Name: "Science"})
	require.NoError(t, err)
	require.Equal(t, 403, r.StatusCode(), string(r.Body))
	g, err := head.GetUnitWithResponse(t.Context(), w.North.ID)
	require.NoError(t, err)
	require.Equal(t, ada.ID, g.JSON200.HeadID.MustGet())
	other := newDirWorld(t)
	foreign, err := head.GetUnitWithResponse(t.Context(), other.North.ID)
	require.NoError(t, err)
	nothing, err := head.GetUnitWithResponse(t.Context(), uuid.New())
	require.NoError(t, err)
	dirSameGone(t, foreign, nothing)
}

func TestUnitPagesShowEachUnitOnce(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	w.unit(t, "department", "art", w.North.ID)
	w.unit(t, "department", "Zoology", w.North.ID)
	limit, names := 2, []string{}
	q := &api.ListUnitsParams{Limit: &limit}
	for {
		r, err := w.HR.ListUnitsWithResponse(t.Context(), q)
		require.NoError(t, err)
		require.NotNil(t, r.JSON200, string(r.Body))
		for _, u := range r.JSON200.Items {
			names = append(names, u.Name)
		}
		if r.JSON200.NextCursor.IsNull() {
			break
		}
		next := r.JSON200.NextCursor.MustGet()
		q.Cursor = &next
	}
	require.Equal(t, []string{"art", "Brightwater Trust", "Northfield School", "Southfield School", "Zoology"}, names)
	kind := api.ListUnitsParamsKind("department")
	r, err := w.HR.ListUnitsWithResponse(t.Context(), &api.ListUnitsParams{Limit: &limit, Kind: &kind, Cursor: q.Cursor})
	dirRefused(t, r, err, 400, "bad_cursor")
}

// dirDropIfMatch sends a request without the version that it needs.
func dirDropIfMatch(_ context.Context, r *http.Request) error {
	r.Header.Del("If-Match")
	return nil
}
