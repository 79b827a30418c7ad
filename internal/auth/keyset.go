package auth

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// KeySettle is how old a rotated key must be before it signs, so that by then every process and
// every holder of the JWKS knows it. Reload must run more often than this.
const KeySettle = 5 * time.Minute

// KeySet holds the two newest signing keys: the newest settled one signs, both verify.
type KeySet struct {
	store  KeyStore
	sealer sealer
	now    func() time.Time
	keys   atomic.Pointer[[]signingKey] // newest first, never empty, at most two
}

type signingKey struct {
	generation int
	kid        string
	private    ed25519.PrivateKey
	createdAt  time.Time
}

func keyFromSeed(seed []byte, generation int, at time.Time) signingKey {
	private := ed25519.NewKeyFromSeed(seed)
	kid := thumbprint(private.Public().(ed25519.PublicKey))
	return signingKey{generation: generation, kid: kid, private: private, createdAt: at}
}

// OpenKeySet loads the keys, and makes the first one where there is none. Several processes may
// do so at once: they end with the same key. The secret must have at least 32 characters; another
// one than the keys were stored under is an error that says so.
func OpenKeySet(ctx context.Context, store KeyStore, secret Secret, now func() time.Time) (*KeySet, error) {
	sealer, err := newSealer(secret)
	if err != nil {
		return nil, err
	}
	k := &KeySet{store: store, sealer: sealer, now: now}
	rows, err := store.LoadKeys(ctx)
	if err != nil {
		return nil, fmt.Errorf("auth: loading the signing keys: %w", err)
	}
	if len(rows) == 0 {
		if err := k.create(ctx, 1); err != nil {
			return nil, err
		}
	}
	return k, k.Reload(ctx)
}

// Rotate makes a new key, which signs once it has settled, and forgets all but its predecessor.
// Tokens of a forgotten key are refused, so leave AccessTokenLife and KeySettle between two
// rotations, unless a key leaked and that is the purpose. Two rotations at once make one key.
func (k *KeySet) Rotate(ctx context.Context) error {
	if err := k.Reload(ctx); err != nil {
		return err
	}
	if err := k.create(ctx, (*k.keys.Load())[0].generation+1); err != nil {
		return err
	}
	return k.Reload(ctx)
}

// Reload takes over what another process may have rotated. Run it every minute.
func (k *KeySet) Reload(ctx context.Context) error {
	rows, err := k.store.LoadKeys(ctx)
	if err != nil {
		return fmt.Errorf("auth: loading the signing keys: %w", err)
	}
	if len(rows) == 0 {
		return errors.New("auth: the signing keys have vanished from the store")
	}
	slices.SortFunc(rows, func(a, b KeyRow) int { return b.Generation - a.Generation })
	keys := make([]signingKey, 0, 2)
	for _, row := range rows[:min(2, len(rows))] {
		key, err := k.sealer.open(row)
		if err != nil {
			return err
		}
		keys = append(keys, key)
	}
	k.keys.Store(&keys)
	return nil
}

func (k *KeySet) create(ctx context.Context, generation int) error {
	seed := make([]byte, ed25519.SeedSize)
	rand.Read(seed)
	key := keyFromSeed(seed, generation, k.now().UTC().Truncate(time.Microsecond))
	err := k.store.SaveKey(ctx, k.sealer.seal(key))
	if err != nil && !errors.Is(err, ErrKeyExists) {
		return fmt.Errorf("auth: saving a signing key: %w", err)
	}
	return nil
}

// signing returns the newest settled key, or the oldest while none has settled.
func (k *KeySet) signing() signingKey {
	keys := *k.keys.Load()
	settled := k.now().Add(-KeySettle)
	for _, key := range keys {
		if !key.createdAt.After(settled) {
			return key
		}
	}
	return keys[len(keys)-1]
}

func (k *KeySet) public(kid string) (ed25519.PublicKey, bool) {
	for _, key := range *k.keys.Load() {
		if key.kid == kid {
			return key.private.Public().(ed25519.PublicKey), true
		}
	}
	return nil, false
}

// String lists the kids alone.
func (k *KeySet) String() string {
	var kids []string
	for _, key := range *k.keys.Load() {
		kids = append(kids, key.kid)
	}
	return "signing keys " + strings.Join(kids, ", ")
}

// GoString is String.
func (k *KeySet) GoString() string { return k.String() }

// LogValue is String.
func (k *KeySet) LogValue() slog.Value { return slog.StringValue(k.String()) }
