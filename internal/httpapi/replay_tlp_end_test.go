package httpapi_test

import (
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/pkg/client"
)

const tlpAppeal plea = "ada's pay"

// tlpJudging is the review in the early autumn: Ada says how far she came, Ben validates, and the third
// objective waits for what its target date brings.
var tlpJudging = []replayScene{
	{"2027-09-06", "hr", "looks back at the year that ended", func(r *replay) (client.Answer, error) {
		r.ids["next"], r.CycleID = r.CycleID, r.ids["year"]
		return r.who.GetCycleWithResponse(r.T.Context(), r.CycleID)
	}, ok, "", nil},
	{"", "ada", "cannot judge without a judgement of the trust's", adas(forSchool).judged(api.JudgeObjective{Text: ptr("They read.")}), invalid, "unknown_judgement", citing("outcome.objective_scale")},
	{"", "ada", "says what the first achieved", adas(forSchool).judged(saying("achieved", "Reading ages rose by a year.")), ok, "", nil},
	{"", "ada", "says what the second achieved", adas(forBehaviour).judged(saying("partially_achieved", "I speak slower in one class.")), ok, "", nil},
	{"", "ada", "cannot complete without the third", tlpFinishStep("complete"), conflict, "judgement_missing", citing("outcome.objective_judges")},
	{"", "ada", "cannot let it wait herself", tlpDefer(forGrowth), never, "role_not_admitted", nil},
	{"", "cho", "nor can the head", tlpDefer(forGrowth), never, "not_your_act", citing("outcome.deferral_by")},
	{"", "ben", "lets the third wait for results", tlpDefer(forGrowth), created, "", func(r *replay) {
		d := replayed[api.Deferral](r)
		r.ids["deferral"] = d.ID
		require.Equal(r.T, "2027-10-15", d.DueOn.String())
	}},
	{"", "ada", "completes the others", steps("ada", "outcome.complete", says(map[string]any{"career": "Lead a department."})), ok, "", nil},
	{"", "ada", "cannot change what she said", adas(forSchool).judged(saying("achieved", "By two years.")), conflict, "statement_locked", citing("outcome.statement_locked")},
	{"2027-09-08", "ben", "agrees on the first", adas(forSchool).judged(api.JudgeObjective{Agrees: ptr(true)}), ok, "", nil},
	{"", "ben", "cannot disagree on the second without a reason", adas(forBehaviour).judged(api.JudgeObjective{Agrees: ptr(false), Code: ptr("achieved")}), invalid, "reason_required", citing("outcome.objective_judges")},
	{"", "ben", "disagrees on the second", adas(forBehaviour).judged(api.JudgeObjective{Agrees: ptr(false), Code: ptr("achieved"), Reason: ptr("I saw it in both classes.")}), ok, "", nil},
	{"", "ada", "does not see it yet", adas(forBehaviour).listed(), ok, "", func(r *replay) { require.True(r.T, adas(forBehaviour).outcome(r).Reviewer.IsNull()) }},
	{"2027-09-09", "ben", "states on the year, which releases it", steps("ada", "outcome.validate", says(map[string]any{
		"statement": "A year of reading.", "standards_status": "met", "assessment_status": "successful", "pay_recommendation": "not_applicable"})), ok, "", nil},
	{"", "ada", "reads a rating that is provisional", outcomeOf("ada"), ok, "", func(r *replay) {
		o := replayed[api.Outcome](r)
		require.Equal(r.T, []any{true, true, "objectives_met"}, []any{o.Released, o.Provisional, o.Rating.MustGet().Code})
		require.Equal(r.T, []any{1, 5}, []any{o.Derivation.MustGet().Waiting, o.Derivation.MustGet().Row.MustGet()})
		require.Equal(r.T, "I saw it in both classes.", adas(forBehaviour).outcome(r).Reviewer.MustGet().Reason.MustGet())
	}},
}

// tlpAfterwards is pay, which is not linked and may be appealed against all the same; the report and
// what is put right beside it.
var tlpAfterwards = []replayScene{
	{"2027-09-10", "ada", "reads that pay is not linked", tlpPay, ok, "", func(r *replay) {
		require.Equal(r.T, api.PayDecisionResult("not_linked"), replayed[api.PayOutcome](r).Decision.MustGet().Result)
	}},
	{"", "ada", "appeals against it", tlpAppeal.lodged("ada", "pay"), created, "", nil},
	{"", "ben", "who judged does not hear it", tlpAppeal.decided(api.DecideAppeal{Result: "stands", Reason: "The trust does not link pay."}), never, "not_your_act", nil},
	{"2027-09-15", "cho", "hears it: the decision stands", tlpAppeal.decided(api.DecideAppeal{Result: "stands", Reason: "The trust does not link pay."}), ok, "", nil},
	{"", "hr", "fills the office of the senior team", func(r *replay) (client.Answer, error) {
		return r.who.FillOfficeWithResponse(r.T.Context(), nil, api.FillOffice{Code: "slt", UnitID: r.Root, PersonID: r.As("fay").ID})
	}, created, "", nil},
	{"", "hr", "grants nothing beyond the rule", tlpGrant, never, "not_your_act", citing("pay.exception_by")},
	{"2027-09-16", "fay", "grants it for the senior team", tlpGrant, created, "", nil},
	{"", "ada", "reads both", tlpPay, ok, "", func(r *replay) {
		require.Equal(r.T, "exception", string(replayed[api.PayOutcome](r).Decision.MustGet().Kind))
	}},
	{"2027-09-17", "ada", "reads the report", readsReport("ada"), ok, "", func(r *replay) {
		report := replayed[api.Report](r)
		require.Equal(r.T, []string{"objectives", "standards", "assessment", "rating", "pay", "statement"}, sectionsOf(report))
		for _, s := range report.Sections {
			require.Equal(r.T, []string{"reviewee", "reviewer", "head", "hr"}, s.To, s.Code)
		}
		require.Len(r.T, reportPart(r, "objectives").Objectives[0].Judgements, 2, "hers, and what Ben says of it")
		require.True(r.T, reportPart(r, "rating").Ratings[0].Provisional)
	}},
	{"", "cho", "receives it too", readsReport("ada"), ok, "", func(r *replay) { require.Len(r.T, replayed[api.Report](r).Sections, 6) }},
	{"", "dov", "does not", readsReport("ada"), gone, "not_found", nil},
	{"", "ada", "asks for a correction", tlpCorrect("outcome.validate", "A year of reading, and of a club."), created, "", tlpAsked},
	{"2027-09-20", "hr", "accepts it", tlpDecideCorrection("accepted"), ok, "", nil},
	{"", "ada", "asks for another rating", tlpCorrect("rating", "Exceeded."), created, "", tlpAsked},
	{"", "hr", "refuses that", tlpDecideCorrection("refused"), ok, "", nil},
	{"2027-09-21", "ben", "reads the accepted one beside the report", readsReport("ada"), ok, "", func(r *replay) {
		beside := replayed[api.Report](r).Corrections
		require.Len(r.T, beside, 1, "one that was refused stands beside only when she disagrees")
		require.Equal(r.T, "accepted", string(beside[0].Status))
	}},
}

// tlpResults is the day on which what the third waited for has come, and the new year beside it.
var tlpResults = []replayScene{
	{"2027-10-18", "ben", "is told that it is late", tlpMe, ok, "", func(r *replay) {
		w := waitsOf(r, "ada")["resolve_deferral"]
		require.Equal(r.T, []any{1, "2027-10-15", true}, []any{w.Count, w.DueOn.MustGet().String(), w.Late})
	}},
	{"", "cho", "cannot judge it", tlpResolve("exceeded"), never, "not_your_act", nil},
	{"", "ben", "judges it", tlpResolve("exceeded"), ok, "", nil},
	{"", "ada", "reads the rating that follows now", outcomeOf("ada"), ok, "", func(r *replay) {
		o := replayed[api.Outcome](r)
		require.Equal(r.T, []any{false, "objectives_met_some_exceeded", 4}, []any{o.Provisional, o.Rating.MustGet().Code, o.Derivation.MustGet().Row.MustGet()})
	}},
	{"", "ben", "has nothing that waits of her last year", tlpMe, ok, "", func(r *replay) { require.NotContains(r.T, waitsOf(r, "ada"), "resolve_deferral") }},
	{"", "hr", "goes on in the new year", func(r *replay) (client.Answer, error) {
		r.CycleID = r.ids["next"]
		return r.who.GetCycleWithResponse(r.T.Context(), r.CycleID)
	}, ok, "", nil},
	{"", "ben", "sets objectives with last year's report before him", func(r *replay) (client.Answer, error) {
		return r.who.GetStartingPointWithResponse(r.T.Context(), r.year("ada").ID)
	}, ok, "", func(r *replay) {
		start := replayed[api.StartingPoint](r)
		require.Equal(r.T, "2026-27", start.PreviousCycle.MustGet())
		last := start.Previous.MustGet()
		require.Equal(r.T, "objectives_met_some_exceeded", last.Sections[3].Ratings[0].Rating.Code)
		require.Len(r.T, last.Corrections, 1)
		require.Len(r.T, start.Objectives, 3)
	}},
}
