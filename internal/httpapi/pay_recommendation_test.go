package httpapi_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// approvedPay is a year whose statement recommends pay, which HR decides and the head approves; the
// office slt grants exceptions.
const approvedPay = `{"schema":1,"rules":{` + recommending + `,"pay":{"link":"recommendation","exception_by":"office:slt","chain":[` + decides + `,
	{"code":"approve","label":"Approval","order":2,"party":"head","acts":["approve"],"required":true}]}}}`

func newPayProcess(t *testing.T, document string, s apitest.ProcessSetup) *apitest.Process {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(document), &s.Document))
	return apitest.NewProcess(t, s)
}

// grant gives Ada a bonus beyond the rule.
func grant(p *apitest.Process, who string) (*client.GrantExceptionalAwardResponse, error) {
	return p.As(who).GrantExceptionalAwardWithResponse(p.T.Context(), p.Appraisal("ada").ID, nil,
		api.GrantExceptionalAward{Awards: []api.Award{{Kind: "bonus_percent", Amount: "3"}}, Reason: "Led two teams for a term."})
}

func savePay(p *apitest.Process, who, step string, choice api.PayChoice) (*client.SaveStepResponse, error) {
	p.T.Helper()
	return p.As(who).SaveStepWithResponse(p.T.Context(), p.Appraisal("ada").ID, step, &api.SaveStepParams{IfMatch: stepTag(p, who, step)}, api.SaveStep{Pay: &choice})
}

func why(text string) *string { return &text }

const (
	progress      = api.PayChoiceProgressionProgress
	noProgression = api.PayChoiceProgressionNoProgression
)

// What is recommended, what is decided and what is granted beyond the rule are records of their own:
// none replaces another.
func TestPayIsRecommendedDecidedReturnedAndExceptedAndEverythingStays(t *testing.T) {
	t.Parallel()
	p := newPayProcess(t, approvedPay, apitest.ProcessSetup{Before: func(p *apitest.Process) { fillOffice(p, "slt", p.As("fay").ID) }})
	setPayTable(p, onePoint("teaching", "progress"))
	benRecommends(t, p)
	hrDecidesOtherwise(t, p)
	headReturnsIt(t, p)
	sltExcepts(t, p)
}

func benRecommends(t *testing.T, p *apitest.Process) {
	t.Helper()
	stateOn(p, nil)
	bad, err := savePay(p, "ben", "outcome.state", api.PayChoice{Progression: progress, Awards: []api.Award{{Kind: "points", Amount: "0"}}})
	apitest.Refused(t, bad, err, 422, "not_an_amount")
	bad, err = savePay(p, "ben", "outcome.state", api.PayChoice{Progression: noProgression, Awards: []api.Award{{Kind: "points", Amount: "1"}}})
	apitest.Refused(t, bad, err, 422, "award_without_progression")
	done, err := completeStep(p, "ben", "outcome.state")
	apitest.Refused(t, done, err, 422, "pay_required")
	d, err := savePay(p, "ben", "outcome.state", api.PayChoice{Progression: progress})
	apitest.OK(t, d, err)
	require.Equal(t, api.PayChoiceMadeProgressionProgress, d.JSON200.Pay.MustGet().Progression)
	early := payRead(p, "hr", "ada")
	require.Equal(t, []string{"outcome_not_released"}, refusedFor(early.Refusals))
	require.True(t, early.Recommendation.IsNull())
	done, err = completeStep(p, "ben", "outcome.state")
	apitest.OK(t, done, err)

	hr := payRead(p, "hr", "ada")
	require.Equal(t, []any{true, 0, "2027-10-31", false}, []any{hr.Covered, hr.Version, hr.DueOn.MustGet().String(), hr.Late})
	require.Equal(t, []api.Award{{Kind: "points", Amount: "1"}}, hr.Awards, "what the row of the table brings")
	require.Equal(t, "outcome.state", hr.Recommendation.MustGet().Step)
	require.Equal(t, hr.Awards, payRead(p, "ben", "ada").Awards, "whoever recommends sees what comes of it")
	ada := payRead(p, "ada", "ada")
	require.Empty(t, ada.Awards, "nothing is promised")
	require.Empty(t, ada.Working)
	other, err := p.As("dov").GetPayOutcomeWithResponse(t.Context(), p.Appraisal("ada").ID)
	apitest.Refused(t, other, err, 404, "not_found")
	none, err := grant(p, "fay")
	apitest.Refused(t, none, err, 409, "pay_not_decided")
}

func hrDecidesOtherwise(t *testing.T, p *apitest.Process) {
	t.Helper()
	p.On("2027-11-01")
	require.True(t, payRead(p, "hr", "ada").Late)
	d, err := savePay(p, "hr", "pay.decide_pay", api.PayChoice{Progression: noProgression})
	apitest.OK(t, d, err)
	done, err := completeStep(p, "hr", "pay.decide_pay")
	apitest.Refused(t, done, err, 422, "reason_required")
	d, err = savePay(p, "hr", "pay.decide_pay", api.PayChoice{Progression: noProgression, Reason: why("The table was misread.")})
	apitest.OK(t, d, err)
	done, err = completeStep(p, "hr", "pay.decide_pay")
	apitest.OK(t, done, err)
	require.True(t, done.JSON200.Step.Late)
	require.Equal(t, []string{"1 decision no_award"}, decisions(payRead(p, "cho", "ada")), "whoever approves it sees what was decided")
	require.Equal(t, "The table was misread.", payRead(p, "hr", "ada").Decision.MustGet().Reason.MustGet())
	ada := payRead(p, "ada", "ada")
	require.Equal(t, "progress", string(ada.Recommendation.MustGet().Progression), "what was recommended stays")
	payUnseen(t, p)
	none, err := grant(p, "fay")
	apitest.Refused(t, none, err, 409, "pay_not_decided")
}

func headReturnsIt(t *testing.T, p *apitest.Process) {
	t.Helper()
	back, err := p.As("cho").ReturnStepWithResponse(t.Context(), p.Appraisal("ada").ID, "pay.approve", &api.ReturnStepParams{IfMatch: stepTag(p, "cho", "pay.approve")},
		api.ReturnStep{To: "pay.decide_pay", Reason: "Look again."})
	apitest.OK(t, back, err)
	d, err := savePay(p, "hr", "pay.decide_pay", api.PayChoice{Progression: progress})
	apitest.OK(t, d, err)
	payUnseen(t, p)
	p.On("2027-11-15")
	for _, s := range []struct{ who, step string }{{"hr", "pay.decide_pay"}, {"cho", "pay.approve"}} {
		done, err := completeStep(p, s.who, s.step)
		apitest.OK(t, done, err)
	}
	o := payRead(p, "cho", "ada")
	require.Equal(t, []string{"1 decision no_award", "2 decision awarded"}, decisions(o))
	require.Equal(t, 2, o.Decision.MustGet().N)
	ada := payRead(p, "ada", "ada")
	require.Equal(t, []string{"2 decision awarded"}, decisions(ada), "what was sent back was never told")
	require.Equal(t, []any{2, 1, true}, []any{ada.Decision.MustGet().N, ada.Version, ada.Covered})
	require.Equal(t, []string{"2 decision awarded"}, decisions(payRead(p, "ben", "ada")))
}

func sltExcepts(t *testing.T, p *apitest.Process) {
	t.Helper()
	for who, want := range map[string]struct {
		status int
		code   string
	}{"ben": {403, "not_your_act"}, "hr": {403, "not_your_act"}, "ada": {403, "not_your_act"}, "dov": {404, "not_found"}} {
		r, err := grant(p, who)
		apitest.Refused(t, r, err, want.status, want.code)
	}
	read, err := p.As("fay").GetAppraisalWithResponse(t.Context(), p.Appraisal("ada").ID, nil)
	require.Error(t, client.Check(read), "the office opens nothing but this")
	require.NoError(t, err)
	two, err := p.As("fay").GrantExceptionalAwardWithResponse(t.Context(), p.Appraisal("ada").ID, nil, api.GrantExceptionalAward{Reason: "Twice the same.",
		Awards: []api.Award{{Kind: "bonus_percent", Amount: "3"}, {Kind: "bonus_percent", Amount: "2"}}})
	apitest.Refused(t, two, err, 422, "duplicate")
	r, err := grant(p, "fay")
	apitest.OK(t, r, err)
	require.Equal(t, []string{"2 decision awarded", "3 exception awarded"}, decisions(*r.JSON201))
	require.Equal(t, []string{"1 decision no_award", "2 decision awarded", "3 exception awarded"}, decisions(payRead(p, "hr", "ada")))
	require.Equal(t, []api.Award{{Kind: "bonus_percent", Amount: "3"}}, payRead(p, "ada", "ada").Awards)
	seen, err := p.As("ada").ListDisclosuresWithResponse(t.Context(), nil)
	apitest.OK(t, seen, err)
	require.Contains(t, string(seen.Body), p.As("fay").ID.String(), "the person sees who looked at their pay")
	away := apitest.NewWorld(t, "2027-11-01")
	gone, err := away.HR.GetPayOutcomeWithResponse(t.Context(), p.Appraisal("ada").ID)
	apitest.Refused(t, gone, err, 404, "not_found")
}

// decisions are the number, kind and result of every decision.
func decisions(o api.PayOutcome) (out []string) {
	for _, d := range o.History {
		out = append(out, string(rune('0'+d.N))+" "+string(d.Kind)+" "+string(d.Result))
	}
	return out
}

func refusedFor(refusals []api.Refusal) (codes []string) {
	for _, r := range refusals {
		codes = append(codes, r.Code)
	}
	return codes
}

// Where everybody progresses unless a step says otherwise, it is decided with the release.
func TestEverybodyProgressesUnlessTheStatementSaysOtherwise(t *testing.T) {
	t.Parallel()
	p := newPayProcess(t, `{"schema":1,"rules":{`+progressing+`}}`, apitest.ProcessSetup{})
	setPayTable(p, onePoint("support", "progress"))
	require.Equal(t, "ok", refusing(p))
	require.Equal(t, []string{"1 decision no_award"}, decisions(payRead(p, "ada", "ada")))
	p.On("2027-08-03")
	for key, want := range map[string]string{"dov": "1 decision awarded", "ben": "1 decision progressed"} {
		reviewer := map[string]string{"dov": "ben", "ben": "cho"}[key]
		id := p.Appraisal(key).ID
		s, err := p.As(reviewer).SaveStepWithResponse(t.Context(), id, "outcome.state", &api.SaveStepParams{IfMatch: etag(0)}, api.SaveStep{Answers: map[string]any{"statement": "A good year."}})
		apitest.OK(t, s, err)
		done, err := p.As(reviewer).CompleteStepWithResponse(t.Context(), id, "outcome.state", &api.CompleteStepParams{IfMatch: etag(s.JSON200.Step.Version)}, api.CompleteStep{})
		apitest.OK(t, done, err)
		require.Equal(t, []string{want}, decisions(payRead(p, key, key)), key)
	}
}
