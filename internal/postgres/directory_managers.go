package postgres

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// one is the row that was asked for, or Gone.
func one[T any](rows []T, err error) (*T, error) {
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, fault.Gone()
	}
	return &rows[0], nil
}

// ManagersOf implements directory.Store.
func (s DirectoryStore) ManagersOf(ctx context.Context, post uuid.UUID) (rows []directory.LineManager, err error) {
	err = s.db.conn(ctx).Raw("select * from line_managers where trust_id = ? and post_id = ? order by from_on desc, created_at desc, id desc limit 200",
		access.From(ctx).TrustID, post).Scan(&rows).Error
	return rows, err
}

// Managing implements directory.Store.
func (s DirectoryStore) Managing(ctx context.Context, person uuid.UUID, on schooltime.Date) (rows []directory.LineManager, err error) {
	err = s.db.conn(ctx).Raw(`select * from line_managers where trust_id = ? and manager_id = ? and (until_on is null or until_on > ?) order by id for no key update`,
		access.From(ctx).TrustID, person, on).Scan(&rows).Error
	return rows, translate(err)
}

// CreateManager implements directory.Store.
func (s DirectoryStore) CreateManager(ctx context.Context, m *directory.LineManager, event func(*directory.LineManager) audit.Event) error {
	return create(ctx, s.db, m, event)
}

// UpdateManager implements directory.Store.
func (s DirectoryStore) UpdateManager(ctx context.Context, id uuid.UUID, version int, fn func(*directory.LineManager) (audit.Event, error)) error {
	_, err := change(ctx, s, id, version, fn)
	return err
}

// WithCards implements directory.Store.
func (s DirectoryStore) WithCards(ctx context.Context, managers []directory.LineManager) error {
	ids := make([]uuid.UUID, len(managers))
	for i, m := range managers {
		ids[i] = m.ManagerID
	}
	cards, err := s.db.Cards(ctx, ids)
	for i, m := range managers {
		c := cards[m.ManagerID]
		managers[i].Card = &c
	}
	return err
}

var unassignedSQL = " and " + currentSQL("po") + ` and exists (select from people p where p.trust_id = @trust and p.id = po.person_id and p.status = 'active')
  and not exists (select from line_managers m where m.trust_id = @trust and m.post_id = po.id and ` + currentSQL("m") + ")"

// Unassigned implements directory.Store.
func (s DirectoryStore) Unassigned(ctx context.Context, op string, unit *uuid.UUID, r page.Request) (page.Page[directory.Unassigned], error) {
	r.Filter = unit
	after, err := afterID(r)
	if err != nil {
		return page.Page[directory.Unassigned]{}, err
	}
	reach, args := s.db.reachSQL(op, access.From(ctx), "po.person_id", "po.unit_id", teamPost)
	sql := "select po.id as post_id, po.person_id, po.unit_id, po.job_title from posts po where po.trust_id = @trust and " + reach + unassignedSQL
	if unit != nil {
		sql += " and po.unit_id in " + belowSQL
		args["unit"] = *unit
	}
	if after != nil {
		sql += " and po.id > @after"
		args["after"] = *after
	}
	args["limit"] = r.Size() + 1
	var rows []directory.Unassigned
	if err := s.db.conn(ctx).Raw(sql+" order by po.id limit @limit", args).Scan(&rows).Error; err != nil {
		return page.Page[directory.Unassigned]{}, err
	}
	list := page.Cut(r, rows, func(u directory.Unassigned) []string { return []string{u.PostID.String()} })
	return list, s.nameUnassigned(ctx, list.Items)
}

func (s DirectoryStore) nameUnassigned(ctx context.Context, list []directory.Unassigned) error {
	ids := make([]uuid.UUID, len(list))
	for i, u := range list {
		ids[i] = u.PersonID
	}
	cards, err := s.db.Cards(ctx, ids)
	for i, u := range list {
		list[i].Card = cards[u.PersonID]
	}
	return err
}
