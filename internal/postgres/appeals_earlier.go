package postgres

import (
	"context"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/perennial-api/perennial/internal/appeal"
	"github.com/perennial-api/perennial/internal/yearend"
)

// Earlier implements appeal.Store.
func (d *DB) Earlier(ctx context.Context, appraisalID uuid.UUID) (*appeal.Earlier, error) {
	c, err := d.appealable(ctx, appraisalID)
	if err != nil {
		return nil, err
	}
	y := &appeal.Earlier{Case: c}
	of := d.conn(ctx).Where("trust_id = ? and appraisal_id = ?", c.TrustID, c.ID)
	for _, q := range []struct {
		into  any
		order string
		limit int
	}{{&y.Steps, "round, chain, n, code", 200}, {&y.Judgements, "objective_id, n", 5000}, {&y.Ratings, "at, id", 1000}} {
		if err := of.Session(&gorm.Session{}).Order(q.order).Limit(q.limit).Find(q.into).Error; err != nil {
			return nil, err
		}
	}
	err = d.conn(ctx).Where("trust_id = ? and appraisal_id = ? and status = ?", c.TrustID, c.ID, yearend.Resolved).Find(&y.Resolved).Error
	if err != nil {
		return nil, err
	}
	return y, d.disclose(ctx, c, "appraisal", appraisalID)
}
