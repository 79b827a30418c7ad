package httpapi_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/internal/appeal"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/checkin"
	concerns "github.com/perennial-api/perennial/internal/concern"
	"github.com/perennial-api/perennial/internal/lifecycle"
	"github.com/perennial-api/perennial/internal/meeting"
	"github.com/perennial-api/perennial/internal/objective"
	"github.com/perennial-api/perennial/internal/report"
	"github.com/perennial-api/perennial/internal/yearend"
)

// made remembers what a command has made, what is a draft since, and what it has let change.
func (w *walker) made(who string, op apitest.Operation, x thing, r seen, body []byte, reply apitest.Reply) {
	y := x.year
	switch op.OperationID {
	case "CreateObjective":
		y.taken = strings.TrimPrefix(reply.Header.Get("Location"), "/v1/objectives/")
	case "SaveStep", "SaveCheckIn":
		delete(w.again, x.String())
		var said struct{ Answers map[string]any }
		require.NoError(w.T, json.Unmarshal(body, &said))
		if text, ok := said.Answers["year"].(string); ok {
			w.drafts[x.String()] = draft{who, text}
		} else if text, ok := said.Answers["notes"].(string); ok {
			w.drafts[x.String()] = draft{who, text}
		}
	case "CompleteStep", "SubmitCheckIn":
		if r.action.Action != "skip" {
			delete(w.drafts, x.String())
		}
	case "DeferOutcome":
		y.waits = y.waits || !strings.Contains(string(body), "objective_id")
	case "ResolveDeferral": // it appends what it judges, also to what is released
		y.waits = y.waits && r.fields["waits_for"] != "outcome"
		for _, key := range sortedKeys(w.kept) {
			if strings.HasPrefix(key, y.whose+" judged") {
				delete(w.kept, key)
			}
		}
	}
	w.found(x, reply)
}

// holds looks over the thing and its year, as HR and as its reviewee, after something was done.
func (w *walker) holds(x thing) {
	y := x.year
	a := w.fields("GetAppraisal", map[string]string{"appraisal_id": y.appraisal})
	before := y.stage
	y.stage, _ = a["stage"].(string)
	switch released := string(appraisal.Released); {
	case y.stage == released:
		y.released[y.round] = true
	case before == released:
		y.round++ // an appeal has the year judged anew
	}
	y.status, _ = a["status"].(string)
	w.moves(y.whose+" stage", a["stage"], appraisal.StageLifecycle.Moves())
	w.moves(y.whose+" status", a["status"], appraisal.StatusLifecycle.Moves())
	w.outcomeHolds(y)
	w.stepsHold(y)
	w.thingHolds(x)
}

// thingLifecycles are the lifecycles of what a year is made of, by the operation that reads it and the
// field that holds the status.
var thingLifecycles = map[string][]axis{
	"GetObjective":  {{"approval", objective.ApprovalLifecycle.Moves()}, {"completion", objective.CompletionLifecycle.Moves()}, {"validation", objective.ValidationLifecycle.Moves()}},
	"GetCheckIn":    {{"state", checkin.Lifecycle.Moves()}},
	"GetMeeting":    {{"state", meeting.Lifecycle.Moves()}},
	"GetConcern":    {{"status", concerns.Lifecycle.Moves()}},
	"GetAppeal":     {{"status", appeal.Lifecycle.Moves()}},
	"GetCorrection": {{"status", report.Lifecycle.Moves()}},
	"ListDeferrals": {{"status", yearend.DeferralLifecycle.Moves()}},
}

type axis struct {
	field string
	moves []lifecycle.Move
}

// thingHolds: a record, or each of a list, moves by its lifecycle; what was sent or signed stays as it was.
func (w *walker) thingHolds(x thing) {
	axes, ok := thingLifecycles[x.read.OperationID]
	if !ok {
		return
	}
	record := w.fields(x.read.OperationID, x.path)
	for _, r := range append(anys(record["items"]), record) {
		r := r.(map[string]any)
		id, _ := r["id"].(string)
		if id == "" {
			continue // a list, or what is not there any more
		}
		for _, axis := range axes {
			w.moves(x.read.OperationID+id+" "+axis.field, r[axis.field], axis.moves)
		}
		if x.read.OperationID == "GetCheckIn" && r["state"] != string(checkin.Draft) {
			w.keep(id+" answers", r["answers"])
		}
		if live, ok := r["live"].(map[string]any); ok {
			w.keep(fmt.Sprint(id, " revision ", live["number"]), live)
			if x.year.stage == string(appraisal.Released) {
				w.keep(fmt.Sprint("objective ", id, " of round ", x.year.round), []any{live, r["approval"], r["counts"]})
			}
		}
	}
}

// keep holds that a value is what it was when it was seen first.
func (w *walker) keep(key string, value any) {
	now, err := json.Marshal(value)
	require.NoError(w.T, err)
	if before, known := w.kept[key]; known && before != string(now) {
		w.rt.Fatalf("%s was settled, and went from %s to %s", key, before, now)
	}
	w.kept[key] = string(now)
}

// moves checks that a status is the one before, or one that its lifecycle leads to from there.
func (w *walker) moves(axis string, value any, table []lifecycle.Move) {
	now, _ := value.(string)
	if now == "" {
		return // it is not there any more
	}
	before, known := w.last[axis]
	w.last[axis] = now
	if !known || before == now || slices.ContainsFunc(table, func(m lifecycle.Move) bool { return m.From == before && m.To == now }) {
		return
	}
	w.rt.Fatalf("%s goes from %s to %s, which no lifecycle draws", axis, before, now)
}

// judge holds the answer against the button: what may be done is done, or its body is not taken;
// what may not be done is refused with the very reasons that were shown.
func (w *walker) judge(a api.AllowedAction, r apitest.Reply, what string) {
	switch p := r.Problem(); {
	case r.Status == http.StatusUnprocessableEntity:
		w.unfit[a.Operation+" "+p.Code]++
	case a.Allowed && slices.Contains(ofTheBody, a.Operation+" "+p.Code):
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
		if shown, told := ofTheRecord(a.Operation, a.Refusals), ofTheRecord(a.Operation, p.Refusals); !slices.Equal(shown, told) {
			w.rt.Fatalf("%s\nshows %v and tells %v", what, shown, told)
		}
	}
}

// ofTheRecord are the codes of refusals, without those of what a body names.
func ofTheRecord(operation string, refusals []api.Refusal) (codes []string) {
	for _, r := range refusals {
		if !slices.Contains(ofTheBody, operation+" "+r.Code) {
			codes = append(codes, r.Code)
		}
	}
	return codes
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
	op := oneOf(w, at, "operation")
	r := w.send(who, apitest.Call{Operation: op, Path: w.pathOf(op, x, seen{}), Key: uuid.NewString(), Body: w.body(who, op, x, seen{}), IfMatch: `"1"`})
	if r.Status != http.StatusNotFound && r.Status != http.StatusForbidden && r.Status != http.StatusUnprocessableEntity && r.Status != http.StatusBadRequest {
		w.rt.Fatalf("%s cannot read %s, and %s answers %d %s", who, x, op.OperationID, r.Status, r.Body)
	}
}

// count sorts what happened to something of a released year.
func (t *tally) count(r apitest.Reply) {
	switch {
	case r.Status < 300:
		t.done++
	case r.Status == http.StatusConflict || r.Status == http.StatusForbidden:
		t.refused++
		for _, v := range r.Problem().Refusals {
			if slices.Contains([]string{"outcome_released", "step_done", "objectives_frozen"}, v.Code) {
				t.frozen++
				return
			}
		}
	}
}
