package httpapi_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

func consent(p *apitest.Process, who string, a api.Appeal, body api.ConsentToAmendment) (int, string, api.Appeal) {
	p.T.Helper()
	r, err := p.As(who).ConsentToAmendmentWithResponse(p.T.Context(), a.ID, &api.ConsentToAmendmentParams{IfMatch: etag(a.Version)}, body)
	code := said(p, r, err)
	if r.JSON200 == nil {
		return r.StatusCode(), code, api.Appeal{}
	}
	return r.StatusCode(), code, *r.JSON200
}

// A statement is amended with the consent of whoever made it, or judged anew by somebody else, and
// what was there before is kept.
func TestAnAppealAgainstTheStatementAmendsItByConsentOrHasItRedone(t *testing.T) {
	t.Parallel()
	p := released(t)
	ctx, id := t.Context(), p.Appraisal("ada").ID
	made, err := lodge(p, "ada", "statement", api.LodgeAppeal{Ground: ptr("facts")})
	apitest.OK(t, made, err)
	a := *made.JSON201
	hearing, err := p.As("eve").ScheduleHearingWithResponse(ctx, a.ID, &api.ScheduleHearingParams{IfMatch: etag(a.Version)}, api.ScheduleHearing{HearingOn: apitest.Day("2027-08-04"), Companion: ptr(true)})
	refused := apitest.Refused(t, hearing, err, 422, "no_companion_here")
	assert.Equal(t, "appeals.statement", refused.Refusals[0].Policy.MustGet().Parameter)
	hearing, err = p.As("eve").ScheduleHearingWithResponse(ctx, a.ID, &api.ScheduleHearingParams{IfMatch: etag(a.Version)}, api.ScheduleHearing{HearingOn: apitest.Day("2027-08-01")})
	apitest.Refused(t, hearing, err, 422, "too_early")

	before := review(p)
	amendment := api.DecideAppeal{Result: "amended", Reason: "It was left out.", Amendment: ptr("The spring term is weighed as well.")}
	proposed, err := decideAppeal(p, "eve", a.ID, a.Version, amendment)
	apitest.OK(t, proposed, err)
	assert.Equal(t, api.AppealStatus("awaiting_consent"), proposed.JSON200.Status)
	assert.NotEmpty(t, awaits(p, "ben", "consent_to_amendment"))
	asked := getAppeal(p, "ben", a.ID)
	assert.Equal(t, "The spring term is weighed as well.", asked.Amendments[0].Text.MustGet())
	assert.True(t, asked.Stages[0].Text.IsNull(), "whoever is asked reads the amendment and no more")
	status, code, _ := consent(p, "cho", asked, api.ConsentToAmendment{Consents: true})
	assert.Equal(t, []any{403, "not_your_act"}, []any{status, code})
	status, code, _ = consent(p, "ben", asked, api.ConsentToAmendment{})
	assert.Equal(t, []any{422, "reason_required"}, []any{status, code})
	_, code, a = consent(p, "ben", asked, api.ConsentToAmendment{Reason: ptr("I did not see it.")})
	require.Equal(t, "ok", code)
	assert.Equal(t, api.AppealStatus("lodged"), a.Status, "another remedy is chosen, or another amendment")

	proposed, err = decideAppeal(p, "eve", a.ID, a.Version, amendment)
	apitest.OK(t, proposed, err)
	_, code, a = consent(p, "ben", *proposed.JSON200, api.ConsentToAmendment{Consents: true})
	require.Equal(t, "ok", code)
	assert.Equal(t, api.AppealStageResult("amended"), a.Stages[0].Result.MustGet())
	assert.Equal(t, p.As("eve").ID, a.Stages[0].DecidedBy.MustGet(), "whoever hears it decides")
	outcome, err := p.As("ada").GetOutcomeWithResponse(ctx, id)
	apitest.OK(t, outcome, err)
	assert.Equal(t, "A good year.", outcome.JSON200.Statement.MustGet()["statement"], "the statement stays as it was")
	require.Len(t, outcome.JSON200.Amendments, 1, "and what was agreed stands beside it, what was refused does not")
	assert.Equal(t, "The spring term is weighed as well.", outcome.JSON200.Amendments[0].Text)
	assert.Contains(t, before, "A good year.")

	next, err := p.As("ada").LodgeNextStageWithResponse(ctx, a.ID, &api.LodgeNextStageParams{IfMatch: etag(a.Version)}, api.LodgeNextStage{Text: "By somebody else."})
	apitest.OK(t, next, err)
	a = *next.JSON200
	for _, tc := range []struct{ who, code string }{{"ben", "took_part"}, {"eve", "took_part"}, {"fay", "took_part"}, {"ada", "own_appraisal"}} {
		person := p.As(tc.who).ID
		r, err := decideAppeal(p, "fay", a.ID, a.Version, api.DecideAppeal{Result: "redone", Reason: "Anew.", ReviewerID: &person})
		apitest.Refused(t, r, err, 422, tc.code)
	}
	redone(t, p, a)
}

// redone has the board give the year to Dov, who states it anew.
func redone(t *testing.T, p *apitest.Process, a api.Appeal) {
	t.Helper()
	ctx, id, dov := t.Context(), p.Appraisal("ada").ID, p.As("dov").ID
	decided, err := decideAppeal(p, "fay", a.ID, a.Version, api.DecideAppeal{Result: "redone", Reason: "Anew.", ReviewerID: &dov})
	apitest.OK(t, decided, err)
	assert.Equal(t, dov, decided.JSON200.Stages[1].ReviewerID.MustGet())
	assert.Equal(t, api.AppraisalStage("closing"), p.Appraisal("ada").Stage)
	outcome, err := p.As("ada").GetOutcomeWithResponse(ctx, id)
	apitest.OK(t, outcome, err)
	assert.False(t, outcome.JSON200.Released)
	assert.True(t, outcome.JSON200.Statement.IsNull())
	outgoing, err := p.As("ben").GetAppraisalWithResponse(ctx, id, nil)
	apitest.Refused(t, outgoing, err, 404, "not_found")
	further, err := p.As("ada").LodgeNextStageWithResponse(ctx, a.ID, &api.LodgeNextStageParams{IfMatch: etag(decided.JSON200.Version)}, api.LodgeNextStage{Text: "More."})
	apitest.Refused(t, further, err, 409, "redone")

	kept, err := p.As("ada").ListEarlierStepsWithResponse(ctx, id)
	apitest.OK(t, kept, err)
	require.Len(t, kept.JSON200.Items, 2)
	assert.Equal(t, []string{"outcome.state", "outcome.decide"}, []string{kept.JSON200.Items[0].Step, kept.JSON200.Items[1].Step})
	assert.Equal(t, "A good year.", kept.JSON200.Items[0].Answers.MustGet()["statement"])
	assert.Equal(t, "met", kept.JSON200.Items[0].Rating.MustGet().Code)
	assert.Equal(t, p.As("ben").ID, kept.JSON200.Items[0].DoneBy.MustGet())

	steps, err := p.As("dov").ListStepsWithResponse(ctx, id)
	apitest.OK(t, steps, err)
	assert.Equal(t, 2, steps.JSON200.Items[0].Round)
	assert.Equal(t, api.StepState("open"), steps.JSON200.Items[0].State)
	saveStep(p, "dov", "outcome.state", api.SaveStep{Answers: map[string]any{"statement": "A very good year."}, Rating: &api.RatingInput{Code: ptr("exceeded")}})
	done, err := completeStep(p, "dov", "outcome.state")
	apitest.OK(t, done, err)
	saveStep(p, "cho", "outcome.decide", api.SaveStep{})
	done, err = completeStep(p, "cho", "outcome.decide")
	apitest.OK(t, done, err)
	outcome, err = p.As("ada").GetOutcomeWithResponse(ctx, id)
	apitest.OK(t, outcome, err)
	assert.Equal(t, "exceeded", outcome.JSON200.Rating.MustGet().Code)
	assert.Empty(t, outcome.JSON200.Amendments, "that was of the statement before")
	assert.Empty(t, codesOf(t, optionOf(p, "ada", "statement").AllowedActions, "lodge"), "what was judged anew may be appealed against anew")
	assert.NotContains(t, optionOf(p, "ada", "statement").PersonIds, p.As("ben").ID)
}

// What comes late is heard only where whoever the policy names admits it, with a reason.
func TestALateAppealWaitsUntilSomebodyAdmitsIt(t *testing.T) {
	t.Parallel()
	p := released(t)
	ctx, facts := t.Context(), api.LodgeAppeal{Ground: ptr("facts")}
	p.On("2027-08-17")
	assert.True(t, optionOf(p, "ada", "pay").Late)
	no, err := lodge(p, "ada", "pay", facts)
	apitest.Refused(t, no, err, 422, "late_reason_required")
	facts.LateReason = ptr("I was away.")
	made, err := lodge(p, "ada", "pay", facts)
	apitest.OK(t, made, err)
	assert.Equal(t, api.AppealStatus("awaiting_admission"), made.JSON201.Status)
	assert.Equal(t, "some day", awaits(p, "hr", "admit_appeal"))
	early, err := decideAppeal(p, "eve", made.JSON201.ID, 1, api.DecideAppeal{Result: "stands", Reason: "No."})
	apitest.Refused(t, early, err, 409, "wrong_status")
	admit := func(who string, a api.Appeal, body api.AdmitLateAppeal) (string, api.Appeal) {
		r, err := p.As(who).AdmitLateAppealWithResponse(ctx, a.ID, &api.AdmitLateAppealParams{IfMatch: etag(a.Version)}, body)
		if code := said(p, r, err); r.JSON200 == nil {
			return code, a
		}
		return "ok", *r.JSON200
	}
	code, _ := admit("eve", *made.JSON201, api.AdmitLateAppeal{Admitted: true, Reason: "Fine."})
	assert.Equal(t, "not_your_act", code)
	code, _ = admit("hr", *made.JSON201, api.AdmitLateAppeal{Admitted: true, Reason: " "})
	assert.Equal(t, "reason_required", code)
	code, refused := admit("hr", *made.JSON201, api.AdmitLateAppeal{Reason: "Nobody was told."})
	require.Equal(t, "ok", code)
	assert.Equal(t, api.AppealStatus("refused"), refused.Status)
	no, err = lodge(p, "ada", "pay", facts)
	apitest.Refused(t, no, err, 409, "appeal_exists")

	other, err := lodge(p, "ada", "statement", facts)
	apitest.OK(t, other, err)
	code, admitted := admit("hr", *other.JSON201, api.AdmitLateAppeal{Admitted: true, Reason: "The letter was late."})
	require.Equal(t, "ok", code)
	assert.Equal(t, api.AppealStatus("lodged"), admitted.Status)
	assert.Equal(t, "2027-08-31", admitted.DueOn.MustGet().String(), "a fortnight from the day on which it was admitted")
	decided, err := decideAppeal(p, "eve", admitted.ID, admitted.Version, api.DecideAppeal{Result: "stands", Reason: "It is so."})
	apitest.OK(t, decided, err)
	p.On("2027-08-25")
	next, err := p.As("ada").LodgeNextStageWithResponse(ctx, admitted.ID, &api.LodgeNextStageParams{IfMatch: etag(decided.JSON200.Version)}, api.LodgeNextStage{Text: "Still.", LateReason: ptr("Ill.")})
	apitest.OK(t, next, err)
	assert.Equal(t, api.AppealStatus("awaiting_admission"), next.JSON200.Status)
	for _, who := range []string{"ben", "hr"} {
		r, err := p.As(who).WithdrawAppealWithResponse(ctx, admitted.ID, &api.WithdrawAppealParams{IfMatch: etag(next.JSON200.Version)})
		require.NoError(t, err)
		assert.Equal(t, 403, r.StatusCode(), who)
	}
	back, err := p.As("ada").WithdrawAppealWithResponse(ctx, admitted.ID, &api.WithdrawAppealParams{IfMatch: etag(next.JSON200.Version)})
	apitest.OK(t, back, err)
	assert.Equal(t, api.AppealStatus("withdrawn"), back.JSON200.Status)
	again, err := lodge(p, "ada", "statement", facts)
	apitest.OK(t, again, err)
}
