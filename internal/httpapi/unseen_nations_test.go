package httpapi_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

func TestAScottishCouncilReviewsWithoutObjectivesAndConfirmsEveryFifthYear(t *testing.T) {
	t.Parallel()
	r := unseen{file: "scottish_council.yaml", day: "2026-08-15", before: func(r *replay) {
		published(r.T, r.As("hr"), nil, "registration_standard", behaviours("Professional values", "Professional knowledge"))
	}, post: func(key string, p *api.CreatePost) {
		if key == "ada" {
			p.Tags = []string{"update_year"}
		}
	}, finds: []string{"no_staff_group Dov Pike ", "no_staff_group Eve Tarn "}, unheard: map[string]string{"Cho Lark": "pay.second"}}.begin(t)
	require.Equal(t, []string{"sign_off", "teachers"}, []string{r.year("ada").StaffGroup.Code, r.year("ben").StaffGroup.Code})
	a := &assessing{r.Process, t, r.year("ada").ID}
	learning := aim("learning")
	wording := func(*replay) api.ObjectiveContent {
		c := plainly("Enquire into how pupils ask")
		c.Criteria = []api.Item{}
		return c
	}
	r.run(acts([]replayScene{
		{who: "ada", does: "has a year that runs without objectives", do: yearOf("ada"), status: ok, then: stands("running", "outcome.evaluate", "reviewee")},
		{on: "2026-09-15", who: "ada", does: "drafts one before her self-assessment", do: learning.drafted("ada", "learning", wording), status: conflict, code: "self_assessment_first"},
		{on: "2026-09-20", who: "ada", does: "assesses herself", do: func(r *replay) (client.Answer, error) {
			begun, err := a.begin("ada", "registration_standard")
			apitest.OK(r.T, begun, err)
			s := a.opened(a.rated(*begun.JSON201, "exploring", "established"), "organisation_and_reviewer")
			return a.complete(s, ptr("Questions first."), "A course on dialogue")
		}, status: ok},
		{who: "ada", does: "drafts one all the same", do: learning.drafted("ada", "learning", wording), status: created, then: func(r *replay) {
			require.Equal(r.T, 1, r.waiting("ada")["propose_objectives"], "it waits to be proposed, though the year runs")
		}},
		{on: "2027-05-02", who: "ada", does: "evaluates", do: steps("ada", "outcome.evaluate", says(map[string]any{"impact": "They ask each other.", "next": "Feedback."})), status: ok},
		{who: "ben", does: "records the review before it was held", do: steps("ada", "outcome.record", stated), status: conflict, code: "formal_reviews_missing"},
	}, conducted("2027-05-10", "ada", "review", map[string]any{"notes": "What the enquiry showed."}), []replayScene{
		{on: "2027-05-20", who: "ben", does: "records the review", do: steps("ada", "outcome.record", stated), status: ok},
		{who: "ada", does: "waits for her confirmation", do: yearOf("ada"), status: ok, then: stands("closing", "outcome.confirm", "head")},
		{who: "cho", does: "confirms", do: steps("ada", "outcome.confirm", api.SaveStep{}), status: ok},
		{who: "ada", does: "is released without a rating", do: outcomeOf("ada"), status: ok, then: func(r *replay) {
			require.True(r.T, replayed[api.Outcome](r).Released && replayed[api.Outcome](r).Rating.IsNull())
		}},
		{who: "ada", does: "sees that pay does not follow", do: payOf("ada"), status: ok, then: notLinked},
		{who: "ben", does: "has no such step in his own year", do: steps("ben", "outcome.confirm", api.SaveStep{}), status: gone, code: "not_found"},
	}))
}

func TestACollegeRatesEachGroupOnItsOwnScale(t *testing.T) {
	t.Parallel()
	r := unseen{file: "college.yaml", day: "2026-08-01", post: func(key string, p *api.CreatePost) {
		if key == "ada" {
			p.StaffType = "lecturer"
		}
	}, finds: []string{"no_one_may_act Eve Tarn objectives.on_disagreement", "no_one_may_act Eve Tarn outcome.decide"},
		unheard: map[string]string{"Ben Reed": "pay.second", "Cho Lark": heardByNobody, "Eve Tarn": heardByNobody}}.begin(t)
	scale := func(code string) api.SaveStep {
		return api.SaveStep{Answers: stated.Answers, Rating: &api.RatingInput{Code: &code}}
	}
	require.Equal(t, "2026-09-25", setBy(r, "ada"), "forty working days from 1 August, without a calendar")
	r.run(acts(
		[]replayScene{{on: "2026-08-10", who: "hr", does: "names a priority of the school", do: schoolPriority, status: created}},
		agreed("ben", "ada", "curriculum", func(r *replay) api.ObjectiveContent { return aimed(linkedToThePriority(r)) }),
		[]replayScene{
			{on: "2026-09-01", who: "ben", does: "drafts the other without its SMART check", do: aim("practice").drafted("ada", "practice", func(r *replay) api.ObjectiveContent { return aimed(linkedToThePriority(r)) }), status: created},
			{who: "ben", does: "cannot propose it", do: aim("practice").proposed(), status: conflict, code: "smart_unticked"},
			{who: "ben", does: "ticks it", do: aim("practice").rewritten(func(r *replay) api.ObjectiveContent { return ticked(aimed(linkedToThePriority(r))) }), status: ok},
			{who: "ben", does: "proposes it", do: aim("practice").proposed(), status: ok},
			{who: "ada", does: "agrees", do: aim("practice").signed(), status: ok},
		}, midYearAtCollege, []replayScene{
			{on: "2027-07-12", who: "ada", does: "reviews herself", do: reflects("ada", "outcome.reflect", &api.RatingInput{Code: ptr("good")}, "curriculum", "practice"), status: ok},
			{who: "ben", does: "rates on the other group's scale", do: steps("ada", "outcome.state", scale("above")), status: invalid, code: "unknown_rating"},
			{who: "ben", does: "recommends", do: steps("ada", "outcome.state", scale("good")), status: ok},
			{who: "ada", does: "reads what was stated, as the policy lets her", do: outcomeOf("ada"), status: ok, then: func(r *replay) {
				o := replayed[api.Outcome](r)
				require.True(r.T, o.Visible && !o.Released && !o.Statement.IsNull())
			}},
			{who: "cho", does: "cannot change the rating", do: steps("ada", "outcome.decide", api.SaveStep{Rating: &api.RatingInput{Code: ptr("outstanding")}}), status: conflict, code: "rating_not_changeable"},
		}))
}

// midYearAtCollege is the mid-year review, whose record indicates a rating of the group's own scale.
var midYearAtCollege = []replayScene{
	{on: "2027-01-15", who: "ben", does: "arranges the mid-year review", do: talk("mid").arranged("ada", "mid_year", "2027-01-15"), status: created},
	{who: "ben", does: "indicates what is on another scale", do: onTheWay("above"), status: invalid, code: "unknown_rating"},
	{who: "ben", does: "records it", do: onTheWay("good"), status: ok},
	{who: "ben", does: "shares the record", do: talk("mid").shared(), status: ok},
	{who: "ada", does: "answers it", do: talk("mid").answered("I should like more time for it."), status: ok},
}

// onTheWay records the mid-year review with an indicative outcome.
func onTheWay(code string) deed {
	return func(r *replay) (client.Answer, error) {
		progress := map[string]any{}
		for _, a := range []string{"curriculum", "practice"} {
			progress[r.ids[a].String()] = "On the way."
		}
		on := apitest.Day("2027-01-15")
		return r.who.SaveMeetingWithResponse(r.T.Context(), r.ids["mid"], &api.SaveMeetingParams{IfMatch: etag(talk("mid").as(r).Version)},
			api.SaveMeeting{HeldOn: &on, IndicativeRating: &code, Answers: map[string]any{"progress": progress, "on_track": "partly"}})
	}
}

// agreed is an objective of ada's whose content is made when it is drafted.
func agreed(drafter, other, slot string, content func(*replay) api.ObjectiveContent) []replayScene {
	return []replayScene{
		{who: drafter, does: "drafts " + slot, do: aim(slot).drafted("ada", slot, content), status: created},
		{who: drafter, does: "proposes it", do: aim(slot).proposed(), status: ok},
		{who: other, does: "agrees to it", do: aim(slot).signed(), status: ok},
	}
}

// aimed has a day by which it is reached.
func aimed(c api.ObjectiveContent) api.ObjectiveContent {
	c.TargetOn = ptr(apitest.Day("2027-06-30"))
	return c
}

// ticked answers every point of the SMART check with yes.
func ticked(c api.ObjectiveContent) api.ObjectiveContent {
	c.Smart = map[string]bool{"specific": true, "measurable": true, "achievable": true, "relevant": true, "time_bound": true}
	return c
}

// setBy is the day by which somebody's objectives are to be agreed.
func setBy(r *replay, whose string) string {
	r.T.Helper()
	return r.year(whose).Next.MustGet().DueOn.MustGet().String()
}
