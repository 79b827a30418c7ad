package httpapi_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/yearend"
)

// goOn is the next thing that whoever has an open step of the year does to end it: they save it, judge
// what it wants judged, and complete it.
func (w *walker) goOn(y *walkedOne) {
	open := slices.DeleteFunc(w.steps(y), func(s listedStep) bool {
		return s.State != appraisal.StepOpen || w.careful && !s.Required || len(w.named(s.PersonIDs)) == 0
	})
	if len(open) == 0 {
		w.pass(10)
		return
	}
	s := oneOf(w, open, "open")
	who, x := oneOf(w, w.named(s.PersonIDs), "holder"), stepThing(w, y, s.Step)
	records, _ := w.look(who, x)
	save, complete := button(records, "save"), button(records, "complete")
	_, drafted := w.drafts[x.String()]
	switch {
	case save != nil && save.action.Allowed && (w.again[x.String()] || save.fields["form"] != nil && !drafted):
		w.act(who, x, *save)
	case complete != nil && complete.action.Allowed:
		if r := w.act(who, x, *complete); r.Status >= 300 {
			w.again[x.String()] = true
		}
	case !w.judges(who, y):
		w.again[x.String()] = true
	}
}

// judges has somebody judge an objective that waits for it, if there is one.
func (w *walker) judges(who string, y *walkedOne) bool {
	x := thing{w.ops["ListObjectiveOutcomes"], map[string]string{"appraisal_id": y.appraisal}, y}
	records, _ := w.look(who, x)
	mine := map[bool]string{true: "reviewee", false: "reviewer"}[who == y.whose]
	for _, r := range records {
		if r.action.Operation == "JudgeObjective" && r.action.Allowed && r.fields[mine] == nil {
			w.act(who, x, r)
			return true
		}
	}
	return false
}

// named are the people of the walk with the ids.
func (w *walker) named(ids []string) (out []string) {
	for _, who := range walkers[:len(walkers)-1] {
		if slices.Contains(ids, w.As(who).ID.String()) {
			out = append(out, who)
		}
	}
	return out
}

func button(of []seen, action string) *seen {
	i := slices.IndexFunc(of, func(r seen) bool { return r.action.Action == action })
	if i < 0 {
		return nil
	}
	return &of[i]
}

// toRelease brings a year to its release, if it has not come there by itself.
func (w *walker) toRelease(whose string) {
	y := w.years[whose]
	w.careful = true
	for range 100 {
		if y.stage == string(appraisal.Released) {
			break
		}
		w.goOn(y)
	}
	w.careful = false
	if y.stage != string(appraisal.Released) {
		w.rt.Fatalf("the year of %s comes to no release: %v", whose, w.steps(y))
	}
}

// tryWhatIsFrozen has whoever did a step of a released year try to do it again, and the person ask
// for a correction, which may still be done.
func (w *walker) tryWhatIsFrozen(whose string) {
	w.toRelease(whose) // unless an appeal had it judged anew
	y := w.years[whose]
	for _, s := range w.steps(y) {
		if s.Chain != appraisal.OutcomeChain || !s.Required {
			continue
		}
		for _, who := range w.named(s.PersonIDs) {
			x := stepThing(w, y, s.Step)
			records, _ := w.look(who, x)
			if r := button(records, oneOf(w, []string{"save", "complete", "return"}, "frozen")); r != nil {
				if r.action.Allowed {
					w.rt.Fatalf("%s may %s %s of a released year", who, r.action.Action, s.Step)
				}
				w.act(who, x, *r)
			}
		}
	}
	x := thing{w.ops["ListCorrections"], map[string]string{"appraisal_id": y.appraisal}, y}
	records, _ := w.look(whose, x)
	if r := button(records, "request_correction"); r != nil && r.action.Allowed {
		w.act(whose, x, *r)
	}
}

// stepsHold: every step moves by its lifecycle, nobody does another party's step of their own year,
// and what is done stays as it was for as long as nobody has it done again.
func (w *walker) stepsHold(y *walkedOne) {
	me, settled := w.As(y.whose).ID.String(), []listedStep{}
	for _, s := range w.steps(y) {
		stored := s.State
		if stored == appraisal.StepWaiting {
			stored = string(yearend.Open)
		}
		w.moves(fmt.Sprintf("%s %s in round %d", y.whose, s.Step, y.round), stored, yearend.Lifecycle.Moves())
		if s.DoneBy != nil && (*s.DoneBy == me) != (s.Party == "reviewee") && s.State == appraisal.StepFinished {
			w.rt.Fatalf("%s of %s, which is the %s's, was done by the wrong person", s.Step, y.whose, s.Party)
		}
		if s.DoneAt != nil && s.State != appraisal.StepOpen && s.State != appraisal.StepWaiting {
			settled = append(settled, s)
		}
	}
	if len(settled) > 0 {
		w.stepHolds(y, oneOf(w, settled, "settled"))
	}
}

// stepHolds: what was done in a step stays as it was done then.
func (w *walker) stepHolds(y *walkedOne, s listedStep) {
	now := w.fields("GetStep", map[string]string{"appraisal_id": y.appraisal, "step": s.Step})
	delete(now, "step") // which says what may be done with it
	delete(now, "form")
	w.keep(y.whose+" judged in "+s.Step+" done at "+*s.DoneAt, now["rating"]) // a deferral that is resolved gives another
	delete(now, "rating")
	w.keep(y.whose+" "+s.Step+" done at "+*s.DoneAt, now)
	if y.stage == string(appraisal.Released) && s.Required && s.Chain == appraisal.OutcomeChain {
		w.keep(fmt.Sprintf("%s %s of round %d", y.whose, s.Step, y.round), []any{s.State, s.DoneBy, s.DoneAt})
	}
}

// outcomeHolds: the reviewee sees no rating of another's before the release, and what is released stays.
func (w *walker) outcomeHolds(y *walkedOne) {
	type outcome struct {
		Released  bool
		Round     int
		Rating    *struct{ Code string }
		Ratings   []struct{ Kind string }
		Statement json.RawMessage
		At        *string `json:"released_at"`
	}
	read := func(who string) (o outcome) {
		reply := w.send(who, apitest.Call{Operation: w.ops["GetOutcome"], Path: map[string]string{"appraisal_id": y.appraisal}})
		require.NoError(w.T, json.Unmarshal(reply.Body, &o))
		return o
	}
	mine := read(y.whose)
	if mine.Round != y.round || mine.Released != (y.stage == string(appraisal.Released)) {
		w.rt.Fatalf("the outcome of %s is of round %d and released: %t; the year is %s, in round %d", y.whose, mine.Round, mine.Released, y.stage, y.round)
	}
	if !mine.Released && (mine.Rating != nil || slices.ContainsFunc(mine.Ratings, func(r struct{ Kind string }) bool { return r.Kind != "self" })) {
		w.rt.Fatalf("%s sees a rating before the outcome is released", y.whose)
	}
	if !mine.Released {
		return
	}
	if y.first == "" {
		y.first = w.on.String()
	}
	round := fmt.Sprint(" in round ", y.round)
	w.keep(y.whose+" judged outcome"+round, []any{mine.Rating, mine.Ratings})
	w.keep(y.whose+" statement"+round, []any{mine.Statement, mine.At})
	judged := w.fields("ListObjectiveOutcomes", map[string]string{"appraisal_id": y.appraisal})
	for _, o := range anys(judged["items"]) {
		o := o.(map[string]any)
		w.keep(fmt.Sprint(y.whose, " judged ", o["objective_id"], round), []any{o["reviewee"], o["reviewer"], o["judgement"]})
	}
}

// ofOthers are what nobody does to a record of their own. An objective that the reviewer wrote is
// approved by the reviewee, as one party of two.
var ofOthers = []string{"objective.determined", "objective.validated", "check_in.acknowledged", "check_in.commented", "deferral.begun", "deferral.resolved",
	"correction.accepted", "correction.refused", "appeal.admitted", "appeal.refused", "appeal.decided", "appeal.hearing_scheduled", "appraisal.handed_over", "appraisal.moved", "appraisal.resumed",
	"concern.raised", "concern.confirmed", "concern.shared", "concern.handed_over", "concern.made_formal", "concern.closed", "concern.moved_to_capability", "pay.decided", "access_grant.given", "step.skipped"}

// trail reads what the audit trail has of the walk: each command that succeeded is one block of it, and
// nothing else is; and nobody did to themselves what others do.
func (w *walker) trail() {
	from, blocks := int(w.head["n"].(float64)), map[int]bool{}
	for cursor, more := "", true; more; {
		query := url.Values{"limit": {"200"}}
		if cursor != "" {
			query.Set("cursor", cursor)
		}
		reply := w.send("hr", apitest.Call{Operation: w.ops["ListAuditEvents"], Query: query})
		var page struct {
			Items []struct {
				Block    int
				Type     string
				ActorID  *string `json:"actor_id"`
				PersonID *string `json:"person_id"`
			}
			Next *string `json:"next_cursor"`
		}
		require.NoError(w.T, json.Unmarshal(reply.Body, &page))
		for _, e := range page.Items {
			if e.Block <= from {
				continue
			}
			blocks[e.Block] = true
			if slices.Contains(ofOthers, e.Type) && e.ActorID != nil && e.PersonID != nil && *e.ActorID == *e.PersonID {
				w.rt.Fatalf("somebody did %s on themselves", e.Type)
			}
		}
		if more = page.Next != nil; more {
			cursor = *page.Next
		}
	}
	done := 0
	for _, n := range w.done {
		done += n
	}
	if len(blocks) != done {
		w.rt.Fatalf("%d commands succeeded, and the audit trail has %d", done, len(blocks))
	}
}

// end holds everything once more, verifies the audit chain of what was walked, and says how far it came.
func (w *walker) end() {
	for _, x := range w.things {
		w.thingHolds(x)
	}
	for _, whose := range sortedKeys(w.years) {
		y := w.years[whose]
		for _, s := range w.steps(y) {
			if s.DoneAt != nil && s.State != appraisal.StepOpen && s.State != appraisal.StepWaiting {
				w.stepHolds(y, s)
			}
		}
		w.T.Logf("%s: %s %s in round %d, released first on %q", whose, y.status, y.stage, y.round, y.first)
	}
	reply := w.send("hr", apitest.Call{Operation: w.ops["VerifyAuditChain"], Query: url.Values{"anchor_n": {fmt.Sprint(w.head["n"])}, "anchor_hash": {fmt.Sprint(w.head["hash"])}}})
	var chain struct{ Intact, Anchored bool }
	require.NoError(w.T, json.Unmarshal(reply.Body, &chain))
	if reply.Status != http.StatusOK || !chain.Intact || !chain.Anchored {
		w.rt.Fatalf("the audit chain does not hold: %s", reply.Body)
	}
	w.trail()
	w.T.Logf("done %v", w.done)
	w.T.Logf("refused %v", w.refused)
	w.T.Logf("not taken %v", w.unfit)
	w.T.Logf("of released years %+v", w.after)
	if w.after.done == 0 || w.after.refused == 0 || w.after.frozen == 0 {
		w.rt.Fatalf("too little was tried after the release: %+v", w.after)
	}
}
