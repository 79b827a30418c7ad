package httpapi_test

import (
	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

const (
	payDue   = `"due":{"anchor":"cycle_end","months":2}`
	decides  = `{"code":"decide_pay","label":"Pay","order":1,"party":"hr","acts":["decide_pay"],"required":true,` + payDue + `}`
	payChain = `[` + decides + `]`
	linked   = `"pay":{"link":"matrix","chain":` + payChain + `}`
	// recommending is a year without a rating whose statement recommends pay, which HR decides.
	recommending = `"outcome":{"method":"none","scale":[],"inputs":[],"chain":[{"code":"state","label":"Statement","order":1,"party":"reviewer","acts":["state","recommend_pay"],"form":"statement","required":true}]}`
	// progressing is the same, where everybody progresses unless the statement says otherwise.
	progressing = recommending + `,"pay":{"link":"automatic","chain":[]}`
)

func init() {
	onlyUnderB["pay.link"] = `{"pay":{"chain":` + payChain + `}}`
	leafTables["pay"] = []leafRow{
		{path: "pay.link", a: `"none"`, b: `"matrix"`, under: `{"outcome":{"chain":` + chainOf("") + `}}`, probe: paid, wantA: "none", wantB: "pay_case_not_covered"},
		{path: "pay.link", a: `"recommendation"`, b: `"automatic"`, under: `{` + recommending + `,"pay":{"chain":` + payChain + `}}`, probe: silent, wantA: "pay_required", wantB: "ok"},
		{path: "pay.top_of_range", a: `"none"`, b: `"own_column"`, under: `{"outcome":{"chain":` + chainOf("") + `},` + linked + `}`, probe: topOfRange, wantA: "points", wantB: "top_of_range_unknown"},
		{path: "pay.chain", a: payChain, b: `[{"code":"check","label":"Check","order":1,"party":"head","acts":["approve"],"required":true},{"code":"decide_pay","label":"Pay","order":2,"party":"hr","acts":["decide_pay"],"required":true,` + payDue + `}]`,
			under: `{"outcome":{"chain":` + chainOf("") + `},"pay":{"link":"matrix"}}`, probe: payTurn, wantA: "hr", wantB: "head"},
		{path: "pay.no_progression_needs_capability", a: `false`, b: `true`, under: `{` + progressing + `}`, probe: refusing, wantA: "ok", wantB: "capability_needed"},
		{path: "pay.exception_by", a: `"none"`, b: `"hr"`, under: `{"outcome":{"chain":` + chainOf("") + `}}`, probe: excepting, wantA: "no_exceptions", wantB: "ok"},
	}
}

// paid is how Ada's pay follows from her outcome: the result, or the refusal of the calculation.
func paid(p *apitest.Process) string {
	state(p)
	o := payRead(p, "hr", "ada")
	if len(o.Refusals) > 0 {
		return o.Refusals[0].Code
	}
	if len(o.Awards) > 0 {
		return string(o.Awards[0].Kind)
	}
	return string(o.Link)
}

// payRead is somebody's pay as another reads it.
func payRead(p *apitest.Process, who, whose string) api.PayOutcome {
	p.T.Helper()
	o, err := p.As(who).GetPayOutcomeWithResponse(p.T.Context(), p.Appraisal(whose).ID)
	apitest.OK(p.T, o, err)
	return *o.JSON200
}

// setPayTable replaces the pay table of the year.
func setPayTable(p *apitest.Process, rows ...api.SetPayRow) {
	p.T.Helper()
	ctx := p.T.Context()
	c, err := p.World.HR.GetCycleWithResponse(ctx, p.CycleID)
	apitest.OK(p.T, c, err)
	set, err := p.World.HR.SetPayTableWithResponse(ctx, p.CycleID, &api.SetPayTableParams{IfMatch: etag(c.JSON200.Version)}, api.SetPayTable{Items: rows})
	apitest.OK(p.T, set, err)
}

func onePoint(group, rating string) api.SetPayRow {
	return api.SetPayRow{StaffGroup: group, Rating: rating, Awards: []api.Award{{Kind: "points", Amount: "1"}}}
}

// topOfRange is paid where the pay table has a row for her, but her post does not say whether she is
// at the top of her range.
func topOfRange(p *apitest.Process) string {
	setPayTable(p, onePoint("teaching", "met"))
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

// stateOn saves Ben's statement with what it says of pay.
func stateOn(p *apitest.Process, choice *api.PayChoice) {
	p.T.Helper()
	p.On("2027-08-02")
	saveStep(p, "ben", "outcome.state", api.SaveStep{Answers: map[string]any{"statement": "A good year."}, Pay: choice})
}

// silent is what comes of a statement that says nothing of pay.
func silent(p *apitest.Process) string {
	stateOn(p, nil)
	r, err := completeStep(p, "ben", "outcome.state")
	return said(p, r, err)
}

// refusing is what comes of a statement that says that Ada does not progress.
func refusing(p *apitest.Process) string {
	why := "The targets of the year were missed."
	stateOn(p, &api.PayChoice{Progression: api.PayChoiceProgressionNoProgression, Reason: &why})
	r, err := completeStep(p, "ben", "outcome.state")
	return said(p, r, err)
}

// excepting is what comes of an award beyond the rule by HR, where pay is not linked.
func excepting(p *apitest.Process) string {
	state(p)
	r, err := grant(p, "hr")
	return said(p, r, err)
}
