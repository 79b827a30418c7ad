package contractfuzz

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

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

// A judge that never condemns proves nothing: it must know each wrong answer when it sees one.
func TestTheJudgeKnowsAWrongAnswer(t *testing.T) {
	ops := map[string]apitest.Operation{}
	for _, o := range apitest.Operations(t) {
		ops[o.OperationID] = o
	}
	problem := func(status int, code string) apitest.Reply {
		body := fmt.Sprintf(`{"type":"/problems/x","title":"x","status":%d,"code":%q,"detail":"x","request_id":"%s","errors":[],"refusals":[],"current_version":null}`, status, code, uuid.Nil)
		r, err := http.NewRequestWithContext(t.Context(), "GET", "/v1/me", nil)
		require.NoError(t, err)
		return apitest.Reply{Request: r, Status: status, Header: http.Header{"Content-Type": {"application/problem+json"}}, Body: []byte(body)}
	}
	whole := problem(200, "")
	whole.Header, whole.Body = http.Header{"Content-Type": {"application/json"}}, []byte(`{"keys":[]}`)
	told := problem(404, canary)
	for _, c := range []struct {
		op, kind, broken string
		reply            apitest.Reply
		wrong            int
	}{
		{"GetKeys", "allowed", "", whole, 0},
		{"GetMe", "allowed", "", whole, 1},
		{"GetUnit", "allowed", "", problem(404, "not_found"), 0},
		{"GetUnit", "allowed", "", told, 1},
		{"GetUnit", "allowed", "", problem(500, "internal"), 1},
		{"GetUnit", "allowed", "", problem(400, "malformed_request"), 1},
		{"GetUnit", "broken", "path unit_id", problem(409, "x"), 1},
		{"GetUnit", "broken", "path unit_id", problem(400, "malformed_request"), 0},
		{"CreateUnit", "broken", "drop name", problem(403, "role_not_admitted"), 1},
		{"CreateUnit", "forbidden", "", problem(404, "not_found"), 1},
		{"CreateUnit", "forbidden", "", problem(403, "role_not_admitted"), 0},
		{"CreateUnit", "anonymous", "", problem(403, "role_not_admitted"), 1},
		{"CreateUnit", "anonymous", "", problem(401, "no_token"), 0},
		{"ListUnits", "cursor", "", problem(400, "bad_cursor"), 0},
		{"ListUnits", "cursor", "", problem(400, "bad_parameter"), 1},
	} {
		faults := judge(ops[c.op], c.kind, c.broken, c.reply)
		if len(faults) < c.wrong || c.wrong == 0 && len(faults) > 0 {
			t.Errorf("%s %s %d: %v", c.op, c.kind, c.reply.Status, faults)
		}
	}
}
