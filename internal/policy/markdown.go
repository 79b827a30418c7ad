package policy

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// RenderMarkdown writes docs/policy.md: how a policy is made up, every parameter with its default,
// the records that parameters hold, the facts, the comparisons and the built-in profiles.
func RenderMarkdown() []byte {
	p := &markdown{}
	p.line("# The policy document\n")
	p.line("<!-- Rendered from internal/policy; do not edit. -->\n")
	p.layers()
	p.parameters()
	p.records()
	p.conditions()
	p.profiles()
	return []byte(p.String())
}

// markdown is a page being written.
type markdown struct{ strings.Builder }

func (p *markdown) line(format string, args ...any) { fmt.Fprintf(&p.Builder, format+"\n", args...) }

// row writes a row of a table; a pipe in a cell would end it.
func (p *markdown) row(cells ...string) {
	for i, c := range cells {
		cells[i] = strings.ReplaceAll(c, "|", `\|`)
	}
	p.line("| %s |", strings.Join(cells, " | "))
}

func (p *markdown) table(heads ...string) {
	p.row(heads...)
	p.line("|%s", strings.Repeat("---|", len(heads)))
}

func (p *markdown) layers() {
	p.line(`A policy is a document in JSON or YAML: a few layers over Perennial's model policy.

`+"```json"+`
{
  "schema": %d,
  "profile": "tsat",
  "rules": {"objectives": {"counted": 3}},
  "groups": {"support": {"objectives": {"due": {"anchor": "cycle_start", "month_day": "11-14"}}}},
  "schools": {"<unit id>": {"rules": {"objectives": {"bank": false}}, "groups": {}}}
}
`+"```"+`

- Layers lie over each other in this order: the model policy, `+"`rules`"+` (the trust), `+"`groups`"+` (a staff group),
  `+"`schools.….rules`"+` (a school), `+"`schools.….groups`"+` (a staff group in a school). Each says only what it changes.
- A layer is a JSON Merge Patch (RFC 7396) down to the parameters below; a parameter is replaced whole, also where it is
  a list or an object. Of `+"`forms`"+` each form is replaced whole.
- There is no null: what a layer leaves out keeps the value of the layer below, and the answer to "whose value is it" is
  default, trust, group, school or school_group. "none" means no limit.
- Scope: T the trust may set it, G a staff group's layer, S a school's layer; a school's layer for a group needs both.
  C: it does not change while a cycle runs.
- `+"`profile`"+` names the built-in profile that the document started from; it changes nothing, and tells where a value was
  read from while it is still the profile's.
- A finding is an *error*, which keeps the document from being published, or *unset*, which the trust fills before use.
`, SchemaVersion)
}

func (p *markdown) parameters() {
	p.line("## Parameters")
	section := ""
	for _, leaf := range Leaves() {
		if leaf.Section() != section {
			section = leaf.Section()
			p.line("\n### %s\n", section)
			p.table("parameter", "type", "scope", "default", "what it says")
		}
		p.row("`"+leaf.Path+"`", typeWords(leaf.Type, leaf.Enum, leaf.Min, leaf.Max),
			strings.Join(leaf.Scope, " "), defaultOf(leaf.Path), leafDoc(leaf))
	}
}

func leafDoc(l Leaf) string {
	if l.Recorded {
		return l.Doc + " (*" + recordedOnly + "*)"
	}
	return l.Doc
}

func typeWords(name string, enum []string, least, greatest *float64) string {
	if enum != nil {
		name += ": " + strings.Join(enum, ", ")
	}
	if least != nil && greatest != nil {
		name += fmt.Sprintf(", %g to %g", *least, *greatest)
	}
	return name
}

// defaultOf shows a short value as it is, and says how much there is of a long one.
func defaultOf(path string) string {
	v := lookup(modelRules(), path)
	text := string(canonical(v))
	if utf8.RuneCountInString(text) <= 60 {
		return "`" + text + "`"
	}
	var codes []string
	switch x := v.(type) {
	case []any:
		for _, item := range x {
			record, _ := item.(map[string]any)
			code, _ := record["code"].(string)
			codes = append(codes, code)
		}
	case map[string]any:
		if path != "forms" {
			return "`" + text + "`"
		}
		codes = names(x)
	}
	return strings.Join(codes, ", ")
}

// records describes what lists and maps hold, each record once, in the order of first use.
func (p *markdown) records() {
	p.line("\n## Records")
	var seen []*shape
	rulesShape.eachLeaf("", func(_ string, f *field) { seen = f.shape.collect(seen) })
	for _, s := range seen {
		p.line("\n### %s\n", words(s.name))
		p.table("field", "type", "given", "what it says")
		for _, f := range s.fields {
			given := "may be left out"
			if f.required {
				given = "always"
			}
			p.row("`"+f.name+"`", typeWords(f.String(), f.enum, f.min, f.max), given, f.doc)
		}
	}
}

func (s *shape) collect(seen []*shape) []*shape {
	if s.elem != nil {
		return s.elem.collect(seen)
	}
	if s.kind != kindRecord || slices.Contains(seen, s) {
		return seen
	}
	seen = append(seen, s)
	for _, f := range s.fields {
		seen = f.shape.collect(seen)
	}
	return seen
}

func (p *markdown) conditions() {
	p.line("\n## Facts\n\nWhat a condition may ask of a post, on the day for which it is asked.\n")
	p.table("fact", "type", "what it says")
	for _, f := range Facts() {
		p.row("`"+f.Name+"`", typeWords(string(f.Type), f.Values, nil, nil), f.Doc)
	}
	p.line("\n## Comparisons\n\nA comparison with an unknown fact is false, `is_not` too.\n")
	p.table("op", "facts", "holds when")
	for _, o := range opList {
		var types []string
		for _, t := range o.types {
			types = append(types, string(t))
		}
		p.row("`"+o.name+"`", strings.Join(types, ", "), o.doc)
	}
}

func (p *markdown) profiles() {
	p.line("\n## Built-in profiles")
	for _, profile := range Profiles() {
		p.line("\n### %s: %s\n\n%s\n", profile.Code, profile.Label, profile.Summary)
		p.line("To fill before use: %d.", len(profile.ToFill))
		for _, f := range profile.ToFill {
			p.line("- `%s`: %s", strings.Join(f.Paths, "`, `"), f.Message)
		}
	}
}
