package postgres

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/pay"
)

var _ pay.Store = (*DB)(nil)

// Pay reads what the pay calculation needs: the decided rating, the post, the cycle's table, and
// what was recommended and decided before.
func (d *DB) Pay(ctx context.Context, c *appraisal.Case) (pay.Facts, error) {
	all, err := d.payFacts(ctx, []*appraisal.Case{c})
	if err != nil {
		return pay.Facts{}, err
	}
	return all[c.ID].Facts, nil
}

// DecidePay appends a decision, which counts from now on, with its event. Those before it stay. The
// caller holds the appraisal's lock.
func (d *DB) DecidePay(ctx context.Context, c *appraisal.Case, o pay.Outcome) error {
	var earlier int
	if err := d.conn(ctx).Raw("select coalesce(max(n), 0) from pay_decisions where trust_id = ? and appraisal_id = ?", c.TrustID, c.ID).Scan(&earlier).Error; err != nil {
		return err
	}
	if err := d.conn(ctx).Exec("update pay_decisions set current = false where trust_id = ? and appraisal_id = ? and current", c.TrustID, c.ID).Error; err != nil {
		return err
	}
	row := o.Append(earlier)
	row.TrustID, row.ID, row.AppraisalID = c.TrustID, d.ids(), c.ID
	row.DecidedBy, row.DecidedAt, row.DecidedOn = c.Actor.PersonID, d.now(), c.Today
	if err := d.conn(ctx).Create(&row).Error; err != nil {
		return err
	}
	return d.Record(ctx, d.about(c, audit.Event{Type: "pay.decided", Data: map[string]any{"result": row.Result, "kind": row.Kind, "n": row.N}}, "pay_decision", row.ID, row.N))
}

// RecommendPay keeps what a step recommends, which counts from now on, with its event. What was
// recommended before stays.
func (d *DB) RecommendPay(ctx context.Context, c *appraisal.Case, r *pay.Recommendation) error {
	if err := d.conn(ctx).Exec("update pay_recommendations set current = false where trust_id = ? and appraisal_id = ? and current", c.TrustID, c.ID).Error; err != nil {
		return err
	}
	r.TrustID, r.ID, r.At = c.TrustID, d.ids(), d.now()
	if err := d.conn(ctx).Create(r).Error; err != nil {
		return err
	}
	return d.Record(ctx, d.about(c, audit.Event{Type: "pay.recommended", Data: map[string]any{"progression": r.Progression, "step": r.Step}}, "pay_recommendation", r.ID, 1))
}

// PayOf reads the case and the facts of the pay calculation.
func (d *DB) PayOf(ctx context.Context, appraisalID uuid.UUID) (*pay.Subject, error) {
	c, err := d.readCase(ctx, appraisalID)
	if err != nil {
		return nil, err
	}
	if err := d.table.Check(access.Operation(ctx), c.Actor, c.Record()); err != nil {
		return nil, err
	}
	if err := fault.Check(pay.Reading(c)); err != nil {
		return nil, err
	}
	if err := d.disclose(ctx, c, "pay", appraisalID); err != nil {
		return nil, err
	}
	f, err := d.toldPay(ctx, c)
	return &pay.Subject{Case: c, Facts: f}, err
}

// ChangePay locks the appraisal and appends the decision that change makes of its pay.
func (d *DB) ChangePay(ctx context.Context, appraisalID uuid.UUID, change func(*pay.Subject) (pay.Outcome, error)) (*pay.Subject, error) {
	c, err := d.lockPay(ctx, appraisalID)
	if err != nil {
		return nil, err
	}
	if err := d.table.Check(access.Operation(ctx), c.Actor, c.Record()); err != nil {
		return nil, err
	}
	s := &pay.Subject{Case: c}
	if s.Facts, err = d.Pay(ctx, c); err != nil {
		return nil, err
	}
	o, err := change(s)
	if err != nil {
		return nil, err
	}
	if err := d.DecidePay(ctx, c, o); err != nil {
		return nil, err
	}
	if err := d.settle(ctx, c); err != nil {
		return nil, err
	}
	s.Facts, err = d.toldPay(ctx, c)
	return s, err
}

// lockPay locks a case that the actor may read, or one on whose pay alone they act by an office that
// the policy names for exceptions: they leave a disclosure.
func (d *DB) lockPay(ctx context.Context, id uuid.UUID) (*appraisal.Case, error) {
	c, err := d.lockCase(ctx, id)
	var f *fault.Error
	if err == nil || !errors.As(err, &f) || f.Kind != fault.NotFound {
		return c, err
	}
	var rows []appraisal.Appraisal
	if err := d.conn(ctx).Where("trust_id = ? and id = ?", access.From(ctx).TrustID, id).Find(&rows).Error; err != nil {
		return nil, err
	}
	cases, err := d.cases(ctx, rows)
	if err != nil {
		return nil, err
	}
	if len(cases) == 0 || !pay.MayGrant(cases[0]) {
		return nil, f
	}
	return cases[0], d.disclose(ctx, cases[0], "pay", id)
}
