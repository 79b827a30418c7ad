package httpapi_test

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/apitest"
)

// listed is an item of any list, as far as it says whose record it is.
type listed struct {
	ID          string  `json:"id"`
	PersonID    *string `json:"person_id"`
	AppraisalID *string `json:"appraisal_id"`
}

// lists are the operations that page through records, and whose path names none.
func lists(t *testing.T) []apitest.Operation {
	var out []apitest.Operation
	for _, o := range apitest.Operations(t) {
		ok := o.Responses.Value("200")
		if o.Method != "GET" || ok == nil || len(o.Params("path")) > 0 || o.Public() {
			continue
		}
		if s := ok.Value.Content.Get("application/json"); s != nil && s.Schema.Value.Properties["items"] != nil {
			out = append(out, o)
		}
	}
	return out
}

// items reads a list to its end, some items at a time.
func (m *matrix) items(t *testing.T, o apitest.Operation, c caller, q url.Values) []listed {
	t.Helper()
	var all []listed
	for {
		reply, err := apitest.Call{Operation: o, Token: m.tokens[c.key], Query: q}.Send(t.Context())
		require.NoError(t, err)
		require.Equal(t, 200, reply.Status, "%s as %s: %s", o.OperationID, c.key, reply.Body)
		var page struct {
			Items []listed `json:"items"`
			Next  *string  `json:"next_cursor"`
		}
		require.NoError(t, json.Unmarshal(reply.Body, &page))
		all = append(all, page.Items...)
		if page.Next == nil {
			return all
		}
		q.Set("cursor", *page.Next)
	}
}

// What is listed is what can be read, and both are what the access table says of the caller whom
// the database knows: three ways to the same answer, none of which may open more than another.
func TestListsReadsAndTheAccessTableAgree(t *testing.T) {
	t.Parallel()
	m, compared := newMatrix(t), map[string]bool{}
	for _, o := range lists(t) {
		kind := listedKind(o)
		for _, c := range callers {
			if c.roles == nil || !admits(o, c.roles) {
				continue
			}
			q := url.Values{}
			if hasQuery(o, "limit") {
				q.Set("limit", "3")
			}
			found := m.items(t, o, c, q)
			m.within(t, o, c, found)
			if kind != "" {
				compared[kind] = true
				m.agree(t, o, kind, c, found)
			}
		}
	}
	require.Len(t, compared, 7, "people, appraisals, objectives, check-ins, meetings, self-assessments, concerns: %v", compared)
	t.Run("filters", m.filtersFindNothing)
}

func hasQuery(o apitest.Operation, name string) bool {
	for _, p := range o.Params("query") {
		if p.Name == name {
			return true
		}
	}
	return false
}

// listedKind is the path parameter that names the items of a list, such as objective_id, where they
// are somebody's and can be read one by one.
func listedKind(o apitest.Operation) string {
	collection := o.Path[strings.LastIndex(o.Path, "/")+1:]
	kind := strings.ReplaceAll(strings.TrimSuffix(collection, "s"), "-", "_") + "_id"
	if collection == "people" {
		kind = "person_id"
	}
	if slices.Contains(personal, kind) && kind != "session_id" {
		return kind
	}
	return ""
}

// within fails for an item of somebody whom the caller does not reach by the list.
func (m *matrix) within(t *testing.T, o apitest.Operation, c caller, found []listed) {
	t.Helper()
	if bounds := o.Extensions["x-access"].(map[string]any); bounds["any"] == "any" {
		return
	}
	actor := m.actor(t, c)
	for _, item := range found {
		owner := m.ownerOf(o, item)
		if owner == uuid.Nil {
			continue // about no person
		}
		require.True(t, m.Stack.Access.Covers(o.OperationID, actor, m.record(t, actor, owner)), "%s as %s lists a record of %s", o.OperationID, c.key, m.nameOf(owner))
	}
}

// agree holds the list against the single read and the table, for every record of the matrix.
func (m *matrix) agree(t *testing.T, o apitest.Operation, kind string, c caller, found []listed) {
	t.Helper()
	actor, one := m.actor(t, c), m.expect.get(o.Path+"/{"+kind+"}")
	require.NotNil(t, one.Operation, "%s lists what cannot be read", o.OperationID)
	for owner, ids := range m.kept {
		isListed := slices.ContainsFunc(found, func(i listed) bool { return i.ID == ids[kind] })
		reply, err := apitest.Call{Operation: one, Token: m.tokens[c.key], Path: map[string]string{kind: ids[kind]}}.Send(t.Context())
		require.NoError(t, err)
		person := uuid.MustParse(ids["person_id"])
		inList := m.Stack.Access.Covers(o.OperationID, actor, m.record(t, actor, person))
		inRead := m.Stack.Access.Covers(one.OperationID, actor, m.record(t, actor, person))
		require.Equal(t, inList, isListed, "%s as %s: %s of %s", o.OperationID, c.key, kind, owner)
		require.Equal(t, inRead, reply.Status == 200, "%s as %s: %s of %s (%d)", one.OperationID, c.key, kind, owner, reply.Status)
	}
	for kind, id := range m.away.kept[tom] {
		require.False(t, slices.ContainsFunc(found, func(i listed) bool { return i.ID == id }), "%s as %s lists the %s of another trust", o.OperationID, c.key, kind)
	}
}

// filtersFindNothing asks by every filter for a record of another trust.
func (m *matrix) filtersFindNothing(t *testing.T) {
	asked := 0
	for _, o := range lists(t) {
		for _, p := range o.Params("query") {
			theirs, ok := m.away.kept[tom][p.Name]
			if !ok {
				continue
			}
			for _, c := range callers {
				if c.roles != nil && admits(o, c.roles) {
					asked++
					require.Empty(t, m.items(t, o, c, url.Values{p.Name: {theirs}}), "%s as %s by %s of another trust", o.OperationID, c.key, p.Name)
				}
			}
		}
	}
	require.Greater(t, asked, 40)
}

// actor is the caller as the database knows them.
func (m *matrix) actor(t *testing.T, c caller) *access.Actor {
	t.Helper()
	var a *access.Actor
	require.NoError(t, m.Stack.DB.InTx(t.Context(), m.World.Trust, func(ctx context.Context) (err error) {
		a, err = m.Stack.DB.LoadActor(ctx, m.World.Trust, m.somebody(c.key).ID)
		return err
	}))
	return a
}

// record is what a reach is measured against, from the cast: who manages whom, and who works where.
func (m *matrix) record(t *testing.T, a *access.Actor, owner uuid.UUID) access.Record {
	t.Helper()
	name := m.nameOf(owner)
	r := access.Record{PersonID: owner, UnitID: m.Units[worksIn[name]]}
	for _, c := range callers {
		if c.roles != nil && m.somebody(c.key).ID == a.PersonID {
			r.Team = slices.Contains(teams[c.key], name)
		}
	}
	return r
}

func (m *matrix) nameOf(person uuid.UUID) string {
	for key, p := range m.extra {
		if p.ID == person {
			return key
		}
	}
	for key, id := range m.People {
		if id == person {
			return key
		}
	}
	return ""
}

// ownerOf is whose record an item is; nil where it is nobody's.
func (m *matrix) ownerOf(o apitest.Operation, item listed) uuid.UUID {
	switch {
	case o.OperationID == "ListPeople":
		return uuid.MustParse(item.ID)
	case item.PersonID != nil:
		return uuid.MustParse(*item.PersonID)
	case item.AppraisalID != nil:
		for _, ids := range m.kept {
			if ids["appraisal_id"] == *item.AppraisalID {
				return uuid.MustParse(ids["person_id"])
			}
		}
	}
	return uuid.Nil
}
