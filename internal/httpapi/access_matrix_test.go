package httpapi_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

var updateGolden = flag.Bool("update", false, "write testdata/access.golden")

// matrix asks every operation as every caller about a record of every relation.
type matrix struct {
	*accessWorld
	expect expectation
	away   *accessWorld // another trust
	tokens map[string]string
	draft  string // a cycle in which a decision on a post changes nothing else
	mu     sync.Mutex
	met    []string // operation, role and relation that were reached
}

// stale is a version that no record has: what is guarded by one is asked, and never done.
const stale = `"2147483647"`

// Every operation lets in whom the contract says and nobody else, and tells those whom it does not
// nothing: not even whether the record is there.
func TestEveryOperationAdmitsWhomTheContractSays(t *testing.T) {
	t.Parallel()
	m := newMatrix(t)
	t.Run("callers", func(t *testing.T) {
		for _, c := range callers {
			t.Run(c.key, func(t *testing.T) {
				t.Parallel()
				for _, o := range apitest.Operations(t) {
					m.ask(t, o, c)
				}
			})
		}
	})
	m.compare(t)
}

// newMatrix makes the records and signs everybody in, with the roles that they are said to have.
func newMatrix(t *testing.T) *matrix {
	t.Helper()
	m := &matrix{accessWorld: newAccessWorld(t, owners()...), away: newAccessWorld(t, tom), expect: newExpectation(t), tokens: map[string]string{}}
	for _, c := range callers {
		if c.roles != nil {
			p := m.somebody(c.key)
			m.tokens[c.key] = p.Token()
			me, err := p.GetMeWithResponse(t.Context())
			apitest.OK(t, me, err)
			roles := []string{}
			for _, r := range me.JSON200.Roles {
				roles = append(roles, string(r))
			}
			require.ElementsMatch(t, c.roles, roles, c.key)
		}
	}
	status := api.ListCyclesParamsStatus("draft")
	drafts, err := m.World.HR.ListCyclesWithResponse(t.Context(), &api.ListCyclesParams{Status: &status})
	apitest.OK(t, drafts, err)
	m.draft = drafts.JSON200.Items[0].ID.String()
	return m
}

// ask holds each answer to what is expected of it.
func (m *matrix) ask(t *testing.T, o apitest.Operation, c caller) {
	t.Helper()
	nobodys := map[string]string{}
	for kind := range m.kept[tom] {
		nobodys[kind] = uuid.NewString()
	}
	unknown := m.send(t, o, c, nobodys)
	for _, owner := range slices.Sorted(maps.Keys(c.targets)) {
		m.hold(t, o, c, c.targets[owner], m.kept[owner], unknown)
	}
	if subject(o) != "" {
		m.hold(t, o, c, foreign, m.away.kept[tom], unknown)
	}
}

func (m *matrix) hold(t *testing.T, o apitest.Operation, c caller, r relation, ids map[string]string, unknown apitest.Reply) {
	t.Helper()
	reply := m.send(t, o, c, ids)
	got, want := judge(reply), m.expect.of(o, c, r)
	policy := want == barred && got == reached && reply.Status == 403 // never them, and the trust's policy says so first
	if got != want && !policy {
		t.Errorf("%s as %s on %s: %s, not %s (%d %.300s)", o.OperationID, c.key, r.name, got, want, reply.Status, reply.Body)
	}
	if got == absent {
		require.Equal(t, bare(unknown), bare(reply), "%s as %s on %s: the answer for what is not there differs", o.OperationID, c.key, r.name)
	}
	if got == reached && want == reached && len(c.roles) < 2 {
		m.note(o, c, r)
	}
}

// note keeps what was reached by somebody with one role, for the table that people read.
func (m *matrix) note(o apitest.Operation, c caller, r relation) {
	m.mu.Lock()
	defer m.mu.Unlock()
	role := "any"
	switch {
	case o.Public():
		role = "nobody"
	case len(c.roles) == 1:
		role = c.roles[0]
	}
	name := r.name
	if kind := subject(o); !slices.Contains(personal, kind) && !slices.Contains(ofTheUnit, o.OperationID) {
		name = "admitted" // to what is nobody's
	}
	line := fmt.Sprintf("%-26s %-9s %s", o.OperationID, role, name)
	if !slices.Contains(m.met, line) {
		m.met = append(m.met, line)
	}
}

// judge reads how far a request came from its answer.
func judge(r apitest.Reply) distance {
	code := r.Problem().Code
	switch {
	case r.Status == 401:
		return noToken
	case r.Status == 403 && code == "role_not_admitted":
		return door
	case r.Status == 403 && (code == "out_of_reach" || code == "own_account"):
		return barred
	case r.Status == 404, r.Status == 422 && strings.HasPrefix(code, "unknown_"): // the latter of what a body names
		return absent
	case r.Status < 200 || r.Status >= 500 || slices.Contains([]string{"malformed_request", "invalid_request", "unsupported_media_type"}, code):
		return distance(fmt.Sprintf("a request that proves nothing (%s)", code))
	}
	return reached
}

// bare is an answer without what differs between any two requests.
func bare(r apitest.Reply) string {
	h := r.Header.Clone()
	h.Del("Date")
	h.Del("X-Request-Id")
	body := string(r.Body)
	if id := r.Problem().RequestID; id != "" {
		body = strings.ReplaceAll(body, id, "")
	}
	return fmt.Sprint(r.Status, h, body)
}

// send makes the smallest request that the contract allows, about the records with the ids.
func (m *matrix) send(t *testing.T, o apitest.Operation, c caller, ids map[string]string) apitest.Reply {
	t.Helper()
	call := apitest.Call{Operation: o, Token: m.tokens[c.key], Path: map[string]string{}, IfMatch: stale}
	for _, p := range o.Params("path") {
		call.Path[p.Name] = m.pathValue(t, p, ids)
		if slices.Contains(ofPosts, o.OperationID) {
			call.Path[p.Name] = m.draft
		}
	}
	if _, s := o.Body(); s != nil {
		call.Body = m.body(t, o, s, ids)
	}
	if ct, s := o.Body(); ct == "multipart/form-data" {
		call.Type, call.Body = apitest.Form(apitest.Minimal(t, s, m.filling(o, ids)).(map[string]any))
	}
	for _, p := range o.Params("query") {
		if p.Required {
			call.Query = map[string][]string{p.Name: {fmt.Sprint(p.Example)}}
		}
	}
	reply, err := call.Send(t.Context())
	require.NoError(t, err)
	return reply
}

func (m *matrix) pathValue(t *testing.T, p *openapi3.Parameter, ids map[string]string) string {
	t.Helper()
	switch {
	case p.Name == "external_id":
		return "mis:" + uuid.NewString()
	case p.Schema.Value.Format != "uuid":
		return fmt.Sprint(p.Example)
	}
	require.Contains(t, ids, p.Name, "the matrix has no record of this kind: add it to apitest.Records")
	return ids[p.Name]
}

// body is the least that the operation takes. Ids are those given; what else it must name is
// somebody of the trust, so that nothing but the record in question decides.
func (m *matrix) body(t *testing.T, o apitest.Operation, s *openapi3.Schema, ids map[string]string) []byte {
	t.Helper()
	if ct, _ := o.Body(); ct == "text/csv" {
		return []byte(apitest.StaffFile)
	}
	content := apitest.Minimal(t, s, m.filling(o, ids)).(map[string]any)
	if o.OperationID == "CreatePriority" || o.OperationID == "CreateFramework" {
		content["unit_id"], content["code"] = ids["unit_id"], uuid.NewString()[:8]
	}
	if o.OperationID == "ReassignPeople" {
		content["items"].([]any)[0].(map[string]any)["from_on"] = "2027-08-01" // when the matrix is over
	}
	raw, err := json.Marshal(content)
	require.NoError(t, err)
	if ct, _ := o.Body(); strings.HasSuffix(ct, "form-urlencoded") {
		return []byte("grant_type=password&token=x")
	}
	return raw
}

// filling gives the ids that a body must name.
func (m *matrix) filling(o apitest.Operation, ids map[string]string) func(string, *openapi3.Schema) (any, bool) {
	return func(name string, p *openapi3.Schema) (any, bool) {
		switch {
		case name == "manager_id", name == "holder_id", name == "reviewer_id":
			return m.kept[hrWithYear]["person_id"], true
		case name == "parent_id":
			return m.Root.String(), true
		case name == "subject_id":
			return ids["objective_id"], true
		case name == "reader_id":
			return ids["person_id"], true // nobody is let in to their own record
		case name == subject(o), p.Format == "uuid" && m.kept[tom][name] != "" && subject(o) != "" && len(o.Params("path")) == 0:
			return ids[name], true
		case p.Format == "uuid" && m.kept[tom][name] != "":
			return m.kept[tom][name], true
		case p.Format == "date":
			return "2026-10-30", true
		case name == "code" && o.OperationID == "FillOffice":
			return "slt", true // an office that gives no role
		}
		return nil, false
	}
}

// compare holds what was reached against what a reviewer has read: testdata/access.golden.
func (m *matrix) compare(t *testing.T) {
	t.Helper()
	var b strings.Builder
	b.WriteString("# Whose records each operation reaches, by role, as answered over HTTP. Write it anew with -update.\n")
	slices.Sort(m.met)
	for _, line := range m.met {
		b.WriteString(line + "\n")
	}
	if *updateGolden {
		require.NoError(t, os.WriteFile("testdata/access.golden", []byte(b.String()), 0o644))
	}
	want, err := os.ReadFile("testdata/access.golden")
	require.NoError(t, err)
	require.Equal(t, string(want), b.String(), "who reaches what has changed: read the difference, then run with -update")
}
