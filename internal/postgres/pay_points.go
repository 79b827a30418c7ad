package postgres

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/pay"
)

// PayPoints lists the pay points of a cycle, and in which area its units pay.
func (d *DB) PayPoints(ctx context.Context, cycle uuid.UUID) (p pay.Points, err error) {
	trust := access.From(ctx).TrustID
	if err = d.conn(ctx).Where("trust_id = ? and cycle_id = ?", trust, cycle).Order("area, pay_range, annual_pence").Find(&p.Items).Error; err != nil {
		return p, err
	}
	return p, d.conn(ctx).Where("trust_id = ? and cycle_id = ?", trust, cycle).Order("unit_id").Find(&p.Areas).Error
}

// ReplacePayPoints leaves exactly these points and areas. The caller holds the cycle's lock.
func (d *DB) ReplacePayPoints(ctx context.Context, cycle uuid.UUID, p pay.Points) error {
	trust := access.From(ctx).TrustID
	for _, row := range []any{&pay.Point{}, &pay.Area{}} {
		if err := d.conn(ctx).Where("trust_id = ? and cycle_id = ?", trust, cycle).Delete(row).Error; err != nil {
			return err
		}
	}
	for i := range p.Items {
		p.Items[i].TrustID, p.Items[i].CycleID = trust, cycle
	}
	for i := range p.Areas {
		p.Areas[i].TrustID, p.Areas[i].CycleID = trust, cycle
	}
	if len(p.Items) > 0 {
		if err := d.conn(ctx).Create(p.Items).Error; err != nil {
			return err
		}
	}
	if len(p.Areas) == 0 {
		return nil
	}
	return d.conn(ctx).Create(p.Areas).Error
}

// Payees reads everybody of a cycle whose pay the actor reaches by a preview, with what pay follows
// from. Those whose appraisal ended are left out.
func (d *DB) Payees(ctx context.Context, cycle uuid.UUID, unit *uuid.UUID) ([]pay.Payee, error) {
	where, args := "a.cycle_id = @cycle and a.status <> 'ended'", map[string]any{"cycle": cycle}
	if unit != nil {
		where, args["unit"] = where+" and a.unit_id = @unit", *unit
	}
	rows, err := d.readable(ctx, where, args, "PreviewPay")
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	cases, err := d.cases(ctx, rows)
	if err != nil {
		return nil, err
	}
	facts, err := d.payFacts(ctx, cases)
	if err != nil {
		return nil, err
	}
	out := make([]pay.Payee, len(cases))
	for i, c := range cases {
		out[i] = facts[c.ID]
	}
	return out, nil
}
