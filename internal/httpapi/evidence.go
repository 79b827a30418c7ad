package httpapi

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"mime"
	"strconv"
	"strings"

	"github.com/oapi-codegen/nullable"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/evidence"
	"github.com/perennial-api/perennial/internal/policy"
)

// ListEvidence handles GET /v1/appraisals/{appraisal_id}/evidence.
func (s *Server) ListEvidence(ctx context.Context, r server.ListEvidenceRequestObject) (server.ListEvidenceResponseObject, error) {
	q := r.Params
	f := evidence.Filter{SubjectKind: string(deref(q.SubjectKind)), SubjectID: q.SubjectID}
	list, err := s.evidence.List(ctx, r.AppraisalID, f, pageOf(q.Limit, q.Cursor))
	if err != nil {
		return nil, err
	}
	return server.ListEvidence200JSONResponse{Body: api.EvidenceList{Items: mapped(list.Page.Items, toEvidenceItem), NextCursor: null(list.Next),
		Guide: toEvidenceGuide(list.Case.Rules().Evidence), AllowedActions: toActions(appraisal.Allowed(list.Case, list.Place, evidence.Additions))}}, nil
}

// AddEvidence handles POST /v1/appraisals/{appraisal_id}/evidence.
func (s *Server) AddEvidence(ctx context.Context, r server.AddEvidenceRequestObject) (server.AddEvidenceResponseObject, error) {
	b := r.Body
	a, err := s.evidence.Add(ctx, r.AppraisalID, evidence.Draft{Kind: b.Kind, Title: b.Title, URL: b.URL, Text: b.Text,
		Subject: evidence.Subject{Kind: string(b.SubjectKind), ID: b.SubjectID, Statement: deref(b.Statement)}})
	if err != nil {
		return nil, err
	}
	at := evidenceAddress(a)
	return server.AddEvidence201JSONResponse{Body: toEvidence(a), Headers: server.AddEvidence201ResponseHeaders{Location: &at}}, nil
}

// UploadEvidence handles POST /v1/appraisals/{appraisal_id}/evidence/documents.
func (s *Server) UploadEvidence(ctx context.Context, r server.UploadEvidenceRequestObject) (server.UploadEvidenceResponseObject, error) {
	draft, file, err := s.readUpload(r.Body)
	if err != nil {
		return nil, err
	}
	a, err := s.evidence.Upload(ctx, r.AppraisalID, draft, file.FileName(), last{r.Body, file})
	if err != nil {
		return nil, err
	}
	at := evidenceAddress(a)
	return server.UploadEvidence201JSONResponse{Body: toEvidence(a), Headers: server.UploadEvidence201ResponseHeaders{Location: &at}}, nil
}

// evidenceAddress is where a piece is, which is not below the appraisal to which it was added.
func evidenceAddress(a *evidence.Aggregate) string { return "/v1/evidence/" + a.ID.String() }

// GetEvidence handles GET /v1/evidence/{evidence_id}.
func (s *Server) GetEvidence(ctx context.Context, r server.GetEvidenceRequestObject) (server.GetEvidenceResponseObject, error) {
	a, err := s.evidence.Get(ctx, r.EvidenceID)
	if err != nil {
		return nil, err
	}
	return server.GetEvidence200JSONResponse{Body: toEvidence(a)}, nil
}

// RemoveEvidence handles DELETE /v1/evidence/{evidence_id}.
func (s *Server) RemoveEvidence(ctx context.Context, r server.RemoveEvidenceRequestObject) (server.RemoveEvidenceResponseObject, error) {
	if err := s.evidence.Remove(ctx, r.EvidenceID, version(r.Params.IfMatch)); err != nil {
		return nil, err
	}
	return server.RemoveEvidence204Response{}, nil
}

// DownloadEvidence handles GET /v1/evidence/{evidence_id}/content.
func (s *Server) DownloadEvidence(ctx context.Context, r server.DownloadEvidenceRequestObject) (server.DownloadEvidenceResponseObject, error) {
	a, content, err := s.evidence.Download(ctx, r.EvidenceID)
	if err != nil {
		return nil, err
	}
	sum, err := hex.DecodeString(*a.SHA256)
	if err != nil {
		return nil, err
	}
	tag, digest := strconv.Quote(*a.SHA256), "sha-256=:"+base64.StdEncoding.EncodeToString(sum)+":"
	name, sandbox := attachment(*a.FileName), "sandbox; default-src 'none'"
	return server.DownloadEvidence200ApplicationOctetStreamResponse{Body: content, ContentLength: *a.Bytes,
		Headers: server.DownloadEvidence200ResponseHeaders{ETag: &tag, ContentDisposition: &name, ContentSecurityPolicy: &sandbox, ReprDigest: &digest}}, nil
}

// attachment offers a file for saving under its name (RFC 6266): in ASCII for everybody, and in full
// where it has more (RFC 5987).
func attachment(name string) string {
	plain := strings.Map(func(r rune) rune {
		if r < 0x20 || r > 0x7e || r == '"' || r == '\\' {
			return '_'
		}
		return r
	}, name)
	out := mime.FormatMediaType("attachment", map[string]string{"filename": plain})
	if plain != name {
		out += "; " + strings.TrimPrefix(mime.FormatMediaType("attachment", map[string]string{"filename": name}), "attachment; ")
	}
	return out
}

// toEvidenceItem is a piece in a list, without what it says.
func toEvidenceItem(a *evidence.Aggregate) api.Evidence {
	out := api.Evidence{ID: a.ID, Version: a.Version, AppraisalID: a.AppraisalID,
		Subject: api.EvidenceSubject{Kind: api.EvidenceSubjectKind(a.SubjectKind), ID: a.SubjectID, Statement: null(a.Statement)},
		Kind:    api.Coded{Code: a.Kind, Label: a.Label()}, Form: api.EvidenceForm(a.Form), Title: a.Title,
		URL: nullable.NewNullNullable[string](), Text: nullable.NewNullNullable[string](), Document: nullable.NewNullNullable[api.EvidenceDocument](),
		AddedBy: a.AddedBy, AddedOn: toDate(a.AddedOn), AllowedActions: toActions(appraisal.Allowed(a.Case, a, evidence.Acts)), CreatedAt: a.CreatedAt, UpdatedAt: a.UpdatedAt}
	if a.BlobKey != nil {
		out.Document = nullable.NewNullableWithValue(api.EvidenceDocument{FileName: *a.FileName, MediaType: *a.MediaType, Bytes: int(*a.Bytes), Sha256: *a.SHA256})
	}
	return out
}

func toEvidence(a *evidence.Aggregate) api.Evidence {
	out := toEvidenceItem(a)
	out.URL, out.Text = null(a.URL), null(a.Text)
	return out
}

func toEvidenceGuide(r policy.EvidenceRules) api.EvidenceGuide {
	return api.EvidenceGuide{Expectation: api.EvidenceGuideExpectation(r.Expectation), MaxMb: r.MaxMB, MaxItems: r.MaxItems,
		Kinds: mapped(r.Kinds, func(k policy.EvidenceKind) api.EvidenceKind {
			return api.EvidenceKind{Code: k.Code, Label: k.Label, Form: api.EvidenceKindForm(k.Form)}
		})}
}
