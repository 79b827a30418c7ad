package postgres

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/objective"
	"github.com/perennial-api/perennial/internal/page"
)

// samplesSQL are the samples s that the caller reaches by the operation: a sample is a unit's, and
// nobody's own.
func (d *DB) samplesSQL(ctx context.Context, op string) (string, map[string]any) {
	reach, args := d.reachSQL(op, access.From(ctx), "'"+uuid.Nil.String()+"'::uuid", "s.unit_id", "false")
	return "select s.* from objective_samples s where s.trust_id = @trust and " + reach, args
}

// Samples implements objective.SampleStore.
func (d *DB) Samples(ctx context.Context, f objective.SampleFilter, p page.Request) (page.Page[objective.Sample], error) {
	p.Filter = f
	none := page.Page[objective.Sample]{}
	after, err := afterID(p)
	if err != nil {
		return none, err
	}
	sql, args := d.samplesSQL(ctx, "ListObjectiveSamples")
	sql = narrowed(sql, args,
		condition{f.CycleID != nil, "s.cycle_id = @cycle", "cycle", f.CycleID},
		condition{f.UnitID != nil, "s.unit_id = @unit", "unit", f.UnitID},
		condition{after != nil, "s.id > @after", "after", after})
	args["limit"] = p.Size() + 1
	var rows []objective.Sample
	if err := d.conn(ctx).Raw(sql+" order by s.id limit @limit", args).Scan(&rows).Error; err != nil {
		return none, err
	}
	cut := page.Cut(p, rows, func(s objective.Sample) []string { return []string{s.ID.String()} })
	return cut, d.sampleItems(ctx, cut.Items)
}

// sampleItems fills in what each sample holds, with one query.
func (d *DB) sampleItems(ctx context.Context, samples []objective.Sample) error {
	if len(samples) == 0 {
		return nil
	}
	ids := make([]uuid.UUID, len(samples))
	for i, s := range samples {
		ids[i] = s.ID
	}
	var items []objective.SampleItem
	err := d.conn(ctx).Raw(`select i.*, o.appraisal_id, a.person_id from objective_sample_items i
		join objectives o on o.trust_id = i.trust_id and o.id = i.objective_id join appraisals a on a.trust_id = o.trust_id and a.id = o.appraisal_id
		where i.trust_id = ? and i.sample_id in ? order by i.objective_id`, access.From(ctx).TrustID, ids).Scan(&items).Error
	for i := range samples {
		samples[i].Items = pick(items, func(it objective.SampleItem) bool { return it.SampleID == samples[i].ID })
	}
	return err
}

// Sample implements objective.SampleStore.
func (d *DB) Sample(ctx context.Context, id uuid.UUID) (*objective.Sample, error) {
	sql, args := d.samplesSQL(ctx, "GetObjectiveSample")
	args["id"] = id
	one := make([]objective.Sample, 1)
	if err := d.conn(ctx).Raw(sql+" and s.id = @id", args).Take(&one[0]).Error; err != nil {
		return nil, translate(err)
	}
	return &one[0], d.sampleItems(ctx, one)
}

// DrawSample implements objective.SampleStore. What the drawer or the unit's head has agreed for
// themselves is left out by reach: nobody draws their own.
func (d *DB) DrawSample(ctx context.Context, cycle, unit uuid.UUID, draw func(objective.Pool) (*objective.Sample, audit.Event, error)) (*objective.Sample, error) {
	actor := access.From(ctx)
	if err := d.named(ctx, "cycles", "/cycle_id", cycle); err != nil {
		return nil, err
	}
	if err := d.ReachUnit(ctx, &unit); err != nil {
		return nil, err
	}
	pool := objective.Pool{Drawing: actor.PersonID}
	facts, err := d.cycleFacts(ctx, []uuid.UUID{cycle})
	if err != nil {
		return nil, err
	}
	org, err := d.org(ctx)
	if err != nil {
		return nil, err
	}
	document, err := d.PolicyVersion(ctx, facts[cycle].PolicyVersionID)
	if err != nil {
		return nil, err
	}
	pool.Policy = document.Resolve(org.Layer(unit).String(), "")
	err = d.conn(ctx).Raw(`select o.id as objective_id, o.appraisal_id, a.person_id, o.live_revision as revision from objectives o
		join appraisals a on a.trust_id = o.trust_id and a.id = o.appraisal_id
		where o.trust_id = @trust and a.cycle_id = @cycle and a.person_id <> @me and o.live_revision is not null and o.approval <> 'withdrawn' and `+withinUnitsSQL("a.unit_id")+` order by o.id`,
		map[string]any{"trust": actor.TrustID, "cycle": cycle, "me": actor.PersonID, "roots": []uuid.UUID{unit}}).Scan(&pool.Items).Error
	if err != nil {
		return nil, err
	}
	s, event, err := draw(pool)
	if err != nil {
		return nil, err
	}
	err = create(ctx, d, s, func(s *objective.Sample) audit.Event { return sampleEvent(s, event) })
	if err != nil {
		return nil, err
	}
	for i := range s.Items {
		s.Items[i].TrustID, s.Items[i].SampleID = s.TrustID, s.ID
	}
	if len(s.Items) == 0 {
		return s, nil
	}
	return s, d.conn(ctx).Create(&s.Items).Error
}

func sampleEvent(s *objective.Sample, e audit.Event) audit.Event {
	e.Subject, e.UnitID = audit.Subject{Kind: "objective_sample", ID: s.ID, Version: s.Version}, &s.UnitID
	return e
}

// ReviewSample implements objective.SampleStore.
func (d *DB) ReviewSample(ctx context.Context, id uuid.UUID, version int, change func(*objective.Sample) (*objective.SampleItem, audit.Event, error)) (*objective.Sample, error) {
	read, err := d.Sample(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := d.table.Check(access.Operation(ctx), access.From(ctx), ofUnit(&read.UnitID)); err != nil {
		return nil, err
	}
	s, err := locked[objective.Sample](ctx, d, id, version)
	if err != nil {
		return nil, err
	}
	s.Items = read.Items
	err = save(ctx, d, s, func(s *objective.Sample) (audit.Event, error) {
		it, e, err := change(s)
		if err != nil {
			return e, err
		}
		return sampleEvent(s, e), d.conn(ctx).Exec("update objective_sample_items set meets = ?, remark = ?, reviewed_by = ?, reviewed_on = ? where trust_id = ? and sample_id = ? and objective_id = ?",
			it.Meets, it.Remark, it.ReviewedBy, it.ReviewedOn, s.TrustID, s.ID, it.ObjectiveID).Error
	})
	return s, err
}
