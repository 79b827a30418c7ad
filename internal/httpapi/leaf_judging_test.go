package httpapi_test

import (
	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

// oneJudged is a year with one objective that counts, in which Ada reflects and Ben states.
const oneJudged = `"objectives":{"slots":[{"code":"practice","label":"Practice","required":true}],"max":1,"counted":"none"},
	"forms":{"reflection":{"label":"Reflection","sections":[{"code":"next","label":"What comes next?","kind":"text"}]}}`

// judgedUnder are the other rules of a row: how the year is judged beside the leaf.
func judgedUnder(outcome string) string {
	return `{` + oneJudged + `,"outcome":{"inputs":[],"chain":` + judgedChain + outcome + `}}`
}

const (
	metOrNot   = `[{"code":"not_met","label":"Not met"},{"code":"met","label":"Met"}]`
	lateDay    = `{"anchor":"cycle_end","months":1}`
	laterDay   = `{"anchor":"cycle_end","months":2}`
	mayBeGiven = `,"deferral":"exam_results"`
)

func init() {
	leafTables["judging"] = []leafRow{
		{path: "outcome.derived", a: `[{"when":"otherwise","rating":"met"}]`, b: `[{"when":"otherwise","rating":"exceeded"}]`, under: judgedUnder(`,"method":"derived","objective_judges":"reviewer"`), probe: derivedRating, wantA: "met", wantB: "exceeded"},
		{path: "outcome.objective_scale", a: metOrNot, b: `[{"code":"done","label":"Done"}]`, under: judgedUnder(""), probe: judgingMet, wantA: "ok", wantB: "unknown_judgement"},
		{path: "outcome.objective_judges", a: `"reviewee"`, b: `"reviewer"`, under: judgedUnder(`,"objective_statement":"none"`), probe: judgingMet, wantA: "ok", wantB: "not_your_act"},
		{path: "outcome.objective_percent", a: `"none"`, b: `"below_top"`, under: judgedUnder(""), probe: judgingWith(api.JudgeObjective{Code: ptr("not_met"), Percent: ptr(40)}), wantA: "no_percent_here", wantB: "ok"},
		{path: "outcome.objective_statement", a: `"optional"`, b: `"required"`, under: judgedUnder(""), probe: reflectingOn(coded("met")), wantA: "ok", wantB: "statement_missing"},
		{path: "outcome.statement_locked", a: `true`, b: `false`, under: judgedUnder(""), probe: rewording, wantA: "statement_locked", wantB: "ok"},
		{path: "outcome.deferral", a: `"none"`, b: `"exam_results"`, under: judgedUnder(""), probe: deferring, wantA: "nothing_may_wait", wantB: "ok"},
		{path: "outcome.deferral_by", a: `["reviewer"]`, b: `["head"]`, under: judgedUnder(mayBeGiven), probe: deferring, wantA: "ok", wantB: "not_your_act"},
		{path: "outcome.deferral_due", a: lateDay, b: laterDay, under: judgedUnder(mayBeGiven), probe: deferredUntil, wantA: "2027-09-30", wantB: "2027-10-31"},
	}
}

// oneObjective agrees Ada's only objective, and goes to the end of the year.
func oneObjective(p *apitest.Process) *judgedYear {
	p.T.Helper()
	j := &judgedYear{reported: &reported{goals: goalsOf(p)}}
	j.first = j.agreed("practice")
	j.On("2027-07-20")
	return j
}

func judgingWith(body api.JudgeObjective) func(*apitest.Process) string {
	return func(p *apitest.Process) string {
		j := oneObjective(p)
		r, err := j.judge("ada", j.first, body)
		return said(p, r, err)
	}
}

func judgingMet(p *apitest.Process) string { return judgingWith(coded("met"))(p) }

// reflectingOn is what comes of Ada's step when she has judged so.
func reflectingOn(body api.JudgeObjective) func(*apitest.Process) string {
	return func(p *apitest.Process) string {
		j := oneObjective(p)
		j.judges("ada", j.first, body)
		r, err := j.complete("ada", "outcome.reflect", api.CompleteStep{})
		return said(p, r, err)
	}
}

// rewording is what comes of other words once Ada's step is done.
func rewording(p *apitest.Process) string {
	j := oneObjective(p)
	j.judges("ada", j.first, saying("met", "They read."))
	j.reflects()
	r, err := j.judge("ada", j.first, saying("met", "They read daily."))
	return said(p, r, err)
}

// derivedRating is the rating that follows when Ben has judged and gives none.
func derivedRating(p *apitest.Process) string {
	j := oneObjective(p)
	j.reflects()
	j.judges("ben", j.first, coded("met"))
	j.states(nil)
	return j.outcomeOf("ben").Ratings[0].Rating.Code
}

// deferring is what comes of Ben's letting the objective wait.
func deferring(p *apitest.Process) string {
	j := oneObjective(p)
	r, err := j.defers("ben", api.DeferOutcome{ObjectiveID: &j.first, Reason: "Results."})
	return said(p, r, err)
}

// deferredUntil is the day by which it is judged.
func deferredUntil(p *apitest.Process) string {
	j := oneObjective(p)
	r, err := j.defers("ben", api.DeferOutcome{ObjectiveID: &j.first, Reason: "Results."})
	apitest.OK(p.T, r, err)
	return r.JSON201.DueOn.String()
}
