package httpapi_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

// look reads a thing as somebody: everything that may be done with it, and with what it lists.
func (w *walker) look(who string, x thing) ([]seen, int) {
	reply := w.send(who, apitest.Call{Operation: x.read, Path: x.path})
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

// send makes the call as somebody, with a fresh token where their roles have changed meanwhile, and
// looks whether the answer holds anything that they may not see.
func (w *walker) send(who string, c apitest.Call) apitest.Reply {
	c.Token = w.tokens[who]
	reply, err := c.Send(w.T.Context())
	require.NoError(w.T, err)
	if code := reply.Problem().Code; who != "stranger" && (code == "token_roles_stale" || code == "token_expired") {
		w.tokens[who] = w.As(who).Token()
		c.Token = w.tokens[who]
		reply, err = c.Send(w.T.Context())
		require.NoError(w.T, err)
	}
	if reply.Status >= 500 {
		w.rt.Fatalf("%s %s: %d %s", c.OperationID, c.Body, reply.Status, reply.Body)
	}
	if err := c.Operation.Fits(reply.Request, reply.Status, reply.Header, reply.Body); err != nil {
		w.rt.Fatalf("%s answers otherwise than the contract says: %v", c.OperationID, err)
	}
	w.maySee(who, c, reply)
	return reply
}

// hush marks a text of somebody about a year that its reviewee, or its reviewer, may not read before
// the release of the round.
func hush(y *walkedOne, from string) string {
	return "Of " + y.whose + " by " + from + " in round " + strconv.Itoa(y.round) + ". "
}

// does says whether somebody is one of those whose step an answer shows.
func (w *walker) does(who string, r apitest.Reply) bool {
	var shown struct {
		Step struct {
			People []string `json:"person_ids"`
		}
	}
	return json.Unmarshal(r.Body, &shown) == nil && who != "stranger" && slices.Contains(shown.Step.People, w.As(who).ID.String())
}

// maySee holds an answer against what its reader may know: nothing of a year outside their reach, no
// draft of another's, and nothing that others say of them, nor how they are rated, before the release.
func (w *walker) maySee(who string, c apitest.Call, r apitest.Reply) {
	tell := func(what string) {
		w.rt.Fatalf("%s, by %s %v as %s, reads %s:\n%s", who, c.OperationID, c.Path, w.on, what, r.Body)
	}
	for _, in := range sortedKeys(w.drafts) {
		if in == fmt.Sprint("GetStep", c.Path) && w.does(who, r) {
			continue // whoever may complete it reads it
		}
		if d := w.drafts[in]; d.who != who && bytes.Contains(r.Body, []byte(d.text)) {
			tell("the draft of " + d.who + " in " + in)
		}
	}
	for _, whose := range sortedKeys(w.years) {
		y := w.years[whose]
		outside := who == "stranger" || who == "dov" || who == "ada" && whose == "ben"
		if outside && (bytes.Contains(r.Body, []byte("Of "+whose+" by ")) || r.Status == http.StatusOK && bytes.Contains(r.Body, []byte(y.appraisal))) {
			tell("of the year of " + whose)
		}
		if y.released[y.round] || outside {
			continue
		}
		if who == whose && (bytes.Contains(r.Body, []byte(hush(y, "others"))) || bytes.Contains(r.Body, []byte(hush(y, "deciders")))) {
			tell("what is said of them before the release")
		}
		if who == "ben" && whose == "ada" && bytes.Contains(r.Body, []byte(hush(y, "deciders"))) {
			tell("what is decided on " + whose + " before the release")
		}
		mine := who == "ada" || strings.Contains(c.Operation.Path, "{appraisal_id}") && c.Path["appraisal_id"] == y.appraisal
		if who == whose && mine && len(y.released) == 0 && bytes.Contains(r.Body, []byte(`"rated_`)) {
			tell("a rating before the release")
		}
	}
}

// readings are what may be read of a year, beside the records themselves.
var readings = []string{"GetAppraisal", "GetOutcome", "ListSteps", "GetStep", "GetDossier", "GetTimeline", "GetMe", "ListAppraisals", "GetPayOutcome", "GetAppraisalReport", "ListObjectives",
	"ListCheckIns", "ListMeetings", "ListConcerns", "ListModerationQueue", "ListMyRecommendations", "ListObjectiveOutcomes", "ListDeferrals", "ListCorrections", "ListAppeals",
	"ListEarlierSteps", "ListEvidence", "ListNotes", "GetEngagement", "GetStartingPoint", "ListDisclosures"}

// glance reads something of a year as somebody. What a list shows them they reach; whoever holds a
// concern, and no seat any more, reaches that and not the year.
func (w *walker) glance(who string, y *walkedOne) {
	op := w.ops[oneOf(w, readings, "reading")]
	path, query := map[string]string{"appraisal_id": y.appraisal}, url.Values{}
	if op.OperationID == "GetStep" {
		path["step"] = oneOf(w, w.steps(y), "step").Step
	}
	if w.even(2, "of the year alone") == 0 && slices.ContainsFunc(op.Params("query"), func(p *openapi3.Parameter) bool { return p.Name == "appraisal_id" }) {
		query.Set("appraisal_id", y.appraisal)
	}
	reply := w.send(who, apitest.Call{Operation: op, Path: path, Query: query})
	concerned := slices.Contains([]string{"GetMe", "ListConcerns"}, op.OperationID) && bytes.Contains(reply.Body, []byte("concern"))
	if reply.Status == http.StatusOK && who != "hr" && !concerned && bytes.Contains(reply.Body, []byte(y.appraisal)) {
		if _, status := w.look(who, thing{w.ops["GetAppraisal"], path, y}); status != http.StatusOK {
			w.rt.Fatalf("%s sees the year of %s by %s, and reads it with %d", who, y.whose, op.OperationID, status)
		}
	}
}

// fields are those of a record as HR reads it; none where it is not there any more.
func (w *walker) fields(operation string, path map[string]string) (out map[string]any) {
	reply := w.send("hr", apitest.Call{Operation: w.ops[operation], Path: path})
	require.NoError(w.T, json.Unmarshal(reply.Body, &out))
	return out
}

// listedStep is a step as ListSteps shows it to HR.
type listedStep struct {
	Step, Party, State, Chain string
	Required                  bool
	Acts                      []string
	Version                   int
	DoneBy                    *string  `json:"done_by"`
	DoneAt                    *string  `json:"done_at"`
	PersonIDs                 []string `json:"person_ids"`
}

func (w *walker) steps(y *walkedOne) []listedStep {
	reply := w.send("hr", apitest.Call{Operation: w.ops["ListSteps"], Path: map[string]string{"appraisal_id": y.appraisal}})
	var list struct{ Items []listedStep }
	require.NoError(w.T, json.Unmarshal(reply.Body, &list))
	return list.Items
}
