package httpapi

import (
	"context"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
)

// ListPolicyProfiles handles GET /v1/policy-profiles.
func (s *Server) ListPolicyProfiles(context.Context, server.ListPolicyProfilesRequestObject) (server.ListPolicyProfilesResponseObject, error) {
	return server.ListPolicyProfiles200JSONResponse(api.PolicyProfileList{Items: mapped(policy.Profiles(), func(p policy.Profile) api.PolicyProfileBrief {
		groups := p.Document.Resolve("", "").Rules.Population.Groups
		return api.PolicyProfileBrief{Code: p.Code, Label: p.Label, Summary: p.Summary, ToFill: len(p.ToFill),
			StaffGroups: mapped(groups, func(g policy.Group) api.Coded { return api.Coded{Code: g.Code, Label: g.Label} })}
	})}), nil
}

// GetPolicyProfile handles GET /v1/policy-profiles/{profile}.
func (s *Server) GetPolicyProfile(_ context.Context, r server.GetPolicyProfileRequestObject) (server.GetPolicyProfileResponseObject, error) {
	p, ok := policy.ProfileNamed(r.Profile)
	if !ok {
		return nil, fault.Gone()
	}
	values, err := p.Values(deref(r.Params.StaffGroup))
	if err != nil {
		return nil, err
	}
	return server.GetPolicyProfile200JSONResponse(api.PolicyProfile{Code: p.Code, Label: p.Label, Summary: p.Summary,
		Document: toObject(string(p.Document.Canonical())), Values: toLeafValues(values), ToFill: toFindings(p.ToFill)}), nil
}
