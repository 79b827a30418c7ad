package postgres

import (
	"context"

	"github.com/google/uuid"

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

// capabilityRow is a capability process that somebody is or was in, in a cycle, and who holds the concern
// that led to it.
type capabilityRow struct{ PersonID, CycleID, AppraisalID, HolderID uuid.UUID }

// stoodFor gives a case what is known of capability processes of its person.
func stoodFor(c *appraisal.Case, known []capabilityRow) {
	for _, k := range known {
		c.Capability = c.Capability || k.PersonID == c.PersonID && k.CycleID == c.CycleID
		if k.AppraisalID == c.ID {
			c.ConcernedBy = append(c.ConcernedBy, k.HolderID)
		}
	}
}
