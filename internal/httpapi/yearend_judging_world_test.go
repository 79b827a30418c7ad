package httpapi_test

import (
	"encoding/json"
	"maps"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// judgedChain is a year's end of three steps: Ada reflects, Ben states and recommends, the head decides.
const judgedChain = `[{"code":"reflect","label":"Reflection","order":1,"party":"reviewee","acts":["reflect"],"form":"reflection","required":true},
	{"code":"state","label":"Statement","order":2,"party":"reviewer","acts":["state","recommend"],"form":"statement","required":true},
	{"code":"decide","label":"Decision","order":3,"party":"head","acts":["decide"],"required":true}]`

// derivedRows lead from the judgements to a rating; the top of the scale is reached by nobody.
const derivedRows = `[{"when":"any","code":"not_met","rating":"not_yet"},{"when":"all","code":"met","rating":"met"},{"when":"otherwise","rating":"partly"}]`

const derivedScale = `[{"code":"not_yet","label":"Not yet"},{"code":"partly","label":"Partly"},{"code":"met","label":"Met"},{"code":"exceeded","label":"Exceeded"}]`

// judgedDocument is a policy with two objectives that count and a short reflection; outcome is what the
// test has otherwise.
func judgedDocument(t *testing.T, outcome string) map[string]any {
	t.Helper()
	var rules, other map[string]any
	require.NoError(t, json.Unmarshal([]byte(`{"objectives":{"slots":[{"code":"practice","label":"Practice","required":true},{"code":"growth","label":"Growth","required":true}],"max":2,"counted":"none"},
		"outcome":{"inputs":[],"objective_statement":"none","chain":`+judgedChain+`},
		"forms":{"reflection":{"label":"Reflection","sections":[{"code":"next","label":"What comes next?","kind":"text"}]}}}`), &rules))
	require.NoError(t, json.Unmarshal([]byte(outcome), &other))
	for section, values := range other {
		have, ok := rules[section].(map[string]any)
		if !ok {
			have = map[string]any{}
			rules[section] = have
		}
		maps.Copy(have, values.(map[string]any))
	}
	return map[string]any{"schema": 1, "rules": rules}
}

// judgedYear is a small trust at the end of its year; Ada has two objectives that were agreed.
type judgedYear struct {
	*reported
	first, second uuid.UUID
}

func newJudged(t *testing.T, outcome string) *judgedYear {
	t.Helper()
	g := goalsOf(apitest.NewProcess(t, apitest.ProcessSetup{Document: judgedDocument(t, outcome)}))
	j := &judgedYear{reported: &reported{goals: g}}
	j.first, j.second = j.agreed("practice"), j.agreed("growth")
	j.On("2027-07-20")
	return j
}

func (j *judgedYear) agreed(slot string) uuid.UUID {
	j.T.Helper()
	id := j.drafted("ada", slot, func(o *api.CreateObjective) { o.Content.Title = "Aim of " + slot })
	require.Equal(j.T, "done", j.do("ada", "propose", id))
	require.Equal(j.T, "done", j.do("ben", "approve", id))
	return id
}

// outcomes are Ada's objectives as somebody sees them, in order.
func (j *judgedYear) outcomes(who string) api.ObjectiveOutcomeList {
	j.T.Helper()
	r, err := j.As(who).ListObjectiveOutcomesWithResponse(j.T.Context(), j.appraisal)
	apitest.OK(j.T, r, err)
	return *r.JSON200
}

func (j *judgedYear) of(who string, id uuid.UUID) api.ObjectiveOutcome {
	j.T.Helper()
	for _, o := range j.outcomes(who).Items {
		if o.ObjectiveID == id {
			return o
		}
	}
	require.Fail(j.T, "it is not listed")
	return api.ObjectiveOutcome{}
}

func (j *judgedYear) judge(who string, id uuid.UUID, body api.JudgeObjective) (*client.JudgeObjectiveResponse, error) {
	j.T.Helper()
	return j.As(who).JudgeObjectiveWithResponse(j.T.Context(), id, &api.JudgeObjectiveParams{IfMatch: etag(j.of("hr", id).Version)}, body)
}

// judges is judge where it must succeed.
func (j *judgedYear) judges(who string, id uuid.UUID, body api.JudgeObjective) api.ObjectiveOutcome {
	j.T.Helper()
	r, err := j.judge(who, id, body)
	apitest.OK(j.T, r, err)
	require.Equal(j.T, etag(r.JSON200.Version), r.HTTPResponse.Header.Get("ETag"))
	return *r.JSON200
}

// unjudged is judge where it must be refused, for a leaf of the policy.
func (j *judgedYear) unjudged(who string, id uuid.UUID, body api.JudgeObjective, status int, code, leaf string) {
	j.T.Helper()
	r, err := j.judge(who, id, body)
	refusedFor := apitest.Refused(j.T, r, err, status, code)
	if leaf != "" {
		j.cites(refusedFor, leaf)
	}
}

// cites holds a refusal to the parameter behind it.
func (j *judgedYear) cites(refused *client.ProblemError, leaf string) {
	j.T.Helper()
	var cited []string
	for _, r := range refused.Refusals {
		if p, err := r.Policy.Get(); err == nil {
			cited = append(cited, p.Parameter)
		}
	}
	require.Contains(j.T, cited, leaf, refused.Error())
}

// reflects completes Ada's step, and states Ben's with a rating or none.
func (j *judgedYear) reflects() {
	j.T.Helper()
	j.done("ada", "outcome.reflect", api.SaveStep{Answers: map[string]any{"next": "Phonics."}})
}

func (j *judgedYear) states(rating *api.RatingInput) {
	j.T.Helper()
	j.done("ben", "outcome.state", api.SaveStep{Answers: map[string]any{"statement": "A good year."}, Rating: rating})
}

func (j *judgedYear) outcomeOf(who string) api.Outcome {
	j.T.Helper()
	o, err := j.As(who).GetOutcomeWithResponse(j.T.Context(), j.appraisal)
	apitest.OK(j.T, o, err)
	return *o.JSON200
}

// may says whether somebody sees an action as allowed, of the list.
func may(actions []api.AllowedAction, name string) bool {
	for _, a := range actions {
		if a.Action == name {
			return a.Allowed
		}
	}
	return false
}

func coded(code string) api.JudgeObjective { return api.JudgeObjective{Code: &code} }

func saying(code, text string) api.JudgeObjective {
	return api.JudgeObjective{Code: &code, Text: &text}
}
