package httpapi_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// ourOwn is a process that none of the built-in profiles has: two objectives, drafted together and
// approved by the head, four check-ins a year, and three ratings on a grid of two by four.
const ourOwn = `{"schema": 1, "rules": {
	"self_assessment": {"requirement": "off", "frameworks": []},
	"objectives": {"slots": [{"code": "team", "label": "For the team", "required": true}, {"code": "self", "label": "For myself", "required": true}],
		"max": 2, "drafter": "both", "approver": "head", "on_disagreement": "none", "amendable_until": "look_back"},
	"check_ins": {"form": "note", "windows": 4, "feed_year_end": true,
		"engagement": [{"code": "steady", "label": "Steady", "at_least": 0.75}, {"code": "uneven", "label": "Uneven", "at_least": 0}]},
	"meetings": {"plan": []},
	"outcome": {"method": "grid",
		"scale": [{"code": "below", "label": "Below"}, {"code": "at", "label": "At"}, {"code": "above", "label": "Above"}],
		"grid": {"rows": {"code": "engagement", "label": "Engagement", "values": [{"code": "uneven", "label": "Uneven"}, {"code": "steady", "label": "Steady"}]},
			"columns": {"code": "effect", "label": "Effect", "values": [{"code": "none", "label": "None"}, {"code": "some", "label": "Some"}, {"code": "much", "label": "Much"}, {"code": "lasting", "label": "Lasting"}]},
			"cells": [{"row": "uneven", "column": "none", "rating": "below"}, {"row": "uneven", "column": "some", "rating": "below"}, {"row": "uneven", "column": "much", "rating": "at"}, {"row": "uneven", "column": "lasting", "rating": "at"},
				{"row": "steady", "column": "none", "rating": "below"}, {"row": "steady", "column": "some", "rating": "at"}, {"row": "steady", "column": "much", "rating": "above"}, {"row": "steady", "column": "lasting", "rating": "above"}]},
		"chain": [
			{"code": "look_back", "label": "Look back", "order": 1, "party": "reviewee", "acts": ["reflect"], "form": "look_back", "required": true, "opens": {"anchor": "cycle_end", "months": -2}, "due": {"anchor": "cycle_end", "days": -20}},
			{"code": "rate", "label": "Rating", "order": 2, "party": "reviewer", "acts": ["state", "recommend"], "form": "statement", "required": true, "due": {"anchor": "cycle_end", "days": 10}},
			{"code": "sign", "label": "Signature", "order": 3, "party": "head", "acts": ["approve", "sign"], "required": true, "due": {"anchor": "cycle_end", "days": 30}}]},
	"modules": {"on": ["check_ins"]},
	"forms": {"note": {"label": "Note", "sections": [{"code": "news", "label": "What is new?", "kind": "text", "required": true}]},
		"look_back": {"label": "Look back", "sections": [{"code": "year", "label": "The year in your words", "kind": "text", "required": true, "prefill": ["news"]}]}}}}`

// madeByAPI sets the process up as an integrator would, from the first fault to the open year.
func madeByAPI(t *testing.T) *replay {
	t.Helper()
	r := newReplay(t, "2026-08-24", nil)
	ctx, hr := t.Context(), r.World.HR
	var document map[string]any
	require.NoError(t, json.Unmarshal([]byte(ourOwn), &document))
	chain := document["rules"].(map[string]any)["outcome"].(map[string]any)["chain"]
	setAt(document, "rules.outcome.chain", []any{})
	made, err := hr.CreatePolicyWithResponse(ctx, nil, api.CreatePolicy{Name: "Together", Document: document})
	apitest.OK(t, made, err)
	r.PolicyID = made.JSON201.ID
	faults := func() (codes []string) {
		v, err := hr.ValidatePolicyWithResponse(ctx, r.PolicyID)
		apitest.OK(t, v, err)
		for _, f := range v.JSON200.Findings {
			codes = append(codes, f.Code)
		}
		require.Equal(t, len(codes) == 0, v.JSON200.Publishable)
		return codes
	}
	require.Equal(t, []string{"step_unknown"}, faults(), "objectives may change until a step that is not there")
	setAt(document, "rules.outcome.chain", chain)
	u, err := hr.UpdatePolicyWithResponse(ctx, r.PolicyID, &api.UpdatePolicyParams{IfMatch: etag(made.JSON201.Version)}, api.UpdatePolicy{Document: document})
	apitest.OK(t, u, err)
	require.Empty(t, faults())
	tried, err := hr.SimulatePolicyWithResponse(ctx, r.PolicyID, api.SimulatePolicy{})
	apitest.OK(t, tried, err)
	require.Equal(t, []string{"Cho Lark"}, names(simulated(*tried.JSON200, "Ada Finch").Steps[2].People), "the head signs")
	v, err := hr.PublishPolicyWithResponse(ctx, r.PolicyID, &api.PublishPolicyParams{IfMatch: etag(u.JSON200.Version)})
	apitest.OK(t, v, err)
	r.PolicyVersion = v.JSON201.ID
	c := r.draftYear("2026-27", "2026-09-01")
	early, err := hr.OpenCycleWithResponse(ctx, c.ID, &api.OpenCycleParams{IfMatch: etag(c.Version)})
	apitest.Refused(t, early, err, conflict, "windows_do_not_fit")
	w, err := hr.GenerateCheckInWindowsWithResponse(ctx, c.ID, &api.GenerateCheckInWindowsParams{IfMatch: etag(c.Version)}, api.GenerateWindows{
		FirstOn: apitest.Day("2026-10-12"), LastOn: ptr(apitest.Day("2027-06-25")), EveryWeeks: 10, OpensWeekday: "monday", ClosesWeekday: "friday"})
	apitest.OK(t, w, err)
	r.Windows = w.JSON200.Items
	require.Len(t, r.Windows, 4)
	r.openYear()
	return r
}

func TestATrustSetsUpAProcessOfItsOwnByAPIAlone(t *testing.T) {
	t.Parallel()
	r := madeByAPI(t)
	team := aim("team")
	cell := func(row, column, why string) api.SaveStep {
		in := &api.RatingInput{Row: &row, Column: &column}
		if why != "" {
			in.Reason = &why
		}
		return api.SaveStep{Answers: stated.Answers, Rating: in}
	}
	r.run(acts([]replayScene{
		{on: "2026-09-07", who: "ada", does: "drafts for the team", do: team.drafted("ada", "team", func(*replay) api.ObjectiveContent { return plainly("Plan lessons in pairs") }), status: created},
		{who: "ben", does: "writes it on", do: team.rewritten(func(*replay) api.ObjectiveContent { return plainly("Plan lessons in pairs, and watch one") }), status: ok},
		{who: "ben", does: "proposes it", do: team.proposed(), status: ok},
		{who: "ben", does: "cannot approve it", do: team.signed(), status: never, code: "not_your_act"},
		{who: "ada", does: "waits for the head", do: yearOf("ada"), status: ok, then: stands("setting", "approve_objectives", "head")},
		{who: "cho", does: "approves it", do: team.signed(), status: ok},
	}, agreesOn("2026-09-14", "ada", "cho", "self", "self", plainly("Learn to code")), []replayScene{
		{who: "ada", does: "cannot add a third", do: aim("third").drafted("ada", "extra", func(*replay) api.ObjectiveContent { return plainly("A third") }), status: conflict, code: "too_many_objectives"},
		{who: "ada", does: "is in a running year", do: yearOf("ada"), status: ok, then: stands("running", "outcome.look_back", "reviewee")},
	}, fourNotes(r), []replayScene{
		{on: "2027-07-05", who: "ada", does: "finds her notes quoted", do: stepOf("ada", "outcome.look_back"), status: ok, then: func(r *replay) {
			d := replayed[api.StepDetail](r)
			require.True(r.T, d.Prefilled)
			require.Contains(r.T, d.Answers.MustGet()["year"], "Note of 2027-05-10")
		}},
		{who: "ada", does: "looks back", do: steps("ada", "outcome.look_back", says(map[string]any{"year": "We watched each other teach."})), status: ok},
		{on: "2027-08-30", who: "ben", does: "rates otherwise than the check-ins suggest", do: steps("ada", "outcome.rate", cell("uneven", "much", "")), status: invalid, code: "reason_required"},
		{who: "ben", does: "rates", do: steps("ada", "outcome.rate", cell("steady", "much", "")), status: ok},
		{on: "2027-09-06", who: "cho", does: "signs", do: steps("ada", "outcome.sign", api.SaveStep{}), status: ok},
		{who: "ada", does: "sees what was recommended, for nobody decides otherwise", do: outcomeOf("ada"), status: ok, then: ratedAs("above")},
		{who: "ada", does: "sees that pay does not follow", do: payOf("ada"), status: ok, then: notLinked},
		{who: "ada", does: "has nothing left", do: yearOf("ada"), status: ok, then: stands("released", "", "")},
	}))
}

// stepOf reads a step of somebody's chain.
func stepOf(whose, step string) deed {
	return func(r *replay) (client.Answer, error) {
		return r.who.GetStepWithResponse(r.T.Context(), r.year(whose).ID, step)
	}
}

// fourNotes sends a check-in in each of the year's windows.
func fourNotes(r *replay) (all []replayScene) {
	for _, w := range r.Windows {
		day := w.OpensOn.String()
		all = append(all, replayScene{on: day, who: "ada", does: "sends her note", do: sends("ada", w, map[string]any{"news": "Note of " + day}), status: ok})
	}
	return all
}

// sends starts, writes and sends a check-in of a window.
func sends(whose string, w api.Window, answers map[string]any) deed {
	return func(r *replay) (client.Answer, error) {
		ctx := r.T.Context()
		k, err := r.who.StartCheckInWithResponse(ctx, nil, api.StartCheckIn{AppraisalID: r.year(whose).ID, WindowID: w.ID})
		if err != nil || k.JSON201 == nil {
			return k, err
		}
		s, err := r.who.SaveCheckInWithResponse(ctx, k.JSON201.ID, &api.SaveCheckInParams{IfMatch: etag(k.JSON201.Version)}, api.SaveCheckIn{Answers: answers})
		if err != nil || s.JSON200 == nil {
			return s, err
		}
		return r.who.SubmitCheckInWithResponse(ctx, s.JSON200.ID, &api.SubmitCheckInParams{IfMatch: etag(s.JSON200.Version)})
	}
}
