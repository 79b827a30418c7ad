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
	r, err := w.HR.FillOfficeWithResponse(t.Context(), nil, api.FillOffice{Code: code, UnitID: unit, PersonID: person, FromOn: &from})
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

// dirDropIfMatch sends a request without the version that it needs.
func dirDropIfMatch(_ context.Context, r *http.Request) error {
	r.Header.Del("If-Match")
	return nil
}
