package postgres_test

import (
	"crypto/rand"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/auth"
	"github.com/perennial-api/perennial/internal/postgres"
)

// person is somebody of a fresh trust, and the store that knows them.
type person struct {
	postgres.AuthStore
	t         *testing.T
	trust, id uuid.UUID
	now       time.Time
}

func newAccount(t *testing.T) *person {
	t.Helper()
	trust := newTrust(t)
	return &person{AuthStore: openTestDB(t).Auth(), t: t, trust: trust, id: newPerson(t, trust, "Priya.Nair@larkfield.example"),
		now: time.Now().UTC().Truncate(time.Microsecond)}
}

func newDigest() (d auth.Digest) {
	_, _ = rand.Read(d[:])
	return d
}

// signIn starts a session and returns it with its refresh token.
func (p *person) signIn() (auth.Session, auth.Digest) {
	p.t.Helper()
	s, first := p.session()
	require.NoError(p.t, p.StartSession(p.t.Context(), s, first, p.account().Epoch))
	return s, first.Digest
}

func (p *person) session() (auth.Session, auth.RefreshToken) {
	s := auth.Session{ID: uuid.New(), TrustID: p.trust, PersonID: p.id, ClientID: "mis", UserAgent: "Firefox", Generation: 1,
		RotatedAt: p.now, CreatedAt: p.now, LastUsedAt: p.now, ExpiresAt: p.now.Add(time.Hour)}
	return s, auth.RefreshToken{Digest: newDigest(), TrustID: p.trust, SessionID: s.ID, Generation: 1, IssuedAt: p.now}
}

func (p *person) account() auth.Account {
	p.t.Helper()
	a, err := p.AccountByID(p.t.Context(), p.trust, p.id)
	require.NoError(p.t, err)
	return a
}

// stored reads a session by one of its refresh tokens and stores nothing.
func (p *person) stored(token auth.Digest) auth.Session {
	p.t.Helper()
	var s auth.Session
	require.ErrorIs(p.t, p.RotateRefresh(p.t.Context(), p.trust, token, func(is auth.Presented) (auth.Rotation, error) {
		s = is.Session
		return auth.Rotation{}, errOnlyLooking
	}), errOnlyLooking)
	return s
}

var errOnlyLooking = errors.New("only looking")

func (p *person) requireEnded(token auth.Digest, why auth.EndReason) {
	p.t.Helper()
	s := p.stored(token)
	require.NotNil(p.t, s.EndedAt)
	require.Equal(p.t, why, s.EndedFor)
}

func (p *person) change(epoch int, edit func(*auth.PasswordChange)) error {
	c := auth.PasswordChange{TrustID: p.trust, PersonID: p.id, Epoch: epoch, Password: "$argon2id$new", At: p.now}
	if edit != nil {
		edit(&c)
	}
	return p.SetPassword(p.t.Context(), c)
}

func (p *person) link(purpose auth.Purpose) auth.Link {
	return auth.Link{ID: uuid.New(), TrustID: p.trust, PersonID: p.id, Purpose: purpose, Digest: newDigest(),
		CreatedAt: p.now, ExpiresAt: p.now.Add(time.Hour)}
}

func (p *person) givenLink(purpose auth.Purpose) auth.Link {
	p.t.Helper()
	l := p.link(purpose)
	require.NoError(p.t, p.ReplaceLink(p.t.Context(), l))
	return l
}

func (p *person) storedLink(d auth.Digest) auth.Link {
	p.t.Helper()
	l, _, err := p.LinkByDigest(p.t.Context(), p.trust, d)
	require.NoError(p.t, err)
	return l
}

// events lists the events of the trust in order: type, actor's kind and data.
func (p *person) events() []string {
	p.t.Helper()
	rows, err := shared.admin.Query(p.t.Context(), `select type || ' by ' || actor_kind || ' ' || (body::jsonb ->> 'data')
		from events where trust_id = $1 order by block_n, i`, p.trust)
	require.NoError(p.t, err)
	defer rows.Close()
	var list []string
	for rows.Next() {
		var e string
		require.NoError(p.t, rows.Scan(&e))
		list = append(list, e)
	}
	return list
}

// atOnce runs f n times in parallel and returns the errors in no order.
func atOnce(n int, f func(i int) error) []error {
	errs, ready := make([]error, n), make(chan struct{})
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { <-ready; errs[i] = f(i) })
	}
	close(ready)
	wg.Wait()
	return errs
}
