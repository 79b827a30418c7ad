package httpapi

import (
	"bytes"
	"context"
	"net/http"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// GetDraftHandbook handles GET /v1/policies/{policy_id}/handbook.
func (s *Server) GetDraftHandbook(ctx context.Context, r server.GetDraftHandbookRequestObject) (server.GetDraftHandbookResponseObject, error) {
	q := r.Params
	h, err := s.policies.DraftHandbook(ctx, r.PolicyID, s.handbookQuery(ctx, q.UnitID, deref(q.StaffGroup), q.CycleID))
	if err != nil {
		return nil, err
	}
	if deref(q.Format) == api.GetDraftHandbookParamsFormatHTML {
		return pageOfHandbook(h)
	}
	return server.GetDraftHandbook200JSONResponse(toHandbook(h)), nil
}

// GetPolicyHandbook handles GET /v1/policy-versions/{policy_version_id}/handbook.
func (s *Server) GetPolicyHandbook(ctx context.Context, r server.GetPolicyHandbookRequestObject) (server.GetPolicyHandbookResponseObject, error) {
	q := r.Params
	h, err := s.policies.Handbook(ctx, r.PolicyVersionID, s.handbookQuery(ctx, q.UnitID, deref(q.StaffGroup), q.CycleID))
	if err != nil {
		return nil, err
	}
	if deref(q.Format) == api.GetPolicyHandbookParamsFormatHTML {
		return pageOfHandbook(h)
	}
	return server.GetPolicyHandbook200JSONResponse(toHandbook(h)), nil
}

func (s *Server) handbookQuery(ctx context.Context, unit *uuid.UUID, group string, cycle *uuid.UUID) policy.HandbookQuery {
	q := policy.HandbookQuery{UnitID: unit, StaffGroup: group}
	if cycle != nil {
		q.Dates = func(res *policy.Resolved) (map[string]schooltime.Date, error) {
			return s.cycles.DatesUnder(ctx, *cycle, unit, group, res)
		}
	}
	return q
}

// handbookPage is a handbook as a page. It may load nothing and run nothing; its styles stand in it.
type handbookPage []byte

func pageOfHandbook(h *policy.Handbook) (handbookPage, error) {
	var b bytes.Buffer
	err := h.WriteHTML(&b)
	return b.Bytes(), err
}

func (p handbookPage) write(w http.ResponseWriter) error {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox")
	w.WriteHeader(http.StatusOK)
	_, err := w.Write(p)
	return err
}

// VisitGetDraftHandbookResponse writes the page.
func (p handbookPage) VisitGetDraftHandbookResponse(w http.ResponseWriter) error { return p.write(w) }

// VisitGetPolicyHandbookResponse writes the page.
func (p handbookPage) VisitGetPolicyHandbookResponse(w http.ResponseWriter) error { return p.write(w) }

// The most that one text of a handbook holds.
const maxHandbookText = 20000

func toHandbook(h *policy.Handbook) api.Handbook {
	return api.Handbook{Title: clip(h.Title, 500), Subtitle: clip(h.Subtitle, 500), Sections: mapped(h.Sections, func(s policy.HandbookSection) api.HandbookSection {
		return api.HandbookSection{Code: s.Code, Title: clip(s.Title, 300), Blocks: mapped(s.Blocks, toHandbookBlock)}
	})}
}

func toHandbookBlock(b policy.HandbookBlock) api.HandbookBlock {
	cell := func(text string) string { return clip(text, maxHandbookText) }
	return api.HandbookBlock{Kind: api.HandbookBlockKind(b.Kind), Text: cell(b.Text), Items: mapped(b.Items, cell),
		Columns: mapped(b.Columns[:min(len(b.Columns), 20)], func(text string) string { return clip(text, 300) }),
		Rows:    mapped(b.Rows, func(row []string) []string { return mapped(row[:min(len(row), 20)], cell) }), Parameters: append([]string{}, b.Parameters...)}
}
