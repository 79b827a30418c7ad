package policy

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
)

// codePattern is how codes are written. It holds no dot, so that a path is never ambiguous.
var codePattern = regexp.MustCompile(codeRegexp)

const (
	codeRegexp = `^[a-z][a-z0-9_]{0,49}$`
	maxText    = 4000 // characters of one text of a policy
	maxItems   = 100  // of one list
	maxWhole   = 1 << 31
)

// strict checks a tree against a shape and collects every fault with its path.
type strict struct{ findings []Finding }

func (s *strict) fault(path, code, format string, args ...any) {
	s.findings = append(s.findings, faultAt(path, code, format, args...))
}

// object returns v as an object, or reports that it is none.
func (s *strict) object(path string, v any) (map[string]any, bool) {
	if v == nil {
		s.null(path)
		return nil, false
	}
	object, ok := v.(map[string]any)
	if !ok {
		s.fault(path, "type", "%s must be an object", last(path))
	}
	return object, ok
}

func (s *strict) null(path string) {
	s.fault(path, "null", "a policy holds no null; leave %s out to take the value of the layer below", last(path))
}

// layer checks the patch of one layer, which may set the leaves that have every scope in needs.
func (s *strict) layer(path string, shape *shape, patch any, needs []string) {
	object, ok := s.object(path, patch)
	if !ok {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		at, f := join(path, name), shape.field(name)
		switch {
		case f == nil:
			s.unknown(at)
		case f.section():
			s.layer(at, f.shape, object[name], needs)
		default:
			s.scope(at, f, needs)
			s.value(at, f, object[name])
		}
	}
}

func (s *strict) unknown(path string) {
	s.fault(path, "unknown", "there is no parameter or field %s here", last(path))
}

func (s *strict) scope(path string, f *field, needs []string) {
	who := map[string]string{ScopeSchool: "a school", ScopeGroup: "a staff group", ScopeTrust: "the trust"}
	for _, need := range needs {
		if !slices.Contains(f.scope, need) {
			s.fault(path, "scope", "%s may not be set by %s", f.name, who[need])
		}
	}
}

// value checks v as a value of the field. The bounds and choices of a list are its elements'.
func (s *strict) value(path string, f *field, v any) {
	switch x := v.(type) {
	case nil:
		s.null(path)
	case string:
		s.text(path, f, x)
	case []any:
		s.list(path, f, x)
	case map[string]any:
		s.record(path, f, x)
	case bool:
		if f.kind != kindBool && !f.loose() {
			s.wrong(path, f)
		}
	default:
		s.number(path, f, v)
	}
}

func (s *strict) wrong(path string, f *field) {
	s.fault(path, "type", "%s must be a %s", last(path), f.shape)
}

func (s *strict) text(path string, f *field, v string) {
	switch {
	case f.kind == kindLimit && v == "none":
	case f.kind != kindText && !f.loose():
		s.wrong(path, f)
	case len([]rune(v)) > maxText || strings.ContainsRune(v, 0):
		s.fault(path, "text", "a text has at most %d characters and no NUL", maxText)
	case f.enum != nil && !slices.Contains(f.enum, v):
		s.fault(path, "enum", "%s must be one of %s", last(path), strings.Join(f.enum, ", "))
	case f.name == "code" && !codePattern.MatchString(v):
		s.fault(path, "code", "a code is lower-case letters, digits and underscores, from a letter")
	case f.name == "label" && strings.TrimSpace(v) == "":
		s.fault(path, "blank", "a label must say something")
	}
}

func (s *strict) number(path string, f *field, v any) {
	n, whole := asNumber(v)
	switch {
	case f.loose():
	case f.kind != kindWhole && f.kind != kindNumber && f.kind != kindLimit,
		f.kind != kindNumber && !whole:
		s.wrong(path, f)
	case f.min != nil && n < *f.min, f.kind == kindLimit && n < 0, n < -maxWhole:
		s.fault(path, "min", "%s is too small", last(path))
	case f.max != nil && n > *f.max, n > maxWhole:
		s.fault(path, "max", "%s is too large", last(path))
	}
}

func asNumber(v any) (n float64, whole bool) {
	switch x := v.(type) {
	case int64:
		return float64(x), true
	case int:
		return float64(x), true
	case float64:
		return x, x == math.Trunc(x)
	}
	return math.NaN(), false
}

func (s *strict) list(path string, f *field, v []any) {
	if f.kind != kindList && f.kind != kindAny {
		s.wrong(path, f)
		return
	}
	element := &field{shape: f.elem, name: f.name, enum: f.enum, min: f.min, max: f.max}
	if len(v) > maxItems {
		s.fault(path, "max", "%s holds at most %d", last(path), maxItems)
		return
	}
	for i, item := range v {
		s.value(fmt.Sprintf("%s[%d]", path, i), element, item)
	}
}

func (s *strict) record(path string, f *field, v map[string]any) {
	switch f.kind {
	case kindMap:
		s.entries(path, f, v)
	case kindRecord:
		s.fields(path, f, v)
	default:
		s.wrong(path, f)
	}
}

func (s *strict) entries(path string, f *field, v map[string]any) {
	for _, key := range slices.Sorted(maps.Keys(v)) {
		if !codePattern.MatchString(key) {
			s.fault(path, "code", "%.60q is not a code", key)
			continue
		}
		s.value(join(path, key), &field{shape: f.elem, name: key}, v[key])
	}
}

func (s *strict) fields(path string, f *field, v map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(v)) {
		if member := f.field(name); member == nil {
			s.unknown(join(path, name))
		} else {
			s.value(join(path, name), member, v[name])
		}
	}
	for _, member := range f.fields {
		if _, given := v[member.name]; member.required && !given {
			s.fault(join(path, member.name), "missing", "%s must be given", member.name)
		}
	}
}

// last is the last name of a path, for messages.
func last(path string) string {
	if path == "" {
		return "the document"
	}
	return fmt.Sprintf("%.60s", path[strings.LastIndexByte(path, '.')+1:])
}
