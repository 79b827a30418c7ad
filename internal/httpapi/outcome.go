package httpapi

import (
	"context"

	"github.com/oapi-codegen/nullable"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/yearend"
)

// GetEngagement handles GET /v1/appraisals/{appraisal_id}/engagement.
func (s *Server) GetEngagement(ctx context.Context, r server.GetEngagementRequestObject) (server.GetEngagementResponseObject, error) {
	c, err := s.appraisals.Appraisal(ctx, r.AppraisalID)
	if err != nil {
		return nil, err
	}
	return server.GetEngagement200JSONResponse(toEngagement(c, yearend.Engage(c))), nil
}

// GetOutcome handles GET /v1/appraisals/{appraisal_id}/outcome.
func (s *Server) GetOutcome(ctx context.Context, r server.GetOutcomeRequestObject) (server.GetOutcomeResponseObject, error) {
	c, ratings, steps, err := s.yearend.Outcome(ctx, r.AppraisalID)
	if err != nil {
		return nil, err
	}
	out := api.Outcome{AppraisalID: c.ID, Released: c.Stage == appraisal.Released, Provisional: c.Waits(), ReleasedAt: nullable.NewNullNullable[nullTime](), Visible: true,
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
	out.Derivation = toDerivation(c, seen)
	s.statement(c, steps, &out)
	if err := s.appealable(ctx, c, &out); err != nil {
		return nil, err
	}
	beside, err := s.corrections.Beside(ctx, c)
	if err != nil {
		return nil, err
	}
	out.Corrections = mapped(beside, toCorrection)
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
		if said := a.Said(); a.Does("state") && said != nil {
			out.Statement = nullable.NewNullableWithValue(map[string]any(said))
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
