package policy

import "slices"

// FactsAsked lists the facts that conditions of the rules ask of a post.
func (r *Resolved) FactsAsked() []string {
	var found []string
	var walk func(any)
	walk = func(v any) {
		switch x := v.(type) {
		case []any:
			for _, item := range x {
				walk(item)
			}
		case map[string]any:
			if fact, ok := x["fact"].(string); ok && !slices.Contains(found, fact) {
				found = append(found, fact)
			}
			for _, name := range names(x) {
				walk(x[name])
			}
		}
	}
	for _, section := range names(r.tree) {
		if section != "forms" {
			walk(r.tree[section])
		}
	}
	return found
}

// Knows says whether the fact is known.
func (fs FactSet) Knows(name string) bool {
	_, known := fs.known(name)
	return known
}
