package httpapi_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/internal/objective"
)

// walkedYear is the policy of a random year: short, with every part of the year's end.
const walkedYear = `{"schema": 1, "rules": {
	"self_assessment": {"requirement": "off", "frameworks": []},
	"objectives": {"slots": [{"code": "team", "label": "For the team", "required": true}], "drafter": "both", "approver": "reviewer", "on_disagreement": "reviewers_reviewer", "fields": [], "criteria_min": 0, "actions_min": 0},
	"meetings": {"plan": [{"code": "mid_year", "label": "Mid-year review", "form": "meeting", "recorded_by": "reviewer", "required": false, "formal": false, "may_amend": true, "reviewee_answers": true, "due": {"anchor": "cycle_start", "months": 6}}]},
	"outcome": {"scale": [{"code": "rated_below", "label": "Below"}, {"code": "rated_well", "label": "Well"}, {"code": "rated_above", "label": "Above"}],
		"deferral": "exam_results", "inputs": ["objectives"], "chain": [
		{"code": "reflect", "label": "Reflection", "order": 1, "party": "reviewee", "acts": ["reflect"], "form": "reflection", "required": true, "opens": {"anchor": "cycle_start", "month_day": "10-12"}},
		{"code": "state", "label": "Statement", "order": 2, "party": "reviewer", "acts": ["state", "recommend"], "form": "statement", "required": true},
		{"code": "comment", "label": "Comment", "order": 3, "party": "reviewee", "acts": ["comment", "sign"], "required": false},
		{"code": "decide", "label": "Decision", "order": 3, "party": "head", "acts": ["decide"], "required": true, "not_same_as": ["state"]},
		{"code": "approve", "label": "Approval", "order": 4, "party": "hr", "acts": ["approve"], "required": true}]},
	"pay": {"link": "automatic", "chain": [{"code": "settle", "label": "Pay", "order": 1, "party": "hr", "acts": ["decide_pay"], "required": true, "due": {"anchor": "cycle_end", "months": 2}}]},
	"forms": {
		"reflection": {"label": "Reflection", "sections": [{"code": "year", "label": "The year", "kind": "text", "required": true}]},
		"statement": {"label": "Statement", "sections": [{"code": "year", "label": "The year", "kind": "text", "required": true}]}}}}`

// listsWithActions are lists that say themselves what may be begun in them.
var listsWithActions = []string{"ListEvidence", "ListObjectiveOutcomes", "ListDeferrals", "ListCorrections", "ListAppeals"}

// neverWalked end the walk for everybody, or stand outside a year.
var neverWalked = []string{"UploadEvidence", "EndAppraisal"}

// endless are acts after which a year may stand still, or have nobody who may decide on it.
var endless = []string{"MoveToCapability", "MoveAppraisal"}

// ofTheBody are refusals of what a body names, which no button shows.
var ofTheBody = []string{"ScheduleMeeting meeting_exists", "StartCheckIn window_not_open", "StartCheckIn check_in_exists"}

// rare are acts after which little is left to do, or which undo much.
func rare(a api.AllowedAction) bool {
	return slices.Contains([]string{"EndAppraisal", "MoveAppraisal", "HandOverAppraisal", "WithdrawObjective", "DeleteObjective", "MoveToCapability", "ReturnStep", "WithdrawAppeal", "DeferOutcome", "ReopenObjective", "CreateAccessGrant", "HandOverConcern", "CancelMeeting"}, a.Operation) || slices.Contains([]string{"skip", "reschedule"}, a.Action)
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
			v = x.year.appraisal
		}
		out[p.Name] = v
	}
	return out
}

// body is what is sent: the little that the contract asks for, with what the walk knows put in.
func (w *walker) body(who string, op apitest.Operation, x thing, r seen) []byte {
	_, schema := op.Body()
	switch {
	case schema == nil:
		return nil
	case r.action.Action == "reschedule": // the same operation saves the record
		return []byte(`{"scheduled_at": "` + w.on.String() + `T15:00:00Z"}`)
	}
	known := w.known(who, op, x, r)
	body, ok := apitest.Minimal(w.T, schema, func(name string, s *openapi3.Schema) (any, bool) {
		if v, ok := known[name]; ok {
			return v, true
		}
		if s.Format == "date" {
			return w.on.String(), true
		}
		if len(s.Enum) > 0 {
			return oneOf(w, s.Enum, name), true
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
func (w *walker) known(who string, op apitest.Operation, x thing, r seen) map[string]any {
	w.said++
	text := "Plan a lesson a week in pairs, as said in " + strconv.Itoa(w.said) + "."
	out := map[string]any{"appraisal_id": x.year.appraisal, "slot": "team", "content": map[string]any{"title": "Plan in pairs", "text": text}, "title": "Plan in pairs", "text": text,
		"reason": text, "plan_code": "mid_year", "late_reason": text}
	if len(w.Windows) > 0 {
		out["window_id"] = oneOf(w, w.Windows, "window").ID.String()
	}
	switch op.OperationID {
	case "SaveCheckIn", "SaveMeeting":
		out["answers"] = answersTo(r.fields["form"], text)
	case "SaveStep":
		return w.stepDraft(who, x, r, text)
	case "CompleteStep":
		return w.stepEnd(who, x, r, text)
	case "ReturnStep":
		to := oneOf(w, []string{"outcome.reflect", "outcome.state", "outcome.decide"}, "to")
		out["to"] = to
		if to != "outcome.reflect" {
			out["reason"] = hush(x.year, "others") + text
		}
	case "CreateObjective":
		if x.year.taken != "" {
			out["slot"] = objective.ExtraSlot
		}
	case "JudgeObjective":
		return judged(who, x, r, text)
	case "CreateAccessGrant":
		out["reader_id"] = w.As("fay").ID.String()
	case "RespondToCheckIn":
		out["comments"] = []any{map[string]any{"text": text}}
	case "HandOverConcern":
		out["holder_id"] = w.As("cho").ID.String()
	case "HandOverAppraisal":
		out["reviewer_id"] = w.As("eve").ID.String()
	default:
		w.knownBeside(op, x, r, out)
	}
	return out
}

// knownBeside are the values for what is no part of the chain of steps.
func (w *walker) knownBeside(op apitest.Operation, x thing, r seen, out map[string]any) {
	switch op.OperationID {
	case "LodgeAppeal":
		out["against"] = r.fields["against"]
	case "DecideCorrection":
		if out["result"] = oneOf(w, []string{"accepted", "refused"}, "result"); out["result"] == "refused" {
			delete(out, "text")
		}
	case "DecideAppeal":
		if out["result"] = oneOf(w, []string{"stands", "amended", "redone"}, "result"); x.year.whose == "ada" && out["result"] == "redone" {
			out["result"] = "stands" // for whoever is left may not be many enough to judge it anew
		}
		if out["result"] == "amended" {
			out["amendment"] = out["text"]
		}
	case "DeferOutcome":
		if id, ok := r.fields["objective_id"].(string); ok {
			out["objective_id"] = id
		}
	case "ResolveDeferral":
		if r.fields["waits_for"] == "objective" {
			out["judgement"] = map[string]any{"code": "met", "text": out["text"]}
		} else {
			out["rating"] = map[string]any{"code": oneOf(w, ratings, "rating"), "reason": out["text"]}
		}
	case "RequestCorrection":
		out["part"] = oneOf(w, []string{"outcome.state", "rating"}, "part")
	case "ConfirmConcern", "SaveConcern":
		out["contents"] = []map[string]any{{"code": "nature", "text": "Late marking."}}
	case "CloseConcern":
		if r.action.Action == "withdraw" {
			out["outcome"] = "withdrawn"
		} else {
			out["outcome"] = oneOf(w, []string{"resolved", "no_further_action"}, "outcome")
		}
	case "RaiseConcern":
		formal := r.action.Action == "raise_concern"
		out["stage"], out["serious"] = map[bool]string{true: "formal", false: "informal"}[formal], formal
	case "AddEvidence":
		out["kind"], out["subject_kind"], out["url"] = "link", "objective", "https://example.com/readers"
		delete(out, "text")
		if id := x.year.taken; id != "" {
			out["subject_id"] = id
		}
	}
}

// ratings are those of the walked year's scale.
var ratings = []string{"rated_below", "rated_well", "rated_above"}

// saidOf marks what somebody else than the reviewee writes in a step as not to be read before the release.
func saidOf(who string, x thing, r seen, text string) string {
	switch {
	case who == x.year.whose:
		return text
	case r.fields["party"] == "reviewer":
		return hush(x.year, "others") + text
	case r.fields["party"] == "reviewee":
		return text
	}
	return hush(x.year, "deciders") + text
}

// stepDraft fills the form of a step and what it rates and weighs; now and then it is not what the
// step asks for.
func (w *walker) stepDraft(who string, x thing, r seen, text string) map[string]any {
	out, said, acts := map[string]any{}, saidOf(who, x, r, text), anys(r.fields["acts"])
	if r.fields["form"] != nil {
		out["answers"] = answersTo(r.fields["form"], said)
	}
	wrong := !w.careful && w.even(20, "wrong") == 0
	rates := slices.Contains(acts, any("recommend")) || slices.Contains(acts, any("decide"))
	if (rates && !x.year.waits) != wrong {
		out["rating"] = map[string]any{"code": oneOf(w, ratings, "rating"), "reason": said}
	} else {
		out["rating"] = map[string]any{} // taken back
	}
	weighed := []any{}
	for _, in := range anys(r.fields["inputs"]) {
		weighed = append(weighed, in.(map[string]any)["code"])
	}
	out["weighed"] = weighed
	return out
}

// stepEnd is how a step ends, as the button has it.
func (w *walker) stepEnd(who string, x thing, r seen, text string) map[string]any {
	if result := map[string]string{"decline": "declined", "skip": "skipped"}[r.action.Action]; result != "" {
		return map[string]any{"result": result, "reason": saidOf(who, x, r, text)}
	}
	return map[string]any{}
}

// judged is a judgement of an objective: in agreement where there is something to agree with.
func judged(who string, x thing, r seen, text string) map[string]any {
	if who == x.year.whose {
		return map[string]any{"code": "met", "text": text}
	}
	if said, ok := r.fields["reviewee"].(map[string]any); ok && said["judgement"] != nil {
		return map[string]any{"agrees": true}
	}
	text = hush(x.year, "others") + text
	return map[string]any{"code": "met", "text": text, "reason": text}
}

// answersTo answers every section of a form.
func answersTo(form any, text string) map[string]any {
	out := map[string]any{}
	f, _ := form.(map[string]any)
	for _, s := range anys(f["sections"]) {
		section, _ := s.(map[string]any)
		if section["per"] != nil {
			continue
		}
		out[section["code"].(string)] = map[any]any{"text": text, "yes_no": true, "number": section["min"], "date": "2027-06-01", "people": []any{}}[section["kind"]]
	}
	return out
}

// found remembers what a command has made.
func (w *walker) found(x thing, r apitest.Reply) {
	at := r.Header.Get("Location")
	if at == "" {
		return
	}
	for _, id := range sortedKeys(w.ops) {
		o := w.ops[id]
		if path, ok := matches(o.Path, at); ok && o.Method == http.MethodGet && len(path) == 1 && strings.HasPrefix(id, "Get") {
			w.things = append(w.things, thing{o, path, x.year})
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
