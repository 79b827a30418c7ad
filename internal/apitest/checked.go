package apitest

import (
	"bytes"
	"io"
	"net/http"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/perennial-api/perennial/internal/httpapi"
)

var (
	router = sync.OnceValues(func() (routers.Router, error) {
		doc, err := httpapi.LoadContract()
		if err != nil {
			return nil, err
		}
		return gorillamux.NewRouter(doc)
	})
	answered sync.Map // operationId and status of every checked answer
)

// Seen says whether some test of this process has had an answer with the status from the operation.
func Seen(operation string, status int) bool {
	_, ok := answered.Load([2]any{operation, status})
	return ok
}

// Contract returns the contract that answers are held against.
func Contract(t testing.TB) *openapi3.T {
	t.Helper()
	doc, err := httpapi.LoadContract()
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// Checked is a transport that fails the test when an answer does not fit the contract.
func Checked(t testing.TB) http.RoundTripper { return checked{t} }

type checked struct{ t testing.TB }

func (c checked) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	_ = res.Body.Close()
	res.Body = io.NopCloser(bytes.NewReader(body))
	rt, err := router()
	if err != nil {
		return nil, err
	}
	route, params, err := rt.FindRoute(r)
	if err != nil {
		c.t.Errorf("%s %s is not in the contract: %v", r.Method, r.URL.Path, err)
		return res, nil
	}
	answered.Store([2]any{route.Operation.OperationID, res.StatusCode}, true)
	in := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route},
		Status:                 res.StatusCode, Header: res.Header, Options: &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true},
	}
	in.SetBodyBytes(body)
	if err := openapi3filter.ValidateResponse(r.Context(), in); err != nil {
		c.t.Errorf("%s (%d) does not fit the contract: %.600s", route.Operation.OperationID, res.StatusCode, err.Error())
	}
	return res, nil
}
