package httpapi

import (
	"context"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/report"
)

// ListCorrections handles GET /v1/appraisals/{appraisal_id}/corrections.
func (s *Server) ListCorrections(ctx context.Context, r server.ListCorrectionsRequestObject) (server.ListCorrectionsResponseObject, error) {
	c, list, err := s.corrections.List(ctx, r.AppraisalID, pageOf(r.Params.Limit, r.Params.Cursor))
	if err != nil {
		return nil, err
	}
	return server.ListCorrections200JSONResponse{Body: api.CorrectionList{Items: mapped(list.Items, toCorrection), NextCursor: null(list.Next),
		AllowedActions: toActions(appraisal.Allowed(c, c, []appraisal.Act[*appraisal.Case]{report.Requesting}))}}, nil
}

// RequestCorrection handles POST /v1/appraisals/{appraisal_id}/corrections.
func (s *Server) RequestCorrection(ctx context.Context, r server.RequestCorrectionRequestObject) (server.RequestCorrectionResponseObject, error) {
	b := r.Body
	m, err := s.corrections.Request(ctx, r.AppraisalID, report.Request{Part: b.Part, Section: deref(b.Section), ObjectiveID: b.ObjectiveID, Text: b.Text, Reason: b.Reason})
	if err != nil {
		return nil, err
	}
	at := "/v1/corrections/" + m.ID.String()
	return server.RequestCorrection201JSONResponse{Body: toCorrection(m), Headers: server.RequestCorrection201ResponseHeaders{Location: &at}}, nil
}

// GetCorrection handles GET /v1/corrections/{correction_id}.
func (s *Server) GetCorrection(ctx context.Context, r server.GetCorrectionRequestObject) (server.GetCorrectionResponseObject, error) {
	m, err := s.corrections.Get(ctx, r.CorrectionID)
	if err != nil {
		return nil, err
	}
	return server.GetCorrection200JSONResponse{Body: toCorrection(m)}, nil
}

// DecideCorrection handles POST /v1/corrections/{correction_id}/decide.
func (s *Server) DecideCorrection(ctx context.Context, r server.DecideCorrectionRequestObject) (server.DecideCorrectionResponseObject, error) {
	m, err := s.corrections.Decide(ctx, r.CorrectionID, version(r.Params.IfMatch), r.Body.Result == api.DecideCorrectionResultAccepted, deref(r.Body.Text), deref(r.Body.Reason))
	if err != nil {
		return nil, err
	}
	return server.DecideCorrection200JSONResponse{Body: toCorrection(m)}, nil
}

// DisagreeWithRefusal handles POST /v1/corrections/{correction_id}/disagree.
func (s *Server) DisagreeWithRefusal(ctx context.Context, r server.DisagreeWithRefusalRequestObject) (server.DisagreeWithRefusalResponseObject, error) {
	m, err := s.corrections.Disagree(ctx, r.CorrectionID, version(r.Params.IfMatch), r.Body.Text)
	if err != nil {
		return nil, err
	}
	return server.DisagreeWithRefusal200JSONResponse{Body: toCorrection(m)}, nil
}

func toCorrection(m *report.Matter) api.Correction {
	return api.Correction{ID: m.ID, Version: m.Version, AppraisalID: m.AppraisalID, Part: m.Part, Section: null(m.Section), ObjectiveID: null(m.ObjectiveID), Status: api.CorrectionStatus(m.Status),
		Text: m.Text, Reason: m.Reason, RequestedBy: m.RequestedBy, RequestedOn: toDate(m.RequestedOn), Corrected: null(m.Corrected), DecisionReason: null(m.DecisionReason),
		DecidedBy: null(m.DecidedBy), DecidedOn: nullDate(m.DecidedOn), Disagreement: null(m.Disagreement), DisagreedOn: nullDate(m.DisagreedOn),
		AllowedActions: toActions(appraisal.Allowed(m.Case, m, report.Acts))}
}
