package httpapi

import (
	"context"
	"encoding/json"
	"io"
	"strings"

	"github.com/oapi-codegen/nullable"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/policy"
)

// ListPolicies handles GET /v1/policies.
func (s *Server) ListPolicies(ctx context.Context, r server.ListPoliciesRequestObject) (server.ListPoliciesResponseObject, error) {
	list, err := s.policies.List(ctx, pageOf(r.Params.Limit, r.Params.Cursor))
	if err != nil {
		return nil, err
	}
	return server.ListPolicies200JSONResponse{Body: api.PolicyList{Items: mapped(list.Items, toPolicy), NextCursor: null(list.Next)}}, nil
}

// CreatePolicy handles POST /v1/policies.
func (s *Server) CreatePolicy(ctx context.Context, r server.CreatePolicyRequestObject) (server.CreatePolicyResponseObject, error) {
	n := policy.NewPolicy{Name: r.Body.Name, Profile: deref(r.Body.Profile)}
	if r.Body.Document != nil {
		n.Document = fromObject(r.Body.Document)
	}
	p, err := s.policies.Create(ctx, n)
	if err != nil {
		return nil, err
	}
	return server.CreatePolicy201JSONResponse{Body: toPolicy(p)}, nil
}

// GetPolicy handles GET /v1/policies/{policy_id}.
func (s *Server) GetPolicy(ctx context.Context, r server.GetPolicyRequestObject) (server.GetPolicyResponseObject, error) {
	p, err := s.policies.Get(ctx, r.PolicyID)
	if err != nil {
		return nil, err
	}
	return server.GetPolicy200JSONResponse{Body: toPolicy(p)}, nil
}

// UpdatePolicy handles PUT /v1/policies/{policy_id}. A body in YAML is the document itself.
func (s *Server) UpdatePolicy(ctx context.Context, r server.UpdatePolicyRequestObject) (server.UpdatePolicyResponseObject, error) {
	var name *string
	var document []byte
	var err error
	if r.JSONBody != nil {
		name, document = r.JSONBody.Name, fromObject(r.JSONBody.Document)
	} else if document, err = io.ReadAll(r.Body); err != nil {
		return nil, err
	}
	p, err := s.policies.Update(ctx, r.PolicyID, version(r.Params.IfMatch), name, document)
	if err != nil {
		return nil, err
	}
	return server.UpdatePolicy200JSONResponse{Body: toPolicy(p)}, nil
}

// ValidatePolicy handles POST /v1/policies/{policy_id}/validate.
func (s *Server) ValidatePolicy(ctx context.Context, r server.ValidatePolicyRequestObject) (server.ValidatePolicyResponseObject, error) {
	p, err := s.policies.Get(ctx, r.PolicyID)
	if err != nil {
		return nil, err
	}
	return server.ValidatePolicy200JSONResponse(toValidation(p.Findings)), nil
}

// ValidatePolicyDocument handles POST /v1/policy-validations, in JSON or YAML.
func (s *Server) ValidatePolicyDocument(_ context.Context, r server.ValidatePolicyDocumentRequestObject) (server.ValidatePolicyDocumentResponseObject, error) {
	if r.JSONBody != nil {
		return server.ValidatePolicyDocument200JSONResponse(toValidation(policy.Inspect(string(fromObject(*r.JSONBody))))), nil
	}
	document, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	return server.ValidatePolicyDocument200JSONResponse(toValidation(policy.Inspect(string(document)))), nil
}

func toValidation(findings []policy.Finding) api.Validation {
	return api.Validation{Publishable: len(policy.Errors(findings)) == 0, Findings: toFindings(findings)}
}

// PublishPolicy handles POST /v1/policies/{policy_id}/publish. The version has an address of its
// own, which is not below the policy's.
func (s *Server) PublishPolicy(ctx context.Context, r server.PublishPolicyRequestObject) (server.PublishPolicyResponseObject, error) {
	v, err := s.policies.Publish(ctx, r.PolicyID, version(r.Params.IfMatch))
	if err != nil {
		return nil, err
	}
	at := "/v1/policy-versions/" + v.ID.String()
	return server.PublishPolicy201JSONResponse{Body: toPolicyVersion(*v), Headers: server.PublishPolicy201ResponseHeaders{Location: &at}}, nil
}

// ListPolicyVersions handles GET /v1/policies/{policy_id}/versions.
func (s *Server) ListPolicyVersions(ctx context.Context, r server.ListPolicyVersionsRequestObject) (server.ListPolicyVersionsResponseObject, error) {
	list, err := s.policies.Versions(ctx, r.PolicyID, pageOf(r.Params.Limit, r.Params.Cursor))
	if err != nil {
		return nil, err
	}
	return server.ListPolicyVersions200JSONResponse{Body: api.PolicyVersionList{Items: mapped(list.Items, toPolicyVersion), NextCursor: null(list.Next)}}, nil
}

// GetPolicyVersion handles GET /v1/policy-versions/{policy_version_id}.
func (s *Server) GetPolicyVersion(ctx context.Context, r server.GetPolicyVersionRequestObject) (server.GetPolicyVersionResponseObject, error) {
	v, err := s.policies.Version(ctx, r.PolicyVersionID)
	if err != nil {
		return nil, err
	}
	return server.GetPolicyVersion200JSONResponse(toPolicyVersion(*v)), nil
}

// GetPolicyValues handles GET /v1/policy-versions/{policy_version_id}/values.
func (s *Server) GetPolicyValues(ctx context.Context, r server.GetPolicyValuesRequestObject) (server.GetPolicyValuesResponseObject, error) {
	values, err := s.policies.Values(ctx, r.PolicyVersionID, r.Params.UnitID, deref(r.Params.StaffGroup))
	if err != nil {
		return nil, err
	}
	return server.GetPolicyValues200JSONResponse(api.LeafValueList{Items: toLeafValues(values)}), nil
}

// GetPolicySchema handles GET /v1/policy-schema.
func (s *Server) GetPolicySchema(context.Context, server.GetPolicySchemaRequestObject) (server.GetPolicySchemaResponseObject, error) {
	return server.GetPolicySchema200JSONResponse(api.PolicySchema{Schema: policy.Schema()}), nil
}

func toPolicy(p policy.Drafted) api.Policy {
	out := api.Policy{ID: p.ID, Version: p.Policy.Version, Name: p.Name, Profile: null(p.Profile), Draft: toObject(p.Draft),
		Findings: toFindings(p.Findings), CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt}
	out.Published.SetNull()
	out.PublishedVersionID.SetNull()
	if p.Newest != nil {
		out.Published.Set(p.Newest.Number)
		out.PublishedVersionID.Set(p.Newest.ID)
	}
	return out
}

func toPolicyVersion(v policy.Version) api.PolicyVersion {
	return api.PolicyVersion{ID: v.ID, PolicyID: v.PolicyID, Number: v.Number, Document: toObject(v.Document), Sha256: v.SHA256,
		PublishedAt: v.PublishedAt, PublishedBy: v.PublishedBy, ReviewOn: nullDate(v.ReviewOn)}
}

// The most findings and paths of a finding that an answer lists.
const (
	maxFindings     = 500
	maxFindingPaths = 50
)

func toFindings(list []policy.Finding) []api.Finding {
	return mapped(list[:min(len(list), maxFindings)], toFinding)
}

func toFinding(f policy.Finding) api.Finding {
	paths := f.Paths[:min(len(f.Paths), maxFindingPaths)]
	return api.Finding{Severity: api.FindingSeverity(f.Severity), Code: f.Code, Message: clip(f.Message, 1000),
		Paths: mapped(paths, func(p string) string { return clip(p, 200) }), Suggestion: clip(f.Suggestion, 1000)}
}

// toLeafValues adds to each value what its leaf says of it. Each form is a value of one leaf.
func toLeafValues(values []policy.LeafValue) []api.LeafValue {
	leaves := map[string]policy.Leaf{}
	for _, l := range policy.Leaves() {
		leaves[l.Path] = l
	}
	return mapped(values, func(v policy.LeafValue) api.LeafValue {
		l, ok := leaves[v.Path]
		if !ok {
			l = leaves["forms"]
		}
		return api.LeafValue{Path: v.Path, Value: anyOf(v.Value), Origin: api.LeafValueOrigin(v.Origin), Scope: strings.Join(l.Scope, ","), Doc: l.Doc, Source: toSource(v.Source)}
	})
}

func toSource(s *policy.Source) nullable.Nullable[api.Source] {
	if s == nil {
		return nullable.NewNullNullable[api.Source]()
	}
	return nullable.NewNullableWithValue(api.Source{Title: nullText(s.Title), Section: nullText(s.Section), Note: nullText(s.Note)})
}

// toObject renders a document that is stored as text.
func toObject(document string) map[string]any {
	object := map[string]any{}
	_ = json.Unmarshal([]byte(document), &object) // it is always the canonical form of an object
	return object
}

// fromObject writes an object of a request as the text that it was.
func fromObject(object map[string]any) []byte {
	raw, _ := json.Marshal(object) // what was read as JSON can be written as JSON
	return raw
}

// clip holds a text to the contract's limit of characters.
func clip(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return string(r[:most])
	}
	return text
}
