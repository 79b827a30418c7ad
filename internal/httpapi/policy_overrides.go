package httpapi

import (
	"context"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/policy"
)

// ListPolicyOverrides handles GET /v1/policy-overrides.
func (s *Server) ListPolicyOverrides(ctx context.Context, r server.ListPolicyOverridesRequestObject) (server.ListPolicyOverridesResponseObject, error) {
	q := r.Params
	f := policy.OverrideFilter{PolicyID: q.PolicyID, UnitID: q.UnitID, Status: policy.OverrideStatus(deref(q.Status))}
	list, err := s.policies.Overrides(ctx, f, pageOf(q.Limit, q.Cursor))
	if err != nil {
		return nil, err
	}
	return server.ListPolicyOverrides200JSONResponse{Body: api.PolicyOverrideList{Items: mapped(list.Items, toOverride), NextCursor: null(list.Next)}}, nil
}

// CreatePolicyOverride handles POST /v1/policy-overrides.
func (s *Server) CreatePolicyOverride(ctx context.Context, r server.CreatePolicyOverrideRequestObject) (server.CreatePolicyOverrideResponseObject, error) {
	p, err := s.policies.Propose(ctx, r.Body.PolicyID, r.Body.UnitID, fromObject(r.Body.Rules))
	if err != nil {
		return nil, err
	}
	return server.CreatePolicyOverride201JSONResponse{Body: toOverride(p)}, nil
}

// GetPolicyOverride handles GET /v1/policy-overrides/{policy_override_id}.
func (s *Server) GetPolicyOverride(ctx context.Context, r server.GetPolicyOverrideRequestObject) (server.GetPolicyOverrideResponseObject, error) {
	p, err := s.policies.GetOverride(ctx, r.PolicyOverrideID)
	if err != nil {
		return nil, err
	}
	return server.GetPolicyOverride200JSONResponse{Body: toOverride(p)}, nil
}

// UpdatePolicyOverride handles PUT /v1/policy-overrides/{policy_override_id}.
func (s *Server) UpdatePolicyOverride(ctx context.Context, r server.UpdatePolicyOverrideRequestObject) (server.UpdatePolicyOverrideResponseObject, error) {
	p, err := s.policies.Revise(ctx, r.PolicyOverrideID, version(r.Params.IfMatch), fromObject(r.Body.Rules))
	if err != nil {
		return nil, err
	}
	return server.UpdatePolicyOverride200JSONResponse{Body: toOverride(p)}, nil
}

// WithdrawPolicyOverride handles POST /v1/policy-overrides/{policy_override_id}/withdraw.
func (s *Server) WithdrawPolicyOverride(ctx context.Context, r server.WithdrawPolicyOverrideRequestObject) (server.WithdrawPolicyOverrideResponseObject, error) {
	p, err := s.policies.Withdraw(ctx, r.PolicyOverrideID, version(r.Params.IfMatch))
	if err != nil {
		return nil, err
	}
	return server.WithdrawPolicyOverride200JSONResponse{Body: toOverride(p)}, nil
}

// AcceptPolicyOverride handles POST /v1/policy-overrides/{policy_override_id}/accept.
func (s *Server) AcceptPolicyOverride(ctx context.Context, r server.AcceptPolicyOverrideRequestObject) (server.AcceptPolicyOverrideResponseObject, error) {
	p, err := s.policies.Accept(ctx, r.PolicyOverrideID, version(r.Params.IfMatch))
	if err != nil {
		return nil, err
	}
	return server.AcceptPolicyOverride200JSONResponse{Body: toOverride(p)}, nil
}

// RejectPolicyOverride handles POST /v1/policy-overrides/{policy_override_id}/reject.
func (s *Server) RejectPolicyOverride(ctx context.Context, r server.RejectPolicyOverrideRequestObject) (server.RejectPolicyOverrideResponseObject, error) {
	p, err := s.policies.Reject(ctx, r.PolicyOverrideID, version(r.Params.IfMatch), r.Body.Reason)
	if err != nil {
		return nil, err
	}
	return server.RejectPolicyOverride200JSONResponse{Body: toOverride(p)}, nil
}

func toOverride(p policy.Proposal) api.PolicyOverride {
	out := api.PolicyOverride{ID: p.ID, Version: p.Version, PolicyID: p.PolicyID, UnitID: p.UnitID, Status: api.PolicyOverrideStatus(p.Status),
		Rules: toObject(p.Rules), Reason: null(p.Reason), ProposedBy: p.ProposedBy, DecidedBy: nullable.NewNullNullable[uuid.UUID](),
		Findings: nullable.NewNullNullable[[]api.Finding](), AllowedActions: toActions(p.Allowed), CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt}
	out.DecidedAt.SetNull()
	if p.DecidedBy != nil { // nothing changes afterwards
		out.DecidedBy.Set(*p.DecidedBy)
		out.DecidedAt.Set(p.UpdatedAt)
	}
	if p.Judged {
		out.Findings.Set(toFindings(p.Findings))
	}
	return out
}
