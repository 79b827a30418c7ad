package postgres

import (
	"context"

	"github.com/google/uuid"
	"gorm.io/gorm/clause"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Overrides returns a page of what schools propose, oldest first. Heads and HR read all of them.
func (d *DB) Overrides(ctx context.Context, f policy.OverrideFilter, r page.Request) (page.Page[*policy.Override], error) {
	after, err := r.After(page.ID)
	if err != nil {
		return page.Page[*policy.Override]{}, err
	}
	q := d.conn(ctx).Where("trust_id = ?", access.From(ctx).TrustID)
	if f.PolicyID != nil {
		q = q.Where("policy_id = ?", *f.PolicyID)
	}
	if f.UnitID != nil {
		q = q.Where("unit_id = ?", *f.UnitID)
	}
	if f.Status != "" {
		q = q.Where("status = ?", f.Status)
	}
	if after != nil {
		q = q.Where("id > ?", after[0])
	}
	var rows []*policy.Override
	if err := q.Order("id").Limit(r.Size() + 1).Find(&rows).Error; err != nil {
		return page.Page[*policy.Override]{}, err
	}
	return page.Cut(r, rows, func(o *policy.Override) []string { return []string{o.ID.String()} }), nil
}

// Override reads one proposal.
func (d *DB) Override(ctx context.Context, id uuid.UUID) (*policy.Override, error) {
	return find[policy.Override](ctx, d, id)
}

// CreateOverride stores a new proposal.
func (d *DB) CreateOverride(ctx context.Context, o *policy.Override, event func(*policy.Override) audit.Event) error {
	return create(ctx, d, o, event)
}

// UpdateOverride changes a proposal under its lock.
func (d *DB) UpdateOverride(ctx context.Context, id uuid.UUID, version int, change func(*policy.Override) (audit.Event, error)) (*policy.Override, error) {
	return update[policy.Override](ctx, d, id, version, change)
}

// LockPolicy reads a policy and holds it until the transaction ends.
func (d *DB) LockPolicy(ctx context.Context, id uuid.UUID) (*policy.Policy, error) {
	var p policy.Policy
	err := d.conn(ctx).Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate}).
		Where("trust_id = ? and id = ?", access.From(ctx).TrustID, id).Take(&p).Error
	if err != nil {
		return nil, translate(err)
	}
	return &p, nil
}

// ReviewsDue counts the policies whose newest version is to be looked at again by a day, and
// returns the earliest of those days.
func (d *DB) ReviewsDue(ctx context.Context, by schooltime.Date) (int, schooltime.Date, error) {
	var row struct {
		N     int
		First schooltime.Date
	}
	err := d.conn(ctx).Raw(`select count(*) as n, min(review_on) as first from (
  select distinct on (policy_id) review_on from policy_versions where trust_id = ? order by policy_id, number desc) newest
where review_on <= ?`, access.From(ctx).TrustID, by).Scan(&row).Error
	return row.N, row.First, err
}

// OpenOverrides counts what schools propose and nobody has decided on.
func (d *DB) OpenOverrides(ctx context.Context) (int, error) {
	var n int64
	err := d.conn(ctx).Model(&policy.Override{}).Where("trust_id = ? and status = ?", access.From(ctx).TrustID, policy.Proposed).Count(&n).Error
	return int(n), err
}
