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
	byHead   = `,{"code":"decide","label":"Decision","order":2,"party":"head","acts":["decide"],"required":true}`
	payChain = `[{"code":"decide_pay","label":"Pay","order":1,"party":"hr","acts":["decide_pay"],"required":true}]`
	linked   = `"pay":{"link":"matrix","chain":` + payChain + `}`
)

func init() {
	onlyUnderB["pay.link"] = `{"pay":{"chain":` + payChain + `}}`
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
	leafTables["pay"] = []leafRow{
		{path: "pay.link", a: `"none"`, b: `"matrix"`, under: `{"outcome":{"chain":` + chainOf("") + `}}`, probe: paid, wantA: "none", wantB: "pay_case_not_covered"},
		{path: "pay.top_of_range", a: `"none"`, b: `"own_column"`, under: `{"outcome":{"chain":` + chainOf("") + `},` + linked + `}`, probe: topOfRange, wantA: "points", wantB: "top_of_range_unknown"},
		{path: "pay.chain", a: payChain, b: `[{"code":"check","label":"Check","order":1,"party":"head","acts":["approve"],"required":true},{"code":"decide_pay","label":"Pay","order":2,"party":"hr","acts":["decide_pay"],"required":true}]`,
			under: `{"outcome":{"chain":` + chainOf("") + `},"pay":{"link":"matrix"}}`, probe: payTurn, wantA: "hr", wantB: "head"},
	}
}

// rated is the rating that Ben's statement ends in, or the code with which it is refused.
func rated(p *apitest.Process, in *api.RatingInput) string {
	p.T.Helper()
	p.On("2027-08-02")
	name := "outcome.state"
	r, err := p.As("ben").SaveStepWithResponse(p.T.Context(), p.Appraisal("ada").ID, name, &api.SaveStepParams{IfMatch: stepTag(p, "ben", name)},
		api.SaveStep{Answers: map[string]any{"statement": "A good year."}, Rating: in})
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

// paid is how Ada's pay follows from her outcome: the result, or the refusal of the calculation.
func paid(p *apitest.Process) string {
	state(p)
	o, err := p.World.HR.GetPayOutcomeWithResponse(p.T.Context(), p.Appraisal("ada").ID)
	apitest.OK(p.T, o, err)
	if len(o.JSON200.Refusals) > 0 {
		return o.JSON200.Refusals[0].Code
	}
	if len(o.JSON200.Awards) > 0 {
		return string(o.JSON200.Awards[0].Kind)
	}
	return string(o.JSON200.Link)
}

// topOfRange is the same where the pay table has a row for her, but her post does not say whether
// she is at the top of her range.
func topOfRange(p *apitest.Process) string {
	ctx := p.T.Context()
	c, err := p.World.HR.GetCycleWithResponse(ctx, p.CycleID)
	apitest.OK(p.T, c, err)
	set, err := p.World.HR.SetPayTableWithResponse(ctx, p.CycleID, &api.SetPayTableParams{IfMatch: c.HTTPResponse.Header.Get("ETag")},
		api.SetPayTable{Items: []api.SetPayRow{{StaffGroup: "teaching", Rating: "met", Awards: []api.Award{{Kind: "points", Amount: "1"}}}}})
	apitest.OK(p.T, set, err)
	return paid(p)
}

// payTurn is whose turn it is when the outcome is released and pay is not decided.
func payTurn(p *apitest.Process) string {
	state(p)
	steps, err := p.World.HR.ListStepsWithResponse(p.T.Context(), p.Appraisal("ada").ID)
	apitest.OK(p.T, steps, err)
	for _, s := range steps.JSON200.Items {
		if s.State == "open" && s.Chain == "pay" {
			return s.Party
		}
	}
	return "nobody's"
}
