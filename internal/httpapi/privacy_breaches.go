package httpapi

import (
	"context"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/privacy"
)

// ListBreaches handles GET /v1/breaches.
func (s *Server) ListBreaches(ctx context.Context, r server.ListBreachesRequestObject) (server.ListBreachesResponseObject, error) {
	q := r.Params
	list, err := s.privacy.Breaches(ctx, privacy.BreachFilter{PersonID: q.PersonID, Status: privacy.BreachStatus(deref(q.Status))}, pageOf(q.Limit, q.Cursor))
	if err != nil {
		return nil, err
	}
	cards, err := s.cardsOfBreaches(ctx, list.Items...)
	if err != nil {
		return nil, err
	}
	return server.ListBreaches200JSONResponse{Body: api.BreachList{NextCursor: null(list.Next),
		Items: mapped(list.Items, func(b *privacy.Breach) api.Breach { return toBreach(ctx, b, cards) })}}, nil
}

// ReportBreach handles POST /v1/breaches.
func (s *Server) ReportBreach(ctx context.Context, r server.ReportBreachRequestObject) (server.ReportBreachResponseObject, error) {
	b, err := s.privacy.ReportBreach(ctx, privacy.Report{PersonID: r.Body.PersonID, AppraisalID: r.Body.AppraisalID, DisclosureID: r.Body.DisclosureID,
		WhatHappened: r.Body.WhatHappened, DiscoveredOn: fromDate(r.Body.DiscoveredOn)})
	if err != nil {
		return nil, err
	}
	body, err := s.breach(ctx, b)
	return server.ReportBreach201JSONResponse{Body: body}, err
}

// GetBreach handles GET /v1/breaches/{breach_id}.
func (s *Server) GetBreach(ctx context.Context, r server.GetBreachRequestObject) (server.GetBreachResponseObject, error) {
	b, err := s.privacy.Breach(ctx, r.BreachID)
	if err != nil {
		return nil, err
	}
	body, err := s.breach(ctx, b)
	return server.GetBreach200JSONResponse{Body: body}, err
}

// RecordBreachFollowUp handles POST /v1/breaches/{breach_id}/follow-up.
func (s *Server) RecordBreachFollowUp(ctx context.Context, r server.RecordBreachFollowUpRequestObject) (server.RecordBreachFollowUpResponseObject, error) {
	b, err := s.privacy.FollowUp(ctx, r.BreachID, version(r.Params.IfMatch), privacy.FollowUp{Assessment: r.Body.Assessment, Measures: r.Body.Measures,
		NotifiedOn: fromDatePtr(r.Body.NotifiedOn), Close: deref(r.Body.Close)})
	if err != nil {
		return nil, err
	}
	body, err := s.breach(ctx, b)
	return server.RecordBreachFollowUp200JSONResponse{Body: body}, err
}

func (s *Server) breach(ctx context.Context, b *privacy.Breach) (api.Breach, error) {
	cards, err := s.cardsOfBreaches(ctx, b)
	return toBreach(ctx, b, cards), err
}

func (s *Server) cardsOfBreaches(ctx context.Context, list ...*privacy.Breach) (map[uuid.UUID]directory.Card, error) {
	var ids []uuid.UUID
	for _, b := range list {
		ids = append(ids, b.PersonID, b.ReportedBy)
		if b.ReaderID != nil {
			ids = append(ids, *b.ReaderID)
		}
	}
	return s.privacy.Cards(ctx, ids)
}

func toBreach(ctx context.Context, b *privacy.Breach, cards map[uuid.UUID]directory.Card) api.Breach {
	reader := nullable.NewNullNullable[api.PersonCard]()
	if b.ReaderID != nil {
		reader = cardOrNull(cards, *b.ReaderID)
	}
	return api.Breach{ID: b.ID, Version: b.Version, PersonID: b.PersonID, Person: toCard(cards[b.PersonID]), AppraisalID: null(b.AppraisalID),
		DisclosureID: null(b.DisclosureID), Reader: reader, Status: api.BreachStatus(b.Status), WhatHappened: b.WhatHappened,
		DiscoveredOn: toDate(b.DiscoveredOn), DueAt: b.DueAt(), ReportedBy: toCard(cards[b.ReportedBy]), Assessment: null(b.Assessment),
		Measures: null(b.Measures), NotifiedOn: nullDate(b.NotifiedOn), ClosedOn: nullDate(b.ClosedOn),
		AllowedActions: toActions(b.Allowed(access.From(ctx))), CreatedAt: b.CreatedAt, UpdatedAt: b.UpdatedAt}
}
