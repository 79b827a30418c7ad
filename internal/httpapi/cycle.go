package httpapi

import (
	"cmp"
	"context"

	"github.com/oapi-codegen/nullable"

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
	c, err := s.cycles.Create(ctx, cycle.NewCycle{Name: b.Name, StartsOn: fromDate(b.StartsOn), EndsOn: fromDatePtr(b.EndsOn), PolicyVersionID: b.PolicyVersionID})
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

// PreviewEnrolment handles GET /v1/cycles/{cycle_id}/enrolment.
func (s *Server) PreviewEnrolment(ctx context.Context, r server.PreviewEnrolmentRequestObject) (server.PreviewEnrolmentResponseObject, error) {
	q := r.Params
	p, err := s.cycles.Preview(ctx, cycle.PlanFilter{CycleID: r.CycleID, UnitID: q.UnitID, Included: q.Included, WithoutReviewer: q.WithoutReviewer},
		pageOf(q.Limit, q.Cursor))
	if err != nil {
		return nil, err
	}
	sum := api.EnrolmentSummary{Included: p.Summary.Included, Excluded: p.Summary.Excluded, WithoutReviewer: p.Summary.WithoutReviewer, Already: p.Summary.Already}
	items := mapped(p.Items, func(e cycle.Enrolment) api.Enrolment { return toEnrolment(e, p) })
	return server.PreviewEnrolment200JSONResponse{Body: api.EnrolmentPlan{Summary: sum, Items: items, NextCursor: null(p.Next)}}, nil
}

// EnrolPeople handles POST /v1/cycles/{cycle_id}/enrol.
func (s *Server) EnrolPeople(ctx context.Context, r server.EnrolPeopleRequestObject) (server.EnrolPeopleResponseObject, error) {
	done, err := s.cycles.Enrol(ctx, r.CycleID, r.Body.PostIds)
	if err != nil {
		return nil, err
	}
	return server.EnrolPeople200JSONResponse(api.EnrolmentResult{Created: done.Created, Already: done.Already, Excluded: done.Excluded, WithoutReviewer: done.WithoutReviewer}), nil
}

func toCycle(c *cycle.Cycle) api.Cycle {
	return api.Cycle{ID: c.ID, Version: c.Version, Name: c.Name, StartsOn: toDate(c.StartsOn), EndsOn: toDate(c.EndsOn),
		PolicyVersionID: c.PolicyVersionID, Status: api.CycleStatus(c.Status), CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt}
}

func toEnrolment(e cycle.Enrolment, p cycle.Plan) api.Enrolment {
	out := api.Enrolment{PostID: e.PostID, Person: toCard(p.Cards[e.PersonID]), UnitID: e.UnitID, Included: e.Included,
		StaffGroup: nullable.NewNullNullable[api.Coded](), Reason: nullable.NewNullNullable[api.Coded](),
		UntilOn: nullDate(e.ReasonEnds), Reviewer: nullCard(nil), Already: e.AppraisalID != nil}
	if e.Group != nil {
		out.StaffGroup.Set(api.Coded{Code: e.Group.Code, Label: clip(e.Group.Label, 200)})
	}
	if e.Reason != nil {
		out.Reason.Set(api.Coded{Code: e.Reason.Code, Label: clip(e.Reason.Label, 200)})
	}
	if e.ReviewerID != nil {
		card := p.Cards[*e.ReviewerID]
		out.Reviewer = nullCard(&card)
	}
	return out
}
