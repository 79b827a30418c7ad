package httpapi_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/internal/cycle"
	"github.com/perennial-api/perennial/internal/lifecycles"
)

// Every operation says who may call it, what it does and what it answers. CONTRIBUTING has the rules.
func TestEveryOperationOfTheContractIsComplete(t *testing.T) {
	t.Parallel()
	ops := apitest.Operations(t)
	require.Greater(t, len(ops), 100)
	tags := map[string]bool{}
	for _, tag := range apitest.Contract(t).Tags {
		tags[tag.Name] = true
	}
	for _, o := range ops {
		for _, fault := range operationFaults(o, tags) {
			t.Errorf("%s: %s", o.OperationID, fault)
		}
	}
}

// operationFaults are what an operation lacks.
func operationFaults(o apitest.Operation, tags map[string]bool) []string {
	var out []string
	lacks := func(bad bool, format string, args ...any) {
		if bad {
			out = append(out, fmt.Sprintf(format, args...))
		}
	}
	lacks(o.Extensions["x-access"] == nil, "no x-access")
	lacks(o.Summary == "", "no summary")
	lacks(len(o.Successes()) == 0, "no documented success")
	lacks(len(o.Tags) != 1 || !tags[o.Tags[0]], "not in one tag of the contract")
	lacks(o.OperationID == "" || o.OperationID[:1] != strings.ToUpper(o.OperationID[:1]), "its id is not in PascalCase")
	for status, r := range o.Responses.Map() {
		lacks(!strings.HasPrefix(status, "2") && r.Ref == "", "the error %s is not by reference", status)
	}
	for status, needed := range owed(o) {
		lacks(needed && o.Responses.Value(status) == nil, "does not document %s", status)
	}
	for _, in := range []string{"path", "query", "header"} {
		for _, p := range o.Params(in) {
			out = append(out, limitFaults(p.Name, p.Schema.Value)...)
		}
	}
	return out
}

// owed are the errors that an operation may answer by its form.
func owed(o apitest.Operation) map[string]bool {
	_, body := o.Body()
	header := func(name string) bool {
		return slices.ContainsFunc(o.Params("header"), func(p *openapi3.Parameter) bool { return p.Name == name })
	}
	// The token endpoint answers every fault of a request with 400 (RFC 6749, section 5.2).
	oauth := o.RequestBody != nil && o.RequestBody.Value.Content["application/x-www-form-urlencoded"] != nil
	return map[string]bool{
		"401": !o.Public(), "403": !o.Public(), "404": len(o.Params("path")) > 0, "412": header("If-Match"), "428": header("If-Match"),
		"415": body != nil, "422": body != nil && !oauth, "400": oauth, "429": true, "default": true,
	}
}

// Every status that a lifecycle draws is one that the contract can show, but for those of no row.
func TestTheContractShowsEveryLifecycle(t *testing.T) {
	t.Parallel()
	shown := map[string][]any{}
	for _, ref := range apitest.Contract(t).Components.Schemas {
		for _, property := range ref.Value.Properties {
			if name, ok := property.Value.Extensions["x-lifecycle"].(string); ok {
				shown[name] = property.Value.Enum
			}
		}
	}
	require.Len(t, shown, len(lifecycles.All))
	for _, d := range lifecycles.All {
		for _, status := range d.Statuses() {
			if d.Name != "cycle" || status != string(cycle.Discarded) {
				require.Contains(t, shown[d.Name], status, d.Name)
			}
		}
	}
}

// Requests allow no unknown property and limit every value; responses have every property; both
// are shown by an example that fits.
func TestEverySchemaOfTheContractIsStrict(t *testing.T) {
	t.Parallel()
	requests, responses := map[string]*openapi3.SchemaRef{}, map[string]*openapi3.SchemaRef{}
	for _, o := range apitest.Operations(t) {
		if o.RequestBody != nil {
			for ct, media := range o.RequestBody.Value.Content {
				reach(requests, o.OperationID+" "+ct, media.Schema)
			}
		}
		for status, r := range o.Responses.Map() {
			for ct, media := range r.Value.Content {
				reach(responses, o.OperationID+" "+status+" "+ct, media.Schema)
			}
		}
	}
	require.Greater(t, len(requests), 40)
	require.Greater(t, len(responses), 60)
	for _, name := range slices.Sorted(maps.Keys(requests)) {
		for _, fault := range append(requestFaults(requests[name].Value), exampleFaults(requests[name])...) {
			t.Errorf("request %s: %s", name, fault)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(responses)) {
		for _, fault := range append(responseFaults(responses[name].Value), exampleFaults(responses[name])...) {
			t.Errorf("response %s: %s", name, fault)
		}
	}
}

// reach collects the schema and all it names, by name where it has one.
func reach(into map[string]*openapi3.SchemaRef, at string, ref *openapi3.SchemaRef) {
	if ref == nil || ref.Value == nil {
		return
	}
	if ref.Ref != "" {
		at = ref.Ref[strings.LastIndex(ref.Ref, "/")+1:]
	}
	if into[at] != nil {
		return
	}
	into[at] = ref
	s := ref.Value
	for name, p := range s.Properties {
		reach(into, at+"."+name, p)
	}
	reach(into, at+"[]", s.Items)
	reach(into, at+"{}", s.AdditionalProperties.Schema)
	for i, each := range slices.Concat(s.AllOf, s.OneOf, s.AnyOf) {
		reach(into, fmt.Sprint(at, "|", i), each)
	}
}

func requestFaults(s *openapi3.Schema) []string {
	out := limitFaults("it", s)
	if !s.Type.Is("object") {
		return out
	}
	closed := s.AdditionalProperties.Has != nil && !*s.AdditionalProperties.Has
	if !closed && s.MaxProps == nil {
		out = append(out, "neither additionalProperties: false nor maxProperties")
	}
	return out
}

// limitFaults are the limits that a value lacks. A format of fixed length is its own limit.
func limitFaults(at string, s *openapi3.Schema) []string {
	fixed := slices.Contains([]string{"uuid", "date", "date-time"}, s.Format) || len(s.Enum) > 0
	switch {
	case s.Type.Is("string") && s.MaxLength == nil && !fixed:
		return []string{at + " is a string without maxLength"}
	case s.Type.Is("array") && s.MaxItems == nil:
		return []string{at + " is an array without maxItems"}
	case (s.Type.Is("integer") || s.Type.Is("number")) && (s.Min == nil || s.Max == nil):
		return []string{at + " is a number without minimum and maximum"}
	}
	return nil
}

func responseFaults(s *openapi3.Schema) []string {
	var out []string
	for name := range s.Properties {
		if !slices.Contains(s.Required, name) {
			out = append(out, name+" is not required")
		}
	}
	return out
}

// exampleFaults holds the example of a named schema against the schema.
func exampleFaults(ref *openapi3.SchemaRef) []string {
	if ref.Ref == "" {
		return nil
	}
	if ref.Value.Example == nil {
		return []string{"no example"}
	}
	if err := ref.Value.VisitJSON(ref.Value.Example, openapi3.MultiErrors()); err != nil {
		return []string{"its example does not fit: " + strings.SplitN(err.Error(), "\n", 2)[0]}
	}
	return nil
}
