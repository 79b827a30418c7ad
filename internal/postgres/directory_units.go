package postgres

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/page"
)

var unitsSQL = `
select u.*, (select o.person_id from offices o where o.trust_id = u.trust_id and o.unit_id = u.id and o.code in ('ceo', 'head')
  and ` + currentSQL("o") + ` order by o.code, o.from_on desc, o.id limit 1) as head_id
from units u where u.trust_id = @trust `

// Units implements directory.Store.
func (s DirectoryStore) Units(ctx context.Context, f directory.UnitFilter, r page.Request) (page.Page[directory.Unit], error) {
	r.Filter = f
	after, err := afterID(r)
	if err != nil {
		return page.Page[directory.Unit]{}, err
	}
	sql, args := unitsSQL, about(ctx)
	if f.Kind != "" {
		sql += "and u.kind = @kind "
		args["kind"] = f.Kind
	}
	if after != nil {
		sql += "and (lower(u.name), u.id) > (select lower(a.name), a.id from units a where a.trust_id = @trust and a.id = @after) "
		args["after"] = *after
	}
	args["limit"] = r.Size() + 1
	var rows []directory.Unit
	if err := s.db.conn(ctx).Raw(sql+"order by lower(u.name), u.id limit @limit", args).Scan(&rows).Error; err != nil {
		return page.Page[directory.Unit]{}, err
	}
	return page.Cut(r, rows, func(u directory.Unit) []string { return []string{u.ID.String()} }), nil
}

// Unit implements directory.Store.
func (s DirectoryStore) Unit(ctx context.Context, id uuid.UUID) (*directory.Unit, error) {
	args := about(ctx)
	args["id"] = id
	var u directory.Unit
	err := s.db.conn(ctx).Raw(unitsSQL+"and u.id = @id", args).Take(&u).Error
	return &u, translate(err)
}

// CreateUnit implements directory.Store.
func (s DirectoryStore) CreateUnit(ctx context.Context, u *directory.Unit, event func(*directory.Unit) audit.Event) error {
	return unitTaken(create(ctx, s.db, u, event))
}

// UpdateUnit implements directory.Store.
func (s DirectoryStore) UpdateUnit(ctx context.Context, id uuid.UUID, version int, fn func(*directory.Unit) (audit.Event, error)) error {
	_, err := change(ctx, s, id, version, fn)
	return unitTaken(err)
}

func unitTaken(err error) error {
	switch {
	case violates(err, "units_name"):
		return fault.New(fault.Conflict, "unit_name_taken", "Another unit of the trust has this name.")
	case violates(err, "units_trust_id_code_key"):
		return fault.New(fault.Conflict, "unit_code_taken", "Another unit of the trust has this code.")
	}
	return err
}

// Within implements directory.Store.
func (s DirectoryStore) Within(ctx context.Context, unit, of uuid.UUID) (bool, error) {
	args := about(ctx)
	args["unit"], args["id"] = of, unit
	var within bool
	err := s.db.conn(ctx).Raw("select @id in "+belowSQL, args).Scan(&within).Error
	return within, err
}
