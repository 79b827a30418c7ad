package httpapi

import (
	"cmp"
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/cycle"
)

// ListCycles handles GET /v1/cycles.
func (s *Server) ListCycles(ctx context.Context, r server.ListCyclesRequestObject) (server.ListCyclesResponseObject, error) {
	list, err := s.cycles.List(ctx, pageOf(r.Params.Limit, r.Params.Cursor), cycle.Status(deref(r.Params.Status)))
	if err != nil {
		return nil, err
	}
	return server.ListCycles200JSONResponse{Body: api.CycleList{Items: mapped(list.Items, toCycle), NextCursor: null(list.Next)}}, nil
}

// CreateCycle handles POST /v1/cycles.
func (s *Server) CreateCycle(ctx context.Context, r server.CreateCycleRequestObject) (server.CreateCycleResponseObject, error) {
	b := r.Body
	c, err := s.cycles.Create(ctx, cycle.NewCycle{Name: b.Name, StartsOn: fromDate(b.StartsOn), EndsOn: fromDatePtr(b.EndsOn), PolicyVersionID: b.PolicyVersionID,
		Scope: fromScope(b.Scope)})
	if err != nil {
		return nil, err
	}
	return server.CreateCycle201JSONResponse{Body: toCycle(c)}, nil
}

// GetCycle handles GET /v1/cycles/{cycle_id}.
func (s *Server) GetCycle(ctx context.Context, r server.GetCycleRequestObject) (server.GetCycleResponseObject, error) {
	c, err := s.cycles.Get(ctx, r.CycleID)
	if err != nil {
		return nil, err
	}
	return server.GetCycle200JSONResponse{Body: toCycle(c)}, nil
}

// UpdateCycle handles PATCH /v1/cycles/{cycle_id}.
func (s *Server) UpdateCycle(ctx context.Context, r server.UpdateCycleRequestObject) (server.UpdateCycleResponseObject, error) {
	b := cmp.Or(r.JSONBody, r.ApplicationMergePatchPlusJSONBody)
	c, err := s.cycles.Update(ctx, r.CycleID, version(r.Params.IfMatch), cycle.Change{Name: b.Name, PolicyVersionID: b.PolicyVersionID})
	if err != nil {
		return nil, err
	}
	return server.UpdateCycle200JSONResponse{Body: toCycle(c)}, nil
}

// DeleteCycle handles DELETE /v1/cycles/{cycle_id}.
func (s *Server) DeleteCycle(ctx context.Context, r server.DeleteCycleRequestObject) (server.DeleteCycleResponseObject, error) {
	return server.DeleteCycle204Response{}, s.cycles.Delete(ctx, r.CycleID, version(r.Params.IfMatch))
}

// OpenCycle handles POST /v1/cycles/{cycle_id}/open.
func (s *Server) OpenCycle(ctx context.Context, r server.OpenCycleRequestObject) (server.OpenCycleResponseObject, error) {
	c, err := s.cycles.Open(ctx, r.CycleID, version(r.Params.IfMatch))
	if err != nil {
		return nil, err
	}
	return server.OpenCycle200JSONResponse{Body: toCycle(c)}, nil
}

// CloseCycle handles POST /v1/cycles/{cycle_id}/close.
func (s *Server) CloseCycle(ctx context.Context, r server.CloseCycleRequestObject) (server.CloseCycleResponseObject, error) {
	c, err := s.cycles.Close(ctx, r.CycleID, version(r.Params.IfMatch))
	if err != nil {
		return nil, err
	}
	return server.CloseCycle200JSONResponse{Body: toCycle(c)}, nil
}

func toCycle(c *cycle.Cycle) api.Cycle {
	return api.Cycle{ID: c.ID, Version: c.Version, Name: c.Name, StartsOn: toDate(c.StartsOn), EndsOn: toDate(c.EndsOn),
		PolicyVersionID: c.PolicyVersionID, Scope: toScope(c.Scope), Status: api.CycleStatus(c.Status), CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt}
}

func toScope(s cycle.Scope) api.CycleScope {
	return api.CycleScope{UnitIds: append([]uuid.UUID{}, s.ScopeUnits...), StaffGroups: append([]string{}, s.ScopeGroups...)}
}

func fromScope(s *api.CycleScope) cycle.Scope {
	if s == nil {
		return cycle.Scope{}
	}
	return cycle.Scope{ScopeUnits: s.UnitIds, ScopeGroups: s.StaffGroups}
}
