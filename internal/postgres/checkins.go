package postgres

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/checkin"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/page"
)

var _ checkin.Store = (*DB)(nil)

// checkInsSQL are the check-ins k that the caller reaches by the operation. A draft is its author's
// alone, whatever anybody's reach.
func (d *DB) checkInsSQL(ctx context.Context, op string) (string, map[string]any) {
	reach, args := d.reachSQL(op, access.From(ctx), "a.person_id", "a.unit_id", letInTeam("a.id"))
	return `select k.* from check_ins k join appraisals a on a.trust_id = k.trust_id and a.id = k.appraisal_id
		join windows w on w.trust_id = k.trust_id and w.id = k.window_id
		where k.trust_id = @trust and (k.state <> 'draft' or a.person_id = @me) and ` + reach, args
}

// condition narrows a list, where it is on.
type condition struct {
	on        bool
	sql, name string
	arg       any
}

// narrowed adds the conditions that are on to a query and its arguments.
func narrowed(sql string, args map[string]any, conditions ...condition) string {
	for _, c := range conditions {
		if c.on {
			sql += " and " + c.sql
			args[c.name] = c.arg
		}
	}
	return sql
}

// CheckIns implements checkin.Store.
func (d *DB) CheckIns(ctx context.Context, f checkin.Filter, p page.Request) (page.Page[*checkin.Aggregate], error) {
	p.Filter = f
	none := page.Page[*checkin.Aggregate]{}
	after, err := afterID(p)
	if err != nil {
		return none, err
	}
	sql, args := d.checkInsSQL(ctx, "ListCheckIns")
	sql = narrowed(sql, args,
		condition{f.AppraisalID != nil, "k.appraisal_id = @appraisal", "appraisal", f.AppraisalID},
		condition{f.CycleID != nil, "a.cycle_id = @cycle", "cycle", f.CycleID},
		condition{f.State != "", "k.state = @state", "state", f.State},
		condition{f.Late != nil, "(case k.state when 'draft' then w.closes_on < @today else k.late end) = @late", "late", f.Late},
		condition{after != nil, "k.id > @after", "after", after})
	args["limit"] = p.Size() + 1
	var rows []checkin.CheckIn
	if err := d.conn(ctx).Raw(sql+" order by k.id limit @limit", args).Scan(&rows).Error; err != nil {
		return none, err
	}
	cut := page.Cut(p, rows, func(k checkin.CheckIn) []string { return []string{k.ID.String()} })
	ids := make([]uuid.UUID, len(cut.Items))
	for i, k := range cut.Items {
		ids[i] = k.AppraisalID
	}
	cases, err := d.casesByID(ctx, ids, "ListCheckIns")
	if err != nil {
		return none, err
	}
	items := make([]*checkin.Aggregate, len(cut.Items))
	for i, k := range cut.Items {
		if items[i], err = d.checkIn(ctx, k, cases[k.AppraisalID]); err != nil {
			return none, err
		}
	}
	return page.Page[*checkin.Aggregate]{Items: items, Next: cut.Next}, nil
}

// casesByID loads the cases of appraisals that the caller reaches by the operation, each once.
func (d *DB) casesByID(ctx context.Context, ids []uuid.UUID, op string) (map[uuid.UUID]*appraisal.Case, error) {
	out := map[uuid.UUID]*appraisal.Case{}
	if len(ids) == 0 {
		return out, nil
	}
	rows, err := d.readable(ctx, "a.id in @ids", map[string]any{"ids": ids}, op)
	if err != nil {
		return nil, err
	}
	cases, err := d.cases(ctx, rows)
	for _, c := range cases {
		out[c.ID] = c
	}
	return out, err
}

// checkIn puts a check-in together. Which form it fills may change in the year: what was sent keeps
// the rules of its own policy version, which the process knows by heart.
func (d *DB) checkIn(ctx context.Context, k checkin.CheckIn, c *appraisal.Case) (*checkin.Aggregate, error) {
	a := &checkin.Aggregate{CheckIn: k, Case: c, Rules: c.Rules()}
	if i := slices.IndexFunc(c.Windows, func(w appraisal.WindowFact) bool { return w.ID == k.WindowID }); i >= 0 {
		a.Window = c.Windows[i]
	}
	if k.State == checkin.Draft || k.PolicyVersionID == c.Cycle.PolicyVersionID {
		return a, nil
	}
	document, err := d.PolicyVersion(ctx, k.PolicyVersionID)
	if err == nil {
		a.Rules = &document.Resolve(c.Org.Layer(c.UnitID).String(), c.StaffGroup).Rules
	}
	return a, err
}

// withResponses adds the comments on a check-in, oldest first.
func (d *DB) withResponses(ctx context.Context, a *checkin.Aggregate) error {
	return d.conn(ctx).Where("trust_id = ? and appraisal_id = ? and subject_kind = 'check_in' and subject_id = ?", a.TrustID, a.AppraisalID, a.ID).
		Order("id").Limit(checkin.MaxResponses).Find(&a.Responses).Error
}

// readCheckIn reads the row of a check-in that the caller may read.
func (d *DB) readCheckIn(ctx context.Context, id uuid.UUID) (checkin.CheckIn, error) {
	sql, args := d.checkInsSQL(ctx, "GetCheckIn")
	args["id"] = id
	var row checkin.CheckIn
	err := d.conn(ctx).Raw(sql+" and k.id = @id", args).Take(&row).Error
	return row, translate(err)
}

// CheckIn implements checkin.Store.
func (d *DB) CheckIn(ctx context.Context, id uuid.UUID) (*checkin.Aggregate, error) {
	row, err := d.readCheckIn(ctx, id)
	if err != nil {
		return nil, err
	}
	c, err := d.readCase(ctx, row.AppraisalID)
	if err != nil {
		return nil, err
	}
	a, err := d.checkIn(ctx, row, c)
	if err != nil {
		return nil, err
	}
	if err := d.withResponses(ctx, a); err != nil {
		return nil, err
	}
	return a, d.disclose(ctx, c, "check_in", id)
}

// lockPart locks the appraisal of a part that the caller may read by the operation read, and
// refuses the operation being served on one that it does not reach.
func (d *DB) lockPart(ctx context.Context, appraisalID uuid.UUID, read string) (*appraisal.Case, error) {
	c, err := d.lockCase(ctx, appraisalID)
	if err != nil {
		return nil, err
	}
	if !c.LetIn() && !d.table.Covers(read, c.Actor, c.Record()) {
		return nil, fault.Gone()
	}
	return c, d.table.Check(access.Operation(ctx), c.Actor, c.Record())
}

// StartCheckIn implements checkin.Store.
func (d *DB) StartCheckIn(ctx context.Context, appraisalID uuid.UUID, add func(*appraisal.Case) (*checkin.Aggregate, audit.Event, error)) (*checkin.Aggregate, error) {
	c, err := d.lockPart(ctx, appraisalID, "GetCheckIn")
	if err != nil {
		return nil, err
	}
	a, event, err := add(c)
	if err != nil {
		return nil, err
	}
	err = create(ctx, d, &a.CheckIn, func(k *checkin.CheckIn) audit.Event { return d.about(c, event, "check_in", k.ID, k.Version) })
	return a, err
}

// ChangeCheckIn implements checkin.Store.
func (d *DB) ChangeCheckIn(ctx context.Context, id uuid.UUID, version int, change func(*checkin.Aggregate) (audit.Event, error)) (*checkin.Aggregate, error) {
	a, err := d.lockCheckIn(ctx, id, version)
	if err != nil {
		return nil, err
	}
	err = save(ctx, d, &a.CheckIn, func(*checkin.CheckIn) (audit.Event, error) {
		e, err := change(a)
		return d.about(a.Case, e, "check_in", a.ID, 0), err
	})
	if err != nil {
		return nil, err
	}
	for i := range a.NewPraise {
		a.NewPraise[i].TrustID, a.NewPraise[i].ID = a.TrustID, d.ids()
	}
	if len(a.NewPraise) > 0 {
		if err := d.conn(ctx).Create(&a.NewPraise).Error; err != nil {
			return nil, err
		}
	}
	err = d.settle(ctx, a.Case)
	a.Responses = append(a.Responses, a.Case.Pending.Notes...)
	return a, err
}

func (d *DB) lockCheckIn(ctx context.Context, id uuid.UUID, version int) (*checkin.Aggregate, error) {
	row, err := d.readCheckIn(ctx, id)
	if err != nil {
		return nil, err
	}
	c, err := d.lockPart(ctx, row.AppraisalID, "GetCheckIn")
	if err != nil {
		return nil, err
	}
	k, err := locked[checkin.CheckIn](ctx, d, id, version)
	if err != nil {
		return nil, err
	}
	a, err := d.checkIn(ctx, *k, c)
	if err != nil {
		return nil, err
	}
	return a, d.withResponses(ctx, a)
}

// ActivePeople implements checkin.Store.
func (d *DB) ActivePeople(ctx context.Context, ids []uuid.UUID) ([]uuid.UUID, error) {
	var out []uuid.UUID
	err := d.conn(ctx).Raw("select id from people where trust_id = ? and id in ? and status = 'active'", access.From(ctx).TrustID, ids).Scan(&out).Error
	return out, err
}

// PraiseReceived implements checkin.Store. Ids rise with time, so the newest come first.
func (d *DB) PraiseReceived(ctx context.Context, p page.Request) (page.Page[checkin.Praise], error) {
	a := access.From(ctx)
	after, err := afterID(p)
	if err != nil {
		return page.Page[checkin.Praise]{}, err
	}
	q := d.conn(ctx).Where("trust_id = ? and person_id = ?", a.TrustID, a.PersonID)
	if after != nil {
		q = q.Where("id < ?", *after)
	}
	var rows []checkin.Praise
	if err := q.Order("id desc").Limit(p.Size() + 1).Find(&rows).Error; err != nil {
		return page.Page[checkin.Praise]{}, err
	}
	return page.Cut(p, rows, func(x checkin.Praise) []string { return []string{x.ID.String()} }), nil
}
