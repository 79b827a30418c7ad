package httpapi_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/internal/appeal"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/checkin"
	concerns "github.com/perennial-api/perennial/internal/concern"
	"github.com/perennial-api/perennial/internal/lifecycle"
	"github.com/perennial-api/perennial/internal/objective"
	"github.com/perennial-api/perennial/internal/yearend"
)

// walkedYear is the policy of a random year: short, with every part of the year's end.
const walkedYear = `{"schema": 1, "rules": {
	"self_assessment": {"requirement": "off", "frameworks": []},
	"objectives": {"slots": [{"code": "team", "label": "For the team", "required": true}], "drafter": "both", "approver": "reviewer", "on_disagreement": "reviewers_reviewer", "fields": [], "criteria_min": 0, "actions_min": 0},
	"meetings": {"plan": []},
	"outcome": {"deferral": "exam_results", "inputs": ["objectives"], "chain": [
		{"code": "reflect", "label": "Reflection", "order": 1, "party": "reviewee", "acts": ["reflect"], "form": "reflection", "required": true, "opens": {"anchor": "cycle_start", "month_day": "11-01"}},
		{"code": "state", "label": "Statement", "order": 2, "party": "reviewer", "acts": ["state", "recommend"], "form": "statement", "required": true},
		{"code": "comment", "label": "Comment", "order": 3, "party": "reviewee", "acts": ["comment", "sign"], "required": false},
		{"code": "decide", "label": "Decision", "order": 3, "party": "head", "acts": ["decide"], "required": true, "not_same_as": ["state"]},
		{"code": "approve", "label": "Approval", "order": 4, "party": "hr", "acts": ["approve"], "required": true}]},
	"forms": {
		"reflection": {"label": "Reflection", "sections": [{"code": "year", "label": "The year", "kind": "text", "required": true}]},
		"statement": {"label": "Statement", "sections": [{"code": "year", "label": "The year", "kind": "text", "required": true}]}}}}`

// listsWithActions are lists that say themselves what may be begun in them.
var listsWithActions = []string{"ListEvidence", "ListObjectiveOutcomes", "ListDeferrals", "ListCorrections", "ListAppeals"}

// neverWalked end the walk for everybody, or stand outside a year.
var neverWalked = []string{"UploadEvidence", "EndAppraisal"}

// rare are acts after which little is left to do, or which undo much.
func rare(a api.AllowedAction) bool {
	return slices.Contains([]string{"EndAppraisal", "MoveAppraisal", "HandOverAppraisal", "WithdrawObjective", "DeleteObjective", "MoveToCapability", "ReturnStep", "WithdrawAppeal", "DeferOutcome", "ReopenObjective"}, a.Operation) || a.Action == "skip"
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// pathOf fills the path of an operation from the thing and what is known of it.
func (w *walker) pathOf(op apitest.Operation, x thing, r seen) map[string]string {
	out := map[string]string{}
	for _, p := range op.Params("path") {
		v, ok := x.path[p.Name]
		if !ok {
			v, ok = r.fields[p.Name].(string)
		}
		if !ok {
			v, ok = r.fields["id"].(string) // of a record in a list
		}
		if !ok {
			v = w.years["ada"]
		}
		out[p.Name] = v
	}
	return out
}

// body is what is sent: the little that the contract asks for, with what the walk knows put in.
func (w *walker) body(op apitest.Operation, x thing, r seen) []byte {
	_, schema := op.Body()
	if schema == nil {
		return nil
	}
	known := w.known(op, x, r)
	body, ok := apitest.Minimal(w.T, schema, func(name string, s *openapi3.Schema) (any, bool) {
		if v, ok := known[name]; ok {
			return v, true
		}
		if s.Format == "date" {
			return w.on.String(), true
		}
		if len(s.Enum) > 0 {
			return s.Enum[w.even(len(s.Enum), name)], true
		}
		return nil, false
	}).(map[string]any)
	require.True(w.T, ok, op.OperationID)
	for name, v := range known {
		if schema.Properties[name] != nil {
			body[name] = v
		}
	}
	b, err := json.Marshal(body)
	require.NoError(w.T, err)
	return b
}

// known are the values that fit the thing that is acted on.
func (w *walker) known(op apitest.Operation, x thing, r seen) map[string]any {
	at := x.path["appraisal_id"]
	if v, ok := r.fields["appraisal_id"].(string); ok {
		at = v
	}
	if at == "" {
		at = w.years["ada"]
	}
	out := map[string]any{"appraisal_id": at, "slot": "team", "content": map[string]any{"title": "Plan in pairs", "text": "Plan a lesson a week in pairs."}, "title": "Plan in pairs", "text": "Plan a lesson a week in pairs."}
	if len(w.Windows) > 0 {
		out["window_id"] = w.Windows[0].ID.String()
	}
	switch op.OperationID {
	case "SaveStep", "SaveCheckIn", "SaveMeeting":
		out["answers"] = answersTo(r.fields["form"])
		if op.OperationID == "SaveStep" {
			out["rating"] = map[string]any{"code": []string{"met", "exceeded"}[w.even(2, "rating")], "reason": "The work of the year."}
			weighed := []any{}
			for _, in := range anys(r.fields["inputs"]) {
				weighed = append(weighed, in.(map[string]any)["code"])
			}
			out["weighed"] = weighed
			delete(out, "text")
		}
	case "CompleteStep":
		out["result"] = map[string]string{"decline": "declined", "skip": "skipped"}[r.action.Action]
		out["reason"] = "There is nothing to add."
		if out["result"] == "" {
			delete(out, "result")
			delete(out, "reason")
		}
	case "ReturnStep":
		out["to"] = []string{"outcome.reflect", "outcome.state", "outcome.decide"}[w.even(3, "to")]
	case "CreateObjective":
		if w.taken[at] != "" {
			out["slot"] = objective.ExtraSlot
		}
	case "JudgeObjective":
		out = judged(r)
	case "LodgeAppeal":
		out["against"] = r.fields["against"]
	case "RequestCorrection":
		out["part"] = "outcome.state"
	case "ConfirmConcern", "SaveConcern":
		out["contents"] = []map[string]any{{"code": "nature", "text": "Late marking."}}
	case "RaiseConcern":
		formal := r.action.Action == "raise_concern"
		out["stage"], out["serious"] = map[bool]string{true: "formal", false: "informal"}[formal], formal
	case "AddEvidence":
		out["kind"], out["subject_kind"], out["url"] = "link", "objective", "https://example.com/readers"
		delete(out, "text")
		if id := w.taken[at]; id != "" {
			out["subject_id"] = id
		}
	case "CreateAccessGrant":
		out["reader_id"] = w.As("fay").ID.String()
	case "HandOverConcern":
		out["holder_id"] = w.As("cho").ID.String()
	case "HandOverAppraisal":
		out["reviewer_id"] = w.As("eve").ID.String()
	}
	return out
}

// judged is a judgement of an objective: in agreement where there is something to agree with.
func judged(r seen) map[string]any {
	if said, ok := r.fields["reviewee"].(map[string]any); ok && said["judgement"] != nil && r.fields["reviewer"] == nil {
		return map[string]any{"agrees": true}
	}
	return map[string]any{"code": "met", "text": "It was reached."}
}

// answersTo answers every section of a form.
func answersTo(form any) map[string]any {
	out := map[string]any{}
	f, _ := form.(map[string]any)
	sections, _ := f["sections"].([]any)
	for _, s := range sections {
		section, _ := s.(map[string]any)
		if section["per"] != nil {
			continue
		}
		out[section["code"].(string)] = map[any]any{"text": "A year of work.", "yes_no": true, "number": section["min"], "date": "2027-06-01", "people": []any{}}[section["kind"]]
	}
	return out
}

// found remembers what a command has made.
func (w *walker) found(r apitest.Reply) {
	at := r.Header.Get("Location")
	if at == "" {
		return
	}
	for _, id := range sortedKeys(w.ops) {
		o := w.ops[id]
		if path, ok := matches(o.Path, at); ok && o.Method == http.MethodGet && len(path) == 1 && strings.HasPrefix(id, "Get") {
			w.things = append(w.things, thing{o, path})
			return
		}
	}
}

// matches reads the parameters of a path template from a path.
func matches(template, path string) (map[string]string, bool) {
	a, b := strings.Split(template, "/"), strings.Split(path, "/")
	if len(a) != len(b) {
		return nil, false
	}
	out := map[string]string{}
	for i := range a {
		if name, ok := strings.CutPrefix(a[i], "{"); ok {
			out[strings.TrimSuffix(name, "}")] = b[i]
		} else if a[i] != b[i] {
			return nil, false
		}
	}
	return out, true
}

// made remembers what a command has made, and what it has let change.
func (w *walker) made(op apitest.Operation, x thing, r apitest.Reply) {
	switch op.OperationID {
	case "CreateObjective":
		w.taken[x.path["appraisal_id"]] = strings.TrimPrefix(r.Header.Get("Location"), "/v1/objectives/")
	case "ResolveDeferral", "DecideAppeal": // what is released may be judged anew
		clear(w.settled)
	}
	w.found(r)
}

// holds looks over the thing and the walked years, as HR and as their reviewees, after something was done.
func (w *walker) holds(x thing) {
	for _, whose := range sortedKeys(w.years) {
		at := map[string]string{"appraisal_id": w.years[whose]}
		if id, ok := x.path["appraisal_id"]; ok && id != w.years[whose] {
			continue
		}
		a := w.fields("GetAppraisal", at)
		w.moves(w.years[whose]+" stage", a["stage"], appraisal.StageLifecycle.Moves())
		w.moves(w.years[whose]+" status", a["status"], appraisal.StatusLifecycle.Moves())
		w.stepsHold(whose, at)
		w.outcomeHolds(whose, at)
	}
	for _, axis := range thingLifecycles[x.read.OperationID] {
		w.moves(x.String()+" "+axis.field, w.fields(x.read.OperationID, x.path)[axis.field], axis.moves)
	}
}

// fields are those of a record as HR reads it; none where it is not there any more.
func (w *walker) fields(operation string, path map[string]string) (out map[string]any) {
	reply := w.send(apitest.Call{Operation: w.ops[operation], Token: w.tokens["hr"], Path: path})
	require.NoError(w.T, json.Unmarshal(reply.Body, &out))
	return out
}

// thingLifecycles are the lifecycles of what a year is made of, by the operation that reads it and the
// field that holds the status.
var thingLifecycles = map[string][]axis{
	"GetObjective": {{"approval", objective.ApprovalLifecycle.Moves()}, {"completion", objective.CompletionLifecycle.Moves()}, {"validation", objective.ValidationLifecycle.Moves()}},
	"GetCheckIn":   {{"state", checkin.Lifecycle.Moves()}},
	"GetConcern":   {{"status", concerns.Lifecycle.Moves()}},
	"GetAppeal":    {{"status", appeal.Lifecycle.Moves()}},
}

type axis struct {
	field string
	moves []lifecycle.Move
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

// stepsHold: every step moves by its lifecycle, and nobody does another party's step of their own year.
func (w *walker) stepsHold(whose string, at map[string]string) {
	reply := w.send(apitest.Call{Operation: w.ops["ListSteps"], Token: w.tokens["hr"], Path: at})
	var list struct {
		Items []struct {
			Step, Party, State string
			DoneBy             *string `json:"done_by"`
		}
	}
	require.NoError(w.T, json.Unmarshal(reply.Body, &list))
	me := w.As(whose).ID.String()
	for _, s := range list.Items {
		stored := s.State
		if stored == appraisal.StepWaiting {
			stored = string(yearend.Open)
		}
		w.moves(at["appraisal_id"]+" "+s.Step, stored, yearend.Lifecycle.Moves())
		if s.DoneBy != nil && (*s.DoneBy == me) != (s.Party == "reviewee") && s.State == appraisal.StepFinished {
			w.rt.Fatalf("%s of %s, which is the %s's, was done by the wrong person", s.Step, whose, s.Party)
		}
	}
}

// outcomeHolds: the reviewee sees no rating of another's before the release, and what is released stays.
func (w *walker) outcomeHolds(whose string, at map[string]string) {
	type outcome struct {
		Released bool
		Rating   *struct{ Code string }
		Ratings  []struct{ Kind, Code string }
	}
	read := func(who string) (o outcome) {
		reply := w.send(apitest.Call{Operation: w.ops["GetOutcome"], Token: w.tokens[who], Path: at})
		require.NoError(w.T, json.Unmarshal(reply.Body, &o))
		return o
	}
	mine := read(whose)
	if !mine.Released && (mine.Rating != nil || slices.ContainsFunc(mine.Ratings, func(r struct{ Kind, Code string }) bool { return r.Kind != "self" })) {
		w.rt.Fatalf("%s sees a rating before the outcome is released", whose)
	}
	if !mine.Released || mine.Rating == nil {
		return
	}
	before, known := w.settled[at["appraisal_id"]]
	if known && before != mine.Rating.Code {
		w.rt.Fatalf("the released rating of %s went from %s to %s", whose, before, mine.Rating.Code)
	}
	w.settled[at["appraisal_id"]] = mine.Rating.Code
}

// end verifies the audit chain of what was walked, and says how far it came.
func (w *walker) end() {
	if chain := w.fields("VerifyAuditChain", nil); chain["intact"] != true {
		w.rt.Fatalf("the audit chain does not hold: %v", chain)
	}
	if len(w.done) == 0 || len(w.refused) == 0 {
		w.rt.Fatalf("the walk tried too little: done %v, refused %v", w.done, w.refused)
	}
	w.T.Logf("released %v", w.settled)
	w.T.Logf("done %v", w.done)
	w.T.Logf("refused %v", w.refused)
	w.T.Logf("not taken %v", w.unfit)
}
