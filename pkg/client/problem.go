package client

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/perennial-api/perennial/api"
)

// Answer is any answer of the generated operations.
type Answer interface {
	StatusCode() int
	GetBody() []byte
}

// ProblemError is an answer by which the service refused. Code is stable; Errors says what is wrong
// with the request, and Refusals why it may not be done now, and what would unblock it.
type ProblemError struct{ api.Problem }

// Error is one line for a log. It repeats nothing that the caller wrote.
func (e *ProblemError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %s: %s", e.Status, e.Code, e.Detail)
	for _, v := range e.Errors {
		fmt.Fprintf(&b, " [%s %s: %s]", v.In, v.Pointer, v.Detail)
	}
	for _, r := range e.Refusals {
		if r.Detail != e.Detail {
			fmt.Fprintf(&b, " [%s: %s]", r.Code, r.Detail)
		}
	}
	return b.String()
}

// Check returns nil when the operation succeeded, and else a *ProblemError.
//
//	r, err := c.GetUnitWithResponse(ctx, id)
//	if err == nil {
//		err = client.Check(r)
//	}
func Check(r Answer) error {
	if s := r.StatusCode(); s >= 200 && s < 300 {
		return nil
	}
	e := &ProblemError{}
	var oauth api.OAuthError // of the operations that issue and revoke tokens
	switch {
	case json.Unmarshal(r.GetBody(), &e.Problem) == nil && e.Code != "":
	case json.Unmarshal(r.GetBody(), &oauth) == nil && oauth.Error != "":
		e.Problem = api.Problem{Code: oauth.Error, Title: http.StatusText(r.StatusCode()), Detail: oauth.ErrorDescription}
	default:
		e.Problem = api.Problem{Code: "unexpected_answer", Title: http.StatusText(r.StatusCode()),
			Detail: "The answer is not one of the service; something between may have given it."}
	}
	e.Status = r.StatusCode()
	return e
}
