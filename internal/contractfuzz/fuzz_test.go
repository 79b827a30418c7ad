package contractfuzz

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
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
	{"anonymous", 8, func(o apitest.Operation) bool { return !o.Public() }},
	{"forbidden", 12, func(o apitest.Operation) bool { return bounds(o) != nil && bounds(o)["any"] == nil }},
	{"broken", 60, func(apitest.Operation) bool { return true }},
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
						t.Run(ops[i].OperationID+"/"+kind.name, func(t *testing.T) { w.check(t, ops[i], kind.name, worth(ops[i], draws*kind.share/100)) })
					}
				}
			}
		})
	}
}

// worth is how many draws there are in an operation: one where nothing can be drawn, and fewer of
// reads, which take less than writes do.
func worth(o apitest.Operation, n int) int {
	_, body := o.Body()
	switch {
	case body == nil && len(o.Params("path"))+len(o.Params("query")) == 0:
		return 1
	case body == nil && o.Method == "GET":
		return max(1, n/2)
	}
	return max(1, n)
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
		if faults := judge(o, kind, broken, reply); len(faults) > 0 {
			failed = true
			rt.Fatalf("%s %s (%s)\n%.600q\n%d %.600s\n  %s%s", o.Method, reply.Request.URL, broken, call.Body, reply.Status, reply.Body, strings.Join(faults, "\n  "), logged(reply))
		}
	})
}

// logged is what the product logged as an error about the request.
func logged(r apitest.Reply) string {
	var out string
	for line := range strings.Lines(apitest.Logs()) {
		if id := r.Problem().RequestID; id != "" && strings.Contains(line, id) && strings.Contains(line, `"ERROR"`) {
			out += "\n  " + line
		}
	}
	return out
}

// rank puts reads first and what ends things last, so that there is something left to ask about.
func rank(o apitest.Operation) int {
	switch {
	case o.Method == "GET":
		return 0
	case slices.ContainsFunc([]string{"Deactivate", "End", "Exclude", "Change", "FillOffice"}, func(p string) bool { return strings.HasPrefix(o.OperationID, p) }):
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
	if i < 0 {
		return reply, false
	}
	was := d.w.people[i].admitted(c.Operation)
	if !d.w.people[i].renew() || d.w.people[i].admitted(c.Operation) != was {
		return reply, false // they have left, or have become somebody else than was drawn
	}
	c.Token = d.w.people[i].token
	reply, err = c.Send(d.Context())
	return reply, err == nil
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
