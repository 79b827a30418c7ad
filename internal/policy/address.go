package policy

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// address is where a value lies. The type tells a record from its first field, which lie in the
// same place.
type address struct {
	at  uintptr
	typ reflect.Type
}

// spot is a place in resolved rules: its path, the leaf that it belongs to, and what is there.
type spot struct {
	path, leaf string
	value      reflect.Value
}

// json returns what is there as a document would write it.
func (s spot) json() any {
	raw, err := json.Marshal(s.value.Interface())
	if err != nil {
		panic("policy: a rule is always writable: " + err.Error())
	}
	tree, _ := readTreeJSON(raw)
	return tree
}

func readTreeJSON(raw []byte) (any, error) { return (&treeReader{}).json(raw) }

// spot finds what leaf points to, or panics.
func (r *Resolved) spot(leaf any) spot {
	v := reflect.ValueOf(leaf)
	if v.Kind() != reflect.Pointer {
		panic(fmt.Sprintf("policy: cite a pointer to a parameter, not a %T", leaf))
	}
	s, ok := r.places()[address{v.Pointer(), v.Type().Elem()}]
	if !ok {
		panic(fmt.Sprintf("policy: the %T points to no parameter of these rules", leaf))
	}
	return s
}

// index walks the rules once and notes the address of each leaf and of everything inside it.
func (r *Resolved) index() map[address]spot {
	x := indexer{}
	x.sections("", rulesShape, reflect.ValueOf(&r.Rules).Elem())
	return x
}

type indexer map[address]spot

func (x indexer) sections(prefix string, s *shape, v reflect.Value) {
	for _, f := range s.fields {
		path, member := join(prefix, f.name), v.Field(f.index)
		if f.section() {
			x.sections(path, f.shape, member)
		} else {
			x.inside(path, path, f.shape, member)
		}
	}
}

func (x indexer) inside(path, leaf string, s *shape, v reflect.Value) {
	if v.CanAddr() {
		x[address{v.Addr().Pointer(), v.Type()}] = spot{path, leaf, v}
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			x.inside(path, leaf, s, v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			x.inside(fmt.Sprintf("%s[%d]", path, i), leaf, s.elem, v.Index(i))
		}
	case reflect.Map: // its values have no address, but the lists in them have
		for _, key := range v.MapKeys() {
			entry := join(path, key.String())
			x.inside(entry, entry, s.elem, v.MapIndex(key))
		}
	case reflect.Struct:
		for _, f := range s.fields { // none for a limit, which is one value
			x.inside(join(path, f.name), leaf, f.shape, v.Field(f.index))
		}
	}
}

// lookup returns the value at the path of a leaf.
func lookup(tree map[string]any, path string) any {
	var v any = tree
	for name := range strings.SplitSeq(path, ".") {
		object, _ := v.(map[string]any)
		v = object[name]
	}
	return v
}
