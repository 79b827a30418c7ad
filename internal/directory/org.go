package directory

import (
	"slices"

	"github.com/google/uuid"
)

// Org is what parties and reviewers are found from: the trust's units with their school calendars,
// and the offices of a day.
type Org struct {
	Units     map[uuid.UUID]OrgUnit
	Offices   []OrgOffice
	Calendars Calendars
}

// OrgUnit is a unit as the resolution of parties needs it.
type OrgUnit struct {
	ID       uuid.UUID
	ParentID *uuid.UUID
	Decides  bool
}

// OrgOffice is an office that somebody holds on the day.
type OrgOffice struct {
	Code     string
	UnitID   uuid.UUID
	PersonID uuid.UUID
}

// Upwards lists the unit and those above it, nearest first.
func (o Org) Upwards(unit uuid.UUID) []OrgUnit {
	var out []OrgUnit
	for range len(o.Units) {
		u, ok := o.Units[unit]
		if !ok {
			return out
		}
		if out = append(out, u); u.ParentID == nil {
			return out
		}
		unit = *u.ParentID
	}
	return out
}

// Layer is the unit whose layer of a policy holds for the unit: itself where it decides, else the
// nearest one above that does.
func (o Org) Layer(unit uuid.UUID) uuid.UUID {
	up := o.Upwards(unit)
	for _, u := range up {
		if u.Decides {
			return u.ID
		}
	}
	if len(up) > 0 {
		return up[len(up)-1].ID
	}
	return unit
}

// Heads are the head or chief executive of a unit that decides.
func (o Org) Heads(u OrgUnit) []uuid.UUID {
	if !u.Decides {
		return nil
	}
	var out []uuid.UUID
	for _, f := range o.Offices {
		if f.UnitID == u.ID && (f.Code == Head || f.Code == CEO) {
			out = append(out, f.PersonID)
		}
	}
	return out
}

// HeadAbove is the head of the nearest unit that decides, from the unit upwards, who is not barred.
func (o Org) HeadAbove(unit uuid.UUID, barred []uuid.UUID) []uuid.UUID {
	for _, u := range o.Upwards(unit) {
		if heads := Without(o.Heads(u), barred); len(heads) > 0 {
			return heads
		}
	}
	return nil
}

// Holders are all who hold the office anywhere in the trust.
func (o Org) Holders(code string) []uuid.UUID {
	var out []uuid.UUID
	for _, f := range o.Offices {
		if f.Code == code {
			out = append(out, f.PersonID)
		}
	}
	return out
}

// HoldersFor are those who hold the office in the nearest unit from the unit upwards that has a
// holder who is not barred; where none above has one, all who hold it elsewhere in the trust.
func (o Org) HoldersFor(code string, unit uuid.UUID, barred []uuid.UUID) []uuid.UUID {
	for _, u := range o.Upwards(unit) {
		var found []uuid.UUID
		for _, f := range o.Offices {
			if f.Code == code && f.UnitID == u.ID {
				found = append(found, f.PersonID)
			}
		}
		if found = Without(found, barred); len(found) > 0 {
			return found
		}
	}
	return Without(o.Holders(code), barred)
}

// Without leaves the barred and repeats out of a list of people.
func Without(people, barred []uuid.UUID) []uuid.UUID {
	var out []uuid.UUID
	for _, p := range people {
		if !slices.Contains(barred, p) && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}
