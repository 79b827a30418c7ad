package httpapi_test

import (
	"net/http"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/pkg/client"
)

// recommends is the reviewer's statement with a rating.
func recommends(whose, code string) deed {
	return gives(whose, "outcome.state", api.SaveStep{Answers: stated.Answers, Rating: &api.RatingInput{Code: &code}})
}

// looksBackOn has somebody reflect on the common objective, which they have judged already.
func looksBackOn(whose string) deed {
	return func(r *replay) (client.Answer, error) {
		return gives(whose, "outcome.reflect", says(looksBack(r, string(commonOf(whose)))))(r)
	}
}

// modelJudging is the reflection and the statement: the reviewee judges, and the reviewer agrees or
// does not.
var modelJudging = []replayScene{
	{on: "2027-06-30", who: "ada", does: "has not judged what she worked on", do: looksBackOn("ada"), status: conflict, code: "judgement_missing", then: citing("outcome.objective_judges")},
	{who: "ben", does: "does not go first", do: common.judged(as("met")), status: conflict, code: "step_waits"},
	{who: "ada", does: "judges it", do: common.judged(api.JudgeObjective{Code: ptr("met"), Text: ptr("Two more pupils read at home.")}), status: ok},
	{who: "ada", does: "reflects", do: looksBackOn("ada"), status: ok},
	{who: "ada", does: "does not change what she said", do: common.judged(as("partly_met")), status: conflict, code: "statement_locked", then: citing("outcome.statement_locked")},
	{who: "ben", does: "must say whether he agrees", do: common.judged(as("met")), status: invalid, code: "agrees_required", then: citing("outcome.objective_judges")},
	{who: "ben", does: "must say why he does not", do: common.judged(api.JudgeObjective{Code: ptr("partly_met"), Agrees: ptr(false)}), status: invalid, code: "reason_required"},
	{who: "ben", does: "does not agree, for a reason", do: common.judged(api.JudgeObjective{Code: ptr("partly_met"), Agrees: ptr(false), Reason: ptr("Half of the class does.")}), status: ok},
	{on: "2027-07-05", who: "ben", does: "states and recommends", do: recommends("ada", "partially_met"), status: ok},
	{who: "ada", does: "sees nothing of it yet", do: outcomeOf("ada"), status: ok, then: func(r *replay) {
		o := replayed[api.Outcome](r)
		require.False(r.T, o.Visible)
		require.True(r.T, o.Rating.IsNull() && len(o.Ratings) == 0)
		require.True(r.T, common.outcome(r).Reviewer.IsNull(), "nor of how he judged")
	}},
	{who: "dov", does: "judges", do: commonOf("dov").judged(as("met")), status: ok},
	{who: "dov", does: "reflects", do: looksBackOn("dov"), status: ok},
	{who: "kit", does: "judges", do: commonOf("kit").judged(as("met")), status: ok},
	{who: "kit", does: "reflects", do: looksBackOn("kit"), status: ok},
	{who: "ben", does: "agrees with dov", do: commonOf("dov").judged(api.JudgeObjective{Agrees: ptr(true)}), status: ok},
	{who: "ben", does: "states on dov", do: recommends("dov", "met"), status: ok},
	{who: "ben", does: "agrees with kit", do: commonOf("kit").judged(api.JudgeObjective{Agrees: ptr(true)}), status: ok},
}

// queueOf reads a queue of moderation.
func queueOf(r *replay) (client.Answer, error) {
	return r.who.ListModerationQueueWithResponse(r.T.Context(), &api.ListModerationQueueParams{CycleID: &r.CycleID, Include: ptr(api.ListModerationQueueParamsInclude("total"))})
}

// inQueue is somebody's year in the queue that was read.
func inQueue(r *replay, whose string) api.ModerationItem {
	r.T.Helper()
	for _, i := range replayed[api.ModerationQueue](r).Items {
		if i.PersonID == r.As(whose).ID {
			return i
		}
	}
	require.Fail(r.T, "not in the queue", whose)
	return api.ModerationItem{}
}

// completesMany completes a step of several years, of each in the version that the queue shows.
func completesMany(step string, people ...string) deed {
	return func(r *replay) (client.Answer, error) {
		answer, err := queueOf(r)
		if err != nil {
			return answer, err
		}
		r.last = answer
		body := api.CompleteStepsInBulk{Step: step, Mode: ptr(api.CompleteStepsInBulkMode("partial"))}
		for _, whose := range people {
			i := inQueue(r, whose)
			body.Items = append(body.Items, api.StepToComplete{AppraisalID: i.AppraisalID, Version: i.StepVersion})
		}
		return r.who.CompleteStepsInBulkWithResponse(r.T.Context(), nil, body)
	}
}

// became holds what came of each year that was completed in bulk.
func became(want ...string) func(*replay) {
	return func(r *replay) {
		r.T.Helper()
		b := replayed[api.BulkResults](r)
		require.Equal(r.T, want, codes(&b), "%s", r.last.GetBody())
	}
}

// modelModerating is the head's look at the years side by side, and HR's.
var modelModerating = []replayScene{
	{on: "2027-09-06", who: "cho", does: "sees what she is to decide, and what is missing", do: queueOf, status: ok, then: func(r *replay) {
		require.Len(r.T, replayed[api.ModerationQueue](r).Items, 4, "whom she leads, without herself")
		require.Equal(r.T, "ready", string(inQueue(r, "ada").State))
		require.Equal(r.T, "partially_met", inQueue(r, "ada").Recommended.MustGet().Code)
		require.Equal(r.T, []string{"statement_missing", "judgement_missing", "inputs_not_weighed"}, missingIn(inQueue(r, "kit")))
	}},
	{who: "ben", does: "has no such queue", do: queueOf, status: never, code: "role_not_admitted"},
	{who: "ben", does: "states on kit", do: recommends("kit", "met"), status: ok},
	{who: "cho", does: "changes ada's rating and gives no reason", do: gives("ada", "outcome.decide", api.SaveStep{Rating: &api.RatingInput{Code: ptr("met")}}), status: invalid, code: "reason_required"},
	{who: "cho", does: "completes what is clean, at once", do: completesMany("outcome.decide", "ada", "dov", "kit"), status: http.StatusMultiStatus, then: became("rating_changed", "done", "done")},
	{who: "cho", does: "changes ada's with a reason", do: gives("ada", "outcome.decide", api.SaveStep{Rating: &api.RatingInput{Code: ptr("met"), Reason: ptr("The whole year counts.")}}), status: ok},
	{who: "cho", does: "sees how ratings are distributed, with small numbers withheld", do: func(r *replay) (client.Answer, error) {
		return r.who.GetModerationDistributionWithResponse(r.T.Context(), &api.GetModerationDistributionParams{CycleID: &r.CycleID})
	}, status: ok, then: func(r *replay) {
		d := replayed[api.RatingDistribution](r)
		require.Equal(r.T, 5, d.SmallNumber)
		require.True(r.T, d.People.IsNull(), "three are fewer than five")
		for _, row := range d.Rows {
			for _, c := range row.Counts {
				n, err := c.People.Get()
				require.True(r.T, err != nil || n == 0, "%v", c)
			}
		}
	}},
	{on: "2027-09-20", who: "ada", does: "still sees nothing", do: outcomeOf("ada"), status: ok, then: func(r *replay) { require.False(r.T, replayed[api.Outcome](r).Visible) }},
	{who: "hr", does: "approves all three", do: completesMany("outcome.approve", "ada", "dov", "kit"), status: ok, then: became("done", "done", "done")},
	{who: "ada", does: "reads her outcome, and that it was recommended otherwise", do: outcomeOf("ada"), status: ok, then: func(r *replay) {
		ratedAs("met")(r)
		require.Equal(r.T, "partly_met", common.outcome(r).Judgement.MustGet().Code)
	}},
	{who: "ada", does: "has no pay that follows from it", do: payOf("ada"), status: ok, then: notLinked},
	{who: "ben", does: "sees how his recommendations ended", do: func(r *replay) (client.Answer, error) {
		return r.who.ListMyRecommendationsWithResponse(r.T.Context(), &api.ListMyRecommendationsParams{CycleID: &r.CycleID})
	}, status: ok, then: func(r *replay) {
		ended := map[uuid.UUID]string{}
		for _, m := range replayed[api.MyRecommendations](r).Items {
			ended[m.PersonID] = m.Recommended.Code + " " + m.Decided.MustGet().Code
		}
		require.Equal(r.T, map[uuid.UUID]string{r.As("ada").ID: "partially_met met", r.As("dov").ID: "met met", r.As("kit").ID: "met met"}, ended)
	}},
}

// defers lets somebody's whole outcome wait.
func defers(whose string, until *string) deed {
	return func(r *replay) (client.Answer, error) {
		body := api.DeferOutcome{Reason: "The examinations of his classes come in the autumn."}
		if until != nil {
			body.DueOn = ptr(day(*until))
		}
		d, err := r.who.DeferOutcomeWithResponse(r.T.Context(), r.year(whose).ID, nil, body)
		if err == nil && d.JSON201 != nil {
			r.ids["deferral"] = d.JSON201.ID
		}
		return d, err
	}
}

// resolves gives the rating that waited.
func resolves(whose string, rating *api.RatingInput) deed {
	return func(r *replay) (client.Answer, error) {
		id := r.year(whose).ID
		list, err := r.who.ListDeferralsWithResponse(r.T.Context(), id)
		if err != nil || list.JSON200 == nil {
			return list, err
		}
		return r.who.ResolveDeferralWithResponse(r.T.Context(), id, r.ids["deferral"], &api.ResolveDeferralParams{IfMatch: etag(list.JSON200.Items[0].Version)}, api.ResolveDeferral{Rating: rating})
	}
}

// modelWaiting is a year whose rating waits for examination results while the rest is settled.
var modelWaiting = []replayScene{
	{on: "2027-09-21", who: "ben", does: "does not let his own outcome wait", do: defers("ben", nil), status: never},
	{who: "cho", does: "wants it to wait beyond everything else", do: defers("ben", ptr("2027-12-20")), status: invalid, code: "reason_required", then: citing("cycle.backstop")},
	{who: "cho", does: "lets it wait as long as the policy has it", do: defers("ben", nil), status: created, then: func(r *replay) {
		d := replayed[api.Deferral](r)
		require.Equal(r.T, []any{"outcome", "waiting", "2027-11-30"}, []any{string(d.WaitsFor), string(d.Status), d.DueOn.String()})
	}},
	{who: "ben", does: "judges", do: commonOf("ben").judged(as("met")), status: ok},
	{who: "ben", does: "reflects", do: looksBackOn("ben"), status: ok},
	{who: "cho", does: "agrees", do: commonOf("ben").judged(api.JudgeObjective{Agrees: ptr(true)}), status: ok},
	{who: "cho", does: "states without a rating", do: gives("ben", "outcome.state", stated), status: ok},
	{who: "cho", does: "does not decide on her own statement", do: gives("ben", "outcome.decide", api.SaveStep{}), status: never, code: "not_your_act"},
	{on: "2027-10-04", who: "eve", does: "decides on the rest", do: gives("ben", "outcome.decide", api.SaveStep{}), status: ok},
	{who: "hr", does: "approves the rest", do: gives("ben", "outcome.approve", api.SaveStep{}), status: ok},
	{who: "ben", does: "reads a statement whose rating is to come", do: outcomeOf("ben"), status: ok, then: func(r *replay) {
		o := replayed[api.Outcome](r)
		require.Equal(r.T, []bool{true, true, true, true}, []bool{o.Released, o.Visible, o.Provisional, o.Rating.IsNull()})
	}},
	{on: "2027-12-01", who: "eve", does: "is told that it is late", do: asksWhatWaits, status: ok, then: func(r *replay) {
		require.Equal(r.T, 1, toDo(r, "eve", "ben", "resolve_deferral"))
	}},
	{who: "cho", does: "does not give the rating", do: resolves("ben", &api.RatingInput{Code: ptr("exceeded")}), status: never, code: "not_your_act"},
	{who: "eve", does: "gives none", do: resolves("ben", nil), status: invalid, code: "rating_required"},
	{who: "eve", does: "gives it", do: resolves("ben", &api.RatingInput{Code: ptr("exceeded")}), status: ok, then: func(r *replay) {
		require.Equal(r.T, "resolved", string(replayed[api.Deferral](r).Status))
	}},
	{who: "ben", does: "reads it", do: outcomeOf("ben"), status: ok, then: func(r *replay) {
		ratedAs("exceeded")(r)
		require.False(r.T, replayed[api.Outcome](r).Provisional)
	}},
}

const (
	adasAppeal plea = "ada's"
	dovsAppeal plea = "dov's"
	kitsAppeal plea = "kit's"
)
