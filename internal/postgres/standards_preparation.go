package postgres

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/assessment"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/form"
)

// Preparation implements assessment.Store.
func (d *DB) Preparation(ctx context.Context, appraisalID uuid.UUID) (*assessment.Notes, error) {
	c, err := d.readCase(ctx, appraisalID)
	if err != nil {
		return nil, err
	}
	if err := d.table.Check("GetPreparation", c.Actor, c.Record()); err != nil {
		return nil, err
	}
	return d.notes(ctx, c)
}

// notes reads the preparation of the case's reviewee, stored or not.
func (d *DB) notes(ctx context.Context, c *appraisal.Case) (*assessment.Notes, error) {
	var rows []assessment.Preparation
	err := d.conn(ctx).Where("trust_id = ? and appraisal_id = ? and person_id = ?", c.TrustID, c.ID, c.PersonID).Find(&rows).Error
	if err != nil {
		return nil, err
	}
	n := &assessment.Notes{Case: c, Preparation: assessment.Preparation{AppraisalID: c.ID, PersonID: c.PersonID, Answers: form.Answers{}}}
	if len(rows) > 0 {
		n.Preparation = rows[0]
	}
	return n, nil
}

// ChangePreparation implements assessment.Store. The lock on the appraisal holds the notes too.
func (d *DB) ChangePreparation(ctx context.Context, appraisalID uuid.UUID, version int, change func(*assessment.Notes) (audit.Event, error)) (*assessment.Notes, error) {
	c, err := d.lockPart(ctx, appraisalID, "GetAppraisal")
	if err != nil {
		return nil, err
	}
	n, err := d.notes(ctx, c)
	if err != nil {
		return nil, err
	}
	if n.Version != version {
		return nil, staleVersion(n.Version)
	}
	if n.Version > 0 {
		err = save(ctx, d, &n.Preparation, func(p *assessment.Preparation) (audit.Event, error) {
			e, err := change(n)
			return d.about(c, e, "preparation", p.ID, 0), err
		})
		return n, err
	}
	event, err := change(n)
	if err != nil {
		return nil, err
	}
	err = create(ctx, d, &n.Preparation, func(p *assessment.Preparation) audit.Event { return d.about(c, event, "preparation", p.ID, p.Version) })
	return n, err
}
