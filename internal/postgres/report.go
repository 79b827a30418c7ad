package postgres

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/assessment"
	"github.com/perennial-api/perennial/internal/objective"
	"github.com/perennial-api/perennial/internal/report"
)

var _ report.Store = (*DB)(nil)

// Material implements report.Store.
func (d *DB) Material(ctx context.Context, appraisalID uuid.UUID) (*report.Material, error) {
	c, err := d.readCase(ctx, appraisalID)
	if err != nil {
		return nil, err
	}
	if err := d.disclose(ctx, c, "report", appraisalID); err != nil {
		return nil, err
	}
	return d.material(ctx, c)
}

func (d *DB) material(ctx context.Context, c *appraisal.Case) (*report.Material, error) {
	m := &report.Material{Case: c}
	var err error
	if m.Following, err = d.following(ctx, c); err != nil {
		return nil, err
	}
	if m.Steps, err = d.storedSteps(ctx, c, appraisal.OutcomeChain); err != nil {
		return nil, err
	}
	if m.Ratings, err = d.ratings(ctx, c); err != nil {
		return nil, err
	}
	var live []objective.Objective
	err = d.conn(ctx).Where("trust_id = ? and appraisal_id = ? and live_revision is not null and approval <> 'withdrawn'", c.TrustID, c.ID).Order("created_at, id").Find(&live).Error
	if err != nil {
		return nil, err
	}
	if m.Objectives, err = d.aggregates(ctx, live, c); err != nil {
		return nil, err
	}
	err = d.conn(ctx).Where("trust_id = ? and appraisal_id = ? and current", c.TrustID, c.ID).Order("created_at, id").Find(&m.Judgements).Error
	if err != nil {
		return nil, err
	}
	if m.Assessments, err = d.assessedIn(ctx, c); err != nil {
		return nil, err
	}
	facts, err := d.toldPay(ctx, c)
	if err != nil {
		return nil, err
	}
	facts = facts.As(c)
	m.Recommended, m.Decision = facts.Recommended, facts.Decision
	m.Corrections, err = d.DecidedCorrections(ctx, c)
	return m, err
}

// following says whether the actor holds the review seat of a later year in the same post.
func (d *DB) following(ctx context.Context, c *appraisal.Case) (bool, error) {
	var found bool
	err := d.conn(ctx).Raw(`select exists (select from appraisals na join seats ns on ns.trust_id = na.trust_id and ns.appraisal_id = na.id
		and ns.duty = 'review' and ns.person_id = @me and ns.from_on <= @today and (ns.until_on is null or ns.until_on > @today)
		where na.trust_id = @trust and na.post_id = @post and na.starts_on > @starts)`,
		map[string]any{"trust": c.TrustID, "me": c.Actor.PersonID, "today": c.Today, "post": c.PostID, "starts": c.StartsOn}).Scan(&found).Error
	return found, err
}

// assessedIn reads the complete self-assessments of the year that the caller may read.
func (d *DB) assessedIn(ctx context.Context, c *appraisal.Case) ([]*assessment.Aggregate, error) {
	sql, args := d.selfAssessmentsSQL(ctx, "ListSelfAssessments")
	args["person"], args["cycle"] = c.PersonID, c.CycleID
	var rows []assessment.SelfAssessment
	if err := d.conn(ctx).Raw(sql+" and s.person_id = @person and s.cycle_id = @cycle and s.state = 'complete' order by s.id", args).Scan(&rows).Error; err != nil {
		return nil, err
	}
	out := make([]*assessment.Aggregate, len(rows))
	for i, s := range rows {
		out[i] = &assessment.Aggregate{SelfAssessment: s, Case: c}
	}
	return out, nil
}

// Start implements report.Store. The year before is read as its report is, by the same reach.
func (d *DB) Start(ctx context.Context, appraisalID uuid.UUID) (*appraisal.Case, *report.Material, error) {
	c, err := d.readCase(ctx, appraisalID)
	if err != nil {
		return nil, nil, err
	}
	if err := d.disclose(ctx, c, "starting_point", appraisalID); err != nil {
		return nil, nil, err
	}
	rows, err := d.readable(ctx, "a.stage = 'released' and a.post_id = @post and a.starts_on < @starts", map[string]any{"post": c.PostID, "starts": c.StartsOn}, "GetAppraisal")
	if err != nil || len(rows) == 0 {
		return c, nil, err
	}
	last := rows[0]
	for _, a := range rows {
		if a.StartsOn.After(last.StartsOn) {
			last = a
		}
	}
	before, err := d.readCase(ctx, last.ID)
	if err != nil {
		return nil, nil, err
	}
	if err := d.disclose(ctx, before, "report", before.ID); err != nil {
		return nil, nil, err
	}
	m, err := d.material(ctx, before)
	return c, m, err
}
