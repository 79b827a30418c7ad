package httpapi

import (
	"context"

	"github.com/oapi-codegen/nullable"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/assessment"
	"github.com/perennial-api/perennial/internal/policy"
)

// ListSelfAssessments handles GET /v1/self-assessments.
func (s *Server) ListSelfAssessments(ctx context.Context, r server.ListSelfAssessmentsRequestObject) (server.ListSelfAssessmentsResponseObject, error) {
	q := r.Params
	f := assessment.Filter{PersonID: q.PersonID, CycleID: q.CycleID, Framework: deref(q.Framework), State: string(deref(q.State))}
	list, err := s.assessments.List(ctx, f, pageOf(q.Limit, q.Cursor))
	if err != nil {
		return nil, err
	}
	return server.ListSelfAssessments200JSONResponse{Body: api.SelfAssessmentList{Items: mapped(list.Items, toSelfAssessmentItem), NextCursor: null(list.Next)}}, nil
}

// StartSelfAssessment handles POST /v1/self-assessments.
func (s *Server) StartSelfAssessment(ctx context.Context, r server.StartSelfAssessmentRequestObject) (server.StartSelfAssessmentResponseObject, error) {
	a, err := s.assessments.Start(ctx, r.Body.AppraisalID, r.Body.Framework)
	if err != nil {
		return nil, err
	}
	return server.StartSelfAssessment201JSONResponse{Body: toSelfAssessment(a)}, nil
}

// GetSelfAssessment handles GET /v1/self-assessments/{self_assessment_id}.
func (s *Server) GetSelfAssessment(ctx context.Context, r server.GetSelfAssessmentRequestObject) (server.GetSelfAssessmentResponseObject, error) {
	a, err := s.assessments.Get(ctx, r.SelfAssessmentID)
	if err != nil {
		return nil, err
	}
	return server.GetSelfAssessment200JSONResponse{Body: toSelfAssessment(a)}, nil
}

// RateStatements handles PUT /v1/self-assessments/{self_assessment_id}/ratings.
func (s *Server) RateStatements(ctx context.Context, r server.RateStatementsRequestObject) (server.RateStatementsResponseObject, error) {
	a, err := s.assessments.Rate(ctx, r.SelfAssessmentID, version(r.Params.IfMatch), mapped(r.Body.Ratings, fromRating))
	if err != nil {
		return nil, err
	}
	return server.RateStatements200JSONResponse{Body: toSelfAssessment(a)}, nil
}

// SetSelfAssessmentVisibility handles PUT /v1/self-assessments/{self_assessment_id}/visibility.
func (s *Server) SetSelfAssessmentVisibility(ctx context.Context, r server.SetSelfAssessmentVisibilityRequestObject) (server.SetSelfAssessmentVisibilityResponseObject, error) {
	a, err := s.assessments.SetVisibility(ctx, r.SelfAssessmentID, version(r.Params.IfMatch), string(r.Body.Visibility))
	if err != nil {
		return nil, err
	}
	return server.SetSelfAssessmentVisibility200JSONResponse{Body: toSelfAssessment(a)}, nil
}

// CompleteSelfAssessment handles POST /v1/self-assessments/{self_assessment_id}/complete.
func (s *Server) CompleteSelfAssessment(ctx context.Context, r server.CompleteSelfAssessmentRequestObject) (server.CompleteSelfAssessmentResponseObject, error) {
	proposed := mapped(r.Body.Cpd, func(p api.DevelopmentProposal) assessment.Proposal { return assessment.Proposal{Text: p.Text} })
	a, err := s.assessments.Complete(ctx, r.SelfAssessmentID, version(r.Params.IfMatch), r.Body.Overview, proposed)
	if err != nil {
		return nil, err
	}
	return server.CompleteSelfAssessment200JSONResponse{Body: toSelfAssessment(a)}, nil
}

// ResetSelfAssessment handles POST /v1/self-assessments/{self_assessment_id}/reset.
func (s *Server) ResetSelfAssessment(ctx context.Context, r server.ResetSelfAssessmentRequestObject) (server.ResetSelfAssessmentResponseObject, error) {
	a, err := s.assessments.Reset(ctx, r.SelfAssessmentID, version(r.Params.IfMatch))
	if err != nil {
		return nil, err
	}
	return server.ResetSelfAssessment200JSONResponse{Body: toSelfAssessment(a)}, nil
}

// RateStatementsAsReviewer handles PUT /v1/self-assessments/{self_assessment_id}/reviewer-ratings.
func (s *Server) RateStatementsAsReviewer(ctx context.Context, r server.RateStatementsAsReviewerRequestObject) (server.RateStatementsAsReviewerResponseObject, error) {
	a, err := s.assessments.RateBeside(ctx, r.SelfAssessmentID, version(r.Params.IfMatch), mapped(r.Body.Ratings, fromRating), deref(r.Body.Complete))
	if err != nil {
		return nil, err
	}
	return server.RateStatementsAsReviewer200JSONResponse{Body: toSelfAssessment(a)}, nil
}

func fromRating(r api.RateStatement) assessment.Rating {
	return assessment.Rating{Statement: r.Statement, Rating: r.Rating, Comment: r.Comment, Evidence: r.Evidence, WorkingTowards: deref(r.WorkingTowards)}
}

func toStatementRating(r assessment.Rating) api.StatementRating {
	return api.StatementRating{Statement: r.Statement, Rating: r.Rating, Comment: null(r.Comment), Evidence: null(r.Evidence), WorkingTowards: r.WorkingTowards}
}

// toSelfAssessmentItem is a self-assessment in a list, without what is said in it.
func toSelfAssessmentItem(a *assessment.Aggregate) api.SelfAssessment {
	out := api.SelfAssessment{ID: a.ID, Version: a.Version, PersonID: a.PersonID, CycleID: a.CycleID, AppraisalID: a.AppraisalID,
		Framework: api.Coded{Code: a.FrameworkCode, Label: a.FrameworkLabel}, FrameworkVersionID: a.FrameworkVersionID, FrameworkNumber: a.FrameworkNumber,
		Scale: mapped(a.Scale, func(v policy.ScaleValue) api.RatingValue {
			return api.RatingValue{Code: v.Code, Label: v.Label, ExpectsObjective: v.ExpectsObjective}
		}),
		State: api.SelfAssessmentState(a.State), Visibility: api.SelfAssessmentVisibility(a.Visibility), RespondedPercent: a.RespondedPercent(), EvidencePercent: a.EvidencePercent(),
		CompletedAt: null(a.CompletedAt), ReviewerState: api.SelfAssessmentReviewerState(a.ReviewerState()), ReviewerCompletedAt: null(a.ReviewerCompletedAt),
		AllowedActions: toActions(appraisal.Allowed(a.Case, a, assessment.Acts)), CreatedAt: a.CreatedAt, UpdatedAt: a.UpdatedAt}
	out.Statements, out.Overview = nullable.NewNullNullable[[]api.FrameworkStatement](), nullable.NewNullNullable[string]()
	out.Ratings, out.ReviewerRatings = nullable.NewNullNullable[[]api.StatementRating](), nullable.NewNullNullable[[]api.StatementRating]()
	out.Cpd = nullable.NewNullNullable[[]api.DevelopmentProposal]()
	return out
}

// toSelfAssessment is a self-assessment as a whole, as far as the caller may see it.
func toSelfAssessment(a *assessment.Aggregate) api.SelfAssessment {
	out := toSelfAssessmentItem(a)
	out.Statements, out.Overview = nullable.NewNullableWithValue(mapped(a.Statements, toStatement)), null(a.Overview)
	out.Ratings = nullable.NewNullableWithValue(mapped(a.Ratings, toStatementRating))
	out.ReviewerRatings = nullable.NewNullableWithValue(mapped(a.SeenOfReviewer(), toStatementRating))
	out.Cpd = nullable.NewNullableWithValue(mapped(a.CPD, func(p assessment.Proposal) api.DevelopmentProposal { return api.DevelopmentProposal{Text: p.Text} }))
	return out
}
