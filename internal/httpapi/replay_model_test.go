package httpapi_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// The model's year as a trust of many schools would live it: one common objective that is drafted
// centrally for everybody, a framework of the trust and one of the school's own, parts that a school
// takes up when it is ready, and light check-ins between.
var modelChoices = map[string]any{
	"objectives.drafter": "hr", "objectives.slots": []any{map[string]any{"code": "common", "label": "What we all work on", "required": true, "link": "trust_priority"}},
	"self_assessment.frameworks":      []any{frameworksFor("trust_principles")},
	"modules.on":                      []any{"self_assessment", "meetings"},
	"check_ins.reviewer_acknowledges": false,
	"outcome.deferral":                "exam_results",
}

// frameworksFor has everybody assessed against the frameworks.
func frameworksFor(codes ...any) map[string]any {
	return map[string]any{"code": "all", "when": map[string]any{}, "frameworks": codes}
}

func newModelYear(t *testing.T) *replay {
	t.Helper()
	r := newReplay(t, "2026-08-20", nil)
	r.join("kit", api.CreatePerson{GivenName: "Kit", FamilyName: "Wren", Post: &api.CreatePost{UnitID: r.School, JobTitle: "Teacher of history", StaffType: "teaching", FromOn: apitest.Day("2024-09-01"), LineManagerID: ptr(r.As("ben").ID)}})
	published(t, r.As("hr"), nil, "trust_principles", behaviours("Explain clearly", "Check what is known"))
	published(t, r.As("cho"), &r.School, "harbour_habits", behaviours("Read aloud", "Talk in pairs"))
	r.adopt("model", modelChoices)
	r.takesUp(map[string]any{"self_assessment": map[string]any{"frameworks": []any{frameworksFor("trust_principles", "harbour_habits")}}})
	c := r.draftYear("2026-27", "2026-09-01")
	w, err := r.As("hr").GenerateCheckInWindowsWithResponse(t.Context(), c.ID, &api.GenerateCheckInWindowsParams{IfMatch: etag(c.Version)}, api.GenerateWindows{
		FirstOn: apitest.Day("2026-10-05"), LastOn: ptr(apitest.Day("2027-06-25")), EveryWeeks: 6, OpensWeekday: "monday", ClosesWeekday: "friday"})
	apitest.OK(t, w, err)
	r.Windows = w.JSON200.Items
	require.Len(t, r.Windows, 7)
	require.Equal(t, 6, r.openYear().Created)
	return r
}

// takesUp has the school propose rules of its own, which HR accepts and publishes.
func (r *replay) takesUp(rules map[string]any) {
	r.T.Helper()
	ctx, hr := r.T.Context(), r.World.HR
	o, err := r.As("cho").CreatePolicyOverrideWithResponse(ctx, nil, api.CreatePolicyOverride{PolicyID: r.PolicyID, UnitID: r.School, Rules: rules})
	apitest.OK(r.T, o, err)
	a, err := hr.AcceptPolicyOverrideWithResponse(ctx, o.JSON201.ID, &api.AcceptPolicyOverrideParams{IfMatch: etag(o.JSON201.Version)})
	apitest.OK(r.T, a, err)
	p, err := hr.GetPolicyWithResponse(ctx, r.PolicyID)
	apitest.OK(r.T, p, err)
	v, err := hr.PublishPolicyWithResponse(ctx, r.PolicyID, &api.PublishPolicyParams{IfMatch: etag(p.JSON200.Version)})
	apitest.OK(r.T, v, err)
	r.PolicyVersion = v.JSON201.ID
}

// movesOn moves the open year to the newest version of the policy.
func movesOn(r *replay) (client.Answer, error) {
	c, err := r.who.GetCycleWithResponse(r.T.Context(), r.CycleID)
	apitest.OK(r.T, c, err)
	return r.who.UpdateCycleWithResponse(r.T.Context(), r.CycleID, &api.UpdateCycleParams{IfMatch: etag(c.JSON200.Version)}, api.UpdateCycle{PolicyVersionID: &r.PolicyVersion})
}

// common is the objective that everybody has, of which the scenes follow ada's.
const common = aim("common")

// commonOf is the common objective of somebody.
func commonOf(whose string) aim {
	if whose == "ada" {
		return common
	}
	return aim(whose + "'s common")
}

// draftsForAll drafts the common objective for everybody at once, and proposes it.
func draftsForAll(r *replay) (client.Answer, error) {
	content := plainly("Literacy in every subject")
	p, err := r.who.CreatePriorityWithResponse(r.T.Context(), nil, api.CreatePriority{Code: "t1", Title: "Literacy"})
	apitest.OK(r.T, p, err)
	content.PriorityIds = append(content.PriorityIds, p.JSON201.ID)
	made, err := r.who.CreateObjectivesInBulkWithResponse(r.T.Context(), nil, api.CreateObjectivesInBulk{CycleID: r.CycleID, Slot: "common", Content: content, Propose: ptr(true)})
	if err != nil || made.JSON200 == nil {
		return made, err
	}
	for _, one := range made.JSON200.Results {
		for _, key := range []string{"ada", "ben", "cho", "dov", "eve", "kit"} {
			if one.PersonID == r.As(key).ID {
				r.ids[string(commonOf(key))] = one.ObjectiveID.MustGet()
			}
		}
	}
	return made, nil
}

// assesses completes ada's self-assessment against a framework.
func assesses(framework string) deed {
	return func(r *replay) (client.Answer, error) {
		a := &assessing{r.Process, r.T, r.year("ada").ID}
		s, err := a.begin("ada", framework)
		apitest.OK(r.T, s, err)
		return a.complete(a.rated(*s.JSON201, "secure", "strong"), nil)
	}
}

// assignedTo lists the frameworks that somebody is to be assessed against.
func assignedTo(r *replay, whose string) (codes []string) {
	r.T.Helper()
	for _, f := range (&assessing{r.Process, r.T, r.year(whose).ID}).assigned(whose).Items {
		codes = append(codes, f.Framework.Code)
	}
	return codes
}

func TestAYearOnTheModel(t *testing.T) {
	t.Parallel()
	r := newModelYear(t)
	require.Equal(t, []string{"trust_principles", "harbour_habits"}, assignedTo(r, "ada"))
	require.Equal(t, []string{"trust_principles"}, assignedTo(r, "eve"), "the central office has the trust's alone")
	r.run([]replayScene{
		{on: "2026-09-07", who: "ada", does: "waits for the centre to draft", do: yearOf("ada"), status: ok, then: stands("setting", "propose_objectives", "hr")},
		{who: "ada", does: "does not draft it herself", do: common.drafted("ada", "common", func(*replay) api.ObjectiveContent { return plainly("Mine") }), status: never, code: "not_your_act", then: citing("objectives.drafter")},
		{who: "hr", does: "drafts it for everybody", do: draftsForAll, status: ok, then: func(r *replay) {
			require.Equal(r.T, 6, replayed[api.ObjectiveBulkResults](r).Succeeded)
			require.Equal(r.T, 1, r.waiting("ada")["approve_objectives"])
		}},
		{on: "2026-09-14", who: "ada", does: "agrees", do: common.signed(), status: ok},
		{who: "ben", does: "agrees, which makes it live", do: common.signed(), status: ok, then: func(r *replay) {
			require.Equal(r.T, api.ObjectiveApprovalAgreed, common.now(r).Approval)
		}},
		{who: "dov", does: "agrees too", do: commonOf("dov").signed(), status: ok},
		{who: "ben", does: "with dov", do: commonOf("dov").signed(), status: ok},
		{who: "kit", does: "agrees too", do: commonOf("kit").signed(), status: ok},
		{who: "ben", does: "with kit", do: commonOf("kit").signed(), status: ok},
		{who: "ben", does: "agrees on his own", do: commonOf("ben").signed(), status: ok},
		{who: "cho", does: "with ben", do: commonOf("ben").signed(), status: ok},
		{who: "ada", does: "has a running year", do: yearOf("ada"), status: ok, then: stands("running", "outcome.reflect", "reviewee")},
		{on: "2026-09-21", who: "ada", does: "assesses herself by the trust's principles", do: assesses("trust_principles"), status: ok},
		{who: "ada", does: "and by her school's habits", do: assesses("harbour_habits"), status: ok},
		{on: "2026-10-05", who: "ada", does: "has no check-ins in her school yet", do: startsCheckIn, status: conflict, code: "module_off", then: citing("modules.on")},
	})
	r.On("2027-01-04")
	r.takesUp(map[string]any{"modules": map[string]any{"on": []any{"self_assessment", "meetings", "check_ins"}},
		"self_assessment": map[string]any{"frameworks": []any{frameworksFor("trust_principles", "harbour_habits")}}})
	note := map[string]any{"notes": "Pupils read more.", "progress": map[string]any{}}
	r.run(acts([]replayScene{
		{who: "hr", does: "moves the year to what the school has taken up", do: movesOn, status: ok},
		{on: r.Windows[3].OpensOn.String(), who: "ada", does: "sends her first check-in", do: sends("ada", r.Windows[3], note), status: ok},
		{who: "eve", does: "still has none", do: sends("eve", r.Windows[3], note), status: conflict, code: "module_off"},
	}, conducted("2027-02-25", "ben", "mid_year", map[string]any{"notes": "Half of the class reads daily."}), []replayScene{
		{on: r.Windows[4].OpensOn.String(), who: "ada", does: "sends her second", do: sends("ada", r.Windows[4], note), status: ok},
		{on: r.Windows[5].OpensOn.String(), who: "ada", does: "sends her third", do: sends("ada", r.Windows[5], note), status: ok},
		{on: "2027-06-29", who: "ada", does: "stands on the eve of the review", do: yearOf("ada"), status: ok, then: func(r *replay) {
			stands("running", "outcome.reflect", "reviewee")(r)
			p := replayed[api.Appraisal](r).Progress
			require.Equal(r.T, []int{1, 1, 3, 0}, []int{p.ObjectivesRequired, p.ObjectivesAgreed, p.CheckInsSent, p.StepsDone})
		}},
		{who: "ada", does: "cannot begin it yet", do: reflects("ada", "outcome.reflect", nil, string(common)), status: conflict, code: "step_not_open_yet"},
	}))
	r.run(modelJudging)
	r.run(modelModerating)
	r.run(inOrderOfDays(modelWaiting, modelAppealing, modelRedoing))
}
