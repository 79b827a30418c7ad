package directory

import (
	"regexp"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/record"
)

// The statuses of a person.
const (
	Active   = "active"
	Inactive = "inactive"
)

// Person is a member of staff. AuthEpoch rises when every token of theirs must end.
type Person struct {
	record.Row
	GivenName   string
	FamilyName  string
	Email       *string
	Status      string
	AuthEpoch   int
	ExternalIDs []ExternalID `gorm:"-"`
	Posts       []Post       `gorm:"-"` // those of today that the reader reaches
}

// TableName names the table.
func (Person) TableName() string { return "people" }

// ExternalID is an identifier of another system, such as the MIS. Both parts are case-sensitive.
type ExternalID struct{ System, Value string }

// ParseExternalID splits at the first colon, so that a value may have colons of its own.
func ParseExternalID(s string) (ExternalID, bool) {
	system, value, ok := strings.Cut(s, ":")
	id := ExternalID{System: strings.TrimSpace(system), Value: strings.TrimSpace(value)}
	return id, ok && id.System != "" && id.Value != ""
}

// Card is what everybody in the trust may see of a person; job title and unit are those of the
// main post of the day.
type Card struct {
	ID          uuid.UUID
	DisplayName string
	JobTitle    *string
	UnitID      *uuid.UUID
}

// Details are a person's own words about themselves, as given by a caller.
type Details struct {
	GivenName   string
	FamilyName  string
	Email       *string
	ExternalIDs []ExternalID
}

var address = regexp.MustCompile(`^[^@\s]+@[^@\s]+$`)

// tidy trims what was given and finds every fault of it.
func (d *Details) tidy(f *faults) {
	d.GivenName, d.FamilyName = strings.TrimSpace(d.GivenName), strings.TrimSpace(d.FamilyName)
	f.blank("/given_name", d.GivenName)
	f.blank("/family_name", d.FamilyName)
	if d.Email = trimmed(d.Email); d.Email != nil && !address.MatchString(*d.Email) {
		f.add("/email", "bad_email", "This is not an e-mail address.")
	}
	for i, id := range d.ExternalIDs {
		id = ExternalID{System: strings.TrimSpace(id.System), Value: strings.TrimSpace(id.Value)}
		at := pointer("/external_ids", i)
		if id.System == "" || id.Value == "" || strings.Contains(id.System, ":") {
			f.add(at, "bad_external_id", "An outside id has a system without a colon, and a value.")
		}
		if slices.Contains(d.ExternalIDs[:i], id) {
			f.add(at, "repeated", "The outside id is there twice.")
		}
		d.ExternalIDs[i] = id
	}
}

// details are what the person's record says now.
func (p *Person) details() Details {
	return Details{GivenName: p.GivenName, FamilyName: p.FamilyName, Email: p.Email, ExternalIDs: slices.Clone(p.ExternalIDs)}
}

// take makes the record as given, and names what changed.
func (p *Person) take(d Details) []string {
	changed := differing(
		difference{"given_name", p.GivenName != d.GivenName}, difference{"family_name", p.FamilyName != d.FamilyName},
		difference{"email", !same(p.Email, d.Email)}, difference{"external_ids", !sameIDs(p.ExternalIDs, d.ExternalIDs)})
	p.GivenName, p.FamilyName, p.Email, p.ExternalIDs = d.GivenName, d.FamilyName, d.Email, d.ExternalIDs
	return changed
}

func sameIDs(a, b []ExternalID) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(id ExternalID) bool { return !slices.Contains(b, id) })
}

// leave ends the person's employment and every token of theirs.
func (p *Person) leave() error {
	if p.Status == Inactive {
		return fault.New(fault.Conflict, "already_inactive", "This person has left already.")
	}
	p.Status = Inactive
	p.AuthEpoch++
	return nil
}
