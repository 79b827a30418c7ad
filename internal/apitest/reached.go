package apitest

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/perennial-api/perennial/internal/lifecycles"
)

// endedBy are the statuses that no answer can show, for their row is gone: by the operation that
// ends it.
var endedBy = map[status]string{{"cycle", "discarded"}: "DeleteCycle"}

// status is a status of a lifecycle, by the name that the contract gives it.
type status struct{ lifecycle, status string }

var reached sync.Map // every status that a checked answer has shown

// EveryStatusReached fails a run of all of a package's tests in which a status that
// docs/lifecycles.md draws was in no answer. It is asked after the tests.
func EveryStatusReached() bool {
	if narrowed() {
		return true
	}
	var never []string
	for _, d := range lifecycles.All {
		for _, s := range d.Statuses() {
			if !(status{d.Name, s}).wasReached() {
				never = append(never, d.Name+" "+s)
			}
		}
	}
	if len(never) > 0 {
		fmt.Fprintf(os.Stderr, "--- FAIL: TestEveryStatusIsReached\n    no test has seen %s\n", strings.Join(never, ", "))
	}
	return len(never) == 0
}

func (s status) wasReached() bool {
	if by, gone := endedBy[s]; gone {
		return Seen(by, 204)
	}
	_, ok := reached.Load(s)
	return ok
}

// reach keeps the statuses in an answer of the operation.
func (o Operation) reach(answer int, body []byte) {
	r := o.Responses.Value(strconv.Itoa(answer))
	if r == nil || r.Value.Content.Get("application/json") == nil {
		return
	}
	var v any
	if json.Unmarshal(body, &v) == nil {
		reach(r.Value.Content.Get("application/json").Schema, v)
	}
}

// reach keeps every status in a value that the contract knows to be one of a lifecycle.
func reach(ref *openapi3.SchemaRef, v any) {
	if ref == nil || ref.Value == nil || v == nil {
		return
	}
	s := ref.Value
	if name, ok := s.Extensions["x-lifecycle"].(string); ok {
		reached.Store(status{name, fmt.Sprint(v)}, true)
	}
	for _, refs := range []openapi3.SchemaRefs{s.AllOf, s.OneOf, s.AnyOf} {
		for _, r := range refs {
			reach(r, v)
		}
	}
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			reach(s.Items, item)
		}
	case map[string]any:
		for property, r := range s.Properties {
			reach(r, v[property])
		}
	}
}
