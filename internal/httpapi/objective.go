package httpapi

import (
	"context"
	"maps"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/objective"
)

// ListObjectives handles GET /v1/objectives.
func (s *Server) ListObjectives(ctx context.Context, r server.ListObjectivesRequestObject) (server.ListObjectivesResponseObject, error) {
	q := r.Params
	f := objective.Filter{AppraisalID: q.AppraisalID, CycleID: q.CycleID, UnitID: q.UnitID,
		Approval: string(deref(q.Approval)), Completion: string(deref(q.Completion)), Slot: deref(q.Slot), UpdatedSince: q.UpdatedSince}
	p := pageOf(q.Limit, q.Cursor)
	p.Filter = f
	list, err := s.objectives.Objectives(ctx, f, p)
	if err != nil {
		return nil, err
	}
	return server.ListObjectives200JSONResponse{Body: api.ObjectiveList{Items: mapped(list.Items, toObjective), NextCursor: null(list.Next)}}, nil
}

// CreateObjective handles POST /v1/objectives.
func (s *Server) CreateObjective(ctx context.Context, r server.CreateObjectiveRequestObject) (server.CreateObjectiveResponseObject, error) {
	o, err := s.objectives.Create(ctx, r.Body.AppraisalID, r.Body.Slot, fromContent(r.Body.Content))
	if err != nil {
		return nil, err
	}
	return server.CreateObjective201JSONResponse{Body: toObjective(o)}, nil
}

// GetObjective handles GET /v1/objectives/{objective_id}.
func (s *Server) GetObjective(ctx context.Context, r server.GetObjectiveRequestObject) (server.GetObjectiveResponseObject, error) {
	o, err := s.objectives.Objective(ctx, r.ObjectiveID)
	if err != nil {
		return nil, err
	}
	return server.GetObjective200JSONResponse{Body: toObjective(o)}, nil
}

// ReplaceObjective handles PUT /v1/objectives/{objective_id}.
func (s *Server) ReplaceObjective(ctx context.Context, r server.ReplaceObjectiveRequestObject) (server.ReplaceObjectiveResponseObject, error) {
	o, err := s.objectives.Replace(ctx, r.ObjectiveID, version(r.Params.IfMatch), fromContent(*r.Body))
	if err != nil {
		return nil, err
	}
	return server.ReplaceObjective200JSONResponse{Body: toObjective(o)}, nil
}

// DeleteObjective handles DELETE /v1/objectives/{objective_id}.
func (s *Server) DeleteObjective(ctx context.Context, r server.DeleteObjectiveRequestObject) (server.DeleteObjectiveResponseObject, error) {
	if err := s.objectives.Delete(ctx, r.ObjectiveID, version(r.Params.IfMatch)); err != nil {
		return nil, err
	}
	return server.DeleteObjective204Response{}, nil
}

// ProposeObjective handles POST /v1/objectives/{objective_id}/propose.
func (s *Server) ProposeObjective(ctx context.Context, r server.ProposeObjectiveRequestObject) (server.ProposeObjectiveResponseObject, error) {
	o, err := s.objectives.Propose(ctx, r.ObjectiveID, version(r.Params.IfMatch), deref(r.Body.Remark))
	if err != nil {
		return nil, err
	}
	return server.ProposeObjective200JSONResponse{Body: toObjective(o)}, nil
}

// ApproveObjective handles POST /v1/objectives/{objective_id}/approve.
func (s *Server) ApproveObjective(ctx context.Context, r server.ApproveObjectiveRequestObject) (server.ApproveObjectiveResponseObject, error) {
	o, err := s.objectives.Approve(ctx, r.ObjectiveID, version(r.Params.IfMatch))
	if err != nil {
		return nil, err
	}
	return server.ApproveObjective200JSONResponse{Body: toObjective(o)}, nil
}

// RequestObjectiveChanges handles POST /v1/objectives/{objective_id}/request-changes.
func (s *Server) RequestObjectiveChanges(ctx context.Context, r server.RequestObjectiveChangesRequestObject) (server.RequestObjectiveChangesResponseObject, error) {
	o, err := s.objectives.RequestChanges(ctx, r.ObjectiveID, version(r.Params.IfMatch), r.Body.Remark)
	if err != nil {
		return nil, err
	}
	return server.RequestObjectiveChanges200JSONResponse{Body: toObjective(o)}, nil
}

// EscalateObjective handles POST /v1/objectives/{objective_id}/escalate.
func (s *Server) EscalateObjective(ctx context.Context, r server.EscalateObjectiveRequestObject) (server.EscalateObjectiveResponseObject, error) {
	o, err := s.objectives.Escalate(ctx, r.ObjectiveID, version(r.Params.IfMatch), r.Body.Remark)
	if err != nil {
		return nil, err
	}
	return server.EscalateObjective200JSONResponse{Body: toObjective(o)}, nil
}

// DetermineObjective handles POST /v1/objectives/{objective_id}/determine.
func (s *Server) DetermineObjective(ctx context.Context, r server.DetermineObjectiveRequestObject) (server.DetermineObjectiveResponseObject, error) {
	var content *objective.Content
	if r.Body.Content != nil {
		c := fromContent(*r.Body.Content)
		content = &c
	}
	o, err := s.objectives.Determine(ctx, r.ObjectiveID, version(r.Params.IfMatch), content, r.Body.Remark)
	if err != nil {
		return nil, err
	}
	return server.DetermineObjective200JSONResponse{Body: toObjective(o)}, nil
}

// AmendObjective handles POST /v1/objectives/{objective_id}/amend.
func (s *Server) AmendObjective(ctx context.Context, r server.AmendObjectiveRequestObject) (server.AmendObjectiveResponseObject, error) {
	o, err := s.objectives.Amend(ctx, r.ObjectiveID, version(r.Params.IfMatch), fromContent(*r.Body))
	if err != nil {
		return nil, err
	}
	return server.AmendObjective200JSONResponse{Body: toObjective(o)}, nil
}

// DiscardAmendment handles POST /v1/objectives/{objective_id}/discard.
func (s *Server) DiscardAmendment(ctx context.Context, r server.DiscardAmendmentRequestObject) (server.DiscardAmendmentResponseObject, error) {
	o, err := s.objectives.DiscardAmendment(ctx, r.ObjectiveID, version(r.Params.IfMatch))
	if err != nil {
		return nil, err
	}
	return server.DiscardAmendment200JSONResponse{Body: toObjective(o)}, nil
}

// CompleteObjective handles POST /v1/objectives/{objective_id}/complete.
func (s *Server) CompleteObjective(ctx context.Context, r server.CompleteObjectiveRequestObject) (server.CompleteObjectiveResponseObject, error) {
	o, err := s.objectives.Finish(ctx, r.ObjectiveID, version(r.Params.IfMatch), deref(r.Body.WhatNext))
	if err != nil {
		return nil, err
	}
	return server.CompleteObjective200JSONResponse{Body: toObjective(o)}, nil
}

// SetObjectiveProgress handles PUT /v1/objectives/{objective_id}/progress.
func (s *Server) SetObjectiveProgress(ctx context.Context, r server.SetObjectiveProgressRequestObject) (server.SetObjectiveProgressResponseObject, error) {
	o, err := s.objectives.SetProgress(ctx, r.ObjectiveID, version(r.Params.IfMatch), r.Body.Progress, deref(r.Body.Remark))
	if err != nil {
		return nil, err
	}
	return server.SetObjectiveProgress200JSONResponse{Body: toObjective(o)}, nil
}

// ListObjectiveRevisions handles GET /v1/objectives/{objective_id}/revisions.
func (s *Server) ListObjectiveRevisions(ctx context.Context, r server.ListObjectiveRevisionsRequestObject) (server.ListObjectiveRevisionsResponseObject, error) {
	list, err := s.objectives.Revisions(ctx, r.ObjectiveID)
	if err != nil {
		return nil, err
	}
	return server.ListObjectiveRevisions200JSONResponse(api.RevisionList{Items: mapped(list, toRevision)}), nil
}

// PrioritiseObjectives handles POST /v1/appraisals/{appraisal_id}/prioritise-objectives.
func (s *Server) PrioritiseObjectives(ctx context.Context, r server.PrioritiseObjectivesRequestObject) (server.PrioritiseObjectivesResponseObject, error) {
	c, err := s.objectives.Prioritise(ctx, r.AppraisalID, version(r.Params.IfMatch), r.Body.ObjectiveIds)
	if err != nil {
		return nil, err
	}
	return server.PrioritiseObjectives200JSONResponse{Body: toAppraisal(c, nil)}, nil
}

func fromContent(c api.ObjectiveContent) objective.Content {
	checklist := objective.Checklist{} // one that nobody has answered is empty, never null
	maps.Copy(checklist, c.Checklist)
	return objective.Content{Title: c.Title, Text: c.Text, TargetOn: fromDatePtr(c.TargetOn), TemplateID: c.TemplateID,
		Criteria: mapped(c.Criteria, func(i api.Item) string { return i.Text }),
		Actions: mapped(c.Actions, func(a api.Action) objective.Action {
			return objective.Action{Text: a.Text, DueOn: fromDatePtr(a.DueOn)}
		}),
		Priorities: mapped(c.PriorityIds, func(id uuid.UUID) uuid.UUID { return id }), Checklist: checklist}
}

func toObjective(o *objective.Aggregate) api.Objective {
	return api.Objective{ID: o.ID, Version: o.Version, AppraisalID: o.AppraisalID, Slot: slotOf(o.Case, o.Slot), Origin: o.Origin, Counts: o.Counts,
		Approval: api.ObjectiveApproval(o.Approval), Completion: api.ObjectiveCompletion(o.Completion), Progress: o.Progress,
		CompletedOn: nullDate(o.CompletedOn), WhatNext: null(o.WhatNext), Live: revisionOrNull(o.Live), Next: revisionOrNull(o.Next),
		Signatures: mapped(o.Signatures, func(g objective.Signature) api.Signature {
			return api.Signature{Revision: g.Revision, Party: string(g.Party), PersonID: g.PersonID, At: g.At}
		}),
		AllowedActions: toActions(appraisal.Allowed(o.Case, o, objective.Acts)), CreatedAt: o.CreatedAt, UpdatedAt: o.UpdatedAt}
}

func slotOf(c *appraisal.Case, code string) api.Coded {
	if s := objective.SlotOf(c, code); s != nil {
		return api.Coded{Code: code, Label: s.Label}
	}
	return api.Coded{Code: code, Label: "Further objective"}
}

func revisionOrNull(r *objective.Revision) nullable.Nullable[api.Revision] {
	if r == nil {
		return nullable.NewNullNullable[api.Revision]()
	}
	return nullable.NewNullableWithValue(toRevision(*r))
}

func toRevision(r objective.Revision) api.Revision {
	checklist := map[string]bool(r.Checklist)
	if checklist == nil {
		checklist = map[string]bool{}
	}
	return api.Revision{Number: r.Number, State: api.RevisionState(r.State), Title: r.Title, Text: r.Text,
		Criteria:    mapped(r.Criteria, func(t string) api.Item { return api.Item{Text: t} }),
		Actions:     mapped(r.Actions, toAction),
		PriorityIds: mapped(r.Priorities, func(id uuid.UUID) uuid.UUID { return id }), Checklist: checklist,
		TargetOn: nullDate(r.TargetOn), TemplateID: null(r.TemplateID), Remark: null(r.Remark), AuthorID: r.AuthorID,
		DeterminedBy: null(r.DeterminedBy), LiveAt: null(r.LiveAt), CreatedAt: r.CreatedAt}
}

func toAction(a objective.Action) api.RevisionAction {
	return api.RevisionAction{Text: a.Text, DueOn: nullDate(a.DueOn)}
}
