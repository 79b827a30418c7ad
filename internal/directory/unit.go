package directory

import (
	"strings"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/record"
)

// The kinds of unit. The trust itself is the one root.
const (
	Trust      = "trust"
	School     = "school"
	Central    = "central"
	Department = "department"
)

// Unit is the trust, a school, the central team or a department. The head of a unit that decides
// acts as head for everybody in it; the leader of a department does not.
type Unit struct {
	record.Row
	ParentID *uuid.UUID
	Kind     string
	Name     string
	Code     *string
	Decides  bool
	HeadID   *uuid.UUID `gorm:"->"` // who heads it today
}

// decides says whether the head of a unit of the kind acts as head.
func decides(kind string) bool { return kind != Department }

func (u *Unit) tidy(f *faults) {
	u.Name, u.Code = strings.TrimSpace(u.Name), trimmed(u.Code)
	f.blank("/name", u.Name)
}

func (u *Unit) changes(was Unit) []string {
	return differing(difference{"name", u.Name != was.Name}, difference{"code", !same(u.Code, was.Code)},
		difference{"parent_id", !same(u.ParentID, was.ParentID)})
}
