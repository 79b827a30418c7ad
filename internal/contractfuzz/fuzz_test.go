package contractfuzz

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/perennial-api/perennial/internal/apitest"
)

// The kinds of requests, and how many of a hundred draws are spent on each.
var kinds = []struct {
	name  string
	share int
	of    func(o apitest.Operation) bool
}{
	{"anonymous", 12, func(o apitest.Operation) bool { return !o.Public() }},
	{"forbidden", 20, func(o apitest.Operation) bool { return bounds(o) != nil && bounds(o)["any"] == nil }},
	{"broken", 100, func(apitest.Operation) bool { return true }},
	{"cursor", 20, func(o apitest.Operation) bool { return has(o, "query", "cursor") }},
	{"allowed", 100, func(apitest.Operation) bool { return true }},
}

// TestWhateverIsSentIsAnsweredAsTheContractSays is the fuzz. What it leaves of the trust at its end
// is nobody's concern: reads come first, and what ends things last.
func TestWhateverIsSentIsAnsweredAsTheContractSays(t *testing.T) {
	ops := apitest.Operations(t)
	slices.SortStableFunc(ops, func(a, b apitest.Operation) int { return rank(a) - rank(b) })
	const worlds = 2 // side by side, for each is one caller after the other
	for part := range worlds {
		t.Run(strconv.Itoa(part), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			for i := part; i < len(ops); i += worlds {
				for _, kind := range kinds {
					if kind.of(ops[i]) {
						t.Run(ops[i].OperationID+"/"+kind.name, func(t *testing.T) { w.check(t, ops[i], kind.name, max(1, draws*kind.share/100)) })
					}
				}
			}
		})
	}
}

// check draws requests and judges each answer. The number of draws is one setting of rapid for the
// whole process: of those beyond the kind's share nothing is made, but while a failure is narrowed down.
func (w *world) check(t *testing.T, o apitest.Operation, kind string, n int) {
	drawn, failed := 0, false
	rapid.Check(t, func(rt *rapid.T) {
		if drawn++; drawn > n && !failed {
			return
		}
		d := drawer{rt, w}
		call, broken := d.call(o, kind)
		if kind == "cursor" && !d.forge(&call) {
			return
		}
		reply, ok := d.send(call)
		if ok && reply.Status == 412 && kind == "allowed" { // what the version guards is to be tried too
			call.IfMatch = fmt.Sprintf(`"%d"`, reply.Problem().CurrentVersion.MustGet())
			reply, ok = d.send(call)
		}
		if !ok {
			return
		}
		stat.Lock(); stat.m[o.OperationID+" "+kind+" "+strconv.Itoa(reply.Status)]++; stat.Unlock() // DEBUG
		if faults := judge(o, kind, broken, reply); len(faults) > 0 {
			failed = true
			rt.Fatalf("%s %s (%s)\n%.600q\n%d %.600s\n  %s", o.Method, reply.Request.URL, broken, call.Body, reply.Status, reply.Body, strings.Join(faults, "\n  "))
		}
	})
}

// rank puts reads first and what ends things last, so that there is something left to ask about.
func rank(o apitest.Operation) int {
	switch {
	case o.Method == "GET":
		return 0
	case slices.ContainsFunc([]string{"Deactivate", "End", "Change", "FillOffice"}, func(p string) bool { return strings.HasPrefix(o.OperationID, p) }):
		return 3
	case slices.ContainsFunc([]string{"Close", "Delete", "Discard", "Cancel", "SetDemo"}, func(p string) bool { return strings.HasPrefix(o.OperationID, p) }):
		return 2
	}
	return 1
}

// send sends the call, once more with a fresh token where the fuzz itself has ended the session. It
// says whether there is an answer to judge.
func (d drawer) send(c apitest.Call) (apitest.Reply, bool) {
	reply, err := c.Send(d.Context())
	if err != nil {
		return reply, false // Go's own client refuses to send it
	}
	if c.Token == "" || reply.Problem().Code != "token_ended" && reply.Problem().Code != "token_roles_stale" {
		return reply, true
	}
	i := slices.IndexFunc(d.w.people, func(s *somebody) bool { return s.token == c.Token })
	if i < 0 || !d.w.people[i].renew() {
		return reply, false // they have left
	}
	c.Token = d.w.people[i].token
	reply, err = c.Send(d.Context())
	return reply, err == nil
}

// call draws a request of the kind, and says what is broken in it.
func (d drawer) call(o apitest.Operation, kind string) (apitest.Call, string) {
	c := apitest.Call{Operation: o, Path: map[string]string{}, Query: url.Values{}, IfMatch: pick(d, []string{`"1"`, `"2"`, `"2147483647"`}, "If-Match")}
	if kind != "anonymous" && !o.Public() {
		c.Token = d.caller(o, kind).bearer()
	}
	for _, p := range o.Params("path") {
		c.Path[p.Name] = fmt.Sprint(d.value(p.Schema.Value, p.Name, p.Example))
	}
	for _, p := range o.Params("query") {
		if p.Name != "cursor" && (p.Required || d.chance(30, p.Name+"?")) {
			c.Query.Set(p.Name, fmt.Sprint(d.value(p.Schema.Value, p.Name, p.Example)))
		}
	}
	if has(o, "header", "Idempotency-Key") && d.chance(20, "keyed") {
		c.Key = rapid.SampledFrom([]string{"k1", "k2", "\u00e9", strings.Repeat("k", 100)}).Draw(d.T, "key")
	}
	return c, d.body(&c, kind)
}

// body adds a body, whole or broken. Where there is none to break, a parameter is.
func (d drawer) body(c *apitest.Call, kind string) string {
	ct, s := c.Operation.Body()
	switch {
	case s == nil && kind == "broken":
		return d.misread(c)
	case s == nil:
		return ""
	case ct == "text/csv":
		return d.csv(c, kind)
	}
	v := d.value(s, "body", nil).(map[string]any)
	c.Body = encode(ct, v)
	if kind != "broken" {
		return ""
	}
	how := rapid.IntRange(0, 9).Draw(d.T, "how")
	switch {
	case how == 0:
		c.Type = rapid.SampledFrom([]string{"text/plain", "application/xml", "json", "application/json; charset=\x7f"}).Draw(d.T, "type")
		return "content type"
	case how < 3 && strings.Contains(ct, "json"):
		c.Body = d.bytesOf(c.Body)
		return "bytes"
	}
	broken := d.spoil(ct, s, v)
	c.Body = encode(ct, v)
	return broken
}

// csv draws a staff list. Broken is one that is no text/csv.
func (d drawer) csv(c *apitest.Call, kind string) string {
	var b strings.Builder
	cell := rapid.SampledFrom([]string{"external_id", "given_name", "family_name", "email", "mis:1", "Nia", "=1+1", `"`, `"a""b"`, "\xff", "", ";", "2026-13-01", strings.Repeat("x", 5000)})
	for range rapid.IntRange(0, 5).Draw(d.T, "rows") {
		b.WriteString(strings.Join(rapid.SliceOfN(cell, 0, 5).Draw(d.T, "row"), ",") + "\n")
	}
	c.Body = []byte(b.String())
	if kind != "broken" {
		return ""
	}
	c.Type = "application/json"
	return "content type"
}

// forge changes what a real cursor holds, which no caller is to do and any caller can. It says
// whether there was one.
func (d drawer) forge(c *apitest.Call) bool {
	c.Query.Set("limit", "1")
	reply, err := c.Send(d.Context())
	var page struct {
		Next *string `json:"next_cursor"`
	}
	if err != nil || json.Unmarshal(reply.Body, &page) != nil || page.Next == nil {
		return false // there is one page
	}
	raw, err := base64.RawURLEncoding.DecodeString(*page.Next)
	var token map[string]any
	if err != nil || json.Unmarshal(raw, &token) != nil {
		d.Fatalf("a cursor is no longer what is forged here: %s", raw)
	}
	after := token["a"].([]any)
	odd := rapid.SampledFrom([]string{"", "x", "-1", "1e9", "null", "'", "9999-99-99", "\u0000", "00000000-0000-0000-0000-000000000000", "99999999999999999999"})
	if d.chance(30, "short") {
		after = after[:rapid.IntRange(0, len(after)-1).Draw(d.T, "length")]
	} else {
		after[rapid.IntRange(0, len(after)-1).Draw(d.T, "place")] = odd.Draw(d.T, "after")
	}
	token["a"] = after
	raw, _ = json.Marshal(token)
	c.Query.Set("cursor", base64.RawURLEncoding.EncodeToString(raw))
	return true
}

func (d drawer) caller(o apitest.Operation, kind string) *somebody {
	var can []*somebody
	for _, p := range d.w.people {
		if p.admitted(o) != (kind == "forbidden") {
			can = append(can, p)
		}
	}
	require.NotEmpty(d.T, can, "nobody is to send %s as %s", o.OperationID, kind)
	return pick(d, can, "caller")
}

func (s *somebody) admitted(o apitest.Operation) bool {
	b := bounds(o)
	return b["any"] != nil || slices.ContainsFunc(s.roles, func(r string) bool { return b[r] != nil })
}

func bounds(o apitest.Operation) map[string]any {
	b, _ := o.Extensions["x-access"].(map[string]any)
	return b
}

func has(o apitest.Operation, in, name string) bool {
	for _, p := range o.Params(in) {
		if p.Name == name {
			return true
		}
	}
	return false
}

func form(v map[string]any) []byte {
	q := url.Values{}
	for name, each := range v {
		if each != nil {
			q.Set(name, fmt.Sprint(each))
		}
	}
	return []byte(q.Encode())
}

var stat = struct { sync.Mutex; m map[string]int }{m: map[string]int{}} // DEBUG
func TestZ(t *testing.T) { b, _ := json.MarshalIndent(stat.m, "", " "); os.WriteFile("/tmp/stat.json", b, 0o644) } // DEBUG
