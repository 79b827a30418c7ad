package postgres

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/privacy"
)

var _ privacy.Store = (*DB)(nil)

// AuditEvents implements privacy.Store. An event about no person is measured as the trust's own,
// whose id is nobody's.
func (d *DB) AuditEvents(ctx context.Context, f privacy.EventFilter, r page.Request) (page.Page[privacy.Entry], error) {
	r.Filter = f
	after, err := r.After(page.Long, page.Int)
	if err != nil {
		return page.Page[privacy.Entry]{}, err
	}
	reach, args := d.reachSQL(access.Operation(ctx), access.From(ctx), "coalesce(person_id, trust_id)", "unit_id", "false")
	q := d.conn(ctx).Where("trust_id = @trust and "+reach, args)
	for column, id := range map[string]*uuid.UUID{"subject_id": f.SubjectID, "person_id": f.PersonID, "appraisal_id": f.AppraisalID} {
		if id != nil {
			q = q.Where(column+" = ?", *id)
		}
	}
	if f.Type != "" {
		q = q.Where("type = ?", f.Type)
	}
	if after != nil {
		q = q.Where("(block_n, i) < (?::bigint, ?::int)", after[0], after[1])
	}
	q = q.Where(noticed, map[string]any{"me": access.From(ctx).PersonID})
	q = d.knownConcerns(ctx, q, "events")
	var rows []EventRow
	if err := q.Order("block_n desc, i desc").Limit(r.Size() + 1).Find(&rows).Error; err != nil {
		return page.Page[privacy.Entry]{}, err
	}
	cut := page.Cut(r, rows, func(e EventRow) []string { return []string{strconv.FormatInt(e.BlockN, 10), strconv.Itoa(e.I)} })
	items, err := entries(cut.Items)
	return page.Page[privacy.Entry]{Items: items, Next: cut.Next}, err
}

// noticed leaves out what nobody but its author may know of: that there is a private self-assessment,
// evidence on one, or a preparation.
const noticed = `(person_id = @me or case subject_kind
	when 'self_assessment' then exists (select from self_assessments s where s.trust_id = events.trust_id and s.id = events.subject_id and s.visibility <> 'private')
	when 'evidence' then not exists (select from evidence v join self_assessments s on s.trust_id = v.trust_id and s.id = v.subject_id and s.visibility = 'private'
		where v.trust_id = events.trust_id and v.id = events.subject_id)
	else subject_kind <> 'preparation' end)`

// entries reads the events from their canonical bodies, which are what the chain vouches for.
func entries(rows []EventRow) ([]privacy.Entry, error) {
	out := make([]privacy.Entry, len(rows))
	for i, row := range rows {
		out[i].Block = row.BlockN
		if err := json.Unmarshal([]byte(row.Body), &out[i].Event); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Disclosures implements privacy.Store.
func (d *DB) Disclosures(ctx context.Context, person *uuid.UUID, r page.Request) (page.Page[privacy.Disclosure], error) {
	r.Filter = person
	after, err := r.After(page.Time, page.ID)
	if err != nil {
		return page.Page[privacy.Disclosure]{}, err
	}
	reach, args := d.reachSQL(access.Operation(ctx), access.From(ctx), "person_id", "null", "false")
	q := d.conn(ctx).Where("trust_id = @trust and "+reach, args)
	q = d.knownConcerns(ctx, q, "disclosures")
	if person != nil {
		q = q.Where("person_id = ?", *person)
	}
	if after != nil {
		q = q.Where("(at, id) < (?::timestamptz, ?)", after[0], after[1])
	}
	var rows []privacy.Disclosure
	if err := q.Order("at desc, id desc").Limit(r.Size() + 1).Find(&rows).Error; err != nil {
		return page.Page[privacy.Disclosure]{}, err
	}
	return page.Cut(r, rows, func(x privacy.Disclosure) []string {
		return []string{x.At.UTC().Format(time.RFC3339Nano), x.ID.String()}
	}), nil
}

// Disclose writes down that the actor reads one record of somebody by virtue of their unit or the
// trust, without being a party to it. What the same reader has read today for the same purpose,
// and one's own record, leave no row; two readings at the same moment may leave two.
func (d *DB) Disclose(ctx context.Context, r privacy.Reading) error {
	a := access.From(ctx)
	if r.PersonID == a.PersonID {
		return nil
	}
	return d.conn(ctx).Exec(`
insert into disclosures (trust_id, id, person_id, appraisal_id, reader_id, purpose, grant_id, operation, subject_kind, subject_id, at, school_on)
select @trust, @id, @person, @appraisal, @reader, @purpose, @grant, @operation, @kind, @subject, @at, @day
where not exists (select from disclosures where trust_id = @trust and person_id = @person and reader_id = @reader
  and subject_kind = @kind and subject_id = @subject and school_on = @day and purpose = @purpose and grant_id is not distinct from @grant)`,
		map[string]any{"trust": a.TrustID, "id": d.ids(), "person": r.PersonID, "appraisal": r.AppraisalID, "reader": a.PersonID, "purpose": r.Purpose, "grant": r.GrantID,
			"operation": access.Operation(ctx), "kind": r.SubjectKind, "subject": r.SubjectID, "at": d.now(), "day": a.Today}).Error
}
