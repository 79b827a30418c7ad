package postgres

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/dossier"
	"github.com/perennial-api/perennial/internal/policy"
)

// YearRules implements dossier.QueueStore.
func (d *DB) YearRules(ctx context.Context) (*policy.Rules, error) {
	var versions []uuid.UUID
	err := d.conn(ctx).Raw("select policy_version_id from cycles where trust_id = ? and status <> 'draft' order by starts_on desc, id desc limit 1",
		access.From(ctx).TrustID).Scan(&versions).Error
	if err != nil || len(versions) == 0 {
		return nil, err
	}
	document, err := d.PolicyVersion(ctx, versions[0])
	if err != nil {
		return nil, err
	}
	return &document.Resolve("", "").Rules, nil
}

// setting is a row of Settings: the appraisals of one place in the policy, and the slots as they are
// filled.
type setting struct {
	PolicyVersionID uuid.UUID
	UnitID          uuid.UUID
	StaffGroup      string
	Filled          string
	Appraisals      int
}

// Settings implements dossier.QueueStore.
func (d *DB) Settings(ctx context.Context, operation string) ([]dossier.Setting, error) {
	reach, args := d.reachSQL(operation, access.From(ctx), "a.person_id", "a.unit_id", "false")
	var rows []setting
	err := d.conn(ctx).Raw(`select policy_version_id, unit_id, staff_group, filled, count(*) as appraisals from (
			select c.policy_version_id, a.unit_id, a.staff_group, coalesce((select jsonb_agg(distinct o.slot) from objectives o
				where o.trust_id = a.trust_id and o.appraisal_id = a.id and o.approval <> 'withdrawn'), '[]')::text as filled
			from appraisals a join cycles c on c.trust_id = a.trust_id and c.id = a.cycle_id and c.status = 'open'
			where a.trust_id = @trust and a.status = 'open' and a.stage = 'setting' and a.person_id <> @me and `+reach+`) s
		group by policy_version_id, unit_id, staff_group, filled`, args).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	org, err := d.org(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]dossier.Setting, len(rows))
	for i, r := range rows {
		document, err := d.PolicyVersion(ctx, r.PolicyVersionID)
		if err != nil {
			return nil, err
		}
		out[i] = dossier.Setting{Rules: &document.Resolve(org.Layer(r.UnitID).String(), r.StaffGroup).Rules, Appraisals: r.Appraisals}
		if err := json.Unmarshal([]byte(r.Filled), &out[i].Filled); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Unsampled implements dossier.QueueStore.
func (d *DB) Unsampled(ctx context.Context, operation string) (int, error) {
	sql, args := d.samplesSQL(ctx, operation)
	var n int
	err := d.conn(ctx).Raw(`select count(*) from (`+sql+`) s join cycles c on c.trust_id = s.trust_id and c.id = s.cycle_id and c.status = 'open'
		join objective_sample_items i on i.trust_id = s.trust_id and i.sample_id = s.id and i.meets is null
		join objectives o on o.trust_id = i.trust_id and o.id = i.objective_id
		join appraisals a on a.trust_id = o.trust_id and a.id = o.appraisal_id and a.person_id <> @me`, args).Scan(&n).Error
	return n, err
}

// Completed implements dossier.QueueStore.
func (d *DB) Completed(ctx context.Context, operation string) ([]*appraisal.Case, error) {
	reach, args := d.reachSQL(operation, access.From(ctx), "a.person_id", "a.unit_id", "false")
	var rows []appraisal.Appraisal
	err := d.conn(ctx).Raw(`select a.* from appraisals a join cycles c on c.trust_id = a.trust_id and c.id = a.cycle_id and c.status = 'open'
		where a.trust_id = @trust and a.status = 'open' and a.person_id <> @me and exists (select from objectives o
			where o.trust_id = a.trust_id and o.appraisal_id = a.id and o.approval = 'agreed' and o.completion = 'complete' and o.validation = 'none')
		and `+reach+` order by a.id limit 500`, args).Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	return d.cases(ctx, rows)
}

// Unpaid implements dossier.TransferStore.
func (d *DB) Unpaid(ctx context.Context, operation string) ([]*appraisal.Case, error) {
	if len(d.table.Reaches(operation, access.From(ctx))) == 0 {
		return nil, nil
	}
	reach, args := d.reachSQL(operation, access.From(ctx), "a.person_id", "a.unit_id", "false")
	var rows []appraisal.Appraisal
	err := d.conn(ctx).Raw(`select a.* from appraisals a where a.trust_id = @trust and a.status = 'transferred' and not exists (select from pay_decisions p
			where p.trust_id = a.trust_id and p.appraisal_id = a.id)
		and `+reach+` order by a.id limit 200`, args).Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	return d.cases(ctx, rows)
}
