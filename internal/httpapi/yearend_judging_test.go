package httpapi_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

// validatingYear is a year in which the reviewee judges first and the reviewer validates; what is below the
// top is said in per cent, and the rating follows from the objectives.
const validatingYear = `{"outcome":{"objective_judges":"reviewee_then_reviewer","objective_percent":"below_top","objective_statement":"required","statement_locked":true,
	"method":"derived","scale":` + derivedScale + `,"derived":` + derivedRows + `}}`

func TestTheRevieweeJudgesFirstAndTheReviewerValidates(t *testing.T) {
	t.Parallel()
	j := newJudged(t, validatingYear)
	j.revieweeJudges()
	j.reviewerValidates()
	j.ratingFollows()
}

func (j *judgedYear) revieweeJudges() {
	t := j.T
	list := j.outcomes("ada")
	require.Equal(t, []string{"not_met", "partly_met", "met"}, []string{list.Scale[0].Code, list.Scale[1].Code, list.Scale[2].Code})
	require.Equal(t, []uuid.UUID{j.first, j.second}, []uuid.UUID{list.Items[0].ObjectiveID, list.Items[1].ObjectiveID})
	require.Equal(t, []api.ObjectiveOutcomeAsked{"reviewee", "reviewer"}, list.Items[0].Asked)
	require.True(t, may(list.Items[0].AllowedActions, "judge"))
	require.False(t, may(j.of("ben", j.first).AllowedActions, "judge"), "his step is not open")

	j.unjudged("ada", j.first, coded("splendid"), 422, "unknown_judgement", "outcome.objective_scale")
	j.unjudged("ada", j.first, coded("partly_met"), 422, "percent_required", "outcome.objective_percent")
	j.unjudged("ada", j.first, api.JudgeObjective{Code: ptr("met"), Percent: ptr(100)}, 422, "no_percent_here", "outcome.objective_percent")
	j.unjudged("ada", j.first, api.JudgeObjective{Code: ptr("met"), Agrees: ptr(true)}, 422, "not_validating", "outcome.objective_judges")
	j.unjudged("ben", j.first, coded("met"), 409, "step_waits", "outcome.chain[1]")
	j.unjudged("cho", j.first, coded("met"), 403, "not_your_act", "outcome.objective_judges")
	gone, err := j.As("dov").JudgeObjectiveWithResponse(t.Context(), j.first, &api.JudgeObjectiveParams{IfMatch: etag(0)}, coded("met"))
	apitest.Refused(t, gone, err, 404, "not_found")
	apart := apitest.NewProcess(t, apitest.ProcessSetup{Bare: true})
	other, err := apart.World.HR.JudgeObjectiveWithResponse(t.Context(), j.first, &api.JudgeObjectiveParams{IfMatch: etag(0)}, coded("met"))
	apitest.Refused(t, other, err, 404, "not_found")
	out, err := apart.World.HR.ListObjectiveOutcomesWithResponse(t.Context(), j.appraisal)
	apitest.Refused(t, out, err, 404, "not_found")

	one := j.judges("ada", j.first, api.JudgeObjective{Code: ptr("partly_met"), Percent: ptr(60), Text: ptr("Most of them read daily.")})
	require.Equal(t, 1, one.Version)
	require.True(t, one.Judgement.IsNull(), "what is drafted counts for nothing")
	require.True(t, j.of("ben", j.first).Reviewee.IsNull(), "a draft is its author's")
	require.True(t, j.of("hr", j.first).Reviewee.IsNull())
	stale, err := j.As("ada").JudgeObjectiveWithResponse(t.Context(), j.first, &api.JudgeObjectiveParams{IfMatch: etag(0)}, coded("met"))
	apitest.Refused(t, stale, err, 412, "stale_version")

	early, err := j.complete("ada", "outcome.reflect", api.CompleteStep{})
	missing := apitest.Refused(t, early, err, 409, "judgement_missing")
	require.Contains(t, missing.Detail, j.second.String(), "the one that is missing is named")
	j.cites(missing, "outcome.objective_judges")
	j.judges("ada", j.second, coded("met"))
	early, err = j.complete("ada", "outcome.reflect", api.CompleteStep{})
	j.cites(apitest.Refused(t, early, err, 409, "statement_missing"), "outcome.objective_statement")
	j.judges("ada", j.second, saying("met", "Two colleagues were coached."))
	j.reflects()
	require.False(t, may(j.of("ada", j.first).AllowedActions, "judge"))
	j.unjudged("ada", j.first, saying("met", "All of them."), 409, "statement_locked", "outcome.statement_locked")
}

func (j *judgedYear) reviewerValidates() {
	t := j.T
	seen := j.of("ben", j.first).Reviewee.MustGet()
	require.Equal(t, []any{"partly_met", 60, "Most of them read daily."}, []any{seen.Judgement.MustGet().Code, seen.Percent.MustGet(), seen.Text.MustGet()})
	j.unjudged("ben", j.first, api.JudgeObjective{Code: ptr("met")}, 422, "agrees_required", "outcome.objective_judges")
	j.unjudged("ben", j.first, api.JudgeObjective{Code: ptr("met"), Agrees: ptr(true)}, 422, "agreement_contradicts", "outcome.objective_judges")
	j.unjudged("ben", j.first, api.JudgeObjective{Code: ptr("partly_met"), Agrees: ptr(false), Percent: ptr(50), Reason: ptr("Less.")}, 422, "agreement_contradicts", "outcome.objective_judges")
	j.unjudged("ben", j.first, api.JudgeObjective{Code: ptr("met"), Agrees: ptr(false)}, 422, "reason_required", "outcome.objective_judges")
	early, err := j.complete("ben", "outcome.state", api.CompleteStep{})
	require.Len(t, apitest.Refused(t, early, err, 409, "judgement_missing").Refusals, 2, "each is named")
	agreed := j.judges("ben", j.second, api.JudgeObjective{Agrees: ptr(true)})
	require.Equal(t, "met", agreed.Reviewer.MustGet().Judgement.MustGet().Code, "whoever agrees takes the judgement")
	j.judges("ben", j.first, api.JudgeObjective{Code: ptr("met"), Agrees: ptr(false), Reason: ptr("The tests of June say more.")})
	require.True(t, j.of("ada", j.first).Reviewer.IsNull(), "it is seen with the statement")
	require.True(t, j.of("cho", j.first).Reviewer.IsNull(), "a draft")
}

// ratingFollows takes the year to its end: the statement gives no rating of its own, the head changes it.
func (j *judgedYear) ratingFollows() {
	t := j.T
	s, err := j.save("ben", "outcome.state", api.SaveStep{Answers: map[string]any{"statement": "A good year."}, Rating: &api.RatingInput{Code: ptr("partly")}})
	apitest.OK(t, s, err)
	given, err := j.complete("ben", "outcome.state", api.CompleteStep{})
	j.cites(apitest.Refused(t, given, err, 422, "rating_is_derived"), "outcome.method")
	s, err = j.save("ben", "outcome.state", api.SaveStep{Rating: &api.RatingInput{}})
	apitest.OK(t, s, err)
	j.done("ben", "outcome.state", api.SaveStep{})

	require.True(t, j.of("ada", j.first).Reviewer.IsNull(), "not before the release")
	require.True(t, j.of("ada", j.first).Judgement.IsNull(), "nor what follows from it")
	require.True(t, j.outcomeOf("ada").Derivation.IsNull())
	require.Equal(t, "met", j.of("cho", j.first).Judgement.MustGet().Code)
	d := j.outcomeOf("cho").Derivation.MustGet()
	require.Equal(t, []any{"met", 2, 0}, []any{d.Rating.MustGet().Code, d.Row.MustGet(), d.Waiting})
	require.Equal(t, []string{"2 of 2 objectives are judged.", "Line 1 does not hold: at least 1 of the objectives are Not met (0 are).", "Line 2 holds: all of the objectives are Met (2 are). From it follows: Met."}, d.Sentences)
	require.Equal(t, 2, d.Counts[2].Count)

	silent := api.SaveStep{Rating: &api.RatingInput{Code: ptr("exceeded")}}
	s, err = j.save("cho", "outcome.decide", silent)
	apitest.OK(t, s, err)
	why, err := j.complete("cho", "outcome.decide", api.CompleteStep{})
	apitest.Refused(t, why, err, 422, "reason_required")
	silent.Rating.Reason = ptr("Both went beyond what was set.")
	j.done("cho", "outcome.decide", silent)
	o := j.outcomeOf("ada")
	require.Equal(t, "exceeded", o.Rating.MustGet().Code)
	require.Equal(t, "met", o.Derivation.MustGet().Rating.MustGet().Code, "what follows stays on record beside it")
	for _, r := range o.Ratings {
		require.Equal(t, "met", r.Derived.MustGet().Code, "%s", r.Kind)
		require.False(t, r.Provisional)
	}
	require.Equal(t, "The tests of June say more.", j.of("ada", j.first).Reviewer.MustGet().Reason.MustGet())
	require.Equal(t, "met", j.of("ada", j.first).Judgement.MustGet().Code, "the reviewer's stands")
	j.unjudged("ben", j.first, coded("met"), 409, "step_done", "")
	events, err := j.World.HR.ListAuditEventsWithResponse(t.Context(), &api.ListAuditEventsParams{AppraisalID: &j.appraisal})
	apitest.OK(t, events, err)
	require.Contains(t, string(events.Body), "objective.judged")
	require.NotContains(t, string(events.Body), "read daily")
}

// Both judge by themselves; where they differ the reviewer says why, and a judgement that was changed
// after a return asks for it again.
func TestBothJudgeAndAReasonIsGivenWhereTheyDiffer(t *testing.T) {
	t.Parallel()
	j := newJudged(t, `{"outcome":{"objective_judges":"both","objective_percent":"optional"}}`)
	j.unjudged("ada", j.first, saying("met", "All."), 422, "no_statement_here", "outcome.objective_statement")
	j.judges("ada", j.first, api.JudgeObjective{Code: ptr("met"), Percent: ptr(90)})
	j.judges("ada", j.second, coded("met"))
	j.reflects()
	j.unjudged("ben", j.first, api.JudgeObjective{Code: ptr("met"), Agrees: ptr(true)}, 422, "nothing_to_agree_with", "outcome.objective_judges")
	j.unjudged("ben", j.first, coded("partly_met"), 422, "reason_required", "outcome.objective_judges")
	j.judges("ben", j.first, api.JudgeObjective{Code: ptr("partly_met"), Reason: ptr("Not in every class.")})
	j.judges("ben", j.second, coded("met"))

	back, err := j.As("ben").ReturnStepWithResponse(t.Context(), j.appraisal, "outcome.state", &api.ReturnStepParams{IfMatch: etag(j.step("ben", "outcome.state").Step.Version)}, api.ReturnStep{To: "outcome.reflect", Reason: "Look at the second again."})
	apitest.OK(t, back, err)
	require.True(t, may(j.of("ada", j.second).AllowedActions, "judge"), "a step that is returned is open again")
	j.judges("ada", j.second, coded("not_met"))
	j.reflects()
	stale, err := j.complete("ben", "outcome.state", api.CompleteStep{})
	differ := apitest.Refused(t, stale, err, 409, "judgements_differ")
	require.Contains(t, differ.Detail, j.second.String())
	j.judges("ben", j.second, coded("not_met"))
	j.states(&api.RatingInput{Code: ptr("met")})
	require.Equal(t, "partly_met", j.of("cho", j.first).Judgement.MustGet().Code)
}

// The reviewee alone judges, and may put the words differently until the release where the policy does
// not freeze them; the reviewer judges for somebody whose step was skipped.
func TestTheRevieweeAloneJudgesAndMayRewordUntilTheRelease(t *testing.T) {
	t.Parallel()
	j := newJudged(t, `{"outcome":{"objective_judges":"reviewee","objective_statement":"optional","statement_locked":false}}`)
	require.Equal(t, []api.ObjectiveOutcomeAsked{"reviewee"}, j.of("ada", j.first).Asked)
	j.unjudged("ben", j.first, coded("met"), 403, "not_your_act", "outcome.objective_judges")
	j.unjudged("ada", j.first, api.JudgeObjective{Code: ptr("met"), Percent: ptr(100)}, 422, "no_percent_here", "outcome.objective_percent")
	j.judges("ada", j.first, saying("met", "All of them read."))
	j.judges("ada", j.second, coded("partly_met"))
	j.reflects()
	require.True(t, may(j.of("ada", j.first).AllowedActions, "judge"))
	j.unjudged("ada", j.first, saying("partly_met", "Most of them read."), 422, "judgement_fixed", "outcome.statement_locked")
	j.judges("ada", j.first, saying("met", "All of them read, two aloud."))
	j.states(&api.RatingInput{Code: ptr("met")})
	require.Equal(t, "met", j.of("ada", j.first).Judgement.MustGet().Code)
	require.Equal(t, "All of them read, two aloud.", j.of("ben", j.first).Reviewee.MustGet().Text.MustGet())
	j.done("cho", "outcome.decide", api.SaveStep{})
	j.unjudged("ada", j.first, saying("met", "Everybody reads."), 409, "step_done", "")
}

func TestTheReviewerJudgesForAPersonWhoseStepWasSkipped(t *testing.T) {
	t.Parallel()
	j := newJudged(t, `{"outcome":{"objective_judges":"reviewee"}}`)
	skip, err := j.complete("ben", "outcome.reflect", api.CompleteStep{Result: ptr(api.CompleteStepResult("skipped")), Reason: ptr("She is on leave.")})
	apitest.OK(t, skip, err)
	require.Equal(t, []api.ObjectiveOutcomeAsked{"reviewer"}, j.of("ben", j.first).Asked)
	early, err := j.complete("ben", "outcome.state", api.CompleteStep{})
	apitest.Refused(t, early, err, 409, "judgement_missing")
	j.judges("ben", j.first, coded("met"))
	j.judges("ben", j.second, coded("not_met"))
	j.states(&api.RatingInput{Code: ptr("met")})
	require.Equal(t, "not_met", j.of("cho", j.second).Judgement.MustGet().Code)
}

// Where there is no scale the reviewer says in words how it went, and nothing is asked.
func TestObjectivesAreJudgedInWordsWhereThereIsNoScale(t *testing.T) {
	t.Parallel()
	j := newJudged(t, `{"outcome":{"objective_judges":"reviewer","objective_scale":[]}}`)
	require.Empty(t, j.outcomes("ada").Scale)
	j.unjudged("ada", j.first, api.JudgeObjective{Text: ptr("It went well.")}, 403, "not_your_act", "outcome.objective_judges")
	j.reflects()
	j.unjudged("ben", j.first, saying("met", "It went well."), 422, "judged_in_words", "outcome.objective_scale")
	j.unjudged("ben", j.first, api.JudgeObjective{Reason: ptr("Why not.")}, 422, "judged_in_words", "outcome.objective_scale")
	words := j.judges("ben", j.first, api.JudgeObjective{Text: ptr("It went well.")})
	require.True(t, words.Reviewer.MustGet().Judgement.IsNull())
	j.states(&api.RatingInput{Code: ptr("met")})
	require.Equal(t, "It went well.", j.of("cho", j.first).Reviewer.MustGet().Text.MustGet())
}
