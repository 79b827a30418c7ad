package directory

import (
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
)

// What a change of many records at once, such as an import, must hold to like a change of one.

// Faults says what is wrong with the post as it would be, by where it would stand in a body.
func (p *Post) Faults() []fault.Violation {
	f := &faults{}
	p.tidy(f)
	return f.found
}

// ChangedFrom names what of the post is not as it was.
func (p *Post) ChangedFrom(was Post) []string { return p.changes(was) }

// Details are what the person's record says now.
func (p *Person) Details() Details { return p.details() }

// Take makes the record as given, and names what changed.
func (p *Person) Take(d Details) []string { return p.take(d) }

// Succeed fits a new line manager in from the assignment's day on, between those of the post that
// there are: who ends on that day, and the new one's term. It is nil when they are it already.
func (p *Post) Succeed(rows []*LineManager, a Assignment) (ends []*LineManager, next *LineManager) {
	ends, until := place(rows, a.FromOn)
	if len(ends) == 1 && ends[0].ManagerID == a.ManagerID {
		return nil, nil
	}
	if until.IsZero() {
		until = p.UntilOn
	}
	return ends, &LineManager{PostID: p.ID, ManagerID: a.ManagerID, Term: Term{FromOn: a.FromOn, UntilOn: until}}
}

// Event says what was done to the unit.
func (u *Unit) Event(verb string, data map[string]any) audit.Event { return unitEvent(u, verb, data) }

// Event says what was done to the person.
func (p *Person) Event(verb string, data map[string]any) audit.Event {
	return personEvent(p, verb, data)
}

// Event says what was done to the post.
func (p *Post) Event(verb string, data map[string]any) audit.Event { return postEvent(p, verb, data) }

// Event says what was done to the line management.
func (m *LineManager) Event(verb string, data map[string]any) audit.Event {
	return managerEvent(m, verb, data)
}
