package auth

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/fault"
)

// clock is a wall clock that tests move.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 11, 2, 8, 30, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

var testSecret = Conceal("a secret of at least thirty-two characters")

// cheap hashing: what is tested here is everything around it.
var cheap = argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

const (
	slug     = "larkfield"
	email    = "Priya.Nair@larkfield.example"
	password = "harbour violin thicket"
)

// fixture is one trust with one head, and everything that signs her in.
type fixture struct {
	*Service
	t        *testing.T
	clock    *clock
	store    *fakeStore
	verifier *Verifier
	trust    uuid.UUID
	priya    uuid.UUID
}

func setUp(t *testing.T) *fixture {
	t.Helper()
	f := &fixture{t: t, clock: newClock(), store: newFakeStore(), trust: newID(), priya: newID()}
	keys, err := OpenKeySet(t.Context(), &fakeKeys{}, testSecret, f.clock.now)
	require.NoError(t, err)
	passwords, err := newPasswords(cheap, hashSlots, hashWait)
	require.NoError(t, err)
	config := testConfig(f.clock)
	f.verifier = NewVerifier(keys, config)
	f.Service = NewService(f.store, NewIssuer(keys, config), passwords, Options{PasswordGrant: true, Now: f.clock.now})

	hash, err := passwords.Hash(t.Context(), Conceal(password))
	require.NoError(t, err)
	f.store.trusts[slug] = f.trust
	f.store.accounts[f.priya] = Account{TrustID: f.trust, PersonID: f.priya, Email: email, Name: "Priya Nair", Password: hash, Active: true, Epoch: 3}
	f.store.grants[f.priya] = Grant{Roles: []string{"reviewee", "head"}, Units: []uuid.UUID{newID()}}
	return f
}

func testConfig(c *clock) TokenConfig {
	return TokenConfig{Issuer: "https://perennial.example", Audience: "perennial-api", Now: c.now}
}

func (f *fixture) try(password string) (TokenPair, error) {
	return f.Token(f.t.Context(), TokenRequest{GrantType: GrantPassword, Trust: slug, Username: email, Password: Conceal(password), UserAgent: "Firefox on Linux"})
}

func (f *fixture) signedIn() TokenPair {
	f.t.Helper()
	pair, err := f.try(password)
	require.NoError(f.t, err)
	return pair
}

func (f *fixture) refreshed(token Secret) (TokenPair, error) {
	return f.Token(f.t.Context(), TokenRequest{GrantType: GrantRefresh, RefreshToken: token})
}

// requireCode asserts the fault's code.
func requireCode(t *testing.T, code string, err error) *fault.Error {
	t.Helper()
	require.Error(t, err)
	var e *fault.Error
	require.True(t, errors.As(err, &e), "%T: %v", err, err)
	require.Equal(t, code, e.Code)
	return e
}
