package httpapi

import (
	"context"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/moderation"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/postgres"
	"github.com/perennial-api/perennial/internal/yearend"
)

// ListModerationQueue handles GET /v1/moderation/queue.
func (s *Server) ListModerationQueue(ctx context.Context, r server.ListModerationQueueRequestObject) (server.ListModerationQueueResponseObject, error) {
	q := r.Params
	queue, err := s.moderation.Queue(ctx, moderation.Filter{CycleID: q.CycleID, UnitID: q.UnitID, ReviewerID: q.ReviewerID, StaffGroup: deref(q.StaffGroup),
		State: moderation.State(deref(q.State)), Total: q.Include != nil}, pageOf(q.Limit, q.Cursor))
	if err != nil {
		return nil, err
	}
	cases := mapped(queue.Items, func(y moderation.Year) *appraisal.Case { return y.Case })
	cards, err := s.cardsOf(ctx, true, cases...)
	if err != nil {
		return nil, err
	}
	out := api.ModerationQueue{NextCursor: null(queue.Next), Totals: nullable.NewNullNullable[api.ModerationTotals](),
		Items: mapped(queue.Items, func(y moderation.Year) api.ModerationItem { return toModerationItem(y, cards) })}
	if t := queue.Totals; t != nil {
		out.Totals = nullable.NewNullableWithValue(api.ModerationTotals{Ready: t[moderation.Ready], Missing: t[moderation.Missing], Decided: t[moderation.Decided], Released: t[moderation.Released]})
	}
	return server.ListModerationQueue200JSONResponse{Body: out}, nil
}

func toModerationItem(y moderation.Year, cards map[uuid.UUID]directory.Card) api.ModerationItem {
	c := y.Case
	out := api.ModerationItem{AppraisalID: c.ID, Version: c.Version, CycleID: c.CycleID, PersonID: c.PersonID, Person: toCard(cards[c.PersonID]), UnitID: c.UnitID, StaffGroup: groupOf(c),
		Reviewers: mapped(c.Seated(appraisal.Review), func(id uuid.UUID) api.PersonCard { return toCard(cards[id]) }),
		Stage:     api.ModerationItemStage(c.Stage), State: api.ModerationItemState(y.State), Step: y.Step.Rule.Name(), StepVersion: y.Step.Version,
		NextStep: nullable.NewNullNullable[api.ModerationStep](), Missing: mapped(y.Missing, toRefusal), Recommended: nullable.NewNullNullable[api.Coded](),
		Changed: null(y.Changed), AllowedActions: toActions(appraisal.Allowed(c, y.Step, yearend.Acts))}
	if y.Next != nil {
		n := y.Next.Rule
		out.NextStep = nullable.NewNullableWithValue(api.ModerationStep{Step: n.Name(), Label: n.Rule.Label, Party: string(n.Rule.Party), DueOn: nullDate(n.DueOn), Late: n.Late(c.Today)})
	}
	if y.Recommended != nil {
		out.Recommended = nullable.NewNullableWithValue(ratingOf(c, y.Recommended.Code))
	}
	return out
}

// CompleteStepsInBulk handles POST /v1/moderation/complete-steps.
func (s *Server) CompleteStepsInBulk(ctx context.Context, r server.CompleteStepsInBulkRequestObject) (server.CompleteStepsInBulkResponseObject, error) {
	items := mapped(r.Body.Items, func(v api.StepToComplete) moderation.Item {
		return moderation.Item{AppraisalID: v.AppraisalID, Version: v.Version}
	})
	results, err := s.moderation.CompleteMany(ctx, stepName(r.Body.Step), items, deref(r.Body.Mode) != api.CompleteStepsInBulkModePartial)
	if err != nil {
		return nil, err
	}
	body := toBulk(results, func(i int) uuid.UUID { return items[i].AppraisalID }, postgres.RequestID(ctx))
	if body.Failed > 0 {
		return server.CompleteStepsInBulk207JSONResponse(body), nil
	}
	return server.CompleteStepsInBulk200JSONResponse(body), nil
}

// ListMyRecommendations handles GET /v1/moderation/my-recommendations.
func (s *Server) ListMyRecommendations(ctx context.Context, r server.ListMyRecommendationsRequestObject) (server.ListMyRecommendationsResponseObject, error) {
	list, err := s.moderation.Recommendations(ctx, r.Params.CycleID, pageOf(r.Params.Limit, r.Params.Cursor))
	if err != nil {
		return nil, err
	}
	cards, err := s.cardsOf(ctx, true, mapped(list.Items, func(v moderation.Recommendation) *appraisal.Case { return v.Case })...)
	if err != nil {
		return nil, err
	}
	return server.ListMyRecommendations200JSONResponse{Body: api.MyRecommendations{NextCursor: null(list.Next), Items: mapped(list.Items, func(v moderation.Recommendation) api.MyRecommendation {
		c := v.Case
		out := api.MyRecommendation{AppraisalID: c.ID, Version: c.Version, CycleID: c.CycleID, PersonID: c.PersonID, Person: toCard(cards[c.PersonID]),
			Recommended: ratingOf(c, v.Recommended.Code), Decided: nullable.NewNullNullable[api.Coded](), Changed: v.Changed(), Reason: nullable.NewNullNullable[string]()}
		if v.Decided != nil {
			out.Decided, out.Reason = nullable.NewNullableWithValue(ratingOf(c, v.Decided.Code)), null(v.Decided.Reason)
		}
		return out
	})}}, nil
}

// GetModerationDistribution handles GET /v1/moderation/distribution.
func (s *Server) GetModerationDistribution(ctx context.Context, r server.GetModerationDistributionRequestObject) (server.GetModerationDistributionResponseObject, error) {
	by, kind := moderation.ByUnit, yearend.Decided
	if r.Params.By != nil {
		by = moderation.By(*r.Params.By)
	}
	if r.Params.Kind != nil {
		kind = yearend.RatingKind(*r.Params.Kind)
	}
	d, err := s.moderation.Distribute(ctx, r.Params.CycleID, by, kind)
	if err != nil {
		return nil, err
	}
	out := api.RatingDistribution{CycleID: null(d.CycleID), By: api.RatingDistributionBy(by), Kind: api.RatingDistributionKind(kind), SmallNumber: d.SmallNumber, People: null(d.People),
		Ratings: mapped(d.Ratings, func(v policy.Rating) api.Coded { return api.Coded{Code: v.Code, Label: v.Label} }), Totals: toCounts(d, d.Totals)}
	out.Rows, err = s.toDistributionRows(ctx, by, d)
	return server.GetModerationDistribution200JSONResponse(out), err
}

func toCounts(d moderation.Distribution, counts []*int) []api.RatingCount {
	out := make([]api.RatingCount, len(counts))
	for i, n := range counts {
		out[i] = api.RatingCount{Rating: d.Ratings[i].Code, People: null(n)}
	}
	return out
}

func (s *Server) toDistributionRows(ctx context.Context, by moderation.By, d moderation.Distribution) ([]api.RatingDistributionRow, error) {
	var reviewers []uuid.UUID
	rows := mapped(d.Rows, func(v moderation.Row) api.RatingDistributionRow {
		row := api.RatingDistributionRow{UnitID: nullable.NewNullNullable[uuid.UUID](), ReviewerID: nullable.NewNullNullable[uuid.UUID](), Reviewer: nullable.NewNullNullable[api.PersonCard](),
			StaffGroup: nullable.NewNullNullable[api.Coded](), People: null(v.People), Counts: toCounts(d, v.Counts)}
		id, _ := uuid.Parse(v.Key) // the key of a group is a code
		switch {
		case by == moderation.ByGroup:
			row.StaffGroup = nullable.NewNullableWithValue(groupIn(d.Rules, v.Key))
		case by == moderation.ByUnit:
			row.UnitID = nullable.NewNullableWithValue(id)
		case id != uuid.Nil:
			row.ReviewerID = nullable.NewNullableWithValue(id)
			reviewers = append(reviewers, id)
		}
		return row
	})
	cards, err := s.DB.Cards(ctx, reviewers)
	for i := range rows {
		if id, unset := rows[i].ReviewerID.Get(); unset == nil {
			rows[i].Reviewer = cardOrNull(cards, id)
		}
	}
	return rows, err
}

// groupIn is a staff group with its label in a trust's rules.
func groupIn(rules *policy.Rules, code string) api.Coded {
	for _, g := range rules.Population.Groups {
		if g.Code == code {
			return api.Coded{Code: g.Code, Label: g.Label}
		}
	}
	return api.Coded{Code: code, Label: code}
}
