package httpapi

import (
	"errors"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"

	"github.com/perennial-api/perennial/internal/fault"
)

// violations turns what the validator found into one error that lists every fault, without
// repeating what the caller sent.
func violations(err error) error {
	out := &collector{kind: fault.Invalid}
	out.add(err)
	code, message := "invalid_request", "The request has faults; errors lists them all."
	switch out.kind {
	case fault.Unsupported:
		code, message = "unsupported_media_type", "Send the body in a content type that the contract names, such as application/json."
	case fault.NeedsVersion:
		code, message = "version_required", "Send the record's ETag as If-Match, so that no change of somebody else is lost."
	case fault.Malformed:
		code = "malformed_request"
	}
	e := fault.New(out.kind, code, "%s", message)
	e.Violations = out.found
	return e
}

type collector struct {
	kind  fault.Kind
	found []fault.Violation
}

func (c *collector) add(err error) {
	switch t := err.(type) {
	case openapi3.MultiError:
		for _, e := range t {
			c.add(e)
		}
	case *openapi3filter.RequestError:
		if t.Parameter != nil {
			c.parameter(t)
			return
		}
		c.body(t)
	default:
		c.put("body", "", "invalid", reason(err))
	}
}

func (c *collector) parameter(t *openapi3filter.RequestError) {
	if t.Parameter.Name == "If-Match" && errors.Is(t.Err, openapi3filter.ErrInvalidRequired) {
		if c.kind == fault.Invalid {
			c.kind = fault.NeedsVersion
		}
	} else {
		c.kind = fault.Malformed
	}
	detail := t.Reason
	if t.Err != nil {
		detail = reason(t.Err)
	}
	c.put(t.Parameter.In, t.Parameter.Name, "bad_parameter", detail)
}

func (c *collector) body(t *openapi3filter.RequestError) {
	var parse *openapi3filter.ParseError
	switch {
	case strings.HasPrefix(t.Reason, "header Content-Type has unexpected value"):
		c.kind = fault.Unsupported
		c.put("header", "Content-Type", "unsupported_media_type", "this operation does not take that content type")
		return
	case errors.Is(t.Err, openapi3filter.ErrInvalidRequired):
		c.put("body", "", "required", "a body is required")
		return
	case errors.As(t.Err, &parse):
		c.kind = fault.Malformed
		c.put("body", "", "malformed", parseReason(parse))
		return
	}
	before := len(c.found)
	c.schema(t.Err)
	if len(c.found) == before {
		c.put("body", "", "invalid", t.Reason)
	}
}

func parseReason(p *openapi3filter.ParseError) string {
	var own *textError
	if errors.As(p.Cause, &own) {
		return own.Error()
	}
	return "the body is not valid JSON"
}

func (c *collector) schema(err error) {
	var multi openapi3.MultiError
	switch t := err.(type) {
	case openapi3.MultiError:
		for _, e := range t {
			c.schema(e)
		}
	case *openapi3.SchemaError:
		if errors.As(t.Origin, &multi) {
			c.schema(multi)
			return
		}
		var inner *openapi3.SchemaError
		if errors.As(t.Origin, &inner) {
			c.schema(inner)
			return
		}
		c.put("body", "/"+strings.Join(t.JSONPointer(), "/"), t.SchemaField, t.Reason)
	}
}

func (c *collector) put(in, pointer, code, detail string) {
	if len(c.found) < 200 {
		c.found = append(c.found, fault.Violation{In: in, Pointer: pointer, Code: code, Detail: detail})
	}
}

func reason(err error) string {
	var s *openapi3.SchemaError
	if errors.As(err, &s) {
		return s.Reason
	}
	if errors.Is(err, openapi3filter.ErrInvalidRequired) {
		return "is required"
	}
	return "cannot be read as what the contract asks for"
}
