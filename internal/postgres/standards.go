package postgres

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/standards"
)

// Everybody of the trust may read its frameworks: no list here is narrowed by reach.
var _ standards.Store = (*DB)(nil)

// Frameworks implements standards.Store. What is built in is merged into the page that the database
// answers, in the order of bytes, which both know.
func (d *DB) Frameworks(ctx context.Context, f standards.Filter, r page.Request) (page.Page[*standards.Aggregate], error) {
	r.Filter = f
	none := page.Page[*standards.Aggregate]{}
	after, err := r.After(page.Text)
	if err != nil {
		return none, err
	}
	from := ""
	if after != nil {
		from = after[0]
	}
	sql, args := "select f.* from frameworks f where f.trust_id = @trust", map[string]any{"trust": access.From(ctx).TrustID, "limit": r.Size() + 1}
	sql = narrowed(sql, args,
		condition{f.UnitID != nil, "f.unit_id = @unit", "unit", f.UnitID},
		condition{f.Kind != "", "@kind = case when f.unit_id is null then 'trust' else 'unit' end", "kind", string(f.Kind)},
		condition{from != "", `f.code collate "C" > @from`, "from", from})
	var rows []standards.Framework
	if err := d.conn(ctx).Raw(sql+` order by f.code collate "C" limit @limit`, args).Scan(&rows).Error; err != nil {
		return none, err
	}
	all, err := d.withVersions(ctx, rows, true)
	if err != nil {
		return none, err
	}
	for _, b := range standards.AllBuiltIn() {
		if b.Code > from && f.UnitID == nil && (f.Kind == "" || f.Kind == standards.BuiltIn) {
			all = append(all, b)
		}
	}
	slices.SortFunc(all, func(a, b *standards.Aggregate) int { return strings.Compare(a.Code, b.Code) })
	return page.Cut(r, all, func(a *standards.Aggregate) []string { return []string{a.Code} }), nil
}

// withVersions reads the published versions of frameworks, all or the newest of each, in one query.
func (d *DB) withVersions(ctx context.Context, rows []standards.Framework, newest bool) ([]*standards.Aggregate, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	a := access.From(ctx)
	ids := make([]uuid.UUID, len(rows))
	for i, f := range rows {
		ids[i] = f.ID
	}
	q := d.conn(ctx).Where("trust_id = ? and framework_id in ?", a.TrustID, ids)
	if newest {
		q = q.Where(`not exists (select from framework_versions n where n.trust_id = framework_versions.trust_id
			and n.framework_id = framework_versions.framework_id and n.number > framework_versions.number)`)
	}
	var versions []standards.Published
	if err := q.Order("number desc").Find(&versions).Error; err != nil {
		return nil, err
	}
	out := make([]*standards.Aggregate, len(rows))
	for i, f := range rows {
		own := pick(versions, func(p standards.Published) bool { return p.FrameworkID == f.ID })
		out[i] = standards.Of(f, own, d.table.Covers("UpdateFramework", a, ofUnit(f.UnitID)))
	}
	return out, nil
}

// Framework implements standards.Store.
func (d *DB) Framework(ctx context.Context, id uuid.UUID) (*standards.Aggregate, error) {
	return d.framework(ctx, standards.ByID(id), "id = ?", id)
}

// FrameworkOfVersion implements standards.Store.
func (d *DB) FrameworkOfVersion(ctx context.Context, version uuid.UUID) (*standards.Aggregate, error) {
	return d.framework(ctx, standards.ByVersion(version),
		"exists (select from framework_versions v where v.trust_id = frameworks.trust_id and v.framework_id = frameworks.id and v.id = ?)", version)
}

// framework reads one framework of the trust, or a built-in one.
func (d *DB) framework(ctx context.Context, builtIn func(*standards.Aggregate) bool, where string, arg any) (*standards.Aggregate, error) {
	if b := standards.BuiltInWhere(builtIn); b != nil {
		return b, nil
	}
	var row standards.Framework
	err := d.conn(ctx).Where("trust_id = ?", access.From(ctx).TrustID).Where(where, arg).Take(&row).Error
	if err != nil {
		return nil, translate(err)
	}
	out, err := d.withVersions(ctx, []standards.Framework{row}, false)
	if err != nil {
		return nil, err
	}
	return out[0], nil
}

// frameworksByCode reads frameworks of the trust and built-in ones. What is not there is not in the answer.
func (d *DB) frameworksByCode(ctx context.Context, codes []string) (map[string]*standards.Aggregate, error) {
	out, own := map[string]*standards.Aggregate{}, []string{}
	for _, code := range codes {
		if b := standards.BuiltInWhere(standards.ByCode(code)); b != nil {
			out[code] = b
		} else {
			own = append(own, code)
		}
	}
	if len(own) == 0 {
		return out, nil
	}
	var rows []standards.Framework
	if err := d.conn(ctx).Where("trust_id = ? and code in ?", access.From(ctx).TrustID, own).Find(&rows).Error; err != nil {
		return nil, err
	}
	found, err := d.withVersions(ctx, rows, true)
	for _, f := range found {
		out[f.Code] = f
	}
	return out, err
}

// AddFramework implements standards.Store.
func (d *DB) AddFramework(ctx context.Context, f *standards.Framework, event func(*standards.Framework) audit.Event) error {
	err := create(ctx, d, f, event)
	if violates(err, "frameworks_code") {
		return standards.CodeTaken()
	}
	return err
}

// ChangeFramework implements standards.Store. A framework's unit never changes, so that reach may
// be checked before the lock.
func (d *DB) ChangeFramework(ctx context.Context, id uuid.UUID, version int, change func(*standards.Aggregate) (*standards.Published, audit.Event, error)) (*standards.Aggregate, error) {
	a, err := d.Framework(ctx, id)
	if err != nil {
		return nil, err
	}
	if a.Kind == standards.BuiltIn {
		_, _, err := change(a)
		return a, err
	}
	if err := d.table.Check(access.Operation(ctx), access.From(ctx), ofUnit(a.UnitID)); err != nil {
		return nil, err
	}
	row, err := locked[standards.Framework](ctx, d, id, version)
	if err != nil {
		return nil, err
	}
	list, err := d.withVersions(ctx, []standards.Framework{*row}, false)
	if err != nil {
		return nil, err
	}
	a = list[0]
	var next *standards.Published
	err = save(ctx, d, &a.Framework, func(*standards.Framework) (e audit.Event, err error) {
		next, e, err = change(a)
		return e, err
	})
	if err != nil || next == nil {
		return a, err
	}
	a.Versions = append([]standards.Published{*next}, a.Versions...)
	return a, create(ctx, d, &a.Versions[0], func(p *standards.Published) audit.Event {
		e := audit.About("framework_version", p.ID, p.Version, "created", map[string]any{"framework_id": a.ID, "number": p.Number})
		e.UnitID = a.UnitID
		return e
	})
}

// UnknownStatements lists the positions of the references that name no statement of a published
// version which the unit may use: a built-in one, the trust's, or one of the unit or a unit above.
func (d *DB) UnknownStatements(ctx context.Context, refs []standards.StatementRef, unit uuid.UUID) ([]int, error) {
	versions := map[uuid.UUID]*standards.Published{}
	var own []uuid.UUID
	for _, r := range refs {
		if b := standards.BuiltInWhere(standards.ByVersion(r.FrameworkVersionID)); b != nil {
			versions[r.FrameworkVersionID] = b.Version(r.FrameworkVersionID)
		} else {
			own = append(own, r.FrameworkVersionID)
		}
	}
	if len(own) > 0 {
		var rows []standards.Published
		err := d.conn(ctx).Raw(`with recursive above as (
			select id, parent_id from units where trust_id = @trust and id = @unit
			union all select u.id, u.parent_id from units u join above a on u.id = a.parent_id where u.trust_id = @trust)
			select v.* from framework_versions v join frameworks f on f.trust_id = v.trust_id and f.id = v.framework_id
			where v.trust_id = @trust and v.id in @ids and (f.unit_id is null or f.unit_id in (select id from above))`,
			map[string]any{"trust": access.From(ctx).TrustID, "unit": unit, "ids": own}).Scan(&rows).Error
		if err != nil {
			return nil, err
		}
		for i := range rows {
			versions[rows[i].ID] = &rows[i]
		}
	}
	var unknown []int
	for i, r := range refs {
		if v := versions[r.FrameworkVersionID]; v == nil || !v.Has(r.Statement) {
			unknown = append(unknown, i)
		}
	}
	return unknown, nil
}
