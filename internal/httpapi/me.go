package httpapi

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/appraisal"
)

type nullTime = time.Time

// GetMe handles GET /v1/me.
func (s *Server) GetMe(ctx context.Context, _ server.GetMeRequestObject) (server.GetMeResponseObject, error) {
	a := access.From(ctx)
	cards, err := s.DB.Cards(ctx, []uuid.UUID{a.PersonID})
	if err != nil {
		return nil, err
	}
	trust, err := s.DB.Trust(ctx)
	if err != nil {
		return nil, err
	}
	waiting, err := s.dossier.Waiting(ctx)
	if err != nil {
		return nil, err
	}
	letIn, err := s.letIn(ctx)
	if err != nil {
		return nil, err
	}
	return server.GetMe200JSONResponse(api.Me{Person: toCard(cards[a.PersonID]),
		Trust:   api.TrustCard{ID: a.TrustID, Slug: trust.Slug, Name: trust.Name, TimeZone: trust.TimeZone, Today: toDate(a.Today), Demo: trust.Demo},
		Roles:   mapped(a.Roles, func(r access.Role) api.MeRoles { return api.MeRoles(r) }),
		Units:   mapped(a.Units, func(id uuid.UUID) uuid.UUID { return id }),
		Waiting: mapped(waiting, toWaiting), LetIn: letIn}), nil
}

func toWaiting(w appraisal.Waiting) api.Waiting {
	return api.Waiting{Kind: w.Kind, Detail: clip(w.Detail, 500), Count: w.Count, DueOn: nullDate(w.DueOn), Late: w.Late,
		AppraisalID: null(w.AppraisalID), PersonID: null(w.PersonID), Operation: w.Operation}
}
