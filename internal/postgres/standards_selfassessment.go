package postgres

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/assessment"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/standards"
)

var _ assessment.Store = (*DB)(nil)

// inYearSQL holds when the person of the self-assessment s has an appraisal a in its cycle for which
// the condition holds: any post of the year opens it.
func inYearSQL(condition string) string {
	return `exists (select from appraisals a where a.trust_id = s.trust_id and a.person_id = s.person_id and a.cycle_id = s.cycle_id and ` + condition + `)`
}

// selfAssessmentsSQL are the self-assessments s that the caller reaches by the operation: their own,
// and those of others as far as the author has opened them.
func (d *DB) selfAssessmentsSQL(ctx context.Context, op string) (string, map[string]any) {
	seated := `exists (select from seats rs where rs.trust_id = a.trust_id and rs.appraisal_id = a.id and rs.person_id = @me
		and rs.duty in ('review', 'objectives') and rs.from_on <= @today and (rs.until_on is null or rs.until_on > @today))`
	reach, args := d.reachWhere(op, access.From(ctx), "s.person_id", inYearSQL("a.unit_id in @units"),
		"s.visibility = 'organisation_and_reviewer' and "+inYearSQL(seated))
	return "select s.* from self_assessments s where s.trust_id = @trust and (s.person_id = @me or s.visibility <> 'private') and " + reach, args
}

// SelfAssessments implements assessment.Store.
func (d *DB) SelfAssessments(ctx context.Context, f assessment.Filter, p page.Request) (page.Page[*assessment.Aggregate], error) {
	p.Filter = f
	none := page.Page[*assessment.Aggregate]{}
	after, err := afterID(p)
	if err != nil {
		return none, err
	}
	sql, args := d.selfAssessmentsSQL(ctx, "ListSelfAssessments")
	sql = narrowed(sql, args,
		condition{f.PersonID != nil, "s.person_id = @person", "person", f.PersonID},
		condition{f.CycleID != nil, "s.cycle_id = @cycle", "cycle", f.CycleID},
		condition{f.Framework != "", "s.framework_code = @framework", "framework", f.Framework},
		condition{f.State != "", "s.state = @state", "state", f.State},
		condition{after != nil, "s.id > @after", "after", after})
	args["limit"] = p.Size() + 1
	var rows []assessment.SelfAssessment
	if err := d.conn(ctx).Raw(sql+" order by s.id limit @limit", args).Scan(&rows).Error; err != nil {
		return none, err
	}
	cut := page.Cut(p, rows, func(s assessment.SelfAssessment) []string { return []string{s.ID.String()} })
	items, err := d.withCases(ctx, cut.Items)
	return page.Page[*assessment.Aggregate]{Items: items, Next: cut.Next}, err
}

// withCases joins self-assessments with the cases by which the caller reads them: of the appraisal
// that each was started from where the caller reads that, else of another post of the year.
func (d *DB) withCases(ctx context.Context, rows []assessment.SelfAssessment) ([]*assessment.Aggregate, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	var people, cycles []uuid.UUID
	for _, s := range rows {
		people, cycles = append(people, s.PersonID), append(cycles, s.CycleID)
	}
	found, err := d.readable(ctx, "a.person_id in @people and a.cycle_id in @cycles", map[string]any{"people": people, "cycles": cycles}, "GetAppraisal")
	if err != nil {
		return nil, err
	}
	slices.SortFunc(found, func(a, b appraisal.Appraisal) int { return slices.Compare(a.ID[:], b.ID[:]) })
	cases, err := d.cases(ctx, found)
	if err != nil {
		return nil, err
	}
	out := []*assessment.Aggregate{}
	for _, s := range rows {
		of := pick(cases, func(c *appraisal.Case) bool { return c.PersonID == s.PersonID && c.CycleID == s.CycleID })
		if len(of) == 0 {
			continue
		}
		a := &assessment.Aggregate{SelfAssessment: s, Case: of[0]}
		if i := slices.IndexFunc(of, func(c *appraisal.Case) bool { return c.ID == s.AppraisalID }); i >= 0 {
			a.Case = of[i]
		}
		out = append(out, a)
	}
	return out, nil
}

// readSelfAssessment reads one that the caller may read, with its case.
func (d *DB) readSelfAssessment(ctx context.Context, id uuid.UUID) (*assessment.Aggregate, error) {
	sql, args := d.selfAssessmentsSQL(ctx, "GetSelfAssessment")
	args["id"] = id
	var row assessment.SelfAssessment
	if err := d.conn(ctx).Raw(sql+" and s.id = @id", args).Take(&row).Error; err != nil {
		return nil, translate(err)
	}
	list, err := d.withCases(ctx, []assessment.SelfAssessment{row})
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, fault.Gone()
	}
	return list[0], nil
}

// SelfAssessment implements assessment.Store.
func (d *DB) SelfAssessment(ctx context.Context, id uuid.UUID) (*assessment.Aggregate, error) {
	a, err := d.readSelfAssessment(ctx, id)
	if err != nil {
		return nil, err
	}
	return a, d.disclose(ctx, a.Case, "self_assessment", id)
}

// StartSelfAssessment implements assessment.Store.
func (d *DB) StartSelfAssessment(ctx context.Context, appraisalID uuid.UUID, framework string,
	add func(*appraisal.Case, *standards.Aggregate) (*assessment.SelfAssessment, audit.Event, error)) (*assessment.Aggregate, error) {
	c, err := d.lockPart(ctx, appraisalID, "GetSelfAssessment")
	if err != nil {
		return nil, err
	}
	found, err := d.frameworksByCode(ctx, []string{framework})
	if err != nil {
		return nil, err
	}
	f := found[framework]
	if f != nil && !usable(c, f) {
		f = nil
	}
	row, event, err := add(c, f)
	if err != nil {
		return nil, err
	}
	err = create(ctx, d, row, func(s *assessment.SelfAssessment) audit.Event {
		return d.about(c, event, "self_assessment", s.ID, s.Version)
	})
	if violates(err, "self_assessments_once") {
		return nil, assessment.Exists()
	}
	return &assessment.Aggregate{SelfAssessment: *row, Case: c}, err
}

// usable says whether the framework is everybody's, or of the unit of the case or one above it.
func usable(c *appraisal.Case, f *standards.Aggregate) bool {
	if f.UnitID == nil {
		return true
	}
	unit := c.UnitID
	for range len(c.Org.Units) {
		if unit == *f.UnitID {
			return true
		}
		u := c.Org.Units[unit]
		if u.ParentID == nil {
			break
		}
		unit = *u.ParentID
	}
	return false
}

// ChangeSelfAssessment implements assessment.Store. What became private while the lock was waited
// for is not there.
func (d *DB) ChangeSelfAssessment(ctx context.Context, id uuid.UUID, version int, change func(*assessment.Aggregate) (audit.Event, error)) (*assessment.Aggregate, error) {
	read, err := d.readSelfAssessment(ctx, id)
	if err != nil {
		return nil, err
	}
	c, err := d.lockPart(ctx, read.Case.ID, "GetSelfAssessment")
	if err != nil {
		return nil, err
	}
	row, err := locked[assessment.SelfAssessment](ctx, d, id, version)
	if err != nil {
		return nil, err
	}
	a := &assessment.Aggregate{SelfAssessment: *row, Case: c}
	if !a.Mine() && a.Visibility == appraisal.Private {
		return nil, fault.Gone()
	}
	err = save(ctx, d, &a.SelfAssessment, func(*assessment.SelfAssessment) (audit.Event, error) {
		e, err := change(a)
		return d.about(c, e, "self_assessment", id, 0), err
	})
	return a, err
}

// LinkStatements implements assessment.Store.
func (d *DB) LinkStatements(ctx context.Context, a *assessment.Aggregate) error {
	return d.conn(ctx).Raw(`select distinct l ->> 'statement' from appraisals ap
		join objectives o on o.trust_id = ap.trust_id and o.appraisal_id = ap.id
		join objective_revisions r on r.trust_id = o.trust_id and r.objective_id = o.id and r.number = coalesce(o.live_revision, o.next_revision)
		cross join lateral jsonb_array_elements(r.statements) l
		where ap.trust_id = ? and ap.person_id = ? and ap.cycle_id = ? and o.approval <> 'withdrawn' and l ->> 'framework_version_id' = ?`,
		a.TrustID, a.PersonID, a.CycleID, a.FrameworkVersionID.String()).Scan(&a.Linked).Error
}

// AssignedFrameworks implements assessment.Store.
func (d *DB) AssignedFrameworks(ctx context.Context, appraisalID uuid.UUID, of func(*appraisal.Case) []string) (*appraisal.Case, map[string]*standards.Aggregate, []uuid.UUID, error) {
	c, err := d.readCase(ctx, appraisalID)
	if err != nil {
		return nil, nil, nil, err
	}
	if !d.table.Covers("ListAssignedFrameworks", c.Actor, c.Record()) {
		return nil, nil, nil, fault.Gone()
	}
	frameworks, err := d.frameworksByCode(ctx, of(c))
	if err != nil {
		return nil, nil, nil, err
	}
	sql, args := d.selfAssessmentsSQL(ctx, "GetSelfAssessment")
	args["person"], args["cycle"] = c.PersonID, c.CycleID
	var readable []assessment.SelfAssessment
	if err := d.conn(ctx).Raw(sql+" and s.person_id = @person and s.cycle_id = @cycle", args).Scan(&readable).Error; err != nil {
		return nil, nil, nil, err
	}
	ids := make([]uuid.UUID, len(readable))
	for i, s := range readable {
		ids[i] = s.ID
	}
	return c, frameworks, ids, d.disclose(ctx, c, "assigned_frameworks", appraisalID)
}
