package httpapi_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/google/uuid"
	openapi_types "github.com/oapi-codegen/runtime/types"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	bw "github.com/perennial-api/perennial/internal/brightwater"
	"github.com/perennial-api/perennial/internal/schooltime"
	"github.com/perennial-api/perennial/pkg/client"
)

// play is a year being replayed: what the scenes have made so far.
type play struct {
	*apitest.Year
	who        *apitest.Person
	appraisal  uuid.UUID            // Tom's of 2026-27
	objectives map[string]uuid.UUID // by slot
	checkIns   map[int]uuid.UUID    // by window
	meeting    uuid.UUID
	nextCycle  uuid.UUID
	next       uuid.UUID           // Tom's appraisal of 2027-28
	drafted    uuid.UUID           // an objective of 2027-28
	checklists map[string][]string // statement codes by slot
	last       client.Answer
}

// scene is one step of a year: on a day, somebody does something, and this comes of it. Code is
// the code of the refusal where one is expected.
type scene struct {
	on, who, does string
	do            func(*play) (client.Answer, error)
	status        int
	code          string
	then          func(*play)
}

func (p *play) run(scenes []scene) {
	for i, s := range scenes {
		name := fmt.Sprintf("%d: on %s %s %s", i+1, s.on, s.who, s.does)
		if s.on != "" {
			p.On(s.on)
		}
		p.who = p.World.HR
		if s.who != "hr" {
			p.who = p.As(s.who)
		}
		r, err := s.do(p)
		require.NoError(p.T, err, name)
		require.Equal(p.T, s.status, r.StatusCode(), "%s: %s", name, r.GetBody())
		if s.code != "" {
			require.Contains(p.T, string(r.GetBody()), `"code":"`+s.code+`"`, name)
		}
		p.last = r
		if s.then != nil {
			s.then(p)
		}
	}
}

func date(s string) openapi_types.Date {
	return openapi_types.Date{Time: schooltime.MustDate(s).Time()}
}

func ptr[T any](v T) *T { return &v }

// content is a complete objective, linked to a priority, with its checklist answered.
func (p *play) content(title string) api.ObjectiveContent {
	return api.ObjectiveContent{Title: title, Text: title + ", in every class that I teach.",
		Criteria:    []api.Item{{Text: "A measure before and after"}, {Text: "Work that shows it"}, {Text: "What pupils say"}},
		Actions:     []api.Action{{Text: "Agree the starting point"}, {Text: "Try it with a colleague"}},
		TargetOn:    ptr(date("2027-07-01")),
		PriorityIds: []uuid.UUID{p.Priorities["1a"]},
		Checklist:   map[string]bool{}}
}

// fill answers the checklist of a slot, as the policy asks it, all yes.
func (p *play) fill(slot string, c api.ObjectiveContent) api.ObjectiveContent {
	if p.checklists == nil {
		p.checklists = p.readChecklists()
	}
	for _, code := range p.checklists[slot] {
		c.Checklist[code] = true
	}
	return c
}

// readChecklists reads the statements of every slot from the policy.
func (p *play) readChecklists() map[string][]string {
	r, err := p.World.HR.GetPolicyValuesWithResponse(p.T.Context(), p.PolicyVersion, nil)
	apitest.OK(p.T, r, err)
	out := map[string][]string{}
	for _, leaf := range r.JSON200.Items {
		if leaf.Path != "objectives.slots" {
			continue
		}
		for _, s := range leaf.Value.MustGet().([]any) {
			slot := s.(map[string]any)
			items, _ := slot["checklist"].([]any)
			for _, item := range items {
				code := slot["code"].(string)
				out[code] = append(out[code], item.(map[string]any)["code"].(string))
			}
		}
	}
	return out
}

func (p *play) draft(slot, title string) (client.Answer, error) {
	r, err := p.who.CreateObjectiveWithResponse(p.T.Context(), nil, api.CreateObjective{AppraisalID: p.appraisal, Slot: slot, Content: p.fill(slot, p.content(title))})
	if err == nil && r.JSON201 != nil {
		p.objectives[slot] = r.JSON201.ID
	}
	return r, err
}

// tag is the ETag that the caller reads now.
func (p *play) tag(slot string) string {
	r, err := p.who.GetObjectiveWithResponse(p.T.Context(), p.objectives[slot])
	apitest.OK(p.T, r, err)
	return r.HTTPResponse.Header.Get("ETag")
}

func (p *play) objective(slot string) api.Objective {
	r, err := p.who.GetObjectiveWithResponse(p.T.Context(), p.objectives[slot])
	apitest.OK(p.T, r, err)
	return *r.JSON200
}

func propose(slot string) func(*play) (client.Answer, error) {
	return func(p *play) (client.Answer, error) {
		return p.who.ProposeObjectiveWithResponse(p.T.Context(), p.objectives[slot], &api.ProposeObjectiveParams{IfMatch: p.tag(slot)}, api.ProposeObjective{Remark: ptr("Shall we talk on Monday?")})
	}
}

func approve(slot string) func(*play) (client.Answer, error) {
	return func(p *play) (client.Answer, error) {
		return p.who.ApproveObjectiveWithResponse(p.T.Context(), p.objectives[slot], &api.ApproveObjectiveParams{IfMatch: p.tag(slot)})
	}
}

func requestChanges(slot string) func(*play) (client.Answer, error) {
	return func(p *play) (client.Answer, error) {
		return p.who.RequestObjectiveChangesWithResponse(p.T.Context(), p.objectives[slot], &api.RequestObjectiveChangesParams{IfMatch: p.tag(slot)}, api.RequestChanges{Remark: "Name the group of pupils."})
	}
}

func escalate(slot string) func(*play) (client.Answer, error) {
	return func(p *play) (client.Answer, error) {
		return p.who.EscalateObjectiveWithResponse(p.T.Context(), p.objectives[slot], &api.EscalateObjectiveParams{IfMatch: p.tag(slot)}, api.RequestChanges{Remark: "We do not agree on the measure."})
	}
}

func determine(slot, title string) func(*play) (client.Answer, error) {
	return func(p *play) (client.Answer, error) {
		c := p.fill(slot, p.content(title))
		return p.who.DetermineObjectiveWithResponse(p.T.Context(), p.objectives[slot], &api.DetermineObjectiveParams{IfMatch: p.tag(slot)}, api.DetermineObjective{Content: &c, Remark: "This is the version for the year."})
	}
}

func amend(slot, title string) func(*play) (client.Answer, error) {
	return func(p *play) (client.Answer, error) {
		return p.who.AmendObjectiveWithResponse(p.T.Context(), p.objectives[slot], &api.AmendObjectiveParams{IfMatch: p.tag(slot)}, p.fill(slot, p.content(title)))
	}
}

func finish(slot, next string) func(*play) (client.Answer, error) {
	return func(p *play) (client.Answer, error) {
		body := api.CompleteObjective{}
		if next != "" {
			body.WhatNext = &next
		}
		return p.who.CompleteObjectiveWithResponse(p.T.Context(), p.objectives[slot], &api.CompleteObjectiveParams{IfMatch: p.tag(slot)}, body)
	}
}

// step reads a step of Tom's appraisal as whoever is on stage.
func (p *play) step(name string) api.StepDetail {
	r, err := p.who.GetStepWithResponse(p.T.Context(), p.appraisal, name)
	apitest.OK(p.T, r, err)
	return *r.JSON200
}

func (p *play) stepTag(name string) string { return fmt.Sprintf(`"%d"`, p.step(name).Step.Version) }

func save(name string, body api.SaveStep) func(*play) (client.Answer, error) {
	return func(p *play) (client.Answer, error) {
		p.who.Judge(p.appraisal)
		step := p.step(name)
		return p.who.SaveStepWithResponse(p.T.Context(), p.appraisal, name, &api.SaveStepParams{IfMatch: etag(step.Step.Version)}, apitest.Weighing(&step, body))
	}
}

func complete(name string) func(*play) (client.Answer, error) {
	return func(p *play) (client.Answer, error) {
		return p.who.CompleteStepWithResponse(p.T.Context(), p.appraisal, name, &api.CompleteStepParams{IfMatch: p.stepTag(name)}, api.CompleteStep{})
	}
}

func giveBack(name, to string) func(*play) (client.Answer, error) {
	return func(p *play) (client.Answer, error) {
		return p.who.ReturnStepWithResponse(p.T.Context(), p.appraisal, name, &api.ReturnStepParams{IfMatch: p.stepTag(name)}, api.ReturnStep{To: to, Reason: "Say more of the second objective."})
	}
}

func outcome(p *play) (client.Answer, error) {
	return p.who.GetOutcomeWithResponse(p.T.Context(), p.appraisal)
}

func payOutcome(p *play) (client.Answer, error) {
	return p.who.GetPayOutcomeWithResponse(p.T.Context(), p.appraisal)
}

func read(p *play) (client.Answer, error) {
	return p.who.GetAppraisalWithResponse(p.T.Context(), p.appraisal, nil)
}

// reflection answers every required section.
func (p *play) reflection() map[string]any {
	each := func(v any) map[string]any {
		out := map[string]any{}
		for _, id := range p.objectives {
			out[id.String()] = v
		}
		return out
	}
	return map[string]any{"went_well": "The readers.", "even_better_if": "More time.", "whats_next": "Coaching.", "progress": each("Well under way."),
		"complete": each(true), "framework_score": 8, "check_ins_on_time": "often", "job_description": "all"}
}

func statement(text string) map[string]any {
	return map[string]any{"review_statement": text}
}

// lineManager changes who line-manages somebody, from the day of the scene.
func lineManager(post, manager string) func(*play) (client.Answer, error) {
	return func(p *play) (client.Answer, error) {
		r, err := p.who.GetPostWithResponse(p.T.Context(), p.Posts[post])
		apitest.OK(p.T, r, err)
		return p.who.SetLineManagerWithResponse(p.T.Context(), p.Posts[post], &api.SetLineManagerParams{IfMatch: r.HTTPResponse.Header.Get("ETag")}, api.SetLineManager{ManagerID: p.People[manager]})
	}
}

func newPlay(t *testing.T) *play {
	t.Helper()
	y := apitest.NewYear(t)
	p := &play{Year: y, objectives: map[string]uuid.UUID{}, checkIns: map[int]uuid.UUID{}}
	p.appraisal = y.Appraisal(bw.Reviewee).ID
	return p
}

const (
	ok       = http.StatusOK
	created  = http.StatusCreated
	some     = http.StatusMultiStatus // of many, some
	conflict = http.StatusConflict
	never    = http.StatusForbidden
	gone     = http.StatusNotFound
	invalid  = http.StatusUnprocessableEntity
)
