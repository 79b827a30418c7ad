package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/schooltime"
)

type actorRow struct {
	TimeZone  string
	Offset    int64
	Demo      bool
	Status    string
	AuthEpoch int
	HR        bool
	HasOwn    bool
	HasTeam   bool
}

// LoadActor reads who the caller is now: their roles, the units they head, and the school day of
// their trust. It must be the first thing in a transaction; events then bear the actor.
func (d *DB) LoadActor(ctx context.Context, trust, person uuid.UUID) (*access.Actor, error) {
	u := unitOf(ctx)
	if u == nil {
		return nil, ErrNoTransaction
	}
	a, err := d.SchoolDay(ctx, trust)
	if err != nil {
		return nil, err
	}
	var r actorRow
	err = d.conn(ctx).Raw(actorSQL, map[string]any{"trust": trust, "me": person, "today": a.Today}).Take(&r).Error
	if err != nil {
		return nil, translate(err)
	}
	a.PersonID, a.Epoch, a.Active = person, r.AuthEpoch, r.Status == "active"
	if err := d.conn(ctx).Raw(headedSQL, map[string]any{"trust": trust, "me": person, "today": a.Today}).Scan(&a.Units).Error; err != nil {
		return nil, err
	}
	for role, held := range map[access.Role]bool{access.Reviewee: r.HasOwn, access.Reviewer: r.HasTeam, access.Head: len(a.Units) > 0, access.HR: r.HR} {
		if held {
			a.Roles = append(a.Roles, role)
		}
	}
	u.actor = a
	return a, nil
}

// SchoolDay reads the trust's clock: wall time moved by the trust's offset, in its time zone.
func (d *DB) SchoolDay(ctx context.Context, trust uuid.UUID) (*access.Actor, error) {
	var r actorRow
	err := d.conn(ctx).Raw(`select time_zone, clock_offset_seconds as "offset", demo from trusts where id = ?`, trust).Take(&r).Error
	if err != nil {
		return nil, translate(err)
	}
	zone, err := time.LoadLocation(r.TimeZone)
	if err != nil {
		return nil, fault.New(fault.Internal, "bad_time_zone", "The trust's time zone is unknown.")
	}
	now := d.now().Add(time.Duration(r.Offset) * time.Second)
	return &access.Actor{TrustID: trust, Now: now, Today: schooltime.On(now.In(zone)), Demo: r.Demo}, nil
}

const actorSQL = `
select p.status, p.auth_epoch,
  exists (select from offices o where o.trust_id = p.trust_id and o.person_id = p.id and o.code = 'hr'
    and o.from_on <= @today and (o.until_on is null or o.until_on > @today)) as hr,
  exists (select from appraisals a where a.trust_id = p.trust_id and a.person_id = p.id) as has_own,
  exists (select from seats s where s.trust_id = p.trust_id and s.person_id = p.id
    and s.from_on <= @today and (s.until_on is null or s.until_on > @today))
  or exists (select from line_managers m where m.trust_id = p.trust_id and m.manager_id = p.id
    and m.from_on <= @today and (m.until_on is null or m.until_on > @today))
  or exists (select from access_grants g where g.trust_id = p.trust_id and g.reader_id = p.id
    and g.status = 'given' and @today between g.from_on and g.until_on) as has_team
from people p where p.trust_id = @trust and p.id = @me`

// headedSQL lists the units whose head the person is today, and all below them. Only a unit that
// decides makes its head a head.
const headedSQL = `
with recursive headed as (
  select u.id from units u join offices o on o.trust_id = u.trust_id and o.unit_id = u.id and o.code in ('head', 'ceo')
    and o.person_id = @me and o.from_on <= @today and (o.until_on is null or o.until_on > @today)
  where u.trust_id = @trust and u.decides
  union
  select c.id from units c join headed h on c.parent_id = h.id where c.trust_id = @trust
) select id from headed order by id`

// reachSQL is the condition by which the rows of a list are those that the actor reaches by the
// operation. person and unit name the columns of the row's person and unit; team is a condition
// that holds when the actor has a seat on the row or line-manages its person.
func (d *DB) reachSQL(op string, a *access.Actor, person, unit, team string) (string, map[string]any) {
	return d.reachWhere(op, a, person, unit+" in @units", team)
}

// reachWhere is reachSQL for rows that may belong to several units: headed is a condition that
// holds when one of them is among @units.
func (d *DB) reachWhere(op string, a *access.Actor, person, headed, team string) (string, map[string]any) {
	args := map[string]any{"trust": a.TrustID, "me": a.PersonID, "today": a.Today, "units": a.Units}
	sql := "false"
	for _, reach := range d.table.Reaches(op, a) {
		switch reach {
		case access.Own:
			sql += " or " + person + " = @me"
		case access.Team:
			sql += " or (" + person + " <> @me and (" + team + "))"
		case access.Unit:
			sql += " or (" + person + " <> @me and (" + headed + "))"
		case access.Trust:
			sql += " or " + person + " <> @me"
		case access.Everyone:
			sql += " or true"
		}
	}
	return "(" + sql + ")", args
}

// seatTeam holds when the actor has a seat today on the appraisal with the given id column.
func seatTeam(appraisal string) string {
	return "exists (select from seats rs where rs.trust_id = @trust and rs.appraisal_id = " + appraisal +
		" and rs.person_id = @me and rs.from_on <= @today and (rs.until_on is null or rs.until_on > @today))"
}
