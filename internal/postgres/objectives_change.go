package postgres

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/objective"
)

// CreateObjective locks the appraisal, loads its case, and stores what add answers.
func (d *DB) CreateObjective(ctx context.Context, appraisalID uuid.UUID, add func(*appraisal.Case) (*objective.Aggregate, audit.Event, error)) (*objective.Aggregate, error) {
	c, err := d.lockCase(ctx, appraisalID)
	if err != nil {
		return nil, err
	}
	a, event, err := add(c)
	if err != nil {
		return nil, err
	}
	return a, d.KeepObjective(ctx, a, event)
}

// KeepObjective stores a new objective of a case that is locked.
func (d *DB) KeepObjective(ctx context.Context, a *objective.Aggregate, event audit.Event) error {
	c := a.Case
	err := create(ctx, d, &a.Objective, func(o *objective.Objective) audit.Event { return d.about(c, event, "objective", o.ID, 1) })
	if err != nil {
		return err
	}
	if err := d.keepRevisions(ctx, a, []*objective.Revision{a.Next}); err != nil {
		return err
	}
	for i := range a.Signatures {
		a.Signatures[i].SubjectID = a.ID
	}
	if err := d.keepSignatures(ctx, a, 0); err != nil {
		return err
	}
	c.Objectives = append(c.Objectives, appraisal.ObjectiveFact{ID: a.ID, AppraisalID: c.ID, Slot: a.Slot, Counts: a.Counts, Approval: string(a.Approval), Completion: string(a.Completion), Title: a.Next.Title,
		Mandate: a.Mandate, FromID: a.FromID})
	return d.settle(ctx, c)
}

// ChangeObjective locks appraisal and objective, holds the version, and stores what change made.
func (d *DB) ChangeObjective(ctx context.Context, id uuid.UUID, version int, change func(*objective.Aggregate) ([]*objective.Revision, audit.Event, error)) (*objective.Aggregate, error) {
	a, err := d.lockObjective(ctx, id, version)
	if err != nil {
		return nil, err
	}
	had := len(a.Signatures)
	var touched []*objective.Revision
	err = save(ctx, d, &a.Objective, func(*objective.Objective) (audit.Event, error) {
		var e audit.Event
		if touched, e, err = change(a); err != nil {
			return e, err
		}
		return d.about(a.Case, e, "objective", a.ID, 0), nil
	})
	if err != nil {
		return nil, err
	}
	if err := d.keepRevisions(ctx, a, touched); err != nil {
		return nil, err
	}
	if err := d.keepSignatures(ctx, a, had); err != nil {
		return nil, err
	}
	refreshFact(a)
	return a, d.settle(ctx, a.Case)
}

func refreshFact(a *objective.Aggregate) {
	for i := range a.Case.Objectives {
		if f := &a.Case.Objectives[i]; f.ID == a.ID {
			f.Approval, f.Completion, f.Live, f.Counts = string(a.Approval), string(a.Completion), a.Live != nil && a.Approval != objective.Withdrawn, a.Counts
		}
	}
}

func (d *DB) lockObjective(ctx context.Context, id uuid.UUID, version int) (*objective.Aggregate, error) {
	row, err := find[objective.Objective](ctx, d, id)
	if err != nil {
		return nil, err
	}
	c, err := d.lockForCommand(ctx, row.AppraisalID)
	if err != nil {
		return nil, err
	}
	if row, err = locked[objective.Objective](ctx, d, id, version); err != nil {
		return nil, err
	}
	list, err := d.aggregates(ctx, []objective.Objective{*row}, c)
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

func (d *DB) keepRevisions(ctx context.Context, a *objective.Aggregate, touched []*objective.Revision) error {
	for _, r := range touched {
		if r.ID == uuid.Nil {
			r.TrustID, r.ID, r.ObjectiveID = a.TrustID, d.ids(), a.ID
			if err := d.conn(ctx).Create(r).Error; err != nil {
				return err
			}
			continue
		}
		r.UpdatedAt = d.now()
		err := d.conn(ctx).Select("*").Omit("trust_id", "id", "created_at").Where("trust_id = ? and id = ?", r.TrustID, r.ID).Updates(r).Error
		if err != nil {
			return err
		}
	}
	return nil
}

// keepSignatures adds new signatures, and takes back those on the version that was edited.
func (d *DB) keepSignatures(ctx context.Context, a *objective.Aggregate, had int) error {
	if len(a.Signatures) == 0 && had > 0 {
		return d.conn(ctx).Exec("delete from signatures where trust_id = ? and subject_kind = 'objective' and subject_id = ? and revision = ?", a.TrustID, a.ID, a.Working().Number).Error
	}
	for i := range a.Signatures {
		s := &a.Signatures[i]
		if s.ID != uuid.Nil {
			continue
		}
		s.TrustID, s.ID = a.TrustID, d.ids()
		if err := d.conn(ctx).Create(s).Error; err != nil {
			return err
		}
	}
	return nil
}

// DeleteObjective removes a draft when check lets it.
func (d *DB) DeleteObjective(ctx context.Context, id uuid.UUID, version int, check func(*objective.Aggregate) (audit.Event, error)) error {
	a, err := d.lockObjective(ctx, id, version)
	if err != nil {
		return err
	}
	e, err := check(a)
	if err != nil {
		return err
	}
	if err := d.conn(ctx).Exec("delete from objectives where trust_id = ? and id = ?", a.TrustID, id).Error; err != nil {
		return err
	}
	return d.Record(ctx, d.about(a.Case, e, "objective", id, a.Version))
}

// SetCounts marks which objectives of the appraisal count.
func (d *DB) SetCounts(ctx context.Context, appraisalID uuid.UUID, version int, choose func(*appraisal.Case) ([]uuid.UUID, audit.Event, error)) (*appraisal.Case, error) {
	c, err := d.changeCase(ctx, appraisalID, version, func(c *appraisal.Case) (audit.Event, error) {
		ids, e, err := choose(c)
		if err != nil {
			return e, err
		}
		c.Pending.Changed = true
		return e, d.conn(ctx).Exec("update objectives set counts = (id in ?), version = version + 1, updated_at = ? where trust_id = ? and appraisal_id = ? and counts <> (id in ?)",
			ids, d.now(), c.TrustID, c.ID, ids).Error
	})
	return c, err
}

// changeCase locks an appraisal, holds its version, and stores what change left pending on it.
func (d *DB) changeCase(ctx context.Context, id uuid.UUID, version int, change func(*appraisal.Case) (audit.Event, error)) (*appraisal.Case, error) {
	c, err := d.lockForCommand(ctx, id)
	if err != nil {
		return nil, err
	}
	if c.Version != version {
		return nil, staleVersion(c.Version)
	}
	e, err := change(c)
	if err != nil {
		return nil, err
	}
	if err := d.settle(ctx, c); err != nil {
		return nil, err
	}
	if err := d.Record(ctx, d.about(c, e, "appraisal", c.ID, c.Version)); err != nil {
		return nil, err
	}
	if c, err = d.readCase(ctx, id); err != nil {
		return nil, err
	}
	return c, d.neighbours(ctx, c)
}
