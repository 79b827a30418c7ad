package postgres

import (
	"context"

	"github.com/perennial-api/perennial/internal/appraisal"
)

// suspend stores that an appraisal stands still from a day on, or that it goes on.
func (d *DB) suspend(ctx context.Context, c *appraisal.Case) error {
	if s := c.Pending.Suspended; s != nil {
		return d.conn(ctx).Exec("insert into suspensions (trust_id, id, appraisal_id, from_on, created_at, updated_at) values (?, ?, ?, ?, ?, ?)",
			c.TrustID, d.ids(), c.ID, s.FromOn, d.now(), d.now()).Error
	}
	if !c.Pending.Resumed {
		return nil
	}
	return d.conn(ctx).Exec("update suspensions set until_on = ?, updated_at = ? where trust_id = ? and appraisal_id = ? and until_on is null",
		c.Today, d.now(), c.TrustID, c.ID).Error
}
