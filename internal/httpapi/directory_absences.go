package httpapi

import (
	"context"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/directory"
)

// ListAbsences handles GET /v1/people/{person_id}/absences.
func (s *Server) ListAbsences(ctx context.Context, r server.ListAbsencesRequestObject) (server.ListAbsencesResponseObject, error) {
	list, err := s.directory.Absences(ctx, r.PersonID)
	if err != nil {
		return nil, err
	}
	return server.ListAbsences200JSONResponse(api.AbsenceList{Items: mapped(list, toAbsence)}), nil
}

// RecordAbsence handles POST /v1/people/{person_id}/absences.
func (s *Server) RecordAbsence(ctx context.Context, r server.RecordAbsenceRequestObject) (server.RecordAbsenceResponseObject, error) {
	a, err := s.directory.RecordAbsence(ctx, directory.Absence{PersonID: r.PersonID,
		Term: directory.Term{FromOn: fromDate(r.Body.FromOn), UntilOn: fromDatePtr(r.Body.UntilOn)}})
	if err != nil {
		return nil, err
	}
	return server.RecordAbsence201JSONResponse{Body: toAbsence(*a)}, nil
}

// EndAbsence handles POST /v1/absences/{absence_id}/end.
func (s *Server) EndAbsence(ctx context.Context, r server.EndAbsenceRequestObject) (server.EndAbsenceResponseObject, error) {
	a, err := s.directory.EndAbsence(ctx, r.AbsenceID, version(r.Params.IfMatch), fromDate(r.Body.On))
	if err != nil {
		return nil, err
	}
	return server.EndAbsence200JSONResponse{Body: toAbsence(*a)}, nil
}

func toAbsence(a directory.Absence) api.Absence {
	return api.Absence{ID: a.ID, Version: a.Version, PersonID: a.PersonID, FromOn: toDate(a.FromOn), UntilOn: nullDate(a.UntilOn)}
}
