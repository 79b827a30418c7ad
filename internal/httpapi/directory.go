package httpapi

import (
	"cmp"
	"context"
	"time"

	"github.com/oapi-codegen/nullable"
	openapi_types "github.com/oapi-codegen/runtime/types"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// moment is a time as answers give it: UTC, and no finer than it is stored.
func moment(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// patched sets what a merge patch mentions; null clears it.
func patched[T any](n nullable.Nullable[T], target **T) {
	if !n.IsSpecified() {
		return
	}
	*target = nil
	if v, err := n.Get(); err == nil {
		*target = &v
	}
}

func patchedDate(n nullable.Nullable[openapi_types.Date], target *schooltime.Date) {
	if !n.IsSpecified() {
		return
	}
	*target = schooltime.Date{}
	if v, err := n.Get(); err == nil {
		*target = fromDate(v)
	}
}

// replaced sets what a merge patch mentions and cannot clear.
func replaced[T any](v *T, target *T) {
	if v != nil {
		*target = *v
	}
}

// ListUnits handles GET /v1/units.
func (s *Server) ListUnits(ctx context.Context, r server.ListUnitsRequestObject) (server.ListUnitsResponseObject, error) {
	q := r.Params
	list, err := s.directory.Units(ctx, directory.UnitFilter{Kind: string(deref(q.Kind))}, pageOf(q.Limit, q.Cursor))
	if err != nil {
		return nil, err
	}
	return server.ListUnits200JSONResponse{Body: api.UnitList{Items: mapped(list.Items, toUnit), NextCursor: null(list.Next)}}, nil
}

// CreateUnit handles POST /v1/units.
func (s *Server) CreateUnit(ctx context.Context, r server.CreateUnitRequestObject) (server.CreateUnitResponseObject, error) {
	b := r.Body
	u, err := s.directory.CreateUnit(ctx, directory.Unit{ParentID: &b.ParentID, Kind: string(b.Kind), Name: b.Name, Code: b.Code})
	if err != nil {
		return nil, err
	}
	return server.CreateUnit201JSONResponse{Body: toUnit(*u)}, nil
}

// GetUnit handles GET /v1/units/{unit_id}.
func (s *Server) GetUnit(ctx context.Context, r server.GetUnitRequestObject) (server.GetUnitResponseObject, error) {
	u, err := s.directory.Unit(ctx, r.UnitID)
	if err != nil {
		return nil, err
	}
	return server.GetUnit200JSONResponse{Body: toUnit(*u)}, nil
}

// UpdateUnit handles PATCH /v1/units/{unit_id}.
func (s *Server) UpdateUnit(ctx context.Context, r server.UpdateUnitRequestObject) (server.UpdateUnitResponseObject, error) {
	b := cmp.Or(r.JSONBody, r.ApplicationMergePatchPlusJSONBody)
	u, err := s.directory.UpdateUnit(ctx, r.UnitID, version(r.Params.IfMatch), func(u *directory.Unit) {
		replaced(b.Name, &u.Name)
		patched(b.Code, &u.Code)
		if b.ParentID != nil {
			u.ParentID = b.ParentID
		}
	})
	if err != nil {
		return nil, err
	}
	return server.UpdateUnit200JSONResponse{Body: toUnit(*u)}, nil
}

func toUnit(u directory.Unit) api.Unit {
	return api.Unit{ID: u.ID, Version: u.Version, ParentID: null(u.ParentID), Kind: api.UnitKind(u.Kind), Name: u.Name, Code: null(u.Code),
		Decides: u.Decides, HeadID: null(u.HeadID), CreatedAt: moment(u.CreatedAt), UpdatedAt: moment(u.UpdatedAt)}
}
