package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

var _ appraisal.Store = (*DB)(nil)

// syncSlack is how far behind now a list's as_of lies: no transaction that is still running then
// can have stamped an earlier time.
const syncSlack = 30 * time.Second

// Appraisals lists those that the caller reaches.
func (d *DB) Appraisals(ctx context.Context, f appraisal.Filter, p page.Request) (appraisal.List, error) {
	list := appraisal.List{AsOf: d.now().Add(-syncSlack)}
	key := []page.Part{page.ID}
	if f.Sort == "-updated_at" {
		key = []page.Part{page.Time, page.ID}
	}
	after, err := p.After(key...)
	if err != nil {
		return list, err
	}
	where, args := appraisalFilter(f)
	order, sorted := "a.id", func(a appraisal.Appraisal) []string { return []string{a.ID.String()} }
	paged := where
	if f.Sort == "-updated_at" {
		order = "a.updated_at desc, a.id desc"
		sorted = func(a appraisal.Appraisal) []string {
			return []string{a.UpdatedAt.UTC().Format(time.RFC3339Nano), a.ID.String()}
		}
		if len(after) == 2 {
			paged, args["at"], args["after"] = where+" and (a.updated_at, a.id) < (cast(@at as timestamptz), cast(@after as uuid))", after[0], after[1]
		}
	} else if after != nil {
		paged, args["after"] = where+" and a.id > @after", after[0]
	}
	reach, values := d.reachSQL("ListAppraisals", access.From(ctx), "a.person_id", "a.unit_id", readableTeam())
	for k, v := range values {
		args[k] = v
	}
	args["limit"] = p.Size() + 1
	var rows []appraisal.Appraisal
	sql := "from appraisals a where a.trust_id = @trust and " + reach
	if err := d.conn(ctx).Raw("select a.* "+sql+paged+" order by "+order+" limit @limit", args).Scan(&rows).Error; err != nil {
		return list, err
	}
	if f.Total {
		list.Total = new(int)
		if err := d.conn(ctx).Raw("select count(*) "+sql+where, args).Scan(list.Total).Error; err != nil {
			return list, err
		}
	}
	cut := page.Cut(p, rows, sorted)
	list.Next = cut.Next
	if list.Items, err = d.cases(ctx, cut.Items); err != nil {
		return list, err
	}
	return list, d.neighbours(ctx, list.Items...)
}

func appraisalFilter(f appraisal.Filter) (string, map[string]any) {
	sql, args := "", map[string]any{}
	for _, c := range []struct {
		on        bool
		sql, name string
		arg       any
	}{
		{f.CycleID != nil, "a.cycle_id = @cycle", "cycle", f.CycleID},
		{f.UnitID != nil, "a.unit_id = @unit", "unit", f.UnitID},
		{f.PersonID != nil, "a.person_id = @person", "person", f.PersonID},
		{len(f.Stages) > 0, "a.stage in @stages", "stages", f.Stages},
		{f.Status != "", "a.status = @status", "status", f.Status},
		{f.UpdatedSince != nil, "a.updated_at >= @since", "since", f.UpdatedSince},
		{f.WithoutReviewer, `not exists (select from seats ws where ws.trust_id = a.trust_id and ws.appraisal_id = a.id and ws.duty = 'review'
			and ws.from_on <= @today and (ws.until_on is null or ws.until_on > @today))`, "unseated", true},
	} {
		if c.on {
			sql += " and " + c.sql
			args[c.name] = c.arg
		}
	}
	return sql, args
}

// Appraisal reads one. Somebody who is no party leaves a disclosure.
func (d *DB) Appraisal(ctx context.Context, id uuid.UUID) (*appraisal.Case, error) {
	c, err := d.readCase(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := d.neighbours(ctx, c); err != nil {
		return nil, err
	}
	return c, d.disclose(ctx, c, "appraisal", id)
}

// ChangeAppraisal locks the appraisal, holds its version, and stores what change left pending.
func (d *DB) ChangeAppraisal(ctx context.Context, id uuid.UUID, version int, change func(*appraisal.Case) (audit.Event, error)) (*appraisal.Case, error) {
	return d.changeCase(ctx, id, version, change)
}

// Notes lists the notes of an appraisal, oldest first. Notes on a check-in or a meeting are part of
// those and come with them.
func (d *DB) Notes(ctx context.Context, appraisalID uuid.UUID, kind string, subject *uuid.UUID, p page.Request) (page.Page[appraisal.Note], error) {
	c, err := d.readCase(ctx, appraisalID)
	if err != nil {
		return page.Page[appraisal.Note]{}, err
	}
	after, err := p.After(page.ID)
	if err != nil {
		return page.Page[appraisal.Note]{}, err
	}
	q := d.conn(ctx).Where("trust_id = ? and appraisal_id = ?", c.TrustID, c.ID)
	if kind != "" {
		q = q.Where("subject_kind = ?", kind)
	}
	if subject != nil {
		q = q.Where("subject_id = ?", subject)
	}
	if after != nil {
		q = q.Where("id > ?", after[0])
	}
	var rows []appraisal.Note
	if err := q.Order("id").Limit(p.Size() + 1).Find(&rows).Error; err != nil {
		return page.Page[appraisal.Note]{}, err
	}
	if err := d.disclose(ctx, c, "notes", appraisalID); err != nil {
		return page.Page[appraisal.Note]{}, err
	}
	return page.Cut(p, rows, func(n appraisal.Note) []string { return []string{n.ID.String()} }), nil
}

// AddNote stores a note that add makes of the case.
func (d *DB) AddNote(ctx context.Context, appraisalID uuid.UUID, add func(*appraisal.Case) (appraisal.Note, error)) (appraisal.Note, error) {
	c, err := d.lockForCommand(ctx, appraisalID)
	if err != nil {
		return appraisal.Note{}, err
	}
	n, err := add(c)
	if err != nil {
		return n, err
	}
	n.TrustID, n.ID = c.TrustID, d.ids()
	if err := d.conn(ctx).Create(&n).Error; err != nil {
		return n, err
	}
	return n, d.Record(ctx, d.about(c, audit.Event{Type: "note.added", Data: map[string]any{"subject_kind": n.SubjectKind, "subject_id": n.SubjectID}}, "note", n.ID, 1))
}

// IsActive says whether the person works for the trust.
func (d *DB) IsActive(ctx context.Context, person uuid.UUID) (bool, error) {
	var active bool
	err := d.conn(ctx).Raw("select exists (select from people where trust_id = ? and id = ? and status = 'active')", access.From(ctx).TrustID, person).Scan(&active).Error
	return active, err
}

// OpenCasesOf locks and reads the open appraisals of a post, in order of id.
func (d *DB) OpenCasesOf(ctx context.Context, post uuid.UUID) ([]*appraisal.Case, error) {
	return d.lockedCases(ctx, "post_id = @id", post)
}

// SeatedCases locks and reads the open appraisals on which the person has a seat.
func (d *DB) SeatedCases(ctx context.Context, person uuid.UUID) ([]*appraisal.Case, error) {
	return d.lockedCases(ctx, `exists (select from seats s where s.trust_id = a.trust_id and s.appraisal_id = a.id and s.person_id = @id
		and (s.until_on is null or s.until_on > @today))`, person)
}

// lockedCases takes the locks in order of id, as every command that takes several does.
func (d *DB) lockedCases(ctx context.Context, where string, id uuid.UUID) ([]*appraisal.Case, error) {
	a := access.From(ctx)
	var rows []appraisal.Appraisal
	err := d.conn(ctx).Raw("select a.* from appraisals a where a.trust_id = @trust and a.status in ('open', 'suspended') and "+where+" order by a.id for no key update",
		map[string]any{"trust": a.TrustID, "id": id, "today": a.Today}).Scan(&rows).Error
	if err != nil {
		return nil, translate(err)
	}
	return d.cases(ctx, rows)
}

// ManagerOf is who line-manages the post on the day, or nil.
func (d *DB) ManagerOf(ctx context.Context, post uuid.UUID, on schooltime.Date) (*uuid.UUID, error) {
	var ids []uuid.UUID
	err := d.conn(ctx).Raw(`select m.manager_id from line_managers m join people p on p.trust_id = m.trust_id and p.id = m.manager_id and p.status = 'active'
		where m.trust_id = ? and m.post_id = ? and m.from_on <= ? and (m.until_on is null or m.until_on > ?) order by m.from_on desc limit 1`,
		access.From(ctx).TrustID, post, on, on).Scan(&ids).Error
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	return &ids[0], nil
}

// Reseat stores the seats of a case as they are now, with an event.
func (d *DB) Reseat(ctx context.Context, c *appraisal.Case, e audit.Event) error {
	c.Pending.Changed = true
	if err := d.settle(ctx, c); err != nil {
		return err
	}
	return d.Record(ctx, d.about(c, e, "appraisal", c.ID, c.Version))
}

// Turns counts the open appraisals that the caller reaches by the operation, whose turn is the party.
func (d *DB) Turns(ctx context.Context, operation string, party policy.Party) (int, error) {
	reach, args := d.reachSQL(operation, access.From(ctx), "a.person_id", "a.unit_id", seatTeam("a.id"))
	args["turn"] = string(party)
	var n int
	err := d.conn(ctx).Raw("select count(*) from appraisals a where a.trust_id = @trust and a.status = 'open' and a.turn = @turn and "+reach, args).Scan(&n).Error
	return n, err
}

// Unreviewed counts the open appraisals that the caller reaches and nobody reviews today.
func (d *DB) Unreviewed(ctx context.Context, operation string) (int, error) {
	reach, args := d.reachSQL(operation, access.From(ctx), "a.person_id", "a.unit_id", seatTeam("a.id"))
	var n int
	err := d.conn(ctx).Raw(`select count(*) from appraisals a where a.trust_id = @trust and a.status = 'open' and not exists (
		select from seats s where s.trust_id = a.trust_id and s.appraisal_id = a.id and s.duty = 'review' and s.from_on <= @today
		and (s.until_on is null or s.until_on > @today)) and a.stage <> 'released' and `+reach, args).Scan(&n).Error
	return n, err
}

// MyCases reads the cases of open cycles in which the caller is reviewee or has a seat today.
func (d *DB) MyCases(ctx context.Context) ([]*appraisal.Case, error) {
	a := access.From(ctx)
	var rows []appraisal.Appraisal
	err := d.conn(ctx).Raw(`select a.* from appraisals a join cycles c on c.trust_id = a.trust_id and c.id = a.cycle_id and c.status = 'open'
		where a.trust_id = @trust and a.status = 'open' and (a.person_id = @me or `+seatTeam("a.id")+`) order by a.id limit 200`,
		map[string]any{"trust": a.TrustID, "me": a.PersonID, "today": a.Today}).Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	return d.cases(ctx, rows)
}
