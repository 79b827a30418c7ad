package postgres

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/cycle"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/report"
)

// markedSQL says, for each part of the report to governors, which codes the years of a cycle have.
// Nothing of it is read but codes.
var markedSQL = map[string]string{
	"effectiveness": `select o.appraisal_id, case when bool_and(o.completion = 'complete') then 'all' when bool_or(o.completion = 'complete') then 'some' else 'no_objective' end as code
		from objectives o join appraisals a on a.trust_id = o.trust_id and a.id = o.appraisal_id
		where o.trust_id = @trust and a.cycle_id = @cycle and o.counts and o.live_revision is not null and o.approval <> 'withdrawn' group by o.appraisal_id`,
	"development_needs": `select distinct o.appraisal_id, o.slot as code from objectives o join appraisals a on a.trust_id = o.trust_id and a.id = o.appraisal_id
		join objective_revisions r on r.trust_id = o.trust_id and r.objective_id = o.id and r.number = o.live_revision
		where o.trust_id = @trust and a.cycle_id = @cycle and o.approval <> 'withdrawn' and r.cpd_support <> ''`,
	"ratings": `select r.appraisal_id, r.code from ratings r join appraisals a on a.trust_id = r.trust_id and a.id = r.appraisal_id
		where r.trust_id = @trust and a.cycle_id = @cycle and a.stage = 'released' and r.kind = 'decided' and r.current`,
	"pay": `select p.appraisal_id, p.result as code from pay_decisions p join appraisals a on a.trust_id = p.trust_id and a.id = p.appraisal_id
		where p.trust_id = @trust and a.cycle_id = @cycle and p.current`,
	"appeals": `select distinct p.appraisal_id, p.against as code from appeals p join appraisals a on a.trust_id = p.trust_id and a.id = p.appraisal_id
		where p.trust_id = @trust and a.cycle_id = @cycle and p.status not in ('refused', 'withdrawn')`,
	"concerns": `select distinct k.appraisal_id, k.status as code from concerns k join appraisals a on a.trust_id = k.trust_id and a.id = k.appraisal_id
		where k.trust_id = @trust and a.cycle_id = @cycle and k.status not in ('informal', 'withdrawn')`,
}

// cycleOrLatest is the cycle with the id; without one the latest that was opened.
func (d *DB) cycleOrLatest(ctx context.Context, id *uuid.UUID) (*cycle.Cycle, error) {
	if id != nil {
		return find[cycle.Cycle](ctx, d, *id)
	}
	var opened []cycle.Cycle
	err := d.conn(ctx).Where("trust_id = ? and status <> 'draft'", access.From(ctx).TrustID).Order("starts_on desc, id desc").Limit(1).Find(&opened).Error
	if err == nil && len(opened) == 0 {
		err = fault.New(fault.Conflict, "no_cycle_opened", "No cycle of this trust was opened yet, so there is nothing to tell governors.")
	}
	if err != nil {
		return nil, err
	}
	return &opened[0], nil
}

// Whole implements report.GovernorsStore.
func (d *DB) Whole(ctx context.Context, unit uuid.UUID, cycleID *uuid.UUID, wanted func(*policy.Resolved) ([]string, error)) (*report.Whole, error) {
	a := access.From(ctx)
	org, err := d.org(ctx)
	if err != nil {
		return nil, err
	}
	of, known := org.Units[unit]
	if !known {
		return nil, fault.Gone()
	}
	if err := d.table.Check(access.Operation(ctx), a, access.Record{UnitID: unit}); err != nil {
		return nil, err
	}
	if !of.Decides {
		return nil, fault.New(fault.Conflict, "unit_without_head", "This unit has no head who reports to governors: ask for the report of the unit above it.")
	}
	c, err := d.cycleOrLatest(ctx, cycleID)
	if err != nil {
		return nil, err
	}
	document, err := d.PolicyVersion(ctx, c.PolicyVersionID)
	if err != nil {
		return nil, err
	}
	w := &report.Whole{CycleID: c.ID, Org: org, Marks: map[string][]report.Mark{},
		Policy: func(u uuid.UUID, group string) *policy.Resolved {
			return document.Resolve(org.Layer(u).String(), group)
		}}
	parts, err := wanted(w.Policy(unit, ""))
	if err != nil {
		return nil, err
	}
	args := map[string]any{"trust": a.TrustID, "cycle": c.ID}
	err = d.conn(ctx).Raw("select id, unit_id, staff_group, stage, status from appraisals where trust_id = @trust and cycle_id = @cycle order by id", args).Scan(&w.Years).Error
	if err != nil {
		return nil, err
	}
	for _, part := range parts {
		if sql, ok := markedSQL[part]; ok {
			var marks []report.Mark
			if err := d.conn(ctx).Raw(sql, args).Scan(&marks).Error; err != nil {
				return nil, err
			}
			w.Marks[part] = marks
		}
	}
	return w, nil
}
