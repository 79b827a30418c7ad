package postgres

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/pay"
	"github.com/perennial-api/perennial/internal/report"
)

var _ report.CorrectionStore = (*DB)(nil)

// Corrections implements report.CorrectionStore.
func (d *DB) Corrections(ctx context.Context, appraisalID uuid.UUID, r page.Request) (*appraisal.Case, page.Page[*report.Matter], error) {
	none := page.Page[*report.Matter]{}
	c, err := d.readCase(ctx, appraisalID)
	if err != nil {
		return nil, none, err
	}
	r.Filter = appraisalID
	after, err := afterID(r)
	if err != nil {
		return nil, none, err
	}
	q, err := d.knownCorrections(ctx, c)
	if err != nil {
		return nil, none, err
	}
	if after != nil {
		q = q.Where("id > ?", after)
	}
	var rows []report.Correction
	if err := q.Order("id").Limit(r.Size() + 1).Find(&rows).Error; err != nil {
		return nil, none, err
	}
	cut := page.Cut(r, rows, func(x report.Correction) []string { return []string{x.ID.String()} })
	return c, page.Page[*report.Matter]{Items: matters(c, cut.Items), Next: cut.Next}, d.disclose(ctx, c, "corrections", appraisalID)
}

// knownCorrections are those of a case that the caller may know of: those on pay are for whoever sees
// the pay, all others for whom their section of the report is, and for whoever asked for them.
func (d *DB) knownCorrections(ctx context.Context, c *appraisal.Case) (*gorm.DB, error) {
	following, err := d.following(ctx, c)
	if err != nil {
		return nil, err
	}
	var places []report.Correction
	err = d.conn(ctx).Raw("select distinct part, section from corrections where trust_id = ? and appraisal_id = ?", c.TrustID, c.ID).Scan(&places).Error
	if err != nil {
		return nil, err
	}
	known := [][]any{{"", ""}} // never empty, for SQL has no empty list
	for _, x := range places {
		if report.Knows(c, following, x) {
			known = append(known, []any{x.Part, textOf(x.Section)})
		}
	}
	q := d.conn(ctx).Where("trust_id = ? and appraisal_id = ?", c.TrustID, c.ID).
		Where("(? or split_part(part, '.', 1) <> 'pay')", len(pay.Reading(c)) == 0)
	return q.Where("(requested_by = ? or (part, coalesce(section, '')) in ?)", c.Actor.PersonID, known), nil
}

func matters(c *appraisal.Case, rows []report.Correction) []*report.Matter {
	out := make([]*report.Matter, len(rows))
	for i, x := range rows {
		out[i] = &report.Matter{Correction: x, Case: c}
	}
	return out
}

// DecidedCorrections implements report.CorrectionStore.
func (d *DB) DecidedCorrections(ctx context.Context, c *appraisal.Case) ([]*report.Matter, error) {
	q, err := d.knownCorrections(ctx, c)
	if err != nil {
		return nil, err
	}
	var rows []report.Correction
	err = q.Where("status in ('accepted', 'disputed')").Order("id").Limit(200).Find(&rows).Error
	return matters(c, rows), err
}

// Correction implements report.CorrectionStore.
func (d *DB) Correction(ctx context.Context, id uuid.UUID) (*report.Matter, error) {
	row, err := find[report.Correction](ctx, d, id)
	if err != nil {
		return nil, err
	}
	c, err := d.readCase(ctx, row.AppraisalID)
	if err != nil {
		return nil, err
	}
	known, err := d.knownCorrections(ctx, c)
	if err != nil {
		return nil, err
	}
	if err := known.Where("id = ?", id).Take(row).Error; err != nil {
		return nil, translate(err)
	}
	return &report.Matter{Correction: *row, Case: c}, d.disclose(ctx, c, "correction", id)
}

// PayTold implements report.CorrectionStore.
func (d *DB) PayTold(ctx context.Context, c *appraisal.Case) (bool, error) {
	f, err := d.toldPay(ctx, c)
	return slices.ContainsFunc(f.History, func(h pay.Decision) bool { return !h.ToldOn.IsZero() }), err
}

// AddCorrection implements report.CorrectionStore.
func (d *DB) AddCorrection(ctx context.Context, appraisalID uuid.UUID, add func(*appraisal.Case) (*report.Matter, audit.Event, error)) (*report.Matter, error) {
	c, err := d.lockForCommand(ctx, appraisalID)
	if err != nil {
		return nil, err
	}
	m, event, err := add(c)
	if err != nil {
		return nil, err
	}
	return m, create(ctx, d, &m.Correction, func(x *report.Correction) audit.Event { return d.about(c, event, "correction", x.ID, x.Version) })
}

// ChangeCorrection implements report.CorrectionStore.
func (d *DB) ChangeCorrection(ctx context.Context, id uuid.UUID, version int, change func(*report.Matter) (audit.Event, error)) (*report.Matter, error) {
	known, err := find[report.Correction](ctx, d, id)
	if err != nil {
		return nil, err
	}
	c, err := d.lockForCommand(ctx, known.AppraisalID)
	if err != nil {
		return nil, err
	}
	row, err := locked[report.Correction](ctx, d, id, version)
	if err != nil {
		return nil, err
	}
	m := &report.Matter{Correction: *row, Case: c}
	err = save(ctx, d, &m.Correction, func(x *report.Correction) (audit.Event, error) {
		event, err := change(m)
		return d.about(c, event, "correction", x.ID, x.Version), err
	})
	return m, err
}
