package httpapi

import (
	"context"
	"encoding/json"

	"github.com/oapi-codegen/nullable"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/appeal"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/pay"
	"github.com/perennial-api/perennial/internal/yearend"
)

// ListEarlierSteps handles GET /v1/appraisals/{appraisal_id}/earlier-steps.
func (s *Server) ListEarlierSteps(ctx context.Context, r server.ListEarlierStepsRequestObject) (server.ListEarlierStepsResponseObject, error) {
	c, steps, err := s.appeals.EarlierSteps(ctx, r.AppraisalID)
	if err != nil {
		return nil, err
	}
	out := api.EarlierStepList{Items: []api.EarlierStep{}}
	for _, step := range steps {
		item, err := toEarlierStep(c, step)
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, item)
	}
	return server.ListEarlierSteps200JSONResponse(out), nil
}

// toEarlierStep shows a step whole: the round that it belongs to was released. A step that nobody
// had finished is its drafter's alone, and one on pay is for those who see the pay: both show no more
// than that they were there.
func toEarlierStep(c *appraisal.Case, e appeal.EarlierStep) (api.EarlierStep, error) {
	out := api.EarlierStep{ID: e.ID, Step: e.Chain + "." + e.Code, Round: e.Round, Party: string(e.Kept.Party), Result: api.EarlierStepResult(e.Kept.Result), DoneBy: null(e.DoneBy),
		DoneOn: nullDate(e.Kept.DoneOn), Late: e.Kept.Late, Answers: nullable.NewNullNullable[map[string]any](), Rating: nullable.NewNullNullable[api.Coded](),
		Reason: nullable.NewNullNullable[string]()}
	if e.DoneBy == nil || e.Chain == appraisal.PayChain && len(pay.Reading(c)) > 0 {
		return out, nil
	}
	answers := map[string]any{}
	if err := json.Unmarshal(e.Kept.Answers, &answers); err != nil {
		return out, err
	}
	out.Answers, out.Reason = nullable.NewNullableWithValue(answers), null(e.Kept.Reason)
	if e.Rating != nil {
		out.Rating = nullable.NewNullableWithValue(ratingOf(c, *e.Rating))
	}
	return out, nil
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
