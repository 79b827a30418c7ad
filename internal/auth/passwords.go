package auth

import (
	"context"
	"database/sql/driver"
	"log/slog"
	"time"

	"github.com/alexedwards/argon2id"
)

// PasswordHash is an argon2id hash in its PHC text form; "" means that no password is set.
type PasswordHash string

// String keeps hashes out of logs: they can be guessed at elsewhere.
func (h PasswordHash) String() string { return redacted }

// GoString is String.
func (h PasswordHash) GoString() string { return redacted }

// LogValue is String.
func (h PasswordHash) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText is String.
func (h PasswordHash) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// Value stores the text. It must be here: a driver that finds a Stringer would store String.
func (h PasswordHash) Value() (driver.Value, error) { return string(h), nil }

// hashParams are OWASP's second recommendation for argon2id: about 40 ms on a school's server.
// Hashes carry their parameters, so raising them leaves the old ones good.
var hashParams = argon2id.Params{Memory: 19 << 10, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

const (
	hashSlots = 4               // at once: each takes 19 MiB and a core, and the API needs both
	hashWait  = 2 * time.Second // for a slot, before the caller is asked to come back
)

// Passwords hashes and compares passwords, a few at a time.
type Passwords struct {
	params  argon2id.Params
	slots   chan struct{}
	wait    time.Duration
	compare func(password, hash string) (bool, error)
	dummy   PasswordHash // of nobody's password: what an unknown account is compared with
}

// NewPasswords returns a Passwords; it takes the time of one hash.
func NewPasswords() (*Passwords, error) { return newPasswords(hashParams, hashSlots, hashWait) }

func newPasswords(params argon2id.Params, slots int, wait time.Duration) (*Passwords, error) {
	p := &Passwords{params: params, slots: make(chan struct{}, slots), wait: wait, compare: argon2id.ComparePasswordAndHash}
	nobody, _ := newOpaque(newID())
	hash, err := argon2id.CreateHash(nobody.Reveal(), &p.params)
	p.dummy = PasswordHash(hash)
	return p, err
}

// Hash hashes a password; CheckPassword comes first. It answers Busy when no slot becomes free.
func (p *Passwords) Hash(ctx context.Context, password Secret) (PasswordHash, error) {
	release, err := p.acquire(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	hash, err := argon2id.CreateHash(normal(password), &p.params)
	return PasswordHash(hash), err
}

// acquire waits for a slot; every comparison is made by a holder of one.
func (p *Passwords) acquire(ctx context.Context) (release func(), err error) {
	timer := time.NewTimer(p.wait)
	defer timer.Stop()
	select {
	case p.slots <- struct{}{}:
		return func() { <-p.slots }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-timer.C:
		return nil, signInBusy(p.wait)
	}
}

// matches takes the same time for an account without a password, or none at all, as for any
// other. The caller holds a slot.
func (p *Passwords) matches(password Secret, hash PasswordHash) (bool, error) {
	text, known := normal(password), hash != ""
	if len(text) > PasswordMaxBytes {
		text, known = "", false
	}
	if !known {
		hash = p.dummy
	}
	same, err := p.compare(text, string(hash))
	return same && known, err
}
