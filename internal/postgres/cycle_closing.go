package postgres

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/cycle"
	"github.com/perennial-api/perennial/internal/pay"
)

// Unfinished lists the appraisals of a cycle that are open and whose outcome is not released, or
// whose pay is still in somebody's turn, and those that are suspended. It holds all that are open or
// suspended until the transaction ends.
func (d *DB) Unfinished(ctx context.Context, id uuid.UUID) (rows []cycle.Unfinished, err error) {
	err = d.conn(ctx).Raw(`with held as (select id, unit_id, staff_group, stage, turn, status = 'suspended' as suspended from appraisals
			where trust_id = ? and cycle_id = ? and status in ('open', 'suspended') order by id for no key update)
		select id, unit_id, staff_group, stage, suspended from held where stage <> 'released' or turn <> '' or suspended order by id`, access.From(ctx).TrustID, id).Scan(&rows).Error
	return rows, translate(err)
}

// closedRow is an appraisal that was released or closed with its cycle.
type closedRow struct {
	ID, PersonID, UnitID uuid.UUID
	Version              int
}

// CloseAppraisals closes what is open in a cycle, with an event for each, after it has released those
// that no step ends.
func (d *DB) CloseAppraisals(ctx context.Context, id uuid.UUID, released []uuid.UUID) error {
	if err := d.releaseWithCycle(ctx, released); err != nil {
		return err
	}
	var rows []closedRow
	err := d.conn(ctx).Raw(`update appraisals set status = 'closed', version = version + 1, updated_at = ?
		where trust_id = ? and cycle_id = ? and status = 'open' returning id, person_id, unit_id, version`, d.now(), access.From(ctx).TrustID, id).Scan(&rows).Error
	if err != nil {
		return translate(err)
	}
	for _, r := range rows {
		event := audit.About("appraisal", r.ID, r.Version, "closed", map[string]any{"cycle_id": id.String()}).Of(r.PersonID, r.UnitID).In(r.ID)
		if err := d.Record(ctx, event); err != nil {
			return err
		}
	}
	return nil
}

// releaseWithCycle releases the outcomes of appraisals that no step ends, and records the decision
// on pay, which is not linked where there is no outcome to link it to.
func (d *DB) releaseWithCycle(ctx context.Context, ids []uuid.UUID) error {
	if len(ids) == 0 {
		return nil
	}
	a := access.From(ctx)
	var rows []closedRow
	err := d.conn(ctx).Raw(`update appraisals set stage = 'released', version = version + 1, updated_at = ?
		where trust_id = ? and id in ? returning id, person_id, unit_id, version`, d.now(), a.TrustID, ids).Scan(&rows).Error
	if err != nil {
		return translate(err)
	}
	o := pay.NotLinked()
	for _, r := range rows {
		decision := o.Append(0)
		decision.TrustID, decision.ID, decision.AppraisalID = a.TrustID, d.ids(), r.ID
		decision.DecidedBy, decision.DecidedAt, decision.DecidedOn = a.PersonID, d.now(), a.Today
		if err := d.conn(ctx).Create(&decision).Error; err != nil {
			return translate(err)
		}
		decided := audit.About("pay_decision", decision.ID, 1, "", map[string]any{"result": o.Result, "kind": decision.Kind, "n": decision.N})
		decided.Type = "pay.decided"
		err := d.Record(ctx, audit.About("appraisal", r.ID, r.Version, "released", map[string]any{"on": a.Today.String()}).Of(r.PersonID, r.UnitID).In(r.ID),
			decided.Of(r.PersonID, r.UnitID).In(r.ID))
		if err != nil {
			return err
		}
	}
	return nil
}
