package httpapi

import (
	"cmp"
	"context"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/plan"
)

// ListPriorities handles GET /v1/priorities.
func (s *Server) ListPriorities(ctx context.Context, r server.ListPrioritiesRequestObject) (server.ListPrioritiesResponseObject, error) {
	q := r.Params
	list, err := s.plan.Priorities(ctx, plan.PriorityFilter{UnitID: q.UnitID, ParentID: q.ParentID, Archived: deref(q.Archived)}, pageOf(q.Limit, q.Cursor))
	if err != nil {
		return nil, err
	}
	return server.ListPriorities200JSONResponse{Body: api.PriorityList{Items: mapped(list.Items, toPriority), NextCursor: null(list.Next)}}, nil
}

// CreatePriority handles POST /v1/priorities.
func (s *Server) CreatePriority(ctx context.Context, r server.CreatePriorityRequestObject) (server.CreatePriorityResponseObject, error) {
	b := r.Body
	p, err := s.plan.AddPriority(ctx, plan.Priority{ParentID: b.ParentID, UnitID: b.UnitID, Code: b.Code, Title: b.Title}, plan.Level(deref(b.Level)))
	if err != nil {
		return nil, err
	}
	return server.CreatePriority201JSONResponse{Body: toPriority(*p)}, nil
}

// UpdatePriority handles PATCH /v1/priorities/{priority_id}.
func (s *Server) UpdatePriority(ctx context.Context, r server.UpdatePriorityRequestObject) (server.UpdatePriorityResponseObject, error) {
	b := cmp.Or(r.JSONBody, r.ApplicationMergePatchPlusJSONBody)
	p, err := s.plan.ChangePriority(ctx, r.PriorityID, version(r.Params.IfMatch), plan.PriorityChange{Code: b.Code, Title: b.Title})
	if err != nil {
		return nil, err
	}
	return server.UpdatePriority200JSONResponse{Body: toPriority(*p)}, nil
}

// ArchivePriority handles POST /v1/priorities/{priority_id}/archive.
func (s *Server) ArchivePriority(ctx context.Context, r server.ArchivePriorityRequestObject) (server.ArchivePriorityResponseObject, error) {
	p, err := s.plan.ArchivePriority(ctx, r.PriorityID, version(r.Params.IfMatch))
	if err != nil {
		return nil, err
	}
	return server.ArchivePriority200JSONResponse{Body: toPriority(*p)}, nil
}

// ListObjectiveTemplates handles GET /v1/objective-templates.
func (s *Server) ListObjectiveTemplates(ctx context.Context, r server.ListObjectiveTemplatesRequestObject) (server.ListObjectiveTemplatesResponseObject, error) {
	q := r.Params
	list, err := s.plan.Templates(ctx, plan.TemplateFilter{Slot: deref(q.Slot), Archived: deref(q.Archived)}, pageOf(q.Limit, q.Cursor))
	if err != nil {
		return nil, err
	}
	return server.ListObjectiveTemplates200JSONResponse{Body: toTemplates(list)}, nil
}

// CreateObjectiveTemplate handles POST /v1/objective-templates.
func (s *Server) CreateObjectiveTemplate(ctx context.Context, r server.CreateObjectiveTemplateRequestObject) (server.CreateObjectiveTemplateResponseObject, error) {
	b := r.Body
	t, err := s.plan.AddTemplate(ctx, plan.Template{Slot: b.Slot, Title: b.Title, Text: b.Text, Criteria: fromItems(b.Criteria), Actions: fromItems(b.Actions)})
	if err != nil {
		return nil, err
	}
	return server.CreateObjectiveTemplate201JSONResponse{Body: toTemplate(*t)}, nil
}

// UpdateObjectiveTemplate handles PATCH /v1/objective-templates/{template_id}.
func (s *Server) UpdateObjectiveTemplate(ctx context.Context, r server.UpdateObjectiveTemplateRequestObject) (server.UpdateObjectiveTemplateResponseObject, error) {
	b := cmp.Or(r.JSONBody, r.ApplicationMergePatchPlusJSONBody)
	t, err := s.plan.ChangeTemplate(ctx, r.TemplateID, version(r.Params.IfMatch), plan.TemplateChange{Title: b.Title, Text: b.Text,
		Criteria: fromItems(b.Criteria), Actions: fromItems(b.Actions), Archived: b.Archived})
	if err != nil {
		return nil, err
	}
	return server.UpdateObjectiveTemplate200JSONResponse{Body: toTemplate(*t)}, nil
}

func toPriority(p plan.Priority) api.Priority {
	return api.Priority{ID: p.ID, Version: p.Version, ParentID: null(p.ParentID), UnitID: null(p.UnitID), Level: api.PriorityLevel(p.Level()), Code: p.Code, Title: p.Title,
		Archived: p.Archived, CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt}
}

func toTemplate(t plan.Template) api.ObjectiveTemplate {
	line := func(l plan.Line) api.Item { return api.Item{Text: l.Text} }
	return api.ObjectiveTemplate{ID: t.ID, Version: t.Version, Slot: t.Slot, Title: t.Title, Text: t.Text, Criteria: mapped(t.Criteria, line),
		Actions: mapped(t.Actions, line), Archived: t.Archived, CreatedAt: t.CreatedAt, UpdatedAt: t.UpdatedAt}
}

func toTemplates(list page.Page[plan.Template]) api.ObjectiveTemplateList {
	return api.ObjectiveTemplateList{Items: mapped(list.Items, toTemplate), NextCursor: null(list.Next)}
}

// fromItems keeps apart a list that was not given, which is nil, and an empty one.
func fromItems(items []api.Item) []plan.Line {
	if items == nil {
		return nil
	}
	return mapped(items, func(i api.Item) plan.Line { return plan.Line{Text: i.Text} })
}
