package transfer

import (
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/transfer/stafflist"
)

// units are the units of the trust, and the schools that the file adds to them.
type units struct {
	byID           map[uuid.UUID]*directory.Unit
	byCode, byName map[string]*directory.Unit
	root           *directory.Unit
	central        *directory.Unit // the one central team, or the root where there is none; nil where there are several
	schools        int
	added          []*directory.Unit
}

// mostUnits is the most schools that one import may add; more are a column that is no school.
const mostUnits = 200

func newUnits(rows []directory.Unit) *units {
	u := &units{byID: map[uuid.UUID]*directory.Unit{}, byCode: map[string]*directory.Unit{}, byName: map[string]*directory.Unit{}}
	teams := []*directory.Unit{}
	for i := range rows {
		row := &rows[i]
		u.byID[row.ID], u.byName[fold(row.Name)] = row, row
		if row.Code != nil {
			u.byCode[foldCode(*row.Code)] = row
		}
		switch row.Kind {
		case directory.Trust:
			u.root = row
		case directory.School:
			u.schools++
		case directory.Central:
			teams = append(teams, row)
		}
	}
	switch len(teams) {
	case 0:
		u.central = u.root
	case 1:
		u.central = teams[0]
	}
	return u
}

// foldCode is a school's number as it is compared: 123/4567 and 1234567 are one LAESTAB.
func foldCode(code string) string {
	return strings.ToLower(strings.NewReplacer("/", "", "-", "", " ", "").Replace(code))
}

// The words by which lists call what is no school.
var (
	centralWords = []string{"central", "central team", "central services", "central office", "head office", "trust central team"}
	trustWords   = []string{"trust", "the trust", "trust wide", "trust-wide"}
)

// find returns the unit that the text names, by its code or name, or nil.
func (u *units) find(text string) *directory.Unit {
	if found := u.byCode[foldCode(text)]; found != nil {
		return found
	}
	name := fold(text)
	switch found := u.byName[name]; {
	case found != nil:
		return found
	case slices.Contains(centralWords, name):
		return u.central
	case slices.Contains(trustWords, name):
		return u.root
	}
	return nil
}

// add makes a school of the trust. A number is its code as well as its name, so that the next list
// finds it by the number when somebody has given it a name.
func (u *units) add(text string) *directory.Unit {
	s := &directory.Unit{ParentID: &u.root.ID, Kind: directory.School, Name: text, Decides: true}
	if code := foldCode(text); code != "" && strings.Trim(code, "0123456789") == "" && len(text) <= 64 {
		s.Code = new(text)
		u.byCode[code] = s
	}
	u.byName[fold(text)] = s
	u.added = append(u.added, s)
	return s
}

// site is the unit's school or central team, or the trust: the nearest that decides.
func (u *units) site(of *directory.Unit) *directory.Unit {
	for n := 0; !of.Decides && of.ParentID != nil && n <= len(u.byID); n++ {
		of = u.byID[*of.ParentID]
	}
	return of
}

// within says whether the unit is the other one or stands below it.
func (u *units) within(unit, of *directory.Unit) bool {
	for n := 0; unit != nil && n <= len(u.byID); n++ {
		if unit == of {
			return true
		}
		if unit.ParentID == nil {
			return false
		}
		unit = u.byID[*unit.ParentID]
	}
	return false
}

// locate finds the unit that the row names.
func (c *comparison) locate(e *entry) {
	if !e.live() || e.row.School == nil {
		return
	}
	text := *e.row.School
	e.unit = c.units.find(text)
	switch {
	case e.unit != nil:
	case slices.Contains(centralWords, fold(text)):
		c.fail(e, stafflist.FieldSchool, "ambiguous_school", "the trust has several central teams: write the name of one")
	case len(c.units.added) >= mostUnits:
		c.fail(e, stafflist.FieldSchool, "too_many_schools", "the list names more than 200 schools that the trust does not have: is this the right column?")
	default:
		e.unit = c.units.add(text)
	}
}

// atHome is where a post is of which the list does not say where: in a trust without schools, in
// the trust itself.
func (c *comparison) atHome(e *entry) *directory.Unit {
	if c.units.schools+len(c.units.added) > 0 {
		c.fail(e, stafflist.FieldSchool, "missing_school", "the row does not say at which school the post is")
		return nil
	}
	return c.units.root
}
