package httpapi_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

func TestANurseryChainHasHalfYearsWithoutCheckIns(t *testing.T) {
	t.Parallel()
	u := unseen{file: "nursery.yaml", day: "2026-04-20", unheard: map[string]string{"Cho Lark": "pay.second", "Eve Tarn": heardByNobody}}
	r := u.begin(t)
	year := r.year("ada")
	require.Equal(t, "2026-07-01 2026-12-31", year.StartsOn.String()+" "+year.EndsOn.String(), "the second half-year is the next that begins")
	focus := aim("focus")
	r.run(acts([]replayScene{
		{on: "2026-07-02", who: "ada", does: "reads her year", do: yearOf("ada"), status: ok, then: stands("setting", "propose_objectives", "reviewer")},
		{who: "ada", does: "has no check-in to write", do: startsCheckIn, status: conflict, code: "no_check_ins"},
	}, agreesOn("2026-07-10", "ben", "ada", "focus", focus, plainly("Outdoors twice a day")), []replayScene{
		{on: "2026-12-04", who: "ada", does: "looks back", do: steps("ada", "outcome.look_back", says(map[string]any{"proud": "The mud kitchen."})), status: ok},
		{who: "ben", does: "decides without a rating", do: steps("ada", "outcome.decide", stated), status: invalid, code: "rating_required"},
		{on: "2026-12-20", who: "ben", does: "decides", do: steps("ada", "outcome.decide", api.SaveStep{Answers: stated.Answers, Rating: &api.RatingInput{Code: ptr("shining")}}), status: ok},
		{who: "ada", does: "sees it", do: outcomeOf("ada"), status: ok, then: ratedAs("shining")},
		{who: "ada", does: "sees that pay does not follow", do: payOf("ada"), status: ok, then: notLinked},
		{who: "ada", does: "has nothing left", do: yearOf("ada"), status: ok, then: stands("released", "", "")},
	}))
	r.On("2027-01-01")
	u.open(r)
	require.Equal(t, "2027-01-01 2027-06-30", r.year("ada").StartsOn.String()+" "+r.year("ada").EndsOn.String(), "the first half of the next year")
}

// startsCheckIn begins a check-in in ada's year, where there is a window for one.
func startsCheckIn(r *replay) (client.Answer, error) {
	body := api.StartCheckIn{AppraisalID: r.year("ada").ID, WindowID: r.year("ada").ID}
	if len(r.Windows) > 0 {
		body.WindowID = r.Windows[0].ID
	}
	return r.who.StartCheckInWithResponse(r.T.Context(), nil, body)
}

func TestASpecialSchoolJudgesBehavioursAloneWithoutObjectives(t *testing.T) {
	t.Parallel()
	r := unseen{file: "special_school.json", day: "2026-09-01", finds: []string{"no_one_may_act Eve Tarn outcome.decide"},
		unheard: map[string]string{"Ben Reed": "pay.second", "Cho Lark": heardByNobody, "Eve Tarn": heardByNobody}, before: func(r *replay) {
			published(r.T, r.As("hr"), nil, "our_behaviours", behaviours("Patience", "Candour"))
		}, windows: &api.GenerateWindows{FirstOn: apitest.Day("2026-11-02"), LastOn: ptr(apitest.Day("2027-03-31")), EveryWeeks: 8, OpensWeekday: "monday", ClosesWeekday: "friday"}}.begin(t)
	require.Len(t, r.Windows, 3)
	a := &assessing{r.Process, t, r.year("ada").ID}
	r.run([]replayScene{
		{on: "2026-09-02", who: "ada", does: "is in a year that runs at once", do: yearOf("ada"), status: ok, then: stands("running", "outcome.reflect", "reviewee")},
		{who: "ada", does: "cannot write an objective", do: aim("none").drafted("ada", "extra", func(*replay) api.ObjectiveContent { return plainly("Read more") }), status: conflict, code: "too_many_objectives"},
		{on: "2026-10-05", who: "ada", does: "assesses herself", do: func(*replay) (client.Answer, error) {
			behaviour := a.opened(a.rated(a.begun(), "mostly", "always"), "organisation_and_reviewer")
			return a.complete(behaviour, ptr("Patience is the harder one."))
		}, status: ok, then: func(r *replay) { require.Zero(r.T, r.waiting("ada")["draft_objectives"]) }},
		{who: "ben", does: "rates the same statements beside", do: func(r *replay) (client.Answer, error) {
			return a.beside("ben", replayed[api.SelfAssessment](r), true, api.RateStatement{Statement: "b1", Rating: "always"}, api.RateStatement{Statement: "b2", Rating: "always"})
		}, status: ok},
		{on: "2027-07-05", who: "ada", does: "reflects", do: steps("ada", "outcome.reflect", says(map[string]any{"behaviour": "candour"})), status: ok},
		{who: "ada", does: "is closing", do: yearOf("ada"), status: ok, then: stands("closing", "outcome.recommend", "reviewer")},
		{on: "2027-07-08", who: "ben", does: "recommends", do: steps("ada", "outcome.recommend", api.SaveStep{Answers: stated.Answers, Rating: &api.RatingInput{Code: ptr("lived")}}), status: ok},
		{who: "cho", does: "decides as recommended", do: steps("ada", "outcome.decide", api.SaveStep{}), status: ok},
		{who: "ada", does: "sees it", do: outcomeOf("ada"), status: ok, then: ratedAs("lived")},
	})
}

func TestAYearWithoutAnyStepEndsInARecordedDecisionWhenItsCycleIsClosed(t *testing.T) {
	t.Parallel()
	r := unseen{file: "conversations.yaml", day: "2026-09-01", unheard: map[string]string{"Cho Lark": "pay.second", "Eve Tarn": "pay.first pay.second"},
		windows: &api.GenerateWindows{FirstOn: apitest.Day("2026-10-05"), LastOn: ptr(apitest.Day("2027-06-04")), EveryWeeks: 13, OpensWeekday: "monday", ClosesWeekday: "friday"}}.begin(t)
	require.Len(t, r.Windows, 3)
	closes := func(r *replay) (client.Answer, error) {
		c, err := r.who.GetCycleWithResponse(r.T.Context(), r.CycleID)
		apitest.OK(r.T, c, err)
		return r.who.CloseCycleWithResponse(r.T.Context(), r.CycleID, &api.CloseCycleParams{IfMatch: etag(c.JSON200.Version)})
	}
	r.run(acts(agreesOn("2026-09-14", "ada", "ben", "aim", "aim", plainly("Talk in pairs")), []replayScene{
		{who: "ada", does: "is told that closing the cycle ends it", do: yearOf("ada"), status: ok, then: stands("running", "close_cycle", "hr")},
		{who: "ada", does: "has no outcome yet", do: outcomeOf("ada"), status: ok, then: func(r *replay) { require.False(r.T, replayed[api.Outcome](r).Released) }},
		{on: "2027-09-20", who: "hr", does: "closes the cycle, though dov never agreed an aim", do: closes, status: ok},
		{who: "ada", does: "has a year that came to its end", do: yearOf("ada"), status: ok, then: func(r *replay) {
			stands("released", "", "")(r)
			require.Equal(r.T, api.AppraisalStatus("closed"), replayed[api.Appraisal](r).Status)
		}},
		{who: "ada", does: "sees the outcome", do: outcomeOf("ada"), status: ok, then: func(r *replay) {
			o := replayed[api.Outcome](r)
			require.True(r.T, o.Released && o.Visible && o.Rating.IsNull() && !o.ReleasedAt.IsNull())
		}},
		{who: "ada", does: "sees the decision on pay", do: payOf("ada"), status: ok, then: notLinked},
	}))
	e, err := r.As("hr").ListAuditEventsWithResponse(t.Context(), &api.ListAuditEventsParams{PersonID: &r.As("ada").ID})
	apitest.OK(t, e, err)
	var types []string
	for _, i := range e.JSON200.Items {
		types = append(types, i.Type)
	}
	require.Subset(t, types, []string{"appraisal.released", "pay.decided", "appraisal.closed"})
}
