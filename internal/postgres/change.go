package postgres

import (
	"context"

	"github.com/google/uuid"
	"gorm.io/gorm/clause"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/record"
)

// create stores a new record and its event. The id, version and times are set here.
func create[T any, P record.Entity[T]](ctx context.Context, d *DB, row P, event func(P) audit.Event) error {
	b := row.Base()
	b.TrustID, b.Version, b.CreatedAt, b.UpdatedAt = access.From(ctx).TrustID, 1, d.now(), d.now()
	if b.ID == uuid.Nil {
		b.ID = d.ids()
	}
	if err := d.conn(ctx).Create(row).Error; err != nil {
		return err
	}
	return d.Record(ctx, event(row))
}

// find reads one record of the trust. It answers as not there what is not there.
func find[T any, P record.Entity[T]](ctx context.Context, d *DB, id uuid.UUID) (P, error) {
	row := P(new(T))
	err := d.conn(ctx).Where("trust_id = ? and id = ?", access.From(ctx).TrustID, id).Take(row).Error
	if err != nil {
		return nil, translate(err)
	}
	return row, nil
}

// forChange is how a row is locked for a change. Its key stays as it is, so that whoever writes a row that
// refers to it does not wait: one who holds an appraisal and writes down who acted never waits for one
// who holds that person and wants the appraisal.
const forChange = "no key update"

// locked reads one record for a change and holds it until the transaction ends. A version that
// is not the record's is refused, with the one that it has.
func locked[T any, P record.Entity[T]](ctx context.Context, d *DB, id uuid.UUID, version int) (P, error) {
	row := P(new(T))
	err := d.conn(ctx).Clauses(clause.Locking{Strength: forChange}).
		Where("trust_id = ? and id = ?", access.From(ctx).TrustID, id).Take(row).Error
	if err != nil {
		return nil, translate(err)
	}
	if have := row.Base().Version; have != version {
		return nil, staleVersion(have)
	}
	return row, nil
}

func staleVersion(have int) error {
	f := fault.New(fault.Stale, "stale_version", "Somebody else has changed this record meanwhile. Read it again, and repeat the change if it still makes sense.")
	f.Version = have
	return f
}

// update is the one way a record changes: lock, check the version, change, save, record.
func update[T any, P record.Entity[T]](ctx context.Context, d *DB, id uuid.UUID, version int, change func(P) (audit.Event, error)) (P, error) {
	row, err := locked[T, P](ctx, d, id, version)
	if err != nil {
		return nil, err
	}
	return row, save(ctx, d, row, change)
}

// save changes a record that is already locked.
func save[T any, P record.Entity[T]](ctx context.Context, d *DB, row P, change func(P) (audit.Event, error)) error {
	event, err := change(row)
	if err != nil {
		return err
	}
	b := row.Base()
	b.Version++
	b.UpdatedAt = d.now()
	event.Subject.Version = b.Version
	err = d.conn(ctx).Select("*").Omit("trust_id", "id", "created_at").Where("trust_id = ? and id = ?", b.TrustID, b.ID).Updates(row).Error
	if err != nil {
		return err
	}
	return d.Record(ctx, event)
}
