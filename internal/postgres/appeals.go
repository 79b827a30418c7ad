package postgres

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appeal"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
)

var _ appeal.Store = (*DB)(nil)

// Appeals implements appeal.Store.
func (d *DB) Appeals(ctx context.Context, appraisalID uuid.UUID) (*appeal.Year, error) {
	c, err := d.appealable(ctx, appraisalID)
	if err != nil {
		return nil, err
	}
	y, err := d.appealYear(ctx, c)
	if err != nil {
		return nil, err
	}
	return y, d.disclose(ctx, c, "appraisal", appraisalID)
}

// appealable reads the case of an appraisal whose appeals the actor may know of. Whoever reviews the
// year after reads the report of this one, and nothing of its appeals.
func (d *DB) appealable(ctx context.Context, appraisalID uuid.UUID) (*appraisal.Case, error) {
	c, err := d.readCase(ctx, appraisalID)
	if err != nil {
		return nil, err
	}
	if !d.table.Covers("GetAppeal", c.Actor, c.Record()) {
		return nil, fault.Gone()
	}
	return c, nil
}

// appealYear reads an appraisal as appeals begin from it.
func (d *DB) appealYear(ctx context.Context, c *appraisal.Case) (*appeal.Year, error) {
	y := &appeal.Year{Case: c}
	err := d.conn(ctx).Where("trust_id = ? and appraisal_id = ?", c.TrustID, c.ID).Order("n").Find(&y.Decisions).Error
	if err != nil {
		return nil, err
	}
	if err = d.tell(ctx, c, y.Decisions); err != nil {
		return nil, err
	}
	err = d.conn(ctx).Raw(`select done_by from earlier_steps where trust_id = @trust and appraisal_id = @id and done_by is not null
		union select by_id from ratings where trust_id = @trust and appraisal_id = @id
		union select by_id from objective_outcomes where trust_id = @trust and appraisal_id = @id`, map[string]any{"trust": c.TrustID, "id": c.ID}).Scan(&y.Earlier).Error
	if err != nil {
		return nil, err
	}
	var rows []appeal.Appeal
	if err := d.conn(ctx).Where("trust_id = ? and appraisal_id = ?", c.TrustID, c.ID).Order("id").Limit(200).Find(&rows).Error; err != nil {
		return nil, err
	}
	y.Appeals, err = d.withStages(ctx, c, rows)
	return y, err
}

// withStages loads the stages and amendments of appeals of one case.
func (d *DB) withStages(ctx context.Context, c *appraisal.Case, rows []appeal.Appeal) ([]*appeal.Aggregate, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	var ids []uuid.UUID
	for _, a := range rows {
		ids = append(ids, a.ID)
	}
	var stages []appeal.Stage
	if err := d.conn(ctx).Where("trust_id = ? and appeal_id in ?", c.TrustID, ids).Order("n").Find(&stages).Error; err != nil {
		return nil, err
	}
	var amendments []appeal.Amendment
	if err := d.conn(ctx).Where("trust_id = ? and appeal_id in ?", c.TrustID, ids).Order("id").Find(&amendments).Error; err != nil {
		return nil, err
	}
	out := make([]*appeal.Aggregate, len(rows))
	for i, row := range rows {
		out[i] = &appeal.Aggregate{Appeal: row, Case: c,
			Stages:     pick(stages, func(s appeal.Stage) bool { return s.AppealID == row.ID }),
			Amendments: pick(amendments, func(m appeal.Amendment) bool { return m.AppealID == row.ID })}
	}
	return out, nil
}

// Appeal implements appeal.Store.
func (d *DB) Appeal(ctx context.Context, id uuid.UUID) (*appeal.Aggregate, error) {
	row, err := find[appeal.Appeal](ctx, d, id)
	if err != nil {
		return nil, err
	}
	c, err := d.appealable(ctx, row.AppraisalID)
	if err != nil {
		return nil, err
	}
	if err := d.disclose(ctx, c, "appeal", id); err != nil {
		return nil, err
	}
	list, err := d.withStages(ctx, c, []appeal.Appeal{*row})
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

// LodgeAppeal implements appeal.Store.
func (d *DB) LodgeAppeal(ctx context.Context, appraisalID uuid.UUID, add func(*appeal.Year) (*appeal.Aggregate, audit.Event, error)) (*appeal.Aggregate, error) {
	c, err := d.lockPart(ctx, appraisalID, "ListAppeals")
	if err != nil {
		return nil, err
	}
	y, err := d.appealYear(ctx, c)
	if err != nil {
		return nil, err
	}
	a, event, err := add(y)
	if err != nil {
		return nil, err
	}
	if err := create(ctx, d, &a.Appeal, func(row *appeal.Appeal) audit.Event { return d.about(c, event, "appeal", row.ID, row.Version) }); err != nil {
		return nil, err
	}
	if err := d.keepStages(ctx, a); err != nil {
		return nil, err
	}
	return a, d.settle(ctx, c)
}

// ChangeAppeal implements appeal.Store.
func (d *DB) ChangeAppeal(ctx context.Context, id uuid.UUID, version int, change func(*appeal.Aggregate) (audit.Event, error)) (*appeal.Aggregate, error) {
	row, err := find[appeal.Appeal](ctx, d, id)
	if err != nil {
		return nil, err
	}
	c, err := d.lockPart(ctx, row.AppraisalID, "GetAppeal")
	if err != nil {
		return nil, err
	}
	held, err := locked[appeal.Appeal](ctx, d, id, version)
	if err != nil {
		return nil, err
	}
	list, err := d.withStages(ctx, c, []appeal.Appeal{*held})
	if err != nil {
		return nil, err
	}
	a := list[0]
	err = save(ctx, d, &a.Appeal, func(*appeal.Appeal) (audit.Event, error) {
		e, err := change(a)
		return d.about(c, e, "appeal", id, 0), err
	})
	if err != nil {
		return nil, err
	}
	if err := d.keepStages(ctx, a); err != nil {
		return nil, err
	}
	if err := d.keepAmendments(ctx, a); err != nil {
		return nil, err
	}
	if a.Redoing {
		if err := d.beginRound(ctx, a); err != nil {
			return nil, err
		}
	}
	return a, d.settle(ctx, c)
}

// keepStages stores the stage that the appeal is at, new or changed; those before it never change.
func (d *DB) keepStages(ctx context.Context, a *appeal.Aggregate) error {
	s := a.At()
	s.UpdatedAt = d.now()
	if s.ID == uuid.Nil {
		s.TrustID, s.ID, s.AppealID, s.CreatedAt = a.TrustID, d.ids(), a.ID, s.UpdatedAt
		return d.conn(ctx).Create(s).Error
	}
	return d.conn(ctx).Select("*").Omit("trust_id", "id", "created_at").Where("trust_id = ? and id = ?", s.TrustID, s.ID).Updates(s).Error
}

func (d *DB) keepAmendments(ctx context.Context, a *appeal.Aggregate) error {
	if m := a.NewAmendment; m != nil {
		m.TrustID, m.ID, m.CreatedAt, m.UpdatedAt = a.TrustID, d.ids(), d.now(), d.now()
		if err := d.conn(ctx).Create(m).Error; err != nil {
			return err
		}
	}
	m := a.Answered
	if m == nil {
		return nil
	}
	m.UpdatedAt = d.now()
	return d.conn(ctx).Select("*").Omit("trust_id", "id", "created_at").Where("trust_id = ? and id = ?", m.TrustID, m.ID).Updates(m).Error
}

// beginRound keeps the steps of the round that is judged anew whole, and takes them out of the
// chain. The ratings that they made, and the reviewer's judgements of the objectives, no longer count,
// and stay. A rating that was still to be confirmed is no longer waited for.
func (d *DB) beginRound(ctx context.Context, a *appeal.Aggregate) error {
	c := a.Case
	for _, f := range a.Redo {
		args := map[string]any{"trust": c.TrustID, "appraisal": c.ID, "chain": f.Chain, "code": f.Code, "id": d.ids(), "now": d.now()}
		err := d.conn(ctx).Exec(`insert into earlier_steps (trust_id, id, appraisal_id, chain, code, round, n, done_by, rating, kept, created_at, updated_at)
			select s.trust_id, @id, s.appraisal_id, s.chain, s.code, s.round, s.n, s.done_by,
				(select r.code from ratings r where r.trust_id = s.trust_id and r.appraisal_id = s.appraisal_id and r.current and r.kind <> 'self' and r.by_id = s.done_by
					and r.at between s.done_at - interval '1 second' and s.done_at order by r.at desc limit 1),
				to_jsonb(s), @now, @now
			from steps s where s.trust_id = @trust and s.appraisal_id = @appraisal and s.chain = @chain and s.code = @code`, args).Error
		if err != nil {
			return err
		}
		if err := d.conn(ctx).Exec("delete from steps where trust_id = @trust and appraisal_id = @appraisal and chain = @chain and code = @code", args).Error; err != nil {
			return err
		}
	}
	for _, sql := range []string{
		"update ratings set current = false where trust_id = @trust and appraisal_id = @appraisal and kind <> 'self' and current",
		"update pay_recommendations set current = false where trust_id = @trust and appraisal_id = @appraisal and current",
		`update deferrals set status = 'resolved', resolved_by = @me, resolved_at = @now, version = version + 1, updated_at = @now
			where trust_id = @trust and appraisal_id = @appraisal and waits_for = 'rating' and status = 'waiting'`,
		"update objective_outcomes set current = false, version = version + 1, updated_at = @now where trust_id = @trust and appraisal_id = @appraisal and party = 'reviewer' and current",
		"update appraisals set round = @round where trust_id = @trust and id = @appraisal",
	} {
		if err := d.conn(ctx).Exec(sql, map[string]any{"trust": c.TrustID, "appraisal": c.ID, "round": c.Round, "me": c.Actor.PersonID, "now": d.now()}).Error; err != nil {
			return err
		}
	}
	return d.Record(ctx, d.about(c, audit.Event{Type: "appraisal.round_begun", Data: map[string]any{"round": c.Round}}, "appraisal", c.ID, c.Version))
}

// Agreed implements appeal.Store: those of the round that stands.
func (d *DB) Agreed(ctx context.Context, c *appraisal.Case) ([]appeal.Amendment, error) {
	var out []appeal.Amendment
	err := d.conn(ctx).Raw(`select m.* from appeal_amendments m join appeals p on p.trust_id = m.trust_id and p.id = m.appeal_id
		where m.trust_id = ? and p.appraisal_id = ? and p.against = 'statement' and p.basis = ? and m.agreed order by m.id limit 50`, c.TrustID, c.ID, c.Round).Scan(&out).Error
	return out, err
}

// AppealCases implements dossier.AppealStore. Appeals are heard when the year is long over.
func (d *DB) AppealCases(ctx context.Context) ([]*appraisal.Case, error) {
	rows, err := d.readable(ctx, `a.id in (select p.appraisal_id from appeals p where p.trust_id = @trust and p.status in @waiting)`,
		map[string]any{"waiting": []string{appraisal.AppealAwaitsAdmission, appraisal.AppealLodged, appraisal.AppealAwaitsConsent}}, "GetAppeal")
	if err != nil {
		return nil, err
	}
	return d.cases(ctx, rows)
}
