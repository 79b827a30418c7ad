package httpapi

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
	"github.com/perennial-api/perennial/internal/yearend"
)

// ListObjectiveOutcomes handles GET /v1/appraisals/{appraisal_id}/objective-outcomes.
func (s *Server) ListObjectiveOutcomes(ctx context.Context, r server.ListObjectiveOutcomesRequestObject) (server.ListObjectiveOutcomesResponseObject, error) {
	c, list, err := s.yearend.JudgedObjectives(ctx, r.AppraisalID)
	if err != nil {
		return nil, err
	}
	return server.ListObjectiveOutcomes200JSONResponse(api.ObjectiveOutcomeList{Items: mapped(list, toObjectiveOutcome), Scale: mapped(c.Rules().Outcome.ObjectiveScale, toScaled)}), nil
}

// JudgeObjective handles PUT /v1/objectives/{objective_id}/outcome.
func (s *Server) JudgeObjective(ctx context.Context, r server.JudgeObjectiveRequestObject) (server.JudgeObjectiveResponseObject, error) {
	j, err := s.yearend.JudgeObjective(ctx, r.ObjectiveID, version(r.Params.IfMatch), *fromJudgement(r.Body))
	if err != nil {
		return nil, err
	}
	return server.JudgeObjective200JSONResponse{Body: toObjectiveOutcome(j)}, nil
}

// ListDeferrals handles GET /v1/appraisals/{appraisal_id}/deferrals.
func (s *Server) ListDeferrals(ctx context.Context, r server.ListDeferralsRequestObject) (server.ListDeferralsResponseObject, error) {
	c, list, err := s.yearend.Deferrals(ctx, r.AppraisalID)
	if err != nil {
		return nil, err
	}
	return server.ListDeferrals200JSONResponse(api.DeferralList{Items: mapped(list, toDeferral), AllowedActions: toActions(appraisal.Allowed(c, c, yearend.DeferringActs))}), nil
}

// DeferOutcome handles POST /v1/appraisals/{appraisal_id}/deferrals.
func (s *Server) DeferOutcome(ctx context.Context, r server.DeferOutcomeRequestObject) (server.DeferOutcomeResponseObject, error) {
	in := yearend.DeferralInput{ObjectiveID: r.Body.ObjectiveID, Reason: r.Body.Reason, BeyondReason: deref(r.Body.BeyondReason)}
	if r.Body.DueOn != nil {
		in.DueOn = schooltime.On(r.Body.DueOn.Time)
	}
	w, err := s.yearend.DeferOutcome(ctx, r.AppraisalID, in)
	if err != nil {
		return nil, err
	}
	return server.DeferOutcome201JSONResponse{Body: toDeferral(w)}, nil
}

// ResolveDeferral handles POST /v1/appraisals/{appraisal_id}/deferrals/{deferral_id}/resolve.
func (s *Server) ResolveDeferral(ctx context.Context, r server.ResolveDeferralRequestObject) (server.ResolveDeferralResponseObject, error) {
	in := yearend.Resolution{Judgement: fromJudgement(r.Body.Judgement), Rating: fromRatingInput(r.Body.Rating)}
	w, err := s.yearend.ResolveDeferral(ctx, r.AppraisalID, r.DeferralID, version(r.Params.IfMatch), in)
	if err != nil {
		return nil, err
	}
	return server.ResolveDeferral200JSONResponse{Body: toDeferral(w)}, nil
}

func fromJudgement(b *api.JudgeObjective) *yearend.JudgementInput {
	if b == nil {
		return nil
	}
	return &yearend.JudgementInput{Code: deref(b.Code), Text: deref(b.Text), Reason: deref(b.Reason), Percent: b.Percent, Agrees: b.Agrees}
}

func fromRatingInput(b *api.RatingInput) *yearend.RatingInput {
	if b == nil {
		return nil
	}
	return &yearend.RatingInput{Code: deref(b.Code), Row: deref(b.Row), Column: deref(b.Column), Box: deref(b.Box), Reason: deref(b.Reason)}
}

func toScaled(v policy.Rating) api.Coded { return api.Coded{Code: v.Code, Label: v.Label} }

func scaled(scale []policy.Rating, code string) nullable.Nullable[api.Coded] {
	if code == "" {
		return nullable.NewNullNullable[api.Coded]()
	}
	if i := slices.IndexFunc(scale, func(v policy.Rating) bool { return v.Code == code }); i >= 0 {
		return nullable.NewNullableWithValue(toScaled(scale[i]))
	}
	return nullable.NewNullableWithValue(api.Coded{Code: code, Label: code})
}

func toObjectiveOutcome(j *yearend.JudgedObjective) api.ObjectiveOutcome {
	c, scale := j.Case, j.Case.Rules().Outcome.ObjectiveScale
	out := api.ObjectiveOutcome{ObjectiveID: j.Objective.ID, Version: j.Version, Title: j.Objective.Title,
		Asked:    mapped(c.Judges(), func(p policy.Party) api.ObjectiveOutcomeAsked { return api.ObjectiveOutcomeAsked(p) }),
		Reviewee: toJudgement(j, policy.Reviewee), Reviewer: toJudgement(j, policy.Reviewer), Judgement: scaled(scale, j.Counts()),
		DeferralID: null[uuid.UUID](nil), AllowedActions: toActions(appraisal.Allowed(c, j, yearend.JudgingActs))}
	if d := c.WaitsOn(j.Objective.ID); d != nil {
		out.DeferralID = nullable.NewNullableWithValue(d.ID)
	}
	return out
}

func toJudgement(j *yearend.JudgedObjective, p policy.Party) nullable.Nullable[api.ObjectiveJudgement] {
	v := j.By(p)
	if v == nil || !j.Visible(*v) {
		return nullable.NewNullNullable[api.ObjectiveJudgement]()
	}
	return nullable.NewNullableWithValue(judgementMade(j.Case, v))
}

func judgementMade(c *appraisal.Case, v *yearend.Judgement) api.ObjectiveJudgement {
	return api.ObjectiveJudgement{Party: api.ObjectiveJudgementParty(v.Party), Judgement: scaled(c.Rules().Outcome.ObjectiveScale, deref(v.Code)),
		Percent: null(v.Percent), Text: null(v.Text), Agrees: null(v.Agrees), Reason: null(v.Reason), ByID: v.ByID, At: v.CreatedAt}
}

func toDeferral(w *yearend.Waiting) api.Deferral {
	waits := w.Status == yearend.Awaiting
	return api.Deferral{ID: w.ID, Version: w.Version, AppraisalID: w.AppraisalID, WaitsFor: api.DeferralWaitsFor(w.WaitsFor), ObjectiveID: null(w.ObjectiveID), Status: api.DeferralStatus(w.Status),
		Reason: null(w.Reason), BeyondReason: null(w.BeyondReason), DueOn: toDate(w.DueOn), Late: waits && w.Case.Today.After(w.DueOn), ByID: w.ByID, At: w.CreatedAt,
		ResolvedBy: null(w.ResolvedBy), ResolvedAt: null(w.ResolvedAt), AllowedActions: toActions(appraisal.Allowed(w.Case, w, yearend.WaitingActs))}
}

// toDerivation is how the rating follows, for whoever may see the rating.
func toDerivation(c *appraisal.Case, seen []yearend.Rating) nullable.Nullable[api.Derivation] {
	follows := slices.ContainsFunc(seen, func(r yearend.Rating) bool { return r.Kind != yearend.SelfRating })
	if c.Rules().Outcome.Method != "derived" || !follows {
		return nullable.NewNullNullable[api.Derivation]()
	}
	d := yearend.Derive(c, false)
	out := api.Derivation{Rating: scaled(c.Rules().Outcome.Scale, d.Rating), Row: nullable.NewNullNullable[int](), Sentences: d.Sentences, Waiting: d.Waiting,
		Counts: mapped(d.Counts, func(n yearend.JudgementCount) api.JudgementCount {
			return api.JudgementCount{Judgement: toScaled(n.Judgement), Count: n.Count}
		})}
	if d.Row > 0 {
		out.Row = nullable.NewNullableWithValue(d.Row)
	}
	return nullable.NewNullableWithValue(out)
}
