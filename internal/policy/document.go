package policy

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"sync"
)

// SchemaVersion is the version of the document's form that this package reads.
const SchemaVersion = 1

// How many layers a document may have, which bounds what is resolved from it.
const (
	maxGroups  = 20
	maxSchools = 200
)

// Document is a trust's policy as the trust wrote it: the layers over the model policy. It never
// changes, so what is resolved from it is kept for as long as it is.
type Document struct {
	root     map[string]any
	resolved sync.Map // place → *Resolved; the keys are the layers there are, see place
}

// Parse reads a document in JSON or YAML. It returns either the document or everything that is
// wrong with its form: unknown names, wrong types, values out of bounds, layers that set what they
// may not. Whether a document can be run is for Validate.
func Parse(raw []byte) (*Document, []Finding) {
	tree, findings := readTree(raw)
	if len(findings) > 0 {
		return nil, findings
	}
	s := &strict{}
	root, ok := s.object("", tree)
	if !ok {
		return nil, s.findings
	}
	s.document(root)
	if len(s.findings) > 0 {
		return nil, s.findings
	}
	return &Document{root: root}, nil
}

func (s *strict) document(root map[string]any) {
	if root["schema"] != int64(SchemaVersion) {
		s.fault("schema", "schema", "schema must be %d", SchemaVersion)
	}
	for _, name := range slices.Sorted(maps.Keys(root)) {
		v := root[name]
		switch name {
		case "schema":
		case "profile":
			s.value(name, &field{shape: &shape{kind: kindText}, name: name, enum: profileCodes}, v)
		case "rules":
			s.layer(name, rulesShape, v, []string{ScopeTrust})
		case "groups":
			s.groups(name, v, ScopeGroup)
		case "schools":
			s.schools(name, v)
		default:
			s.unknown(name)
		}
	}
}

func (s *strict) groups(path string, v any, needs ...string) {
	groups, _ := s.object(path, v)
	if len(groups) > maxGroups {
		s.fault(path, "max", "a policy has layers for at most %d staff groups", maxGroups)
	}
	for _, code := range slices.Sorted(maps.Keys(groups)) {
		if !codePattern.MatchString(code) {
			s.fault(path, "code", "%.60q is not the code of a staff group", code)
			continue
		}
		s.layer(join(path, code), rulesShape, groups[code], needs)
	}
}

func (s *strict) schools(path string, v any) {
	schools, _ := s.object(path, v)
	if len(schools) > maxSchools {
		s.fault(path, "max", "a policy has layers for at most %d schools", maxSchools)
	}
	for _, id := range slices.Sorted(maps.Keys(schools)) {
		at := join(path, id)
		if id == "" || len(id) > 64 {
			s.fault(path, "unit", "a school is named by the id of its unit")
			continue
		}
		school, _ := s.object(at, schools[id])
		for _, name := range slices.Sorted(maps.Keys(school)) {
			switch name {
			case "rules":
				s.layer(join(at, name), rulesShape, school[name], []string{ScopeSchool})
			case "groups":
				s.groups(join(at, name), school[name], ScopeSchool, ScopeGroup)
			default:
				s.unknown(join(at, name))
			}
		}
	}
}

// Canonical returns the document in its one form: JSON with sorted keys and no spaces. Documents
// that say the same in JSON and in YAML have the same form.
func (d *Document) Canonical() []byte { return canonical(d.root) }

// MarshalJSON writes the canonical form.
func (d *Document) MarshalJSON() ([]byte, error) { return d.Canonical(), nil }

// SHA256 returns the hash of the canonical form, in hexadecimal.
func (d *Document) SHA256() string {
	sum := sha256.Sum256(d.Canonical())
	return hex.EncodeToString(sum[:])
}

// Profile returns the code of the built-in profile that the document started from, or "".
func (d *Document) Profile() string {
	code, _ := d.root["profile"].(string)
	return code
}

// Schools lists the units that have a layer of their own.
func (d *Document) Schools() []string { return names(child(d.root, "schools")) }

// Groups lists the staff groups that have a layer of the trust, or of the school with the id.
func (d *Document) Groups(unitID string) []string {
	if unitID == "" {
		return names(child(d.root, "groups"))
	}
	return names(child(d.root, "schools", unitID, "groups"))
}

// child walks down objects; a missing one is nil, which is an empty object to read.
func child(tree map[string]any, path ...string) map[string]any {
	for _, name := range path {
		tree, _ = tree[name].(map[string]any)
	}
	return tree
}

func names(object map[string]any) []string { return slices.Sorted(maps.Keys(object)) }
