package postgres

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/auth"
	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/page"
)

// headsPerson holds when the caller heads a unit in which the person has a post today, or had
// their last one if they have none.
var headsPerson = `exists (select from posts hp where hp.trust_id = @trust and hp.person_id = p.id and hp.unit_id in @units and (` + currentSQL("hp") + `
  or not exists (select from posts op where op.trust_id = @trust and op.person_id = p.id and (` + currentSQL("op") + ` or op.from_on > hp.from_on))))`

// teamPerson holds when the caller line-manages a post of the person today, or has a seat today on
// an appraisal of theirs.
var teamPerson = `exists (select from line_managers m join posts tp on tp.trust_id = m.trust_id and tp.id = m.post_id
    where m.trust_id = @trust and m.manager_id = @me and tp.person_id = p.id and ` + currentSQL("m") + `)
  or exists (select from seats s join appraisals a on a.trust_id = s.trust_id and a.id = s.appraisal_id
    where s.trust_id = @trust and s.person_id = @me and a.person_id = p.id and ` + currentSQL("s") + `)`

// people starts a query for the people whom the caller reaches by the operation.
func (s DirectoryStore) people(ctx context.Context, op string) (string, map[string]any) {
	reach, args := s.db.reachWhere(op, access.From(ctx), "p.id", headsPerson, teamPerson)
	return "select p.* from people p where p.trust_id = @trust and " + reach, args
}

// byName orders people, and afterName begins behind one of them.
const (
	byName    = `p.family_name collate "und-x-icu", p.given_name collate "und-x-icu", p.id`
	afterName = ` and (` + byName + `) > (select ` + byName + ` from people p where p.trust_id = @trust and p.id = @after)`
)

// People implements directory.Store.
func (s DirectoryStore) People(ctx context.Context, op string, f directory.PersonFilter, r page.Request) (page.Page[directory.Person], error) {
	r.Filter = f
	after, err := afterID(r)
	if err != nil {
		return page.Page[directory.Person]{}, err
	}
	sql, args := s.people(ctx, op)
	sql += filterPeople(f, args)
	if after != nil {
		sql += afterName
		args["after"] = *after
	}
	args["limit"] = r.Size() + 1
	var rows []directory.Person
	if err := s.db.conn(ctx).Raw(sql+" order by "+byName+" limit @limit", args).Scan(&rows).Error; err != nil {
		return page.Page[directory.Person]{}, err
	}
	list := page.Cut(r, rows, func(p directory.Person) []string { return []string{p.ID.String()} })
	return list, s.furnish(ctx, list.Items)
}

func filterPeople(f directory.PersonFilter, args map[string]any) (sql string) {
	if f.UnitID != nil {
		sql += " and exists (select from posts fp where fp.trust_id = @trust and fp.person_id = p.id and fp.unit_id in " + belowSQL + " and " + currentSQL("fp") + ")"
		args["unit"] = *f.UnitID
	}
	if f.Status != "" {
		sql += " and p.status = @status"
		args["status"] = f.Status
	}
	if f.ExternalID != nil {
		sql += " and exists (select from external_ids x where x.trust_id = @trust and x.person_id = p.id and x.system = @system and x.value = @value)"
		args["system"], args["value"] = f.ExternalID.System, f.ExternalID.Value
	}
	if f.UpdatedSince != nil {
		sql += ` and (p.updated_at >= @since or exists (select from posts up where up.trust_id = @trust and up.person_id = p.id and up.updated_at >= @since))`
		args["since"] = *f.UpdatedSince
	}
	return sql
}

// Person implements directory.Store.
func (s DirectoryStore) Person(ctx context.Context, op string, id uuid.UUID) (*directory.Person, error) {
	sql, args := s.people(ctx, op)
	args["id"] = id
	people := make([]directory.Person, 1)
	if err := s.db.conn(ctx).Raw(sql+" and p.id = @id", args).Take(&people[0]).Error; err != nil {
		return nil, translate(err)
	}
	return &people[0], s.furnish(ctx, people)
}

// furnish fills in the outside ids and the posts of today that the caller may read.
func (s DirectoryStore) furnish(ctx context.Context, people []directory.Person) error {
	ids := make([]uuid.UUID, len(people))
	for i, p := range people {
		ids[i] = p.ID
	}
	external, err := s.externalIDs(ctx, ids)
	if err != nil {
		return err
	}
	sql, args := s.posts(ctx, "GetPost")
	args["people"] = ids
	posts, err := s.scanPosts(ctx, sql+" and po.person_id in @people and "+currentSQL("po")+" order by po.fte_thousandths desc, po.from_on, po.id", args)
	if err != nil {
		return err
	}
	of := map[uuid.UUID][]directory.Post{}
	for _, p := range posts {
		of[p.PersonID] = append(of[p.PersonID], p)
	}
	for i := range people {
		people[i].ExternalIDs, people[i].Posts = external[people[i].ID], of[people[i].ID]
	}
	return nil
}

// SearchCards implements directory.Store.
func (s DirectoryStore) SearchCards(ctx context.Context, text string, r page.Request) (page.Page[directory.Card], error) {
	r.Filter = text
	after, err := afterID(r)
	if err != nil {
		return page.Page[directory.Card]{}, err
	}
	sql, args := cardSQL+"and p.status = 'active'", about(ctx)
	for i, word := range strings.Fields(text) {
		name := "word" + strings.Repeat("x", i)
		sql += " and p.given_name || ' ' || p.family_name ilike @" + name
		args[name] = "%" + literal.Replace(word) + "%"
	}
	if after != nil {
		sql += afterName
		args["after"] = *after
	}
	args["limit"] = r.Size() + 1
	var rows []directory.Card
	if err := s.db.conn(ctx).Raw(sql+" order by "+byName+" limit @limit", args).Scan(&rows).Error; err != nil {
		return page.Page[directory.Card]{}, err
	}
	return page.Cut(r, rows, func(c directory.Card) []string { return []string{c.ID.String()} }), nil
}

// literal keeps a caller's text from being a pattern.
var literal = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// HoldPerson implements directory.Store.
func (s DirectoryStore) HoldPerson(ctx context.Context, id uuid.UUID) (*directory.Person, error) {
	return s.heldPerson(ctx, id, "share")
}

// LockPerson implements directory.Store.
func (s DirectoryStore) LockPerson(ctx context.Context, id uuid.UUID) (*directory.Person, error) {
	return s.heldPerson(ctx, id, "no key update")
}

// heldPerson locks in one statement and reads in the next, so that what it reads is what the lock holds.
func (s DirectoryStore) heldPerson(ctx context.Context, id uuid.UUID, strength string) (*directory.Person, error) {
	err := s.db.conn(ctx).Exec("select from people where trust_id = ? and id = ? for "+strength, access.From(ctx).TrustID, id).Error
	if err != nil {
		return nil, translate(err)
	}
	p, err := find[directory.Person](ctx, s.db, id)
	if err != nil {
		return nil, err
	}
	external, err := s.externalIDs(ctx, []uuid.UUID{id})
	p.ExternalIDs = external[id]
	return p, err
}

// CreatePerson implements directory.Store.
func (s DirectoryStore) CreatePerson(ctx context.Context, p *directory.Person, event func(*directory.Person) audit.Event) error {
	if err := create(ctx, s.db, p, event); err != nil {
		return personTaken(err)
	}
	return s.keepExternalIDs(ctx, p)
}

// UpdatePerson implements directory.Store.
func (s DirectoryStore) UpdatePerson(ctx context.Context, id uuid.UUID, version int, fn func(*directory.Person) (audit.Event, error)) error {
	p, err := change(ctx, s, id, version, func(p *directory.Person) (audit.Event, error) {
		external, err := s.externalIDs(ctx, []uuid.UUID{id})
		if err != nil {
			return audit.Event{}, err
		}
		p.ExternalIDs = external[id]
		return fn(p)
	})
	if err != nil {
		return personTaken(err)
	}
	return s.keepExternalIDs(ctx, p)
}

func personTaken(err error) error {
	if violates(err, "people_email") {
		return fault.New(fault.Conflict, "email_taken", "Somebody else in the trust has this e-mail address.")
	}
	if violates(err, "external_ids_pkey") {
		return fault.New(fault.Conflict, "external_id_taken", "An outside id belongs to another record already.")
	}
	return err
}

// EndSessions implements directory.Store.
func (s DirectoryStore) EndSessions(ctx context.Context, id uuid.UUID) error {
	trust, now := access.From(ctx).TrustID, s.db.now()
	var ended []auth.Session
	err := s.db.conn(ctx).Raw(`update sessions set ended_at = ?, ended_for = ? where trust_id = ? and person_id = ? and ended_at is null returning *`,
		now, auth.EndedByLeaving, trust, id).Scan(&ended).Error
	if err != nil {
		return err
	}
	for _, e := range ended {
		if err := s.db.Record(ctx, endedEvent(e, auth.EndedByLeaving)); err != nil {
			return err
		}
	}
	return s.db.Auth().voidLinks(ctx, trust, id, now, auth.Invitation, auth.PasswordReset)
}
