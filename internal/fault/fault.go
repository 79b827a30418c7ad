// Package fault is the error vocabulary of the service. Every error that a caller is meant to
// see is an *Error; anything else is an internal error, which is logged and never shown.
//
// It owns kinds, codes and what an error tells its caller. It does not know HTTP.
package fault

import (
	"errors"
	"fmt"
	"time"
)

// Kind classifies an error. The HTTP layer maps each kind to one status.
type Kind string

// The kinds, each with the status that it becomes.
const (
	Malformed       Kind = "malformed"          // 400: cannot be read, or an unknown parameter
	Unauthenticated Kind = "unauthenticated"    // 401
	Forbidden       Kind = "forbidden"          // 403: never you
	NotFound        Kind = "not_found"          // 404: not there, or not readable by you
	Conflict        Kind = "conflict"           // 409: not now
	Stale           Kind = "stale"              // 412: changed by somebody else meanwhile
	TooLarge        Kind = "too_large"          // 413
	Unsupported     Kind = "unsupported"        // 415
	Invalid         Kind = "invalid"            // 422: well formed, but must be changed
	NeedsVersion    Kind = "needs_version"      // 428: If-Match is missing
	TooMany         Kind = "too_many"           // 429
	Internal        Kind = "internal"           // 500
	Busy            Kind = "busy"               // 503: try again after RetryAfter
	NotAllowed      Kind = "method_not_allowed" // 405
)

// Error is an error with a stable code and a sentence for the caller. It never holds personal text.
type Error struct {
	Kind       Kind
	Code       string
	Message    string
	Violations []Violation   // what is wrong with the request, all of it
	Refusals   []Refusal     // what the trust's policy or the record's state refuses, all of it
	RetryAfter time.Duration // for TooMany and Busy
	Version    int           // for Stale: the version that the record has now
}

// Violation is one thing that is wrong with a request. Pointer is a JSON pointer into the body,
// or the name of a parameter when In is not "body".
type Violation struct {
	In      string `json:"in"`
	Pointer string `json:"pointer"`
	Code    string `json:"code"`
	Detail  string `json:"detail"`
}

// Refusal says why an action is refused and what would unblock it.
type Refusal struct {
	Never   bool      // true: never this person (403); false: not now (409)
	Code    string    // stable
	Detail  string    // one sentence
	Policy  *Citation // the rule of the trust that refuses, where one does
	Unblock string    // what would make it possible; empty where nothing would
}

// Citation names a policy parameter, the trust's value and where the value comes from.
type Citation struct {
	Parameter string `json:"parameter"`
	Value     any    `json:"value"`
	Origin    string `json:"origin"` // default, trust, group, school or school_group
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

// New returns an error of the given kind. The format and its arguments must hold no personal text.
func New(kind Kind, code, format string, args ...any) *Error {
	return &Error{Kind: kind, Code: code, Message: fmt.Sprintf(format, args...)}
}

// Gone is the one answer for a record that is not there and for one that the caller may not read.
func Gone() *Error {
	return New(NotFound, "not_found", "There is no such record, or it is not yours to read.")
}

// Check returns nil when nothing was refused, else one error that lists every refusal: 403 if
// one of them says "never you", 409 otherwise.
func Check(refusals []Refusal) error {
	if len(refusals) == 0 {
		return nil
	}
	e := New(Conflict, refusals[0].Code, "%s", refusals[0].Detail)
	for _, r := range refusals {
		if r.Never {
			e.Kind, e.Code, e.Message = Forbidden, r.Code, r.Detail
			break
		}
	}
	e.Refusals = refusals
	return e
}

// Body returns an Invalid error about one place in the request's body.
func Body(pointer, code, format string, args ...any) *Error {
	e := New(Invalid, code, format, args...)
	e.Violations = []Violation{{In: "body", Pointer: pointer, Code: code, Detail: e.Message}}
	return e
}

// KindOf returns the kind of err, or Internal if err is not a fault.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// CodeOf returns the code of err, or "" if err is not a fault.
func CodeOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return ""
}

// Permission says whether an action may be done now, and lists every reason against it.
type Permission struct {
	Action    string
	Operation string // the operationId that does it
	Refusals  []Refusal
}
