package httpapi_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

// guardedRules are a year with a gap wherever somebody could look too early: the statement is seen
// when it is made, HR files the decision before it is released, and the head recommends pay that HR
// decides.
const guardedRules = `{
	"outcome": {"method":"judgement","objective_judges":"both","objective_scale":[{"code":"missed","label":"Missed"},{"code":"met","label":"Met"}],
		"objective_statement":"optional","statement_locked":false,"outcome_visible":"stated","inputs":[],"chain":[
		{"code":"reflect","label":"Reflection","order":1,"party":"reviewee","acts":["reflect"],"form":"word","required":true},
		{"code":"state","label":"Statement","order":2,"party":"reviewer","acts":["state","recommend"],"form":"statement","required":true},
		{"code":"sign","label":"Signature","order":3,"party":"reviewee","acts":["sign"],"required":true},
		{"code":"decide","label":"Decision","order":4,"party":"head","acts":["decide"],"required":true},
		{"code":"file","label":"Filing","order":5,"party":"hr","acts":["approve"],"required":true}]},
	"forms": {"word": {"label":"A word","sections":[{"code":"word","label":"A word","kind":"text"}]}},
	"pay": {"link":"recommendation","no_progression_needs_capability":true,"chain":[
		{"code":"propose","label":"Proposal","order":1,"party":"head","acts":["recommend_pay"],"required":true},
		{"code":"settle","label":"Pay","order":2,"party":"hr","acts":["decide_pay"],"required":true,"due":{"anchor":"cycle_end","months":2}},
		{"code":"word","label":"A word","order":3,"party":"head","acts":["comment"],"required":false}]},
	"appeals": {"late_by":"hr","remedies":["stands","redone"],
		"pay":[{"code":"panel","label":"Panel","party":"office:chair","lodge_days":10,"decide_days":20}],
		"statement":[{"code":"panel","label":"Panel","party":"office:chair","lodge_days":14,"decide_days":14}]},
	"report": {"sections":[
		{"code":"statement","label":"What was said","holds":"answers","step":"state","to":["reviewee","reviewer","head","hr"]},
		{"code":"signed","label":"Signatures","holds":"signatures","to":["reviewee","head"]}]}}`

// guarded is a small trust on those rules; the objective is Ada's, and is agreed.
type guarded struct{ *reported }

func newGuarded(t *testing.T) guarded {
	t.Helper()
	var rules map[string]any
	require.NoError(t, json.Unmarshal([]byte(guardedRules), &rules))
	g := newGoals(t, rules)
	id := g.drafted("ada", "practice", nil)
	require.Equal(t, "done", g.do("ada", "propose", id))
	require.Equal(t, "done", g.do("ben", "approve", id))
	g.On("2027-08-02")
	return guarded{&reported{g, id}}
}

// judged is the objective as somebody sees how it is judged.
func (g guarded) judged(who string) api.ObjectiveOutcome {
	g.T.Helper()
	list, err := g.As(who).ListObjectiveOutcomesWithResponse(g.T.Context(), g.appraisal)
	apitest.OK(g.T, list, err)
	require.Len(g.T, list.JSON200.Items, 1)
	return list.JSON200.Items[0]
}

func (g guarded) judge(who string, body api.JudgeObjective) {
	g.T.Helper()
	r, err := g.As(who).JudgeObjectiveWithResponse(g.T.Context(), g.objective, &api.JudgeObjectiveParams{IfMatch: etag(g.judged(who).Version)}, body)
	apitest.OK(g.T, r, err)
}

// listed is a step as it stands in somebody's list.
func (g guarded) listed(who, name string) api.Step {
	g.T.Helper()
	list, err := g.As(who).ListStepsWithResponse(g.T.Context(), g.appraisal)
	apitest.OK(g.T, list, err)
	i := slices.IndexFunc(list.JSON200.Items, func(s api.Step) bool { return s.Step == name })
	require.GreaterOrEqual(g.T, i, 0, name)
	return list.JSON200.Items[i]
}

func (g guarded) returns(who, from, to string) (int, string) {
	g.T.Helper()
	r, err := g.As(who).ReturnStepWithResponse(g.T.Context(), g.appraisal, from, &api.ReturnStepParams{IfMatch: stepTag(g.Process, who, from)}, api.ReturnStep{To: to, Reason: "Too generous."})
	return r.StatusCode(), verdict(g.Process, r, err)
}

// signatureStands says whether what Ada has signed is still what stands there.
func (g guarded) signatureStands(t *testing.T) bool {
	t.Helper()
	return reportSection(t, g.report("ada"), "signed").Signatures[0].Stands.MustGet()
}

var onlyTheirs = []string{"not_your_act"}

func TestNobodyLearnsTooEarlyNorGetsRoundTheEndOfTheYear(t *testing.T) {
	t.Parallel()
	g := newGuarded(t)
	g.statesAndSigns(t)
	g.decidedBehindTheDoor(t)
	g.payIsNotForTheReviewer(t)
	g.heardByThePanel(t)
	g.judgedAnewByDov(t)
}

// statesAndSigns: a reviewee passes nobody's step over, sees no reason that is not theirs to act on,
// and a signature does not outlive what was signed.
func (g guarded) statesAndSigns(t *testing.T) {
	t.Helper()
	g.judge("ada", api.JudgeObjective{Code: ptr("met"), Text: ptr("Every lesson began with reading.")})
	g.done("ada", "outcome.reflect", api.SaveStep{})
	skipped := api.CompleteStepResult("skipped")
	g.judge("ben", api.JudgeObjective{Code: ptr("met")})
	past, err := g.complete("ada", "outcome.state", api.CompleteStep{Result: &skipped, Reason: ptr("Ben is slow.")})
	apitest.Refused(t, past, err, 403, "not_your_act")
	g.done("ben", "outcome.state", api.SaveStep{Answers: map[string]any{"statement": "A good year."}, Rating: &api.RatingInput{Code: ptr("met")}})
	g.done("ada", "outcome.sign", api.SaveStep{})
	assert.True(t, g.signatureStands(t))

	status, code := g.returns("cho", "outcome.decide", "outcome.state")
	require.Equal(t, []any{200, "done"}, []any{status, code})
	assert.Equal(t, "Too generous.", g.listed("ben", "outcome.state").ReturnedReason.MustGet())
	assert.Equal(t, "Too generous.", g.listed("hr", "outcome.state").ReturnedReason.MustGet())
	assert.True(t, g.listed("ada", "outcome.state").ReturnedReason.IsNull(), "what the head says of the statement is said to whoever makes it")
	g.done("ben", "outcome.state", api.SaveStep{})
	g.done("ada", "outcome.sign", api.SaveStep{})
	assert.True(t, g.signatureStands(t))
	g.judge("ada", api.JudgeObjective{Code: ptr("met"), Text: ptr("Every lesson but one began with reading.")})
	assert.False(t, g.signatureStands(t), "she signed other words")
}

// decidedBehindTheDoor: a decision that is not released is seen neither by whom it is about, nor by a
// head of whom it is, though they head the unit.
func (g guarded) decidedBehindTheDoor(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	g.done("cho", "outcome.decide", api.SaveStep{Rating: &api.RatingInput{Code: ptr("exceeded"), Reason: ptr("She carried the whole year group.")}})
	assert.True(t, g.step("ada", "outcome.decide").Answers.IsNull(), "what is stated is seen, what is decided is not")
	assert.False(t, g.step("hr", "outcome.decide").Answers.IsNull())

	cho := g.Process.Appraisal("cho").ID
	step := func(who, name string, body api.SaveStep) {
		t.Helper()
		s, err := g.As(who).SaveStepWithResponse(ctx, cho, name, &api.SaveStepParams{IfMatch: etag(0)}, body)
		apitest.OK(t, s, err)
		c, err := g.As(who).CompleteStepWithResponse(ctx, cho, name, &api.CompleteStepParams{IfMatch: etag(1)}, api.CompleteStep{})
		apitest.OK(t, c, err)
	}
	step("cho", "outcome.reflect", api.SaveStep{})
	step("eve", "outcome.state", api.SaveStep{Answers: map[string]any{"statement": "A steady hand."}, Rating: &api.RatingInput{Code: ptr("met")}})
	step("cho", "outcome.sign", api.SaveStep{})
	step("eve", "outcome.decide", api.SaveStep{})
	own, err := g.As("cho").GetOutcomeWithResponse(ctx, cho)
	apitest.OK(t, own, err)
	assert.True(t, own.JSON200.Rating.IsNull(), "a head is told of their own year when everybody else is")

	g.done("hr", "outcome.file", api.SaveStep{})
	seen, err := g.As("ada").GetOutcomeWithResponse(ctx, g.appraisal)
	apitest.OK(t, seen, err)
	assert.Equal(t, "exceeded", seen.JSON200.Rating.MustGet().Code)
}

// payIsNotForTheReviewer: what is drafted or said on pay reaches nobody by a side door, and what was
// decided is reopened by nobody's right of comment.
func (g guarded) payIsNotForTheReviewer(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	refusing := api.PayChoice{Progression: noProgression, Reason: why("The year group fell behind.")}
	s, err := g.save("cho", "pay.propose", api.SaveStep{Pay: &refusing})
	apitest.OK(t, s, err)
	for _, who := range []string{"ada", "ben"} {
		assert.Equal(t, onlyTheirs, codesOf(t, g.listed(who, "pay.propose").AllowedActions, "complete"), "%s learns nothing of a draft", who)
	}
	s, err = g.save("cho", "pay.propose", api.SaveStep{Pay: &api.PayChoice{Progression: progress, Reason: why("Two strong terms.")}})
	apitest.OK(t, s, err)
	g.done("cho", "pay.propose", api.SaveStep{})
	unread, err := g.As("ben").GetPayOutcomeWithResponse(ctx, g.appraisal)
	apitest.Refused(t, unread, err, 403, "not_your_act")
	assert.True(t, g.step("ben", "pay.propose").Pay.IsNull(), "pay is no more his in its step than in its outcome")
	assert.Equal(t, api.PayChoiceMadeProgressionProgress, g.step("hr", "pay.propose").Pay.MustGet().Progression)

	r, err := g.As("hr").FillOfficeWithResponse(ctx, nil, api.FillOffice{Code: "hr", UnitID: g.Root, PersonID: g.As("ada").ID})
	apitest.OK(t, r, err)
	assert.Empty(t, payRead(g.Process, "ada", "ada").Working, "HR's own pay is worked out by others")
	assert.NotEmpty(t, payRead(g.Process, "hr", "ada").Working)
	v, err := g.As("hr").EndOfficeWithResponse(ctx, r.JSON201.ID, &api.EndOfficeParams{IfMatch: etag(1)}, api.EndFrom{On: apitest.Day("2027-08-02")})
	apitest.OK(t, v, err)

	g.done("hr", "pay.settle", api.SaveStep{})
	status, code := g.returns("cho", "pay.word", "pay.settle")
	assert.Equal(t, []any{409, "pay_settled"}, []any{status, code})
	asked, err := g.As("ada").RequestCorrectionWithResponse(ctx, g.appraisal, nil, api.RequestCorrection{Part: "pay", Text: "The point is M6.", Reason: "It says M5."})
	apitest.OK(t, asked, err)
	done, err := g.As("hr").DecideCorrectionWithResponse(ctx, asked.JSON201.ID, &api.DecideCorrectionParams{IfMatch: etag(1)}, api.DecideCorrection{Result: "accepted"})
	apitest.OK(t, done, err)
	for who, want := range map[string]int{"ada": 1, "cho": 1, "ben": 0} {
		list, err := g.As(who).ListCorrectionsWithResponse(ctx, g.appraisal, nil)
		apitest.OK(t, list, err)
		o, err := g.As(who).GetOutcomeWithResponse(ctx, g.appraisal)
		apitest.OK(t, o, err)
		assert.Equal(t, []int{want, want, want}, []int{len(list.JSON200.Items), len(o.JSON200.Corrections), len(g.report(who).Corrections)}, who)
	}
	one, err := g.As("ben").GetCorrectionWithResponse(ctx, asked.JSON201.ID)
	apitest.Refused(t, one, err, 404, "not_found")
}

// heardByThePanel: whoever hears an appeal against pay reads the pay, and somebody who is let in reads
// the report as a head does, and no pay.
func (g guarded) heardByThePanel(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	shut, err := g.As("fay").GetPayOutcomeWithResponse(ctx, g.appraisal)
	apitest.Refused(t, shut, err, 404, "not_found")
	a, err := lodge(g.Process, "ada", "pay", api.LodgeAppeal{})
	apitest.OK(t, a, err)
	assert.Equal(t, "progressed", string(payRead(g.Process, "fay", "ada").Decision.MustGet().Result))
	d, err := decideAppeal(g.Process, "fay", a.JSON201.ID, 1, api.DecideAppeal{Result: "stands", Reason: "It follows the table."})
	apitest.OK(t, d, err)

	let, err := g.As("hr").CreateAccessGrantWithResponse(ctx, nil, grantTo(g.Process, g.As("dov").ID, "2027-08-20"))
	apitest.OK(t, let, err)
	assert.Equal(t, []string{"statement", "signed"}, sectionsOf(g.report("dov")))
	assert.True(t, g.step("dov", "pay.propose").Pay.IsNull())
	list, err := g.As("dov").ListCorrectionsWithResponse(ctx, g.appraisal, nil)
	apitest.OK(t, list, err)
	assert.Empty(t, list.JSON200.Items)
	ended, err := g.As("hr").EndAccessGrantWithResponse(ctx, let.JSON201.ID, &api.EndAccessGrantParams{IfMatch: etag(1)})
	apitest.OK(t, ended, err)
}

// judgedAnewByDov: a year that is judged anew is judged by whoever is named, in each objective, and
// shows them nothing of the pay of the round before.
func (g guarded) judgedAnewByDov(t *testing.T) {
	t.Helper()
	ctx, dov := t.Context(), g.As("dov").ID
	a, err := lodge(g.Process, "ada", "statement", api.LodgeAppeal{})
	apitest.OK(t, a, err)
	d, err := decideAppeal(g.Process, "fay", a.JSON201.ID, 1, api.DecideAppeal{Result: "redone", Reason: "Anew.", ReviewerID: &dov})
	apitest.OK(t, d, err)
	now := g.judged("dov")
	assert.True(t, now.Reviewer.IsNull())
	assert.False(t, now.Reviewee.IsNull(), "what Ada said stands")
	assert.Contains(t, codesOf(t, g.listed("dov", "outcome.state").AllowedActions, "complete"), "judgement_missing")
	earlier, err := g.As("dov").ListEarlierStepsWithResponse(ctx, g.appraisal)
	apitest.OK(t, earlier, err)
	for _, s := range earlier.JSON200.Items {
		assert.Equal(t, s.Step == "pay.propose" || s.Step == "pay.settle", s.Answers.IsNull(), s.Step)
	}
}
