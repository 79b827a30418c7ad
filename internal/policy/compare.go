package policy

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// ComparedValue is a value of one side of a comparison, and whose it is.
type ComparedValue struct {
	Value  any
	Origin string
}

// Difference is a parameter in which two policies differ. A side that has no such value, which only
// a form may lack, is nil.
type Difference struct {
	Leaf
	Left, Right *ComparedValue
	Elements    []Element // of a list whose elements have codes
	ByElement   bool      // whether Elements says it all
}

// The changes of an element.
const (
	ElementAdded   = "added"
	ElementRemoved = "removed"
	ElementChanged = "changed"
	ElementMoved   = "moved"
)

// Element is one element of a list that differs, by its code.
type Element struct {
	Code        string
	Change      string
	Left, Right any
}

// Comparison is everything in which two policies differ, in the order of the sections.
type Comparison struct {
	Left, Right Side
	Differences []Difference
	Same        int
}

// Side is what was compared: a draft, a version or a profile.
type Side struct {
	Kind   string
	Name   string
	Number int // of a version
}

// Compare lists every parameter in which two documents differ, as they hold for a unit and a staff
// group.
func Compare(left, right *Document, unit, group string) ([]Difference, int) {
	was, is := valuesByPath(left, unit, group), valuesByPath(right, unit, group)
	var found []Difference
	same := 0
	for _, path := range comparedPaths(left, right, unit, group) {
		a, b := was[path], is[path]
		if a != nil && b != nil && reflect.DeepEqual(a.Value, b.Value) {
			same++
			continue
		}
		d := Difference{Leaf: leafAt(path), Left: a, Right: b}
		d.Path = path
		if a != nil && b != nil {
			d.Elements, d.ByElement = compareLists(a.Value, b.Value)
		}
		found = append(found, d)
	}
	return found, same
}

func valuesByPath(d *Document, unit, group string) map[string]*ComparedValue {
	byPath := map[string]*ComparedValue{}
	for _, v := range Values(d, unit, group) {
		byPath[v.Path] = &ComparedValue{Value: v.Value, Origin: v.Origin}
	}
	return byPath
}

// comparedPaths lists the parameters of both sides in the order of the rules; forms that only the
// right side has come last.
func comparedPaths(left, right *Document, unit, group string) []string {
	var paths []string
	for _, side := range []*Document{left, right} {
		for _, v := range Values(side, unit, group) {
			if !slices.Contains(paths, v.Path) {
				paths = append(paths, v.Path)
			}
		}
	}
	return paths
}

// leafAt describes the leaf that a path of Values belongs to; each form is a value of one leaf.
func leafAt(path string) Leaf {
	leaves := Leaves()
	i := slices.IndexFunc(leaves, func(l Leaf) bool { return l.Path == path || l.Path == "forms" && strings.HasPrefix(path, "forms.") })
	return leaves[i]
}

// compareLists compares two lists element by element. It can say nothing of lists whose elements
// have no codes of their own.
func compareLists(was, is any) ([]Element, bool) {
	left, ok1 := was.([]any)
	right, ok2 := is.([]any)
	if !ok1 || !ok2 {
		return nil, false
	}
	before, ok1 := elementsOf(left)
	after, ok2 := elementsOf(right)
	if !ok1 || !ok2 {
		return nil, false
	}
	var found []Element
	for _, code := range codesOf(left) {
		switch now, stays := after[code]; {
		case !stays:
			found = append(found, Element{Code: code, Change: ElementRemoved, Left: before[code]})
		case !reflect.DeepEqual(before[code], now):
			found = append(found, Element{Code: code, Change: ElementChanged, Left: before[code], Right: now})
		}
	}
	for _, code := range codesOf(right) {
		if _, was := before[code]; !was {
			found = append(found, Element{Code: code, Change: ElementAdded, Right: after[code]})
		}
	}
	return append(found, moved(left, right)...), true
}

// moved lists the elements of both sides whose place among those that stay has changed.
func moved(left, right []any) []Element {
	a, b := codesOf(left), codesOf(right)
	before := slices.DeleteFunc(slices.Clone(a), func(c string) bool { return !slices.Contains(b, c) })
	after := slices.DeleteFunc(slices.Clone(b), func(c string) bool { return !slices.Contains(a, c) })
	var found []Element
	for i, code := range before {
		if to := slices.Index(after, code); to != i {
			found = append(found, Element{Code: code, Change: ElementMoved, Left: int64(i + 1), Right: int64(to + 1)})
		}
	}
	return found
}

func elementsOf(list []any) (map[string]any, bool) {
	elements := map[string]any{}
	for _, item := range list {
		code := codeOf(item)
		if _, twice := elements[code]; code == "" || twice {
			return nil, false
		}
		elements[code] = item
	}
	return elements, true
}

func codesOf(list []any) []string {
	codes := make([]string, len(list))
	for i, item := range list {
		codes[i] = codeOf(item)
	}
	return codes
}

// codeOf is what tells an element from the others: its code, a cell's place, or the text itself.
func codeOf(item any) string {
	switch v := item.(type) {
	case string:
		return v
	case map[string]any:
		if code, ok := v["code"].(string); ok {
			return code
		}
		if class, ok := v["class"].(string); ok {
			return class
		}
		if _, cell := v["row"]; cell {
			return fmt.Sprintf("%v.%v", v["row"], v["column"])
		}
	}
	return ""
}
