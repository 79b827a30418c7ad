package apitest

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/perennial-api/perennial/internal/httpapi"
)

// served is the contract as the checks use it: its routes, and its operations in order and by id.
// It is read once, for reading it takes a while, and nobody changes it.
type served struct {
	routers.Router
	doc        *openapi3.T
	all        []Operation
	operations map[string]Operation
}

var (
	contract = sync.OnceValues(func() (*served, error) {
		doc, err := httpapi.LoadContract()
		if err != nil {
			return nil, err
		}
		s := &served{doc: doc, all: operations(doc), operations: map[string]Operation{}}
		for _, o := range s.all {
			s.operations[o.OperationID] = o
		}
		s.Router, err = gorillamux.NewRouter(doc)
		return s, err
	})
	answered sync.Map // operationId and status of every checked answer
)

// Seen says whether some test of this process has had an answer with the status from the operation.
func Seen(operation string, status int) bool {
	_, ok := answered.Load([2]any{operation, status})
	return ok
}

// Exercised fails a run of all of a package's tests in which an operation of the contract never
// succeeded through a client. It is asked after the tests, as TestEveryOperationIsExercised.
func Exercised() bool {
	if narrowed() {
		return true
	}
	s, err := contract()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return false
	}
	var never []string
	for _, id := range keys(s.operations) {
		if !s.operations[id].succeeded() {
			never = append(never, id)
		}
	}
	if len(never) > 0 {
		fmt.Fprintf(os.Stderr, "--- FAIL: TestEveryOperationIsExercised\n    no test has had a success from %s\n", strings.Join(never, ", "))
	}
	return len(never) == 0
}

// narrowed says that some tests did not run, so that nothing can be said of what all of them show.
func narrowed() bool {
	for _, narrowing := range []string{"test.run", "test.skip", "test.list"} {
		if f := flag.Lookup(narrowing); f != nil && f.Value.String() != "" {
			return true
		}
	}
	return false
}

func (o Operation) succeeded() bool {
	for status := 200; status < 300; status++ {
		if Seen(o.OperationID, status) {
			return true
		}
	}
	return false
}

// Checked is a transport that fails the test when an answer does not fit the contract, and keeps
// which operations have answered.
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
	s, err := contract()
	if err != nil {
		return nil, err
	}
	route, _, err := s.FindRoute(r)
	if err != nil {
		c.t.Errorf("%s %s is not in the contract: %v", r.Method, r.URL.Path, err)
		return res, nil
	}
	op := s.operations[route.Operation.OperationID]
	answered.Store([2]any{op.OperationID, res.StatusCode}, true)
	if err := op.Fits(r, res.StatusCode, res.Header, body); err != nil {
		c.t.Errorf("%s (%d) does not fit the contract: %.600s", op.OperationID, res.StatusCode, err.Error())
	}
	op.reach(res.StatusCode, body)
	return res, nil
}
