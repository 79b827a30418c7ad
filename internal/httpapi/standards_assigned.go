package httpapi

import (
	"context"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/assessment"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/form"
	"github.com/perennial-api/perennial/internal/policy"
)

// ListAssignedFrameworks handles GET /v1/appraisals/{appraisal_id}/frameworks.
func (s *Server) ListAssignedFrameworks(ctx context.Context, r server.ListAssignedFrameworksRequestObject) (server.ListAssignedFrameworksResponseObject, error) {
	a, err := s.assessments.Assigned(ctx, r.AppraisalID)
	if err != nil {
		return nil, err
	}
	leaf := &a.Case.Rules().SelfAssessment.Requirement
	return server.ListAssignedFrameworks200JSONResponse{Items: mapped(a.Items, toAssigned), Requirement: api.AssignedFrameworkListRequirement(*leaf),
		Required: a.Required, Done: a.Done, Policy: toRule(a.Case.Policy.Cite(leaf)),
		AllowedActions: toActions(appraisal.Allowed(a.Case, a.Case, []appraisal.Act[*appraisal.Case]{assessment.Starting}))}, nil
}

func toAssigned(a assessment.Assigned) api.AssignedFramework {
	out := api.AssignedFramework{Framework: api.Coded{Code: a.Code, Label: a.Code}, SupersededBy: nullable.NewNullNullable[string](), State: "not_started", Policy: toRule(a.Policy),
		SelfAssessmentID: null[uuid.UUID](nil), Visibility: nullable.NewNullNullable[api.AssignedFrameworkVisibility]()}
	if f := a.Framework; f != nil {
		out.Framework.Label, out.Published, out.SupersededBy = f.Label, f.Newest() != nil, nullText(f.SupersededBy)
	}
	if f := a.Fact; f != nil {
		out.SelfAssessmentID, out.Visibility = null(&f.ID), nullable.NewNullableWithValue(api.AssignedFrameworkVisibility(f.Visibility))
		if out.State = "started"; f.Complete {
			out.State = "complete"
		}
	}
	return out
}

// toRule is the rule behind an answer, which is always there.
func toRule(c *fault.Citation) api.PolicyCitation {
	return api.PolicyCitation{Parameter: c.Parameter, Value: anyOf(c.Value), Origin: api.PolicyCitationOrigin(c.Origin)}
}

// CompareSelfAssessment handles GET /v1/self-assessments/{self_assessment_id}/comparison.
func (s *Server) CompareSelfAssessment(ctx context.Context, r server.CompareSelfAssessmentRequestObject) (server.CompareSelfAssessmentResponseObject, error) {
	a, c, err := s.assessments.Compare(ctx, r.SelfAssessmentID)
	if err != nil {
		return nil, err
	}
	same := func(code string) string { return code }
	return server.CompareSelfAssessment200JSONResponse{SelfAssessmentID: a.ID, RespondedPercent: a.RespondedPercent(), EvidencePercent: a.EvidencePercent(),
		Statements: mapped(c.Statements, toCompared), Strengths: mapped(c.Strengths, same), Areas: mapped(c.Areas, same), Differing: c.Differing,
		Advisories: mapped(c.Advisories, func(v assessment.Advisory) api.SelfAssessmentAdvisory {
			return api.SelfAssessmentAdvisory{Code: v.Code, Statement: nullText(v.Statement), Detail: v.Detail, Policy: toRule(v.Policy)}
		})}, nil
}

func toCompared(c assessment.Compared) api.StatementComparison {
	value := func(v *policy.ScaleValue) nullable.Nullable[api.Coded] {
		if v == nil {
			return nullable.NewNullNullable[api.Coded]()
		}
		return nullable.NewNullableWithValue(api.Coded{Code: v.Code, Label: v.Label})
	}
	return api.StatementComparison{Statement: c.Code, Group: c.Group, Label: c.Label, Own: value(c.Own), Reviewer: value(c.Reviewer), Difference: null(c.Difference)}
}

// GetPreparation handles GET /v1/appraisals/{appraisal_id}/preparation.
func (s *Server) GetPreparation(ctx context.Context, r server.GetPreparationRequestObject) (server.GetPreparationResponseObject, error) {
	n, err := s.assessments.Preparation(ctx, r.AppraisalID)
	if err != nil {
		return nil, err
	}
	return server.GetPreparation200JSONResponse{Body: toPreparation(n)}, nil
}

// SavePreparation handles PUT /v1/appraisals/{appraisal_id}/preparation.
func (s *Server) SavePreparation(ctx context.Context, r server.SavePreparationRequestObject) (server.SavePreparationResponseObject, error) {
	n, err := s.assessments.Prepare(ctx, r.AppraisalID, version(r.Params.IfMatch), form.Answers(r.Body.Answers))
	if err != nil {
		return nil, err
	}
	return server.SavePreparation200JSONResponse{Body: toPreparation(n)}, nil
}

func toPreparation(n *assessment.Notes) api.Preparation {
	rules := n.Case.Rules()
	out := api.Preparation{AppraisalID: n.Case.ID, Version: n.Version, Form: formOrNull(rules, rules.SelfAssessment.Preparation), Answers: n.Answers,
		UpdatedAt: nullable.NewNullNullable[nullTime](), AllowedActions: toActions(appraisal.Allowed(n.Case, n.Case, []appraisal.Act[*appraisal.Case]{assessment.Preparing}))}
	if n.Version > 0 {
		out.UpdatedAt = nullable.NewNullableWithValue(n.UpdatedAt)
	}
	return out
}
