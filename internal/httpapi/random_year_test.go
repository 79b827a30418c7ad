package httpapi_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// How many random years there are, and how many acts in each: as many as a build has time for. The
// later ones follow a year that is brought to its release, if it had not come there by itself.
const randomYears, randomActs, laterActs = 1, 170, 20

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
	given   int                   // how many of them were there before the walk
	years   map[string]*walkedOne // by person
	said    int                   // texts so far, so that each is told from the others
	drafts  map[string]draft      // what is saved and not done yet, by what it is saved in
	again   map[string]bool       // steps that were not taken as they were saved
	careful bool                  // nothing is left to chance that would stop the year
	head    map[string]any        // of the audit chain, before the walk
	last    map[string]string     // the status last seen, by record and axis
	kept    map[string]string     // what may not change any more
	done    map[string]int        // commands that succeeded, by operation
	refused map[string]int        // and that were refused
	unfit   map[string]int        // bodies that were not taken
	after   tally                 // what happened to years that were released
}

// walkedOne is one of the years that are walked through.
type walkedOne struct {
	whose, appraisal, stage, status string
	round                           int
	released                        map[int]bool // by round
	first                           string       // the day of the first release
	waits                           bool         // the whole outcome waits for examination results
	taken                           string       // the objective last written
}

// tally counts what was done with, refused to, and tried on something frozen of released years.
type tally struct{ done, refused, frozen int }

// draft is a text that only whoever saved it may see as yet.
type draft struct{ who, text string }

// thing is something that can be read and acted on.
type thing struct {
	read apitest.Operation
	path map[string]string
	year *walkedOne
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
		for i := range randomActs {
			w.step(i*3 > randomActs)
		}
		w.toRelease("ada")
		for range laterActs {
			w.step(false)
		}
		w.tryWhatIsFrozen("ada")
		w.end()
		failed = false
	})
}

func newWalker(t *testing.T, rt *rapid.T) *walker {
	var document map[string]any
	require.NoError(t, json.Unmarshal([]byte(walkedYear), &document))
	w := &walker{Process: apitest.NewProcess(t, apitest.ProcessSetup{Document: document, Windows: [][2]string{{"2026-09-07", "2026-10-09"}, {"2026-11-02", "2026-12-18"}}}),
		rt: rt, ops: map[string]apitest.Operation{}, tokens: map[string]string{}, on: schooltime.MustDate("2026-09-01"), years: map[string]*walkedOne{}, drafts: map[string]draft{}, again: map[string]bool{},
		last: map[string]string{}, kept: map[string]string{}, done: map[string]int{}, refused: map[string]int{}, unfit: map[string]int{}}
	setPayTable(w.Process, onePoint("teaching", "progress"))
	for _, o := range apitest.Operations(t) {
		w.ops[o.OperationID] = o
	}
	for _, who := range walkers[:len(walkers)-1] {
		w.tokens[who] = w.As(who).Token()
	}
	w.tokens["stranger"] = apitest.NewWorld(t, "2026-09-01").HR.Token()
	for _, whose := range []string{"ada", "ben"} {
		y := &walkedOne{whose: whose, appraisal: w.Appraisal(whose).ID.String(), round: 1, released: map[int]bool{}}
		w.years[whose] = y
		at := map[string]string{"appraisal_id": y.appraisal}
		w.things = append(w.things, thing{w.ops["GetAppraisal"], at, y})
		for _, list := range listsWithActions {
			w.things = append(w.things, thing{w.ops[list], at, y})
		}
		for _, s := range w.steps(y) {
			w.things = append(w.things, stepThing(w, y, s.Step))
		}
	}
	w.given, w.head = len(w.things), w.fields("GetAuditHead", nil)
	return w
}

func stepThing(w *walker, y *walkedOne, step string) thing {
	return thing{w.ops["GetStep"], map[string]string{"appraisal_id": y.appraisal, "step": step}, y}
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

// oneOf is one of several, each as likely as another.
func oneOf[T any](w *walker, of []T, label string) T { return of[w.even(len(of), label)] }

// step is one thing that happens: mostly an act of anybody, often a look, now and then the days that
// pass. Where it is late in the walk, whoever has an open step goes on with it as often as not.
func (w *walker) step(late bool) {
	y := w.years[oneOf(w, []string{"ada", "ben"}, "whose")]
	switch n := w.even(100, "what"); {
	case n < 6:
		w.pass(1 + w.even(30, "days"))
	case late && n < 50 && y.stage != "released" && y.status != "suspended":
		w.goOn(y)
	default:
		w.anything(y)
	}
	w.glance(oneOf(w, walkers, "who looks"), y)
}

// pass lets days go by.
func (w *walker) pass(days int) {
	w.on = w.on.AddDays(days)
	w.On(w.on.String())
}

// anything is an act of anybody on any thing. Whoever may do nothing of the kind leaves it to another.
func (w *walker) anything(y *walkedOne) {
	x, legal := oneOf(w, w.things, "thing"), w.even(100, "legal") < 65
	switch made := w.things[w.given:]; w.even(4, "among") {
	case 0:
		x = thing{w.ops["GetAppraisal"], map[string]string{"appraisal_id": y.appraisal}, y}
	case 1, 2: // what was made in the walk
		if len(made) > 0 {
			x = oneOf(w, made, "made")
		}
	}
	first := w.even(len(walkers), "who")
	for i := range walkers {
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
		if r, ok := w.choose(x, records, legal); ok {
			w.act(who, x, r)
			return
		}
	}
}

// act does what was chosen, and holds the answer against the button.
func (w *walker) act(who string, x thing, r seen) apitest.Reply {
	op, ok := w.ops[r.action.Operation]
	if !ok {
		w.rt.Fatalf("the button %s of %s names %s, which is no operation", r.action.Action, x, r.action.Operation)
	}
	call := apitest.Call{Operation: op, Path: w.pathOf(op, x, r), Key: uuid.NewString(), Body: w.body(who, op, x, r), IfMatch: version(r)}
	reply := w.send(who, call)
	w.judge(r.action, reply, fmt.Sprintf("%s: %s %s on %s\n%s", who, r.action.Action, op.OperationID, x, call.Body))
	frozen := x.year.stage == "released"
	if reply.Status < 300 {
		w.done[op.OperationID+" "+r.action.Action]++
		w.made(who, op, x, r, call.Body, reply)
		w.holds(x)
	}
	if frozen {
		w.after.count(reply)
	}
	return reply
}

func version(r seen) string {
	if v, ok := r.fields["version"].(float64); ok {
		return fmt.Sprintf(`"%d"`, int(v))
	}
	return ""
}

// choose picks something that may be done, or something that may not.
func (w *walker) choose(x thing, of []seen, legal bool) (seen, bool) {
	of = slices.DeleteFunc(of, func(r seen) bool {
		return r.action.Allowed != legal || slices.Contains(neverWalked, r.action.Operation) || legal && w.leaves(x, r.action)
	})
	if len(of) == 0 {
		return seen{}, false
	}
	return oneOf(w, of, "action"), true
}

// leaves says whether an act is left alone: one of those after which little is left to do, mostly, and
// one that could leave nobody to go on, in the year that is to come to its end.
func (w *walker) leaves(x thing, a api.AllowedAction) bool {
	return x.year.whose == "ada" && slices.Contains(endless, a.Operation) || rare(a) && w.even(100, "rare") > 5
}
