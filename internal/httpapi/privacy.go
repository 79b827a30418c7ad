package httpapi

import (
	"context"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/privacy"
)

// ListAuditEvents handles GET /v1/audit-events.
func (s *Server) ListAuditEvents(ctx context.Context, r server.ListAuditEventsRequestObject) (server.ListAuditEventsResponseObject, error) {
	q := r.Params
	filter := privacy.EventFilter{SubjectID: q.SubjectID, PersonID: q.PersonID, AppraisalID: q.AppraisalID, Type: deref(q.Type)}
	list, err := s.privacy.AuditEvents(ctx, filter, pageOf(q.Limit, q.Cursor))
	if err != nil {
		return nil, err
	}
	return server.ListAuditEvents200JSONResponse{Body: api.EventList{Items: mapped(list.Items, toEvent), NextCursor: null(list.Next)}}, nil
}

// ListDisclosures handles GET /v1/disclosures.
func (s *Server) ListDisclosures(ctx context.Context, r server.ListDisclosuresRequestObject) (server.ListDisclosuresResponseObject, error) {
	q := r.Params
	list, readers, err := s.privacy.Disclosures(ctx, q.PersonID, pageOf(q.Limit, q.Cursor))
	if err != nil {
		return nil, err
	}
	items := mapped(list.Items, func(d privacy.Disclosure) api.Disclosure {
		return api.Disclosure{ID: d.ID, PersonID: d.PersonID, AppraisalID: null(d.AppraisalID), Reader: toCard(readers[d.ReaderID]),
			Purpose: d.Purpose, GrantID: null(d.GrantID), Operation: d.Operation,
			SubjectKind: d.SubjectKind, SubjectID: d.SubjectID, At: d.At, SchoolOn: toDate(d.SchoolOn)}
	})
	return server.ListDisclosures200JSONResponse{Body: api.DisclosureList{Items: items, NextCursor: null(list.Next)}}, nil
}

func toEvent(e privacy.Entry) api.Event {
	return api.Event{ID: e.ID, Block: int(e.Block), Type: e.Type, At: e.At, SchoolAt: e.SchoolAt, ActorKind: api.EventActorKind(e.ActorKind),
		ActorID: null(e.ActorID), SubjectKind: e.Subject.Kind, SubjectID: e.Subject.ID, SubjectVersion: e.Subject.Version,
		PersonID: null(e.PersonID), AppraisalID: null(e.AppraisalID), Data: e.Data}
}
