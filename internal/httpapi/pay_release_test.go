package httpapi_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

// payUnseen holds that nothing of what was decided on Ada's pay reaches those who do not act on it:
// Ada herself, and Ben, who only recommended.
func payUnseen(t *testing.T, p *apitest.Process) {
	t.Helper()
	ctx, id := t.Context(), p.Appraisal("ada").ID
	for _, who := range []string{"ada", "ben"} {
		o := payRead(p, who, "ada")
		require.True(t, o.Decision.IsNull(), who)
		require.Equal(t, []any{0, 0, true}, []any{len(o.History), o.Version, o.AppealUntil.IsNull()}, who)
		step, err := p.As(who).GetStepWithResponse(ctx, id, "pay.decide_pay")
		apitest.OK(t, step, err)
		require.True(t, step.JSON200.Pay.IsNull(), who)
		require.True(t, step.JSON200.Answers.IsNull(), who)
		require.True(t, step.JSON200.Step.ReturnedReason.IsNull(), who)
		report, err := p.As(who).GetAppraisalReportWithResponse(ctx, id)
		apitest.OK(t, report, err)
		require.NotContains(t, string(report.Body), "misread", who)
		for _, s := range report.JSON200.Sections {
			require.True(t, s.Pay.IsNull(), who)
		}
		told, err := p.As(who).GetTimelineWithResponse(ctx, id, nil)
		apitest.OK(t, told, err)
		require.NotContains(t, string(told.Body), "Pay was decided.", who)
	}
	for name, held := range heldOnPay(p) {
		require.False(t, strings.Contains(held, "misread") || strings.Contains(held, "no_award"), name)
	}
	require.Empty(t, payRead(p, "ada", "ada").Awards)
	require.Equal(t, []string{"pay_not_decided"}, codesOf(t, optionOf(p, "ada", "pay").AllowedActions, "lodge"))
}

// heldOnPay are the files of pay in what Ada is given when she asks what is held about her.
func heldOnPay(p *apitest.Process) map[string]string {
	p.T.Helper()
	return heldOf(p, "pay_decisions.json", "pay_recommendations.json", "steps.json", "earlier_steps.json", "audit_events.json")
}

// toldLater is a year whose statement recommends pay, which HR decides and the head approves, with
// appeals against both.
const toldLater = `{"schema":1,"rules":{` + recommending + `,"pay":{"link":"recommendation","chain":[` + decides + `,
	{"code":"approve","label":"Approval","order":2,"party":"head","acts":["approve"],"required":true}]},
	"report":{"sections":[{"code":"pay","label":"Pay","holds":"pay","to":["reviewee","reviewer","head","hr"]}]},
	"appeals":{"late_by":"hr","grounds":[],"remedies":["stands","redone"],
		"pay":[{"code":"first","label":"First hearing","party":"head","lodge_days":10,"decide_days":20,"in":"working_days"}],
		"statement":[{"code":"review","label":"Review","party":"head","lodge_days":90,"decide_days":14}]}}}`

// stepsOnPay has the others do steps of Ada's year, one after the other.
func stepsOnPay(p *apitest.Process, choice api.PayChoice, steps ...[2]string) {
	p.T.Helper()
	for _, s := range steps {
		if s[1] == "pay.decide_pay" {
			d, err := savePay(p, s[0], s[1], choice)
			apitest.OK(p.T, d, err)
		}
		done, err := completeStep(p, s[0], s[1])
		apitest.OK(p.T, done, err)
	}
}

// The days for an appeal count from the day on which the person was told, and what was told stays
// told while the year is judged anew: until the new decision is released as well.
func TestADecisionOnPayIsToldWithTheReleaseOfItsChain(t *testing.T) {
	t.Parallel()
	p := newPayProcess(t, toldLater, apitest.ProcessSetup{})
	stateOn(p, &api.PayChoice{Progression: progress})
	refused := api.PayChoice{Progression: noProgression, Reason: why("The table was misread.")}
	stepsOnPay(p, refused, [2]string{"ben", "outcome.state"}, [2]string{"hr", "pay.decide_pay"})
	payUnseen(t, p)
	report := payOfReport(p, "hr")
	require.False(t, report.Pay.IsNull(), "HR reads what is decided")
	require.True(t, report.ReceivedOn.IsNull(), "and nobody has received it")
	p.On("2027-08-16")
	stepsOnPay(p, refused, [2]string{"cho", "pay.approve"})

	ada := payRead(p, "ada", "ada")
	require.Equal(t, []string{"1 decision no_award"}, decisions(ada))
	require.Equal(t, "2027-08-30", ada.AppealUntil.MustGet().String(), "ten working days after Monday 16 August")
	require.Equal(t, "2027-08-30", payRead(p, "hr", "ada").AppealUntil.MustGet().String())
	require.Equal(t, "2027-08-30", optionOf(p, "ada", "pay").UntilOn.MustGet().String())
	require.Equal(t, "2027-08-16", payOfReport(p, "ada").ReceivedOn.MustGet().String())
	held := heldOnPay(p)
	require.Contains(t, held["pay_decisions.json"]+held["steps.json"], "misread")
	require.Contains(t, held["audit_events.json"], "no_award")
	step, err := p.As("ada").GetStepWithResponse(t.Context(), p.Appraisal("ada").ID, "pay.decide_pay")
	apitest.OK(t, step, err)
	require.Equal(t, "no_progression", string(step.JSON200.Pay.MustGet().Progression))
	told, err := p.As("ada").GetTimelineWithResponse(t.Context(), p.Appraisal("ada").ID, nil)
	apitest.OK(t, told, err)
	require.Contains(t, string(told.Body), "Pay was decided.")
	judgedAnewOnPay(t, p)
}

// payOfReport is the section on pay of Ada's report.
func payOfReport(p *apitest.Process, who string) api.ReportSection {
	p.T.Helper()
	r, err := p.As(who).GetAppraisalReportWithResponse(p.T.Context(), p.Appraisal("ada").ID)
	apitest.OK(p.T, r, err)
	require.Len(p.T, r.JSON200.Sections, 1)
	return r.JSON200.Sections[0]
}

// judgedAnewOnPay has Dov state the year anew: what was told of its pay stands until the head approves
// what HR decides now.
func judgedAnewOnPay(t *testing.T, p *apitest.Process) {
	t.Helper()
	dov := p.As("dov").ID
	made, err := lodge(p, "ada", "statement", api.LodgeAppeal{})
	apitest.OK(t, made, err)
	decided, err := decideAppeal(p, "eve", made.JSON201.ID, made.JSON201.Version, api.DecideAppeal{Result: "redone", Reason: "Anew.", ReviewerID: &dov})
	apitest.OK(t, decided, err)
	before := []string{"1 decision no_award"}
	require.Equal(t, before, decisions(payRead(p, "ada", "ada")))
	saveStep(p, "dov", "outcome.state", api.SaveStep{Answers: map[string]any{"statement": "A very good year."}, Pay: &api.PayChoice{Progression: progress}})
	stepsOnPay(p, api.PayChoice{Progression: progress}, [2]string{"dov", "outcome.state"}, [2]string{"hr", "pay.decide_pay"})
	for _, who := range []string{"ada", "dov"} {
		o := payRead(p, who, "ada")
		require.Equal(t, before, decisions(o), who)
		require.Equal(t, 1, o.Decision.MustGet().N, who)
	}
	require.Equal(t, 1, len(decisions(payRead(p, "ada", "ada"))))
	require.Equal(t, 2, payRead(p, "hr", "ada").Decision.MustGet().N)
	p.On("2027-08-23")
	stepsOnPay(p, api.PayChoice{}, [2]string{"cho", "pay.approve"})
	ada := payRead(p, "ada", "ada")
	require.Equal(t, []string{"1 decision no_award", "2 decision progressed"}, decisions(ada), "both were told")
	require.Equal(t, "2027-09-06", ada.AppealUntil.MustGet().String())
}

// A round that ended before its pay was approved told nobody what HR had decided, and does not later.
func TestWhatAnEarlierRoundNeverReleasedIsNeverTold(t *testing.T) {
	t.Parallel()
	p := newPayProcess(t, toldLater, apitest.ProcessSetup{})
	stateOn(p, &api.PayChoice{Progression: progress})
	stepsOnPay(p, api.PayChoice{Progression: noProgression, Reason: why("The table was misread.")}, [2]string{"ben", "outcome.state"}, [2]string{"hr", "pay.decide_pay"})
	made, err := lodge(p, "ada", "statement", api.LodgeAppeal{})
	apitest.OK(t, made, err)
	dov := p.As("dov").ID
	decided, err := decideAppeal(p, "cho", made.JSON201.ID, made.JSON201.Version, api.DecideAppeal{Result: "redone", Reason: "Anew.", ReviewerID: &dov})
	apitest.OK(t, decided, err)
	for who, seen := range map[string]bool{"ada": false, "dov": false, "hr": true, "cho": true} {
		kept, err := p.As(who).ListEarlierStepsWithResponse(t.Context(), p.Appraisal("ada").ID)
		apitest.OK(t, kept, err)
		require.Len(t, kept.JSON200.Items, 2)
		assert.Equal(t, "outcome.state", kept.JSON200.Items[0].Step)
		assert.False(t, kept.JSON200.Items[0].Answers.IsNull(), who)
		assert.Equal(t, !seen, kept.JSON200.Items[1].Answers.IsNull(), who)
	}
	saveStep(p, "dov", "outcome.state", api.SaveStep{Answers: map[string]any{"statement": "A very good year."}, Pay: &api.PayChoice{Progression: progress}})
	stepsOnPay(p, api.PayChoice{Progression: progress}, [2]string{"dov", "outcome.state"}, [2]string{"hr", "pay.decide_pay"}, [2]string{"cho", "pay.approve"})
	require.Equal(t, []string{"2 decision progressed"}, decisions(payRead(p, "ada", "ada")))
	require.Equal(t, []string{"1 decision no_award", "2 decision progressed"}, decisions(payRead(p, "hr", "ada")))
	for name, held := range heldOnPay(p) {
		require.NotContains(t, held, "misread", name)
		require.NotContains(t, held, "no_award", name)
	}
	require.Contains(t, heldOnPay(p)["audit_events.json"], "progressed", "and what was released is told")
}
