package httpapi_test

import (
	"encoding/json"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

// appealRules are a year that Ben states and the head decides, with appeals of two stages.
const appealRules = `{"schema":1,"rules":{"outcome":{"chain":[
	{"code":"state","label":"Statement","order":1,"party":"reviewer","acts":["state","recommend"],"form":"statement","required":true},
	{"code":"decide","label":"Decision","order":2,"party":"head","acts":["decide"],"required":true}]},
	"appeals":{"late_by":"hr","grounds":[{"code":"facts","label":"The facts are wrong"}],"remedies":["stands","amended","redone"],
		"pay":[{"code":"first","label":"First hearing","party":"head","lodge_days":10,"decide_days":20,"in":"working_days"},
			{"code":"second","label":"Second hearing","party":"office:chair","lodge_days":5,"decide_days":10,"first_day_counts":true,"companion":true}],
		"statement":[{"code":"review","label":"Review","party":"head","lodge_days":14,"decide_days":14},
			{"code":"board","label":"Board","party":"office:chair","lodge_days":7,"decide_days":7}]}}}`

// released is a small trust in which Ada's outcome was released on Monday 2 August: Ben stated that
// the year was met, Cho, the head, decided so, and pay is not linked.
func released(t *testing.T) *apitest.Process {
	t.Helper()
	p := apitest.NewProcess(t, apitest.ProcessSetup{Document: document(t, appealRules)})
	release(p)
	return p
}

func release(p *apitest.Process) {
	p.T.Helper()
	state(p)
	saveStep(p, "cho", "outcome.decide", api.SaveStep{})
	done, err := completeStep(p, "cho", "outcome.decide")
	apitest.OK(p.T, done, err)
}

func getAppeal(p *apitest.Process, who string, id uuid.UUID) api.Appeal {
	p.T.Helper()
	r, err := p.As(who).GetAppealWithResponse(p.T.Context(), id)
	apitest.OK(p.T, r, err)
	return *r.JSON200
}

func optionOf(p *apitest.Process, who, against string) api.AppealOption {
	p.T.Helper()
	r, err := p.As(who).ListAppealsWithResponse(p.T.Context(), p.Appraisal("ada").ID)
	apitest.OK(p.T, r, err)
	for _, o := range r.JSON200.Options {
		if string(o.Against) == against {
			return o
		}
	}
	require.Fail(p.T, "no such option", against)
	return api.AppealOption{}
}

// awaits says whether something of the kind waits for somebody, and by when.
func awaits(p *apitest.Process, who, kind string) string {
	p.T.Helper()
	me, err := p.As(who).GetMeWithResponse(p.T.Context())
	apitest.OK(p.T, me, err)
	for _, w := range me.JSON200.Waiting {
		if w.Kind == kind && w.DueOn.IsNull() {
			return "some day"
		}
		if w.Kind == kind {
			return w.DueOn.MustGet().String()
		}
	}
	return ""
}

// review is everything of Ada's review, as HR reads it.
func review(p *apitest.Process) string {
	p.T.Helper()
	ctx, hr, id := p.T.Context(), p.World.HR, p.Appraisal("ada").ID
	outcome, err := hr.GetOutcomeWithResponse(ctx, id)
	apitest.OK(p.T, outcome, err)
	steps, err := hr.ListStepsWithResponse(ctx, id)
	apitest.OK(p.T, steps, err)
	stated, err := hr.GetStepWithResponse(ctx, id, "outcome.state")
	apitest.OK(p.T, stated, err)
	return string(outcome.Body) + string(steps.Body) + string(stated.Body)
}

func payDecisions(p *apitest.Process) []api.PayDecision {
	p.T.Helper()
	r, err := p.World.HR.GetPayOutcomeWithResponse(p.T.Context(), p.Appraisal("ada").ID)
	apitest.OK(p.T, r, err)
	return r.JSON200.History
}

func codesOf(t *testing.T, actions []api.AllowedAction, name string) (codes []string) {
	t.Helper()
	for _, a := range actions {
		if a.Action == name {
			for _, r := range a.Refusals {
				codes = append(codes, r.Code)
			}
			return codes
		}
	}
	require.Fail(t, "no such action", name)
	return nil
}

func TestAnAppealAgainstPayReopensTheDecisionAndNeverTheReview(t *testing.T) {
	t.Parallel()
	p := apitest.NewProcess(t, apitest.ProcessSetup{Document: document(t, appealRules)})
	nothingToAppealAgainstYet(t, p)
	release(p)
	anAppealIsOpenToAdaAlone(t, p)
	badAppealsAreRefused(t, p)
	a := adaAppealsOnFacts(t, p)
	whatWasWrittenIsReadByFew(t, p, a)
	nobodyWhoTookPartDecides(t, p, a)
	badDecisionsAreRefused(t, p, a)
	a = eveChangesThePay(t, p, a)
	a = fayHearsTheSecondStage(t, p, a)
	nothingIsLeftToDo(t, p, a)
}

// onFacts is an appeal on the ground of facts, onePointMore what Eve decides on it.
var (
	onFacts      = api.LodgeAppeal{Ground: ptr("facts")}
	onePointMore = api.DecideAppeal{Result: "changed", Reason: "The spring term counts.", Progression: ptr(api.DecideAppealProgression("progress")), Awards: []api.Award{{Kind: "points", Amount: "1"}}}
)

func nothingToAppealAgainstYet(t *testing.T, p *apitest.Process) {
	t.Helper()
	early, err := lodge(p, "ada", "pay", onFacts)
	apitest.Refused(t, early, err, 409, "pay_not_decided")
	assert.Equal(t, []string{"pay_not_decided"}, codesOf(t, optionOf(p, "ada", "pay").AllowedActions, "lodge"))
	early, err = lodge(p, "ada", "statement", onFacts)
	apitest.Refused(t, early, err, 409, "outcome_not_released")
}

func anAppealIsOpenToAdaAlone(t *testing.T, p *apitest.Process) {
	t.Helper()
	open := optionOf(p, "ada", "pay")
	assert.Equal(t, "2027-08-16", open.UntilOn.MustGet().String(), "ten working days after Monday 2 August")
	assert.Equal(t, []uuid.UUID{p.As("eve").ID}, open.PersonIds, "the head took part, so whoever stands above hears it")
	assert.Empty(t, codesOf(t, open.AllowedActions, "lodge"))
	assert.Equal(t, []string{"not_your_act"}, codesOf(t, optionOf(p, "ben", "pay").AllowedActions, "lodge"))
}

func badAppealsAreRefused(t *testing.T, p *apitest.Process) {
	t.Helper()
	no, err := lodge(p, "ada", "pay", api.LodgeAppeal{})
	refused := apitest.Refused(t, no, err, 422, "ground_required")
	assert.Equal(t, "appeals.grounds", refused.Refusals[0].Policy.MustGet().Parameter)
	no, err = lodge(p, "ada", "pay", api.LodgeAppeal{Ground: ptr("taste")})
	apitest.Refused(t, no, err, 422, "unknown_ground")
	no, err = lodge(p, "ada", "pay", api.LodgeAppeal{Ground: ptr("facts"), Text: " "})
	apitest.Refused(t, no, err, 422, "required")
	id := p.Appraisal("ada").ID
	for who, status := range map[string]int{"ben": 403, "dov": 404} {
		r, err := p.As(who).LodgeAppealWithResponse(t.Context(), id, nil, api.LodgeAppeal{Against: "pay", Text: "No."})
		require.NoError(t, err)
		assert.Equal(t, status, r.StatusCode(), who)
	}
}

func adaAppealsOnFacts(t *testing.T, p *apitest.Process) api.Appeal {
	t.Helper()
	made, err := lodge(p, "ada", "pay", onFacts)
	apitest.OK(t, made, err)
	a := *made.JSON201
	assert.Equal(t, api.AppealStatus("lodged"), a.Status)
	assert.Equal(t, "2027-08-30", a.DueOn.MustGet().String(), "twenty working days after it was lodged")
	no, err := lodge(p, "ada", "pay", onFacts)
	apitest.Refused(t, no, err, 409, "appeal_exists")
	assert.Equal(t, "2027-08-30", awaits(p, "eve", "decide_appeal"))
	assert.Empty(t, awaits(p, "cho", "decide_appeal"), "the head took part")
	return a
}

func whatWasWrittenIsReadByFew(t *testing.T, p *apitest.Process, a api.Appeal) {
	t.Helper()
	for who, told := range map[string]bool{"ada": true, "eve": true, "hr": true, "ben": false, "cho": false} {
		seen := getAppeal(p, who, a.ID)
		assert.Equal(t, told, !seen.Stages[0].Text.IsNull(), "%s reads what was written", who)
		assert.Equal(t, api.AppealStatus("lodged"), seen.Status, who)
	}
	hidden, err := p.As("dov").GetAppealWithResponse(t.Context(), a.ID)
	apitest.Refused(t, hidden, err, 404, "not_found")
	list, err := p.As("ada").ListAppealsWithResponse(t.Context(), p.Appraisal("ada").ID)
	apitest.OK(t, list, err)
	assert.True(t, list.JSON200.Items[0].Stages[0].Text.IsNull(), "a list holds no texts")
}

func nobodyWhoTookPartDecides(t *testing.T, p *apitest.Process, a api.Appeal) {
	t.Helper()
	for who, code := range map[string]string{"ben": "not_your_act", "cho": "not_your_act", "hr": "not_your_act"} {
		r, err := decideAppeal(p, who, a.ID, a.Version, onePointMore)
		refused := apitest.Refused(t, r, err, 403, code)
		assert.Equal(t, "appeals.pay", refused.Refusals[0].Policy.MustGet().Parameter)
	}
	own, err := decideAppeal(p, "ada", a.ID, a.Version, onePointMore)
	require.NoError(t, err)
	assert.Equal(t, 403, own.StatusCode())
}

func badDecisionsAreRefused(t *testing.T, p *apitest.Process, a api.Appeal) {
	t.Helper()
	stale, err := decideAppeal(p, "eve", a.ID, a.Version+1, onePointMore)
	apitest.Refused(t, stale, err, 412, "stale_version")
	for code, body := range map[string]api.DecideAppeal{
		"not_of_pay":        {Result: "redone", Reason: "No."},
		"required":          {Result: "changed", Reason: "Yes."},
		"of_another_result": {Result: "stands", Reason: "No.", ReviewerID: &a.ID},
		"reason_required":   {Result: "stands", Reason: "  "},
	} {
		r, err := decideAppeal(p, "eve", a.ID, a.Version, body)
		apitest.Refused(t, r, err, 422, code)
	}
}

func eveChangesThePay(t *testing.T, p *apitest.Process, a api.Appeal) api.Appeal {
	t.Helper()
	before := review(p)
	p.On("2027-08-31")
	decided, err := decideAppeal(p, "eve", a.ID, a.Version, onePointMore)
	apitest.OK(t, decided, err)
	assert.Equal(t, before, review(p), "the review stays byte for byte as it was")
	assert.True(t, decided.JSON200.Stages[0].Overdue, "late is marked, never refused")
	assert.Equal(t, "2027-09-04", decided.JSON200.NextStageUntil.MustGet().String(), "five days, the day of the decision being the first")
	history := payDecisions(p)
	require.Len(t, history, 2)
	assert.Equal(t, api.PayDecisionResult("not_linked"), history[0].Result, "what was decided first is kept")
	assert.Equal(t, api.PayDecisionKind("appeal"), history[1].Kind)
	assert.Equal(t, onePointMore.Awards, history[1].Awards)
	return *decided.JSON200
}

func fayHearsTheSecondStage(t *testing.T, p *apitest.Process, a api.Appeal) api.Appeal {
	t.Helper()
	ctx := t.Context()
	none, err := p.As("fay").GetAppealWithResponse(ctx, a.ID)
	require.NoError(t, err)
	assert.Contains(t, []int{403, 404}, none.StatusCode(), "the chair has nothing to do with it yet")
	next, err := p.As("ada").LodgeNextStageWithResponse(ctx, a.ID, &api.LodgeNextStageParams{IfMatch: etag(a.Version)}, api.LodgeNextStage{Text: "Two points."})
	apitest.OK(t, next, err)
	assert.Equal(t, "2027-09-09", next.JSON200.DueOn.MustGet().String())
	assert.Equal(t, "2027-09-09", awaits(p, "fay", "decide_appeal"))
	seen := getAppeal(p, "fay", a.ID)
	assert.Equal(t, "My spring term was not weighed.", seen.Stages[0].Text.MustGet(), "whoever hears it reads the stages before")
	heard, err := p.As("fay").ScheduleHearingWithResponse(ctx, a.ID, &api.ScheduleHearingParams{IfMatch: etag(seen.Version)}, api.ScheduleHearing{HearingOn: apitest.Day("2027-09-03"), Companion: ptr(true)})
	apitest.OK(t, heard, err)
	assert.True(t, heard.JSON200.Stages[1].Companion)
	last, err := decideAppeal(p, "fay", a.ID, heard.JSON200.Version, api.DecideAppeal{Result: "stands", Reason: "One is right."})
	apitest.OK(t, last, err)
	require.Len(t, payDecisions(p), 2, "what stands appends nothing")
	gone, err := p.As("fay").GetAppealWithResponse(ctx, a.ID)
	require.NoError(t, err)
	assert.Contains(t, []int{403, 404}, gone.StatusCode(), "the seat ends when the stage is decided")
	return *last.JSON200
}

func nothingIsLeftToDo(t *testing.T, p *apitest.Process, a api.Appeal) {
	t.Helper()
	ctx := t.Context()
	end, err := p.As("ada").LodgeNextStageWithResponse(ctx, a.ID, &api.LodgeNextStageParams{IfMatch: etag(a.Version)}, api.LodgeNextStage{Text: "Again."})
	apitest.Refused(t, end, err, 409, "no_further_stage")
	back, err := p.As("ada").WithdrawAppealWithResponse(ctx, a.ID, &api.WithdrawAppealParams{IfMatch: etag(a.Version)})
	apitest.Refused(t, back, err, 409, "wrong_status")
	raw, err := json.Marshal(getAppeal(p, "ada", a.ID).AllowedActions)
	require.NoError(t, err)
	assert.NotContains(t, string(raw), `"allowed":true`, "nothing is left to do")
}
