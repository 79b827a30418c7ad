package httpapi_test

import (
	"encoding/json"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	bw "github.com/perennial-api/perennial/internal/brightwater"
	"github.com/perennial-api/perennial/pkg/client"
)

const (
	tom, ines, dev, marta, olu = bw.Reviewee, bw.Reviewer, bw.ReviewersReviewer, bw.HeadOf, bw.Chief

	onTrust, onOthers, onSelf = "impact_on_trust", "impact_on_others", "impact_on_self"
)

// draftIn drafts an objective in a slot.
func draftIn(slot, title string) func(*play) (client.Answer, error) {
	return func(p *play) (client.Answer, error) { return p.draft(slot, title) }
}

// setting is step 3 of the year: three objectives in their slots, one agreed, one changed and then
// agreed, one that the two do not agree on.
var setting = []scene{
	{"2026-09-14", tom, "drafts the first objective", draftIn(onTrust, "Reading in science"), created, "", nil},
	{"2026-09-14", tom, "drafts the second", draftIn(onOthers, "Talk in pairs"), created, "", nil},
	{"2026-09-14", tom, "cannot fill a slot twice", draftIn(onOthers, "Another"), conflict, "slot_taken", nil},
	{"2026-09-14", tom, "drafts the third", draftIn(onSelf, "Coaching"), created, "", nil},
	{"2026-09-14", ines, "cannot draft: the policy names the reviewee", draftIn(onSelf, "Mine"), never, "not_your_act", func(p *play) {
		require.Contains(p.T, string(p.last.GetBody()), `"parameter":"objectives.drafter"`)
	}},
	{"2026-09-15", tom, "proposes the first", propose(onTrust), ok, "", nil},
	{"2026-09-15", tom, "cannot agree his own", approve(onTrust), never, "not_your_act", nil},
	{"2026-09-16", ines, "agrees the first", approve(onTrust), ok, "", func(p *play) {
		o := p.objective(onTrust)
		require.Equal(p.T, api.ObjectiveApproval("agreed"), o.Approval)
		require.Len(p.T, o.Signatures, 2, "proposing is the drafter's signature")
	}},
	{"2026-09-16", ines, "cannot agree it twice", approve(onTrust), conflict, "wrong_status", nil},
	{"2026-09-16", tom, "proposes the second", propose(onOthers), ok, "", nil},
	{"2026-09-17", ines, "asks for changes", requestChanges(onOthers), ok, "", nil},
	{"2026-09-18", tom, "amends it", func(p *play) (client.Answer, error) {
		return p.who.ReplaceObjectiveWithResponse(p.T.Context(), p.objectives[onOthers], &api.ReplaceObjectiveParams{IfMatch: p.tag(onOthers)}, p.fill(onOthers, p.content("Talk in pairs in year 7")))
	}, ok, "", nil},
	{"2026-09-18", tom, "proposes it again", propose(onOthers), ok, "", nil},
	{"2026-09-21", ines, "agrees it", approve(onOthers), ok, "", nil},
	{"2026-09-21", tom, "proposes the third", propose(onSelf), ok, "", nil},
	{"2026-09-22", dev, "does not reach it before it comes to him", func(p *play) (client.Answer, error) {
		return p.who.GetObjectiveWithResponse(p.T.Context(), p.objectives[onSelf])
	}, gone, "not_found", nil},
	{"2026-09-22", ines, "does not agree and hands it on", escalate(onSelf), ok, "", nil},
	{"2026-09-23", ines, "cannot determine it herself", determine(onSelf, "x"), never, "not_your_act", nil},
	{"2026-09-24", dev, "determines the final version", determine(onSelf, "Coach one colleague"), ok, "", func(p *play) {
		var o api.Objective
		require.NoError(p.T, json.Unmarshal(p.last.GetBody(), &o))
		live := o.Live.MustGet()
		require.Equal(p.T, "Coach one colleague", live.Title)
		require.Equal(p.T, p.People[dev], live.DeterminedBy.MustGet())
	}},
	{"2026-09-25", dev, "no longer reaches it: what his seat was for is done", func(p *play) (client.Answer, error) {
		return p.who.GetObjectiveWithResponse(p.T.Context(), p.objectives[onSelf])
	}, gone, "not_found", nil},
	{"2026-09-25", tom, "sees his year running", read, ok, "", func(p *play) {
		require.Contains(p.T, string(p.last.GetBody()), `"stage":"running"`)
	}},
}

// amending is a change in the year by agreement, and an objective that is complete early.
var amending = []scene{
	{"2027-01-12", ines, "starts a change to the first", amend(onTrust, "Reading in science, twice a week"), ok, "", nil},
	{"2027-01-12", tom, "still has the old version live", func(p *play) (client.Answer, error) {
		return p.who.GetObjectiveWithResponse(p.T.Context(), p.objectives[onTrust])
	}, ok, "", func(p *play) { require.Equal(p.T, "Reading in science", p.objective(onTrust).Live.MustGet().Title) }},
	{"2027-01-12", ines, "proposes the change", propose(onTrust), ok, "", nil},
	{"2027-01-12", ines, "cannot agree to her own change", approve(onTrust), never, "not_your_act", nil},
	{"2027-01-13", tom, "agrees to it", approve(onTrust), ok, "", nil},
	{"2027-01-13", tom, "sees both versions", func(p *play) (client.Answer, error) {
		return p.who.ListObjectiveRevisionsWithResponse(p.T.Context(), p.objectives[onTrust])
	}, ok, "", func(p *play) {
		var list api.RevisionList
		require.NoError(p.T, json.Unmarshal(p.last.GetBody(), &list))
		require.Len(p.T, list.Items, 2)
		require.Equal(p.T, api.RevisionState("live"), list.Items[0].State)
		require.Equal(p.T, api.RevisionState("superseded"), list.Items[1].State)
	}},
	{"2027-03-10", tom, "completes the third early and must say what is next", finish(onSelf, ""), invalid, "what_next_required", nil},
	{"2027-03-10", tom, "completes it", finish(onSelf, "Coach a second colleague."), ok, "", nil},
}

// closing is the year's end as steps, with a returned statement, an unset cell and a changed rating.
var closing = []scene{
	{"2027-06-20", tom, "cannot reflect yet", save("outcome.reflect", api.SaveStep{Answers: map[string]any{}}), conflict, "step_not_open_yet", nil},
	{"2027-07-08", ines, "cannot state before he has reflected", save("outcome.state", api.SaveStep{Answers: statement("x")}), conflict, "step_waits", nil},
	{"2027-07-08", tom, "cannot reflect with no objective judged", complete("outcome.reflect"), conflict, "judgement_missing", nil},
	{"2027-07-08", tom, "judges them, and saves half a reflection", save("outcome.reflect", api.SaveStep{Answers: map[string]any{}}), ok, "", nil},
	{"2027-07-08", tom, "cannot send half a reflection", complete("outcome.reflect"), invalid, "invalid_answers", nil},
	{"2027-07-08", tom, "saves his reflection", func(p *play) (client.Answer, error) {
		return save("outcome.reflect", api.SaveStep{Answers: p.reflection(), Rating: &api.RatingInput{Code: ptr("met")}})(p)
	}, ok, "", nil},
	{"2027-07-08", ines, "does not see the draft", func(p *play) (client.Answer, error) {
		return p.who.GetStepWithResponse(p.T.Context(), p.appraisal, "outcome.reflect")
	}, ok, "", func(p *play) { require.True(p.T, p.step("outcome.reflect").Answers.IsNull()) }},
	{"2027-09-10", tom, "completes it", complete("outcome.reflect"), ok, "", nil},
	{"2027-09-11", tom, "cannot change objectives any more", amend(onOthers, "x"), conflict, "objectives_frozen", nil},
	{"2027-09-20", ines, "rates through a cell that the trust has not filled", func(p *play) (client.Answer, error) {
		r, err := save("outcome.state", api.SaveStep{Answers: statement("A good year."),
			Rating: &api.RatingInput{Row: ptr("high"), Column: ptr("higher_for_some"), Reason: ptr("She saw every lesson.")}})(p)
		if err != nil || r.StatusCode() != ok {
			return r, err
		}
		return complete("outcome.state")(p)
	}, conflict, "grid_cell_unset", func(p *play) {
		require.Contains(p.T, string(p.last.GetBody()), `outcome.grid.cells`)
	}},
	{"2027-09-20", "hr", "does not give another rating to a cell that has one", gridWith(map[[2]string]string{{"high", "high_in_all"}: "exceeded"}), conflict, "frozen_while_open", nil},
	{"2027-09-21", "hr", "takes that back, fills the cell that had none, and moves the year to the new version",
		gridWith(map[[2]string]string{{"high", "high_in_all"}: "met", {"high", "higher_for_some"}: "met"}), ok, "", nil},
	{"2027-09-21", ines, "must say why her engagement differs from the check-ins", func(p *play) (client.Answer, error) {
		r, err := save("outcome.state", api.SaveStep{Rating: &api.RatingInput{Row: ptr("high"), Column: ptr("higher_for_some")}})(p)
		if err != nil || r.StatusCode() != ok {
			return r, err
		}
		return complete("outcome.state")(p)
	}, invalid, "reason_required", nil},
	{"2027-09-21", ines, "states and recommends through the cell that is filled", func(p *play) (client.Answer, error) {
		r, err := save("outcome.state", api.SaveStep{Rating: &api.RatingInput{Row: ptr("high"), Column: ptr("higher_for_some"), Reason: ptr("She saw every lesson.")}})(p)
		if err != nil || r.StatusCode() != ok {
			return r, err
		}
		return complete("outcome.state")(p)
	}, ok, "", nil},
	{"2027-09-21", tom, "does not see the outcome early", outcome, ok, "", func(p *play) {
		var o api.Outcome
		require.NoError(p.T, json.Unmarshal(p.last.GetBody(), &o))
		require.False(p.T, o.Visible)
		require.True(p.T, o.Rating.IsNull())
		require.True(p.T, o.Statement.IsNull())
		require.Len(p.T, o.Ratings, 1, "only his own rating")
		require.Equal(p.T, "outcome_not_released", o.Refusal.MustGet().Code)
	}},
	{"2027-09-21", tom, "does not see the statement", func(p *play) (client.Answer, error) {
		return p.who.GetStepWithResponse(p.T.Context(), p.appraisal, "outcome.state")
	}, ok, "", func(p *play) { require.True(p.T, p.step("outcome.state").Answers.IsNull()) }},
	{"2027-09-22", ines, "cannot decide", complete("outcome.decide"), never, "not_your_act", nil},
	{"2027-09-22", marta, "returns the statement", giveBack("outcome.decide", "outcome.state"), ok, "", nil},
	{"2027-09-23", ines, "states again", func(p *play) (client.Answer, error) {
		r, err := save("outcome.state", api.SaveStep{Answers: statement("A good year, and the second objective in detail.")})(p)
		if err != nil || r.StatusCode() != ok {
			return r, err
		}
		return complete("outcome.state")(p)
	}, ok, "", nil},
	{"2027-10-05", marta, "changes the rating without a reason", func(p *play) (client.Answer, error) {
		r, err := save("outcome.decide", api.SaveStep{Rating: &api.RatingInput{Code: ptr("exceeded")}})(p)
		if err != nil || r.StatusCode() != ok {
			return r, err
		}
		return complete("outcome.decide")(p)
	}, invalid, "reason_required", nil},
	{"2027-10-05", marta, "does not change a rating in a request for many", together("outcome.decide", tom), some, "", eachBecame("rating_changed")},
	{"2027-10-05", marta, "changes it with a reason", func(p *play) (client.Answer, error) {
		r, err := save("outcome.decide", api.SaveStep{Rating: &api.RatingInput{Code: ptr("exceeded"), Reason: ptr("His work changed three departments.")}})(p)
		if err != nil || r.StatusCode() != ok {
			return r, err
		}
		return complete("outcome.decide")(p)
	}, ok, "", nil},
	{"2027-10-06", tom, "still does not see it", outcome, ok, "", func(p *play) { require.Contains(p.T, string(p.last.GetBody()), `"visible":false`) }},
	{"2027-10-12", "hr", "finds what is ready", inTheQueue, ok, "", ready("Tom Birch")},
	{"2027-10-12", "hr", "approves it with a year beside that is not", together("outcome.approve", tom, ines), some, "", eachBecame("done", "step_waits")},
	{"2027-10-13", tom, "sees the outcome", outcome, ok, "", func(p *play) {
		var o api.Outcome
		require.NoError(p.T, json.Unmarshal(p.last.GetBody(), &o))
		require.True(p.T, o.Released)
		require.Equal(p.T, "exceeded", o.Rating.MustGet().Code)
		require.Len(p.T, o.Ratings, 3, "self, recommended and decided")
		require.Equal(p.T, []string{"met", "high", "higher_for_some"}, []string{o.Ratings[1].Rating.Code, o.Ratings[1].Row.MustGet(), o.Ratings[1].Column.MustGet()}, "the recommendation stays on record")
		require.Contains(p.T, o.Statement.MustGet()["review_statement"], "second objective")
	}},
}

// paying is step 7: the calculation with each step named, and a case that the table does not cover.
var paying = []scene{
	{"2027-10-13", tom, "cannot decide his own pay", complete("pay.decide_pay"), never, "not_your_act", nil},
	{"2027-10-14", "hr", "reads the calculation", payOutcome, ok, "", func(p *play) {
		var o api.PayOutcome
		require.NoError(p.T, json.Unmarshal(p.last.GetBody(), &o))
		require.True(p.T, o.Covered)
		var steps []string
		for _, s := range o.Working {
			steps = append(steps, s.Step)
		}
		require.Equal(p.T, []string{"link", "staff_group", "rating", "row", "top_of_range", "award"}, steps)
		require.Equal(p.T, []api.Award{{Kind: "points", Amount: "2"}}, o.Awards)
	}},
	{"2027-10-14", "hr", "decides", complete("pay.decide_pay"), ok, "", nil},
	{"2027-10-15", tom, "sees the decision", payOutcome, ok, "", func(p *play) {
		require.Contains(p.T, string(p.last.GetBody()), `"result":"awarded"`)
	}},
}

func TestTheYearOfOneTeacher(t *testing.T) {
	t.Parallel()
	p := newPlay(t)
	p.run(setting)
	p.run(checking(1, 4))
	p.run(amending[:6])
	p.run(checking(5, 7))
	p.run(midYear)
	p.run(amending[6:])
	p.run(checking(8, 15))
	p.run(closing[:1])
	p.run(summing)
	p.run(gathering)
	p.run(closing[1:])
	p.run(lookingOn)
	p.run(paying)
	p.run(appealing())
}

// turning is step 8: a new line manager at the turn of the year. The outgoing one closes last
// year's review, the incoming one takes over the new objectives, and the old access ends.
var turning = []scene{
	{"2027-07-08", tom, "reflects", func(p *play) (client.Answer, error) {
		r, err := save("outcome.reflect", api.SaveStep{Answers: p.reflection(), Rating: &api.RatingInput{Code: ptr("met")}})(p)
		if err != nil || r.StatusCode() != ok {
			return r, err
		}
		return complete("outcome.reflect")(p)
	}, ok, "", nil},
	{"2027-09-01", "hr", "opens the new year beside the old one", func(p *play) (client.Answer, error) {
		id, _, err := bw.StartYear(p.T.Context(), p.World.HR.ClientWithResponses, p.PolicyVersion, "2027-28", 2027)
		require.NoError(p.T, err)
		p.nextCycle = id
		return p.who.GetCycleWithResponse(p.T.Context(), id)
	}, ok, "", nil},
	{"2027-09-01", "hr", "gives Tom a new line manager", lineManager(tom, dev), ok, "", nil},
	{"2027-09-02", "hr", "enrols", func(p *play) (client.Answer, error) {
		return p.who.EnrolPeopleWithResponse(p.T.Context(), p.nextCycle, nil, api.EnrolPeople{})
	}, ok, "", func(p *play) { p.next = p.AppraisalIn(tom, p.nextCycle).ID }},
	{"2027-09-02", dev, "does not reach last year before its release", read, gone, "not_found", nil},
	{"2027-09-03", ines, "does not reach the new year", func(p *play) (client.Answer, error) {
		return p.who.GetAppraisalWithResponse(p.T.Context(), p.next, nil)
	}, gone, "not_found", nil},
	{"2027-09-03", ines, "still closes last year", func(p *play) (client.Answer, error) {
		r, err := save("outcome.state", api.SaveStep{Answers: statement("A good year."), Rating: &api.RatingInput{Box: ptr("exceptional")}})(p)
		if err != nil || r.StatusCode() != ok {
			return r, err
		}
		return complete("outcome.state")(p)
	}, ok, "", nil},
	{"2027-09-03", tom, "drafts a new objective meanwhile", func(p *play) (client.Answer, error) {
		old, last := p.appraisal, p.objectives
		p.appraisal, p.objectives = p.next, map[string]uuid.UUID{}
		defer func() { p.appraisal = old }()
		r, err := p.draft(onSelf, "Lead a department meeting")
		p.drafted, p.objectives = p.objectives[onSelf], last
		return r, err
	}, created, "", nil},
	{"2027-09-04", dev, "reads the new objective", func(p *play) (client.Answer, error) {
		return p.who.GetObjectiveWithResponse(p.T.Context(), p.drafted)
	}, ok, "", nil},
	{"2027-10-05", marta, "decides", complete("outcome.decide"), ok, "", nil},
	{"2027-10-06", "hr", "approves", complete("outcome.approve"), ok, "", nil},
	{"2027-10-07", ines, "no longer reaches last year: it is done", read, gone, "not_found", nil},
	{"2027-10-07", dev, "reads last year's report to start from it", read, ok, "", nil},
	{"2027-10-08", "hr", "gives Tom back to Ines in the middle of the year", lineManager(tom, ines), ok, "", nil},
	{"2027-10-08", dev, "no longer reaches the new year", func(p *play) (client.Answer, error) {
		return p.who.GetAppraisalWithResponse(p.T.Context(), p.next, nil)
	}, gone, "not_found", nil},
	{"2027-10-08", ines, "takes the new objective over", func(p *play) (client.Answer, error) {
		return p.who.GetObjectiveWithResponse(p.T.Context(), p.drafted)
	}, ok, "", nil},
}

func TestTheReviewerChangesAtTheTurnOfTheYearAndAgainInTheMiddle(t *testing.T) {
	t.Parallel()
	p := newPlay(t)
	p.run(setting)
	p.run(turning)
}
