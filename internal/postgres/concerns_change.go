package postgres

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/concern"
	"github.com/perennial-api/perennial/internal/pay"
)

// RaiseConcern implements concern.Store.
func (d *DB) RaiseConcern(ctx context.Context, appraisalID uuid.UUID, add func(*appraisal.Case) (*concern.Aggregate, audit.Event, error)) (*concern.Aggregate, error) {
	c, err := d.lockPart(ctx, appraisalID, "GetAppraisal")
	if err != nil {
		return nil, err
	}
	a, event, err := add(c)
	if err != nil {
		return nil, err
	}
	return a, create(ctx, d, &a.Concern, func(k *concern.Concern) audit.Event { return d.about(c, event, "concern", k.ID, k.Version) })
}

// ChangeConcern implements concern.Store.
func (d *DB) ChangeConcern(ctx context.Context, id uuid.UUID, version int, change func(*concern.Aggregate) (audit.Event, error)) (*concern.Aggregate, error) {
	a, err := d.lockConcern(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := d.table.Check(access.Operation(ctx), a.Case.Actor, a.Case.Record()); err != nil {
		return nil, err
	}
	if _, err := locked[concern.Concern](ctx, d, id, version); err != nil {
		return nil, err
	}
	err = save(ctx, d, &a.Concern, func(*concern.Concern) (audit.Event, error) {
		e, err := change(a)
		return d.about(a.Case, e, "concern", id, 0), err
	})
	if err != nil {
		return nil, err
	}
	if err := d.addEntry(ctx, a); err != nil {
		return nil, err
	}
	return a, d.followConcern(ctx, a)
}

// addEntry stores what was added to the log.
func (d *DB) addEntry(ctx context.Context, a *concern.Aggregate) error {
	if a.Added == nil {
		return nil
	}
	a.Added.TrustID, a.Added.ID, a.Added.ConcernID = a.TrustID, d.ids(), a.ID
	if err := d.conn(ctx).Create(a.Added).Error; err != nil {
		return err
	}
	a.Entries = append(a.Entries, *a.Added)
	return nil
}

// followConcern stores what a concern has made of the appraisal. Where it ended without an outcome and
// pay does not follow from one, that is the decision on pay; else HR makes it.
func (d *DB) followConcern(ctx context.Context, a *concern.Aggregate) error {
	if a.Followed == "" {
		return nil
	}
	c := a.Case
	if err := d.settle(ctx, c); err != nil {
		return err
	}
	if c.Status == appraisal.Transferred && c.Stage != appraisal.Released && c.Rules().Pay.Link == "none" {
		if err := d.DecidePay(ctx, c, pay.NotLinked()); err != nil {
			return err
		}
	}
	return d.Record(ctx, d.about(c, audit.Event{Type: "appraisal." + a.Followed, Data: map[string]any{"on": c.Today.String()}}, "appraisal", c.ID, c.Version))
}
