package postgres

import (
	"context"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/concern"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/privacy"
)

var _ concern.Store = (*DB)(nil)

// sharedSQL holds when the concern k of the appraisal a may be seen by the person whom it is about,
// or the actor is somebody else.
const sharedSQL = "(a.person_id <> @me or k.shared_at is not null)"

// concernsFrom are the concerns k, each with its appraisal a, that the caller may see by the
// operation: as the person, as whoever holds it, as a head above, or as HR. A seat on the appraisal
// shows none.
func (d *DB) concernsFrom(ctx context.Context, op string) (string, map[string]any) {
	reach, args := d.reachSQL(op, access.From(ctx), "a.person_id", "a.unit_id", "k.holder_id = @me")
	return ` from concerns k join appraisals a on a.trust_id = k.trust_id and a.id = k.appraisal_id
		where k.trust_id = @trust and ` + sharedSQL + " and " + reach, args
}

// Concerns implements concern.Store.
func (d *DB) Concerns(ctx context.Context, f concern.Filter, p page.Request) (page.Page[*concern.Aggregate], error) {
	p.Filter = f
	none := page.Page[*concern.Aggregate]{}
	after, err := afterID(p)
	if err != nil {
		return none, err
	}
	sql, args := d.concernsFrom(ctx, "ListConcerns")
	sql = narrowed(sql, args,
		condition{f.AppraisalID != nil, "k.appraisal_id = @appraisal", "appraisal", f.AppraisalID},
		condition{f.CycleID != nil, "a.cycle_id = @cycle", "cycle", f.CycleID},
		condition{f.Status != "", "k.status = @status", "status", f.Status},
		condition{after != nil, "k.id > @after", "after", after})
	args["limit"] = p.Size() + 1
	var rows []concern.Concern
	if err := d.conn(ctx).Raw("select k.*"+sql+" order by k.id limit @limit", args).Scan(&rows).Error; err != nil {
		return none, err
	}
	cut := page.Cut(p, rows, func(k concern.Concern) []string { return []string{k.ID.String()} })
	items, err := d.concernsOf(ctx, cut.Items)
	return page.Page[*concern.Aggregate]{Items: items, Next: cut.Next}, err
}

// concernsOf puts concerns together that the caller may see, with their cases and entries.
func (d *DB) concernsOf(ctx context.Context, rows []concern.Concern) ([]*concern.Aggregate, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	var appraisals, ids []uuid.UUID
	for _, k := range rows {
		appraisals, ids = append(appraisals, k.AppraisalID), append(ids, k.ID)
	}
	found, err := d.lentCases(ctx, appraisals)
	if err != nil {
		return nil, err
	}
	cases := map[uuid.UUID]*appraisal.Case{}
	for _, c := range found {
		cases[c.ID] = c
	}
	var entries []concern.Entry
	if err := d.conn(ctx).Where("trust_id = ? and concern_id in ?", access.From(ctx).TrustID, ids).Order("id").Find(&entries).Error; err != nil {
		return nil, err
	}
	out := make([]*concern.Aggregate, len(rows))
	for i, k := range rows {
		c := *cases[k.AppraisalID] // its own, for one concern of a case may be the actor's to hold and another not
		c.Lent = k.HolderID == c.Actor.PersonID
		out[i] = &concern.Aggregate{Concern: k, Case: &c, Entries: pick(entries, func(e concern.Entry) bool { return e.ConcernID == k.ID })}
	}
	return out, nil
}

// readConcern reads a concern that the caller may see.
func (d *DB) readConcern(ctx context.Context, id uuid.UUID) (*concern.Aggregate, error) {
	sql, args := d.concernsFrom(ctx, "GetConcern")
	args["id"] = id
	var row concern.Concern
	if err := d.conn(ctx).Raw("select k.*"+sql+" and k.id = @id", args).Take(&row).Error; err != nil {
		return nil, translate(err)
	}
	all, err := d.concernsOf(ctx, []concern.Concern{row})
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// Concern implements concern.Store.
func (d *DB) Concern(ctx context.Context, id uuid.UUID) (*concern.Aggregate, error) {
	a, err := d.readConcern(ctx, id)
	if err != nil || a.Mine() || a.Holder() {
		return a, err
	}
	purpose := "oversight"
	if a.Case.Actor.Has(access.HR) {
		purpose = "hr_administration"
	}
	return a, d.Disclose(ctx, privacy.Reading{PersonID: a.PersonID, AppraisalID: &a.AppraisalID, Purpose: purpose, SubjectKind: "concern", SubjectID: id})
}

// lockConcern locks the appraisal of a concern and reads both.
func (d *DB) lockConcern(ctx context.Context, id uuid.UUID) (*concern.Aggregate, error) {
	trust := access.From(ctx).TrustID
	var n int
	err := d.conn(ctx).Raw("select 1 from appraisals where trust_id = ? and id = (select appraisal_id from concerns where trust_id = ? and id = ?) for no key update", trust, trust, id).Scan(&n).Error
	if err != nil {
		return nil, translate(err)
	}
	if n == 0 {
		return nil, fault.Gone()
	}
	return d.readConcern(ctx, id)
}

// ConcernsOfMine implements dossier.Store.
func (d *DB) ConcernsOfMine(ctx context.Context) ([]*concern.Aggregate, error) {
	a := access.From(ctx)
	var rows []concern.Concern
	err := d.conn(ctx).Raw(`select k.* from concerns k join appraisals a on a.trust_id = k.trust_id and a.id = k.appraisal_id
		where k.trust_id = @trust and k.status in ('raised', 'confirmed', 'monitoring', 'extended', 'capability') and `+sharedSQL+`
		and (k.holder_id = @me or k.person_id = @me) order by k.id limit 200`, map[string]any{"trust": a.TrustID, "me": a.PersonID}).Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	return d.concernsOf(ctx, rows)
}

// knownConcerns leaves out of a list of events or disclosures those about a concern that the caller
// may not see. HR's are all of those of others, whatever has become of the concern.
func (d *DB) knownConcerns(ctx context.Context, q *gorm.DB, table string) *gorm.DB {
	sql, args := d.concernsFrom(ctx, "GetConcern")
	args["hr"] = access.From(ctx).Has(access.HR)
	return q.Where("("+table+".subject_kind <> 'concern' or @hr and "+table+".person_id <> @me or exists (select"+sql+" and k.id = "+table+".subject_id))", args)
}
