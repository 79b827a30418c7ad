package httpapi_test

import (
	"fmt"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

// Policies under which a row shows its leaf.
const (
	onePlace     = `{"objectives":{"slots":[{"code":"practice","label":"Practice","required":true}]}}`
	withSMART    = `{"objectives":{"slots":[{"code":"practice","label":"Practice","required":true,"smart":true}]}}`
	withCheck    = `{"objectives":{"slots":[{"code":"practice","label":"Practice","required":true,"checklist":[{"code":"link","label":"It helps pupils."}]}]}}`
	byReviewee   = `{"objectives":{"drafter":"reviewee"}}`
	byReviewer   = `{"objectives":{"drafter":"reviewer"}}`
	twoActions   = `{"objectives":{"actions_min":2}}`
	bothAxes     = `{"objectives":{"axes":["completion","validation"]}}`
	coaching     = `[{"code":"coaching","label":"Coaching","text":"Begin a course.","when":{"fact":"staff_type","op":"is","value":"teaching"},"slot":"extra","within_cycles":1}]`
	withSpecific = `[{"code":"specific","label":"It is clear."}]`
)

func init() {
	leafTables["objectives"] = []leafRow{
		{path: "objectives.slots", a: `[{"code":"practice","label":"Practice","required":true}]`, b: `[{"code":"other","label":"Other","required":true}]`,
			probe: drafting("ada"), wantA: "done", wantB: "unknown_slot"},
		{path: "objectives.max", a: `1`, b: `2`, under: onePlace, probe: oneMore, wantA: "too_many_objectives", wantB: "counts"},
		{path: "objectives.counted", a: `"none"`, b: `1`, under: onePlace, probe: oneMore, wantA: "counts", wantB: "does not count"},
		{path: "objectives.drafter", a: `"reviewee"`, b: `"reviewer"`, probe: drafting("ada"), wantA: "done", wantB: "not_your_act"},
		{path: "objectives.approver", a: `"reviewer"`, b: `"head"`, under: byReviewee, probe: doing("ada", "propose", "ben", "approve"), wantA: "done", wantB: "not_your_act"},
		{path: "objectives.amender", a: `"reviewee"`, b: `"creator"`, under: byReviewer, probe: changing("ben", "ada", "amend"), wantA: "done", wantB: "not_your_act"},
		{path: "objectives.amendments", a: `"any_time"`, b: `"with_reason"`, probe: changing("ada", "ada", "amend"), wantA: "done", wantB: "reason_required"},
		{path: "objectives.reapprove", a: `true`, b: `false`, probe: amended, wantA: "proposed", wantB: "agreed"},
		{path: "objectives.on_disagreement", a: `"reviewer"`, b: `"head"`, probe: doing("ada", "propose", "ben", "escalate"), wantA: "no_escalation", wantB: "done"},
		{path: "objectives.axes", a: `["completion"]`, b: `[]`, probe: changing("ada", "ada", "complete"), wantA: "done", wantB: "axis_not_kept"},
		{path: "objectives.completer", a: `"reviewee"`, b: `"reviewer"`, probe: changing("ada", "ada", "complete"), wantA: "done", wantB: "not_your_act"},
		{path: "objectives.validator", a: `"reviewer"`, b: `"head"`, under: bothAxes, probe: validated, wantA: "done", wantB: "not_your_act"},
		{path: "objectives.fields", a: `["success_criteria"]`, b: `["success_criteria","cpd_support"]`, probe: proposedWith(nil), wantA: "done", wantB: "objective_needs_cpd_support"},
		{path: "objectives.actions_min", a: `0`, b: `2`, probe: proposedWith(nil), wantA: "done", wantB: "objective_needs_actions"},
		{path: "objectives.actions_short", a: `"block"`, b: `"warn"`, under: twoActions, probe: proposedWith(nil), wantA: "objective_needs_actions", wantB: "done, advised objective_needs_actions"},
		{path: "objectives.criteria_min", a: `1`, b: `2`, probe: proposedWith(nil), wantA: "done", wantB: "objective_needs_criteria"},
		{path: "objectives.smart", a: withSpecific, b: `[{"code":"specific","label":"It is clear."},{"code":"measurable","label":"It is measured."}]`, under: withSMART,
			probe: proposedWith(func(c *api.CreateObjective) { c.Content.Smart = map[string]bool{"specific": true} }), wantA: "done", wantB: "smart_unticked"},
		{path: "objectives.checklist_no", a: `"block"`, b: `"warn"`, under: withCheck,
			probe: proposedWith(func(c *api.CreateObjective) { c.Content.Checklist = map[string]bool{"link": false} }), wantA: "checklist_no", wantB: "done, advised checklist_no"},
		{path: "objectives.moderation", a: `"none"`, b: `"sample"`, probe: sampled, wantA: "no_moderation", wantB: "done"},
		{path: "objectives.bank", a: `true`, b: `false`, probe: fromTheBank, wantA: "done", wantB: "no_objective_bank"},
		{path: "objectives.mandated", a: `[]`, b: coaching, probe: placesAsked, wantA: "2", wantB: "3"},
		{path: "objectives.target_after_end", a: `false`, b: `true`, probe: proposedWith(func(c *api.CreateObjective) { c.Content.TargetOn = ptr(date("2028-01-10")) }),
			wantA: "target_after_end", wantB: "done"},
		{path: "objectives.carry_forward", a: `true`, b: `false`, probe: carryButton, wantA: "allowed", wantB: "no_carry_forward"},
		{path: "objectives.link_discloses", a: `[]`, b: `["trust"]`, probe: linkedToTheTrust, wantA: "done", wantB: "link_discloses"},
		{path: "objectives.what_next", a: `false`, b: `true`, probe: changing("ada", "ada", "complete"), wantA: "done", wantB: "what_next_required"},
		{path: "objectives.due", a: `{"anchor":"cycle_start","days":30}`, b: `{"anchor":"cycle_start","days":40}`, probe: dueOn, wantA: "2026-10-01", wantB: "2026-10-11"},
		{path: "objectives.due_joiner", a: `{"anchor":"joining","days":30}`, b: `{"anchor":"joining","days":40}`, setup: joining, probe: dueOn, wantA: "2026-11-04", wantB: "2026-11-14"},
		{path: "objectives.amendable_until", a: `"reflect"`, b: `"state"`, probe: afterReflecting, wantA: "objectives_frozen", wantB: "done"},
		{path: "reviewers.panel_signs", a: `"lead"`, b: `"all"`, probe: panelSigning, wantA: "agreed", wantB: "proposed"},
	}
}

// joining is a setup in which Ada's post begins a month into the year.
var joining = apitest.ProcessSetup{Day: "2026-10-05", Post: func(key string, post *api.CreatePost) {
	if key == "ada" {
		post.FromOn = apitest.Day("2026-10-05")
	}
}}

func drafting(who string) func(*apitest.Process) string {
	return func(p *apitest.Process) string {
		_, code := goalsOf(p).draft(who, "practice", nil)
		return code
	}
}

// oneMore drafts a second objective, and says whether it counts.
func oneMore(p *apitest.Process) string {
	g := goalsOf(p)
	g.drafted("ada", "practice", nil)
	id, code := g.draft("ada", "extra", nil)
	switch {
	case code != "done":
		return code
	case g.read(id).Counts:
		return "counts"
	}
	return "does not count"
}

// doing drafts an objective and runs a command by each of two people; the last one's answer counts.
func doing(first, verb, second, then string) func(*apitest.Process) string {
	return func(p *apitest.Process) string {
		g := goalsOf(p)
		id := g.drafted(first, "practice", nil)
		require.Equal(p.T, "done", g.do(first, verb, id))
		return g.do(second, then, id)
	}
}

// changing runs a command on an objective that author wrote and the other party agreed.
func changing(author, who, verb string) func(*apitest.Process) string {
	return func(p *apitest.Process) string {
		g := goalsOf(p)
		other := map[string]string{"ada": "ben", "ben": "ada"}[author]
		return g.do(who, verb, g.live(author, "practice", other))
	}
}

func amended(p *apitest.Process) string {
	g := goalsOf(p)
	id := g.live("ada", "practice", "ben")
	require.Equal(p.T, "done", g.do("ada", "amend", id))
	require.Equal(p.T, "done", g.do("ada", "propose", id))
	return string(g.read(id).Approval)
}

func validated(p *apitest.Process) string {
	g := goalsOf(p)
	id := g.live("ada", "practice", "ben")
	require.Equal(p.T, "done", g.do("ada", "complete", id))
	p.On("2027-07-05")
	return g.do("ben", "validate", id)
}

// proposedWith drafts and proposes, and adds what the policy advises.
func proposedWith(change func(*api.CreateObjective)) func(*apitest.Process) string {
	return func(p *apitest.Process) string {
		g := goalsOf(p)
		id := g.drafted("ada", "practice", change)
		code := g.do("ada", "propose", id)
		for _, a := range g.read(id).Advisories {
			if code == "done" {
				code += ", advised " + a.Code
			}
		}
		return code
	}
}

func sampled(p *apitest.Process) string {
	g := goalsOf(p)
	g.live("ada", "practice", "ben")
	r, err := g.As("cho").SampleObjectivesWithResponse(p.T.Context(), nil, api.SampleObjectives{CycleID: p.CycleID, UnitID: p.School, Count: ptr(1)})
	return verdict(p, r, err)
}

func fromTheBank(p *apitest.Process) string {
	r, err := p.World.HR.CreateObjectiveTemplateWithResponse(p.T.Context(), nil, api.CreateObjectiveTemplate{Slot: "practice", Title: "Reading", Text: "Read every day."})
	apitest.OK(p.T, r, err)
	_, code := goalsOf(p).draft("ada", "practice", func(c *api.CreateObjective) { c.Content.TemplateID = &r.JSON201.ID })
	return code
}

func placesAsked(p *apitest.Process) string {
	return fmt.Sprint(goalsOf(p).own().Progress.ObjectivesRequired)
}

func carryButton(p *apitest.Process) string {
	for _, a := range goalsOf(p).own().AllowedActions {
		if a.Action == "carry_forward" && a.Allowed {
			return "allowed"
		}
		if a.Action == "carry_forward" {
			return a.Refusals[0].Code
		}
	}
	return "no such action"
}

func linkedToTheTrust(p *apitest.Process) string {
	g := goalsOf(p)
	id := g.priority("1a", nil, nil)
	_, code := g.draft("ada", "practice", func(c *api.CreateObjective) { c.Content.PriorityIds = []uuid.UUID{id} })
	return code
}

func dueOn(p *apitest.Process) string {
	due, err := goalsOf(p).own().Next.MustGet().DueOn.Get()
	require.NoError(p.T, err)
	return due.Format("2006-01-02")
}

func afterReflecting(p *apitest.Process) string {
	g := goalsOf(p)
	p.On("2027-07-05")
	g.stepDone("ada", "outcome.reflect", api.SaveStep{Answers: map[string]any{"achievements": "The readers."}})
	_, code := g.draft("ada", "practice", nil)
	return code
}

// panelSigning has Ben, who leads a panel of two, agree to what Ada proposes.
func panelSigning(p *apitest.Process) string {
	g := goalsOf(p)
	panel(g)
	id := g.drafted("ada", "practice", nil)
	require.Equal(p.T, "done", g.do("ada", "propose", id))
	require.Equal(p.T, "done", g.do("ben", "approve", id))
	return string(g.read(id).Approval)
}

// panel seats Ben, who leads, and Eve on Ada's appraisal.
func panel(g *goals) {
	g.T.Helper()
	ctx, hr := g.T.Context(), g.World.HR
	a, err := hr.GetAppraisalWithResponse(ctx, g.appraisal, nil)
	apitest.OK(g.T, a, err)
	eve := []uuid.UUID{g.As("eve").ID}
	r, err := hr.HandOverAppraisalWithResponse(ctx, g.appraisal, &api.HandOverAppraisalParams{IfMatch: a.HTTPResponse.Header.Get("ETag")}, api.HandOver{ReviewerID: g.As("ben").ID, PanelIds: eve})
	apitest.OK(g.T, r, err)
}
