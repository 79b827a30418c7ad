package httpapi

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/privacy"
)

// ListAccessGrants handles GET /v1/access-grants.
func (s *Server) ListAccessGrants(ctx context.Context, r server.ListAccessGrantsRequestObject) (server.ListAccessGrantsResponseObject, error) {
	q := r.Params
	f := privacy.GrantFilter{AppraisalID: q.AppraisalID, PersonID: q.PersonID, ReaderID: q.ReaderID, InForce: q.InForce}
	list, err := s.privacy.Grants(ctx, f, pageOf(q.Limit, q.Cursor))
	if err != nil {
		return nil, err
	}
	cards, err := s.cardsOfGrants(ctx, list.Items...)
	if err != nil {
		return nil, err
	}
	return server.ListAccessGrants200JSONResponse{Body: api.AccessGrantList{NextCursor: null(list.Next),
		Items: mapped(list.Items, func(a *privacy.Access) api.AccessGrant { return toGrant(a, cards) })}}, nil
}

// CreateAccessGrant handles POST /v1/access-grants.
func (s *Server) CreateAccessGrant(ctx context.Context, r server.CreateAccessGrantRequestObject) (server.CreateAccessGrantResponseObject, error) {
	b := r.Body
	a, err := s.privacy.Give(ctx, privacy.NewGrant{AppraisalID: b.AppraisalID, ReaderID: b.ReaderID, Purpose: b.Purpose,
		FromOn: fromDatePtr(b.FromOn), UntilOn: fromDate(b.UntilOn), Note: b.Note})
	if err != nil {
		return nil, err
	}
	body, err := s.grant(ctx, a)
	return server.CreateAccessGrant201JSONResponse{Body: body}, err
}

// GetAccessGrant handles GET /v1/access-grants/{grant_id}.
func (s *Server) GetAccessGrant(ctx context.Context, r server.GetAccessGrantRequestObject) (server.GetAccessGrantResponseObject, error) {
	a, err := s.privacy.Grant(ctx, r.GrantID)
	if err != nil {
		return nil, err
	}
	body, err := s.grant(ctx, a)
	return server.GetAccessGrant200JSONResponse{Body: body}, err
}

// EndAccessGrant handles POST /v1/access-grants/{grant_id}/end.
func (s *Server) EndAccessGrant(ctx context.Context, r server.EndAccessGrantRequestObject) (server.EndAccessGrantResponseObject, error) {
	a, err := s.privacy.End(ctx, r.GrantID, version(r.Params.IfMatch))
	if err != nil {
		return nil, err
	}
	body, err := s.grant(ctx, a)
	return server.EndAccessGrant200JSONResponse{Body: body}, err
}

func (s *Server) grant(ctx context.Context, a *privacy.Access) (api.AccessGrant, error) {
	cards, err := s.cardsOfGrants(ctx, a)
	return toGrant(a, cards), err
}

func (s *Server) cardsOfGrants(ctx context.Context, list ...*privacy.Access) (map[uuid.UUID]directory.Card, error) {
	var ids []uuid.UUID
	for _, a := range list {
		ids = append(ids, a.Case.PersonID, a.ReaderID, a.GivenBy)
	}
	return s.privacy.Cards(ctx, ids)
}

func toGrant(a *privacy.Access, cards map[uuid.UUID]directory.Card) api.AccessGrant {
	return api.AccessGrant{ID: a.ID, Version: a.Version, AppraisalID: a.AppraisalID, PersonID: a.Case.PersonID, Person: toCard(cards[a.Case.PersonID]),
		Reader: toCard(cards[a.ReaderID]), Purpose: a.Purpose, FromOn: toDate(a.FromOn), UntilOn: toDate(a.UntilOn), InForce: a.InForce(a.Case.Today),
		Status: api.AccessGrantStatus(a.Status), Note: null(a.Note), GivenBy: toCard(cards[a.GivenBy]), EndedOn: nullDate(a.EndedOn),
		AllowedActions: toActions(appraisal.Allowed(a.Case, a, privacy.GrantActs)), CreatedAt: a.CreatedAt, UpdatedAt: a.UpdatedAt}
}

// letIn is what the caller was let in to read, as GetMe shows it.
func (s *Server) letIn(ctx context.Context) ([]api.OpenRecord, error) {
	open, err := s.privacy.OpenToMe(ctx)
	if err != nil {
		return nil, err
	}
	cards, err := s.privacy.Cards(ctx, mapped(open, func(o privacy.Open) uuid.UUID { return o.PersonID }))
	return mapped(open, func(o privacy.Open) api.OpenRecord {
		return api.OpenRecord{GrantID: o.GrantID, AppraisalID: o.AppraisalID, Person: toCard(cards[o.PersonID]), Purpose: o.Purpose, UntilOn: toDate(o.UntilOn)}
	}), err
}
