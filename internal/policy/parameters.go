package policy

import (
	"slices"
	"strings"
)

// Parameter is something on which trusts' published policies disagree, by the name that it has in
// the specification, and where a policy of ours says it. A path names a leaf, or a member of the
// records in a leaf: objectives.slots[].smart. Without a path it is no part of a policy, and the
// note says where it is.
type Parameter struct {
	Name  string
	Paths []string
	Note  string
}

// The states of a parameter: what becomes of what a policy says about it.
const (
	stateEnforced  = "enforced"
	stateRecorded  = "recorded"
	statePartly    = "enforced in part"
	stateElsewhere = "not in the policy"
)

// Parameters lists every parameter of the specification, in its order.
func Parameters() []Parameter { return slices.Clone(parameters) }

// leafOf returns the leaf that a path names, or that holds the member which it names.
func leafOf(path string) (Leaf, bool) {
	root, member, inside := strings.Cut(path, "[]")
	for _, l := range Leaves() {
		if l.Path != root {
			continue
		}
		return l, !inside || rulesShape.at(root).elem.holds(strings.TrimPrefix(member, "."))
	}
	return Leaf{}, false
}

// at returns the field at a path of sections.
func (s *shape) at(path string) *shape {
	for name := range strings.SplitSeq(path, ".") {
		s = s.field(name).shape
	}
	return s
}

// holds says whether a record has a member, and that member's records the rest of the path.
func (s *shape) holds(path string) bool {
	name, rest, deeper := strings.Cut(path, ".")
	f := s.field(strings.TrimSuffix(name, "[]"))
	if f == nil || !deeper {
		return f != nil
	}
	if inner := f.shape; strings.HasSuffix(name, "[]") {
		return inner.elem != nil && inner.elem.holds(rest)
	}
	return f.holds(rest)
}

// State says what becomes of the parameter.
func (p Parameter) State() string {
	recorded := 0
	for _, path := range p.Paths {
		if l, _ := leafOf(path); l.Recorded {
			recorded++
		}
	}
	switch {
	case len(p.Paths) == 0:
		return stateElsewhere
	case recorded == 0:
		return stateEnforced
	case recorded == len(p.Paths):
		return stateRecorded
	}
	return statePartly
}

// RenderParameters writes docs/parameters.md: where a policy says each thing on which the trusts'
// published policies disagree.
func RenderParameters() []byte {
	p := &markdown{}
	p.line("# Where a policy says what trusts disagree on\n")
	p.line("<!-- Rendered from internal/policy; do not edit. -->\n")
	p.line(`Five trusts' published policies were read for what one trust decides otherwise than another. Each such parameter
stands here by the name that it was given then, with its place in the policy document (see [policy.md](policy.md)).
*enforced*: the product acts on it. *recorded*: it is kept, versioned, compared and shown in the trust's handbook, and
nothing acts on it yet. A place such as ` + "`objectives.slots[].smart`" + ` is a member of each record of a list.
`)
	p.table("parameter", "place", "state", "note")
	for _, row := range parameters {
		var places []string
		for _, path := range row.Paths {
			places = append(places, "`"+path+"`")
		}
		p.row("`"+row.Name+"`", strings.Join(places, ", "), row.State(), row.Note)
	}
	return []byte(p.String())
}
