package httpapi

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/labstack/echo/v4"

	"github.com/perennial-api/perennial/internal/fault"
)

// The most that a JSON or form body, an imported file, and a form with a document may weigh. The
// policy's own limit of a document is below the last.
const (
	maxBody   = 1 << 20
	maxFile   = 10 << 20
	maxUpload = 51 << 20
)

// validate holds the request against the contract, before anything is bound, and finds every
// fault at once. Handlers then bind exactly what was validated.
func (s *Server) validate(path, method string, item *openapi3.PathItem, op *openapi3.Operation) echo.MiddlewareFunc {
	route := &routers.Route{Spec: s.Contract, Path: path, PathItem: item, Method: method, Operation: op}
	ct := streamOf(op)
	file := ct != ""
	options := openapi3filter.Options{
		MultiError: true, SkipSettingDefaults: true, KeepValidatedValue: true, ExcludeRequestBody: file,
		AuthenticationFunc: openapi3filter.NoopAuthenticationFunc,
	}
	names := queryNames(item, op)
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if err := knownQuery(c.Request(), names); err != nil {
				return err
			}
			if err := keepBody(c, ct, op.RequestBody != nil); err != nil {
				return err
			}
			params := map[string]string{}
			for _, n := range c.ParamNames() {
				params[n] = c.Param(n)
			}
			r := c.Request()
			if file { // the validator would read the stream to its end, though it looks at nothing of it
				bare := *r
				bare.Body, r = http.NoBody, &bare
			}
			in := &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route, Options: &options}
			if err := openapi3filter.ValidateRequest(c.Request().Context(), in); err != nil {
				return violations(err)
			}
			return next(c)
		}
	}
}

// keepBody reads a JSON or form body once, within its limit, for validation and the fingerprint.
func keepBody(c echo.Context, stream string, wanted bool) error {
	r := c.Request()
	if stream != "" {
		return keepStream(c, stream)
	}
	limit := int64(maxBody)
	if r.ContentLength > limit {
		return tooLarge(limit)
	}
	body := http.MaxBytesReader(c.Response(), r.Body, limit)
	raw, err := io.ReadAll(body)
	var big *http.MaxBytesError
	if errors.As(err, &big) {
		return tooLarge(limit)
	}
	if err != nil {
		return fault.New(fault.Malformed, "unreadable_body", "The body could not be read to its end.")
	}
	if len(raw) > 0 && !wanted {
		return fault.New(fault.Malformed, "unexpected_body", "This operation takes no body.")
	}
	r.Body = io.NopCloser(bytes.NewReader(raw))
	c.SetRequest(r.WithContext(context.WithValue(r.Context(), rawKey{}, raw)))
	return nil
}

func tooLarge(limit int64) error {
	return fault.New(fault.TooLarge, "body_too_large", "The body is larger than %d MiB.", limit>>20)
}

func queryNames(item *openapi3.PathItem, op *openapi3.Operation) []string {
	var names []string
	for _, p := range append(slices.Clone(item.Parameters), op.Parameters...) {
		if p.Value.In == openapi3.ParameterInQuery {
			names = append(names, p.Value.Name)
		}
	}
	return names
}

// knownQuery refuses a parameter that the operation does not have: a misspelt filter would
// otherwise answer with everything.
func knownQuery(r *http.Request, names []string) error {
	for name, values := range r.URL.Query() {
		if !slices.Contains(names, name) {
			return query(name, "unknown_parameter", "This operation has no parameter of that name.")
		}
		if len(values) > 1 {
			return query(name, "repeated_parameter", "Give the parameter once.")
		}
	}
	if _, err := r.URL.Parse("?" + r.URL.RawQuery); err != nil || strings.Contains(r.URL.RawQuery, ";") {
		return fault.New(fault.Malformed, "bad_query", "The query string cannot be read.")
	}
	return nil
}

func query(name, code, detail string) error {
	e := fault.New(fault.Malformed, code, "%s", detail)
	e.Violations = []fault.Violation{{In: "query", Pointer: name, Code: code, Detail: detail}}
	return e
}
