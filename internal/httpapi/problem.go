package httpapi

import (
	"context"
	"errors"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/oapi-codegen/nullable"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/auth"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/postgres"
)

var statuses = map[fault.Kind]int{
	fault.Malformed: 400, fault.Unauthenticated: 401, fault.Forbidden: 403, fault.NotFound: 404, fault.NotAllowed: 405,
	fault.Conflict: 409, fault.Stale: 412, fault.TooLarge: 413, fault.Unsupported: 415, fault.Invalid: 422,
	fault.NeedsVersion: 428, fault.TooMany: 429, fault.Internal: 500, fault.Busy: 503,
}

// problem writes any error as application/problem+json, in this one place. An error that is no
// fault is logged and never shown.
func (s *Server) problem(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	f := s.asFault(err, c)
	h := c.Response().Header()
	if f.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil(f.RetryAfter.Seconds()))))
	}
	if f.Kind == fault.Unauthenticated {
		h.Set("WWW-Authenticate", `Bearer realm="perennial"`)
	}
	h.Set("Cache-Control", "no-store")
	body, status, contentType := any(toProblem(f, requestID(c))), statuses[f.Kind], "application/problem+json"
	if strings.HasPrefix(c.Path(), "/v1/oauth/") {
		if o := oauthError(f); o != nil {
			body, contentType = o, echo.MIMEApplicationJSON
			if status != http.StatusUnauthorized {
				status = http.StatusBadRequest
			}
		}
	}
	h.Set(echo.HeaderContentType, contentType)
	if err := c.JSON(status, body); err != nil {
		s.Logger.ErrorContext(c.Request().Context(), "write a problem", "error", err.Error())
	}
}

func (s *Server) asFault(err error, c echo.Context) *fault.Error {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f
	}
	if he, ok := errors.AsType[*echo.HTTPError](err); ok {
		switch he.Code {
		case http.StatusNotFound:
			return fault.New(fault.NotFound, "no_such_path", "There is nothing at this path.")
		case http.StatusMethodNotAllowed:
			return fault.New(fault.NotAllowed, "method_not_allowed", "This path does not take that method.")
		case http.StatusBadRequest, http.StatusUnsupportedMediaType:
			return fault.New(fault.Malformed, "malformed_request", "The request cannot be read.")
		}
	}
	if postgres.Unreadable(err) {
		return fault.New(fault.Malformed, "unreadable_value", "The request holds a value that cannot be read.")
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return fault.New(fault.Busy, "timed_out", "The request took too long. Nothing was changed.")
	}
	s.Logger.ErrorContext(c.Request().Context(), "request failed", "request_id", requestID(c),
		"operation", access.Operation(c.Request().Context()), "error", err.Error())
	return fault.New(fault.Internal, "internal", "Something went wrong on our side. Nothing was changed; the request_id finds it in the log.")
}

func toProblem(f *fault.Error, requestID string) api.Problem {
	p := api.Problem{Type: "/problems/" + string(f.Kind), Title: titles[f.Kind], Status: statuses[f.Kind], Code: f.Code,
		Detail: f.Message, RequestID: requestID, Errors: []api.Violation{}, Refusals: []api.Refusal{},
		CurrentVersion: nullable.NewNullNullable[int]()}
	if f.Kind == fault.Stale || f.Version > 0 { // a step that nobody has saved has version 0
		p.CurrentVersion = nullable.NewNullableWithValue(f.Version)
	}
	for _, v := range f.Violations {
		p.Errors = append(p.Errors, api.Violation{In: api.ViolationIn(v.In), Pointer: v.Pointer, Code: v.Code, Detail: v.Detail})
	}
	for _, r := range f.Refusals {
		p.Refusals = append(p.Refusals, toRefusal(r))
	}
	return p
}

func toRefusal(r fault.Refusal) api.Refusal {
	out := api.Refusal{Code: r.Code, Never: r.Never, Detail: r.Detail, Unblock: nullText(r.Unblock), Policy: nullable.NewNullNullable[api.PolicyCitation]()}
	if r.Policy != nil {
		out.Policy = nullable.NewNullableWithValue(api.PolicyCitation{Parameter: r.Policy.Parameter, Value: anyOf(r.Policy.Value), Origin: api.PolicyCitationOrigin(r.Policy.Origin)})
	}
	return out
}

// oauthError is the answer of the token endpoint (RFC 6749, section 5.2); nil where the error is
// none of the protocol's own.
func oauthError(f *fault.Error) *api.OAuthError {
	if len(f.Violations) > 0 && (f.Kind == fault.Invalid || f.Kind == fault.Malformed) {
		return oauthViolation(f.Violations)
	}
	if code, ok := auth.OAuthCode(f); ok {
		return &api.OAuthError{Error: code, ErrorDescription: f.Message}
	}
	if f.Kind == fault.Invalid || f.Kind == fault.Malformed {
		return &api.OAuthError{Error: auth.InvalidRequest, ErrorDescription: f.Message}
	}
	return nil
}

// oauthViolation tells what the contract does not let through as the protocol does: one error, with
// no list beside it, and nothing of what the caller wrote.
func oauthViolation(found []fault.Violation) *api.OAuthError {
	if slices.ContainsFunc(found, func(v fault.Violation) bool { return v.Pointer == "/grant_type" && v.Code == "enum" }) {
		return &api.OAuthError{Error: auth.UnsupportedGrantType, ErrorDescription: "This grant type is not offered."}
	}
	return &api.OAuthError{Error: auth.InvalidRequest, ErrorDescription: "A parameter is missing, not known, or cannot be read."}
}

var titles = map[fault.Kind]string{
	fault.Malformed: "The request cannot be read", fault.Unauthenticated: "Sign in first", fault.Forbidden: "Not you",
	fault.NotFound: "Not found", fault.NotAllowed: "Method not allowed", fault.Conflict: "Not now", fault.Stale: "Changed meanwhile",
	fault.TooLarge: "Too large", fault.Unsupported: "Another content type is needed", fault.Invalid: "The request must be changed",
	fault.NeedsVersion: "If-Match is missing", fault.TooMany: "Too many requests", fault.Internal: "Our fault", fault.Busy: "Busy",
}
