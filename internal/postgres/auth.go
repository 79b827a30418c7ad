package postgres

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"

	"github.com/perennial-api/perennial/internal/auth"
	"github.com/perennial-api/perennial/internal/fault"
)

// AuthStore keeps accounts, sessions, tries, links and signing keys.
//
// Locks are taken in one order, that of every transaction here: the account, its sessions and
// links, and last the trust's chain of events.
type AuthStore struct{ db *DB }

var (
	_ auth.Store    = AuthStore{}
	_ auth.KeyStore = AuthStore{}
)

// Auth returns the store of package auth.
func (d *DB) Auth() AuthStore { return AuthStore{d} }

// settleLimit bounds a transaction that its caller cannot cancel.
const settleLimit = 10 * time.Second

// detached hides the request's transaction: what is done under the context returned stays, even
// when the request is then refused and its own transaction rolled back.
func detached(ctx context.Context) context.Context {
	return context.WithValue(ctx, unitKey{}, (*unit)(nil))
}

// alone runs fn in a transaction of its own.
func (s AuthStore) alone(ctx context.Context, trust uuid.UUID, fn func(context.Context) error) error {
	if trust == uuid.Nil { // anybody can make up a token that names no trust
		return auth.ErrNotFound
	}
	return missing(s.db.InTx(detached(ctx), trust, fn))
}

// settle is alone for what a caller must not undo by hanging up.
func (s AuthStore) settle(ctx context.Context, trust uuid.UUID, fn func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleLimit)
	defer cancel()
	return s.alone(ctx, trust, fn)
}

// missing answers as auth.Store does where a row is not there.
func missing(err error) error {
	if errors.Is(err, gorm.ErrRecordNotFound) || errors.Is(err, pgx.ErrNoRows) {
		return auth.ErrNotFound
	}
	return translate(err)
}

// by makes the person the actor of the transaction's events, unless it has an actor.
func (s AuthStore) by(ctx context.Context, trust, person uuid.UUID) error {
	u := unitOf(ctx)
	if u.actor != nil || person == uuid.Nil {
		return nil
	}
	a, err := s.db.SchoolDay(ctx, trust)
	if err != nil {
		return err
	}
	a.PersonID, u.actor = person, a
	return nil
}

// TrustBySlug implements auth.Store. Row security lets everybody read trusts.
func (s AuthStore) TrustBySlug(ctx context.Context, slug string) (uuid.UUID, error) {
	var id uuid.UUID
	err := s.db.pool.QueryRow(ctx, "select id from trusts where slug = $1", slug).Scan(&id)
	return id, missing(err)
}

// AccountByEmail implements auth.Store.
func (s AuthStore) AccountByEmail(ctx context.Context, trustID uuid.UUID, email string) (a auth.Account, err error) {
	err = s.alone(ctx, trustID, func(ctx context.Context) error {
		a, err = s.account(ctx, "p.trust_id = ? and lower(p.email) = ? order by p.status", trustID, email)
		return err
	})
	return a, err
}

// AccountByID implements auth.Store.
func (s AuthStore) AccountByID(ctx context.Context, trustID, personID uuid.UUID) (a auth.Account, err error) {
	err = s.alone(ctx, trustID, func(ctx context.Context) error {
		a, err = s.accountOf(ctx, trustID, personID)
		return err
	})
	return a, err
}

const accountSQL = `
select p.trust_id, p.id as person_id, coalesce(p.email, '') as email, p.given_name || ' ' || p.family_name as name,
  coalesce(c.password_hash, '') as password, p.status = 'active' as active, p.auth_epoch as epoch
from people p left join credentials c on c.trust_id = p.trust_id and c.person_id = p.id where `

func (s AuthStore) account(ctx context.Context, where string, args ...any) (auth.Account, error) {
	var a auth.Account
	err := s.db.conn(ctx).Raw(accountSQL+where+" limit 1", args...).Take(&a).Error
	return a, err
}

func (s AuthStore) accountOf(ctx context.Context, trust, person uuid.UUID) (auth.Account, error) {
	return s.account(ctx, "p.trust_id = ? and p.id = ?", trust, person)
}

// The locks of an account. Neither makes those wait who write a row that points at the person.
const (
	shared    = "share"         // nobody changes the account meanwhile
	exclusive = "no key update" // nobody relies on it meanwhile
)

// lockAccount locks, and reads in a second statement: a statement that had to wait for its lock
// would join the new person to the old password.
func (s AuthStore) lockAccount(ctx context.Context, trust, person uuid.UUID, lock string) (auth.Account, error) {
	r := s.db.conn(ctx).Exec("select from people where trust_id = ? and id = ? for "+lock, trust, person)
	if r.Error != nil {
		return auth.Account{}, r.Error
	}
	return s.accountOf(ctx, trust, person)
}

// unchanged refuses an account that is no longer what the caller read before.
func unchanged(a auth.Account, epoch int) error {
	if !a.Active || a.Epoch != epoch {
		return auth.ErrStale
	}
	return nil
}

// Claims implements auth.Store.
func (s AuthStore) Claims(ctx context.Context, trustID, personID uuid.UUID) (g auth.Grant, err error) {
	err = s.alone(ctx, trustID, func(ctx context.Context) error {
		g, err = s.grant(ctx, trustID, personID)
		return err
	})
	return g, err
}

func (s AuthStore) grant(ctx context.Context, trust, person uuid.UUID) (auth.Grant, error) {
	a, err := s.db.LoadActor(ctx, trust, person)
	if fault.KindOf(err) == fault.NotFound {
		return auth.Grant{}, auth.ErrNotFound
	}
	if err != nil {
		return auth.Grant{}, err
	}
	g := auth.Grant{Units: a.Units}
	for _, r := range a.Roles {
		g.Roles = append(g.Roles, string(r))
	}
	slices.Sort(g.Roles)
	return g, nil
}
