package httpapi

import (
	"context"

	"github.com/oapi-codegen/nullable"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/pay"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/yearend"
)

// GetEngagement handles GET /v1/appraisals/{appraisal_id}/engagement.
func (s *Server) GetEngagement(ctx context.Context, r server.GetEngagementRequestObject) (server.GetEngagementResponseObject, error) {
	c, err := s.appraisals.Appraisal(ctx, r.AppraisalID)
	if err != nil {
		return nil, err
	}
	e := yearend.Engage(c)
	out := api.Engagement{Counted: e.Counted, OnTime: e.OnTime, Late: e.Late, Share: null(e.Share), Sentence: e.Sentence, Suggestion: nullable.NewNullNullable[api.Coded](),
		Windows: mapped(e.Windows, func(w yearend.WindowCount) api.WindowCount {
			return api.WindowCount{N: w.N, OpensOn: toDate(w.OpensOn), ClosesOn: toDate(w.ClosesOn), Counted: w.Counted, Why: nullText(w.Why), Sent: api.WindowCountSent(w.Sent)}
		}),
		Scale: mapped(c.Rules().CheckIns.Engagement, func(v policy.Engagement) api.EngagementStep {
			return api.EngagementStep{Value: api.Coded{Code: v.Code, Label: v.Label}, AtLeast: v.AtLeast}
		})}
	if v := e.Suggestion; v != nil {
		out.Suggestion = nullable.NewNullableWithValue(api.Coded{Code: v.Code, Label: v.Label})
	}
	return server.GetEngagement200JSONResponse(out), nil
}

// GetOutcome handles GET /v1/appraisals/{appraisal_id}/outcome.
func (s *Server) GetOutcome(ctx context.Context, r server.GetOutcomeRequestObject) (server.GetOutcomeResponseObject, error) {
	c, ratings, steps, err := s.yearend.Outcome(ctx, r.AppraisalID)
	if err != nil {
		return nil, err
	}
	out := api.Outcome{AppraisalID: c.ID, Released: c.Stage == appraisal.Released, ReleasedAt: nullable.NewNullNullable[nullTime](), Visible: true,
		Rating: nullable.NewNullNullable[api.Coded](), Statement: nullable.NewNullNullable[map[string]any](), Refusal: nullable.NewNullNullable[api.Refusal]()}
	if refused := yearend.OutcomeVisible(c); refused != nil && c.Actor.PersonID == c.PersonID {
		out.Visible, out.Refusal = false, nullable.NewNullableWithValue(toRefusal(*refused))
	}
	seen := yearend.VisibleRatings(c, ratings)
	out.Ratings = mapped(seen, func(v yearend.Rating) api.RatingMade { return toRating(c, v) })
	for _, v := range seen {
		if v.Kind == yearend.Decided {
			out.Rating = nullable.NewNullableWithValue(ratingOf(c, v.Code))
		}
	}
	s.statement(c, steps, &out)
	return server.GetOutcome200JSONResponse(out), nil
}

// statement adds the reviewer's statement, where the caller may see it, and the time of release.
func (s *Server) statement(c *appraisal.Case, steps []yearend.Step, out *api.Outcome) {
	for _, row := range steps {
		rule, err := c.Step(row.Chain, row.Code)
		if err != nil {
			continue // the policy no longer has the step
		}
		a := &yearend.Aggregate{Step: row, Rule: rule, Case: c}
		if a.Does("state") && rule.Settled() && a.Visible() {
			out.Statement = nullable.NewNullableWithValue(map[string]any(row.Answers))
		}
		if out.Released && row.DoneAt != nil && rule.Rule.Required {
			if last, err := out.ReleasedAt.Get(); err != nil || row.DoneAt.After(last) {
				out.ReleasedAt = nullable.NewNullableWithValue(*row.DoneAt)
			}
		}
	}
	if out.Released && !c.Rules().Outcome.Ends() { // with its cycle, after which it never changes
		out.ReleasedAt = nullable.NewNullableWithValue(c.UpdatedAt)
	}
}

// GetPayOutcome handles GET /v1/appraisals/{appraisal_id}/pay.
func (s *Server) GetPayOutcome(ctx context.Context, r server.GetPayOutcomeRequestObject) (server.GetPayOutcomeResponseObject, error) {
	c, facts, err := s.DB.PayCase(ctx, r.AppraisalID)
	if err != nil {
		return nil, err
	}
	o := pay.Calculate(c, facts)
	if c.Actor.PersonID == c.PersonID && !c.Actor.Has(access.HR) && o.Decision == nil {
		o.Working, o.Awards = nil, nil // what is not decided yet is worked out by HR, not shown as a promise
	}
	out := api.PayOutcome{AppraisalID: c.ID, Link: api.PayOutcomeLink(o.Link), Covered: o.Covered, Awards: mapped(o.Awards, toAward),
		Working: mapped(o.Working, func(v pay.Step) api.PayWorkingStep {
			return api.PayWorkingStep{Step: v.Step, Detail: v.Detail, Value: anyOf(v.Value)}
		}),
		Refusals: mapped(o.Refusals, toRefusal), Decision: nullable.NewNullNullable[api.PayDecision]()}
	if d := o.Decision; d != nil {
		out.Decision = nullable.NewNullableWithValue(api.PayDecision{Result: api.PayDecisionResult(d.Result), Awards: mapped(d.Awards, toAward), DecidedBy: d.DecidedBy, DecidedAt: d.DecidedAt})
	}
	return server.GetPayOutcome200JSONResponse(out), nil
}

func toAward(a pay.Award) api.Award { return api.Award{Kind: api.AwardKind(a.Kind), Amount: a.Amount} }
