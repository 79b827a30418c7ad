package contractfuzz

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
	"pgregory.net/rapid"
)

// nasty is allowed text that has broken other services: as long as its length fits, so must it here.
var nasty = []string{"", " ", "\ufeff", "\u202e", "e\u0301\u0302", "𝒳", "null", "true", "0", "-1", "1e400", "9223372036854775808", "' OR 1=1--", "%00", `\u0000`, "../../etc/passwd",
	"<script>alert(1)</script>", "=1+1", "{{7*7}}", "${jndi:x}", "a\r\nX: y", "\t", `"`, `\`, "'", "%s%n", "🏳️‍🌈", strings.Repeat("A", 4000), strings.Repeat("é", 4000)}

// drawer draws what the contract allows, about records that are there more often than not.
type drawer struct {
	*rapid.T
	w *world
}

// chance is true so often of a hundred. It is made of single bits, for rapid draws small numbers
// far more often than large ones.
func (d drawer) chance(percent int, label string) bool { return d.even(100, label) < percent }

// even is a number below n, each as likely as another.
func (d drawer) even(n int, label string) int {
	v := 0
	for i, bit := range rapid.SliceOfN(rapid.Bool(), 10, 10).Draw(d.T, label) {
		if bit {
			v += 1 << i
		}
	}
	return v * n / 1024
}

func pick[T any](d drawer, of []T, label string) T { return of[d.even(len(of), label)] }

// value draws a value of the schema. name is the property or parameter that it is for, example
// what the contract shows there.
func (d drawer) value(s *openapi3.Schema, name string, example any) any {
	for _, part := range s.AllOf {
		if s.Type == nil {
			return d.value(part.Value, name, example)
		}
	}
	switch {
	case name == "document" && d.chance(80, "near the real one"):
		return d.changed(d.w.document, true)
	case len(s.Enum) > 0:
		return pick(d, s.Enum, name)
	case s.Type.Is("integer"):
		return d.integer(s, name)
	case s.Type.Is("boolean"):
		return rapid.Bool().Draw(d.T, name)
	case s.Type.Is("array"):
		return d.array(s, name, example)
	case s.Type.Is("object"):
		return d.object(s, name)
	case s.Type.Is("string"):
		return d.text(s, name, example)
	}
	return d.anything(name, 3)
}

func (d drawer) integer(s *openapi3.Schema, name string) int {
	low, high := -1<<31, 1<<31-1
	if s.Min != nil {
		low = int(*s.Min)
	}
	if s.Max != nil {
		high = int(*s.Max)
	}
	return rapid.IntRange(low, high).Draw(d.T, name)
}

func (d drawer) array(s *openapi3.Schema, name string, example any) []any {
	high := max(3, int(s.MinItems))
	if s.MaxItems != nil {
		high = min(high, int(*s.MaxItems))
	}
	out := make([]any, rapid.IntRange(int(s.MinItems), high).Draw(d.T, name+" items"))
	shown, _ := example.([]any)
	for i := range out {
		var one any
		if len(shown) > 0 {
			one = shown[0]
		}
		out[i] = d.value(s.Items.Value, strings.TrimSuffix(name, "s"), one)
	}
	return out
}

func (d drawer) object(s *openapi3.Schema, name string) map[string]any {
	out := map[string]any{}
	shown, _ := s.Example.(map[string]any)
	for _, p := range slices.Sorted(maps.Keys(s.Properties)) {
		if slices.Contains(s.Required, p) || len(out) < int(s.MinProps) || d.chance(60, p+"?") {
			out[p] = d.value(s.Properties[p].Value, p, shown[p])
		}
	}
	if s.AdditionalProperties.Schema != nil || s.AdditionalProperties.Has != nil && *s.AdditionalProperties.Has {
		for range rapid.IntRange(0, 3).Draw(d.T, name+" keys") {
			key := d.key(name)
			if each := s.AdditionalProperties.Schema; each != nil && each.Value != nil && each.Value.Type != nil {
				out[key] = d.value(each.Value, key, nil)
			} else {
				out[key] = d.anything(key, 3)
			}
		}
	}
	return out
}

// key is a key of a form or a document, as they come or not.
func (d drawer) key(name string) string {
	return rapid.SampledFrom([]string{"went_well", "even_better_if", "whats_next", "progress", "complete", "framework_score", "review_statement", "praise", "clear_link", "link",
		"schema", "profile", "rules", "trust", "groups", "objectives", "slots", "", "__proto__", d.known("objective_id"), "0"}).Draw(d.T, name+" key")
}

// changed is the value with something else in one place, though never in the place of the whole.
func (d drawer) changed(v any, whole bool) any {
	switch v := v.(type) {
	case map[string]any:
		if len(v) > 0 && (whole || d.chance(90, "deeper")) {
			out, at := maps.Clone(v), pick(d, slices.Sorted(maps.Keys(v)), "at")
			out[at] = d.changed(v[at], false)
			return out
		}
	case []any:
		if len(v) > 0 && (whole || d.chance(90, "deeper")) {
			out, at := slices.Clone(v), d.even(len(v), "at")
			out[at] = d.changed(v[at], false)
			return out
		}
	}
	return d.anything("changed", 2)
}

// anything is a JSON value of any form.
func (d drawer) anything(name string, depth int) any {
	if depth > 0 && d.chance(25, name+" deep") {
		if rapid.Bool().Draw(d.T, name+" list") {
			return []any{d.anything(name, depth-1), d.anything(name, depth-1)}
		}
		return map[string]any{d.key(name): d.anything(name, depth-1)}
	}
	return rapid.SampledFrom([]any{nil, true, 0, -1, 8, 3.5, 1e300, "", "met", "often", "all", "tsat", "A good year.", "0000-00-00", nasty[len(nasty)-1], d.known("person_id"), []any{}, map[string]any{}}).Draw(d.T, name)
}

// known is the id of a record of this trust, mostly.
func (d drawer) known(kind string) string {
	ids := pick(d, d.w.known, kind+" of")
	switch {
	case strings.HasSuffix(kind, "manager_id"), kind == "holder_id", kind == "reviewer_id":
		kind = "person_id"
	case kind == "parent_id" || kind == "subject_id":
		kind = rapid.SampledFrom([]string{"unit_id", "priority_id", "objective_id", "appraisal_id", "meeting_id", "self_assessment_id"}).Draw(d.T, "kind")
	}
	if d.chance(15, "theirs") && d.w.theirs[kind] != "" {
		return d.w.theirs[kind]
	}
	if ids[kind] == "" || d.chance(15, "nobody's") {
		return rapid.StringMatching(`[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}`).Draw(d.T, kind)
	}
	return ids[kind]
}

func (d drawer) text(s *openapi3.Schema, name string, example any) string {
	switch s.Format {
	case "uuid":
		return d.known(name)
	case "date":
		return d.date(name)
	case "date-time":
		if d.chance(20, "odd time") {
			return rapid.SampledFrom([]string{"1900-01-01T00:00:00Z", "2200-12-31T23:59:59.999999999+14:00", "2026-10-25T01:30:00+01:00"}).Draw(d.T, name)
		}
		return d.date(name) + "T09:30:00Z"
	}
	if shown, ok := example.(string); ok && d.chance(60, name+" as shown") {
		return shown
	}
	if s.Pattern != "" {
		return rapid.StringMatching(regexp.MustCompile(`^\^|\$$`).ReplaceAllString(s.Pattern, "")).Filter(func(v string) bool { return fits(s, v) }).Draw(d.T, name)
	}
	plain := rapid.StringOfN(rapid.RuneFrom([]rune("aZ 0_.-é漢🙂\n")), int(s.MinLength), longest(s, 30), -1)
	return rapid.OneOf(rapid.SampledFrom(nasty), plain).Filter(func(v string) bool { return fits(s, v) }).Draw(d.T, name)
}

// date is a day of these years, or the first or last that there is.
func (d drawer) date(name string) string {
	if d.chance(10, "odd day") {
		return rapid.SampledFrom([]string{"1900-01-01", "2024-02-29", "2199-08-31"}).Draw(d.T, name)
	}
	return fmt.Sprintf("%04d-%02d-%02d", rapid.IntRange(2026, 2028).Draw(d.T, name+" year"), rapid.IntRange(1, 12).Draw(d.T, name+" month"), rapid.IntRange(1, 28).Draw(d.T, name+" day"))
}

func longest(s *openapi3.Schema, most int) int {
	if s.MaxLength != nil {
		most = min(most, int(*s.MaxLength))
	}
	return max(most, int(s.MinLength))
}

func fits(s *openapi3.Schema, v string) bool {
	n := utf8.RuneCountInString(v)
	return n >= int(s.MinLength) && (s.MaxLength == nil || n <= int(*s.MaxLength))
}
