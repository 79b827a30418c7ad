package plan

import (
	"strings"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/record"
)

// Priority is something that the trust or one of its units sets out to do. A priority with a
// parent is of the second level, the last. Code is unique among the live ones of the trust.
type Priority struct {
	record.Row
	ParentID    *uuid.UUID
	UnitID      *uuid.UUID // nil: the whole trust
	Partnership bool       // it is shared with a wider partnership of trusts
	Code        string
	Title       string
	Archived    bool
}

// Level says whose priority it is.
type Level string

// The levels of a priority.
const (
	OfTrust       Level = "trust"
	OfUnit        Level = "unit"
	OfPartnership Level = "partnership"
)

// Level is whose priority it is.
func (p *Priority) Level() Level {
	switch {
	case p.Partnership:
		return OfPartnership
	case p.UnitID != nil:
		return OfUnit
	}
	return OfTrust
}

// at gives a new priority a level; an empty one follows from its unit.
func (p *Priority) at(level Level) error {
	p.Partnership = level == OfPartnership
	switch {
	case level == OfTrust && p.UnitID != nil:
		return fault.Body("/level", "level_of_another_unit", "A priority of a unit is not of the level trust. Leave unit_id out, or choose another level.")
	case level == OfUnit && p.UnitID == nil:
		return fault.Body("/unit_id", "unit_required", "A priority of the level unit names its unit.")
	}
	return nil
}

// PriorityChange is what may change of a priority; nil leaves as it is.
type PriorityChange struct{ Code, Title *string }

// PriorityFilter narrows a list of priorities; nil does not.
type PriorityFilter struct {
	UnitID, ParentID *uuid.UUID
	Archived         bool
}

// CodeTaken says that another live priority bears the code. The store finds it by the index that
// holds under concurrency too.
func CodeTaken() error {
	return fault.New(fault.Conflict, "code_taken", "Another live priority of the trust has this code.")
}

// under places a new priority below its parent.
func (p *Priority) under(parent *Priority) error {
	switch {
	case parent.ParentID != nil:
		return fault.Body("/parent_id", "parent_not_first_level", "Priorities have two levels: the parent must be of the first.")
	case parent.UnitID != nil && (p.UnitID == nil || *p.UnitID != *parent.UnitID):
		return fault.Body("/parent_id", "parent_of_another_unit", "The parent must be of the whole trust, or of the same unit.")
	case parent.Archived:
		return fault.New(fault.Conflict, "parent_archived", "The parent is archived. Choose one that is live.")
	}
	p.ParentID = &parent.ID
	return nil
}

// change applies c and names what it touched.
func (p *Priority) change(c PriorityChange) ([]string, error) {
	if p.Archived {
		return nil, fault.New(fault.Conflict, "archived", "An archived priority stays as it was. Add a new one instead.")
	}
	return assign(
		text{"/code", c.Code, &p.Code},
		text{"/title", c.Title, &p.Title})
}

func (p *Priority) event(verb string, data map[string]any) audit.Event {
	e := audit.About("priority", p.ID, p.Version, verb, data)
	e.UnitID = p.UnitID
	return e
}

// text is a new value for a field that must not be blank; nil leaves the field as it is.
type text struct {
	pointer string
	value   *string
	field   *string
}

// assign trims and sets what is given, and names what it set. It finds every blank text at once.
func assign(fields ...text) ([]string, error) {
	changed, blank := []string{}, []fault.Violation{}
	for _, f := range fields {
		if f.value == nil {
			continue
		}
		v := strings.TrimSpace(*f.value)
		if v == "" {
			blank = append(blank, fault.Violation{In: "body", Pointer: f.pointer, Code: "blank", Detail: "Write something here."})
			continue
		}
		*f.field = v
		changed = append(changed, f.pointer[1:])
	}
	if len(blank) > 0 {
		e := fault.New(fault.Invalid, "blank", "A text that is needed is blank.")
		e.Violations = blank
		return nil, e
	}
	return changed, nil
}
