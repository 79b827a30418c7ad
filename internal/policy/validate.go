package policy

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/perennial-api/perennial/internal/schooltime"
)

// Validate returns everything that keeps a document from being run, and what its trust has still
// to fill: for the trust's own layer, and for every staff group and school with a layer. A fault
// that comes from a lower layer is reported once, where it is.
func Validate(d *Document) []Finding {
	in := &inspection{document: d, seen: map[string]bool{}}
	for _, unit := range append([]string{""}, d.Schools()...) {
		groups := append([]string{""}, append(d.Groups(""), d.Groups(unit)...)...)
		slices.Sort(groups)
		for _, group := range slices.Compact(groups) {
			in.inspect(d.resolve(place{unit, group})) // not kept: most documents validated are drafts
		}
	}
	in.layersOfGroups()
	in.leftOpen()
	return in.findings
}

// inspection collects findings about one resolution after another.
type inspection struct {
	document *Document
	findings []Finding
	seen     map[string]bool // findings already reported for a lower layer
	*Resolved
	samples []schooltime.Anchors // one for each sample year, for date rules
}

func (in *inspection) inspect(r *Resolved) {
	in.Resolved = r
	in.samples = sampleYears(r.Rules.Cycle)
	in.cycle()
	in.population()
	in.people()
	in.selfAssessment()
	in.objectives()
	in.evidence()
	in.checkIns()
	in.checkInRules()
	in.meetings()
	in.meetingRules()
	in.terms()
	in.rating()
	in.judging()
	in.chains()
	in.pay()
	in.appeals()
	in.concern()
	in.retention()
	in.reports()
	in.forms()
}

// fault reports an error about the values that the pointers point to.
func (in *inspection) fault(code, message, suggestion string, at ...any) {
	in.report(Finding{Severity: SeverityError, Code: code, Message: message, Suggestion: suggestion}, at...)
}

// unset reports something that the trust has still to fill.
func (in *inspection) unset(code, message, suggestion string, at ...any) {
	in.report(Finding{Severity: SeverityUnset, Code: code, Message: message, Suggestion: suggestion}, at...)
}

func (in *inspection) report(f Finding, at ...any) {
	for _, leaf := range at {
		s := in.find(leaf)
		f.Paths = append(f.Paths, in.layerPath(in.origins[s.leaf])+"."+s.path)
	}
	in.once(f)
}

// formNamed stands for a whole form in a report; the values of a map have no address.
type formNamed string

func (in *inspection) find(leaf any) spot {
	if name, ok := leaf.(formNamed); ok {
		path := "forms." + string(name)
		return spot{path: path, leaf: path}
	}
	return in.spot(leaf)
}

func (in *inspection) once(f Finding) {
	key := strings.Join(append([]string{f.Code, f.Message}, f.Paths...), "\n")
	if !in.seen[key] {
		in.seen[key] = true
		in.findings = append(in.findings, f)
	}
}

// layerPath is where the document holds the layer of an origin. A default is named where the
// trust would set it.
func (in *inspection) layerPath(origin string) string {
	switch origin {
	case OriginGroup:
		return "groups." + in.place.group
	case OriginSchool:
		return "schools." + in.place.unit + ".rules"
	case OriginSchoolGroup:
		return "schools." + in.place.unit + ".groups." + in.place.group
	}
	return "rules"
}

// layersOfGroups reports layers for staff groups that the trust does not have. The groups are the
// trust's alone to define, so any resolution lists them.
func (in *inspection) layersOfGroups() {
	rules := in.document.Resolve("", "").Rules
	var codes []string
	for _, g := range rules.Population.Groups {
		codes = append(codes, g.Code)
	}
	check := func(path string, groups []string) {
		for _, code := range groups {
			if !slices.Contains(codes, code) {
				f := faultAt(join(path, code), "group_unknown", "there is no staff group %s", code)
				f.Suggestion = "define it in population.groups, or use one of " + strings.Join(codes, ", ")
				in.once(f)
			}
		}
	}
	check("groups", in.document.Groups(""))
	for _, unit := range in.document.Schools() {
		check("schools."+unit+".groups", in.document.Groups(unit))
	}
}

// unique reports codes that are given twice in a list.
func unique[T any](in *inspection, items []T, code func(*T) *string) {
	seen := map[string]*string{}
	for i := range items {
		c := code(&items[i])
		if first, twice := seen[*c]; twice {
			in.fault("code_twice", fmt.Sprintf("the code %s is used twice", *c), "give each its own code", first, c)
			continue
		}
		seen[*c] = c
	}
}

// formExists reports the name of a form that is not there.
func (in *inspection) formExists(name *string) {
	if _, ok := in.Rules.Forms[*name]; *name != "" && !ok {
		in.fault("form_unknown", fmt.Sprintf("there is no form %s", *name),
			"define it in forms, or use one of "+strings.Join(slices.Sorted(maps.Keys(in.Rules.Forms)), ", "), name)
	}
}

const conditionHint = "see the facts and comparisons in the policy's documentation"

// conditionAt reports what is wrong with a condition, each fault with its place inside it.
func (in *inspection) conditionAt(c *Condition) {
	for _, f := range c.Check() {
		s := in.spot(c)
		path := in.layerPath(in.origins[s.leaf]) + "." + s.path
		if inner := f.Paths[0]; inner != "" {
			path = join(path, inner)
		}
		f.Paths, f.Suggestion = []string{path}, conditionHint
		in.once(f)
	}
}
