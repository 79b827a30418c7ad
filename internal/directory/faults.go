package directory

import (
	"fmt"
	"strings"

	"github.com/perennial-api/perennial/internal/fault"
)

// faults collects everything that is wrong with a body, so that a caller learns it at once. at is
// where the part that is being looked at stands in the body.
type faults struct {
	at    string
	found []fault.Violation
}

func (f *faults) add(where, code, detail string) {
	f.found = append(f.found, fault.Violation{In: "body", Pointer: f.at + where, Code: code, Detail: detail})
}

func (f *faults) blank(where, text string) {
	if text == "" {
		f.add(where, "blank", "This must not be blank.")
	}
}

// err is nil when nothing was found. One fault gives its own code, several a common one.
func (f *faults) err() error {
	if len(f.found) == 0 {
		return nil
	}
	e := fault.New(fault.Invalid, f.found[0].Code, "%s", f.found[0].Detail)
	if len(f.found) > 1 {
		e = fault.New(fault.Invalid, "invalid_request", "The request has faults; errors lists them all.")
	}
	e.Violations = f.found
	return e
}

func pointer(list string, i int) string { return fmt.Sprintf("%s/%d", list, i) }

// trimmed is the text without space around it; an empty one is none.
func trimmed(s *string) *string {
	if s == nil || strings.TrimSpace(*s) == "" {
		return nil
	}
	t := strings.TrimSpace(*s)
	return &t
}

// same compares what may be absent.
func same[T comparable](a, b *T) bool { return a == b || (a != nil && b != nil && *a == *b) }

// difference says whether the named part of a record changed. Events name what changed and never
// repeat it, for it may be text.
type difference struct {
	name    string
	differs bool
}

func differing(all ...difference) []string {
	names := []string{}
	for _, d := range all {
		if d.differs {
			names = append(names, d.name)
		}
	}
	return names
}
