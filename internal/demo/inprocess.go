package demo

import (
	"bytes"
	"io"
	"net/http"

	"github.com/perennial-api/perennial/internal/httpapi"
)

// inProcess sends requests to a handler of this process, so that the demo is set up through the
// API before anybody listens.
type inProcess struct{ handler http.Handler }

func (p inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(httpapi.Quietly(r.Context()))
	if r.Body == nil {
		r.Body = http.NoBody // as a server would give it to the handler
	}
	a := &answer{header: http.Header{}, status: http.StatusOK}
	p.handler.ServeHTTP(a, r)
	return &http.Response{StatusCode: a.status, Status: http.StatusText(a.status), Header: a.header, Body: io.NopCloser(&a.body),
		ContentLength: int64(a.body.Len()), Request: r, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}, nil
}

// answer keeps what a handler writes.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) { a.status = status }

func (a *answer) Write(b []byte) (int, error) { return a.body.Write(b) }
