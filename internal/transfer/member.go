package transfer

import (
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/transfer/stafflist"
)

// The systems under which the directory keeps what a staff list knows people by.
const (
	MIS     = "mis"
	TRN     = "trn"
	Payroll = "payroll"
	mailbox = "@" // no system: a person's e-mail address
)

// identity is one thing that only one person has.
type identity struct{ system, value string }

// claim is an identity that a row states.
type claim struct {
	identity
	field stafflist.Field
}

// claims are what a row's person may be known by, the surest first. A name is none of them.
func claims(r *stafflist.Row) []claim {
	var out []claim
	add := func(system string, value *string, field stafflist.Field) {
		if value != nil {
			out = append(out, claim{identity{system, *value}, field})
		}
	}
	add(MIS, r.ExternalID, stafflist.FieldExternalID)
	add(TRN, r.TRN, stafflist.FieldTRN)
	add(Payroll, r.PayrollNumber, stafflist.FieldPayrollNumber)
	if r.Email != nil {
		out = append(out, claim{mailOf(*r.Email), stafflist.FieldEmail})
	}
	return out
}

func mailOf(address string) identity { return identity{mailbox, strings.ToLower(address)} }

// member is a person of the directory, of the file, or of both.
type member struct {
	was      *directory.Person // nil: not in the directory
	now      directory.Person  // as the file would have it
	posts    []*directory.Post // of the directory
	entries  []*entry          // those of the file that may lead to something
	known    map[string]bool   // the systems in which an identity is known
	said     map[stafflist.Field]string
	changed  []string // names of what of a known person changes
	reopened bool
}

func newMember(was *directory.Person) *member {
	m := &member{was: was, known: map[string]bool{}, said: map[stafflist.Field]string{}}
	if was == nil {
		m.now = directory.Person{Status: directory.Active, AuthEpoch: 1}
		return m
	}
	m.now = *was
	m.now.ExternalIDs = slices.Clone(was.ExternalIDs)
	return m
}

// know takes in the directory: who is there, by what they are known, and their posts.
func (c *comparison) know(dir Directory) {
	for i := range dir.People {
		m := newMember(&dir.People[i])
		c.byPerson[m.was.ID] = m
		for _, id := range m.was.ExternalIDs {
			c.claim(m, identity{id.System, id.Value})
		}
		if m.was.Email != nil {
			c.claim(m, mailOf(*m.was.Email))
		}
		if m.was.Status == directory.Active {
			c.call(m, m.was.GivenName, m.was.FamilyName)
		}
	}
	for i := range dir.Posts {
		if m := c.byPerson[dir.Posts[i].PersonID]; m != nil {
			m.posts = append(m.posts, &dir.Posts[i])
		}
	}
	for i := range dir.Managers {
		row := &dir.Managers[i]
		c.managers[row.PostID] = append(c.managers[row.PostID], row)
	}
}

func (c *comparison) claim(m *member, id identity) { c.byID[id], m.known[id.system] = m, true }

// call lets the person be found by a name, for line managers who are given by one.
func (c *comparison) call(m *member, given, family string) {
	name := fold(given + " " + family)
	if !slices.Contains(c.byName[name], m) {
		c.byName[name] = append(c.byName[name], m)
	}
}

// fold is a text as it is compared: without case, and with single blanks.
func fold(text string) string { return strings.ToLower(strings.Join(strings.Fields(text), " ")) }

// identify finds whose row it is, or takes it for somebody new. A row that cannot be applied tells
// nothing about anybody, but shows whom it is about.
func (c *comparison) identify(e *entry) {
	all := claims(e.row)
	at := slices.IndexFunc(all, func(k claim) bool { return c.byID[k.identity] != nil })
	if at >= 0 {
		e.member = c.byID[all[at].identity]
	}
	c.dismiss(e)
	if len(all) == 0 && e.live() {
		c.fail(e, stafflist.FieldExternalID, "missing_identifier", "the row has nothing to find the person by again: give an external id, TRN, payroll number or work e-mail address")
	}
	if e.live() {
		if e.member == nil {
			e.member, at = newMember(nil), len(all)
		}
		c.assert(e, all, at)
	}
	if e.member == nil {
		return
	}
	if e.member.was != nil {
		e.PersonID = new(e.member.was.ID)
	}
	if e.live() {
		if len(e.member.entries) == 0 {
			c.members = append(c.members, e.member)
		}
		e.member.entries = append(e.member.entries, e)
		c.call(e.member, *e.row.GivenName, *e.row.FamilyName)
	}
}

// assert gives the person the identities of the row. What was found is held to be them; a surer
// identity that contradicts it, or one of somebody else, is an error and never a merger.
func (c *comparison) assert(e *entry, all []claim, at int) {
	var gained []claim
	for i, k := range all {
		switch holder := c.byID[k.identity]; {
		case holder == e.member:
		case holder != nil && k.system == mailbox:
			c.fail(e, k.field, "email_taken", "somebody else, of the directory or of an earlier line, has this e-mail address")
		case holder != nil:
			c.fail(e, k.field, "external_id_taken", "this belongs to somebody else, of the directory or of an earlier line, who is not the person of the row's other identifiers")
		case i < at && e.member.known[k.system]:
			c.fail(e, k.field, "identifiers_disagree", "the person whom a later identifier of the row belongs to has another value here: correct one of the two")
		default:
			gained = append(gained, k)
		}
	}
	if e.failed() {
		return
	}
	for _, k := range gained {
		c.claim(e.member, k.identity)
	}
}

// dismiss leaves out rows of people who have left, as the file says or as the directory does: an
// import ends nothing.
func (c *comparison) dismiss(e *entry) {
	if e.failed() {
		return
	}
	r, m := e.row, e.member
	switch {
	case r.EndOn != nil && r.EndOn.Before(c.Today):
		c.leave(e, stafflist.FieldEndOn, "has_left", "the last day has passed: an import ends nobody, so end the post or deactivate the person in the directory")
	case r.Current != nil && !*r.Current:
		c.leave(e, stafflist.FieldCurrent, "has_left", "the list says that the person has left: an import ends nobody, so deactivate the person in the directory")
	case m != nil && m.was != nil && m.was.Status == directory.Inactive && !m.returns(r):
		c.leave(e, stafflist.FieldStartOn, "person_left", "the directory says that this person has left: only a start date after their last day brings them back")
	}
}

// returns says whether the row is of a new employment of somebody who had left.
func (m *member) returns(r *stafflist.Row) bool {
	if r.StartOn == nil || len(m.posts) == 0 {
		return false
	}
	return !slices.ContainsFunc(m.posts, func(p *directory.Post) bool { return p.UntilOn.IsZero() || p.UntilOn.After(*r.StartOn) })
}

// merge brings what the row says about the person into what the person will be, and names what of
// a known person changes. Of two rows that say different things the first is taken.
func (c *comparison) merge(m *member, e *entry) []string {
	d, r := m.now.Details(), e.row
	if c.says(m, e, stafflist.FieldGivenName, *r.GivenName) {
		d.GivenName = *r.GivenName
	}
	if c.says(m, e, stafflist.FieldFamilyName, *r.FamilyName) {
		d.FamilyName = *r.FamilyName
	}
	if r.Email != nil && c.says(m, e, stafflist.FieldEmail, strings.ToLower(*r.Email)) && (d.Email == nil || !strings.EqualFold(*d.Email, *r.Email)) {
		d.Email = r.Email
	}
	for _, k := range claims(r) {
		if id := (directory.ExternalID{System: k.system, Value: k.value}); k.system != mailbox && !slices.Contains(d.ExternalIDs, id) {
			if k.system == TRN { // nobody has two: this corrects the one there was
				d.ExternalIDs = slices.DeleteFunc(d.ExternalIDs, func(x directory.ExternalID) bool { return x.System == TRN })
			}
			d.ExternalIDs = append(d.ExternalIDs, id)
		}
	}
	changed := m.now.Take(d)
	if m.was != nil && m.was.Status == directory.Inactive && !m.reopened {
		m.reopened, m.now.Status = true, directory.Active
		changed = append(changed, "status")
	}
	m.changed = append(m.changed, changed...)
	return changed
}

// says is true when the row is the first of its person to state the field.
func (c *comparison) says(m *member, e *entry, field stafflist.Field, value string) bool {
	first, ok := m.said[field]
	if !ok {
		m.said[field] = value
		return true
	}
	if first != value {
		c.warn(e, field, "differs_between_rows", "an earlier line of the same person says something else, which was taken")
	}
	return false
}

// personID is the id of a person who may not have one yet.
func (m *member) personID() (id uuid.UUID) {
	if m.was != nil {
		id = m.was.ID
	}
	return id
}
