package apitest

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
)

// Operation is one operation of the contract and where it is served.
type Operation struct {
	*openapi3.Operation
	Method, Path string
	item         *openapi3.PathItem
	doc          *openapi3.T
}

// Contract returns the contract that answers are held against.
func Contract(t testing.TB) *openapi3.T {
	t.Helper()
	return read(t).doc
}

func read(t testing.TB) *served {
	t.Helper()
	s, err := contract()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Operations lists every operation of the contract by its id, so that what loops over them goes
// stale by no new one.
func Operations(t testing.TB) []Operation {
	t.Helper()
	return slices.Clone(read(t).all)
}

func operations(doc *openapi3.T) []Operation {
	var out []Operation
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			out = append(out, Operation{Operation: op, Method: method, Path: path, item: item, doc: doc})
		}
	}
	slices.SortFunc(out, func(a, b Operation) int { return strings.Compare(a.OperationID, b.OperationID) })
	return out
}

// Public says whether the operation takes no sign-in.
func (o Operation) Public() bool { return o.Security != nil && len(*o.Security) == 0 }

// Params lists the parameters of the operation that stand in the path, the query or the header.
func (o Operation) Params(in string) []*openapi3.Parameter {
	var out []*openapi3.Parameter
	for _, p := range append(slices.Clone(o.item.Parameters), o.Parameters...) {
		if p.Value.In == in {
			out = append(out, p.Value)
		}
	}
	return out
}

// Body is the content type and the schema of the request's body, JSON where there is a choice.
func (o Operation) Body() (contentType string, schema *openapi3.Schema) {
	if o.RequestBody == nil {
		return "", nil
	}
	content := o.RequestBody.Value.Content
	for _, ct := range append([]string{"application/json"}, keys(content)...) {
		if content[ct] != nil {
			return ct, content[ct].Schema.Value
		}
	}
	return "", nil
}

// Successes lists the statuses of success that the contract documents for the operation.
func (o Operation) Successes() []string {
	var out []string
	for _, status := range keys(o.Responses.Map()) {
		if strings.HasPrefix(status, "2") {
			out = append(out, status)
		}
	}
	return out
}

// Fits holds an answer against what the contract says of the operation.
func (o Operation) Fits(r *http.Request, status int, h http.Header, body []byte) error {
	route := &routers.Route{Spec: o.doc, Path: o.Path, PathItem: o.item, Method: o.Method, Operation: o.Operation}
	in := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, Route: route},
		Status:                 status, Header: h, Options: &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true},
	}
	in.SetBodyBytes(body)
	return openapi3filter.ValidateResponse(context.WithoutCancel(r.Context()), in)
}

func keys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
