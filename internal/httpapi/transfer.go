package httpapi

import (
	"context"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/transfer"
)

// ListImports handles GET /v1/imports.
func (s *Server) ListImports(ctx context.Context, r server.ListImportsRequestObject) (server.ListImportsResponseObject, error) {
	list, err := s.transfer.Imports(ctx, pageOf(r.Params.Limit, r.Params.Cursor))
	if err != nil {
		return nil, err
	}
	return server.ListImports200JSONResponse{Body: api.ImportList{Items: mapped(list.Items, toImport), NextCursor: null(list.Next)}}, nil
}

// CreateImport handles POST /v1/imports.
func (s *Server) CreateImport(ctx context.Context, r server.CreateImportRequestObject) (server.CreateImportResponseObject, error) {
	i, err := s.transfer.Plan(ctx, r.Params.FileName, r.Body)
	if err != nil {
		return nil, err
	}
	return server.CreateImport201JSONResponse{Body: toImport(*i)}, nil
}

// GetImport handles GET /v1/imports/{import_id}.
func (s *Server) GetImport(ctx context.Context, r server.GetImportRequestObject) (server.GetImportResponseObject, error) {
	i, err := s.transfer.Import(ctx, r.ImportID)
	if err != nil {
		return nil, err
	}
	return server.GetImport200JSONResponse{Body: toImport(*i)}, nil
}

// ListImportRows handles GET /v1/imports/{import_id}/rows.
func (s *Server) ListImportRows(ctx context.Context, r server.ListImportRowsRequestObject) (server.ListImportRowsResponseObject, error) {
	q := r.Params
	list, err := s.transfer.Rows(ctx, r.ImportID, transfer.Action(deref(q.Action)), pageOf(q.Limit, q.Cursor))
	if err != nil {
		return nil, err
	}
	return server.ListImportRows200JSONResponse{Body: api.ImportRowList{Items: mapped(list.Items, toImportRow), NextCursor: null(list.Next)}}, nil
}

// ApplyImport handles POST /v1/imports/{import_id}/apply.
func (s *Server) ApplyImport(ctx context.Context, r server.ApplyImportRequestObject) (server.ApplyImportResponseObject, error) {
	i, err := s.transfer.Apply(ctx, r.ImportID, version(r.Params.IfMatch), deref(r.Body.AllowErrors))
	if err != nil {
		return nil, err
	}
	return server.ApplyImport200JSONResponse{Body: toImport(*i)}, nil
}

func toImport(i transfer.Import) api.Import {
	p := i.Plan
	if i.AppliedAt != nil {
		i.AppliedAt = new(moment(*i.AppliedAt))
	}
	return api.Import{ID: i.ID, Version: i.Version, Kind: api.ImportKind(i.Kind), FileName: null(i.FileName), State: api.ImportState(i.State),
		Summary:       api.ImportSummary{Rows: p.Summary.Rows, New: p.Summary.New, Changed: p.Summary.Changed, Unchanged: p.Summary.Unchanged, Errors: p.Summary.Errors},
		Columns:       mapped(p.Columns, toImportColumn),
		UnitsToCreate: p.Units, Warnings: mapped(p.Warnings, toImportProblem), CreatedBy: i.CreatedBy, CreatedAt: moment(i.CreatedAt), AppliedAt: null(i.AppliedAt)}
}

func toImportColumn(c transfer.Column) api.ImportColumn {
	return api.ImportColumn{Column: c.Index, Header: c.Header, Field: nullText(c.Field), Note: nullText(c.Note)}
}

func toImportRow(r transfer.Row) api.ImportRow {
	return api.ImportRow{N: r.N, Line: r.Line, Action: api.ImportRowAction(r.Action), PersonID: null(r.PersonID), Changes: r.Changes, Problems: mapped(r.Problems, toImportProblem)}
}

func toImportProblem(p transfer.Problem) api.ImportProblem {
	return api.ImportProblem{Line: p.Line, Column: p.Column, Header: p.Header, Field: p.Field, Code: p.Code, Message: p.Message, Warning: p.Warning}
}
