package httpapi

import (
	"context"
	"encoding/json"

	"github.com/oapi-codegen/nullable"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/appeal"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/yearend"
)

// ListEarlierSteps handles GET /v1/appraisals/{appraisal_id}/earlier-steps.
func (s *Server) ListEarlierSteps(ctx context.Context, r server.ListEarlierStepsRequestObject) (server.ListEarlierStepsResponseObject, error) {
	y, err := s.appeals.Earlier(ctx, r.AppraisalID)
	if err != nil {
		return nil, err
	}
	out := api.EarlierStepList{Items: []api.EarlierStep{}, ReplacedRatings: mapped(y.Replaced(), func(v appeal.Replaced) api.ReplacedRating {
		return api.ReplacedRating{Round: v.Round, Rating: toRating(y.Case, v.Rating), ReplacedByID: v.With.ByID, ReplacedAt: v.With.At}
	})}
	for _, step := range y.Steps {
		item, err := toEarlierStep(y, step)
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, item)
	}
	return server.ListEarlierSteps200JSONResponse(out), nil
}

// toEarlierStep shows a step whole, or no more than that it was there.
func toEarlierStep(y *appeal.Earlier, e appeal.EarlierStep) (api.EarlierStep, error) {
	out := api.EarlierStep{ID: e.ID, Step: e.Chain + "." + e.Code, Round: e.Round, Party: string(e.Kept.Party), Result: api.EarlierStepResult(e.Kept.Result), DoneBy: null(e.DoneBy),
		DoneOn: nullDate(e.Kept.DoneOn), Late: e.Kept.Late, Answers: nullable.NewNullNullable[map[string]any](), Rating: nullable.NewNullNullable[api.Coded](),
		Reason: nullable.NewNullNullable[string](), Judgements: mapped(y.Judged(e), toEarlierJudgement)}
	if !y.Shown(e) {
		return out, nil
	}
	answers := map[string]any{}
	if said := e.Kept.Result == string(yearend.Done); said && len(e.Kept.Answers) > 0 { // what was erased is no answer at all
		if err := json.Unmarshal(e.Kept.Answers, &answers); err != nil {
			return out, err
		}
	}
	out.Answers, out.Reason = nullable.NewNullableWithValue(answers), null(e.Kept.Reason)
	if e.Rating != nil {
		out.Rating = nullable.NewNullableWithValue(ratingOf(y.Case, *e.Rating))
	}
	return out, nil
}

func toEarlierJudgement(j yearend.JudgedObjective) api.EarlierJudgement {
	of := func(p policy.Party) nullable.Nullable[api.ObjectiveJudgement] {
		if v := j.By(p); v != nil {
			return nullable.NewNullableWithValue(judgementMade(j.Case, v))
		}
		return nullable.NewNullNullable[api.ObjectiveJudgement]()
	}
	return api.EarlierJudgement{ObjectiveID: j.Objective.ID, Title: j.Objective.Title, Reviewee: of(policy.Reviewee), Reviewer: of(policy.Reviewer)}
}

// appealable adds to an outcome until when it may be appealed against, and what stands beside the
// statement, where the caller sees that.
func (s *Server) appealable(ctx context.Context, c *appraisal.Case, out *api.Outcome) error {
	out.Round, out.Amendments, out.AppealUntil = c.Round, []api.StatementAmendment{}, nullDate(appeal.StatementUntil(c))
	if out.Statement.IsNull() {
		return nil
	}
	agreed, err := s.appeals.Agreed(ctx, c)
	out.Amendments = mapped(agreed, func(m appeal.Amendment) api.StatementAmendment {
		return api.StatementAmendment{AppealID: m.AppealID, Text: m.Text, AgreedOn: toDate(m.AnsweredOn)}
	})
	return err
}

// roundOf is the judgement that a step belongs to: that of today, for one that nobody has saved.
func roundOf(a *yearend.Aggregate) int {
	if a.Round == 0 {
		return a.Case.Round
	}
	return a.Round
}
