package postgres

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/cycle"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// caseFacts are the rows of a batch of cases, each loaded with one query for the whole batch.
type caseFacts struct {
	cycles     map[uuid.UUID]cycleFacts
	org        *appraisal.Org
	seats      []appraisal.Seat
	above      aboveRows
	objectives []appraisal.ObjectiveFact
	checkIns   []appraisal.CheckInFact
	meetings   []appraisal.MeetingFact
	steps      []appraisal.StepFact
	deferrals  []appraisal.DeferralFact
	absences   []appraisal.Absence
	appeals    []appraisal.AppealFact
	stood      []appraisal.Suspension
	capability []capabilityRow
	assessed   []appraisal.SelfAssessmentFact
	posts      map[uuid.UUID]policy.FactSet
	postUnits  []postUnit
}

type postUnit struct{ ID, UnitID uuid.UUID }

type cycleFacts struct {
	cycle.Cycle
	own     []cycle.Date
	windows []appraisal.WindowFact
}

// cases loads the case of each appraisal, with a number of queries that does not depend on how
// many there are.
func (d *DB) cases(ctx context.Context, rows []appraisal.Appraisal) ([]*appraisal.Case, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	f, err := d.caseFacts(ctx, rows)
	if err != nil {
		return nil, err
	}
	out := make([]*appraisal.Case, len(rows))
	for i, a := range rows {
		if out[i], err = d.assemble(ctx, a, f); err != nil {
			return nil, err
		}
	}
	if err := d.letIn(ctx, out); err != nil {
		return nil, err
	}
	return out, d.mandates(ctx, out)
}

func (d *DB) caseFacts(ctx context.Context, rows []appraisal.Appraisal) (f caseFacts, err error) {
	trust := access.From(ctx).TrustID
	var ids, people, posts, cycles []uuid.UUID
	for _, a := range rows {
		ids, people, posts = append(ids, a.ID), append(people, a.PersonID), append(posts, a.PostID)
		if !slices.Contains(cycles, a.CycleID) {
			cycles = append(cycles, a.CycleID)
		}
	}
	if f.cycles, err = d.cycleFacts(ctx, cycles); err != nil {
		return f, err
	}
	if f.org, err = d.org(ctx); err != nil {
		return f, err
	}
	if f.posts, err = d.PostFacts(ctx, posts, access.From(ctx).Today); err != nil {
		return f, err
	}
	if err = d.conn(ctx).Where("trust_id = ? and appraisal_id in ?", trust, ids).Order("from_on, id").Find(&f.seats).Error; err != nil {
		return f, err
	}
	if f.above, err = d.above(ctx, f.seats, cycles); err != nil {
		return f, err
	}
	for _, q := range []struct {
		into any
		sql  string
		by   []uuid.UUID
	}{
		{&f.objectives, `select o.id, o.appraisal_id, o.slot, o.counts, o.approval, o.completion, o.validation, o.live_revision is not null and o.approval <> 'withdrawn' as live, r.title, o.mandate, o.from_id, o.origin,
				(select n.author_id from objective_revisions n where n.trust_id = o.trust_id and n.objective_id = o.id and n.number = o.next_revision) as author_id,
				(select coalesce(jsonb_agg(jsonb_build_object('party', s.party, 'person_id', s.person_id)), '[]') from signatures s
					where s.trust_id = o.trust_id and s.subject_kind = 'objective' and s.subject_id = o.id and s.revision = o.next_revision) as signed,
				(select coalesce(jsonb_agg(jsonb_build_object('party', j.party, 'code', coalesce(j.code, ''), 'agrees', j.agrees, 'text', j.text is not null, 'reason', j.reason is not null, 'late', j.deferral_id is not null,
					'sum', encode(sha256(convert_to(jsonb_build_array(j.code, j.percent, j.text, j.agrees, j.reason)::text, 'UTF8')), 'hex')) order by j.party), '[]')
					from objective_outcomes j where j.trust_id = o.trust_id and j.objective_id = o.id and j.current) as judgements,
				(select count(*) from evidence e where e.trust_id = o.trust_id and e.subject_id = o.id and e.removed_at is null) as evidence
			from objectives o join objective_revisions r on r.trust_id = o.trust_id and r.objective_id = o.id and r.number = coalesce(o.live_revision, o.next_revision)
			where o.trust_id = ? and o.appraisal_id in ? order by o.created_at, o.id`, ids},
		{&f.checkIns, `select id, appraisal_id, window_id, state, late, sent_on from check_ins where trust_id = ? and appraisal_id in ?`, ids},
		{&f.meetings, `select id, appraisal_id, plan_code, state, held_on from meetings where trust_id = ? and appraisal_id in ? order by id`, ids},
		{&f.steps, `select appraisal_id, chain, code, result, done_by, done_on from steps where trust_id = ? and appraisal_id in ?`, ids},
		{&f.appeals, `select p.id, p.appraisal_id, p.against, p.status, s.party, s.due_on, p.took_part,
				(select max(r.decided_on) from appeal_stages r where r.trust_id = p.trust_id and r.appeal_id = p.id and r.result = 'redone') as redone_on from appeals p
			join appeal_stages s on s.trust_id = p.trust_id and s.appeal_id = p.id and s.n = p.stage where p.trust_id = ? and p.appraisal_id in ? order by p.id`, ids},
		{&f.deferrals, `select id, appraisal_id, waits_for, objective_id, due_on from deferrals where trust_id = ? and appraisal_id in ? and status = 'waiting' order by id`, ids},
		{&f.postUnits, `select id, unit_id from posts where trust_id = ? and id in ?`, posts},
		{&f.absences, `select person_id, from_on, until_on from absences where trust_id = ? and person_id in ?`, people},
		{&f.stood, `select appraisal_id, from_on, until_on from suspensions where trust_id = ? and appraisal_id in ? order by from_on, id`, ids},
		{&f.capability, `select k.person_id, a.cycle_id, k.appraisal_id, k.holder_id from concerns k join appraisals a on a.trust_id = k.trust_id and a.id = k.appraisal_id
			where k.trust_id = ? and k.person_id in ? and k.status = 'capability'`, people},
		{&f.assessed, `select id, person_id, cycle_id, framework_code as framework, state = 'complete' as complete, visibility, reviewer_completed_at is not null as reviewed
			from self_assessments where trust_id = ? and person_id in ? order by id`, people},
	} {
		if err = d.conn(ctx).Raw(q.sql, trust, q.by).Scan(q.into).Error; err != nil {
			return f, err
		}
	}
	return f, nil
}

func (d *DB) cycleFacts(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]cycleFacts, error) {
	trust := access.From(ctx).TrustID
	var cycles []cycle.Cycle
	if err := d.conn(ctx).Where("trust_id = ? and id in ?", trust, ids).Find(&cycles).Error; err != nil {
		return nil, err
	}
	var own []cycle.Date
	if err := d.conn(ctx).Where("trust_id = ? and cycle_id in ?", trust, ids).Find(&own).Error; err != nil {
		return nil, err
	}
	var windows []struct {
		appraisal.WindowFact
		CycleID uuid.UUID
	}
	if err := d.conn(ctx).Raw("select id, n, opens_on, closes_on, cycle_id from windows where trust_id = ? and cycle_id in ? order by n", trust, ids).Scan(&windows).Error; err != nil {
		return nil, err
	}
	out := map[uuid.UUID]cycleFacts{}
	for _, c := range cycles {
		f := cycleFacts{Cycle: c}
		for _, o := range own {
			if o.CycleID == c.ID {
				f.own = append(f.own, o)
			}
		}
		for _, w := range windows {
			if w.CycleID == c.ID {
				f.windows = append(f.windows, w.WindowFact)
			}
		}
		out[c.ID] = f
	}
	return out, nil
}

func (d *DB) assemble(ctx context.Context, a appraisal.Appraisal, f caseFacts) (*appraisal.Case, error) {
	actor := access.From(ctx)
	cf := f.cycles[a.CycleID]
	document, err := d.PolicyVersion(ctx, cf.PolicyVersionID)
	if err != nil {
		return nil, err
	}
	c := &appraisal.Case{Appraisal: a, Policy: document.Resolve(f.org.Layer(a.UnitID).String(), a.StaffGroup), Actor: actor, Today: actor.Today,
		Org: f.org, Bounds: d.table, Windows: cf.windows, Above: appraisal.Above{Reviewers: map[uuid.UUID][]uuid.UUID{}, Managers: map[uuid.UUID][]uuid.UUID{}}}
	c.Seats = pick(f.seats, func(s appraisal.Seat) bool { return s.AppraisalID == a.ID })
	c.Objectives = pick(f.objectives, func(o appraisal.ObjectiveFact) bool { return o.AppraisalID == a.ID })
	c.CheckIns = pick(f.checkIns, func(o appraisal.CheckInFact) bool { return o.AppraisalID == a.ID })
	c.Meetings = pick(f.meetings, func(o appraisal.MeetingFact) bool { return o.AppraisalID == a.ID })
	c.Deferrals = pick(f.deferrals, func(o appraisal.DeferralFact) bool { return o.AppraisalID == a.ID })
	c.Steps = pick(f.steps, func(o appraisal.StepFact) bool { return o.AppraisalID == a.ID })
	c.Appeals = pick(f.appeals, func(o appraisal.AppealFact) bool { return o.AppraisalID == a.ID })
	for _, o := range c.Appeals {
		c.RedoneOn = schooltime.Max(c.RedoneOn, o.RedoneOn)
	}
	c.Absences = pick(f.absences, func(o appraisal.Absence) bool { return o.PersonID == a.PersonID })
	c.Suspensions = pick(f.stood, func(o appraisal.Suspension) bool { return o.AppraisalID == a.ID })
	stoodFor(c, f.capability)
	c.PostFacts = f.posts[a.PostID]
	c.PostUnitID = a.UnitID
	for _, p := range pick(f.postUnits, func(p postUnit) bool { return p.ID == a.PostID }) {
		c.PostUnitID = p.UnitID
	}
	c.SelfAssessments = pick(f.assessed, func(s appraisal.SelfAssessmentFact) bool { return s.PersonID == a.PersonID && s.CycleID == a.CycleID })
	for _, r := range f.above.reviewers {
		if r.CycleID == a.CycleID {
			c.Above.Reviewers[r.PersonID] = append(c.Above.Reviewers[r.PersonID], r.AboveID)
		}
	}
	for _, r := range f.above.managers {
		c.Above.Managers[r.PersonID] = append(c.Above.Managers[r.PersonID], r.AboveID)
	}
	c.Cycle = appraisal.CycleFact{ID: cf.ID, Name: cf.Name, Status: string(cf.Status), StartsOn: cf.StartsOn, EndsOn: cf.EndsOn, PolicyVersionID: cf.PolicyVersionID}
	c.Cycle.Due = func(code string) schooltime.Date {
		day, _ := cf.Cycle.Due(c.Policy, cf.own, code, a.StaffGroup, c.Anchors()) // a code without a deadline has no day
		return c.Postponed(day, cycle.CountsFrom(c.Rules(), code, c.Anchors()))
	}
	return c, nil
}

// lockCase locks the appraisal's row, always before any of its parts, and loads its case. What the
// actor may not read is not there.
func (d *DB) lockCase(ctx context.Context, id uuid.UUID) (*appraisal.Case, error) {
	if err := d.lockRow(ctx, id); err != nil {
		return nil, err
	}
	return d.readCase(ctx, id)
}

// lockRow locks the row of an appraisal, which comes before any lock on its parts.
func (d *DB) lockRow(ctx context.Context, id uuid.UUID) error {
	var n int
	return translate(d.conn(ctx).Raw("select 1 from appraisals where trust_id = ? and id = ? for no key update", access.From(ctx).TrustID, id).Scan(&n).Error)
}

// lockForCommand is lockCase for the operation being served: a record that it does not reach is refused.
func (d *DB) lockForCommand(ctx context.Context, id uuid.UUID) (*appraisal.Case, error) {
	c, err := d.lockCase(ctx, id)
	if err != nil {
		return nil, err
	}
	return c, d.table.Check(access.Operation(ctx), c.Actor, c.Record())
}

// settle writes what a command left pending on the appraisal itself.
func (d *DB) settle(ctx context.Context, c *appraisal.Case) error {
	trust := c.TrustID
	for i := range c.Pending.NewSeats {
		s := &c.Pending.NewSeats[i]
		s.TrustID, s.ID, s.Version, s.CreatedAt, s.UpdatedAt = trust, d.ids(), 1, d.now(), d.now()
	}
	if n := c.Pending.NewSeats; len(n) > 0 {
		if err := d.conn(ctx).Create(&n).Error; err != nil {
			return err
		}
	}
	for _, s := range c.Pending.Ended {
		if err := d.conn(ctx).Exec("update seats set until_on = ?, version = version + 1, updated_at = ? where trust_id = ? and id = ?", s.UntilOn, d.now(), trust, s.ID).Error; err != nil {
			return err
		}
	}
	for i := range c.Pending.Notes {
		c.Pending.Notes[i].TrustID, c.Pending.Notes[i].ID = trust, d.ids()
	}
	if n := c.Pending.Notes; len(n) > 0 {
		if err := d.conn(ctx).Create(&n).Error; err != nil {
			return err
		}
	}
	if err := d.suspend(ctx, c); err != nil {
		return err
	}
	if !c.Pending.Changed && len(c.Pending.NewSeats)+len(c.Pending.Ended) == 0 {
		return nil
	}
	c.Version++
	c.UpdatedAt = d.now()
	return d.conn(ctx).Exec("update appraisals set unit_id = ?, stage = ?, turn = ?, status = ?, ends_on = ?, ended_reason = ?, version = ?, updated_at = ? where trust_id = ? and id = ?",
		c.UnitID, c.Stage, c.Turn, c.Status, c.EndsOn, c.EndedReason, c.Version, c.UpdatedAt, trust, c.ID).Error
}
