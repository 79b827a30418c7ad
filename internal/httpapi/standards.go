package httpapi

import (
	"context"

	"github.com/oapi-codegen/nullable"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/standards"
)

// ListFrameworks handles GET /v1/frameworks.
func (s *Server) ListFrameworks(ctx context.Context, r server.ListFrameworksRequestObject) (server.ListFrameworksResponseObject, error) {
	q := r.Params
	list, err := s.standards.List(ctx, standards.Filter{Kind: standards.Kind(deref(q.Kind)), UnitID: q.UnitID}, pageOf(q.Limit, q.Cursor))
	if err != nil {
		return nil, err
	}
	return server.ListFrameworks200JSONResponse{Body: api.FrameworkList{Items: mapped(list.Items, toFrameworkItem), NextCursor: null(list.Next)}}, nil
}

// CreateFramework handles POST /v1/frameworks.
func (s *Server) CreateFramework(ctx context.Context, r server.CreateFrameworkRequestObject) (server.CreateFrameworkResponseObject, error) {
	b := r.Body
	a, err := s.standards.Create(ctx, b.UnitID, b.Code, standards.Draft{Label: b.Label, Summary: deref(b.Summary), Statements: mapped(b.Statements, fromStatement)})
	if err != nil {
		return nil, err
	}
	return server.CreateFramework201JSONResponse{Body: toFramework(a)}, nil
}

// GetFramework handles GET /v1/frameworks/{framework_id}.
func (s *Server) GetFramework(ctx context.Context, r server.GetFrameworkRequestObject) (server.GetFrameworkResponseObject, error) {
	a, err := s.standards.Get(ctx, r.FrameworkID)
	if err != nil {
		return nil, err
	}
	return server.GetFramework200JSONResponse{Body: toFramework(a)}, nil
}

// UpdateFramework handles PUT /v1/frameworks/{framework_id}.
func (s *Server) UpdateFramework(ctx context.Context, r server.UpdateFrameworkRequestObject) (server.UpdateFrameworkResponseObject, error) {
	b := r.Body
	a, err := s.standards.Update(ctx, r.FrameworkID, version(r.Params.IfMatch), standards.Draft{Label: b.Label, Summary: b.Summary, Statements: mapped(b.Statements, fromStatement)})
	if err != nil {
		return nil, err
	}
	return server.UpdateFramework200JSONResponse{Body: toFramework(a)}, nil
}

// PublishFramework handles POST /v1/frameworks/{framework_id}/publish.
func (s *Server) PublishFramework(ctx context.Context, r server.PublishFrameworkRequestObject) (server.PublishFrameworkResponseObject, error) {
	a, err := s.standards.Publish(ctx, r.FrameworkID, version(r.Params.IfMatch))
	if err != nil {
		return nil, err
	}
	return server.PublishFramework200JSONResponse{Body: toFramework(a)}, nil
}

// GetFrameworkVersion handles GET /v1/framework-versions/{framework_version_id}.
func (s *Server) GetFrameworkVersion(ctx context.Context, r server.GetFrameworkVersionRequestObject) (server.GetFrameworkVersionResponseObject, error) {
	a, err := s.standards.GetVersion(ctx, r.FrameworkVersionID)
	if err != nil {
		return nil, err
	}
	v := a.Version(r.FrameworkVersionID)
	return server.GetFrameworkVersion200JSONResponse{ID: v.ID, FrameworkID: a.ID, Code: a.Code, Label: a.Label, Number: v.Number,
		PublishedOn: toDate(v.PublishedOn), Statements: mapped(v.Statements, toStatement)}, nil
}

// toFrameworkItem is a framework in a list, without its statements.
func toFrameworkItem(a *standards.Aggregate) api.Framework {
	out := api.Framework{ID: a.ID, Version: a.Framework.Version, Code: a.Code, Label: a.Label, Summary: a.Summary, Kind: api.FrameworkKind(a.Kind),
		UnitID: null(a.UnitID), Jurisdiction: nullText(a.Jurisdiction), SupersededBy: nullText(a.SupersededBy),
		NewestVersion: nullable.NewNullNullable[api.FrameworkVersionRef](), Versions: []api.FrameworkVersionRef{},
		Statements: nullable.NewNullNullable[[]api.FrameworkStatement](), Draft: nullable.NewNullNullable[[]api.FrameworkStatement](),
		AllowedActions: toActions(a.Actions()), CreatedAt: nullable.NewNullNullable[nullTime](), UpdatedAt: nullable.NewNullNullable[nullTime]()}
	if v := a.Newest(); v != nil {
		out.NewestVersion = nullable.NewNullableWithValue(toVersionRef(*v))
	}
	if a.Kind != standards.BuiltIn {
		out.CreatedAt, out.UpdatedAt = nullable.NewNullableWithValue(a.CreatedAt), nullable.NewNullableWithValue(a.UpdatedAt)
	}
	return out
}

// toFramework is a framework as a whole, its draft only for whoever may change it.
func toFramework(a *standards.Aggregate) api.Framework {
	out := toFrameworkItem(a)
	out.Versions = mapped(a.Versions, toVersionRef)
	if v := a.Newest(); v != nil {
		out.Statements = nullable.NewNullableWithValue(mapped(v.Statements, toStatement))
	}
	if a.MayChange {
		out.Draft = nullable.NewNullableWithValue(mapped(a.Framework.Statements, toStatement))
	}
	return out
}

func toVersionRef(p standards.Published) api.FrameworkVersionRef {
	return api.FrameworkVersionRef{ID: p.ID, Number: p.Number, PublishedOn: toDate(p.PublishedOn)}
}

func toStatement(s standards.Statement) api.FrameworkStatement {
	return api.FrameworkStatement{Code: s.Code, Group: s.Group, Label: s.Label}
}

func fromStatement(s api.FrameworkStatement) standards.Statement {
	return standards.Statement{Code: s.Code, Group: s.Group, Label: s.Label}
}
