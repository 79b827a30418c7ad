package httpapi_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/internal/evidence"
)

func TestADocumentIsTakenByItsContentAndSize(t *testing.T) {
	t.Parallel()
	p := newPortfolio(t, map[string]any{"evidence": map[string]any{"max_mb": 1}})
	for name, c := range map[string]struct {
		file, content string
		status        int
		code          string
	}{
		"a program that says it is a PDF": {"report.pdf", "MZ\x90\x00\x03\x00\x00\x00", 415, "document_type_refused"},
		"an empty file":                   {"report.pdf", "", 422, "empty_document"},
		"a file above the policy's size":  {"report.pdf", "%PDF-" + strings.Repeat("x", 1<<20), 413, "document_too_large"},
		"a file far above it":             {"report.pdf", "%PDF-" + strings.Repeat("x", 6<<20), 413, "document_too_large"},
	} {
		r, err := p.upload("ada", c.file, c.content)
		refused := apitest.Refused(t, r, err, c.status, c.code)
		if c.status == 413 {
			require.Equal(t, "evidence.max_mb", refused.Refusals[0].Policy.MustGet().Parameter, name)
		}
	}
	whole := "%PDF-" + strings.Repeat("x", 1<<20-5)
	require.Equal(t, 1<<20, p.uploaded("ada", "report.pdf", whole).Document.MustGet().Bytes, "as much as the policy allows")
	require.Len(t, p.blobs(), 1, "what was refused left nothing")
	require.Len(t, p.listed("ada").Items, 1)
}

func TestAFormThatIsNotAnUploadIsRefused(t *testing.T) {
	t.Parallel()
	p := newPortfolio(t, nil)
	file := part{"file", smallPDF, "a.pdf"}
	without := func(field string) (out []part) {
		for _, f := range p.fields() {
			if f.field != field {
				out = append(out, f)
			}
		}
		return out
	}
	for name, c := range map[string]struct {
		parts  []part
		status int
		code   string
	}{
		"no file":               {p.fields(), 422, "invalid_request"},
		"no kind":               {append(without("kind"), file), 422, "invalid_request"},
		"no form at all":        {nil, 422, "invalid_request"},
		"an id that is none":    {append(without("subject_id"), part{field: "subject_id", value: "x"}, file), 422, "invalid_request"},
		"an unknown field":      {append(p.fields(), part{field: "colour", value: "red"}, file), 422, "invalid_request"},
		"a field twice":         {append(p.fields(), part{field: "kind", value: "note"}, file), 400, "malformed_request"},
		"a field behind":        {append(p.fields(), file, part{field: "statement", value: "x"}), 400, "malformed_request"},
		"a huge field":          {append(without("title"), part{field: "title", value: strings.Repeat("x", 5<<10)}, file), 413, "field_too_large"},
		"a control character":   {append(without("title"), part{field: "title", value: "a\x00b"}, file), 400, "malformed_request"},
		"no UTF-8":              {append(without("title"), part{field: "title", value: "\xff"}, file), 400, "malformed_request"},
		"a note as a document":  {append(without("kind"), part{field: "kind", value: "note"}, file), 422, "wrong_form"},
		"an objective not here": {append(without("subject_id"), part{field: "subject_id", value: uuid.NewString()}, file), 422, "unknown_subject"},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := p.send("ada", c.parts...)
			apitest.Refused(t, r, err, c.status, c.code)
		})
	}
	json, err := p.As("ada").UploadEvidenceWithBodyWithResponse(t.Context(), p.appraisal, "application/json", strings.NewReader("{}"))
	apitest.Refused(t, json, err, 415, "unsupported_media_type")
	cut, err := p.As("ada").UploadEvidenceWithBodyWithResponse(t.Context(), p.appraisal, "multipart/form-data; boundary=x", strings.NewReader("--x\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\ndocum"))
	apitest.Refused(t, cut, err, 400, "unreadable_body")
	head, err := p.upload("cho", "a.pdf", smallPDF)
	apitest.Refused(t, head, err, 403, "out_of_reach")
	away, err := p.upload("dov", "a.pdf", smallPDF)
	apitest.Refused(t, away, err, 404, "not_found")
	require.Empty(t, p.blobs())
	require.Empty(t, p.listed("ada").Items)
}

// letters is n bytes of text, made as they are read.
type letters struct{ n int64 }

func (l *letters) Read(b []byte) (int, error) {
	if l.n == 0 {
		return 0, io.EOF
	}
	b = b[:min(int64(len(b)), l.n)]
	for i := range b {
		b[i] = 'a'
	}
	l.n -= int64(len(b))
	return len(b), nil
}

// post sends a form around a file that is read as it is sent, over the wire and past the client,
// which would hold the whole.
func (p *portfolio) post(ctx context.Context, token string, file io.Reader) (*http.Response, error) {
	var head strings.Builder
	for _, f := range p.fields() {
		fmt.Fprintf(&head, "--cut\r\nContent-Disposition: form-data; name=%q\r\n\r\n%s\r\n", f.field, f.value)
	}
	head.WriteString("--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n")
	body := io.MultiReader(strings.NewReader(head.String()), file, strings.NewReader("\r\n--cut--\r\n"))
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.Stack.URL+"/v1/appraisals/"+p.appraisal.String()+"/evidence/documents", body)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "multipart/form-data; boundary=cut")
	r.Header.Set("Authorization", "Bearer "+token)
	return http.DefaultClient.Do(r)
}

// allocated is how much the process has ever allocated.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// It runs alone, for what other tests allocate would be counted.
func TestALargeDocumentStreamsAndIsNeverHeldWhole(t *testing.T) {
	p := newPortfolio(t, map[string]any{"evidence": map[string]any{"max_mb": 20}})
	token := p.As("ada").Token()
	const size = 20 << 20
	before := allocated()
	res, err := p.post(t.Context(), token, &letters{size})
	require.NoError(t, err)
	body := apitest.Read(t, res)
	require.Equal(t, 201, res.StatusCode, body)
	require.Less(t, allocated()-before, uint64(size/2), "bytes allocated while 20 MiB came in")
	doc := p.listed("ada").Items[0]
	require.Equal(t, size, doc.Document.MustGet().Bytes)

	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.Stack.URL+"/v1/evidence/"+doc.ID.String()+"/content", nil)
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+token)
	before = allocated()
	res, err = http.DefaultClient.Do(r)
	require.NoError(t, err)
	n, err := io.Copy(io.Discard, res.Body)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.EqualValues(t, size, n)
	require.Less(t, allocated()-before, uint64(size/2), "bytes allocated while 20 MiB went out")
}

// broken gives some bytes and then waits for the sender to go away.
type broken struct {
	letters
	gone context.CancelFunc
}

func (b *broken) Read(to []byte) (int, error) {
	n, err := b.letters.Read(to)
	if errors.Is(err, io.EOF) {
		b.gone()
		return 0, context.Canceled
	}
	return n, err
}

func TestAnUploadThatIsCutOffLeavesNothing(t *testing.T) {
	t.Parallel()
	p := newPortfolio(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := p.post(ctx, p.As("ada").Token(), &broken{letters{2 << 20}, cancel})
	require.ErrorIs(t, err, context.Canceled)
	for range 3 { // the server may still be at it
		time.Sleep(100 * time.Millisecond)
		require.Empty(t, p.blobs())
		require.Empty(t, p.listed("ada").Items)
	}
}

func TestTwoUploadsAtOnceAreBothKeptAndTheRecordsLimitHolds(t *testing.T) {
	t.Parallel()
	p := newPortfolio(t, map[string]any{"evidence": map[string]any{"max_items": 2}})
	token := p.As("ada").Token()
	var wait sync.WaitGroup
	statuses := make(chan int, 4)
	for range 4 {
		wait.Go(func() {
			res, err := p.post(t.Context(), token, &letters{64 << 10})
			if err != nil {
				statuses <- 0
				return
			}
			_, _ = io.Copy(io.Discard, res.Body)
			_ = res.Body.Close()
			statuses <- res.StatusCode
		})
	}
	wait.Wait()
	close(statuses)
	count := map[int]int{}
	for s := range statuses {
		count[s]++
	}
	require.Equal(t, map[int]int{201: 2, 409: 2}, count)
	require.Len(t, p.blobs(), 2, "what was refused at the end left no file")
	list := p.listed("ada")
	require.Len(t, list.Items, 2)
	require.Equal(t, "too_much_evidence", list.AllowedActions[0].Refusals[0].Code, "the button says what the command said")
	require.Equal(t, "evidence.max_items", list.AllowedActions[0].Refusals[0].Policy.MustGet().Parameter)
}

func TestWhatACrashLeftBehindIsSwept(t *testing.T) {
	t.Parallel()
	p := newPortfolio(t, nil)
	doc := p.uploaded("ada", "kept.pdf", smallPDF)
	orphan := p.Trust.String() + "/" + uuid.NewString()
	require.NoError(t, p.Stack.Blobs.Put(t.Context(), orphan, strings.NewReader("x")))
	sweep := func(ahead time.Duration) {
		now := func() time.Time { return time.Now().Add(ahead) }
		_, err := evidence.NewService(oneTrust{p.Stack.DB, p.Trust}, p.Stack.Blobs, now).Sweep(t.Context())
		require.NoError(t, err)
	}
	sweep(0)
	require.Len(t, p.blobs(), 2, "an upload may still be under way")
	sweep(25 * time.Hour)
	require.Len(t, p.blobs(), 1)
	_, err := p.Stack.Blobs.Open(t.Context(), orphan)
	require.Error(t, err)
	r, err := p.download("ada", doc.ID)
	apitest.OK(t, r, err)
}

// oneTrust sweeps the trust of the test alone, and leaves those of tests beside it.
type oneTrust struct {
	evidence.Store
	trust uuid.UUID
}

func (o oneTrust) Trusts(ctx context.Context) ([]uuid.UUID, error) {
	all, err := o.Store.Trusts(ctx)
	for _, id := range all {
		if id == o.trust {
			return []uuid.UUID{id}, err
		}
	}
	return nil, errors.Join(err, os.ErrNotExist)
}

// What people call their files is in the answers to those who may read them, and nowhere else.
func TestTheNameOfAFileIsNotLoggedAuditedOrSaidInAnError(t *testing.T) {
	t.Parallel()
	p := newPortfolio(t, nil)
	mark := uuid.NewString()[:13]
	p.uploaded("ada", mark+".pdf", smallPDF)
	body := p.note()
	body.Title, body.Text = mark, &mark
	p.added("ada", body)
	r, err := p.upload("ada", mark+".exe", "MZ\x00")
	require.NotContains(t, apitest.Refused(t, r, err, 415, "document_type_refused").Error(), mark)
	url := "ftp://" + mark + ".example/x"
	bad, err := p.add("ada", api.AddEvidence{SubjectKind: "objective", SubjectID: p.objective, Kind: "link", Title: mark, URL: &url})
	apitest.Refused(t, bad, err, 422, "bad_url")
	require.NotContains(t, string(bad.Body), mark)
	odd, err := p.send("ada", append(p.fields(), part{field: mark, value: mark}, part{"file", smallPDF, mark})...)
	apitest.Refused(t, odd, err, 422, "invalid_request")
	require.NotContains(t, string(odd.Body), mark)
	trail, err := p.As("hr").ListAuditEventsWithResponse(t.Context(), nil)
	apitest.OK(t, trail, err)
	require.NotContains(t, string(trail.Body), mark)
	require.NotContains(t, apitest.Logs(), mark)
	require.NotContains(t, strings.Join(p.blobs(), " "), mark)
}
