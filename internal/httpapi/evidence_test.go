package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

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
