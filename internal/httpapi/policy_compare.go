package httpapi

import (
	"context"
	"strings"

	"github.com/oapi-codegen/nullable"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/policy"
)

// ComparePolicies handles POST /v1/policy-comparisons.
func (s *Server) ComparePolicies(ctx context.Context, r server.ComparePoliciesRequestObject) (server.ComparePoliciesResponseObject, error) {
	c, err := s.policies.Compare(ctx, policy.Chosen{Left: fromSide(r.Body.Left), Right: fromSide(r.Body.Right), UnitID: r.Body.UnitID, StaffGroup: deref(r.Body.StaffGroup)})
	if err != nil {
		return nil, err
	}
	return server.ComparePolicies200JSONResponse(api.PolicyComparison{Left: toSide(c.Left), Right: toSide(c.Right),
		Same: c.Same, Different: len(c.Differences), Sections: toSectionDifferences(c.Differences)}), nil
}

func fromSide(s api.PolicySide) policy.SideChoice {
	return policy.SideChoice{PolicyID: s.PolicyID, VersionID: s.PolicyVersionID, Profile: deref(s.Profile)}
}

func toSide(s policy.Side) api.ComparedSide {
	out := api.ComparedSide{Kind: api.ComparedSideKind(s.Kind), Name: clip(s.Name, 300), Number: nullable.NewNullNullable[int]()}
	if s.Number > 0 {
		out.Number.Set(s.Number)
	}
	return out
}

// toSectionDifferences groups what differs by section; differences come in the order of sections.
func toSectionDifferences(list []policy.Difference) []api.PolicySectionDifference {
	out := []api.PolicySectionDifference{}
	for _, d := range list {
		if n := len(out); n == 0 || out[n-1].Section != d.Section() {
			out = append(out, api.PolicySectionDifference{Section: d.Section()})
		}
		last := &out[len(out)-1]
		last.Differences = append(last.Differences, toDifference(d))
	}
	return out
}

func toDifference(d policy.Difference) api.PolicyDifference {
	out := api.PolicyDifference{Path: d.Path, Doc: d.Doc, Scope: strings.Join(d.Scope, ","), Frozen: d.In(policy.ScopeFrozen), Recorded: d.Recorded,
		Left: toComparedValue(d.Left), Right: toComparedValue(d.Right), Elements: nullable.NewNullNullable[[]api.ComparedElement]()}
	if d.ByElement {
		out.Elements.Set(mapped(d.Elements, func(e policy.Element) api.ComparedElement {
			return api.ComparedElement{Code: clip(e.Code, 200), Change: api.ComparedElementChange(e.Change), Left: anyOf(e.Left), Right: anyOf(e.Right)}
		}))
	}
	return out
}

func toComparedValue(v *policy.ComparedValue) nullable.Nullable[api.ComparedValue] {
	if v == nil {
		return nullable.NewNullNullable[api.ComparedValue]()
	}
	return nullable.NewNullableWithValue(api.ComparedValue{Value: anyOf(v.Value), Origin: api.ComparedValueOrigin(v.Origin)})
}
