package postgres

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/objective"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/privacy"
)

// Objectives lists those that the caller reaches.
func (d *DB) Objectives(ctx context.Context, f objective.Filter, p page.Request) (page.Page[*objective.Aggregate], error) {
	after, err := afterID(p)
	if err != nil {
		return page.Page[*objective.Aggregate]{}, err
	}
	reach, args := d.reachSQL("ListObjectives", access.From(ctx), "a.person_id", "a.unit_id", readableTeam())
	sql := "select o.* from objectives o join appraisals a on a.trust_id = o.trust_id and a.id = o.appraisal_id where o.trust_id = @trust and " + reach
	sql = narrowed(sql, args,
		condition{f.AppraisalID != nil, "o.appraisal_id = @appraisal", "appraisal", f.AppraisalID},
		condition{f.CycleID != nil, "a.cycle_id = @cycle", "cycle", f.CycleID},
		condition{f.UnitID != nil, "a.unit_id = @unit", "unit", f.UnitID},
		condition{f.Approval != "", "o.approval = @approval", "approval", f.Approval},
		condition{f.Completion != "", "o.completion = @completion", "completion", f.Completion},
		condition{f.Validation != "", "o.validation = @validation", "validation", f.Validation},
		condition{f.PersonID != nil, "a.person_id = @person", "person", f.PersonID},
		condition{f.CreatedSince != nil, "o.created_at >= @begun", "begun", f.CreatedSince},
		condition{f.Slot != "", "o.slot = @slot", "slot", f.Slot},
		condition{f.UpdatedSince != nil, "o.updated_at >= @since", "since", f.UpdatedSince},
		condition{after != nil, "o.id > @after", "after", after})
	args["limit"] = p.Size() + 1
	var rows []objective.Objective
	if err := d.conn(ctx).Raw(sql+" order by o.id limit @limit", args).Scan(&rows).Error; err != nil {
		return page.Page[*objective.Aggregate]{}, err
	}
	cut := page.Cut(p, rows, func(o objective.Objective) []string { return []string{o.ID.String()} })
	items, err := d.aggregates(ctx, cut.Items, nil)
	return page.Page[*objective.Aggregate]{Items: items, Next: cut.Next}, err
}

// aggregates loads the revisions that matter, the signatures and the cases of objectives. known is
// a case that is loaded already, or nil.
func (d *DB) aggregates(ctx context.Context, rows []objective.Objective, known *appraisal.Case) ([]*objective.Aggregate, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	trust := access.From(ctx).TrustID
	ids := make([]uuid.UUID, len(rows))
	for i, o := range rows {
		ids[i] = o.ID
	}
	var revisions []objective.Revision
	err := d.conn(ctx).Raw(`select r.* from objective_revisions r join objectives o on o.trust_id = r.trust_id and o.id = r.objective_id
		and r.number in (o.live_revision, o.next_revision) where r.trust_id = ? and r.objective_id in ?`, trust, ids).Scan(&revisions).Error
	if err != nil {
		return nil, err
	}
	var signatures []objective.Signature
	err = d.conn(ctx).Where("trust_id = ? and subject_kind = 'objective' and subject_id in ?", trust, ids).Order("at").Find(&signatures).Error
	if err != nil {
		return nil, err
	}
	levels, err := d.levelsOf(ctx, revisions)
	if err != nil {
		return nil, err
	}
	cases := map[uuid.UUID]*appraisal.Case{}
	if known != nil {
		cases[known.ID] = known
	} else if cases, err = d.casesOf(ctx, rows); err != nil {
		return nil, err
	}
	out := make([]*objective.Aggregate, len(rows))
	for i, o := range rows {
		out[i] = join(o, revisions, signatures, cases[o.AppraisalID])
		out[i].Levels = levels
	}
	return out, nil
}

func (d *DB) casesOf(ctx context.Context, rows []objective.Objective) (map[uuid.UUID]*appraisal.Case, error) {
	var ids []uuid.UUID
	for _, o := range rows {
		ids = append(ids, o.AppraisalID)
	}
	appraisals, err := d.readable(ctx, "a.id in @ids", map[string]any{"ids": ids}, "GetAppraisal")
	if err != nil {
		return nil, err
	}
	cases, err := d.cases(ctx, appraisals)
	out := map[uuid.UUID]*appraisal.Case{}
	for _, c := range cases {
		out[c.ID] = c
	}
	return out, err
}

func join(o objective.Objective, revisions []objective.Revision, signatures []objective.Signature, c *appraisal.Case) *objective.Aggregate {
	a := &objective.Aggregate{Objective: o, Case: c}
	for i, r := range revisions {
		if r.ObjectiveID != o.ID {
			continue
		}
		if o.LiveRevision != nil && r.Number == *o.LiveRevision {
			a.Live = &revisions[i]
		}
		if o.NextRevision != nil && r.Number == *o.NextRevision {
			a.Next = &revisions[i]
		}
	}
	for _, s := range signatures {
		if s.SubjectID == o.ID && a.Working() != nil && s.Revision == a.Working().Number {
			a.Signatures = append(a.Signatures, s)
		}
	}
	return a
}

// Objective reads one. Somebody who is no party leaves a disclosure.
func (d *DB) Objective(ctx context.Context, id uuid.UUID) (*objective.Aggregate, error) {
	row, err := find[objective.Objective](ctx, d, id)
	if err != nil {
		return nil, err
	}
	c, err := d.readCase(ctx, row.AppraisalID)
	if err != nil {
		return nil, err
	}
	if err := d.disclose(ctx, c, "objective", id); err != nil {
		return nil, err
	}
	list, err := d.aggregates(ctx, []objective.Objective{*row}, c)
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

// disclose records that somebody who is no party of the case has read one of its records.
func (d *DB) disclose(ctx context.Context, c *appraisal.Case, kind string, id uuid.UUID) error {
	as, err := c.ReadFor(privacy.StatedPurpose(ctx))
	if err != nil || as.Party {
		return err
	}
	return d.Disclose(ctx, privacy.Reading{PersonID: c.PersonID, AppraisalID: &c.ID, Purpose: as.Purpose, GrantID: as.GrantID, SubjectKind: kind, SubjectID: id})
}

// about completes an event of a part: what it is about, whose record it is, and which appraisal's.
func (d *DB) about(c *appraisal.Case, e audit.Event, kind string, id uuid.UUID, version int) audit.Event {
	e.Subject = audit.Subject{Kind: kind, ID: id, Version: version}
	return e.Of(c.PersonID, c.UnitID).In(c.ID)
}

// Revisions lists every version of an objective, newest first.
func (d *DB) Revisions(ctx context.Context, id uuid.UUID) ([]objective.Revision, error) {
	row, err := find[objective.Objective](ctx, d, id)
	if err != nil {
		return nil, err
	}
	c, err := d.readCase(ctx, row.AppraisalID)
	if err != nil {
		return nil, err
	}
	if err := d.disclose(ctx, c, "objective", id); err != nil {
		return nil, err
	}
	var out []objective.Revision
	err = d.conn(ctx).Where("trust_id = ? and objective_id = ?", row.TrustID, id).Order("number desc").Limit(200).Find(&out).Error
	return out, err
}

// AppraisalObjectives reads the case of an appraisal with all its objectives.
func (d *DB) AppraisalObjectives(ctx context.Context, appraisalID uuid.UUID) (*appraisal.Case, []*objective.Aggregate, error) {
	c, err := d.readCase(ctx, appraisalID)
	if err != nil {
		return nil, nil, err
	}
	var rows []objective.Objective
	if err := d.conn(ctx).Where("trust_id = ? and appraisal_id = ?", c.TrustID, c.ID).Order("created_at, id").Limit(200).Find(&rows).Error; err != nil {
		return nil, nil, err
	}
	all, err := d.aggregates(ctx, rows, c)
	return c, all, err
}

var _ objective.Store = (*DB)(nil)
