package httpapi_test

import (
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// appealsOf lists the appeals of somebody's year, and what may be appealed against.
func appealsOf(whose string) deed {
	return func(r *replay) (client.Answer, error) {
		return r.who.ListAppealsWithResponse(r.T.Context(), r.year(whose).ID)
	}
}

// earlierOf lists the steps of somebody's year before it was judged anew.
func earlierOf(whose string) deed {
	return func(r *replay) (client.Answer, error) {
		return r.who.ListEarlierStepsWithResponse(r.T.Context(), r.year(whose).ID)
	}
}

// modelAppealing is what three people appeal against within ten working days: one has it amended,
// with one it stands, and one is judged anew.
var modelAppealing = []replayScene{
	{on: "2027-09-22", who: "dov", does: "asks until when", do: appealsOf("dov"), status: ok, then: func(r *replay) {
		for _, o := range replayed[api.AppealList](r).Options {
			require.Equal(r.T, "2027-10-04", o.UntilOn.MustGet().String(), "ten working days after 20 September")
		}
	}},
	{who: "dov", does: "appeals against the statement", do: dovsAppeal.lodged("dov", "statement"), status: created, then: func(r *replay) {
		require.Contains(r.T, replayed[api.Appeal](r).PersonIds, r.As("eve").ID, "the head decided, so whoever stands above hears it")
	}},
	{who: "cho", does: "took part and does not hear it", do: dovsAppeal.decided(api.DecideAppeal{Result: "stands", Reason: "It is right."}), status: never, code: "not_your_act"},
	{who: "kit", does: "appeals too", do: kitsAppeal.lodged("kit", "statement"), status: created},
	{who: "ada", does: "and ada", do: adasAppeal.lodged("ada", "statement"), status: created},
	{on: "2027-09-30", who: "eve", does: "proposes an amendment of dov's", do: dovsAppeal.decided(api.DecideAppeal{Result: "amended", Reason: "It was left out.", Amendment: ptr("He kept the laboratory open all summer.")}), status: ok, then: func(r *replay) {
		require.Equal(r.T, api.AppealStatus("awaiting_consent"), replayed[api.Appeal](r).Status)
	}},
	{who: "ben", does: "who stated consents", do: dovsAppeal.consented(), status: ok},
	{who: "dov", does: "reads the statement as it was, with the amendment beside it", do: outcomeOf("dov"), status: ok, then: func(r *replay) {
		o := replayed[api.Outcome](r)
		require.Equal(r.T, stated.Answers["statement"], o.Statement.MustGet()["statement"])
		require.Equal(r.T, "He kept the laboratory open all summer.", o.Amendments[0].Text)
		ratedAs("met")(r)
	}},
	{who: "eve", does: "lets kit's stand", do: kitsAppeal.decided(api.DecideAppeal{Result: "stands", Reason: "It says what both saw."}), status: ok},
	{who: "kit", does: "has the outcome that there was", do: outcomeOf("kit"), status: ok, then: func(r *replay) {
		ratedAs("met")(r)
		require.Empty(r.T, replayed[api.Outcome](r).Amendments)
	}},
	{who: "kit", does: "has no further stage", do: kitsAppeal.on(func(r *replay, id uuid.UUID, tag string) (client.Answer, error) {
		return r.who.LodgeNextStageWithResponse(r.T.Context(), id, &api.LodgeNextStageParams{IfMatch: tag}, api.LodgeNextStage{Text: "Once more."})
	}), status: conflict, code: "no_further_stage"},
}

// redoneBy has ada's year judged anew by somebody.
func redoneBy(key string) deed {
	return func(r *replay) (client.Answer, error) {
		id := r.As(key).ID
		return adasAppeal.decided(api.DecideAppeal{Result: "redone", Reason: "By fresh eyes.", ReviewerID: &id})(r)
	}
}

// modelRedoing is ada's year judged anew by dee, who took no part in it.
var modelRedoing = []replayScene{
	{on: "2027-10-01", who: "hr", does: "has dee join the school", do: func(r *replay) (client.Answer, error) {
		r.join("dee", api.CreatePerson{GivenName: "Dee", FamilyName: "Hale", Post: &api.CreatePost{UnitID: r.School, JobTitle: "Deputy head", StaffType: "teaching", FromOn: apitest.Day("2027-10-01")}})
		return asksWhatWaits(r)
	}, status: ok},
	{who: "eve", does: "cannot give it to whoever judged it", do: redoneBy("ben"), status: invalid, code: "took_part"},
	{who: "eve", does: "gives it to dee", do: redoneBy("dee"), status: ok},
	{who: "ada", does: "has a year that is open again, and what she said stands", do: yearOf("ada"), status: ok, then: func(r *replay) {
		stands("closing", "outcome.state", "reviewer")(r)
		o := common.outcome(r)
		require.Equal(r.T, "met", o.Reviewee.MustGet().Judgement.MustGet().Code)
		require.True(r.T, o.Reviewer.IsNull(), "what ben judged counts no more")
	}},
	{who: "ada", does: "finds everything that was before", do: earlierOf("ada"), status: ok, then: func(r *replay) {
		kept := map[string]string{}
		for _, s := range replayed[api.EarlierStepList](r).Items {
			kept[s.Step] = s.DoneBy.MustGet().String()
			if c, err := s.Rating.Get(); err == nil {
				kept[s.Step] += " " + c.Code
			}
		}
		require.Equal(r.T, map[string]string{"outcome.state": r.As("ben").ID.String() + " partially_met", "outcome.decide": r.As("cho").ID.String() + " met", "outcome.approve": r.World.HR.ID.String()}, kept)
	}},
	{who: "ben", does: "has nothing to do with it now", do: yearOf("ada"), status: gone, code: "not_found"},
	{who: "dee", does: "has not judged yet", do: recommends("ada", "exceeded"), status: conflict, code: "judgement_missing"},
	{who: "dee", does: "agrees with ada", do: common.judged(api.JudgeObjective{Agrees: ptr(true)}), status: ok},
	{on: "2027-10-08", who: "dee", does: "states anew", do: recommends("ada", "exceeded"), status: ok, then: func(r *replay) {
		require.Equal(r.T, 2, replayed[api.StepDetail](r).Step.Round)
	}},
	{who: "cho", does: "decides", do: gives("ada", "outcome.decide", api.SaveStep{}), status: ok},
	{who: "hr", does: "approves", do: gives("ada", "outcome.approve", api.SaveStep{}), status: ok},
	{who: "ada", does: "reads the new outcome", do: outcomeOf("ada"), status: ok, then: func(r *replay) {
		ratedAs("exceeded")(r)
		require.Equal(r.T, "met", common.outcome(r).Judgement.MustGet().Code)
	}},
}
