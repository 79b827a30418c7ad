package httpapi_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"mime/multipart"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// portfolio is Ada's year, with an objective on which evidence hangs.
type portfolio struct {
	*apitest.Process
	appraisal, objective uuid.UUID
}

func newPortfolio(t testing.TB, rules map[string]any) *portfolio {
	t.Helper()
	if rules == nil {
		rules = map[string]any{}
	}
	return portfolioOf(apitest.NewProcess(t, apitest.ProcessSetup{Document: map[string]any{"schema": 1, "profile": "model", "rules": rules}}))
}

func portfolioOf(p *apitest.Process) *portfolio {
	a := p.Appraisal("ada").ID
	o, err := p.As("ada").CreateObjectiveWithResponse(p.T.Context(), nil, api.CreateObjective{AppraisalID: a, Slot: "growth", Content: api.ObjectiveContent{Title: "Coaching", Text: "Coach a colleague.", Criteria: []api.Item{{Text: "Six lessons are seen."}}}})
	apitest.OK(p.T, o, err)
	return &portfolio{p, a, o.JSON201.ID}
}

func (p *portfolio) note() api.AddEvidence {
	return api.AddEvidence{SubjectKind: "objective", SubjectID: p.objective, Kind: "note", Title: "A lesson", Text: ptr("The readers of year 7 gained nine months.")}
}

func (p *portfolio) add(who string, body api.AddEvidence) (*client.AddEvidenceResponse, error) {
	return p.As(who).AddEvidenceWithResponse(p.T.Context(), p.appraisal, nil, body)
}

func (p *portfolio) added(who string, body api.AddEvidence) api.Evidence {
	p.T.Helper()
	r, err := p.add(who, body)
	apitest.OK(p.T, r, err)
	return *r.JSON201
}

func (p *portfolio) listed(who string) api.EvidenceList {
	p.T.Helper()
	r, err := p.As(who).ListEvidenceWithResponse(p.T.Context(), p.appraisal, &api.ListEvidenceParams{SubjectID: &p.objective})
	apitest.OK(p.T, r, err)
	return *r.JSON200
}

func (p *portfolio) read(who string, id uuid.UUID) (*client.GetEvidenceResponse, error) {
	return p.As(who).GetEvidenceWithResponse(p.T.Context(), id)
}

func (p *portfolio) remove(who string, id uuid.UUID, version int) (*client.RemoveEvidenceResponse, error) {
	return p.As(who).RemoveEvidenceWithResponse(p.T.Context(), id, &api.RemoveEvidenceParams{IfMatch: etag(version)})
}

// part is one part of a form; a file where it has a name.
type part struct{ field, value, file string }

// fields are those of a document on the objective.
func (p *portfolio) fields() []part {
	return []part{{field: "subject_kind", value: "objective"}, {field: "subject_id", value: p.objective.String()}, {field: "kind", value: "document"}, {field: "title", value: "Reading ages"}}
}

func form(t testing.TB, parts ...part) (contentType string, body *bytes.Buffer) {
	t.Helper()
	body = &bytes.Buffer{}
	w := multipart.NewWriter(body)
	for _, each := range parts {
		var err error
		var to io.Writer
		if each.field == "file" {
			to, err = w.CreateFormFile("file", each.file)
		} else {
			to, err = w.CreateFormField(each.field)
		}
		require.NoError(t, err)
		_, err = io.WriteString(to, each.value)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return w.FormDataContentType(), body
}

func (p *portfolio) send(who string, parts ...part) (*client.UploadEvidenceResponse, error) {
	p.T.Helper()
	ct, body := form(p.T, parts...)
	return p.As(who).UploadEvidenceWithBodyWithResponse(p.T.Context(), p.appraisal, ct, body)
}

func (p *portfolio) upload(who, name, content string) (*client.UploadEvidenceResponse, error) {
	p.T.Helper()
	return p.send(who, append(p.fields(), part{"file", content, name})...)
}

func (p *portfolio) uploaded(who, name, content string) api.Evidence {
	p.T.Helper()
	r, err := p.upload(who, name, content)
	apitest.OK(p.T, r, err)
	return *r.JSON201
}

func (p *portfolio) download(who string, id uuid.UUID) (*client.DownloadEvidenceResponse, error) {
	return p.As(who).DownloadEvidenceWithResponse(p.T.Context(), id)
}

const smallPDF = "%PDF-1.7\nReading ages of year 7.\n%%EOF\n"

// blobs lists the documents that are kept for the trust.
func (p *portfolio) blobs() []string {
	p.T.Helper()
	var keys []string
	require.NoError(p.T, p.Stack.Blobs.Each(p.T.Context(), p.Trust, func(key string, _ time.Time) error { keys = append(keys, key); return nil }))
	return keys
}

// trail lists what was done with a piece of evidence, newest first.
func (p *portfolio) trail(id uuid.UUID) []string {
	p.T.Helper()
	r, err := p.As("hr").ListAuditEventsWithResponse(p.T.Context(), &api.ListAuditEventsParams{SubjectID: &id})
	apitest.OK(p.T, r, err)
	var types []string
	for _, e := range r.JSON200.Items {
		types = append(types, e.Type)
	}
	return types
}

// beginYearEnd does the first step of the outcome chain.
func (p *portfolio) beginYearEnd() {
	p.T.Helper()
	p.On("2027-06-30")
	steps, err := p.As("ada").ListStepsWithResponse(p.T.Context(), p.appraisal)
	apitest.OK(p.T, steps, err)
	step := steps.JSON200.Items[0].Step
	s, err := p.As("ada").GetStepWithResponse(p.T.Context(), p.appraisal, step)
	apitest.OK(p.T, s, err)
	answers := map[string]any{}
	for _, section := range s.JSON200.Form.MustGet().Sections {
		if section.Required {
			answers[section.Code] = "It went well."
		}
		if !section.Per.IsNull() {
			answers[section.Code] = map[string]any{} // none is agreed
		}
	}
	saved, err := p.As("ada").SaveStepWithResponse(p.T.Context(), p.appraisal, step, &api.SaveStepParams{IfMatch: s.HTTPResponse.Header.Get("ETag")}, api.SaveStep{Answers: answers})
	apitest.OK(p.T, saved, err)
	done, err := p.As("ada").CompleteStepWithResponse(p.T.Context(), p.appraisal, step, &api.CompleteStepParams{IfMatch: saved.HTTPResponse.Header.Get("ETag")}, api.CompleteStep{})
	apitest.OK(p.T, done, err)
}

func sum(content string) string {
	s := sha256.Sum256([]byte(content))
	return hex.EncodeToString(s[:])
}
