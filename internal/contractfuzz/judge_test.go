package contractfuzz

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/perennial-api/perennial/internal/apitest"
)

// judge says what is wrong with an answer.
func judge(o apitest.Operation, kind, broken string, r apitest.Reply) []string {
	var out []string
	wrong := func(bad bool, format string, args ...any) {
		if bad {
			out = append(out, fmt.Sprintf(format, args...))
		}
	}
	wrong(r.Status >= 500, "a server error")
	if err := o.Fits(r.Request, r.Status, r.Header, r.Body); err != nil {
		wrong(true, "the answer does not fit the contract: %.300s", strings.ReplaceAll(err.Error(), "\n", " "))
	}
	wrong(bytes.Contains(r.Body, []byte(canary)), "it tells what another trust has written")
	code := r.Problem().Code
	switch kind {
	case "anonymous":
		wrong(r.Status != 401, "answered without a token")
	case "forbidden":
		wrong(r.Status != 403 || code != "role_not_admitted", "answered to a role that is not admitted")
	case "broken":
		wrong(!slices.Contains(refusals(broken), r.Status), "what the contract forbids (%s) was not refused as such", broken)
	case "cursor":
		wrong(r.Status != 200 && code != "bad_cursor", "a forged cursor is no bad_cursor")
	case "allowed":
		oauth := strings.HasPrefix(o.Path, "/v1/oauth/") // RFC 6749 answers 400 for what is no grant
		wrong(!oauth && (code == "malformed_request" || r.Status == 415 || code == "invalid_request" && byContract(r)), "what the contract allows was refused as malformed")
	}
	return out
}

// byContract says whether the request was refused by its form, and not by a rule of the product.
func byContract(r apitest.Reply) bool {
	for _, v := range r.Problem().Errors {
		if slices.Contains([]string{"type", "format", "pattern", "enum", "properties", "nullable", "minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum", "minProperties", "maxProperties"}, v.Code) {
			return true
		}
	}
	return false
}

// refusals are the answers to a request in which this is broken.
func refusals(broken string) []int {
	switch {
	case broken == "content type":
		return []int{415, 422, 400}
	case strings.HasPrefix(broken, "header"):
		return []int{400, 428}
	case strings.HasPrefix(broken, "path"):
		return []int{400, 404}
	case strings.HasPrefix(broken, "query"):
		return []int{400}
	}
	return []int{400, 415, 422}
}
