package httpapi

import (
	"context"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/directory"
)

// ListOffices handles GET /v1/offices.
func (s *Server) ListOffices(ctx context.Context, r server.ListOfficesRequestObject) (server.ListOfficesResponseObject, error) {
	q := r.Params
	f := directory.OfficeFilter{UnitID: q.UnitID, Code: deref(q.Code), Current: q.Current}
	list, err := s.directory.Offices(ctx, f, q.Expand != nil, pageOf(q.Limit, q.Cursor))
	if err != nil {
		return nil, err
	}
	return server.ListOffices200JSONResponse{Body: api.OfficeList{Items: mapped(list.Items, toOffice), NextCursor: null(list.Next)}}, nil
}

// FillOffice handles POST /v1/offices.
func (s *Server) FillOffice(ctx context.Context, r server.FillOfficeRequestObject) (server.FillOfficeResponseObject, error) {
	b := r.Body
	o, err := s.directory.FillOffice(ctx, directory.Office{Code: b.Code, UnitID: b.UnitID, PersonID: b.PersonID, Acting: deref(b.Acting),
		Term: directory.Term{FromOn: fromDatePtr(b.FromOn)}})
	if err != nil {
		return nil, err
	}
	return server.FillOffice201JSONResponse{Body: toOffice(*o)}, nil
}

// EndOffice handles POST /v1/offices/{office_id}/end.
func (s *Server) EndOffice(ctx context.Context, r server.EndOfficeRequestObject) (server.EndOfficeResponseObject, error) {
	o, err := s.directory.EndOffice(ctx, r.OfficeID, version(r.Params.IfMatch), fromDate(r.Body.On))
	if err != nil {
		return nil, err
	}
	return server.EndOffice200JSONResponse{Body: toOffice(*o)}, nil
}

func toOffice(o directory.Office) api.Office {
	return api.Office{ID: o.ID, Version: o.Version, Code: o.Code, UnitID: o.UnitID, PersonID: o.PersonID, Person: nullCard(o.Card),
		Acting: o.Acting, FromOn: toDate(o.FromOn), UntilOn: nullDate(o.UntilOn)}
}
