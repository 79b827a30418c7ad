package httpapi_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

func TestAChainOfSevenStepsRatesThroughAGridOfFourByFiveOnAScaleOfSeven(t *testing.T) {
	t.Parallel()
	r := unseen{file: "seven_steps.json", day: "2026-09-01", offices: map[string][]string{"moderator": {"dov"}},
		finds: []string{"no_one_may_act Cho Lark outcome.decide", "no_one_may_act Dov Pike outcome.panel", "no_one_may_act Eve Tarn outcome.second", "no_one_may_act Eve Tarn outcome.decide"},
		unheard: map[string]string{"Ada Finch": "pay.second " + admittedByNobody, "Dov Pike": "pay.second " + admittedByNobody, "Ben Reed": heardByNobody + " " + admittedByNobody,
			"Cho Lark": heardByNobody + " " + admittedByNobody, "Eve Tarn": heardByNobody + " " + admittedByNobody}}.begin(t)
	cell := func(row, column string) api.SaveStep {
		return api.SaveStep{Answers: stated.Answers, Rating: &api.RatingInput{Row: &row, Column: &column}}
	}
	r.run([]replayScene{
		{on: "2027-08-02", who: "ben", does: "waits for her reflection", do: steps("ada", "outcome.state", stated), status: conflict, code: "step_waits"},
		{who: "ada", does: "reflects and rates herself", do: reflects("ada", "outcome.reflect", &api.RatingInput{Code: ptr("strong")}), status: ok},
		{on: "2027-09-06", who: "ben", does: "has no such cell", do: steps("ada", "outcome.state", cell("always", "some")), status: invalid, code: "unknown_value"},
		{who: "ben", does: "rates through the grid", do: steps("ada", "outcome.state", cell("mostly", "much")), status: ok},
		{on: "2027-09-10", who: "ada", does: "comments", do: steps("ada", "outcome.comment", api.SaveStep{}), status: ok},
		{who: "ben", does: "is no second reader of what he stated", do: steps("ada", "outcome.second", api.SaveStep{}), status: never, code: "not_your_act"},
		{who: "cho", does: "reads second", do: steps("ada", "outcome.second", api.SaveStep{}), status: ok},
		{who: "dov", does: "moderates from his office", do: steps("ada", "outcome.panel", says(map[string]any{"reason": "As others of her year."})), status: ok},
		{who: "cho", does: "may not decide what she read", do: steps("ada", "outcome.decide", api.SaveStep{}), status: never, code: "not_your_act"},
		{who: "eve", does: "decides in her place", do: steps("ada", "outcome.decide", api.SaveStep{}), status: ok},
		{who: "ada", does: "waits for the record", do: yearOf("ada"), status: ok, then: stands("closing", "outcome.record", "hr")},
		{who: "hr", does: "enters it", do: steps("ada", "outcome.record", api.SaveStep{}), status: ok},
		{who: "ada", does: "sees it", do: outcomeOf("ada"), status: ok, then: ratedAs("very_strong")},
		{who: "ada", does: "sees that pay does not follow", do: payOf("ada"), status: ok, then: notLinked},
	})
}

func TestAWelshSchoolReviewsItsHeadByAPanelAndItsSupportStaffByTheCalendarYear(t *testing.T) {
	t.Parallel()
	u := unseen{file: "welsh_authority.yaml", day: "2026-09-01", group: "teachers", offices: map[string][]string{"governor": {"eve"}, "challenge_adviser": {"hr"}},
		unheard: map[string]string{"Cho Lark": "statement.review late:statement.review"}}
	r := u.begin(t)
	seats := func(whose string) (lead string, n int) {
		for _, s := range r.year(whose).Seats {
			for _, key := range []string{"fay", "eve", "hr", "cho"} {
				if s.Lead && s.PersonID == r.As(key).ID {
					lead = key
				}
			}
		}
		return lead, len(r.year(whose).Seats)
	}
	lead, n := seats("cho")
	require.Equal(t, "fay 3", lead+" "+string(rune('0'+n)), "the chair leads a panel of three")
	three := acts(
		agreesOn("2026-09-21", "ada", "ben", "practice", "practice", plainly("Questions that all can answer")),
		agreesOn("2026-09-22", "ben", "ada", "development", "development", plainly("A second language")))
	r.run(acts([]replayScene{
		{on: "2026-09-10", who: "hr", does: "names a priority of the school", do: schoolPriority, status: created},
		{who: "ada", does: "drafts without a link", do: aim("pupils").drafted("ada", "pupils", func(*replay) api.ObjectiveContent { return plainly("Readers in year 7") }), status: created},
		{who: "ada", does: "cannot propose it so", do: aim("pupils").proposed(), status: conflict, code: "objective_needs_priority"},
		{who: "ada", does: "links it", do: aim("pupils").rewritten(linkedToThePriority), status: ok},
		{who: "ada", does: "proposes it", do: aim("pupils").proposed(), status: ok},
		{who: "ben", does: "agrees", do: aim("pupils").signed(), status: ok},
	}, three, []replayScene{
		{who: "ada", does: "is in a running year", do: yearOf("ada"), status: ok, then: stands("running", "outcome.self_review", "reviewee")},
		{on: "2027-07-05", who: "ada", does: "reviews herself", do: reflects("ada", "outcome.self_review", nil, "pupils", "practice", "development"), status: ok},
		{on: "2027-09-07", who: "ben", does: "states", do: steps("ada", "outcome.review", stated), status: ok},
		{on: "2027-09-20", who: "cho", does: "concludes without her comment", do: steps("ada", "outcome.conclude", api.SaveStep{}), status: ok},
		{who: "ada", does: "has an outcome in words", do: outcomeOf("ada"), status: ok, then: func(r *replay) {
			o := replayed[api.Outcome](r)
			require.True(r.T, o.Released && o.Rating.IsNull() && !o.Statement.IsNull() && !o.ReleasedAt.IsNull())
		}},
		{who: "ada", does: "sees that pay does not follow", do: payOf("ada"), status: ok, then: notLinked},
	}))
}

func TestWelshSupportStaffHaveTheCalendarYearBesideTheTeachers(t *testing.T) {
	t.Parallel()
	u := unseen{file: "welsh_authority.yaml", day: "2026-09-01", group: "teachers", offices: map[string][]string{"governor": {"eve"}, "challenge_adviser": {"hr"}},
		unheard: map[string]string{"Cho Lark": "statement.review late:statement.review"}}
	r := u.begin(t)
	teachers := r.CycleID
	r.On("2026-12-01")
	c := r.draftYear("For everybody", "2028-01-01")
	both, err := r.As("hr").OpenCycleWithResponse(t.Context(), c.ID, &api.OpenCycleParams{IfMatch: etag(c.Version)})
	apitest.Refused(t, both, err, conflict, "groups_have_other_periods")
	u.group, u.unheard = "support", map[string]string{"Eve Tarn": "statement.review"}
	u.open(r)
	require.Equal(t, "2027-01-01 2027-12-31", r.year("dov").StartsOn.String()+" "+r.year("dov").EndsOn.String())
	r.On("2027-01-11")
	require.Equal(t, "2027-02-12", setBy(r, "dov"), "thirty working days from New Year, which is a Friday")
	r.CycleID = teachers
	require.Equal(t, "2026-09-01 2027-08-31", r.year("ada").StartsOn.String()+" "+r.year("ada").EndsOn.String())
}

// schoolPriority is a priority of the school, for which objectives are linked.
func schoolPriority(r *replay) (client.Answer, error) {
	p, err := r.who.CreatePriorityWithResponse(r.T.Context(), nil, api.CreatePriority{Code: "s1", UnitID: &r.School, Title: "Reading in every subject"})
	if err == nil && p.JSON201 != nil {
		r.ids["priority"] = p.JSON201.ID
	}
	return p, err
}

func linkedToThePriority(r *replay) api.ObjectiveContent {
	c := plainly("Readers in year 7")
	c.PriorityIds = append(c.PriorityIds, r.ids["priority"])
	return c
}

func TestAnIndependentSchoolHasTwoYearsAndAPanelOfThreeWhoAllSign(t *testing.T) {
	t.Parallel()
	r := unseen{file: "independent.yaml", day: "2026-09-01", offices: map[string][]string{"deputy_academic": {"hr"}},
		unheard: map[string]string{"Ada Finch": "late:pay.second", "Ben Reed": "late:pay.second", "Dov Pike": "late:pay.second", "Cho Lark": "pay.second late:pay.second", "Eve Tarn": heardByNobody + " " + admittedByNobody},
		windows: &api.GenerateWindows{FirstOn: date("2027-03-01"), LastOn: ptr(date("2027-10-01")), EveryWeeks: 26, OpensWeekday: "monday", ClosesWeekday: "friday"}}.begin(t)
	require.Equal(t, "2028-08-31", r.year("ada").EndsOn.String())
	classroom := aim("classroom")
	m := talk("first_year")
	r.run([]replayScene{
		{on: "2026-10-05", who: "ada", does: "drafts", do: classroom.drafted("ada", "classroom", func(*replay) api.ObjectiveContent { return plainly("Let pupils ask") }), status: created},
		{who: "ada", does: "proposes", do: classroom.proposed(), status: ok},
		{who: "ben", does: "signs first", do: classroom.signed(), status: ok},
		{who: "cho", does: "signs second", do: classroom.signed(), status: ok, then: func(r *replay) {
			require.Equal(r.T, api.ObjectiveApprovalProposed, classroom.now(r).Approval, "one of three has not signed")
		}},
		{who: "hr", does: "signs third", do: classroom.signed(), status: ok, then: func(r *replay) {
			require.Equal(r.T, api.ObjectiveApprovalAgreed, classroom.now(r).Approval)
		}},
		{on: "2027-07-05", who: "ben", does: "arranges the review of the first year", do: m.arranged("ada", "first_year", "2027-07-06"), status: created},
		{who: "ben", does: "has dov take notes", do: m.minutedBy("dov"), status: ok},
		{on: "2027-07-06", who: "dov", does: "takes them", do: m.written("2027-07-06", func(*replay) map[string]any { return map[string]any{"notes": "A first year of questions."} }), status: ok},
		{on: "2027-09-20", who: "ada", does: "is still in the same year", do: yearOf("ada"), status: ok, then: stands("setting", "propose_objectives", "reviewee")},
		{who: "ada", does: "reflects a year too early", do: reflects("ada", "outcome.reflect", nil, "classroom"), status: conflict, code: "step_not_open_yet"},
	})
	require.Equal(t, "2028-05-01 2028-07-01", opensAndDue(r, "ada", "outcome.reflect"), "twenty and twenty-two months after the first day")
}

// opensAndDue is when a step opens, and when it is due.
func opensAndDue(r *replay, whose, step string) string {
	r.T.Helper()
	s, err := r.As(whose).GetStepWithResponse(r.T.Context(), r.year(whose).ID, step)
	require.NoError(r.T, err)
	return s.JSON200.Step.OpensOn.MustGet().String() + " " + s.JSON200.Step.DueOn.MustGet().String()
}
