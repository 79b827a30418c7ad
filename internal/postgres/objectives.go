package postgres

import (
	"context"
	"slices"

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
	after, err := p.After(page.ID)
	if err != nil {
		return page.Page[*objective.Aggregate]{}, err
	}
	reach, args := d.reachSQL("ListObjectives", access.From(ctx), "a.person_id", "a.unit_id", readableTeam())
	sql := "select o.* from objectives o join appraisals a on a.trust_id = o.trust_id and a.id = o.appraisal_id where o.trust_id = @trust and " + reach
	for _, c := range []struct {
		on   bool
		sql  string
		name string
		arg  any
	}{
		{f.AppraisalID != nil, "o.appraisal_id = @appraisal", "appraisal", f.AppraisalID},
		{f.CycleID != nil, "a.cycle_id = @cycle", "cycle", f.CycleID},
		{f.UnitID != nil, "a.unit_id = @unit", "unit", f.UnitID},
		{f.Approval != "", "o.approval = @approval", "approval", f.Approval},
		{f.Completion != "", "o.completion = @completion", "completion", f.Completion},
		{f.Slot != "", "o.slot = @slot", "slot", f.Slot},
		{f.UpdatedSince != nil, "o.updated_at >= @since", "since", f.UpdatedSince},
		{after != nil, "o.id > @after", "after", first(after)},
	} {
		if c.on {
			sql += " and " + c.sql
			args[c.name] = c.arg
		}
	}
	args["limit"] = p.Size() + 1
	var rows []objective.Objective
	if err := d.conn(ctx).Raw(sql+" order by o.id limit @limit", args).Scan(&rows).Error; err != nil {
		return page.Page[*objective.Aggregate]{}, err
	}
	cut := page.Cut(p, rows, func(o objective.Objective) []string { return []string{o.ID.String()} })
	items, err := d.aggregates(ctx, cut.Items, nil)
	return page.Page[*objective.Aggregate]{Items: items, Next: cut.Next}, err
}

func first(s []string) string {
	if len(s) == 0 {
		return ""
	}
	return s[0]
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
	cases := map[uuid.UUID]*appraisal.Case{}
	if known != nil {
		cases[known.ID] = known
	} else if cases, err = d.casesOf(ctx, rows); err != nil {
		return nil, err
	}
	out := make([]*objective.Aggregate, len(rows))
	for i, o := range rows {
		out[i] = join(o, revisions, signatures, cases[o.AppraisalID])
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
	party, purpose := c.Reading()
	if party {
		return nil
	}
	return d.Disclose(ctx, privacy.Reading{PersonID: c.PersonID, AppraisalID: &c.ID, Purpose: purpose, SubjectKind: kind, SubjectID: id})
}

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
	err = create(ctx, d, &a.Objective, func(o *objective.Objective) audit.Event { return d.about(c, event, "objective", o.ID, 1) })
	if err != nil {
		return nil, err
	}
	if err := d.keepRevisions(ctx, a, []*objective.Revision{a.Next}); err != nil {
		return nil, err
	}
	c.Objectives = append(c.Objectives, appraisal.ObjectiveFact{ID: a.ID, AppraisalID: c.ID, Slot: a.Slot, Counts: a.Counts, Approval: string(a.Approval), Completion: string(a.Completion), Title: a.Next.Title})
	return a, d.settle(ctx, c)
}

// about completes an event of a part: what it is about, whose record it is, and which appraisal's.
func (d *DB) about(c *appraisal.Case, e audit.Event, kind string, id uuid.UUID, version int) audit.Event {
	e.Subject = audit.Subject{Kind: kind, ID: id, Version: version}
	return e.Of(c.PersonID, c.UnitID).In(c.ID)
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
			f.Approval, f.Completion, f.Live, f.Counts = string(a.Approval), string(a.Completion), a.Live != nil, a.Counts
		}
	}
}

func (d *DB) lockObjective(ctx context.Context, id uuid.UUID, version int) (*objective.Aggregate, error) {
	row, err := find[objective.Objective](ctx, d, id)
	if err != nil {
		return nil, err
	}
	c, err := d.lockCase(ctx, row.AppraisalID)
	if err != nil {
		return nil, err
	}
	if err := d.table.Check(access.Operation(ctx), c.Actor, c.Record()); err != nil {
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
	c, err := d.lockCase(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := d.table.Check(access.Operation(ctx), c.Actor, c.Record()); err != nil {
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
	return d.readCase(ctx, id)
}

// UnknownPriorities says which of the ids are no live priorities of the trust or of the unit and
// those above it, by their place in the list.
func (d *DB) UnknownPriorities(ctx context.Context, ids []uuid.UUID, unit uuid.UUID) ([]int, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var known []uuid.UUID
	err := d.conn(ctx).Raw(`with recursive up as (select id, parent_id from units where trust_id = @trust and id = @unit
		union select u.id, u.parent_id from units u join up on u.id = up.parent_id where u.trust_id = @trust)
		select p.id from priorities p where p.trust_id = @trust and p.id in @ids and not p.archived and (p.unit_id is null or p.unit_id in (select id from up))`,
		map[string]any{"trust": access.From(ctx).TrustID, "ids": ids, "unit": unit}).Scan(&known).Error
	if err != nil {
		return nil, err
	}
	var unknown []int
	for i, id := range ids {
		if !slices.Contains(known, id) {
			unknown = append(unknown, i)
		}
	}
	return unknown, nil
}

// KnowsTemplate says whether there is such an entry of the objective bank.
func (d *DB) KnowsTemplate(ctx context.Context, id uuid.UUID) (bool, error) {
	var known bool
	err := d.conn(ctx).Raw("select exists (select from objective_templates where trust_id = ? and id = ? and not archived)", access.From(ctx).TrustID, id).Scan(&known).Error
	return known, err
}

var _ objective.Store = (*DB)(nil)
