package httpapi

import (
	"context"

	"github.com/oapi-codegen/nullable"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/form"
	"github.com/perennial-api/perennial/internal/objective"
)

// ListObjectiveSlots handles GET /v1/appraisals/{appraisal_id}/objective-slots.
func (s *Server) ListObjectiveSlots(ctx context.Context, r server.ListObjectiveSlotsRequestObject) (server.ListObjectiveSlotsResponseObject, error) {
	c, places, expected, err := s.objectives.Places(ctx, r.AppraisalID)
	if err != nil {
		return nil, err
	}
	items := mapped(places, func(p objective.Place) api.ObjectiveSlot { return toPlace(c, p) })
	advisories := mapped(expected, func(v objective.Rated) api.SelfAssessmentAdvisory {
		return api.SelfAssessmentAdvisory{Code: "objective_expected", Statement: nullText(v.Statement), Policy: toRule(c.Policy.Cite(&c.Rules().SelfAssessment.Scale)),
			Detail: v.Framework + ": an objective is expected for a statement so rated, and none is linked to it."}
	})
	return server.ListObjectiveSlots200JSONResponse(api.ObjectiveSlotList{Items: items, Advisories: advisories}), nil
}

func toPlace(c *appraisal.Case, p objective.Place) api.ObjectiveSlot {
	out := api.ObjectiveSlot{Slot: slotOf(c, p.Code), Checklist: []api.Prompt{}, Smart: []api.Prompt{}, Questions: []string{}, Missing: mapped(p.Missing, toRefusal)}
	if p.In != nil {
		out.ObjectiveID = nullable.NewNullableWithValue(p.In.ID)
	} else {
		out.ObjectiveID.SetNull()
	}
	out.Link.SetNull()
	if p.Rule == nil {
		return out
	}
	if p.Rule.Link != "" {
		out.Link.Set(api.ObjectiveSlotLink(p.Rule.Link))
	}
	out.Required, out.SelfAssessment = p.Rule.Required, p.Rule.SelfAssessment
	out.Checklist = mapped(p.Rule.Checklist, toPrompt)
	out.Questions = mapped(p.Rule.Questions, func(q string) string { return q })
	if p.Rule.SMART {
		out.Smart = mapped(c.Rules().Objectives.SMART, toPrompt)
	}
	return out
}

func toPrompt(o form.Option) api.Prompt { return api.Prompt{Code: o.Code, Label: o.Label} }

// ListMandatedObjectives handles GET /v1/appraisals/{appraisal_id}/mandated-objectives.
func (s *Server) ListMandatedObjectives(ctx context.Context, r server.ListMandatedObjectivesRequestObject) (server.ListMandatedObjectivesResponseObject, error) {
	c, list, err := s.objectives.Mandated(ctx, r.AppraisalID)
	if err != nil {
		return nil, err
	}
	items := mapped(list, func(m objective.Mandated) api.MandatedObjective {
		return api.MandatedObjective{Mandate: api.Coded{Code: m.Rule.Code, Label: m.Rule.Label}, Text: m.Rule.Text, Slot: m.Rule.Slot, WithinCycles: m.Rule.WithinCycles,
			SinceOn: toDate(m.SinceOn), Due: m.Due, Met: m.Met, ObjectiveID: null(m.Objective), Policy: toRefusal(fault.Refusal{Policy: c.Policy.Cite(m.Rule)}).Policy.MustGet()}
	})
	return server.ListMandatedObjectives200JSONResponse(api.MandatedObjectiveList{Items: items}), nil
}

// CarryForwardObjective handles POST /v1/appraisals/{appraisal_id}/carry-forward.
func (s *Server) CarryForwardObjective(ctx context.Context, r server.CarryForwardObjectiveRequestObject) (server.CarryForwardObjectiveResponseObject, error) {
	o, err := s.objectives.CarryForward(ctx, r.AppraisalID, r.Body.ObjectiveID, deref(r.Body.Slot))
	if err != nil {
		return nil, err
	}
	return server.CarryForwardObjective201JSONResponse{Body: toObjective(o)}, nil
}
