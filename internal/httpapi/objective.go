package httpapi

import (
	"context"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/objective"
)

// ListObjectives handles GET /v1/objectives.
func (s *Server) ListObjectives(ctx context.Context, r server.ListObjectivesRequestObject) (server.ListObjectivesResponseObject, error) {
	q := r.Params
	f := objective.Filter{AppraisalID: q.AppraisalID, CycleID: q.CycleID, UnitID: q.UnitID, PersonID: q.PersonID,
		Approval: string(deref(q.Approval)), Completion: string(deref(q.Completion)), Validation: string(deref(q.Validation)),
		Slot: deref(q.Slot), CreatedSince: q.CreatedSince, UpdatedSince: q.UpdatedSince}
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
	o, err := s.objectives.Create(ctx, r.Body.AppraisalID, objective.NewObjective{Slot: r.Body.Slot, Mandate: r.Body.Mandate, Content: fromContent(r.Body.Content)})
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

// ReopenObjective handles POST /v1/objectives/{objective_id}/reopen.
func (s *Server) ReopenObjective(ctx context.Context, r server.ReopenObjectiveRequestObject) (server.ReopenObjectiveResponseObject, error) {
	o, err := s.objectives.Undo(ctx, r.ObjectiveID, version(r.Params.IfMatch))
	if err != nil {
		return nil, err
	}
	return server.ReopenObjective200JSONResponse{Body: toObjective(o)}, nil
}

// ValidateObjective handles POST /v1/objectives/{objective_id}/validate.
func (s *Server) ValidateObjective(ctx context.Context, r server.ValidateObjectiveRequestObject) (server.ValidateObjectiveResponseObject, error) {
	o, err := s.objectives.Validate(ctx, r.ObjectiveID, version(r.Params.IfMatch), r.Body.Agree, deref(r.Body.Remark))
	if err != nil {
		return nil, err
	}
	return server.ValidateObjective200JSONResponse{Body: toObjective(o)}, nil
}

// WithdrawObjective handles POST /v1/objectives/{objective_id}/withdraw.
func (s *Server) WithdrawObjective(ctx context.Context, r server.WithdrawObjectiveRequestObject) (server.WithdrawObjectiveResponseObject, error) {
	o, err := s.objectives.Withdraw(ctx, r.ObjectiveID, version(r.Params.IfMatch), r.Body.Remark)
	if err != nil {
		return nil, err
	}
	return server.WithdrawObjective200JSONResponse{Body: toObjective(o)}, nil
}
