package httpapi_test

import (
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
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

// year is a trust with what the tests of policies and cycles need: a school with a department and
// a head, and rows written as the operator would, where no operation of these tags writes them.
type year struct {
	*apitest.World
	t      *testing.T
	sql    *pgx.Conn
	School uuid.UUID
	Maths  uuid.UUID // a department of the school
}

func newYear(t *testing.T, day string) *year {
	t.Helper()
	w := apitest.NewWorld(t, day)
	c, err := pgx.Connect(t.Context(), w.Stack.AdminURL)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close(t.Context()) })
	y := &year{World: w, t: t, sql: c, School: uuid.New(), Maths: uuid.New()}
	y.unit(y.School, w.Root, "school", "Northfield School")
	y.unit(y.Maths, y.School, "department", "Mathematics")
	return y
}

func (y *year) exec(statement string, args ...any) {
	y.t.Helper()
	_, err := y.sql.Exec(y.t.Context(), statement, args...)
	require.NoError(y.t, err)
}

func (y *year) count(query string, args ...any) (n int) {
	y.t.Helper()
	require.NoError(y.t, y.sql.QueryRow(y.t.Context(), query, args...).Scan(&n))
	return n
}

func (y *year) unit(id, parent uuid.UUID, kind, name string) {
	y.t.Helper()
	y.exec("insert into units (trust_id, id, parent_id, kind, name, decides) values ($1, $2, $3, $4, $5, $6)", y.Trust, id, parent, kind, name, kind != "department")
}

// held is a post as a test describes it; the zero one is a teacher's at the school for good.
type held struct {
	unit                                  uuid.UUID
	staff, from, until, contract          string
	inductionFrom, inductionTo, probation string
	manager                               uuid.UUID
}

// staff adds a person with a post and returns both ids.
func (y *year) staff(given, family string, p held) (person, post uuid.UUID) {
	y.t.Helper()
	person, post = uuid.New(), uuid.New()
	y.exec("insert into people (trust_id, id, given_name, family_name, email) values ($1, $2, $3, $4, $5)", y.Trust, person, given, family, given+"@"+y.Slug+".example")
	y.post(post, person, p)
	return person, post
}

func (y *year) post(post, person uuid.UUID, p held) {
	y.t.Helper()
	if p.unit == uuid.Nil {
		p.unit = y.School
	}
	if p.staff == "" {
		p.staff = "teaching"
	}
	if p.from == "" {
		p.from = "2020-09-01"
	}
	contract := "permanent"
	if p.contract != "" {
		contract = "fixed_term"
	}
	y.exec(`insert into posts (trust_id, id, person_id, unit_id, job_title, staff_type, from_on, until_on, contract, contract_ends_on, induction_starts_on, induction_ends_on, probation_ends_on)
		values ($1, $2, $3, $4, 'Colleague', $5, $6, nullif($7, '')::date, $8, nullif($9, '')::date, nullif($10, '')::date, nullif($11, '')::date, nullif($12, '')::date)`,
		y.Trust, post, person, p.unit, p.staff, schooltime.MustDate(p.from).Time(), p.until, contract, p.contract, p.inductionFrom, p.inductionTo, p.probation)
	if p.manager != uuid.Nil {
		y.exec("insert into line_managers (trust_id, id, post_id, manager_id, from_on) values ($1, $2, $3, $4, '2020-09-01')", y.Trust, uuid.New(), post, p.manager)
	}
}

func (y *year) office(code string, unit, person uuid.UUID) {
	y.t.Helper()
	y.exec("insert into offices (trust_id, id, code, unit_id, person_id, from_on) values ($1, $2, $3, $4, $5, '2020-09-01')", y.Trust, uuid.New(), code, unit, person)
}

// as signs a person in.
func (y *year) as(person uuid.UUID) *client.ClientWithResponses {
	y.t.Helper()
	var email string
	require.NoError(y.t, y.sql.QueryRow(y.t.Context(), "select email from people where trust_id = $1 and id = $2", y.Trust, person).Scan(&email))
	y.exec("insert into credentials select trust_id, $2, password_hash, updated_at from credentials where trust_id = $1 and person_id = $3 on conflict do nothing", y.Trust, person, y.HR.ID)
	return y.Client(client.Password(y.Slug, email, "correct horse battery"))
}

// document reads a policy document as a test writes it.
func document(t *testing.T, text string) map[string]any {
	t.Helper()
	d := map[string]any{}
	require.NoError(t, json.Unmarshal([]byte(text), &d))
	return d
}

// rules is a document of the trust's layer alone.
func rules(t *testing.T, profile, layer string) map[string]any {
	t.Helper()
	return document(t, `{"schema":1,"profile":"`+profile+`","rules":`+layer+`}`)
}

func (y *year) policy(profile string) api.Policy {
	y.t.Helper()
	r, err := y.HR.CreatePolicyWithResponse(y.t.Context(), nil, api.CreatePolicy{Name: "Brightwater", Profile: &profile})
	require.NoError(y.t, err)
	require.NotNil(y.t, r.JSON201, string(r.Body))
	if profile != "tsat" {
		return *r.JSON201
	}
	doc := deepCopy(y.t, r.JSON201.Draft) // with any number of windows, which is not what these tests are about
	doc["rules"].(map[string]any)["check_ins"].(map[string]any)["windows"] = "none"
	return y.draft(*r.JSON201, doc)
}

func (y *year) draft(p api.Policy, doc map[string]any) api.Policy {
	y.t.Helper()
	r, err := y.HR.UpdatePolicyWithResponse(y.t.Context(), p.ID, &api.UpdatePolicyParams{IfMatch: etag(y.getPolicy(p.ID).Version)}, api.UpdatePolicy{Document: doc})
	require.NoError(y.t, err)
	require.NotNil(y.t, r.JSON200, string(r.Body))
	return *r.JSON200
}

func (y *year) getPolicy(id uuid.UUID) api.Policy {
	y.t.Helper()
	r, err := y.HR.GetPolicyWithResponse(y.t.Context(), id)
	require.NoError(y.t, err)
	require.NotNil(y.t, r.JSON200, string(r.Body))
	return *r.JSON200
}

func (y *year) publish(p api.Policy) api.PolicyVersion {
	y.t.Helper()
	r, err := y.HR.PublishPolicyWithResponse(y.t.Context(), p.ID, &api.PublishPolicyParams{IfMatch: etag(y.getPolicy(p.ID).Version)})
	require.NoError(y.t, err)
	require.NotNil(y.t, r.JSON201, string(r.Body))
	return *r.JSON201
}

func (y *year) cycle(version uuid.UUID, starts string) api.Cycle {
	y.t.Helper()
	r, err := y.HR.CreateCycleWithResponse(y.t.Context(), nil, api.CreateCycle{Name: "The year of " + starts, StartsOn: day(starts), PolicyVersionID: version})
	require.NoError(y.t, err)
	require.NotNil(y.t, r.JSON201, string(r.Body))
	return *r.JSON201
}

func (y *year) getCycle(id uuid.UUID) api.Cycle {
	y.t.Helper()
	r, err := y.HR.GetCycleWithResponse(y.t.Context(), id)
	require.NoError(y.t, err)
	require.NotNil(y.t, r.JSON200, string(r.Body))
	return *r.JSON200
}

func (y *year) open(c api.Cycle) api.Cycle {
	y.t.Helper()
	r, err := y.HR.OpenCycleWithResponse(y.t.Context(), c.ID, &api.OpenCycleParams{IfMatch: etag(y.getCycle(c.ID).Version)})
	require.NoError(y.t, err)
	require.NotNil(y.t, r.JSON200, string(r.Body))
	return *r.JSON200
}

// openYear is a cycle from 1 September 2026 on the built-in profile, open.
func (y *year) openYear(profile string) api.Cycle {
	y.t.Helper()
	return y.open(y.cycle(y.publish(y.policy(profile)).ID, "2026-09-01"))
}

func etag(version int) string { return strconv.Quote(strconv.Itoa(version)) }

func day(s string) openapi_types.Date { return openapi_types.Date{Time: schooltime.MustDate(s).Time()} }

func key(k string) *string { return &k }

// refusedWith requires an answer to be a problem with the status and code, and returns it.
func refusedWith(t *testing.T, r client.Answer, err error, status int, code string) api.Problem {
	t.Helper()
	require.NoError(t, err)
	var p *client.ProblemError
	require.True(t, errors.As(client.Check(r), &p), "%d %s", r.StatusCode(), r.GetBody())
	require.Equal(t, status, r.StatusCode(), string(r.GetBody()))
	require.Equal(t, code, p.Code, string(r.GetBody()))
	return p.Problem
}

// sameAbsence requires two answers to be the same 404 but for the request's id.
func sameAbsence(t *testing.T, a, b client.Answer) {
	t.Helper()
	plain := func(r client.Answer) string {
		require.Equal(t, 404, r.StatusCode(), string(r.GetBody()))
		body := map[string]any{}
		require.NoError(t, json.Unmarshal(r.GetBody(), &body))
		delete(body, "request_id")
		raw, err := json.Marshal(body)
		require.NoError(t, err)
		return string(raw)
	}
	require.Equal(t, plain(a), plain(b))
}

func violationsAt(p api.Problem) []string {
	var at []string
	for _, v := range p.Errors {
		at = append(at, v.Pointer+" "+v.Code)
	}
	return at
}

func refusalCodes(p api.Problem) []string {
	var codes []string
	for _, r := range p.Refusals {
		codes = append(codes, r.Code)
	}
	return codes
}

// first drops the error of a call whose answer tells what the test asks.
func first[T client.Answer](r T, _ error) client.Answer { return r }

func deepCopy(t *testing.T, v map[string]any) map[string]any {
	t.Helper()
	raw, err := json.Marshal(v)
	require.NoError(t, err)
	return document(t, string(raw))
}

func jsonBody(text string) io.Reader { return strings.NewReader(text) }
