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

// reportRules are a year whose statement is decided, signed by both, and may be commented on by
// Ada for as long as she likes; its report goes to each of them in part.
const reportRules = `{
	"outcome": {"objective_judges": "reviewer", "objective_scale": [], "objective_statement": "none", "outcome_visible": "released", "inputs": ["objectives", "job_description"], "chain": [
		{"code":"state","label":"Statement","order":1,"party":"reviewer","acts":["state","recommend"],"form":"statement","required":true},
		{"code":"decide","label":"Decision","order":2,"party":"head","acts":["decide"],"required":true},
		{"code":"hers","label":"Her signature","order":3,"party":"reviewee","acts":["sign"],"required":true},
		{"code":"his","label":"His signature","order":3,"party":"reviewer","acts":["sign"],"required":true},
		{"code":"comment","label":"Comments","order":4,"party":"reviewee","acts":["comment"],"form":"comment","required":false}]},
	"forms": {"comment": {"label":"Comments","sections":[{"code":"comment","label":"Your comments","kind":"text"}]}},
	"report": {"small_number": 1, "sections": [
		{"code":"statement","label":"What was said","holds":"answers","step":"state","to":["reviewee","reviewer"],"due":{"anchor":"cycle_end","days":1}},
		{"code":"rating","label":"Rating","holds":"rating","to":["reviewee","hr"]},
		{"code":"objectives","label":"Objectives","holds":"objectives","to":["reviewee","reviewer","head"]},
		{"code":"growth","label":"Growth","holds":"development","to":["reviewer"]},
		{"code":"standards","label":"Standards","holds":"standards","to":["reviewee","reviewer"]},
		{"code":"pay","label":"Pay","holds":"pay","to":["hr","office:chair"]},
		{"code":"comments","label":"Comments","holds":"comments","to":["reviewee","reviewer","head"]},
		{"code":"signed","label":"Signatures","holds":"signatures","to":["reviewee","reviewer"]}]}}`

// reported is a small trust on those rules, with an objective of Ada's that was agreed.
type reported struct {
	*goals
	objective uuid.UUID
}

func newReported(t *testing.T) *reported {
	t.Helper()
	var rules map[string]any
	require.NoError(t, json.Unmarshal([]byte(reportRules), &rules))
	g := newGoals(t, rules)
	id := g.drafted("ada", "practice", func(o *api.CreateObjective) { o.Content.CpdSupport = ptr("A course on phonics.") })
	require.Equal(t, "done", g.do("ada", "propose", id))
	require.Equal(t, "done", g.do("ben", "approve", id))
	g.On("2027-08-02")
	return &reported{g, id}
}

// step is a step of Ada's as somebody reads it.
func (r *reported) step(who, name string) api.StepDetail {
	r.T.Helper()
	s, err := r.As(who).GetStepWithResponse(r.T.Context(), r.appraisal, name)
	apitest.OK(r.T, s, err)
	return *s.JSON200
}

func (r *reported) save(who, name string, body api.SaveStep) (*client.SaveStepResponse, error) {
	return r.As(who).SaveStepWithResponse(r.T.Context(), r.appraisal, name, &api.SaveStepParams{IfMatch: etag(r.step(who, name).Step.Version)}, body)
}

func (r *reported) complete(who, name string, body api.CompleteStep) (*client.CompleteStepResponse, error) {
	return r.As(who).CompleteStepWithResponse(r.T.Context(), r.appraisal, name, &api.CompleteStepParams{IfMatch: etag(r.step(who, name).Step.Version)}, body)
}

// done does a step that must succeed.
func (r *reported) done(who, name string, body api.SaveStep) {
	r.T.Helper()
	if body.Answers != nil || body.Rating != nil || body.Weighed != nil {
		s, err := r.save(who, name, body)
		apitest.OK(r.T, s, err)
	}
	c, err := r.complete(who, name, api.CompleteStep{})
	apitest.OK(r.T, c, err)
}

var met = api.SaveStep{Answers: map[string]any{"statement": "A good year."}, Weighed: []string{"objectives", "job_description"}, Rating: &api.RatingInput{Code: ptr("met")}}

// release takes Ada's year to its end.
func (r *reported) release() {
	r.T.Helper()
	r.done("ben", "outcome.state", met)
	r.done("cho", "outcome.decide", api.SaveStep{})
	r.done("ada", "outcome.hers", api.SaveStep{})
	r.done("ben", "outcome.his", api.SaveStep{})
}

// report is Ada's report as somebody receives it.
func (r *reported) report(who string) api.Report {
	r.T.Helper()
	got, err := r.As(who).GetAppraisalReportWithResponse(r.T.Context(), r.appraisal)
	apitest.OK(r.T, got, err)
	return *got.JSON200
}

// outcome is what of Ada's outcome never changes after its release.
func (r *reported) outcome() string {
	r.T.Helper()
	o, err := r.As("ada").GetOutcomeWithResponse(r.T.Context(), r.appraisal)
	apitest.OK(r.T, o, err)
	v := o.JSON200
	text, err := json.Marshal([]any{v.Released, v.ReleasedAt, v.Rating, v.Ratings, v.Statement})
	require.NoError(r.T, err)
	return string(text)
}

func sectionsOf(r api.Report) []string {
	out := []string{}
	for _, s := range r.Sections {
		out = append(out, s.Code)
	}
	return out
}

func reportSection(t *testing.T, r api.Report, code string) api.ReportSection {
	t.Helper()
	for _, s := range r.Sections {
		if s.Code == code {
			return s
		}
	}
	require.Fail(t, "no such section", code)
	return api.ReportSection{}
}
