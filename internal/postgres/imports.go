package postgres

import (
	"context"
	"strconv"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/transfer"
)

// ImportStore keeps imports and does what they plan.
type ImportStore struct{ db *DB }

var _ transfer.Store = ImportStore{}

// Transfer returns the store of package transfer.
func (d *DB) Transfer() ImportStore { return ImportStore{d} }

// Alone implements transfer.Store. The caller is loaded again, so that events bear them and nobody
// acts who has lost the right to since the request began.
func (s ImportStore) Alone(ctx context.Context, fn func(context.Context) error) error {
	a := access.From(ctx)
	return s.db.InTx(ctx, a.TrustID, func(ctx context.Context) error {
		now, err := s.db.LoadActor(ctx, a.TrustID, a.PersonID)
		if err != nil {
			return err
		}
		switch {
		case !now.Active || now.Epoch != a.Epoch:
			return fault.New(fault.Unauthenticated, "token_ended", "This token's session has ended. Sign in again.")
		case !s.db.table.Admit(access.Operation(ctx), now.Roles):
			return fault.New(fault.Forbidden, "role_not_admitted", "None of your roles may do this.")
		}
		return fn(ctx)
	})
}

// PermitImport implements transfer.Store.
func (s ImportStore) PermitImport(ctx context.Context, r access.Record) error {
	return s.db.table.Check(access.Operation(ctx), access.From(ctx), r)
}

// reach is the condition by which imports are read. They are the trust's own and nobody's.
func (s ImportStore) reach(ctx context.Context, op string) (string, map[string]any) {
	sql, args := s.db.reachSQL(op, access.From(ctx), "trust_id", "null", "false")
	return "trust_id = @trust and " + sql, args
}

// Imports implements transfer.Store.
func (s ImportStore) Imports(ctx context.Context, r page.Request) (page.Page[transfer.Import], error) {
	after, err := afterID(r)
	if err != nil {
		return page.Page[transfer.Import]{}, err
	}
	reach, args := s.reach(ctx, "ListImports")
	q := s.db.conn(ctx).Omit("content").Where(reach, args)
	if after != nil {
		q = q.Where("id < ?", *after)
	}
	var rows []transfer.Import
	if err := q.Order("id desc").Limit(r.Size() + 1).Find(&rows).Error; err != nil {
		return page.Page[transfer.Import]{}, err
	}
	return page.Cut(r, rows, func(i transfer.Import) []string { return []string{i.ID.String()} }), nil
}

// Import implements transfer.Store.
func (s ImportStore) Import(ctx context.Context, id uuid.UUID) (*transfer.Import, error) {
	reach, args := s.reach(ctx, "GetImport")
	var i transfer.Import
	err := s.db.conn(ctx).Omit("content").Where(reach, args).Where("id = ?", id).Take(&i).Error
	return &i, translate(err)
}

// ImportRows implements transfer.Store.
func (s ImportStore) ImportRows(ctx context.Context, id uuid.UUID, action transfer.Action, r page.Request) (page.Page[transfer.Row], error) {
	r.Filter = []any{id, action}
	after, err := r.After(page.Int)
	if err != nil {
		return page.Page[transfer.Row]{}, err
	}
	q := s.db.conn(ctx).Where("trust_id = ? and import_id = ?", access.From(ctx).TrustID, id)
	if action != "" {
		q = q.Where("action = ?", action)
	}
	if after != nil {
		q = q.Where("n > ?::int", after[0])
	}
	var rows []transfer.Row
	if err := q.Order("n").Limit(r.Size() + 1).Find(&rows).Error; err != nil {
		return page.Page[transfer.Row]{}, err
	}
	return page.Cut(r, rows, func(x transfer.Row) []string { return []string{strconv.Itoa(x.N)} }), nil
}

// AddImport implements transfer.Store.
func (s ImportStore) AddImport(ctx context.Context, i *transfer.Import, rows []transfer.Row, event func(*transfer.Import) audit.Event) error {
	if err := create(ctx, s.db, i, event); err != nil || len(rows) == 0 {
		return err
	}
	for n := range rows {
		rows[n].TrustID, rows[n].ImportID = i.TrustID, i.ID
	}
	return s.db.conn(ctx).CreateInBatches(rows, batch).Error
}

// ChangeImport implements transfer.Store.
func (s ImportStore) ChangeImport(ctx context.Context, id uuid.UUID, version int, change func(*transfer.Import) (audit.Event, error)) (*transfer.Import, error) {
	return update(ctx, s.db, id, version, change)
}
