package postgres

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// OrgOn reads the units with their school calendars, and the offices that active people hold on a day;
// a trust has few of either.
func (d *DB) OrgOn(ctx context.Context, day schooltime.Date) (*directory.Org, error) {
	trust := access.From(ctx).TrustID
	rows, err := d.unitRows(ctx)
	if err != nil {
		return nil, err
	}
	o := &directory.Org{Units: make(map[uuid.UUID]directory.OrgUnit, len(rows))}
	for _, r := range rows {
		o.Units[r.ID] = r.OrgUnit
	}
	if o.Calendars, err = calendarsOf(rows); err != nil {
		return nil, err
	}
	err = d.conn(ctx).Raw(`select f.code, f.unit_id, f.person_id from offices f join people p on p.trust_id = f.trust_id and p.id = f.person_id and p.status = 'active'
		where f.trust_id = ? and f.from_on <= ? and (f.until_on is null or f.until_on > ?) order by f.from_on, f.id`, trust, day, day).Scan(&o.Offices).Error
	return o, err
}

// org is the trust as it is today.
func (d *DB) org(ctx context.Context) (*directory.Org, error) {
	return d.OrgOn(ctx, access.From(ctx).Today)
}

// mainPostsSQL finds each person's main post on a day: the one with most time, then the oldest.
const mainPostsSQL = `select distinct on (po.person_id) po.person_id, po.id as post_id from posts po
where po.trust_id = @trust and po.person_id in @people and po.from_on <= @on and (po.until_on is null or po.until_on > @on)
order by po.person_id, po.fte_thousandths desc, po.from_on, po.id`

// FactsOfPeople returns the facts of each person's main post on a day.
func (d *DB) FactsOfPeople(ctx context.Context, people []uuid.UUID, on schooltime.Date) (map[uuid.UUID]policy.FactSet, error) {
	var rows []struct{ PersonID, PostID uuid.UUID }
	err := d.conn(ctx).Raw(mainPostsSQL, map[string]any{"trust": access.From(ctx).TrustID, "people": people, "on": on}).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	ids := make([]uuid.UUID, len(rows))
	for i, r := range rows {
		ids[i] = r.PostID
	}
	facts, err := d.PostFacts(ctx, ids, on)
	out := make(map[uuid.UUID]policy.FactSet, len(rows))
	for _, r := range rows {
		out[r.PersonID] = facts[r.PostID]
	}
	return out, err
}
