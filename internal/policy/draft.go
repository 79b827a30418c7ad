package policy

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/perennial-api/perennial/internal/fault"
)

// HasGroup says whether the document defines the staff group; only the trust's own layer can.
func (d *Document) HasGroup(code string) bool {
	_, ok := d.Group(code)
	return ok
}

// Group returns the staff group with the code.
func (d *Document) Group(code string) (Group, bool) {
	for _, g := range d.Resolve("", "").Rules.Population.Groups {
		if g.Code == code {
			return g, true
		}
	}
	return Group{}, false
}

// maxViolations is how many faults of a request one answer lists.
const maxViolations = 200

// parsed reads a document that was sent; what is no policy at all is refused with every fault.
func parsed(raw []byte) (*Document, error) {
	d, findings := Parse(raw)
	if d != nil {
		return d, nil
	}
	e := fault.New(fault.Invalid, "not_a_policy", "The document is not a policy; errors lists every fault. GET /v1/policy-schema describes it.")
	for _, f := range findings[:min(len(findings), maxViolations)] {
		pointer := "/document"
		if len(f.Paths) > 0 {
			pointer += pointerOf(f.Paths[0])
		}
		e.Violations = append(e.Violations, fault.Violation{In: "body", Pointer: clip(pointer, 500), Code: f.Code, Detail: clip(f.Message, 1000)})
	}
	return nil, e
}

// pointerOf writes a path such as rules.outcome.chain[2].due as a JSON pointer.
func pointerOf(path string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(path, ".") {
		name, index, _ := strings.Cut(part, "[")
		if name != "" {
			b.WriteString("/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name))
		}
		for i := range strings.SplitSeq(index, "[") {
			if n, err := strconv.Atoi(strings.TrimSuffix(i, "]")); err == nil {
				b.WriteString("/" + strconv.Itoa(n))
			}
		}
	}
	return b.String()
}

// clip holds a text to a number of characters.
func clip(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most])
}

// named trims a name and refuses an empty one.
func named(name string) (string, error) {
	if name = strings.TrimSpace(name); name == "" {
		return "", fault.Body("/name", "required", "A policy needs a name.")
	}
	return name, nil
}
