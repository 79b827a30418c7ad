package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/auth"
)

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
