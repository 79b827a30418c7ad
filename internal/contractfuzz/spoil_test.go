package contractfuzz

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"pgregory.net/rapid"

	"github.com/perennial-api/perennial/internal/apitest"
)

// spoil breaks one thing, so that the contract forbids the body, and says what.
func (d drawer) spoil(contentType string, s *openapi3.Schema, v map[string]any) string {
	can := ways(s)
	if strings.HasSuffix(contentType, "form-urlencoded") { // all is text, and RFC 6749 has unknown parameters ignored
		can = slices.DeleteFunc(can, func(how string) bool {
			return !slices.Contains([]string{"drop", "long", "garbage"}, strings.Fields(how)[0])
		})
	}
	how := rapid.SampledFrom(can).Draw(d.T, "spoil")
	kind, name, _ := strings.Cut(how, " ")
	switch kind {
	case "drop":
		delete(v, name)
	case "null":
		v[name] = nil
	case "type":
		v[name] = []any{map[string]any{"x": []any{1}}, 1.5}
	case "over":
		v[name] = int64(*s.Properties[name].Value.Max) + 1
	case "under":
		v[name] = int64(*s.Properties[name].Value.Min) - 1
	case "long":
		v[name] = strings.Repeat("x", int(*s.Properties[name].Value.MaxLength)+1)
	case "many":
		v[name] = make([]any, int(*s.Properties[name].Value.MaxItems)+1)
	case "garbage":
		v[name] = "not-a-" + name
	case "control":
		v[name] = "a\x00b"
	case "extra":
		v[name] = true
	case "crowd":
		for i := range *s.MaxProps + 1 {
			v[fmt.Sprint("crowd_", i)] = true
		}
	}
	return how
}

// ways are all that can be broken in a value of the schema.
func ways(s *openapi3.Schema) []string {
	var out []string
	for _, name := range s.Required {
		out = append(out, "drop "+name)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		p := s.Properties[name].Value
		for how, can := range map[string]bool{"null": !p.Nullable && p.Type != nil, "type": p.Type != nil, "over": p.Max != nil, "under": p.Min != nil, "long": p.MaxLength != nil && p.Pattern == "",
			"many": p.MaxItems != nil, "garbage": len(p.Enum) > 0 || p.Format == "uuid" || p.Format == "date" || p.Format == "date-time", "control": p.Type.Is("string")} {
			if can {
				out = append(out, how+" "+name)
			}
		}
	}
	if closed := s.AdditionalProperties.Has; closed != nil && !*closed {
		out = append(out, "extra approved", "extra trust_id", "extra __proto__")
	}
	if s.MaxProps != nil {
		out = append(out, "crowd")
	}
	slices.Sort(out)
	return out
}

// bytesOf are bodies that are no JSON of the form that is asked for, whatever the operation.
func (d drawer) bytesOf(whole []byte) []byte {
	return rapid.SampledFrom([][]byte{nil, []byte("{"), []byte("[]"), []byte("null"), []byte(`"x"`), []byte("\xff\xfe"), []byte(`{"a":1,"a":2}`), []byte(`{"a":"\u0000"}`),
		[]byte(`{"a":"\ud800"}x`), bytes.Repeat([]byte("["), 50_000), append(slices.Clone(whole), '}'), append(slices.Clone(whole), []byte(" {}")...)}).Draw(d.T, "bytes")
}

// misread breaks a parameter, for operations that take no body: what cannot be a parameter's value,
// or a parameter that is not there.
func (d drawer) misread(c *apitest.Call) string {
	var ways []string
	for _, p := range c.Params("path") {
		if p.Schema.Value.Format == "uuid" || p.Schema.Value.Pattern != "" {
			ways = append(ways, "path "+p.Name)
		}
	}
	for _, p := range c.Params("query") {
		if s := p.Schema.Value; s.Type.Is("integer") || s.Type.Is("boolean") || len(s.Enum) > 0 || s.Format != "" {
			ways = append(ways, "query "+p.Name)
		}
	}
	for _, p := range c.Params("header") {
		if p.Name == "If-Match" {
			ways = append(ways, "header If-Match")
		}
	}
	how := rapid.SampledFrom(append(ways, "query no_such_parameter")).Draw(d.T, "misread")
	in, name, _ := strings.Cut(how, " ")
	switch in {
	case "path":
		c.Path[name] = rapid.SampledFrom([]string{"x", " ", "null", "\x00", "'", "..%2f", "00000000-0000-0000-0000-00000000000", "{00000000-0000-0000-0000-000000000000}", strings.Repeat("9", 2000)}).Draw(d.T, name)
	case "query":
		c.Query.Set(name, rapid.SampledFrom([]string{"\x00", "not-a-value", "-1", "1e9", "'", "99999999999999999999"}).Draw(d.T, name))
	case "header":
		c.IfMatch = rapid.SampledFrom([]string{"*", "1", `W/"1"`, `"x"`, `"99999999999"`, `"1", "2"`, ""}).Draw(d.T, name)
	}
	return how
}

// encode writes a body in the form that the operation takes.
func encode(contentType string, v any) []byte {
	if strings.HasSuffix(contentType, "form-urlencoded") {
		return form(v.(map[string]any))
	}
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // what was drawn is JSON
	}
	return raw
}
