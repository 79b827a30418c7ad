package postgres

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/cycle"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/policy"
)

var _ cycle.Store = (*DB)(nil)

// Cycles returns a page of cycles, newest period first.
func (d *DB) Cycles(ctx context.Context, r page.Request, status cycle.Status) (page.Page[*cycle.Cycle], error) {
	var rows []*cycle.Cycle
	after, err := r.After(page.Day, page.ID)
	if err != nil {
		return page.Page[*cycle.Cycle]{}, err
	}
	q := d.conn(ctx).Where("trust_id = ?", access.From(ctx).TrustID)
	if status != "" {
		q = q.Where("status = ?", status)
	}
	if len(after) == 2 {
		q = q.Where("(starts_on, id) < (?, ?)", after[0], after[1])
	}
	if err := q.Order("starts_on desc, id desc").Limit(r.Size() + 1).Find(&rows).Error; err != nil {
		return page.Page[*cycle.Cycle]{}, err
	}
	return page.Cut(r, rows, func(c *cycle.Cycle) []string { return []string{c.StartsOn.String(), c.ID.String()} }), nil
}

// Cycle reads one cycle.
func (d *DB) Cycle(ctx context.Context, id uuid.UUID) (*cycle.Cycle, error) {
	return find[cycle.Cycle](ctx, d, id)
}

// CreateCycle stores a new cycle.
func (d *DB) CreateCycle(ctx context.Context, c *cycle.Cycle, event func(*cycle.Cycle) audit.Event) error {
	return create(ctx, d, c, event)
}

// OpenCycles lists the cycles that are open. The lock lets one cycle of a trust be opened at a
// time, so that no two for the same people slip past each other.
func (d *DB) OpenCycles(ctx context.Context) (rows []*cycle.Cycle, err error) {
	trust := access.From(ctx).TrustID
	if access.Operation(ctx) == "OpenCycle" {
		if err := d.conn(ctx).Exec("select pg_advisory_xact_lock(hashtextextended(?, 13))", trust.String()).Error; err != nil {
			return nil, translate(err)
		}
	}
	err = d.conn(ctx).Raw("select * from cycles where trust_id = ? and status = 'open' order by starts_on, id", trust).Scan(&rows).Error
	return rows, err
}

// DeleteCycle removes a cycle that nobody is enrolled in, with what was set for it.
func (d *DB) DeleteCycle(ctx context.Context, id uuid.UUID, version int, event func(*cycle.Cycle) (audit.Event, error)) error {
	c, err := locked[cycle.Cycle](ctx, d, id, version)
	if err != nil {
		return err
	}
	e, err := event(c)
	if err != nil {
		return err
	}
	for _, table := range []string{"cycle_dates", "windows", "pay_rows", "enrolment_overrides"} {
		if err := d.conn(ctx).Exec("delete from "+table+" where trust_id = ? and cycle_id = ?", c.TrustID, id).Error; err != nil {
			return err
		}
	}
	if err := d.conn(ctx).Exec("delete from cycles where trust_id = ? and id = ?", c.TrustID, id).Error; err != nil {
		return err
	}
	return d.Record(ctx, e)
}

// UpdateCycle changes a cycle under its lock.
func (d *DB) UpdateCycle(ctx context.Context, id uuid.UUID, version int, change func(*cycle.Cycle) (audit.Event, error)) (*cycle.Cycle, error) {
	return update[cycle.Cycle](ctx, d, id, version, change)
}

// LockCycle reads a cycle and keeps it from changing until the transaction ends.
func (d *DB) LockCycle(ctx context.Context, id uuid.UUID) (*cycle.Cycle, error) {
	return d.lockCycle(ctx, id, "share")
}

// HoldCycle is LockCycle for one at a time, so that whoever decides on a post sees what another
// decision or an enrolment has made of it.
func (d *DB) HoldCycle(ctx context.Context, id uuid.UUID) (*cycle.Cycle, error) {
	return d.lockCycle(ctx, id, "no key update")
}

func (d *DB) lockCycle(ctx context.Context, id uuid.UUID, strength string) (*cycle.Cycle, error) {
	var c cycle.Cycle
	err := d.conn(ctx).Raw("select * from cycles where trust_id = ? and id = ? for "+strength, access.From(ctx).TrustID, id).Take(&c).Error
	if err != nil {
		return nil, translate(err)
	}
	return &c, nil
}

// PolicyOf returns the policy that a version belongs to.
func (d *DB) PolicyOf(ctx context.Context, version uuid.UUID) (uuid.UUID, error) {
	var v policy.Version
	err := d.conn(ctx).Select("policy_id").Where("trust_id = ? and id = ?", access.From(ctx).TrustID, version).Take(&v).Error
	return v.PolicyID, translate(err)
}
