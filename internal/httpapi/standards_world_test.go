package httpapi_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// small is the code of a framework of two statements that assessing publishes for the whole trust.
const small = "our_behaviours"

// assessing is a process in which ada may assess herself against a framework of two statements.
type assessing struct {
	*apitest.Process
	t         testing.TB
	appraisal uuid.UUID
}

// rulesOf is a document that says these rules and nothing else, over the model.
func rulesOf(rules map[string]any) map[string]any { return map[string]any{"schema": 1, "rules": rules} }

// small, for everybody.
var everybody = []any{map[string]any{"code": "all", "when": map[string]any{}, "frameworks": []any{small}}}

func newAssessing(t *testing.T, rules map[string]any) *assessing {
	t.Helper()
	if rules["frameworks"] == nil {
		rules["frameworks"] = everybody
	}
	document := map[string]any{"self_assessment": rules}
	if rules["requirement"] == "required_before_objectives" {
		document["objectives"] = map[string]any{"slots": []any{map[string]any{"code": "practice", "label": "Practice", "required": true, "self_assessment": true}}}
	}
	p := apitest.NewProcess(t, apitest.ProcessSetup{Document: rulesOf(document)})
	published(t, p.As("hr"), nil, small, behaviours("Respect", "Resilience"))
	return &assessing{p, t, p.Appraisal("ada").ID}
}

func (a *assessing) begin(who, framework string) (*client.StartSelfAssessmentResponse, error) {
	return a.As(who).StartSelfAssessmentWithResponse(a.t.Context(), nil, api.StartSelfAssessment{AppraisalID: a.appraisal, Framework: framework})
}

func (a *assessing) begun() api.SelfAssessment {
	a.t.Helper()
	r, err := a.begin("ada", small)
	apitest.OK(a.t, r, err)
	return *r.JSON201
}

func (a *assessing) rate(who string, s api.SelfAssessment, ratings ...api.RateStatement) (*client.RateStatementsResponse, error) {
	return a.As(who).RateStatementsWithResponse(a.t.Context(), s.ID, &api.RateStatementsParams{IfMatch: etag(s.Version)}, api.RateStatements{Ratings: ratings})
}

// rated rates both statements.
func (a *assessing) rated(s api.SelfAssessment, first, second string) api.SelfAssessment {
	a.t.Helper()
	r, err := a.rate("ada", s, api.RateStatement{Statement: "b1", Rating: first, Evidence: ptr("What pupils say.")}, api.RateStatement{Statement: "b2", Rating: second})
	apitest.OK(a.t, r, err)
	return *r.JSON200
}

func (a *assessing) open(who string, s api.SelfAssessment, visibility string) (*client.SetSelfAssessmentVisibilityResponse, error) {
	return a.As(who).SetSelfAssessmentVisibilityWithResponse(a.t.Context(), s.ID, &api.SetSelfAssessmentVisibilityParams{IfMatch: etag(s.Version)},
		api.SetSelfAssessmentVisibility{Visibility: api.SetSelfAssessmentVisibilityVisibility(visibility)})
}

func (a *assessing) opened(s api.SelfAssessment, visibility string) api.SelfAssessment {
	a.t.Helper()
	r, err := a.open("ada", s, visibility)
	apitest.OK(a.t, r, err)
	return *r.JSON200
}

func (a *assessing) complete(s api.SelfAssessment, overview *string, cpd ...string) (*client.CompleteSelfAssessmentResponse, error) {
	body := api.CompleteSelfAssessment{Overview: overview}
	for _, text := range cpd {
		body.Cpd = append(body.Cpd, api.DevelopmentProposal{Text: text})
	}
	return a.As("ada").CompleteSelfAssessmentWithResponse(a.t.Context(), s.ID, &api.CompleteSelfAssessmentParams{IfMatch: etag(s.Version)}, body)
}

func (a *assessing) completed(s api.SelfAssessment) api.SelfAssessment {
	a.t.Helper()
	r, err := a.complete(s, nil)
	apitest.OK(a.t, r, err)
	return *r.JSON200
}

func (a *assessing) beside(who string, s api.SelfAssessment, complete bool, ratings ...api.RateStatement) (*client.RateStatementsAsReviewerResponse, error) {
	if ratings == nil {
		ratings = []api.RateStatement{}
	}
	return a.As(who).RateStatementsAsReviewerWithResponse(a.t.Context(), s.ID, &api.RateStatementsAsReviewerParams{IfMatch: etag(s.Version)},
		api.RateStatementsAsReviewer{Ratings: ratings, Complete: &complete})
}

func (a *assessing) compared(who string, id uuid.UUID) api.SelfAssessmentComparison {
	a.t.Helper()
	r, err := a.As(who).CompareSelfAssessmentWithResponse(a.t.Context(), id)
	apitest.OK(a.t, r, err)
	return *r.JSON200
}

func (a *assessing) assigned(who string) api.AssignedFrameworkList {
	a.t.Helper()
	r, err := a.As(who).ListAssignedFrameworksWithResponse(a.t.Context(), a.appraisal)
	apitest.OK(a.t, r, err)
	return *r.JSON200
}

// listed counts what somebody finds in the list.
func (a *assessing) listed(who string) int {
	a.t.Helper()
	r, err := a.As(who).ListSelfAssessmentsWithResponse(a.t.Context(), nil)
	apitest.OK(a.t, r, err)
	return len(r.JSON200.Items)
}

// read is the status and body with which somebody's reading is answered.
func (a *assessing) read(who string, id uuid.UUID) (int, string) {
	a.t.Helper()
	r, err := a.As(who).GetSelfAssessmentWithResponse(a.t.Context(), id)
	require.NoError(a.t, err)
	return r.StatusCode(), string(r.Body)
}

// withoutIDs is a problem without what tells one request from another.
func withoutIDs(t *testing.T, body string) map[string]any {
	t.Helper()
	out := map[string]any{}
	require.NoError(t, json.Unmarshal([]byte(body), &out))
	for _, name := range []string{"request_id", "instance"} {
		delete(out, name)
	}
	return out
}

// problemOf is the code of an answer that is a problem, and nothing of any other.
func problemOf(r client.Answer) string {
	var p *client.ProblemError
	if errors.As(client.Check(r), &p) {
		return p.Code
	}
	return ""
}
