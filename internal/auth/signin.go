package auth

import (
	"context"
	"errors"
	"time"
)

// How long a session may lie unused, and last in all.
const (
	SessionIdleLife = 30 * 24 * time.Hour
	SessionMaxLife  = 90 * 24 * time.Hour
)

func (s *Service) signIn(ctx context.Context, r TokenRequest) (TokenPair, error) {
	switch {
	case r.Trust == "" || !plain(r.Trust, maxName):
		return TokenPair{}, badRequest("trust")
	case r.Username == "" || !plain(r.Username, maxName):
		return TokenPair{}, badRequest("username")
	case r.Password.Empty():
		return TokenPair{}, badRequest("password")
	}
	account, err := s.authenticate(ctx, r)
	if err != nil {
		return TokenPair{}, err
	}
	return s.start(ctx, account, r)
}

// authenticate makes every caller wait for one comparison, whether or not there is such a trust
// and such an account.
func (s *Service) authenticate(ctx context.Context, r TokenRequest) (Account, error) {
	release, err := s.passwords.acquire(ctx)
	if err != nil {
		return Account{}, err
	}
	defer release()
	trustID, err := s.store.TrustBySlug(ctx, r.Trust)
	if errors.Is(err, ErrNotFound) {
		if _, err := s.passwords.matches(r.Password, ""); err != nil {
			return Account{}, err
		}
		return Account{}, badCredentials()
	}
	if err != nil {
		return Account{}, err
	}
	account, err := s.store.AccountByEmail(ctx, trustID, foldEmail(r.Username))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Account{}, err
	}
	right, err := s.guess(ctx, trustID, r.Username, account, r.Password)
	if err == nil && !right {
		err = badCredentials()
	}
	return account, err
}

// start opens a session. Roles are read and the token is signed before anything is stored, so
// that a failure leaves nothing behind.
func (s *Service) start(ctx context.Context, a Account, r TokenRequest) (TokenPair, error) {
	grant, err := s.store.Claims(ctx, a.TrustID, a.PersonID)
	if err != nil {
		return TokenPair{}, err
	}
	session := s.newSession(a, r)
	access, err := s.access(a, grant, session.ID)
	if err != nil {
		return TokenPair{}, err
	}
	refresh, token := session.issue(session.CreatedAt)
	err = s.store.StartSession(ctx, session, token, a.Epoch)
	if errors.Is(err, ErrStale) { // the password changed, or the person left, while it was being compared
		err = badCredentials()
	}
	if err != nil {
		return TokenPair{}, err
	}
	return session.pair(access, refresh), nil
}

func (s *Service) newSession(a Account, r TokenRequest) Session {
	session := Session{
		ID: newID(), TrustID: a.TrustID, PersonID: a.PersonID,
		ClientID: r.ClientID, UserAgent: label(r.UserAgent),
		Generation: 1, CreatedAt: s.time(),
	}
	session.RotatedAt = session.CreatedAt
	session.use(session.CreatedAt)
	return session
}

// use moves the idle limit, up to the absolute one.
func (s *Session) use(now time.Time) {
	s.LastUsedAt, s.ExpiresAt = now, now.Add(SessionIdleLife)
	if last := s.CreatedAt.Add(SessionMaxLife); s.ExpiresAt.After(last) {
		s.ExpiresAt = last
	}
}

// issue makes a refresh token of the session's generation.
func (s *Session) issue(now time.Time) (Secret, RefreshToken) {
	secret, digest := newOpaque(s.TrustID)
	return secret, RefreshToken{Digest: digest, TrustID: s.TrustID, SessionID: s.ID, Generation: s.Generation, IssuedAt: now}
}

func (s *Session) pair(access, refresh Secret) TokenPair {
	return TokenPair{
		Access: access, Refresh: refresh, ExpiresIn: AccessTokenLife,
		TrustID: s.TrustID, PersonID: s.PersonID, SessionID: s.ID,
	}
}
