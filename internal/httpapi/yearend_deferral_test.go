package httpapi_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// mayWait is what may wait, on whose word, and until when.
const mayWait = `"deferral":"exam_results","deferral_by":["reviewer"],"deferral_due":{"anchor":"cycle_end","months":1}`

// payFollows is pay that is worked out from the rating, by HR.
const payFollows = `"pay":{"link":"matrix","chain":[{"code":"decide","label":"Pay","order":1,"party":"hr","acts":["decide_pay"],"required":true,"due":{"anchor":"cycle_end","months":3}}]}`

func (j *judgedYear) defers(who string, body api.DeferOutcome) (*client.DeferOutcomeResponse, error) {
	return j.As(who).DeferOutcomeWithResponse(j.T.Context(), j.appraisal, nil, body)
}

func (j *judgedYear) resolves(who string, d api.Deferral, body api.ResolveDeferral) (*client.ResolveDeferralResponse, error) {
	return j.As(who).ResolveDeferralWithResponse(j.T.Context(), j.appraisal, d.ID, &api.ResolveDeferralParams{IfMatch: etag(d.Version)}, body)
}

// waits are Ada's deferrals as somebody reads them.
func (j *judgedYear) waits(who string) api.DeferralList {
	j.T.Helper()
	r, err := j.As(who).ListDeferralsWithResponse(j.T.Context(), j.appraisal)
	apitest.OK(j.T, r, err)
	return *r.JSON200
}

// resolving is what GetMe tells somebody of what they are to resolve.
func resolving(p *apitest.Process, who string) []api.Waiting {
	p.T.Helper()
	me, err := p.As(who).GetMeWithResponse(p.T.Context())
	apitest.OK(p.T, me, err)
	var out []api.Waiting
	for _, w := range me.JSON200.Waiting {
		if w.Kind == "resolve_deferral" {
			out = append(out, w)
		}
	}
	return out
}

// The rest is stated, released and rated for the time being; what waited is judged later, and the rating
// follows anew.
func TestAnObjectiveWaitsAndTheDerivedRatingFollowsAnewWhenItIsJudged(t *testing.T) {
	t.Parallel()
	j := newJudged(t, `{"outcome":{"objective_judges":"reviewee_then_reviewer","method":"derived","scale":`+derivedScale+`,"derived":`+derivedRows+`,`+mayWait+`},`+payFollows+`}`)
	setPayTable(j.Process, onePoint("teaching", "met"))
	d := j.secondWaits()
	j.releasedWithout(d)
	j.judgedAtLast(d)
}

func (j *judgedYear) secondWaits() api.Deferral {
	t, why := j.T, "The results come in August."
	require.True(t, may(j.of("ben", j.second).AllowedActions, "defer"))
	require.False(t, may(j.of("cho", j.second).AllowedActions, "defer"))
	require.True(t, may(j.waits("ben").AllowedActions, "defer"))
	by, err := j.defers("cho", api.DeferOutcome{ObjectiveID: &j.second, Reason: why})
	j.cites(apitest.Refused(t, by, err, 403, "not_your_act"), "outcome.deferral_by")
	own, err := j.defers("ada", api.DeferOutcome{ObjectiveID: &j.second, Reason: why})
	apitest.Refused(t, own, err, 403, "role_not_admitted")
	stranger, err := j.defers("dov", api.DeferOutcome{ObjectiveID: &j.second, Reason: why})
	apitest.Refused(t, stranger, err, 403, "role_not_admitted")
	which, err := j.defers("ben", api.DeferOutcome{ObjectiveID: ptr(uuid.New()), Reason: why})
	apitest.Refused(t, which, err, 422, "unknown_objective")
	past, err := j.defers("ben", api.DeferOutcome{ObjectiveID: &j.second, Reason: why, DueOn: ptr(day("2027-07-01"))})
	apitest.Refused(t, past, err, 422, "in_the_past")
	far, err := j.defers("ben", api.DeferOutcome{ObjectiveID: &j.second, Reason: why, DueOn: ptr(day("2028-06-01"))})
	j.cites(apitest.Refused(t, far, err, 422, "reason_required"), "cycle.backstop")
	made, err := j.defers("ben", api.DeferOutcome{ObjectiveID: &j.second, Reason: why})
	apitest.OK(t, made, err)
	d := *made.JSON201
	require.Equal(t, []any{"2027-09-30", "objective", "waiting", false}, []any{d.DueOn.String(), string(d.WaitsFor), string(d.Status), d.Late}, "the policy's day")
	again, err := j.defers("ben", api.DeferOutcome{ObjectiveID: &j.second, Reason: why})
	j.cites(apitest.Refused(t, again, err, 409, "already_waiting"), "outcome.deferral")
	require.Equal(t, d.ID, j.of("ada", j.second).DeferralID.MustGet())
	j.unjudged("ada", j.second, coded("met"), 409, "objective_waits", "outcome.deferral")
	return d
}

func (j *judgedYear) releasedWithout(d api.Deferral) {
	t := j.T
	j.judges("ada", j.first, coded("met"))
	j.reflects()
	j.judges("ben", j.first, api.JudgeObjective{Agrees: ptr(true)})
	j.states(nil)
	late, err := j.defers("ben", api.DeferOutcome{ObjectiveID: &j.first, Reason: "Too late."})
	apitest.Refused(t, late, err, 409, "step_done")
	j.done("cho", "outcome.decide", api.SaveStep{})
	o := j.outcomeOf("ada")
	require.Equal(t, []any{true, true, "met"}, []any{o.Released, o.Provisional, o.Rating.MustGet().Code})
	require.Equal(t, 1, o.Derivation.MustGet().Waiting)
	require.Contains(t, o.Derivation.MustGet().Sentences, "1 of them wait for examination results and are left out, so the rating is provisional.")
	for _, r := range o.Ratings {
		require.True(t, r.Provisional, "%s", r.Kind)
	}
	early, err := completeStep(j.Process, "hr", "pay.decide")
	j.cites(apitest.Refused(t, early, err, 409, "outcome_waits"), "outcome.deferral")
	require.Empty(t, resolving(j.Process, "ada"))
	require.Empty(t, resolving(j.Process, "cho"))
	w := resolving(j.Process, "ben")
	require.Len(t, w, 1)
	require.Equal(t, []any{"2027-09-30", false, j.As("ada").ID}, []any{w[0].DueOn.MustGet().String(), w[0].Late, w[0].PersonID.MustGet()})
	require.Equal(t, d.ID, j.waits("ada").Items[0].ID, "she sees what waits")
}

func (j *judgedYear) judgedAtLast(d api.Deferral) {
	t := j.T
	j.On("2027-10-01")
	require.True(t, resolving(j.Process, "ben")[0].Late)
	require.True(t, j.waits("ben").Items[0].Late)
	by, err := j.resolves("cho", d, api.ResolveDeferral{Judgement: ptr(coded("met"))})
	apitest.Refused(t, by, err, 403, "not_your_act")
	for code, body := range map[string]api.ResolveDeferral{
		"judgement_required":    {},
		"no_rating_here":        {Rating: &api.RatingInput{Code: ptr("met")}},
		"nothing_to_agree_with": {Judgement: &api.JudgeObjective{Agrees: ptr(true)}},
		"unknown_judgement":     {Judgement: ptr(coded("splendid"))},
	} {
		bad, err := j.resolves("ben", d, body)
		apitest.Refused(t, bad, err, 422, code)
	}
	old := d
	old.Version = 7
	stale, err := j.resolves("ben", old, api.ResolveDeferral{Judgement: ptr(coded("met"))})
	apitest.Refused(t, stale, err, 412, "stale_version")
	done, err := j.resolves("ben", d, api.ResolveDeferral{Judgement: ptr(saying("not_met", "The results fell."))})
	apitest.OK(t, done, err)
	require.Equal(t, []any{"resolved", false, j.As("ben").ID}, []any{string(done.JSON200.Status), done.JSON200.Late, done.JSON200.ResolvedBy.MustGet()})
	twice, err := j.resolves("ben", *done.JSON200, api.ResolveDeferral{Judgement: ptr(coded("met"))})
	apitest.Refused(t, twice, err, 409, "wrong_status")

	o := j.outcomeOf("ada")
	require.Equal(t, []any{false, "not_yet"}, []any{o.Provisional, o.Rating.MustGet().Code})
	require.Equal(t, 1, o.Derivation.MustGet().Row.MustGet())
	require.Len(t, o.Ratings, 2, "what was recommended follows too")
	require.Equal(t, "not_met", j.of("ada", j.second).Judgement.MustGet().Code)
	require.Empty(t, resolving(j.Process, "ben"))
	require.Equal(t, "pay_case_not_covered", payDone(j), "pay goes on, with the rating that follows now")
}

// payDone is what comes of completing the step that decides pay.
func payDone(j *judgedYear) string {
	r, err := completeStep(j.Process, "hr", "pay.decide")
	return said(j.Process, r, err)
}

// A rating that somebody gave is not worked out anew: whoever decided says whether it stands.
func TestARatingThatWasGivenIsConfirmedWhenNothingWaitsAnyMore(t *testing.T) {
	t.Parallel()
	j := newJudged(t, `{"outcome":{"objective_judges":"reviewer",`+mayWait+`}}`)
	made, err := j.defers("ben", api.DeferOutcome{ObjectiveID: &j.second, Reason: "Results.", DueOn: ptr(day("2027-09-10"))})
	apitest.OK(t, made, err)
	j.reflects()
	j.judges("ben", j.first, coded("met"))
	j.states(&api.RatingInput{Code: ptr("met")})
	j.done("cho", "outcome.decide", api.SaveStep{})
	j.On("2027-09-08")
	done, err := j.resolves("ben", *made.JSON201, api.ResolveDeferral{Judgement: ptr(coded("met"))})
	apitest.OK(t, done, err)

	list := j.waits("cho").Items
	require.Len(t, list, 2)
	confirm := list[1]
	require.Equal(t, []any{"rating", "waiting", "2027-09-10", true}, []any{string(confirm.WaitsFor), string(confirm.Status), confirm.DueOn.String(), may(confirm.AllowedActions, "resolve")})
	require.True(t, j.outcomeOf("ada").Provisional)
	require.Empty(t, resolving(j.Process, "ben"))
	require.Len(t, resolving(j.Process, "cho"), 1)
	notHis, err := j.resolves("ben", confirm, api.ResolveDeferral{Rating: &api.RatingInput{Reason: ptr("It stands.")}})
	apitest.Refused(t, notHis, err, 403, "not_your_act")
	silent, err := j.resolves("cho", confirm, api.ResolveDeferral{})
	apitest.Refused(t, silent, err, 422, "reason_required")
	unknown, err := j.resolves("cho", confirm, api.ResolveDeferral{Rating: &api.RatingInput{Code: ptr("splendid"), Reason: ptr("Much better.")}})
	apitest.Refused(t, unknown, err, 422, "unknown_rating")
	changed, err := j.resolves("cho", confirm, api.ResolveDeferral{Rating: &api.RatingInput{Code: ptr("exceeded"), Reason: ptr("The results are far above.")}})
	apitest.OK(t, changed, err)
	o := j.outcomeOf("ada")
	require.Equal(t, []any{false, "exceeded"}, []any{o.Provisional, o.Rating.MustGet().Code})
	for _, r := range o.Ratings {
		require.Equal(t, r.Kind != "decided", r.Provisional, "what was recommended stays as it was: %s", r.Kind)
	}
	require.Empty(t, resolving(j.Process, "cho"))
}

// The whole outcome waits: its steps are completed without a rating, which is given at last.
func TestAWholeOutcomeWaitsAndIsRatedAtLast(t *testing.T) {
	t.Parallel()
	j := newJudged(t, `{"outcome":{"objective_judges":"reviewer",`+mayWait+`}}`)
	made, err := j.defers("ben", api.DeferOutcome{Reason: "Results.", DueOn: ptr(day("2028-06-01")), BeyondReason: ptr("A second sitting is in May.")})
	apitest.OK(t, made, err)
	require.Equal(t, []any{"outcome", true}, []any{string(made.JSON201.WaitsFor), made.JSON201.ObjectiveID.IsNull()})
	again, err := j.defers("ben", api.DeferOutcome{Reason: "Results."})
	apitest.Refused(t, again, err, 409, "already_waiting")
	require.False(t, may(j.waits("ben").AllowedActions, "defer"))
	j.reflects()
	j.judges("ben", j.first, coded("met"))
	j.judges("ben", j.second, coded("met"))
	s, err := j.save("ben", "outcome.state", api.SaveStep{Answers: map[string]any{"statement": "A good year."}, Rating: &api.RatingInput{Code: ptr("met")}})
	apitest.OK(t, s, err)
	require.False(t, may(s.JSON200.Step.AllowedActions, "complete"), "the button says what the command does")
	given, err := j.complete("ben", "outcome.state", api.CompleteStep{})
	j.cites(apitest.Refused(t, given, err, 409, "outcome_waits"), "outcome.deferral")
	d := j.unrated(made.JSON201.ID)
	none, err := j.resolves("cho", d, api.ResolveDeferral{})
	apitest.Refused(t, none, err, 422, "rating_required")
	judging, err := j.resolves("cho", d, api.ResolveDeferral{Judgement: ptr(coded("met"))})
	apitest.Refused(t, judging, err, 422, "no_judgement_here")
	rated, err := j.resolves("cho", d, api.ResolveDeferral{Rating: &api.RatingInput{Code: ptr("met")}})
	apitest.OK(t, rated, err)
	o := j.outcomeOf("ada")
	require.Equal(t, []any{false, "met"}, []any{o.Provisional, o.Rating.MustGet().Code})
}

// unrated takes Ada's year to its release while the whole of it waits.
func (j *judgedYear) unrated(id uuid.UUID) api.Deferral {
	t := j.T
	t.Helper()
	back, err := j.save("ben", "outcome.state", api.SaveStep{Rating: &api.RatingInput{}})
	apitest.OK(t, back, err)
	require.True(t, back.JSON200.Rating.IsNull(), "a rating that was drafted is taken back")
	j.done("ben", "outcome.state", api.SaveStep{})
	j.done("cho", "outcome.decide", api.SaveStep{})
	o := j.outcomeOf("ada")
	require.Equal(t, []any{true, true, true}, []any{o.Released, o.Provisional, o.Rating.IsNull()})
	require.Empty(t, o.Ratings)
	require.Empty(t, resolving(j.Process, "ben"), "whoever decides rates")
	w := resolving(j.Process, "cho")
	require.Len(t, w, 1)
	require.Equal(t, "2028-06-01", w[0].DueOn.MustGet().String())
	d := j.waits("cho").Items[0]
	require.Equal(t, []any{id, "A second sitting is in May."}, []any{d.ID, d.BeyondReason.MustGet()})
	return d
}
