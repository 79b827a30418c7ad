package postgres

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/record"
)

// DirectoryStore keeps units, people, posts, line managers, offices and absences.
//
// Locks are taken in one order: the trust's offices or tree, people, posts, and then what hangs on
// them.
type DirectoryStore struct{ db *DB }

var _ directory.Store = DirectoryStore{}

// Directory returns the store of package directory.
func (d *DB) Directory() DirectoryStore { return DirectoryStore{d} }

// about are the arguments that most queries take: the trust, the caller and the school day.
func about(ctx context.Context) map[string]any {
	a := access.From(ctx)
	return map[string]any{"trust": a.TrustID, "me": a.PersonID, "today": a.Today}
}

// RequestID is the id of the request that the context serves, for answers that hold several errors.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

// Permit implements directory.Store.
func (s DirectoryStore) Permit(ctx context.Context, r access.Record) error {
	return s.db.table.Check(access.Operation(ctx), access.From(ctx), r)
}

// Try implements directory.Store.
func (s DirectoryStore) Try(ctx context.Context, fn func(context.Context) error) error {
	return s.db.Savepoint(ctx, fn)
}

// Numbers that keep the directory's advisory locks apart from those of other packages.
const (
	officesLock  = 21
	treeLock     = 22
	externalLock = 23
)

// alone lets nobody else into the named part of the trust until the transaction ends.
func (s DirectoryStore) alone(ctx context.Context, part int, name string) error {
	err := s.db.conn(ctx).Exec("select pg_advisory_xact_lock(hashtextextended(?, ?))", access.From(ctx).TrustID.String()+name, part).Error
	return translate(err)
}

// LockOffices implements directory.Store.
func (s DirectoryStore) LockOffices(ctx context.Context) error { return s.alone(ctx, officesLock, "") }

// LockTree implements directory.Store.
func (s DirectoryStore) LockTree(ctx context.Context) error { return s.alone(ctx, treeLock, "") }

// change is update, also for a caller that has locked the record already and names no version.
func change[T any, P record.Entity[T]](ctx context.Context, s DirectoryStore, id uuid.UUID, version int, fn func(P) (audit.Event, error)) (P, error) {
	if version != directory.AnyVersion {
		return update(ctx, s.db, id, version, fn)
	}
	row, err := find[T, P](ctx, s.db, id)
	if err != nil {
		return nil, err
	}
	return row, save(ctx, s.db, row, fn)
}

// afterID is the id behind which a page begins. Cursors hold nothing but ids, for they stand in
// addresses, where no name belongs.
func afterID(r page.Request) (*uuid.UUID, error) {
	after, err := r.After(page.ID)
	if err != nil || after == nil {
		return nil, err
	}
	id, err := uuid.Parse(after[0])
	if err != nil {
		return nil, fault.New(fault.Malformed, "bad_cursor", "The cursor is not one that this list gave out.")
	}
	return &id, nil
}

// currentSQL holds when the row of the alias holds today.
func currentSQL(alias string) string {
	return "(" + alias + ".from_on <= @today and (" + alias + ".until_on is null or " + alias + ".until_on > @today))"
}

// belowSQL lists the unit @unit and all below it.
const belowSQL = `(with recursive below as (
  select u.id from units u where u.trust_id = @trust and u.id = @unit
  union select c.id from units c join below b on c.parent_id = b.id where c.trust_id = @trust) select id from below)`
