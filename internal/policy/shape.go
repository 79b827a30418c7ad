package policy

import (
	"reflect"
	"strconv"
	"strings"
	"unicode"
)

// kind says what a value of a policy is in JSON.
type kind string

const (
	kindText   kind = "text"
	kindBool   kind = "yes or no"
	kindWhole  kind = "whole number"
	kindNumber kind = "number"
	kindLimit  kind = "whole number or none"
	kindAny    kind = "value" // of a condition: a scalar or a list of them
	kindScalar kind = "text, number, or yes or no"
	kindList   kind = "list"
	kindMap    kind = "map"
	kindRecord kind = "record"
)

// shape is a Go type of the rules as a document may write it. Reading, schema, documentation and
// addresses all walk shapes, so they cannot disagree about what a policy holds.
type shape struct {
	kind   kind
	name   string   // of a record: its Go type
	elem   *shape   // of a list or map, and of a value that may be a list
	fields []*field // of a record
}

// field is a member of a record, as its tags describe it.
type field struct {
	*shape
	name, doc string
	index     int
	required  bool // written in every record; sections are layers and may be left out
	enum      []string
	min, max  *float64
	scope     []string
	recorded  bool // kept and shown, and acted on by nothing
}

// section says whether the field groups leaves and is not itself one.
func (f *field) section() bool { return f.doc == "" }

// loose says whether the shape takes any scalar.
func (s *shape) loose() bool { return s.kind == kindAny || s.kind == kindScalar }

func (s *shape) field(name string) *field {
	for _, f := range s.fields {
		if f.name == name {
			return f
		}
	}
	return nil
}

// rulesShape is the shape of Rules.
var rulesShape = (shapes{}).of(reflect.TypeFor[Rules]())

// shapes remembers the record types already seen; a condition holds conditions.
type shapes map[reflect.Type]*shape

func (m shapes) of(t reflect.Type) *shape {
	if t == reflect.TypeFor[Limit]() {
		return &shape{kind: kindLimit}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return m.of(t.Elem())
	case reflect.Slice:
		return &shape{kind: kindList, elem: m.of(t.Elem())}
	case reflect.Map:
		return &shape{kind: kindMap, elem: m.of(t.Elem())}
	case reflect.Struct:
		return m.record(t)
	case reflect.String:
		return &shape{kind: kindText}
	case reflect.Bool:
		return &shape{kind: kindBool}
	case reflect.Int:
		return &shape{kind: kindWhole}
	case reflect.Float64:
		return &shape{kind: kindNumber}
	case reflect.Interface:
		return &shape{kind: kindAny, elem: &shape{kind: kindScalar}}
	}
	panic("policy: a rule cannot be a " + t.String())
}

func (m shapes) record(t reflect.Type) *shape {
	if s, ok := m[t]; ok {
		return s
	}
	s := &shape{kind: kindRecord, name: recordName(t)}
	m[t] = s
	for i := range t.NumField() {
		s.fields = append(s.fields, m.member(t.Field(i), i))
	}
	return s
}

func (m shapes) member(sf reflect.StructField, index int) *field {
	name, options, _ := strings.Cut(sf.Tag.Get("json"), ",")
	return &field{
		shape: m.of(sf.Type), name: name, doc: sf.Tag.Get("doc"), index: index,
		required: !strings.Contains(options, "omit"),
		enum:     list(sf.Tag.Get("enum")), scope: list(sf.Tag.Get("scope")),
		min: bound(sf.Tag.Get("min")), max: bound(sf.Tag.Get("max")), recorded: sf.Tag.Get("recorded") != "",
	}
}

func list(tag string) []string {
	if tag == "" {
		return nil
	}
	return strings.Split(tag, ",")
}

func bound(tag string) *float64 {
	if tag == "" {
		return nil
	}
	n, err := strconv.ParseFloat(tag, 64)
	if err != nil {
		panic("policy: the bound " + tag + " is not a number")
	}
	return &n
}

// recordName names a record in the schema; schooltime's Rule is a date rule beside our rules.
func recordName(t reflect.Type) string {
	if t.Name() == "Rule" {
		return "DateRule"
	}
	return t.Name()
}

// words writes a Go name as words: MeetingPlan is "meeting plan".
func words(name string) string {
	var b strings.Builder
	for i, r := range name {
		if i > 0 && unicode.IsUpper(r) {
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// String says in words what the shape takes.
func (s *shape) String() string {
	switch s.kind {
	case kindRecord:
		return words(s.name)
	case kindList, kindMap:
		return string(s.kind) + " of " + s.elem.String()
	}
	return string(s.kind)
}
