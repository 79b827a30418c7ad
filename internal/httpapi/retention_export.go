package httpapi

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/retention"
)

// CreateSubjectAccessExport handles POST /v1/people/{person_id}/subject-access.
func (s *Server) CreateSubjectAccessExport(ctx context.Context, r server.CreateSubjectAccessExportRequestObject) (server.CreateSubjectAccessExportResponseObject, error) {
	e, err := s.retention.Ask(ctx, r.PersonID)
	if err != nil {
		return nil, err
	}
	at := "/v1/subject-access/" + e.ID.String()
	body, err := s.subjectAccess(ctx, e)
	return server.CreateSubjectAccessExport201JSONResponse{Body: body, Headers: server.CreateSubjectAccessExport201ResponseHeaders{Location: &at}}, err
}

// GetSubjectAccessExport handles GET /v1/subject-access/{export_id}.
func (s *Server) GetSubjectAccessExport(ctx context.Context, r server.GetSubjectAccessExportRequestObject) (server.GetSubjectAccessExportResponseObject, error) {
	e, err := s.retention.Export(ctx, r.ExportID)
	if err != nil {
		return nil, err
	}
	body, err := s.subjectAccess(ctx, e)
	return server.GetSubjectAccessExport200JSONResponse{Body: body}, err
}

// DownloadSubjectAccessExport handles GET /v1/subject-access/{export_id}/content.
func (s *Server) DownloadSubjectAccessExport(ctx context.Context, r server.DownloadSubjectAccessExportRequestObject) (server.DownloadSubjectAccessExportResponseObject, error) {
	archive, bytes, err := s.retention.Download(ctx, r.ExportID)
	if err != nil {
		return nil, err
	}
	name, sandbox := attachment("everything-held.zip"), "sandbox; default-src 'none'"
	return server.DownloadSubjectAccessExport200ApplicationOctetStreamResponse{Body: archive, ContentLength: bytes,
		Headers: server.DownloadSubjectAccessExport200ResponseHeaders{ContentDisposition: &name, ContentSecurityPolicy: &sandbox}}, nil
}

func (s *Server) subjectAccess(ctx context.Context, e *retention.Export) (api.SubjectAccessExport, error) {
	cards, err := s.retention.Cards(ctx, []uuid.UUID{e.PersonID, e.RequestedBy})
	return api.SubjectAccessExport{ID: e.ID, Version: e.Version, PersonID: e.PersonID, Person: toCard(cards[e.PersonID]), RequestedBy: toCard(cards[e.RequestedBy]),
		RequestedOn: toDate(e.RequestedOn), DueOn: toDate(e.DueOn()), ExpiresOn: toDate(e.ExpiresOn), Downloads: e.Downloads, DownloadedAt: null(e.DownloadedAt),
		CreatedAt: e.CreatedAt, UpdatedAt: e.UpdatedAt}, err
}
