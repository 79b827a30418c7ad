package postgres

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/privacy"
)

// breachesSQL are the breaches b that the caller reaches by the operation, and those that they
// reported. What somebody reports about their head is not the head's to read.
func (d *DB) breachesSQL(ctx context.Context, op string) (string, map[string]any) {
	reach, args := d.reachSQL(op, access.From(ctx), "b.person_id", "null", "false")
	return "select b.* from breaches b where b.trust_id = @trust and (b.reported_by = @me or " + reach + ")", args
}

// Breaches implements privacy.Store.
func (d *DB) Breaches(ctx context.Context, f privacy.BreachFilter, p page.Request) (page.Page[*privacy.Breach], error) {
	after, err := afterID(p)
	if err != nil {
		return page.Page[*privacy.Breach]{}, err
	}
	sql, args := d.breachesSQL(ctx, "ListBreaches")
	sql = narrowed(sql, args,
		condition{f.PersonID != nil, "b.person_id = @person", "person", f.PersonID},
		condition{f.Status != "", "b.status = @status", "status", f.Status},
		condition{after != nil, "b.id > @after", "after", after})
	args["limit"] = p.Size() + 1
	var rows []*privacy.Breach
	if err := d.conn(ctx).Raw(sql+" order by b.id limit @limit", args).Scan(&rows).Error; err != nil {
		return page.Page[*privacy.Breach]{}, err
	}
	return page.Cut(p, rows, func(b *privacy.Breach) []string { return []string{b.ID.String()} }), nil
}

// Breach implements privacy.Store.
func (d *DB) Breach(ctx context.Context, id uuid.UUID) (*privacy.Breach, error) {
	sql, args := d.breachesSQL(ctx, "GetBreach")
	args["id"] = id
	row := &privacy.Breach{}
	if err := d.conn(ctx).Raw(sql+" and b.id = @id", args).Take(row).Error; err != nil {
		return nil, translate(err)
	}
	return row, nil
}

// Affected implements privacy.Store. A head reports for whoever works in their units today, or has
// the appraisal that is named in one of them.
func (d *DB) Affected(ctx context.Context, r privacy.Report) (privacy.Affected, error) {
	out := privacy.Affected{AppraisalID: r.AppraisalID}
	if err := d.mayReport(ctx, r.PersonID); err != nil {
		return out, err
	}
	if r.DisclosureID != nil {
		var read []privacy.Disclosure
		err := d.conn(ctx).Where("trust_id = ? and id = ? and person_id = ?", access.From(ctx).TrustID, *r.DisclosureID, r.PersonID).Find(&read).Error
		if err != nil {
			return out, err
		}
		if len(read) == 0 {
			return out, fault.Body("/disclosure_id", "unknown_disclosure", "There is no such disclosure of this person's record.")
		}
		out.ReaderID = &read[0].ReaderID
		if out.AppraisalID == nil {
			out.AppraisalID = read[0].AppraisalID
		}
	}
	var err error
	out.Policy, err = d.policyOfBreach(ctx, r.PersonID, out.AppraisalID)
	return out, err
}

func (d *DB) mayReport(ctx context.Context, person uuid.UUID) error {
	reach, args := d.reachWhere(access.Operation(ctx), access.From(ctx), "p.id", `exists (select from posts o where o.trust_id = p.trust_id and o.person_id = p.id
		and o.unit_id in @units and (o.until_on is null or o.until_on > @today))`, "false")
	args["person"] = person
	var found []uuid.UUID
	if err := d.conn(ctx).Raw("select p.id from people p where p.trust_id = @trust and p.id = @person and "+reach, args).Scan(&found).Error; err != nil {
		return err
	}
	if len(found) == 0 {
		return fault.Body("/person_id", "unknown_person", "There is no such person, or it is not yours to report for them.")
	}
	return nil
}

// policyOfBreach is the trust's policy in the year of the appraisal, or where none is named in the
// latest year that has begun; nil before the first.
func (d *DB) policyOfBreach(ctx context.Context, person uuid.UUID, appraisalID *uuid.UUID) (*policy.Resolved, error) {
	trust := access.From(ctx).TrustID
	q := d.conn(ctx).Raw("select policy_version_id from cycles where trust_id = ? and status <> 'draft' order by starts_on desc, id limit 1", trust)
	if appraisalID != nil {
		q = d.conn(ctx).Raw(`select c.policy_version_id from appraisals a join cycles c on c.trust_id = a.trust_id and c.id = a.cycle_id
			where a.trust_id = ? and a.id = ? and a.person_id = ?`, trust, *appraisalID, person)
	}
	var versions []uuid.UUID
	if err := q.Scan(&versions).Error; err != nil {
		return nil, err
	}
	versions = slices.DeleteFunc(versions, func(v uuid.UUID) bool { return v == uuid.Nil })
	if len(versions) == 0 {
		if appraisalID != nil {
			return nil, fault.Body("/appraisal_id", "unknown_appraisal", "This person has no such appraisal.")
		}
		return nil, nil
	}
	document, err := d.PolicyVersion(ctx, versions[0])
	if err != nil {
		return nil, err
	}
	return document.Resolve("", ""), nil
}

// AddBreach implements privacy.Store.
func (d *DB) AddBreach(ctx context.Context, b *privacy.Breach) error {
	return create(ctx, d, b, func(b *privacy.Breach) audit.Event {
		e := audit.About("breach", b.ID, 1, "reported", map[string]any{"discovered_on": b.DiscoveredOn.String()}).Of(b.PersonID, uuid.Nil)
		e.AppraisalID = b.AppraisalID
		return e
	})
}

// ChangeBreach implements privacy.Store.
func (d *DB) ChangeBreach(ctx context.Context, id uuid.UUID, version int, change func(*privacy.Breach) (audit.Event, error)) (*privacy.Breach, error) {
	read, err := d.Breach(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := d.table.Check(access.Operation(ctx), access.From(ctx), access.Record{PersonID: read.PersonID}); err != nil {
		return nil, err
	}
	return update(ctx, d, id, version, func(b *privacy.Breach) (audit.Event, error) {
		e, err := change(b)
		e.AppraisalID = b.AppraisalID
		return e.Of(b.PersonID, uuid.Nil), err
	})
}
