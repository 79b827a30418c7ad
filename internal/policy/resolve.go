package policy

import (
	"encoding/json"
	"maps"
	"slices"
	"sync"

	"github.com/perennial-api/perennial/internal/fault"
)

// The origins of a value: the layer that set it, the highest one that did.
const (
	OriginDefault     = "default"
	OriginTrust       = "trust"
	OriginGroup       = "group"
	OriginSchool      = "school"
	OriginSchoolGroup = "school_group"
)

// Resolved is a policy as it holds for one unit and one staff group. It is shared by everybody
// who resolves the same: read it, never change it, and cite its own fields, not a copy of them.
type Resolved struct {
	Rules Rules

	place   place
	tree    map[string]any
	origins map[string]string // of leaves, and of each form
	places  func() map[address]spot
}

// place is a key of resolution. Units and groups without a layer of their own share the empty
// name, so a document resolves to no more things than it has layers.
type place struct{ unit, group string }

func (d *Document) place(unitID, group string) place {
	schools, groups := child(d.root, "schools"), child(d.root, "groups")
	if _, own := schools[unitID]; !own {
		unitID = ""
	}
	_, ofTrust := groups[group]
	if _, ofSchool := child(schools, unitID, "groups")[group]; !ofTrust && !ofSchool {
		group = ""
	}
	return place{unitID, group}
}

// Resolve returns the rules for a unit and a staff group: the model policy, the trust's layer, the
// group's, the school's, and the school's for the group, each over the one before. Either name may
// be empty, or have no layer.
func (d *Document) Resolve(unitID, group string) *Resolved {
	at := d.place(unitID, group)
	if r, ok := d.resolved.Load(at); ok {
		return r.(*Resolved)
	}
	r, _ := d.resolved.LoadOrStore(at, d.resolve(at))
	return r.(*Resolved)
}

func (d *Document) resolve(at place) *Resolved {
	r := &Resolved{place: at, tree: modelRules(), origins: map[string]string{}}
	r.apply(OriginDefault, r.tree)
	r.apply(OriginTrust, child(d.root, "rules"))
	if at.group != "" {
		r.apply(OriginGroup, child(d.root, "groups", at.group))
	}
	if at.unit != "" {
		r.apply(OriginSchool, child(d.root, "schools", at.unit, "rules"))
		r.apply(OriginSchoolGroup, child(d.root, "schools", at.unit, "groups", at.group))
	}
	if err := json.Unmarshal(canonical(r.tree), &r.Rules); err != nil {
		panic("policy: a parsed document decodes: " + err.Error())
	}
	r.places = sync.OnceValue(r.index)
	return r
}

func (r *Resolved) apply(origin string, patch map[string]any) {
	r.tree = r.merge(origin, "", rulesShape, r.tree, patch)
}

// merge lays a patch over a tree as JSON Merge Patch does (RFC 7396), but that a leaf is replaced
// whole even when it is an object: half of one date rule and half of another make no sense. The
// forms are merged form by form.
func (r *Resolved) merge(origin, prefix string, s *shape, tree, patch map[string]any) map[string]any {
	merged := maps.Clone(tree)
	if merged == nil {
		merged = map[string]any{}
	}
	for name, v := range patch {
		f, path := s.field(name), join(prefix, name)
		if f.section() {
			merged[name] = r.merge(origin, path, f.shape, child(tree, name), child(patch, name))
			continue
		}
		r.origins[path] = origin
		merged[name] = v
		if f.kind == kindMap {
			merged[name] = r.mergeEntries(origin, path, child(tree, name), child(patch, name))
		}
	}
	return merged
}

func (r *Resolved) mergeEntries(origin, path string, tree, patch map[string]any) map[string]any {
	merged := map[string]any{}
	maps.Copy(merged, tree)
	for key, v := range patch {
		merged[key] = v
		r.origins[join(path, key)] = origin
	}
	return merged
}

// Cite names the parameter that leaf points to, its value and the layer that set it. The leaf is
// a pointer to a field of r.Rules, or into a list: &r.Rules.Outcome.Chain[2].Due. It is found by
// its address, so that a citation cannot name a parameter that was not read; anything that is no
// leaf of r is a mistake of the caller, and Cite panics.
func (r *Resolved) Cite(leaf any) *fault.Citation {
	at := r.spot(leaf)
	return &fault.Citation{Parameter: at.path, Value: at.json(), Origin: r.origins[at.leaf]}
}

// Origin returns the layer that set the leaf at a path of Leaves, or "" if there is none.
func (r *Resolved) Origin(path string) string { return r.origins[path] }

// LeafValue is one parameter with its value, where the value comes from, and the passage of the
// source document behind it where the built-in profile names one.
type LeafValue struct {
	Path   string  `json:"path"`
	Value  any     `json:"value"`
	Origin string  `json:"origin"`
	Source *Source `json:"source,omitempty"`
}

// Values lists every parameter as it holds for a unit and a staff group, each form on its own. A
// source is given while the value is still that of the profile which the document started from.
func Values(d *Document, unitID, group string) []LeafValue {
	r := d.Resolve(unitID, group)
	sourceOf := sourcesFor(d, group)
	var values []LeafValue
	add := func(path, leaf string, v any) {
		value := LeafValue{Path: path, Value: v, Origin: r.origins[path]}
		if value.Origin != OriginDefault {
			value.Source = sourceOf(path, leaf, v)
		}
		values = append(values, value)
	}
	rulesShape.eachLeaf("", func(path string, f *field) {
		v := lookup(r.tree, path)
		entries, _ := v.(map[string]any)
		if f.kind != kindMap {
			add(path, path, v)
			return
		}
		for _, key := range slices.Sorted(maps.Keys(entries)) {
			add(join(path, key), path, entries[key])
		}
	})
	return values
}
