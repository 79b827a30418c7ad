package httpapi_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// How many random years there are, and how many acts in each: as many as a build has time for.
const randomYears, randomActs = 1, 200

// walkers are who acts: the reviewee, their reviewer, head, HR, somebody of the same team, those
// above, and HR of another trust.
var walkers = []string{"ada", "ben", "cho", "dov", "eve", "fay", "hr", "stranger"}

// walker takes random acts, legal and illegal, of random people through a year.
type walker struct {
	*apitest.Process
	rt      *rapid.T
	ops     map[string]apitest.Operation
	tokens  map[string]string
	on      schooltime.Date
	things  []thing
	years   map[string]string // the appraisal of each walked year, by person
	last    map[string]string // the status last seen, by record and axis
	settled map[string]string // what was released, by appraisal
	taken   map[string]string // the objective last written, by appraisal
	done    map[string]int    // commands that succeeded, by operation
	refused map[string]int    // and that were refused
	unfit   map[string]int    // bodies that were not taken
}

// thing is something that can be read and acted on.
type thing struct {
	read apitest.Operation
	path map[string]string
}

func (x thing) String() string { return x.read.OperationID + fmt.Sprint(x.path) }

// seen is one thing that may be done with a record as somebody read it.
type seen struct {
	fields map[string]any
	action api.AllowedAction
}

// TestNothingThatAnybodyDoesBreaksTheYear: whatever random people try, each record moves by its
// lifecycle, a command does what its button says, nobody acts on themselves for another party,
// nothing is seen outside reach or before its time, what is released stays, and the audit chain holds.
func TestNothingThatAnybodyDoesBreaksTheYear(t *testing.T) {
	t.Parallel()
	years, failed := 0, false
	rapid.Check(t, func(rt *rapid.T) {
		if years++; years > randomYears && !failed {
			return // rapid has one number of checks for the whole process
		}
		failed = true
		w := newWalker(t, rt)
		for range randomActs {
			w.step()
		}
		w.end()
		failed = false
	})
}

func newWalker(t *testing.T, rt *rapid.T) *walker {
	var document map[string]any
	require.NoError(t, json.Unmarshal([]byte(walkedYear), &document))
	w := &walker{Process: apitest.NewProcess(t, apitest.ProcessSetup{Document: document}), rt: rt, ops: map[string]apitest.Operation{}, tokens: map[string]string{}, on: schooltime.MustDate("2026-09-01"),
		years: map[string]string{}, last: map[string]string{}, settled: map[string]string{}, taken: map[string]string{}, done: map[string]int{}, refused: map[string]int{}, unfit: map[string]int{}}
	for _, o := range apitest.Operations(t) {
		w.ops[o.OperationID] = o
	}
	for _, who := range walkers[:len(walkers)-1] {
		w.tokens[who] = w.As(who).Token()
	}
	w.tokens["stranger"] = apitest.NewWorld(t, "2026-09-01").HR.Token()
	for _, whose := range []string{"ada", "ben"} {
		a := w.Appraisal(whose)
		w.years[whose] = a.ID.String()
		at := map[string]string{"appraisal_id": a.ID.String()}
		w.things = append(w.things, thing{w.ops["GetAppraisal"], at})
		for _, list := range listsWithActions {
			w.things = append(w.things, thing{w.ops[list], at})
		}
		steps, err := w.World.HR.ListStepsWithResponse(t.Context(), a.ID)
		apitest.OK(t, steps, err)
		for _, s := range steps.JSON200.Items {
			w.things = append(w.things, thing{w.ops["GetStep"], map[string]string{"appraisal_id": a.ID.String(), "step": s.Step}})
		}
	}
	return w
}

// even is a number below n, each as likely as another; rapid alone prefers small ones.
func (w *walker) even(n int, label string) int {
	v := 0
	for i, bit := range rapid.SliceOfN(rapid.Bool(), 12, 12).Draw(w.rt, label) {
		if bit {
			v += 1 << i
		}
	}
	return v * n / 4096
}

// step is one thing that happens: mostly an act, now and then the days that pass.
func (w *walker) step() {
	if w.even(100, "what") < 5 {
		w.on = w.on.AddDays(1 + w.even(30, "days"))
		w.On(w.on.String())
		return
	}
	x, legal := w.things[w.even(len(w.things), "thing")], w.even(100, "legal") < 70
	if w.even(2, "a step") == 0 { // for there is little else that leads through a year
		x = w.openStep(x)
	}
	first := w.even(len(walkers), "who")
	for i := range walkers { // whoever may do nothing of the kind leaves it to another
		who := walkers[(first+i)%len(walkers)]
		records, status := w.look(who, x)
		if status != http.StatusOK {
			w.blind(who, x, status)
			if !legal {
				return
			}
			continue
		}
		if who == "stranger" {
			w.rt.Fatalf("somebody of another trust reads %s", x)
		}
		if r, ok := w.choose(records, legal); ok {
			w.act(who, x, r)
			return
		}
	}
}

// openStep is one of the open steps of a walked year; otherwise where there is none.
func (w *walker) openStep(otherwise thing) thing {
	at := map[string]string{"appraisal_id": w.years[[]string{"ada", "ben"}[w.even(2, "whose")]]}
	var open []thing
	for _, s := range anys(w.fields("ListSteps", at)["items"]) {
		if s := s.(map[string]any); s["state"] == appraisal.StepOpen {
			open = append(open, thing{w.ops["GetStep"], map[string]string{"appraisal_id": at["appraisal_id"], "step": s["step"].(string)}})
		}
	}
	if len(open) == 0 {
		return otherwise
	}
	return open[w.even(len(open), "open")]
}

// act does what was chosen, and holds the answer against the button.
func (w *walker) act(who string, x thing, r seen) {
	op, ok := w.ops[r.action.Operation]
	if !ok {
		w.rt.Fatalf("the button %s of %s names %s, which is no operation", r.action.Action, x, r.action.Operation)
	}
	call := apitest.Call{Operation: op, Token: w.tokens[who], Path: w.pathOf(op, x, r), Key: uuid.NewString(), Body: w.body(op, x, r), IfMatch: version(r)}
	reply := w.send(call)
	w.judge(r.action, reply, fmt.Sprintf("%s: %s %s on %s\n%s", who, r.action.Action, op.OperationID, x, call.Body))
	if reply.Status < 300 {
		w.done[op.OperationID+" "+r.action.Action]++
		w.made(op, x, reply)
		w.holds(x)
	}
}

func version(r seen) string {
	if v, ok := r.fields["version"].(float64); ok {
		return fmt.Sprintf(`"%d"`, int(v))
	}
	return ""
}

// look reads a thing as somebody: everything that may be done with it, and with what it lists.
func (w *walker) look(who string, x thing) ([]seen, int) {
	reply := w.send(apitest.Call{Operation: x.read, Token: w.tokens[who], Path: x.path})
	if reply.Status != http.StatusOK {
		return nil, reply.Status
	}
	var body map[string]any
	require.NoError(w.T, json.Unmarshal(reply.Body, &body))
	return w.within(body, body), reply.Status
}

// within collects the buttons of a record and of the records in it. A step stands beside its form.
func (w *walker) within(record, form map[string]any) (out []seen) {
	for _, a := range anys(record["allowed_actions"]) {
		b, err := json.Marshal(a)
		require.NoError(w.T, err)
		var action api.AllowedAction
		require.NoError(w.T, json.Unmarshal(b, &action))
		fields := maps.Clone(record)
		fields["form"], fields["inputs"] = form["form"], form["inputs"]
		out = append(out, seen{fields, action})
	}
	if step, ok := record["step"].(map[string]any); ok {
		out = append(out, w.within(step, record)...)
	}
	for _, list := range []string{"items", "options"} {
		for _, item := range anys(record[list]) {
			if r, ok := item.(map[string]any); ok {
				out = append(out, w.within(r, r)...)
			}
		}
	}
	return out
}

func anys(v any) []any { list, _ := v.([]any); return list }

// send makes the call, as whom it says with a fresh token where their roles have changed meanwhile.
func (w *walker) send(c apitest.Call) apitest.Reply {
	reply, err := c.Send(w.T.Context())
	require.NoError(w.T, err)
	if code := reply.Problem().Code; code == "token_roles_stale" || code == "token_expired" {
		for who, token := range w.tokens {
			if token == c.Token && who != "stranger" {
				w.tokens[who] = w.As(who).Token()
				c.Token = w.tokens[who]
			}
		}
		reply, err = c.Send(w.T.Context())
		require.NoError(w.T, err)
	}
	if reply.Status >= 500 {
		w.rt.Fatalf("%s %s: %d %s", c.OperationID, c.Body, reply.Status, reply.Body)
	}
	if err := c.Operation.Fits(reply.Request, reply.Status, reply.Header, reply.Body); err != nil {
		w.rt.Fatalf("%s answers otherwise than the contract says: %v", c.OperationID, err)
	}
	return reply
}

// choose picks something that may be done, or something that may not.
func (w *walker) choose(of []seen, legal bool) (seen, bool) {
	of = slices.DeleteFunc(of, func(r seen) bool {
		return r.action.Allowed != legal || slices.Contains(neverWalked, r.action.Operation) || legal && rare(r.action) && w.even(100, "rare") > 5
	})
	if len(of) == 0 {
		return seen{}, false
	}
	return of[w.even(len(of), "action")], true
}

// judge holds the answer against the button: what may be done is done, or its body is not taken;
// what may not be done is refused with the very reasons that were shown.
func (w *walker) judge(a api.AllowedAction, r apitest.Reply, what string) {
	switch p := r.Problem(); {
	case r.Status == http.StatusUnprocessableEntity:
		w.unfit[a.Operation+" "+p.Code]++
	case a.Allowed && r.Status >= 300:
		w.rt.Fatalf("%s\nmay be done and is refused: %d %s", what, r.Status, r.Body)
	case a.Allowed:
	case r.Status < 300:
		w.rt.Fatalf("%s\nmay not be done and is done", what)
	case len(p.Refusals) == 0:
		if !slices.Contains([]string{"role_not_admitted", "out_of_reach"}, p.Code) {
			w.rt.Fatalf("%s\nis refused otherwise than shown: %d %s", what, r.Status, r.Body)
		}
	default:
		w.refused[a.Operation]++
		var shown, told []string
		for _, v := range a.Refusals {
			shown = append(shown, v.Code)
		}
		for _, v := range p.Refusals {
			told = append(told, v.Code)
		}
		if !slices.Equal(shown, told) {
			w.rt.Fatalf("%s\nshows %v and tells %v", what, shown, told)
		}
	}
}

// blind tries a command on what somebody cannot read: it must be as if it were not there.
func (w *walker) blind(who string, x thing, status int) {
	if status != http.StatusNotFound && status != http.StatusForbidden {
		w.rt.Fatalf("%s reads %s: %d", who, x, status)
	}
	var at []apitest.Operation
	for _, id := range sortedKeys(w.ops) {
		if o := w.ops[id]; o.Method != http.MethodGet && !slices.Contains(neverWalked, id) && strings.HasPrefix(o.Path, x.read.Path) && (who != "stranger" || !strings.Contains(o.Path, "{step}")) {
			at = append(at, o)
		}
	}
	if len(at) == 0 {
		return
	}
	op := at[w.even(len(at), "operation")]
	r := w.send(apitest.Call{Operation: op, Token: w.tokens[who], Path: w.pathOf(op, x, seen{}), Key: uuid.NewString(), Body: w.body(op, x, seen{}), IfMatch: `"1"`})
	if r.Status != http.StatusNotFound && r.Status != http.StatusForbidden && r.Status != http.StatusUnprocessableEntity && r.Status != http.StatusBadRequest {
		w.rt.Fatalf("%s cannot read %s, and %s answers %d %s", who, x, op.OperationID, r.Status, r.Body)
	}
}
