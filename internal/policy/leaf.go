package policy

import (
	"slices"
	"strings"
)

// The scopes of a leaf: who may set it, and whether it is frozen while a cycle runs.
const (
	ScopeTrust  = "T"
	ScopeSchool = "S"
	ScopeGroup  = "G"
	ScopeFrozen = "C"
)

// Leaf describes one parameter of a policy: the smallest thing that a layer sets, and it is set
// whole. Of the map of forms each form is set whole.
type Leaf struct {
	Path  string   `json:"path"`
	Type  string   `json:"type"`
	Scope []string `json:"scope"`
	Doc   string   `json:"doc"`
	Enum  []string `json:"enum,omitempty"`
	Min   *float64 `json:"min,omitempty"`
	Max   *float64 `json:"max,omitempty"`
	// Recorded says that the leaf is part of the trust's process and nothing acts on it yet.
	Recorded bool `json:"recorded,omitempty"`
}

// In says whether the leaf has the scope.
func (l Leaf) In(scope string) bool { return slices.Contains(l.Scope, scope) }

// Section is the first part of the leaf's path.
func (l Leaf) Section() string {
	section, _, _ := strings.Cut(l.Path, ".")
	return section
}

// Leaves lists every parameter in the order of Rules.
func Leaves() []Leaf {
	var leaves []Leaf
	rulesShape.eachLeaf("", func(path string, f *field) {
		leaves = append(leaves, Leaf{
			Path: path, Type: f.String(), Scope: f.scope, Doc: f.doc, Enum: f.enum, Min: f.min, Max: f.max, Recorded: f.recorded,
		})
	})
	return leaves
}

func (s *shape) eachLeaf(prefix string, visit func(path string, f *field)) {
	for _, f := range s.fields {
		path := join(prefix, f.name)
		if f.section() {
			f.eachLeaf(path, visit)
		} else {
			visit(path, f)
		}
	}
}

func join(prefix, name string) string {
	if prefix == "" {
		return name
	}
	return prefix + "." + name
}
