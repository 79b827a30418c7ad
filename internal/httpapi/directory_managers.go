package httpapi

import (
	"context"
	"errors"
	"net/http"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/postgres"
)

// ListLineManagers handles GET /v1/posts/{post_id}/line-managers.
func (s *Server) ListLineManagers(ctx context.Context, r server.ListLineManagersRequestObject) (server.ListLineManagersResponseObject, error) {
	list, err := s.directory.LineManagers(ctx, r.PostID)
	if err != nil {
		return nil, err
	}
	return server.ListLineManagers200JSONResponse(api.LineManagerList{Items: mapped(list, toLineManager)}), nil
}

// SetLineManager handles PUT /v1/posts/{post_id}/line-manager.
func (s *Server) SetLineManager(ctx context.Context, r server.SetLineManagerRequestObject) (server.SetLineManagerResponseObject, error) {
	a := directory.Assignment{PostID: r.PostID, ManagerID: r.Body.ManagerID, FromOn: fromDatePtr(r.Body.FromOn)}
	p, err := s.directory.SetLineManager(ctx, version(r.Params.IfMatch), a)
	if err != nil {
		return nil, err
	}
	return server.SetLineManager200JSONResponse{Body: toPost(*p)}, nil
}

// ListUnassigned handles GET /v1/line-managers/unassigned.
func (s *Server) ListUnassigned(ctx context.Context, r server.ListUnassignedRequestObject) (server.ListUnassignedResponseObject, error) {
	q := r.Params
	list, err := s.directory.Unassigned(ctx, q.UnitID, pageOf(q.Limit, q.Cursor))
	if err != nil {
		return nil, err
	}
	items := mapped(list.Items, func(u directory.Unassigned) api.Unassigned {
		return api.Unassigned{PostID: u.PostID, Person: toCard(u.Card), UnitID: u.UnitID, JobTitle: u.JobTitle}
	})
	return server.ListUnassigned200JSONResponse{Body: api.UnassignedList{Items: items, NextCursor: null(list.Next)}}, nil
}

// ReassignPeople handles POST /v1/line-managers/reassign.
func (s *Server) ReassignPeople(ctx context.Context, r server.ReassignPeopleRequestObject) (server.ReassignPeopleResponseObject, error) {
	list := mapped(r.Body.Items, func(b api.Reassignment) directory.Assignment {
		return directory.Assignment{PostID: b.PostID, ManagerID: b.ManagerID, FromOn: fromDatePtr(b.FromOn)}
	})
	results, err := s.directory.Reassign(ctx, list, deref(r.Body.Mode) != api.ReassignPeopleModePartial)
	if err != nil {
		return nil, err
	}
	body := toBulk(results, func(i int) uuid.UUID { return list[i].PostID }, postgres.RequestID(ctx))
	if body.Failed > 0 {
		return server.ReassignPeople207JSONResponse(body), nil
	}
	return server.ReassignPeople200JSONResponse(body), nil
}

// toBulk renders what became of each item of a bulk change, by its index.
func toBulk(results []error, id func(int) uuid.UUID, requestID string) api.BulkResults {
	body := api.BulkResults{Results: make([]api.BulkResult, len(results))}
	for i, err := range results {
		item := api.BulkResult{Index: i, Status: http.StatusOK, ID: nullable.NewNullableWithValue(id(i)), Problem: nullable.NewNullNullable[api.Problem]()}
		if f, ok := errors.AsType[*fault.Error](err); ok {
			item.Status, item.Problem = statuses[f.Kind], nullable.NewNullableWithValue(toProblem(f, requestID))
			body.Failed++
		} else {
			body.Succeeded++
		}
		body.Results[i] = item
	}
	return body
}

func toLineManager(m directory.LineManager) api.LineManager {
	return api.LineManager{ID: m.ID, PersonID: m.ManagerID, Person: nullCard(m.Card), FromOn: toDate(m.FromOn), UntilOn: nullDate(m.UntilOn)}
}
