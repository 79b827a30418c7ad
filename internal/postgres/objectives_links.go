package postgres

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/objective"
	"github.com/perennial-api/perennial/internal/plan"
)

// LinkedPriorities answers the levels of those ids that are live priorities of the trust, or of the
// unit and those above it.
func (d *DB) LinkedPriorities(ctx context.Context, ids []uuid.UUID, unit uuid.UUID) (map[uuid.UUID]plan.Level, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return d.levels(ctx, `with recursive up as (select id, parent_id from units where trust_id = @trust and id = @unit
		union select u.id, u.parent_id from units u join up on u.id = up.parent_id where u.trust_id = @trust)
		select p.id, p.unit_id, p.partnership from priorities p where p.trust_id = @trust and p.id in @ids and not p.archived and (p.unit_id is null or p.unit_id in (select id from up))`,
		map[string]any{"ids": ids, "unit": unit})
}

// levelsOf answers the levels of the priorities that versions are linked to, archived or not.
func (d *DB) levelsOf(ctx context.Context, revisions []objective.Revision) (map[uuid.UUID]plan.Level, error) {
	var ids []uuid.UUID
	for _, r := range revisions {
		ids = append(ids, r.Priorities...)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return d.levels(ctx, "select p.id, p.unit_id, p.partnership from priorities p where p.trust_id = @trust and p.id in @ids", map[string]any{"ids": ids})
}

func (d *DB) levels(ctx context.Context, sql string, args map[string]any) (map[uuid.UUID]plan.Level, error) {
	args["trust"] = access.From(ctx).TrustID
	var rows []plan.Priority
	if err := d.conn(ctx).Raw(sql, args).Scan(&rows).Error; err != nil {
		return nil, err
	}
	out := make(map[uuid.UUID]plan.Level, len(rows))
	for _, p := range rows {
		out[p.ID] = p.Level()
	}
	return out, nil
}

// KnowsTemplate says whether there is such an entry of the objective bank.
func (d *DB) KnowsTemplate(ctx context.Context, id uuid.UUID) (bool, error) {
	var known bool
	err := d.conn(ctx).Raw("select exists (select from objective_templates where trust_id = ? and id = ? and not archived)", access.From(ctx).TrustID, id).Scan(&known).Error
	return known, err
}

// ExpectingStatements implements objective.Store.
func (d *DB) ExpectingStatements(ctx context.Context, c *appraisal.Case) ([]objective.Rated, error) {
	sql, args := d.selfAssessmentsSQL(ctx, "GetSelfAssessment")
	args["person"], args["cycle"] = c.PersonID, c.CycleID
	var out []objective.Rated
	err := d.conn(ctx).Raw(`select s.framework_label as framework, s.framework_version_id, r ->> 'statement' as statement from (`+sql+`) s
		cross join lateral jsonb_array_elements(s.ratings) with ordinality as t(r, n)
		join lateral jsonb_array_elements(s.scale) v on v ->> 'code' = r ->> 'rating' and (v ->> 'expects_objective')::boolean
		where s.person_id = @person and s.cycle_id = @cycle order by s.id, t.n`, args).Scan(&out).Error
	return out, err
}
