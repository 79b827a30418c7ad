package postgres

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"github.com/google/uuid"
	"gorm.io/gorm/clause"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/record"
	"github.com/perennial-api/perennial/internal/transfer"
)

// batch is how many rows one statement writes. A post has some thirty columns, and a statement
// takes 65,535 values.
const batch = 1000

// WholeDirectory implements transfer.Store. Line management that is over is of no concern to it.
func (s ImportStore) WholeDirectory(ctx context.Context) (dir transfer.Directory, err error) {
	a := access.From(ctx)
	var ids []externalRow
	for _, q := range []struct {
		into any
		sql  string
	}{
		{&dir.Units, "select * from units where trust_id = @trust order by id"},
		{&dir.People, "select * from people where trust_id = @trust order by id"},
		{&ids, "select * from external_ids where trust_id = @trust and person_id is not null order by system, value"},
		{&dir.Posts, "select * from posts where trust_id = @trust order by from_on, id"},
		{&dir.Managers, "select * from line_managers where trust_id = @trust and (until_on is null or until_on > @today) order by from_on, id"},
	} {
		if err = s.db.conn(ctx).Raw(q.sql, map[string]any{"trust": a.TrustID, "today": a.Today}).Scan(q.into).Error; err != nil {
			return dir, err
		}
	}
	of := map[uuid.UUID][]directory.ExternalID{}
	for _, id := range ids {
		of[*id.PersonID] = append(of[*id.PersonID], directory.ExternalID{System: id.System, Value: id.Value})
	}
	for i := range dir.People {
		dir.People[i].ExternalIDs = of[dir.People[i].ID]
	}
	return dir, nil
}

// importLock keeps the imports of a trust apart; see the directory's numbers.
const importLock = 24

// LockImports implements transfer.Store.
func (s ImportStore) LockImports(ctx context.Context) error {
	return s.db.Directory().alone(ctx, importLock, "")
}

// LockVersions implements transfer.Store.
func (s ImportStore) LockVersions(ctx context.Context, v transfer.Versions) (bool, error) {
	for _, t := range []struct {
		sql  string
		want map[uuid.UUID]int
	}{
		{"select id, version from people where trust_id = ? and id in ? order by id for no key update", v.People},
		{"select id, version from posts where trust_id = ? and id in ? order by id for no key update", v.Posts},
		{"select id, version from line_managers where trust_id = ? and id in ? order by id for no key update", v.Managers},
	} {
		var rows []record.Row
		err := s.db.conn(ctx).Raw(t.sql, access.From(ctx).TrustID, slices.Collect(maps.Keys(t.want))).Scan(&rows).Error
		if err != nil {
			return false, translate(err)
		}
		have := make(map[uuid.UUID]int, len(rows))
		for _, r := range rows {
			have[r.ID] = r.Version
		}
		if !maps.Equal(have, t.want) {
			return false, nil
		}
	}
	return true, nil
}

// saveAll stores new records and changed ones alike, a thousand with each statement, and records
// their events. It is create and save for many: whoever calls it has locked those that there are.
func saveAll[T any, P record.Entity[T]](ctx context.Context, d *DB, rows []P, events func(int) []audit.Event) error {
	if len(rows) == 0 {
		return nil
	}
	for _, row := range rows {
		b := row.Base()
		if b.Version == 0 {
			b.TrustID, b.CreatedAt = access.From(ctx).TrustID, d.now()
		}
		if b.ID == uuid.Nil {
			b.ID = d.ids()
		}
		b.Version++
		b.UpdatedAt = d.now()
	}
	if err := d.conn(ctx).Clauses(clause.OnConflict{UpdateAll: true}).CreateInBatches(rows, batch).Error; err != nil {
		return err
	}
	for i, row := range rows {
		for _, e := range events(i) {
			e.Subject.Version = row.Base().Version
			if err := d.Record(ctx, e); err != nil {
				return err
			}
		}
	}
	return nil
}

// free says whether what must be unique was; somebody may have taken it since it was looked at.
func free(err error) (bool, error) {
	for _, constraint := range []string{"units_name", "units_trust_id_code_key", "people_email", "external_ids_pkey"} {
		if violates(err, constraint) {
			return false, nil
		}
	}
	return err == nil, translate(err)
}

// SaveUnits implements transfer.Store.
func (s ImportStore) SaveUnits(ctx context.Context, rows []*directory.Unit, events func(int) []audit.Event) (bool, error) {
	return free(saveAll(ctx, s.db, rows, events))
}

// SavePeople implements transfer.Store.
func (s ImportStore) SavePeople(ctx context.Context, rows []*directory.Person, events func(int) []audit.Event) (bool, error) {
	if len(rows) == 0 {
		return true, nil
	}
	if ok, err := free(saveAll(ctx, s.db, rows, events)); err != nil || !ok {
		return false, err
	}
	trust, people, ids := access.From(ctx).TrustID, make([]uuid.UUID, len(rows)), []externalRow{}
	for i, p := range rows {
		people[i] = p.ID
		for _, id := range p.ExternalIDs {
			ids = append(ids, externalRow{TrustID: trust, System: id.System, Value: id.Value, PersonID: &p.ID})
		}
	}
	err := s.db.conn(ctx).Exec("delete from external_ids where trust_id = ? and person_id in ?", trust, people).Error
	if err != nil || len(ids) == 0 {
		return err == nil, err
	}
	return free(s.db.conn(ctx).CreateInBatches(ids, batch).Error)
}

// SavePosts implements transfer.Store.
func (s ImportStore) SavePosts(ctx context.Context, rows []*directory.Post, events func(int) []audit.Event) (bool, error) {
	return free(saveAll(ctx, s.db, rows, events))
}

// SaveManagers implements transfer.Store.
func (s ImportStore) SaveManagers(ctx context.Context, rows []*directory.LineManager, events func(int) []audit.Event) (bool, error) {
	return free(saveAll(ctx, s.db, rows, events))
}

// SettleRows implements transfer.Store.
func (s ImportStore) SettleRows(ctx context.Context, id uuid.UUID, rows []transfer.Row) error {
	type settled struct {
		N        int        `json:"n"`
		PersonID *uuid.UUID `json:"person_id"`
		PostID   *uuid.UUID `json:"post_id"`
	}
	list := make([]settled, len(rows))
	for i, r := range rows {
		list[i] = settled{r.N, r.PersonID, r.PostID}
	}
	raw, err := json.Marshal(list)
	if err != nil {
		return err
	}
	return s.db.conn(ctx).Exec(`update import_rows r set person_id = v.person_id, post_id = v.post_id
		from jsonb_to_recordset(?::jsonb) as v(n int, person_id uuid, post_id uuid) where r.trust_id = ? and r.import_id = ? and r.n = v.n`,
		string(raw), access.From(ctx).TrustID, id).Error
}

// Appraised implements transfer.Store.
func (s ImportStore) Appraised(ctx context.Context, posts []uuid.UUID) (found []uuid.UUID, err error) {
	err = s.db.conn(ctx).Raw("select post_id from appraisals where trust_id = ? and status = 'open' and post_id in ? group by post_id order by min(id::text)",
		access.From(ctx).TrustID, posts).Scan(&found).Error
	return found, err
}
