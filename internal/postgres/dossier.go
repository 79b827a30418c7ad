package postgres

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/assessment"
	"github.com/perennial-api/perennial/internal/checkin"
	"github.com/perennial-api/perennial/internal/dossier"
	"github.com/perennial-api/perennial/internal/meeting"
	"github.com/perennial-api/perennial/internal/objective"
	"github.com/perennial-api/perennial/internal/schooltime"
	"github.com/perennial-api/perennial/internal/standards"
	"github.com/perennial-api/perennial/internal/yearend"
)

var _ dossier.Store = (*DB)(nil)

// Dossier implements dossier.YearStore. Each part is read by the condition of its own single read.
func (d *DB) Dossier(ctx context.Context, appraisalID uuid.UUID, earlier func(*appraisal.Case) bool) (*dossier.Material, error) {
	c, err := d.readCase(ctx, appraisalID)
	if err != nil {
		return nil, err
	}
	m := &dossier.Material{Case: c}
	for _, read := range []func(context.Context, *dossier.Material) error{d.agreedObjectives, d.linksOf, d.sentCheckIns, d.sharedMeetings, d.remarks, d.shown, d.selfAssessed, d.thanked, d.progress, d.judgedBy} {
		if err := read(ctx, m); err != nil {
			return nil, err
		}
	}
	if earlier(c) {
		if err := d.earlierYears(ctx, m); err != nil {
			return nil, err
		}
	}
	return m, d.disclose(ctx, c, "dossier", appraisalID)
}

// agreedObjectives reads the objectives that stand, with every version that was agreed.
func (d *DB) agreedObjectives(ctx context.Context, m *dossier.Material) error {
	var rows []objective.Objective
	err := d.conn(ctx).Raw(`select * from objectives where trust_id = ? and appraisal_id = ? and live_revision is not null and approval <> 'withdrawn'
		order by created_at, id limit 100`, m.Case.TrustID, m.Case.ID).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return err
	}
	if m.Objectives, err = d.aggregates(ctx, rows, m.Case); err != nil {
		return err
	}
	ids := make([]uuid.UUID, len(rows))
	for i, o := range rows {
		ids[i] = o.ID
	}
	return d.conn(ctx).Where("trust_id = ? and objective_id in ? and state in ('live', 'superseded') and live_at is not null", m.Case.TrustID, ids).
		Order("number").Limit(dossier.MaxRead).Find(&m.Agreed).Error
}

// linksOf reads the priorities and the statements that the objectives serve. The statements of what
// is built in are known without a query.
func (d *DB) linksOf(ctx context.Context, m *dossier.Material) error {
	priorities, versions := []uuid.UUID{uuid.Nil}, []uuid.UUID{uuid.Nil}
	m.Statements = map[standards.StatementRef]string{}
	for _, o := range m.Objectives {
		priorities = append(priorities, o.Live.Priorities...)
		for _, s := range o.Live.Statements {
			versions = append(versions, s.FrameworkVersionID)
		}
	}
	if err := d.conn(ctx).Where("trust_id = ? and id in ?", m.Case.TrustID, priorities).Find(&m.Priorities).Error; err != nil {
		return err
	}
	var published []standards.Published
	if err := d.conn(ctx).Where("trust_id = ? and id in ?", m.Case.TrustID, versions).Find(&published).Error; err != nil {
		return err
	}
	for _, id := range versions {
		if f := standards.BuiltInWhere(standards.ByVersion(id)); f != nil {
			published = append(published, *f.Version(id))
		}
	}
	for _, p := range published {
		for _, s := range p.Statements {
			m.Statements[standards.StatementRef{FrameworkVersionID: p.ID, Statement: s.Code}] = s.Label
		}
	}
	return nil
}

func (d *DB) sentCheckIns(ctx context.Context, m *dossier.Material) error {
	sql, args := d.checkInsSQL(ctx, "GetCheckIn")
	args["appraisal"], args["limit"] = m.Case.ID, dossier.MaxRead
	var rows []checkin.CheckIn
	if err := d.conn(ctx).Raw(sql+" and k.appraisal_id = @appraisal and k.state <> 'draft' order by w.n, k.id limit @limit", args).Scan(&rows).Error; err != nil {
		return err
	}
	for _, k := range rows {
		a, err := d.checkIn(ctx, k, m.Case)
		if err != nil {
			return err
		}
		m.CheckIns = append(m.CheckIns, a)
	}
	return nil
}

func (d *DB) sharedMeetings(ctx context.Context, m *dossier.Material) error {
	sql, args := d.meetingsSQL(ctx, "GetMeeting")
	args["appraisal"] = m.Case.ID
	var rows []meeting.Meeting
	if err := d.conn(ctx).Raw(sql+" and m.appraisal_id = @appraisal and m.state in ('shared', 'answered') order by m.held_on, m.id limit 100", args).Scan(&rows).Error; err != nil {
		return err
	}
	for _, row := range rows {
		if a := meetingOf(row, m.Case); a.Plan != nil {
			m.Meetings = append(m.Meetings, a)
		}
	}
	return nil
}

// remarks are the notes on the appraisal, its objectives and those of its check-ins that were read.
func (d *DB) remarks(ctx context.Context, m *dossier.Material) error {
	read := []uuid.UUID{uuid.Nil}
	for _, k := range m.CheckIns {
		read = append(read, k.ID)
	}
	return d.conn(ctx).Where(`trust_id = ? and appraisal_id = ? and (subject_kind in ('appraisal', 'objective') or subject_kind = 'check_in' and subject_id in ?)`,
		m.Case.TrustID, m.Case.ID, read).Order("id").Limit(dossier.MaxRead).Find(&m.Notes).Error
}

// shown is the evidence.
func (d *DB) shown(ctx context.Context, m *dossier.Material) error {
	sql, args := d.evidenceSQL(m.Case)
	args["limit"] = dossier.MaxRead
	return d.conn(ctx).Raw(sql+" order by e.id limit @limit", args).Scan(&m.Evidence).Error
}

// selfAssessed are the complete self-assessments of the person in the year.
func (d *DB) selfAssessed(ctx context.Context, m *dossier.Material) error {
	sql, args := d.selfAssessmentsSQL(ctx, "GetSelfAssessment")
	args["person"], args["cycle"] = m.Case.PersonID, m.Case.CycleID
	var rows []assessment.SelfAssessment
	if err := d.conn(ctx).Raw(sql+" and s.person_id = @person and s.cycle_id = @cycle and s.state = 'complete' order by s.id limit 50", args).Scan(&rows).Error; err != nil {
		return err
	}
	for _, s := range rows {
		m.SelfAssessments = append(m.SelfAssessments, &assessment.Aggregate{SelfAssessment: s, Case: m.Case})
	}
	return nil
}

// thanked is the praise that the person received within the appraisal's dates, which is theirs alone
// to read.
func (d *DB) thanked(ctx context.Context, m *dossier.Material) error {
	c := m.Case
	if c.Actor.PersonID != c.PersonID {
		return nil
	}
	return d.conn(ctx).Where("trust_id = ? and person_id = ? and school_on between ? and ?", c.TrustID, c.PersonID, c.StartsOn, c.EndsOn).
		Order("id").Limit(200).Find(&m.Praise).Error
}

// progress is how far objectives were, from what was written down when it was said.
func (d *DB) progress(ctx context.Context, m *dossier.Material) error {
	rows, err := d.happenings(ctx, `ev.appraisal_id = @appraisal and ev.type in ('objective.progressed', 'objective.completed', 'objective.reopened', 'objective.validated')
		order by ev.block_n, ev.i limit @limit`, map[string]any{"trust": m.Case.TrustID, "appraisal": m.Case.ID, "limit": dossier.MaxRead})
	for _, r := range rows {
		m.Changes = append(m.Changes, r.Happening)
	}
	return err
}

// judgedBy are the judgements of the objectives as they are now.
func (d *DB) judgedBy(ctx context.Context, m *dossier.Material) error {
	return d.conn(ctx).Where("trust_id = ? and appraisal_id = ? and current", m.Case.TrustID, m.Case.ID).Order("created_at, id").Limit(dossier.MaxRead).Find(&m.Judgements).Error
}

// happening is an event as it is stored, with its place in the chain.
type happening struct {
	dossier.Happening
	block int64
	i     int
}

// happenings reads events ev, each with the school day of the trust on which it happened.
func (d *DB) happenings(ctx context.Context, where string, args map[string]any) ([]happening, error) {
	var rows []struct {
		BlockN int64
		I      int
		Body   string
		DayOn  schooltime.Date
	}
	err := d.conn(ctx).Raw(`select ev.block_n, ev.i, ev.body, (ev.school_at at time zone (select t.time_zone from trusts t where t.id = @trust))::date as day_on
		from events ev where ev.trust_id = @trust and `+where, args).Scan(&rows).Error
	out := make([]happening, len(rows))
	for i, r := range rows {
		out[i].block, out[i].i, out[i].On = r.BlockN, r.I, r.DayOn
		if err := json.Unmarshal([]byte(r.Body), &out[i].Event); err != nil {
			return nil, err
		}
	}
	return out, err
}

// earlierYears reads the released years of the person before this one that the caller reads, the
// latest first. Whoever is no party to one leaves a disclosure on it.
func (d *DB) earlierYears(ctx context.Context, m *dossier.Material) error {
	rows, err := d.readable(ctx, "a.person_id = @person and a.stage = 'released' and a.starts_on < @before",
		map[string]any{"person": m.Case.PersonID, "before": m.Case.StartsOn}, "GetOutcome")
	if err != nil {
		return err
	}
	slices.SortFunc(rows, func(a, b appraisal.Appraisal) int { return b.StartsOn.Time().Compare(a.StartsOn.Time()) })
	cases, err := d.cases(ctx, rows[:min(len(rows), dossier.MaxEarlier)])
	if err != nil || len(cases) == 0 {
		return err
	}
	ids := make([]uuid.UUID, len(cases))
	for i, c := range cases {
		m.Earlier, ids[i] = append(m.Earlier, dossier.EarlierMaterial{Case: c}), c.ID
		if err := d.disclose(ctx, c, "outcome", c.ID); err != nil {
			return err
		}
	}
	return d.outcomesOf(ctx, m.Earlier, ids)
}

// outcomesOf adds ratings and stored steps to earlier years.
func (d *DB) outcomesOf(ctx context.Context, years []dossier.EarlierMaterial, ids []uuid.UUID) error {
	trust := years[0].Case.TrustID
	var ratings []yearend.Rating
	err := d.conn(ctx).Where("trust_id = ? and appraisal_id in ? and current", trust, ids).Order("at, id").Find(&ratings).Error
	if err != nil {
		return err
	}
	var steps []yearend.Step
	err = d.conn(ctx).Where("trust_id = ? and appraisal_id in ? and chain = ?", trust, ids, appraisal.OutcomeChain).Order("n, code").Find(&steps).Error
	if err != nil {
		return err
	}
	for i := range years {
		years[i].Ratings = pick(ratings, func(r yearend.Rating) bool { return r.AppraisalID == years[i].Case.ID })
		years[i].Steps = pick(steps, func(s yearend.Step) bool { return s.AppraisalID == years[i].Case.ID })
	}
	return nil
}
