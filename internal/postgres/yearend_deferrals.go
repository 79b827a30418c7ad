package postgres

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/yearend"
)

// Deferrals reads what waits or waited, in the order in which it began to.
func (d *DB) Deferrals(ctx context.Context, appraisalID uuid.UUID) (*appraisal.Case, []*yearend.Waiting, error) {
	c, err := d.readCase(ctx, appraisalID)
	if err != nil {
		return nil, nil, err
	}
	if err := d.disclose(ctx, c, "outcome", appraisalID); err != nil {
		return nil, nil, err
	}
	var rows []yearend.Deferral
	if err := d.conn(ctx).Where("trust_id = ? and appraisal_id = ?", c.TrustID, c.ID).Order("id").Limit(200).Find(&rows).Error; err != nil {
		return nil, nil, err
	}
	out := make([]*yearend.Waiting, len(rows))
	for i, row := range rows {
		out[i] = &yearend.Waiting{Deferral: row, Case: c}
	}
	return c, out, nil
}

// Defer locks the appraisal and stores what begin answers.
func (d *DB) Defer(ctx context.Context, appraisalID uuid.UUID, begin func(*appraisal.Case) (*yearend.Deferral, audit.Event, error)) (*yearend.Waiting, error) {
	c, err := d.lockForCommand(ctx, appraisalID)
	if err != nil {
		return nil, err
	}
	row, event, err := begin(c)
	if err != nil {
		return nil, err
	}
	if err := d.keepDeferral(ctx, c, row, event); err != nil {
		return nil, err
	}
	return &yearend.Waiting{Deferral: *row, Case: c}, d.settle(ctx, c)
}

// keepDeferral stores something that waits from now on, and puts it into the case.
func (d *DB) keepDeferral(ctx context.Context, c *appraisal.Case, row *yearend.Deferral, event audit.Event) error {
	err := create(ctx, d, row, func(v *yearend.Deferral) audit.Event { return d.about(c, event, "deferral", v.ID, 1) })
	if err == nil {
		c.Deferrals = append(c.Deferrals, appraisal.DeferralFact{ID: row.ID, AppraisalID: c.ID, WaitsFor: row.WaitsFor, ObjectiveID: row.ObjectiveID, DueOn: row.DueOn})
	}
	return err
}

// Resolve locks the appraisal, holds the deferral's version, and stores what end made of it.
func (d *DB) Resolve(ctx context.Context, appraisalID, id uuid.UUID, version int, end func(*yearend.Waiting) (audit.Event, error)) (*yearend.Waiting, error) {
	c, err := d.lockForCommand(ctx, appraisalID)
	if err != nil {
		return nil, err
	}
	row, err := find[yearend.Deferral](ctx, d, id)
	if err != nil {
		return nil, err
	}
	if row.AppraisalID != appraisalID {
		return nil, fault.Gone()
	}
	if row.Version != version {
		return nil, staleVersion(row.Version)
	}
	w := &yearend.Waiting{Deferral: *row, Case: c}
	if err := d.waitingParts(ctx, w); err != nil {
		return nil, err
	}
	err = save(ctx, d, &w.Deferral, func(*yearend.Deferral) (audit.Event, error) {
		e, err := end(w)
		return d.about(c, e, "deferral", id, 0), err
	})
	if err != nil {
		return nil, err
	}
	return w, d.keepResolution(ctx, w)
}

// waitingParts reads the ratings made so far, and the objective that waits.
func (d *DB) waitingParts(ctx context.Context, w *yearend.Waiting) (err error) {
	if w.Ratings, err = d.ratings(ctx, w.Case); err != nil || w.ObjectiveID == nil {
		return err
	}
	all, err := d.judged(ctx, w.Case)
	if err == nil {
		w.Objective = all[*w.ObjectiveID]
	}
	return err
}

// keepResolution stores the judgement and the ratings that a resolution brought, and what is still to
// be confirmed.
func (d *DB) keepResolution(ctx context.Context, w *yearend.Waiting) error {
	if v := w.NewJudgement; v != nil {
		event := audit.Event{Type: "objective.judged", Data: map[string]any{"party": v.Party, "deferral": w.ID}}
		if err := d.keepJudgement(ctx, w.Objective, v, event); err != nil {
			return err
		}
	}
	for i := range w.NewRatings {
		if err := d.keepRating(ctx, w.Case, &w.NewRatings[i]); err != nil {
			return err
		}
	}
	if w.Confirm != nil {
		event := audit.Event{Type: "deferral.begun", Data: map[string]any{"waits_for": w.Confirm.WaitsFor, "due_on": w.Confirm.DueOn.String()}}
		if err := d.keepDeferral(ctx, w.Case, w.Confirm, event); err != nil {
			return err
		}
	}
	return d.settle(ctx, w.Case)
}

// DeferredCases implements dossier.DeferralStore.
func (d *DB) DeferredCases(ctx context.Context, operation string) ([]*appraisal.Case, error) {
	reach, args := d.reachSQL(operation, access.From(ctx), "a.person_id", "a.unit_id", seatTeam("a.id"))
	var rows []appraisal.Appraisal
	err := d.conn(ctx).Raw(`select a.* from appraisals a where a.trust_id = @trust and a.person_id <> @me and exists (select from deferrals w
			where w.trust_id = a.trust_id and w.appraisal_id = a.id and w.status = 'waiting')
		and `+reach+` order by a.id limit 200`, args).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return d.cases(ctx, rows)
}
