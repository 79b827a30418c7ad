package postgres

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/evidence"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/page"
)

var _ evidence.Store = (*DB)(nil)

// Alone implements evidence.Store.
func (d *DB) Alone(ctx context.Context, fn func(context.Context) error) error {
	return ImportStore{d}.Alone(ctx, fn)
}

// evidenceSQL are the pieces e of a case that the caller may read, by the record that each hangs
// on: what is on an objective as the appraisal is read; what is on a meeting by the two parties'
// seats, and until its record is shared by whoever added it or drafts the record, and by the
// reviewee where the policy shows drafts; what is on a self-assessment by its visibility.
func (d *DB) evidenceSQL(c *appraisal.Case) (string, map[string]any) {
	meeting, args := d.reachSQL("GetMeeting", c.Actor, "a.person_id", "a.unit_id", letInTeam("a.id"))
	statement, _ := d.reachSQL("GetSelfAssessment", c.Actor, "a.person_id", "a.unit_id", "s.visibility = '"+appraisal.OrganisationAndReviewer+"' and "+seatTeam("a.id"))
	args["appraisal"], args["drafts"] = c.ID, c.Rules().Meetings.DraftVisible
	return `select e.* from evidence e join appraisals a on a.trust_id = e.trust_id and a.id = e.appraisal_id
		where e.trust_id = @trust and e.appraisal_id = @appraisal and e.removed_at is null and case e.subject_kind
		when 'objective' then exists (select from objectives o where o.trust_id = e.trust_id and o.id = e.subject_id)
		when 'meeting' then exists (select from meetings m where m.trust_id = e.trust_id and m.id = e.subject_id and ` + meeting + `
			and (m.shared_at is not null or e.added_by = @me or m.recorder_id = @me or @drafts and a.person_id = @me))
		else exists (select from self_assessments s where s.trust_id = e.trust_id and s.id = e.subject_id
			and (s.person_id = @me or s.visibility <> '` + appraisal.Private + `' and ` + statement + `)) end`, args
}

// Evidence implements evidence.Store.
func (d *DB) Evidence(ctx context.Context, appraisalID uuid.UUID, f evidence.Filter, p page.Request) (evidence.List, error) {
	p.Filter = []any{appraisalID, f}
	none := evidence.List{}
	c, err := d.readCase(ctx, appraisalID)
	if err != nil {
		return none, err
	}
	after, err := afterID(p)
	if err != nil {
		return none, err
	}
	sql, args := d.evidenceSQL(c)
	sql = narrowed(sql, args,
		condition{f.SubjectKind != "", "e.subject_kind = @kind", "kind", f.SubjectKind},
		condition{f.SubjectID != nil, "e.subject_id = @subject", "subject", f.SubjectID},
		condition{after != nil, "e.id > @after", "after", after})
	args["limit"] = p.Size() + 1
	var rows []evidence.Evidence
	if err := d.conn(ctx).Raw(sql+" order by e.id limit @limit", args).Scan(&rows).Error; err != nil {
		return none, err
	}
	cut := page.Cut(p, rows, func(e evidence.Evidence) []string { return []string{e.ID.String()} })
	list := evidence.List{Page: page.Page[*evidence.Aggregate]{Items: make([]*evidence.Aggregate, len(cut.Items)), Next: cut.Next}, Place: evidence.Place{Case: c}}
	for i, e := range cut.Items {
		list.Page.Items[i] = &evidence.Aggregate{Evidence: e, Case: c}
	}
	if f.SubjectID != nil {
		if list.Place.Items, err = d.countEvidence(ctx, c, *f.SubjectID); err != nil {
			return none, err
		}
	}
	return list, d.disclose(ctx, c, "evidence", appraisalID)
}

// countEvidence counts what hangs on a record of the case, whoever may read it.
func (d *DB) countEvidence(ctx context.Context, c *appraisal.Case, subject uuid.UUID) (*int, error) {
	var n int
	err := d.conn(ctx).Raw("select count(*) from evidence where trust_id = ? and appraisal_id = ? and subject_id = ? and removed_at is null", c.TrustID, c.ID, subject).Scan(&n).Error
	return &n, err
}

// readEvidence reads a piece that the caller may read, with the case that load loads.
func (d *DB) readEvidence(ctx context.Context, id uuid.UUID, load func(context.Context, uuid.UUID) (*appraisal.Case, error)) (*evidence.Aggregate, error) {
	row, err := find[evidence.Evidence](ctx, d, id)
	if err != nil {
		return nil, err
	}
	c, err := load(ctx, row.AppraisalID)
	if err != nil {
		return nil, err
	}
	sql, args := d.evidenceSQL(c)
	args["id"] = id
	a := &evidence.Aggregate{Case: c}
	err = d.conn(ctx).Raw(sql+" and e.id = @id", args).Take(&a.Evidence).Error
	return a, translate(err)
}

// Piece implements evidence.Store.
func (d *DB) Piece(ctx context.Context, id uuid.UUID) (*evidence.Aggregate, error) {
	a, err := d.readEvidence(ctx, id, d.readCase)
	if err != nil {
		return nil, err
	}
	return a, d.disclose(ctx, a.Case, "evidence", id)
}

// AddEvidence implements evidence.Store.
func (d *DB) AddEvidence(ctx context.Context, appraisalID uuid.UUID, s evidence.Subject, add func(evidence.Place) (*evidence.Aggregate, audit.Event, error)) (*evidence.Aggregate, error) {
	c, err := d.lockForCommand(ctx, appraisalID)
	if err != nil {
		return nil, err
	}
	if err := d.holdsEvidence(ctx, c, s); err != nil {
		return nil, err
	}
	n, err := d.countEvidence(ctx, c, s.ID)
	if err != nil {
		return nil, err
	}
	a, event, err := add(evidence.Place{Case: c, Items: n})
	if err != nil {
		return nil, err
	}
	return a, create(ctx, d, &a.Evidence, func(e *evidence.Evidence) audit.Event { return d.about(c, event, "evidence", e.ID, e.Version) })
}

// subjectsSQL finds the record of a case on which evidence may hang, where the actor reads it. A
// self-assessment is of the person and the year; one that the reviewer does not read is not there
// for them.
var subjectsSQL = map[string]string{
	evidence.OnObjective: "select 1 from objectives where trust_id = @trust and id = @id and appraisal_id = @appraisal",
	evidence.OnMeeting:   "select 1 from meetings where trust_id = @trust and id = @id and appraisal_id = @appraisal and state <> 'cancelled'",
	evidence.OnStatement: `select 1 from self_assessments where trust_id = @trust and id = @id and person_id = @person and cycle_id = @cycle
		and (person_id = @me or visibility = '` + appraisal.OrganisationAndReviewer + `')
		and exists (select from jsonb_array_elements(statements) x where x->>'code' = @statement)`,
}

// holdsEvidence refuses a subject that is no record of the case, or none that the actor reads.
func (d *DB) holdsEvidence(ctx context.Context, c *appraisal.Case, s evidence.Subject) error {
	var found int
	err := d.conn(ctx).Raw(subjectsSQL[s.Kind], map[string]any{"trust": c.TrustID, "id": s.ID, "appraisal": c.ID, "person": c.PersonID,
		"cycle": c.CycleID, "me": c.Actor.PersonID, "statement": s.Statement}).Scan(&found).Error
	if err == nil && found == 0 {
		err = fault.Body("/subject_id", "unknown_subject", "The appraisal has no such record on which evidence may hang, or it is not yours to read.")
	}
	return err
}

// ChangeEvidence implements evidence.Store.
func (d *DB) ChangeEvidence(ctx context.Context, id uuid.UUID, version int, change func(*evidence.Aggregate) (audit.Event, error)) (*evidence.Aggregate, error) {
	a, err := d.readEvidence(ctx, id, d.lockCase)
	if err != nil {
		return nil, err
	}
	if err := d.table.Check(access.Operation(ctx), a.Case.Actor, a.Case.Record()); err != nil {
		return nil, err
	}
	row, err := locked[evidence.Evidence](ctx, d, id, version)
	if err != nil {
		return nil, err
	}
	a.Evidence = *row
	return a, save(ctx, d, &a.Evidence, func(*evidence.Evidence) (audit.Event, error) {
		e, err := change(a)
		return d.about(a.Case, e, "evidence", id, 0), err
	})
}

// RecordRead implements evidence.Store.
func (d *DB) RecordRead(ctx context.Context, a *evidence.Aggregate, e audit.Event) error {
	return d.Record(ctx, d.about(a.Case, e, "evidence", a.ID, a.Version))
}

// Trusts implements evidence.Store. Row security lets everybody read which trusts there are.
func (d *DB) Trusts(ctx context.Context) ([]uuid.UUID, error) {
	rows, err := d.pool.Query(ctx, "select id from trusts order by id")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var ids []uuid.UUID
	for rows.Next() {
		var id [16]byte
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// KeptBlobs implements evidence.Store. A draft that was deleted names nothing any longer.
func (d *DB) KeptBlobs(ctx context.Context, trust uuid.UUID) (map[string]bool, error) {
	var keys []string
	err := d.InTx(ctx, trust, func(ctx context.Context) error {
		return d.conn(ctx).Raw(`select e.blob_key from evidence e where e.trust_id = ? and e.blob_key is not null and e.removed_at is null
			and (e.subject_kind <> 'objective' or exists (select from objectives o where o.trust_id = e.trust_id and o.id = e.subject_id))`, trust).Scan(&keys).Error
	})
	kept := make(map[string]bool, len(keys))
	for _, k := range keys {
		kept[k] = true
	}
	return kept, err
}
