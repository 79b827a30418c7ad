package postgres

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Offices implements directory.Store. Who holds an office is no secret within a trust.
func (s DirectoryStore) Offices(ctx context.Context, f directory.OfficeFilter, cards bool, r page.Request) (page.Page[directory.Office], error) {
	r.Filter = f
	after, err := afterID(r)
	if err != nil {
		return page.Page[directory.Office]{}, err
	}
	sql, args := "select o.* from offices o where o.trust_id = @trust", about(ctx)
	if f.UnitID != nil {
		sql += " and o.unit_id = @unit"
		args["unit"] = *f.UnitID
	}
	if f.Code != "" {
		sql += " and o.code = @code"
		args["code"] = f.Code
	}
	if f.Current != nil {
		sql += " and " + currentSQL("o") + " = @current"
		args["current"] = *f.Current
	}
	if after != nil {
		sql += " and (o.from_on, o.id) < (select a.from_on, a.id from offices a where a.trust_id = @trust and a.id = @after)"
		args["after"] = *after
	}
	args["limit"] = r.Size() + 1
	var rows []directory.Office
	if err := s.db.conn(ctx).Raw(sql+" order by o.from_on desc, o.id desc limit @limit", args).Scan(&rows).Error; err != nil {
		return page.Page[directory.Office]{}, err
	}
	list := page.Cut(r, rows, func(o directory.Office) []string { return []string{o.ID.String()} })
	if !cards {
		return list, nil
	}
	return list, s.nameOffices(ctx, list.Items)
}

func (s DirectoryStore) nameOffices(ctx context.Context, list []directory.Office) error {
	ids := make([]uuid.UUID, len(list))
	for i, o := range list {
		ids[i] = o.PersonID
	}
	cards, err := s.db.Cards(ctx, ids)
	for i, o := range list {
		c := cards[o.PersonID]
		list[i].Card = &c
	}
	return err
}

// Office implements directory.Store.
func (s DirectoryStore) Office(ctx context.Context, id uuid.UUID) (*directory.Office, error) {
	return find[directory.Office](ctx, s.db, id)
}

// Holders implements directory.Store.
func (s DirectoryStore) Holders(ctx context.Context, code string, unit uuid.UUID) (rows []directory.Office, err error) {
	err = s.db.conn(ctx).Raw("select * from offices where trust_id = ? and code = ? and unit_id = ? order by from_on, id",
		access.From(ctx).TrustID, code, unit).Scan(&rows).Error
	return rows, err
}

// OfficesHeld implements directory.Store.
func (s DirectoryStore) OfficesHeld(ctx context.Context, person uuid.UUID, on schooltime.Date) (rows []directory.Office, err error) {
	err = s.db.conn(ctx).Raw("select * from offices where trust_id = ? and person_id = ? and (until_on is null or until_on > ?) order by id for no key update",
		access.From(ctx).TrustID, person, on).Scan(&rows).Error
	return rows, translate(err)
}

// CreateOffice implements directory.Store.
func (s DirectoryStore) CreateOffice(ctx context.Context, o *directory.Office, event func(*directory.Office) audit.Event) error {
	return create(ctx, s.db, o, event)
}

// UpdateOffice implements directory.Store.
func (s DirectoryStore) UpdateOffice(ctx context.Context, id uuid.UUID, version int, fn func(*directory.Office) (audit.Event, error)) error {
	_, err := change(ctx, s, id, version, fn)
	return err
}

// HasHR implements directory.Store.
func (s DirectoryStore) HasHR(ctx context.Context) (bool, error) {
	var has bool
	err := s.db.conn(ctx).Raw(`select exists (select from offices o join people p on p.trust_id = o.trust_id and p.id = o.person_id and p.status = 'active'
		where o.trust_id = @trust and o.code = 'hr' and o.from_on <= @today and o.until_on is null)`, about(ctx)).Scan(&has).Error
	return has, err
}
