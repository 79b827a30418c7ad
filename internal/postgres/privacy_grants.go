package postgres

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/privacy"
)

// inForceSQL holds for a grant g that holds today. Its last day is part of it.
const inForceSQL = "(g.status = 'given' and @today between g.from_on and g.until_on)"

// letInTeam holds when the actor has a seat today on the appraisal with the given id column, or was
// let in to read it. It is for reading alone.
func letInTeam(appraisal string) string {
	return "(" + seatTeam(appraisal) + " or exists (select from access_grants g where g.trust_id = @trust and g.appraisal_id = " + appraisal +
		" and g.reader_id = @me and " + inForceSQL + "))"
}

// letIn loads the grants by which the actor reads cases today.
func (d *DB) letIn(ctx context.Context, cases []*appraisal.Case) error {
	a := access.From(ctx)
	if !a.Has(access.Reviewer) { // which every grant in force makes its reader
		return nil
	}
	ids := make([]uuid.UUID, len(cases))
	for i, c := range cases {
		ids[i] = c.ID
	}
	var facts []appraisal.GrantFact
	err := d.conn(ctx).Raw(`select g.id, g.appraisal_id, g.purpose from access_grants g
		where g.trust_id = @trust and g.reader_id = @me and g.appraisal_id in @ids and `+inForceSQL+` order by g.from_on, g.id`,
		map[string]any{"trust": a.TrustID, "me": a.PersonID, "today": a.Today, "ids": ids}).Scan(&facts).Error
	for _, c := range cases {
		c.Grants = pick(facts, func(g appraisal.GrantFact) bool { return g.AppraisalID == c.ID })
	}
	return err
}

// grantsSQL are the grants g that the caller reaches by the operation: those on records within
// their reach, and those given to them.
func (d *DB) grantsSQL(ctx context.Context, op string) (string, map[string]any) {
	reach, args := d.reachSQL(op, access.From(ctx), "a.person_id", "a.unit_id", "false")
	return `select g.* from access_grants g join appraisals a on a.trust_id = g.trust_id and a.id = g.appraisal_id
		where g.trust_id = @trust and (g.reader_id = @me or ` + reach + `)`, args
}

// Grants implements privacy.Store.
func (d *DB) Grants(ctx context.Context, f privacy.GrantFilter, p page.Request) (page.Page[*privacy.Access], error) {
	none := page.Page[*privacy.Access]{}
	after, err := afterID(p)
	if err != nil {
		return none, err
	}
	sql, args := d.grantsSQL(ctx, "ListAccessGrants")
	sql = narrowed(sql, args,
		condition{f.AppraisalID != nil, "g.appraisal_id = @appraisal", "appraisal", f.AppraisalID},
		condition{f.PersonID != nil, "a.person_id = @person", "person", f.PersonID},
		condition{f.ReaderID != nil, "g.reader_id = @reader", "reader", f.ReaderID},
		condition{f.InForce != nil, inForceSQL + " = @holds", "holds", f.InForce},
		condition{after != nil, "g.id > @after", "after", after})
	args["limit"] = p.Size() + 1
	var rows []privacy.Grant
	if err := d.conn(ctx).Raw(sql+" order by g.id limit @limit", args).Scan(&rows).Error; err != nil {
		return none, err
	}
	cut := page.Cut(p, rows, func(g privacy.Grant) []string { return []string{g.ID.String()} })
	items, err := d.accesses(ctx, cut.Items)
	return page.Page[*privacy.Access]{Items: items, Next: cut.Next}, err
}

// accesses joins grants with their cases. The reader of one that is over no longer reads the case,
// so it is loaded whoever asks; nothing of it is shown but whose it is.
func (d *DB) accesses(ctx context.Context, rows []privacy.Grant) ([]*privacy.Access, error) {
	ids := make([]uuid.UUID, len(rows))
	for i, g := range rows {
		ids[i] = g.AppraisalID
	}
	var appraisals []appraisal.Appraisal
	if err := d.conn(ctx).Where("trust_id = ? and id in ?", access.From(ctx).TrustID, ids).Find(&appraisals).Error; err != nil {
		return nil, err
	}
	cases, err := d.cases(ctx, appraisals)
	if err != nil {
		return nil, err
	}
	byID := map[uuid.UUID]*appraisal.Case{}
	for _, c := range cases {
		byID[c.ID] = c
	}
	out := make([]*privacy.Access, len(rows))
	for i := range rows {
		out[i] = &privacy.Access{Grant: &rows[i], Case: byID[rows[i].AppraisalID]}
	}
	return out, nil
}

// Grant implements privacy.Store.
func (d *DB) Grant(ctx context.Context, id uuid.UUID) (*privacy.Access, error) {
	row, err := d.grantRow(ctx, id)
	if err != nil {
		return nil, err
	}
	list, err := d.accesses(ctx, []privacy.Grant{row})
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

// grantRow reads the row of a grant that the caller may read.
func (d *DB) grantRow(ctx context.Context, id uuid.UUID) (row privacy.Grant, err error) {
	sql, args := d.grantsSQL(ctx, "GetAccessGrant")
	args["id"] = id
	err = d.conn(ctx).Raw(sql+" and g.id = @id", args).Take(&row).Error
	return row, translate(err)
}

// AddGrant implements privacy.Store.
func (d *DB) AddGrant(ctx context.Context, appraisalID uuid.UUID, add func(*appraisal.Case) (*privacy.Grant, error)) (*privacy.Access, error) {
	c, err := d.lockForCommand(ctx, appraisalID)
	if err != nil {
		return nil, err
	}
	g, err := add(c)
	if err != nil {
		return nil, err
	}
	err = create(ctx, d, g, func(g *privacy.Grant) audit.Event {
		return d.about(c, audit.Event{Type: "access_grant.given", Data: map[string]any{"reader_id": g.ReaderID.String(), "purpose": g.Purpose,
			"from_on": g.FromOn.String(), "until_on": g.UntilOn.String()}}, "access_grant", g.ID, 1)
	})
	return &privacy.Access{Grant: g, Case: c}, err
}

// ChangeGrant implements privacy.Store.
func (d *DB) ChangeGrant(ctx context.Context, id uuid.UUID, version int, change func(*privacy.Access) (audit.Event, error)) (*privacy.Access, error) {
	row, err := d.grantRow(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := d.lockRow(ctx, row.AppraisalID); err != nil {
		return nil, err
	}
	a, err := d.Grant(ctx, id)
	if err != nil {
		return nil, err
	}
	c := a.Case
	if err := d.table.Check(access.Operation(ctx), c.Actor, c.Record()); err != nil {
		return nil, err
	}
	if a.Grant, err = locked[privacy.Grant](ctx, d, id, version); err != nil {
		return nil, err
	}
	return a, save(ctx, d, a.Grant, func(*privacy.Grant) (audit.Event, error) {
		e, err := change(a)
		return d.about(c, e, "access_grant", id, a.Version), err
	})
}

// OpenToMe implements privacy.Store.
func (d *DB) OpenToMe(ctx context.Context) ([]privacy.Open, error) {
	a := access.From(ctx)
	if !a.Has(access.Reviewer) {
		return nil, nil
	}
	var out []privacy.Open
	err := d.conn(ctx).Raw(`select g.id as grant_id, g.appraisal_id, a.person_id, g.purpose, g.until_on from access_grants g
		join appraisals a on a.trust_id = g.trust_id and a.id = g.appraisal_id
		where g.trust_id = @trust and g.reader_id = @me and `+inForceSQL+` order by g.until_on, g.id limit 200`,
		map[string]any{"trust": a.TrustID, "me": a.PersonID, "today": a.Today}).Scan(&out).Error
	return out, err
}
