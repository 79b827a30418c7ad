package httpapi_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/apitest"
)

// named are the places in a body that name a record, such as items/[]/post_id.
func named(at []string, s *openapi3.Schema) [][]string {
	var out [][]string
	switch {
	case s.Format == "uuid":
		return [][]string{at}
	case s.Type.Is("array"):
		return named(append(slices.Clone(at), "[]"), s.Items.Value)
	}
	for name, p := range s.Properties {
		out = append(out, named(append(slices.Clone(at), name), p.Value)...)
	}
	return out
}

// put sets the value at a place of a body, and makes what must stand around it.
func put(doc any, s *openapi3.Schema, at []string, value any, small func(*openapi3.Schema) any) any {
	if len(at) == 0 {
		return value
	}
	if at[0] == "[]" {
		list, _ := doc.([]any)
		if len(list) == 0 {
			list = []any{small(s.Items.Value)}
		}
		list[0] = put(list[0], s.Items.Value, at[1:], value, small)
		return list
	}
	object, ok := doc.(map[string]any)
	if !ok {
		object, _ = small(s).(map[string]any)
	}
	object[at[0]] = put(object[at[0]], s.Properties[at[0]].Value, at[1:], value, small)
	return object
}

// A body may name no record of another trust, wherever in it the name stands: what it names is not there.
func TestNoBodyNamesARecordOfAnotherTrust(t *testing.T) {
	t.Parallel()
	m := newMatrix(t)
	var refused, asked []string
	for _, o := range apitest.Operations(t) {
		ct, s := o.Body()
		if !strings.Contains(ct, "json") {
			continue
		}
		for _, at := range named(nil, s) {
			c, owner, ok := m.admitted(o)
			require.True(t, ok, "%s is reached by nobody", o.OperationID)
			reply := m.misname(t, o, s, at, c, m.kept[owner])
			place := o.OperationID + "/" + strings.Join(at, "/")
			asked = append(asked, place)
			require.True(t, reply.Status >= 400 && reply.Status < 500, "%s as %s: %d %s", place, c.key, reply.Status, reply.Body)
			if reply.Status == 404 || reply.Status == 422 {
				refused = append(refused, place)
			}
		}
	}
	require.Greater(t, len(refused), len(asked)/2, "most are refused for what they name: %v of %v", refused, asked)
}

// admitted finds somebody, with one of the relations, who may do the operation.
func (m *matrix) admitted(o apitest.Operation) (caller, string, bool) {
	for _, c := range slices.Backward(callers) {
		for owner, r := range c.targets {
			if c.roles != nil && m.expect.of(o, c, r) == reached {
				return c, owner, true
			}
		}
	}
	return caller{}, "", false
}

// misname sends the smallest body with one id of the other trust in it, under the record's version.
func (m *matrix) misname(t *testing.T, o apitest.Operation, s *openapi3.Schema, at []string, c caller, ids map[string]string) apitest.Reply {
	t.Helper()
	small := func(s *openapi3.Schema) any {
		if !s.Type.Is("object") {
			return nil
		}
		return apitest.Minimal(t, s, m.filling(o, ids))
	}
	theirs := m.away.kept[tom][referred(o, at)]
	require.NotEmpty(t, theirs, "the other trust has no record for %v", at)
	raw, err := json.Marshal(put(small(s), s, at, theirs, small))
	require.NoError(t, err)
	call := apitest.Call{Operation: o, Token: m.tokens[c.key], Path: map[string]string{}, IfMatch: stale, Body: raw}
	for _, p := range o.Params("path") {
		call.Path[p.Name] = m.pathValue(t, p, ids)
	}
	reply, err := call.Send(t.Context())
	require.NoError(t, err)
	if reply.Status == 412 {
		call.IfMatch = fmt.Sprintf("%q", fmt.Sprint(reply.Problem().CurrentVersion.MustGet()))
		reply, err = call.Send(t.Context())
		require.NoError(t, err)
	}
	return reply
}

// referred is the kind of record that a property names.
func referred(o apitest.Operation, at []string) string {
	name := at[len(at)-1]
	if name == "[]" {
		name = strings.TrimSuffix(at[len(at)-2], "s")
	}
	switch {
	case name == "parent_id" && strings.HasSuffix(o.OperationID, "Priority"):
		return "priority_id"
	case name == "parent_id":
		return "unit_id"
	case name == "subject_id":
		return "objective_id"
	case strings.HasSuffix(name, "manager_id"), name == "holder_id", name == "reviewer_id", name == "panel_id", name == "reader_id":
		return "person_id"
	}
	return name
}
