package httpapi_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
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

func TestEvidenceIsAddedByTheTwoAndReadByWhoReadsTheRecord(t *testing.T) {
	t.Parallel()
	p := newPortfolio(t, nil)
	note := p.added("ada", p.note())
	require.Equal(t, "note", string(note.Form))
	require.Equal(t, p.As("ada").ID, note.AddedBy)
	link := p.added("ben", api.AddEvidence{SubjectKind: "objective", SubjectID: p.objective, Kind: "link", Title: "Slides", URL: ptr("https://drive.trust.example/slides")})
	require.Equal(t, "https://drive.trust.example/slides", link.URL.MustGet())

	for _, who := range []string{"ada", "ben", "cho", "hr"} {
		list := p.listed(who)
		require.Len(t, list.Items, 2, who)
		require.Equal(t, []uuid.UUID{note.ID, link.ID}, []uuid.UUID{list.Items[0].ID, list.Items[1].ID})
		require.True(t, list.Items[0].Text.IsNull(), "lists hold no text")
		one, err := p.read(who, note.ID)
		apitest.OK(t, one, err)
		require.Equal(t, "The readers of year 7 gained nine months.", one.JSON200.Text.MustGet())
	}
	other, err := p.read("dov", note.ID)
	apitest.Refused(t, other, err, 404, "not_found")
	none, err := p.As("dov").ListEvidenceWithResponse(t.Context(), p.appraisal, nil)
	apitest.Refused(t, none, err, 404, "not_found")
	head, err := p.add("cho", p.note())
	apitest.Refused(t, head, err, 403, "out_of_reach")
	elsewhere, err := apitest.NewWorld(t, "2026-09-01").HR.GetEvidenceWithResponse(t.Context(), note.ID)
	apitest.Refused(t, elsewhere, err, 404, "not_found")

	d, err := p.As("ada").ListDisclosuresWithResponse(t.Context(), nil)
	apitest.OK(t, d, err)
	readers := map[uuid.UUID]bool{}
	for _, x := range d.JSON200.Items {
		if x.SubjectKind == "evidence" && x.SubjectID == note.ID {
			readers[x.Reader.ID] = true
		}
	}
	require.Equal(t, map[uuid.UUID]bool{p.As("cho").ID: true, p.As("hr").ID: true}, readers, "the head and HR have left a disclosure, the two have not")
}

func TestEvidenceThatFitsNoKindOrRecordIsRefused(t *testing.T) {
	t.Parallel()
	p := newPortfolio(t, nil)
	for name, c := range map[string]struct {
		change func(*api.AddEvidence)
		code   string
	}{
		"a kind that the trust has not":  {func(b *api.AddEvidence) { b.Kind = "video" }, "no_such_kind"},
		"a document without a file":      {func(b *api.AddEvidence) { b.Kind = "document" }, "wrong_form"},
		"a link without an address":      {func(b *api.AddEvidence) { b.Kind = "link" }, "link_needs_url"},
		"a link to a script":             {func(b *api.AddEvidence) { b.Kind, b.Text, b.URL = "link", nil, ptr("javascript:alert(1)") }, "bad_url"},
		"a link with a password":         {func(b *api.AddEvidence) { b.Kind, b.Text, b.URL = "link", nil, ptr("https://a:b@drive.example/x") }, "bad_url"},
		"a note without a text":          {func(b *api.AddEvidence) { b.Text = ptr("  ") }, "note_needs_text"},
		"no title":                       {func(b *api.AddEvidence) { b.Title = "  " }, "required"},
		"an objective that is not there": {func(b *api.AddEvidence) { b.SubjectID = uuid.New() }, "unknown_subject"},
		"an objective as a meeting":      {func(b *api.AddEvidence) { b.SubjectKind = "meeting" }, "unknown_subject"},
		"a statement of an objective":    {func(b *api.AddEvidence) { b.Statement = ptr("1.a") }, "statement_of_self_assessment"},
		"a body too long":                {func(b *api.AddEvidence) { b.Title = strings.Repeat("x", 201) }, "invalid_request"},
	} {
		body := p.note()
		c.change(&body)
		r, err := p.add("ada", body)
		refused := apitest.Refused(t, r, err, 422, c.code)
		if c.code == "no_such_kind" {
			require.Equal(t, "evidence.kinds", refused.Refusals[0].Policy.MustGet().Parameter, name)
		}
	}
	require.Empty(t, p.listed("ada").Items)
}

func TestWhoAddedEvidenceRemovesItUntilTheYearEndBegins(t *testing.T) {
	t.Parallel()
	p := newPortfolio(t, nil)
	doc := p.uploaded("ada", "readers.pdf", smallPDF)
	require.True(t, doc.AllowedActions[0].Allowed)
	require.Len(t, p.blobs(), 1)

	r, err := p.remove("ben", doc.ID, doc.Version)
	apitest.Refused(t, r, err, 403, "not_your_act")
	r, err = p.remove("dov", doc.ID, doc.Version)
	apitest.Refused(t, r, err, 404, "not_found")
	r, err = p.remove("ada", doc.ID, doc.Version+1)
	apitest.Refused(t, r, err, 412, "stale_version")
	r, err = p.remove("ada", doc.ID, doc.Version)
	apitest.OK(t, r, err)
	require.Empty(t, p.blobs(), "the file is deleted")
	require.Empty(t, p.listed("ben").Items)
	gone, err := p.download("ada", doc.ID)
	apitest.Refused(t, gone, err, 404, "not_found")
	require.Equal(t, []string{"evidence.removed", "evidence.added"}, p.trail(doc.ID))

	kept := p.added("ada", p.note())
	p.beginYearEnd()
	r, err = p.remove("ada", kept.ID, kept.Version)
	apitest.Refused(t, r, err, 409, "year_end_begun")
	more, err := p.add("ada", p.note())
	apitest.OK(t, more, err)
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

func TestEvidenceOnADraftedMeetingIsSeenWithItsRecord(t *testing.T) {
	t.Parallel()
	p := newPortfolio(t, map[string]any{"meetings": map[string]any{"draft_visible": false}})
	m, err := p.As("ben").ScheduleMeetingWithResponse(t.Context(), nil, api.ScheduleMeeting{AppraisalID: p.appraisal, PlanCode: "mid_year", ScheduledAt: time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)})
	apitest.OK(t, m, err)
	body := api.AddEvidence{SubjectKind: "meeting", SubjectID: m.JSON201.ID, Kind: "note", Title: "What I saw", Text: ptr("Three lessons.")}
	bens := p.added("ben", body)
	adas := p.added("ada", body)
	f := m.JSON201.Form.MustGet()
	answers := map[string]any{}
	for _, s := range f.Sections {
		if s.Required {
			answers[s.Code] = "We spoke."
		}
	}
	saved, err := p.As("ben").SaveMeetingWithResponse(t.Context(), m.JSON201.ID, &api.SaveMeetingParams{IfMatch: m.HTTPResponse.Header.Get("ETag")}, api.SaveMeeting{HeldOn: ptr(apitest.Day("2026-09-01")), Answers: answers})
	apitest.OK(t, saved, err)

	seen := func(who string, id uuid.UUID) int {
		r, err := p.read(who, id)
		require.NoError(t, err)
		list, err := p.As(who).ListEvidenceWithResponse(t.Context(), p.appraisal, &api.ListEvidenceParams{SubjectKind: ptr(api.ListEvidenceParamsSubjectKind("meeting"))})
		apitest.OK(t, list, err)
		listed := false
		for _, e := range list.JSON200.Items {
			listed = listed || e.ID == id
		}
		require.Equal(t, r.StatusCode() == 200, listed, "list and read agree")
		return r.StatusCode()
	}
	require.Equal(t, []int{200, 404, 404, 404}, []int{seen("ben", bens.ID), seen("ada", bens.ID), seen("cho", bens.ID), seen("hr", bens.ID)}, "what the drafter added")
	require.Equal(t, []int{200, 200, 404}, []int{seen("ben", adas.ID), seen("ada", adas.ID), seen("cho", adas.ID)}, "what the reviewee added")
	done, err := p.As("ben").CompleteMeetingWithResponse(t.Context(), m.JSON201.ID, &api.CompleteMeetingParams{IfMatch: saved.HTTPResponse.Header.Get("ETag")})
	apitest.OK(t, done, err)
	require.Equal(t, []int{200, 200, 200}, []int{seen("ada", bens.ID), seen("cho", bens.ID), seen("hr", adas.ID)}, "once it is shared")
}

func sum(content string) string {
	s := sha256.Sum256([]byte(content))
	return hex.EncodeToString(s[:])
}

func TestADownloadIsAnAttachmentAndLeavesATrace(t *testing.T) {
	t.Parallel()
	p := newPortfolio(t, nil)
	doc := p.uploaded("ada", "../Größe \"7\".pdf", smallPDF)
	require.Equal(t, api.EvidenceDocument{FileName: "Größe 7.pdf", MediaType: "application/pdf", Bytes: len(smallPDF), Sha256: sum(smallPDF)}, doc.Document.MustGet())
	require.NotContains(t, strings.Join(p.blobs(), ""), "7.pdf", "keys are random")

	r, err := p.download("ben", doc.ID)
	apitest.OK(t, r, err)
	require.Equal(t, smallPDF, string(r.Body))
	h := r.HTTPResponse.Header
	for name, want := range map[string]string{"Content-Type": "application/octet-stream", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
		"Content-Security-Policy": "sandbox; default-src 'none'", "ETag": `"` + sum(smallPDF) + `"`,
		"Content-Disposition": `attachment; filename="Gr__e 7.pdf"; filename*=utf-8''Gr%C3%B6%C3%9Fe%207.pdf`} {
		require.Equal(t, want, h.Get(name), name)
	}
	own, err := p.download("ada", doc.ID)
	apitest.OK(t, own, err)
	hr, err := p.download("hr", doc.ID)
	apitest.OK(t, hr, err)
	require.Equal(t, []string{"evidence.downloaded", "evidence.downloaded", "evidence.downloaded", "evidence.added"}, p.trail(doc.ID))
	away, err := p.download("dov", doc.ID)
	apitest.Refused(t, away, err, http.StatusNotFound, "not_found")
	elsewhere, err := apitest.NewWorld(t, "2026-09-01").HR.DownloadEvidenceWithResponse(t.Context(), doc.ID)
	apitest.Refused(t, elsewhere, err, http.StatusNotFound, "not_found")
	note := p.added("ada", p.note())
	none, err := p.download("ada", note.ID)
	apitest.Refused(t, none, err, http.StatusConflict, "no_document")
}
