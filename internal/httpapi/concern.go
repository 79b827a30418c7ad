package httpapi

import (
	"context"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/concern"
)

// ListConcerns handles GET /v1/concerns.
func (s *Server) ListConcerns(ctx context.Context, r server.ListConcernsRequestObject) (server.ListConcernsResponseObject, error) {
	q := r.Params
	f := concern.Filter{AppraisalID: q.AppraisalID, CycleID: q.CycleID, Status: string(deref(q.Status))}
	list, err := s.concerns.Concerns(ctx, f, pageOf(q.Limit, q.Cursor))
	if err != nil {
		return nil, err
	}
	return server.ListConcerns200JSONResponse{Body: api.ConcernList{Items: mapped(list.Items, toConcernItem), NextCursor: null(list.Next)}}, nil
}

// RaiseConcern handles POST /v1/concerns.
func (s *Server) RaiseConcern(ctx context.Context, r server.RaiseConcernRequestObject) (server.RaiseConcernResponseObject, error) {
	b := r.Body
	a, err := s.concerns.Raise(ctx, concern.Start{AppraisalID: b.AppraisalID, Formal: b.Stage == "formal", Serious: b.Serious, Contents: fromContents(b.Contents)})
	if err != nil {
		return nil, err
	}
	return server.RaiseConcern201JSONResponse{Body: toConcern(a)}, nil
}

// GetConcern handles GET /v1/concerns/{concern_id}.
func (s *Server) GetConcern(ctx context.Context, r server.GetConcernRequestObject) (server.GetConcernResponseObject, error) {
	a, err := s.concerns.Concern(ctx, r.ConcernID)
	if err != nil {
		return nil, err
	}
	return server.GetConcern200JSONResponse{Body: toConcern(a)}, nil
}

// SaveConcern handles PUT /v1/concerns/{concern_id}.
func (s *Server) SaveConcern(ctx context.Context, r server.SaveConcernRequestObject) (server.SaveConcernResponseObject, error) {
	a, err := s.concerns.Save(ctx, r.ConcernID, version(r.Params.IfMatch), fromContents(r.Body.Contents), r.Body.Serious)
	if err != nil {
		return nil, err
	}
	return server.SaveConcern200JSONResponse{Body: toConcern(a)}, nil
}

// ShareConcern handles POST /v1/concerns/{concern_id}/share.
func (s *Server) ShareConcern(ctx context.Context, r server.ShareConcernRequestObject) (server.ShareConcernResponseObject, error) {
	a, err := s.concerns.Share(ctx, r.ConcernID, version(r.Params.IfMatch))
	if err != nil {
		return nil, err
	}
	return server.ShareConcern200JSONResponse{Body: toConcern(a)}, nil
}

// MakeConcernFormal handles POST /v1/concerns/{concern_id}/make-formal.
func (s *Server) MakeConcernFormal(ctx context.Context, r server.MakeConcernFormalRequestObject) (server.MakeConcernFormalResponseObject, error) {
	a, err := s.concerns.MakeFormal(ctx, r.ConcernID, version(r.Params.IfMatch))
	if err != nil {
		return nil, err
	}
	return server.MakeConcernFormal200JSONResponse{Body: toConcern(a)}, nil
}

// ConfirmConcern handles POST /v1/concerns/{concern_id}/confirm.
func (s *Server) ConfirmConcern(ctx context.Context, r server.ConfirmConcernRequestObject) (server.ConfirmConcernResponseObject, error) {
	a, err := s.concerns.Confirm(ctx, r.ConcernID, version(r.Params.IfMatch))
	if err != nil {
		return nil, err
	}
	return server.ConfirmConcern200JSONResponse{Body: toConcern(a)}, nil
}

// CommentOnConcern handles POST /v1/concerns/{concern_id}/comment.
func (s *Server) CommentOnConcern(ctx context.Context, r server.CommentOnConcernRequestObject) (server.CommentOnConcernResponseObject, error) {
	a, err := s.concerns.Comment(ctx, r.ConcernID, version(r.Params.IfMatch), r.Body.Text)
	if err != nil {
		return nil, err
	}
	return server.CommentOnConcern200JSONResponse{Body: toConcern(a)}, nil
}

// LogConcernContact handles POST /v1/concerns/{concern_id}/contacts.
func (s *Server) LogConcernContact(ctx context.Context, r server.LogConcernContactRequestObject) (server.LogConcernContactResponseObject, error) {
	a, err := s.concerns.LogContact(ctx, r.ConcernID, version(r.Params.IfMatch), concern.Contact{
		HeldOn: fromDate(r.Body.HeldOn), Kind: string(r.Body.Kind), Text: r.Body.Text, Companion: r.Body.CompanionPresent})
	if err != nil {
		return nil, err
	}
	return server.LogConcernContact200JSONResponse{Body: toConcern(a)}, nil
}

// StartMonitoring handles POST /v1/concerns/{concern_id}/start-monitoring.
func (s *Server) StartMonitoring(ctx context.Context, r server.StartMonitoringRequestObject) (server.StartMonitoringResponseObject, error) {
	a, err := s.concerns.Watch(ctx, r.ConcernID, version(r.Params.IfMatch), concern.Plan{StartsOn: fromDate(r.Body.StartsOn), Weeks: r.Body.Weeks,
		Reason: r.Body.Reason, Targets: mapped(r.Body.Targets, fromTarget), Support: r.Body.Support, ReviewOn: mapped(r.Body.ReviewOn, fromDate)})
	if err != nil {
		return nil, err
	}
	return server.StartMonitoring200JSONResponse{Body: toConcern(a)}, nil
}

// ExtendMonitoring handles POST /v1/concerns/{concern_id}/extend-monitoring.
func (s *Server) ExtendMonitoring(ctx context.Context, r server.ExtendMonitoringRequestObject) (server.ExtendMonitoringResponseObject, error) {
	a, err := s.concerns.Prolong(ctx, r.ConcernID, version(r.Params.IfMatch), r.Body.Weeks, r.Body.ReasonCode, r.Body.Explanation)
	if err != nil {
		return nil, err
	}
	return server.ExtendMonitoring200JSONResponse{Body: toConcern(a)}, nil
}

// ReviewMonitoring handles POST /v1/concerns/{concern_id}/review-monitoring.
func (s *Server) ReviewMonitoring(ctx context.Context, r server.ReviewMonitoringRequestObject) (server.ReviewMonitoringResponseObject, error) {
	a, err := s.concerns.Assess(ctx, r.ConcernID, version(r.Params.IfMatch), fromDate(r.Body.HeldOn), string(r.Body.Progress), r.Body.Text)
	if err != nil {
		return nil, err
	}
	return server.ReviewMonitoring200JSONResponse{Body: toConcern(a)}, nil
}

// CloseConcern handles POST /v1/concerns/{concern_id}/close.
func (s *Server) CloseConcern(ctx context.Context, r server.CloseConcernRequestObject) (server.CloseConcernResponseObject, error) {
	a, err := s.concerns.Finish(ctx, r.ConcernID, version(r.Params.IfMatch), string(r.Body.Outcome), r.Body.Text)
	if err != nil {
		return nil, err
	}
	return server.CloseConcern200JSONResponse{Body: toConcern(a)}, nil
}

// MoveToCapability handles POST /v1/concerns/{concern_id}/move-to-capability.
func (s *Server) MoveToCapability(ctx context.Context, r server.MoveToCapabilityRequestObject) (server.MoveToCapabilityResponseObject, error) {
	a, err := s.concerns.ToCapability(ctx, r.ConcernID, version(r.Params.IfMatch), concern.Notice{
		Reason: r.Body.Reason, GivenOn: fromDatePtr(r.Body.NoticeOn), Text: r.Body.Notice})
	if err != nil {
		return nil, err
	}
	return server.MoveToCapability200JSONResponse{Body: toConcern(a)}, nil
}

// HandOverConcern handles POST /v1/concerns/{concern_id}/hand-over.
func (s *Server) HandOverConcern(ctx context.Context, r server.HandOverConcernRequestObject) (server.HandOverConcernResponseObject, error) {
	a, err := s.concerns.Give(ctx, r.ConcernID, version(r.Params.IfMatch), r.Body.HolderID)
	if err != nil {
		return nil, err
	}
	return server.HandOverConcern200JSONResponse{Body: toConcern(a)}, nil
}
