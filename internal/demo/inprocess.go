package demo

import (
	"net/http"
	"net/http/httptest"

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
	w := httptest.NewRecorder()
	p.handler.ServeHTTP(w, r)
	return w.Result(), nil
}
