package postgres

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"

	"github.com/perennial-api/perennial/internal/audit"
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

// triesLife is how long tries matter. It is auth's window; longer would do no harm.
const triesLife = 5 * time.Minute

// UpdateTries implements auth.Store. One statement makes the row or locks it, so that the row
// cannot be swept away in between.
func (s AuthStore) UpdateTries(ctx context.Context, trustID uuid.UUID, key auth.Digest, change func([]time.Time) []time.Time) error {
	return s.settle(ctx, trustID, func(ctx context.Context) error {
		var old instants
		err := s.db.conn(ctx).Raw(`insert into sign_in_tries (trust_id, key, newest) values (?, ?, '-infinity')
			on conflict (trust_id, key) do update set newest = sign_in_tries.newest
			returning to_json(tries)::text`, trustID, key).Row().Scan(&old)
		if err != nil {
			return err
		}
		return s.storeTries(ctx, trustID, key, change(old))
	})
}

func (s AuthStore) storeTries(ctx context.Context, trust uuid.UUID, key auth.Digest, tries instants) error {
	if len(tries) == 0 { // whoever signs in at once leaves nothing
		return s.db.conn(ctx).Exec("delete from sign_in_tries where trust_id = ? and key = ?", trust, key).Error
	}
	newest := slices.MaxFunc(tries, time.Time.Compare)
	err := s.db.conn(ctx).Exec(`update sign_in_tries set newest = ?,
		tries = array(select t::timestamptz from jsonb_array_elements_text(?::jsonb) t)
		where trust_id = ? and key = ?`, newest, tries, trust, key).Error
	if err != nil || len(tries) > 1 {
		return err
	}
	return s.sweepTries(ctx, trust, newest.Add(-triesLife))
}

// sweepTries runs with each first try, so that there are never more rows than people guess at in
// five minutes. It passes over rows that others hold: waiting for them could go in circles.
func (s AuthStore) sweepTries(ctx context.Context, trust uuid.UUID, before time.Time) error {
	return s.db.conn(ctx).Exec(`delete from sign_in_tries where trust_id = ? and key in (select key from sign_in_tries
		where trust_id = ? and newest < ? for update skip locked)`, trust, trust, before).Error
}

// instants is a timestamptz[] that crosses database/sql as JSON, for that knows no arrays.
type instants []time.Time

// Value implements driver.Valuer.
func (l instants) Value() (driver.Value, error) {
	text, err := json.Marshal([]time.Time(l))
	return string(text), err
}

// Scan implements sql.Scanner.
func (l *instants) Scan(src any) error {
	text, ok := src.(string)
	if !ok {
		return fmt.Errorf("postgres: tries came as %T", src)
	}
	err := json.Unmarshal([]byte(text), (*[]time.Time)(l))
	for i, t := range *l {
		(*l)[i] = t.UTC()
	}
	return err
}

// StartSession implements auth.Store.
func (s AuthStore) StartSession(ctx context.Context, n auth.Session, first auth.RefreshToken, epoch int) error {
	return s.alone(ctx, n.TrustID, func(ctx context.Context) error {
		a, err := s.lockAccount(ctx, n.TrustID, n.PersonID, shared)
		if err != nil {
			return err
		}
		if err := unchanged(a, epoch); err != nil {
			return err
		}
		if err := s.by(ctx, n.TrustID, n.PersonID); err != nil {
			return err
		}
		if err := s.insertSession(ctx, n); err != nil {
			return err
		}
		if err := s.issue(ctx, first); err != nil {
			return err
		}
		return s.db.Record(ctx, sessionEvent(n, "started", nil))
	})
}

func (s AuthStore) insertSession(ctx context.Context, n auth.Session) error {
	return s.db.conn(ctx).Exec(`insert into sessions (trust_id, id, person_id, client_id, user_agent, generation,
		rotated_at, created_at, last_used_at, expires_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, n.TrustID, n.ID, n.PersonID,
		n.ClientID, n.UserAgent, n.Generation, n.RotatedAt, n.CreatedAt, n.LastUsedAt, n.ExpiresAt).Error
}

func (s AuthStore) issue(ctx context.Context, t auth.RefreshToken) error {
	return s.db.conn(ctx).Exec("insert into refresh_tokens (trust_id, digest, session_id, generation, issued_at) values (?, ?, ?, ?, ?)",
		t.TrustID, t.Digest, t.SessionID, t.Generation, t.IssuedAt).Error
}

func sessionEvent(s auth.Session, verb string, data map[string]any) audit.Event {
	return audit.About("session", s.ID, s.Generation, verb, data).Of(s.PersonID, uuid.Nil)
}

func endedEvent(s auth.Session, why auth.EndReason) audit.Event {
	return sessionEvent(s, "ended", map[string]any{"reason": string(why)})
}

// RotateRefresh implements auth.Store.
func (s AuthStore) RotateRefresh(caller context.Context, trustID uuid.UUID, token auth.Digest, decide func(auth.Presented) (auth.Rotation, error)) error {
	return s.settle(caller, trustID, func(ctx context.Context) error {
		p, err := s.presented(ctx, trustID, token)
		if err != nil {
			return err
		}
		r, err := decide(p)
		if err == nil && r.Issue != nil {
			err = caller.Err() // nobody is there to take the new token: then the old one stays good
		}
		if err != nil {
			return err
		}
		return s.rotate(ctx, p.Session, r)
	})
}

// presented reads all that the token belongs to, and locks the account before the session.
func (s AuthStore) presented(ctx context.Context, trust uuid.UUID, token auth.Digest) (p auth.Presented, err error) {
	t, err := s.tokenOf(ctx, trust, token)
	if err != nil {
		return p, err
	}
	p.Generation = t.Generation
	if p.Account, err = s.lockAccount(ctx, trust, t.PersonID, shared); err != nil {
		return p, err
	}
	if p.Session, err = s.lockSession(ctx, trust, t.PersonID, t.SessionID); err != nil {
		return p, err
	}
	p.Grant, err = s.grant(ctx, trust, t.PersonID)
	return p, err
}

// tokenRow is what of a refresh token and its session never changes.
type tokenRow struct {
	SessionID  uuid.UUID
	PersonID   uuid.UUID
	Generation int
}

func (s AuthStore) tokenOf(ctx context.Context, trust uuid.UUID, token auth.Digest) (tokenRow, error) {
	var t tokenRow
	err := s.db.conn(ctx).Raw(`select r.session_id, s.person_id, r.generation from refresh_tokens r
		join sessions s on s.trust_id = r.trust_id and s.id = r.session_id
		where r.trust_id = ? and r.digest = ?`, trust, token).Take(&t).Error
	return t, err
}

func (s AuthStore) lockSession(ctx context.Context, trust, person, id uuid.UUID) (auth.Session, error) {
	var row auth.Session
	err := s.db.conn(ctx).Raw("select * from sessions where trust_id = ? and person_id = ? and id = ? for update",
		trust, person, id).Take(&row).Error
	return inUTC(row), err
}

func inUTC(s auth.Session) auth.Session {
	s.RotatedAt, s.CreatedAt, s.LastUsedAt, s.ExpiresAt = s.RotatedAt.UTC(), s.CreatedAt.UTC(), s.LastUsedAt.UTC(), s.ExpiresAt.UTC()
	s.EndedAt = utcOrNil(s.EndedAt)
	return s
}

func utcOrNil(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	u := t.UTC()
	return &u
}

func (s AuthStore) rotate(ctx context.Context, was auth.Session, r auth.Rotation) error {
	if r.Session != was { // dead tokens come again and again, and change nothing
		if err := s.storeSession(ctx, r.Session); err != nil {
			return err
		}
	}
	if r.Issue != nil {
		if err := s.issue(ctx, *r.Issue); err != nil {
			return err
		}
	}
	if was.EndedAt != nil || r.Session.EndedAt == nil {
		return nil
	}
	unitOf(ctx).actor = nil // it is not the person who ends it: nobody knows who came with the token
	return s.db.Record(ctx, endedEvent(r.Session, r.Session.EndedFor))
}

func (s AuthStore) storeSession(ctx context.Context, n auth.Session) error {
	return s.db.conn(ctx).Exec(`update sessions set generation = ?, rotated_at = ?, last_used_at = ?, expires_at = ?, ended_at = ?, ended_for = ?
		where trust_id = ? and id = ?`, n.Generation, n.RotatedAt, n.LastUsedAt, n.ExpiresAt, n.EndedAt, n.EndedFor, n.TrustID, n.ID).Error
}

// EndByRefresh implements auth.Store.
func (s AuthStore) EndByRefresh(ctx context.Context, trustID uuid.UUID, token auth.Digest, e auth.Ending) error {
	return s.settle(ctx, trustID, func(ctx context.Context) error {
		t, err := s.tokenOf(ctx, trustID, token)
		if err != nil {
			return err
		}
		return s.end(ctx, trustID, t.PersonID, t.SessionID, e)
	})
}

// EndSession implements auth.Store.
func (s AuthStore) EndSession(ctx context.Context, trustID, personID, sessionID uuid.UUID, e auth.Ending) error {
	return s.settle(ctx, trustID, func(ctx context.Context) error {
		return s.end(ctx, trustID, personID, sessionID, e)
	})
}

func (s AuthStore) end(ctx context.Context, trust, person, id uuid.UUID, e auth.Ending) error {
	row, err := s.lockSession(ctx, trust, person, id)
	if err != nil || row.EndedAt != nil {
		return err
	}
	if err := s.by(ctx, trust, person); err != nil {
		return err
	}
	row.EndedAt, row.EndedFor = &e.At, e.Reason
	if err := s.storeSession(ctx, row); err != nil {
		return err
	}
	return s.db.Record(ctx, endedEvent(row, e.Reason))
}

// Sessions implements auth.Store.
func (s AuthStore) Sessions(ctx context.Context, trustID, personID uuid.UUID, now time.Time) (live []auth.Session, err error) {
	err = s.alone(ctx, trustID, func(ctx context.Context) error {
		return s.db.conn(ctx).Raw(`select * from sessions where trust_id = ? and person_id = ? and ended_at is null and expires_at > ?
			order by last_used_at desc, id desc`, trustID, personID, now).Scan(&live).Error
	})
	for i := range live {
		live[i] = inUTC(live[i])
	}
	return live, err
}

// SetPassword implements auth.Store.
func (s AuthStore) SetPassword(ctx context.Context, c auth.PasswordChange) error {
	return s.settle(ctx, c.TrustID, func(ctx context.Context) error {
		a, err := s.lockAccount(ctx, c.TrustID, c.PersonID, exclusive)
		if err != nil {
			return err
		}
		if err := unchanged(a, c.Epoch); err != nil {
			return err
		}
		if err := s.by(ctx, c.TrustID, c.PersonID); err != nil {
			return err
		}
		for _, step := range []func(context.Context, auth.PasswordChange) error{s.redeem, s.storePassword, s.endOthers} {
			if err := step(ctx, c); err != nil {
				return err
			}
		}
		return s.voidLinks(ctx, c.TrustID, c.PersonID, c.At, auth.Invitation, auth.PasswordReset)
	})
}

func (s AuthStore) redeem(ctx context.Context, c auth.PasswordChange) error {
	if c.LinkID == uuid.Nil {
		return nil
	}
	r := s.db.conn(ctx).Exec(`update auth_links set used_at = ? where trust_id = ? and person_id = ? and id = ?
		and used_at is null and voided_at is null and expires_at > ?`, c.At, c.TrustID, c.PersonID, c.LinkID, c.At)
	if r.Error != nil {
		return r.Error
	}
	if r.RowsAffected == 0 {
		return auth.ErrStale
	}
	return s.db.Record(ctx, audit.About("link", c.LinkID, 2, "redeemed", nil).Of(c.PersonID, uuid.Nil))
}

// storePassword leaves the person's version and updated_at alone: their record reads as before.
func (s AuthStore) storePassword(ctx context.Context, c auth.PasswordChange) error {
	err := s.db.conn(ctx).Exec(`insert into credentials (trust_id, person_id, password_hash, updated_at) values (?, ?, ?, ?)
		on conflict (trust_id, person_id) do update set password_hash = excluded.password_hash, updated_at = excluded.updated_at`,
		c.TrustID, c.PersonID, c.Password, c.At).Error
	if err != nil {
		return err
	}
	err = s.db.conn(ctx).Exec("update people set auth_epoch = auth_epoch + 1 where trust_id = ? and id = ?", c.TrustID, c.PersonID).Error
	if err != nil {
		return err
	}
	return s.db.Record(ctx, audit.About("password", c.PersonID, c.Epoch+1, "changed", nil).Of(c.PersonID, uuid.Nil))
}

func (s AuthStore) endOthers(ctx context.Context, c auth.PasswordChange) error {
	var ended []auth.Session
	err := s.db.conn(ctx).Raw(`update sessions set ended_at = ?, ended_for = ? where trust_id = ? and person_id = ? and id <> ? and ended_at is null
		returning *`, c.At, auth.EndedByPasswordChange, c.TrustID, c.PersonID, c.KeepSession).Scan(&ended).Error
	if err != nil {
		return err
	}
	for _, e := range ended {
		if err := s.db.Record(ctx, endedEvent(e, auth.EndedByPasswordChange)); err != nil {
			return err
		}
	}
	return nil
}

// ReplaceLink implements auth.Store. Alone among the methods it joins the request's transaction.
func (s AuthStore) ReplaceLink(ctx context.Context, l auth.Link) error {
	return missing(s.db.InTx(ctx, l.TrustID, func(ctx context.Context) error {
		if _, err := s.lockAccount(ctx, l.TrustID, l.PersonID, exclusive); err != nil {
			return err
		}
		if err := s.by(ctx, l.TrustID, l.CreatedBy); err != nil {
			return err
		}
		if err := s.voidLinks(ctx, l.TrustID, l.PersonID, l.CreatedAt, l.Purpose); err != nil {
			return err
		}
		if err := s.insertLink(ctx, l); err != nil {
			return err
		}
		return s.db.Record(ctx, audit.About("link", l.ID, 1, "created", map[string]any{"purpose": string(l.Purpose)}).Of(l.PersonID, uuid.Nil))
	}))
}

// voidLinks voids the person's unused links of the purposes.
func (s AuthStore) voidLinks(ctx context.Context, trust, person uuid.UUID, at time.Time, purposes ...auth.Purpose) error {
	return s.db.conn(ctx).Exec(`update auth_links set voided_at = ? where trust_id = ? and person_id = ? and purpose in ?
		and used_at is null and voided_at is null`, at, trust, person, purposes).Error
}

func (s AuthStore) insertLink(ctx context.Context, l auth.Link) error {
	by := uuid.NullUUID{UUID: l.CreatedBy, Valid: l.CreatedBy != uuid.Nil}
	return s.db.conn(ctx).Exec(`insert into auth_links (trust_id, id, person_id, purpose, digest, created_by, created_at, expires_at)
		values (?, ?, ?, ?, ?, ?, ?, ?)`, l.TrustID, l.ID, l.PersonID, l.Purpose, l.Digest, by, l.CreatedAt, l.ExpiresAt).Error
}

// LinkByDigest implements auth.Store.
func (s AuthStore) LinkByDigest(ctx context.Context, trustID uuid.UUID, link auth.Digest) (l auth.Link, a auth.Account, err error) {
	err = s.alone(ctx, trustID, func(ctx context.Context) error {
		err := s.db.conn(ctx).Raw("select * from auth_links where trust_id = ? and digest = ?", trustID, link).Take(&l).Error
		if err != nil {
			return err
		}
		l.CreatedAt, l.ExpiresAt = l.CreatedAt.UTC(), l.ExpiresAt.UTC()
		l.UsedAt, l.VoidedAt = utcOrNil(l.UsedAt), utcOrNil(l.VoidedAt)
		a, err = s.accountOf(ctx, trustID, l.PersonID)
		return err
	})
	return l, a, err
}
