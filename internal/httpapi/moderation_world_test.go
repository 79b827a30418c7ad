package httpapi_test

import (
	"encoding/json"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// approvedByHR is what follows the head's decision in a chain, in JSON.
const approvedByHR = `,{"code":"approve","label":"Approval","order":3,"party":"hr","acts":["approve"],"required":true}`

// carefulGrid rates one of two values; the other is not filled.
const carefulGrid = `{"rows":{"code":"care","label":"Care","values":[{"code":"high","label":"High"},{"code":"low","label":"Low"}]},
	"columns":{"code":"impact","label":"Impact","values":[{"code":"wide","label":"Wide"}]},"cells":[{"row":"high","column":"wide","rating":"met"}]}`

// moderated is a small trust at the end of its year: whoever reviews states, the head decides, HR
// approves. Ben reviews Ada and Dov, Cho reviews Ben and heads them all.
type moderated struct {
	*apitest.Process
	years map[string]uuid.UUID
}

func newModerated(t *testing.T, rules string, people ...string) moderated {
	t.Helper()
	document := map[string]any{"schema": 1}
	require.NoError(t, json.Unmarshal([]byte(`{"rules":`+rules+`}`), &document))
	m := moderated{apitest.NewProcess(t, apitest.ProcessSetup{Document: document}), map[string]uuid.UUID{}}
	for _, key := range people {
		m.years[key] = m.Appraisal(key).ID
	}
	m.On("2027-08-02")
	return m
}

// drafts saves a step of somebody's year.
func (m moderated) drafts(who, whose, step string, body api.SaveStep) {
	m.T.Helper()
	m.As(who).Judge(m.years[whose])
	now := m.step(who, whose, step)
	r, err := m.As(who).SaveStepWithResponse(m.T.Context(), m.years[whose], step, &api.SaveStepParams{IfMatch: etag(now.Step.Version)}, apitest.Weighing(&now, body))
	apitest.OK(m.T, r, err)
}

func (m moderated) step(who, whose, step string) api.StepDetail {
	m.T.Helper()
	r, err := m.As(who).GetStepWithResponse(m.T.Context(), m.years[whose], step)
	apitest.OK(m.T, r, err)
	return *r.JSON200
}

func (m moderated) completes(who, whose, step string) (client.Answer, error) {
	m.T.Helper()
	return m.As(who).CompleteStepWithResponse(m.T.Context(), m.years[whose], step, &api.CompleteStepParams{IfMatch: etag(m.step(who, whose, step).Step.Version)}, api.CompleteStep{})
}

// states has the reviewer state and recommend by the grid.
func (m moderated) states(who, whose string) {
	m.T.Helper()
	m.drafts(who, whose, "outcome.state", api.SaveStep{Answers: map[string]any{"statement": "A good year."}, Rating: &api.RatingInput{Row: ptr("high"), Column: ptr("wide")}})
	r, err := m.completes(who, whose, "outcome.state")
	apitest.OK(m.T, r, err)
}

// queue is a page of somebody's queue, by whose year it is.
func (m moderated) queue(who string, q api.ListModerationQueueParams) (*api.ModerationQueue, map[string]api.ModerationItem) {
	m.T.Helper()
	r, err := m.As(who).ListModerationQueueWithResponse(m.T.Context(), &q)
	apitest.OK(m.T, r, err)
	out := map[string]api.ModerationItem{}
	for _, item := range r.JSON200.Items {
		for key, id := range m.years {
			if id == item.AppraisalID {
				out[key] = item
			}
		}
	}
	return r.JSON200, out
}

// missingIn are the codes of what is missing.
func missingIn(i api.ModerationItem) []string {
	out := []string{}
	for _, r := range i.Missing {
		out = append(out, r.Code)
	}
	return out
}

// mayComplete says whether the queue's button completes the step.
func mayComplete(t *testing.T, i api.ModerationItem) bool {
	t.Helper()
	for _, a := range i.AllowedActions {
		if a.Action == "complete" {
			return a.Allowed
		}
	}
	require.Fail(t, "no such button")
	return false
}

// item is a year and the version of its step; of somebody without one it is nobody's.
func (m moderated) item(whose string, version int) api.StepToComplete {
	id, ok := m.years[whose]
	if !ok {
		id = uuid.MustParse("0198f2c4-7a10-7f7e-8e16-4e51037944fa")
	}
	return api.StepToComplete{AppraisalID: id, Version: version}
}

// many completes a step of several years at once.
func (m moderated) many(who, key, mode, step string, items ...api.StepToComplete) (*client.CompleteStepsInBulkResponse, error) {
	return m.As(who).CompleteStepsInBulkWithResponse(m.T.Context(), &api.CompleteStepsInBulkParams{IdempotencyKey: &key},
		api.CompleteStepsInBulk{Mode: ptr(api.CompleteStepsInBulkMode(mode)), Step: step, Items: items})
}

// codes are what became of each item: done, or the status and the code of its refusal.
func codes(b *api.BulkResults) []string {
	out := []string{}
	for _, r := range b.Results {
		code := "done"
		if p, err := r.Problem.Get(); err == nil {
			code = p.Code
		}
		out = append(out, code)
	}
	return out
}
