package postgres

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/objective"
	"github.com/perennial-api/perennial/internal/yearend"
)

// JudgedObjectives reads the objectives of an appraisal that count, with their judgements.
func (d *DB) JudgedObjectives(ctx context.Context, appraisalID uuid.UUID) (*appraisal.Case, []*yearend.JudgedObjective, error) {
	c, err := d.readCase(ctx, appraisalID)
	if err != nil {
		return nil, nil, err
	}
	if err := d.disclose(ctx, c, "outcome", appraisalID); err != nil {
		return nil, nil, err
	}
	all, err := d.judged(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	var out []*yearend.JudgedObjective
	for _, o := range c.Counting() {
		out = append(out, all[o.ID])
	}
	return c, out, nil
}

// judged is every objective of the case with its current judgements and how often it was judged.
func (d *DB) judged(ctx context.Context, c *appraisal.Case) (map[uuid.UUID]*yearend.JudgedObjective, error) {
	var rows []yearend.Judgement
	err := d.conn(ctx).Where("trust_id = ? and appraisal_id = ?", c.TrustID, c.ID).Order("objective_id, n").Find(&rows).Error
	if err != nil {
		return nil, err
	}
	out := map[uuid.UUID]*yearend.JudgedObjective{}
	for _, o := range c.Objectives {
		out[o.ID] = &yearend.JudgedObjective{Case: c, Objective: o}
	}
	for _, v := range rows {
		j, ok := out[v.ObjectiveID]
		if !ok {
			continue
		}
		j.Version = v.N
		if v.Current {
			j.Judgements = append(j.Judgements, v)
		}
	}
	return out, nil
}

// Judge locks the appraisal, holds how often the objective was judged, and appends what judge answers.
func (d *DB) Judge(ctx context.Context, objectiveID uuid.UUID, version int, judge func(*yearend.JudgedObjective) (*yearend.Judgement, audit.Event, error)) (*yearend.JudgedObjective, error) {
	row, err := find[objective.Objective](ctx, d, objectiveID)
	if err != nil {
		return nil, err
	}
	c, err := d.lockForCommand(ctx, row.AppraisalID)
	if err != nil {
		return nil, err
	}
	all, err := d.judged(ctx, c)
	if err != nil {
		return nil, err
	}
	j, ok := all[objectiveID]
	if !ok {
		return nil, fault.Gone()
	}
	if j.Version != version {
		return nil, staleVersion(j.Version)
	}
	v, event, err := judge(j)
	if err != nil {
		return nil, err
	}
	return j, d.keepJudgement(ctx, j, v, event)
}

// keepJudgement puts a judgement in the place of the party's one before, which stays.
func (d *DB) keepJudgement(ctx context.Context, j *yearend.JudgedObjective, v *yearend.Judgement, event audit.Event) error {
	c := j.Case
	err := d.conn(ctx).Exec("update objective_outcomes set current = false, version = version + 1, updated_at = ? where trust_id = ? and objective_id = ? and party = ? and current",
		d.now(), c.TrustID, v.ObjectiveID, v.Party).Error
	if err != nil {
		return err
	}
	if err := create(ctx, d, v, func(*yearend.Judgement) audit.Event { return d.about(c, event, "objective", v.ObjectiveID, v.N) }); err != nil {
		return err
	}
	j.Keep(*v)
	return d.settle(ctx, c)
}
