package httpapi_test

import (
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

// gridOf is a grid of one cell, whose rating is given, and the method that uses it.
func gridOf(rating string) string {
	return `{"rows":{"code":"care","label":"Care","values":[{"code":"high","label":"High"}]},"columns":{"code":"impact","label":"Impact","values":[{"code":"wide","label":"Wide"}]},
		"cells":[{"row":"high","column":"wide","rating":"` + rating + `"}]}`
}

// chainOf is an outcome chain of a statement and what follows it, in JSON.
func chainOf(more string) string {
	return `[{"code":"state","label":"Statement","order":1,"party":"reviewer","acts":["state","recommend"],"form":"statement","required":true}` + more + `]`
}

const (
	byHead = `,{"code":"decide","label":"Decision","order":2,"party":"head","acts":["decide"],"required":true}`
)

func init() {
	leafTables["outcome"] = []leafRow{
		{path: "outcome.scale", a: `[{"code":"met","label":"Met"}]`, b: `[{"code":"not_yet","label":"Not yet"}]`, under: `{"outcome":{"chain":` + chainOf("") + `}}`,
			probe: func(p *apitest.Process) string { return rated(p, &api.RatingInput{Code: ptr("met")}) }, wantA: "met", wantB: "unknown_rating"},
		{path: "outcome.method", a: `"judgement"`, b: `"grid"`, under: `{"outcome":{"grid":` + gridOf("met") + `,"chain":` + chainOf("") + `}}`,
			probe: func(p *apitest.Process) string { return rated(p, &api.RatingInput{Code: ptr("met")}) }, wantA: "met", wantB: "unknown_value"},
		{path: "outcome.grid", a: gridOf("met"), b: gridOf("exceeded"), under: `{"outcome":{"method":"grid","chain":` + chainOf("") + `}}`,
			probe: func(p *apitest.Process) string {
				return rated(p, &api.RatingInput{Row: ptr("high"), Column: ptr("wide")})
			}, wantA: "met", wantB: "exceeded"},
		{path: "outcome.decider_may_change", a: `true`, b: `false`, under: `{"outcome":{"chain":` + chainOf(byHead) + `}}`, probe: decidingOtherwise, wantA: "ok", wantB: "rating_not_changeable"},
		{path: "outcome.chain", a: chainOf(""), b: chainOf(byHead), probe: func(p *apitest.Process) string {
			state(p)
			return string(p.Appraisal("ada").Stage)
		}, wantA: "released", wantB: "closing"},
		{path: "outcome.outcome_visible", a: `"released"`, b: `"stated"`, under: `{"outcome":{"chain":` + chainOf(byHead) + `}}`, probe: peeking, wantA: "hidden", wantB: "met"},
	}
}

// rated is the rating that Ben's statement ends in, or the code with which it is refused.
func rated(p *apitest.Process, in *api.RatingInput) string {
	p.T.Helper()
	p.On("2027-08-02")
	name := "outcome.state"
	now, err := p.As("ben").GetStepWithResponse(p.T.Context(), p.Appraisal("ada").ID, name)
	apitest.OK(p.T, now, err)
	r, err := p.As("ben").SaveStepWithResponse(p.T.Context(), p.Appraisal("ada").ID, name, &api.SaveStepParams{IfMatch: etag(now.JSON200.Step.Version)},
		apitest.Weighing(now.JSON200, api.SaveStep{Answers: map[string]any{"statement": "A good year."}, Rating: in}))
	if answer := said(p, r, err); answer != "ok" {
		return answer
	}
	done, err := completeStep(p, "ben", name)
	if answer := said(p, done, err); answer != "ok" {
		return answer
	}
	o, err := p.As("ben").GetOutcomeWithResponse(p.T.Context(), p.Appraisal("ada").ID)
	apitest.OK(p.T, o, err)
	require.NotEmpty(p.T, o.JSON200.Ratings)
	return o.JSON200.Ratings[0].Rating.Code
}

// state has Ben state that Ada's year was met.
func state(p *apitest.Process) {
	p.T.Helper()
	require.Equal(p.T, "met", rated(p, &api.RatingInput{Code: ptr("met")}))
}

// decidingOtherwise has the head decide on another rating than the recommended one.
func decidingOtherwise(p *apitest.Process) string {
	state(p)
	saveStep(p, "cho", "outcome.decide", api.SaveStep{Rating: &api.RatingInput{Code: ptr("exceeded"), Reason: ptr("Seen more widely.")}})
	r, err := completeStep(p, "cho", "outcome.decide")
	return said(p, r, err)
}

// peeking is what Ada sees of her rating before the head has decided.
func peeking(p *apitest.Process) string {
	state(p)
	o, err := p.As("ada").GetOutcomeWithResponse(p.T.Context(), p.Appraisal("ada").ID)
	apitest.OK(p.T, o, err)
	if len(o.JSON200.Ratings) == 0 {
		return "hidden"
	}
	return o.JSON200.Ratings[0].Rating.Code
}
