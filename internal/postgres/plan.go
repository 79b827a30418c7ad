package postgres

import (
	"context"

	"github.com/google/uuid"
	"gorm.io/gorm/clause"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/plan"
)

// Everybody of the trust may read the plan: no list here is narrowed by reach.
var _ plan.Store = (*DB)(nil)

// Priorities implements plan.Store.
func (d *DB) Priorities(ctx context.Context, f plan.PriorityFilter, r page.Request) (page.Page[plan.Priority], error) {
	r.Filter = f
	after, err := r.After(page.Text, page.ID)
	if err != nil {
		return page.Page[plan.Priority]{}, err
	}
	q := d.conn(ctx).Where("trust_id = ? and archived = ?", access.From(ctx).TrustID, f.Archived)
	if f.UnitID != nil {
		q = q.Where("unit_id = ?", *f.UnitID)
	}
	if f.ParentID != nil {
		q = q.Where("parent_id = ?", *f.ParentID)
	}
	if after != nil {
		q = q.Where("(code, id) > (?, ?)", after[0], after[1])
	}
	var rows []plan.Priority
	if err := q.Order("code, id").Limit(r.Size() + 1).Find(&rows).Error; err != nil {
		return page.Page[plan.Priority]{}, err
	}
	return page.Cut(r, rows, func(p plan.Priority) []string { return []string{p.Code, p.ID.String()} }), nil
}

// ReachUnit implements plan.Store and standards.Store. It speaks of the unit_id of a body: a head who
// names none is told to, for what is the whole trust's is HR's alone.
func (d *DB) ReachUnit(ctx context.Context, unit *uuid.UUID) error {
	a := access.From(ctx)
	if unit != nil {
		var found bool
		err := d.conn(ctx).Raw("select exists (select from units where trust_id = ? and id = ?)", a.TrustID, *unit).Scan(&found).Error
		if err != nil {
			return err
		}
		if !found {
			return fault.Body("/unit_id", "unknown_unit", "There is no such unit.")
		}
	}
	err := d.table.Check(access.Operation(ctx), a, ofUnit(unit))
	if unit == nil && fault.KindOf(err) == fault.Forbidden {
		return fault.Body("/unit_id", "required", "Name a unit that you head: what is for the whole trust is made by HR alone.")
	}
	return err
}

// ofUnit is a record that belongs to a unit, or to the whole trust, and to no person.
func ofUnit(unit *uuid.UUID) access.Record {
	if unit == nil {
		return access.Record{}
	}
	return access.Record{UnitID: *unit}
}

// HoldPriority implements plan.Store.
func (d *DB) HoldPriority(ctx context.Context, id uuid.UUID) (*plan.Priority, error) {
	var p plan.Priority
	err := d.conn(ctx).Clauses(clause.Locking{Strength: clause.LockingStrengthShare}).
		Where("trust_id = ? and id = ?", access.From(ctx).TrustID, id).Take(&p).Error
	return &p, translate(err)
}

// HasLiveChildren implements plan.Store.
func (d *DB) HasLiveChildren(ctx context.Context, id uuid.UUID) (found bool, err error) {
	err = d.conn(ctx).Raw("select exists (select from priorities where trust_id = ? and parent_id = ? and not archived)",
		access.From(ctx).TrustID, id).Scan(&found).Error
	return found, err
}

// AddPriority implements plan.Store.
func (d *DB) AddPriority(ctx context.Context, p *plan.Priority, event func(*plan.Priority) audit.Event) error {
	return codeTaken(create(ctx, d, p, event))
}

// ChangePriority implements plan.Store. A priority's unit never changes, so that reach may be
// checked before the lock.
func (d *DB) ChangePriority(ctx context.Context, id uuid.UUID, version int, change func(*plan.Priority) (audit.Event, error)) (*plan.Priority, error) {
	p, err := find[plan.Priority](ctx, d, id)
	if err != nil {
		return nil, err
	}
	if err := d.table.Check(access.Operation(ctx), access.From(ctx), ofUnit(p.UnitID)); err != nil {
		return nil, err
	}
	p, err = update(ctx, d, id, version, change)
	return p, codeTaken(err)
}

func codeTaken(err error) error {
	if violates(err, "priorities_code") {
		return plan.CodeTaken()
	}
	return err
}

// Templates implements plan.Store.
func (d *DB) Templates(ctx context.Context, f plan.TemplateFilter, r page.Request) (page.Page[plan.Template], error) {
	r.Filter = f
	after, err := r.After(page.Text, page.Text, page.ID)
	if err != nil {
		return page.Page[plan.Template]{}, err
	}
	q := d.conn(ctx).Where("trust_id = ? and archived = ?", access.From(ctx).TrustID, f.Archived)
	if f.Slot != "" {
		q = q.Where("slot = ?", f.Slot)
	}
	if after != nil {
		q = q.Where("(slot, title, id) > (?, ?, ?)", after[0], after[1], after[2])
	}
	var rows []plan.Template
	if err := q.Order("slot, title, id").Limit(r.Size() + 1).Find(&rows).Error; err != nil {
		return page.Page[plan.Template]{}, err
	}
	return page.Cut(r, rows, func(t plan.Template) []string { return []string{t.Slot, t.Title, t.ID.String()} }), nil
}

// AddTemplate implements plan.Store.
func (d *DB) AddTemplate(ctx context.Context, t *plan.Template, event func(*plan.Template) audit.Event) error {
	return create(ctx, d, t, event)
}

// ChangeTemplate implements plan.Store.
func (d *DB) ChangeTemplate(ctx context.Context, id uuid.UUID, version int, change func(*plan.Template) (audit.Event, error)) (*plan.Template, error) {
	return update(ctx, d, id, version, change)
}
