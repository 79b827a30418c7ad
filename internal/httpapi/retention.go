package httpapi

import (
	"context"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/retention"
)

// PreviewRetention handles GET /v1/retention/preview.
func (s *Server) PreviewRetention(ctx context.Context, r server.PreviewRetentionRequestObject) (server.PreviewRetentionResponseObject, error) {
	q := r.Params
	p, err := s.retention.Preview(ctx, fromDatePtr(q.AsOf), string(deref(q.Class)), pageOf(q.Limit, q.Cursor))
	if err != nil {
		return nil, err
	}
	token, err := p.Token()
	if err != nil {
		return nil, err
	}
	people := make([]uuid.UUID, len(p.Items))
	for i, item := range p.Items {
		people[i] = item.PersonID
	}
	cards, err := s.retention.Cards(ctx, people)
	if err != nil {
		return nil, err
	}
	return server.PreviewRetention200JSONResponse{Body: api.RetentionPreview{AsOf: toDate(p.AsOf), Token: token, Counts: mapped(p.Counts, toRetentionCount), NextCursor: null(p.Next),
		Items: mapped(p.Items, func(i retention.Item) api.RetentionItem {
			return api.RetentionItem{Class: api.RetentionItemClass(i.Class), Kind: api.RetentionItemKind(i.Kind), ID: i.ID, Person: toCard(cards[i.PersonID]),
				DueOn: toDate(i.DueOn), Rule: toRetentionRule(i.Rule), Held: i.Held}
		})}}, nil
}

// RunRetention handles POST /v1/retention/run.
func (s *Server) RunRetention(ctx context.Context, r server.RunRetentionRequestObject) (server.RunRetentionResponseObject, error) {
	run, by, err := s.retention.Run(ctx, fromDate(r.Body.AsOf), r.Body.Expected)
	if err != nil {
		return nil, err
	}
	return server.RunRetention200JSONResponse{RunID: run.ID, AsOf: toDate(run.AsOf), RunBy: toCard(by), RunOn: toDate(run.RunOn),
		Counts: mapped(run.Counts, toRetentionCount), CreatedAt: run.CreatedAt}, nil
}

func toRetentionCount(c retention.Count) api.RetentionCount {
	return api.RetentionCount{Class: api.RetentionCountClass(c.Class), Rule: toRetentionRule(c.Rule), Erased: c.Erased, Held: c.Held}
}

func toRetentionRule(r policy.Retention) api.RetentionRule {
	other := nullable.NewNullNullable[int]()
	if r.Else > 0 {
		other = nullable.NewNullableWithValue(r.Else)
	}
	return api.RetentionRule{Class: api.RetentionRuleClass(r.Class), Months: r.Months, From: api.RetentionRuleFrom(r.From), ElseMonths: other}
}

// ListLegalHolds handles GET /v1/legal-holds.
func (s *Server) ListLegalHolds(ctx context.Context, r server.ListLegalHoldsRequestObject) (server.ListLegalHoldsResponseObject, error) {
	list, err := s.retention.Holds(ctx, pageOf(r.Params.Limit, r.Params.Cursor))
	if err != nil {
		return nil, err
	}
	items, err := s.legalHolds(ctx, list.Items...)
	return server.ListLegalHolds200JSONResponse{Body: api.LegalHoldList{Items: items, NextCursor: null(list.Next)}}, err
}

// SetLegalHold handles PUT /v1/people/{person_id}/legal-hold.
func (s *Server) SetLegalHold(ctx context.Context, r server.SetLegalHoldRequestObject) (server.SetLegalHoldResponseObject, error) {
	h, err := s.retention.SetHold(ctx, r.PersonID, version(r.Params.IfMatch), r.Body.Held, r.Body.Reason)
	if err != nil {
		return nil, err
	}
	items, err := s.legalHolds(ctx, h)
	if err != nil {
		return nil, err
	}
	return server.SetLegalHold200JSONResponse{Body: items[0]}, nil
}

func (s *Server) legalHolds(ctx context.Context, list ...*retention.Hold) ([]api.LegalHold, error) {
	var people []uuid.UUID
	for _, h := range list {
		people = append(people, h.PersonID, h.SetBy)
	}
	cards, err := s.retention.Cards(ctx, people)
	return mapped(list, func(h *retention.Hold) api.LegalHold {
		return api.LegalHold{ID: h.ID, Version: h.Version, PersonID: h.PersonID, Person: toCard(cards[h.PersonID]), Held: h.Held, Reason: null(h.Reason),
			SetBy: toCard(cards[h.SetBy]), SetOn: toDate(h.SetOn), CreatedAt: h.CreatedAt, UpdatedAt: h.UpdatedAt}
	}), err
}
