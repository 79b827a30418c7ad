package auth

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"log/slog"
	"time"
)

// KeyRow is a signing key as it is stored. Keys belong to the installation, not to a trust.
type KeyRow struct {
	Generation int    // 1, 2, 3 …: unique
	KID        string // the key's RFC 7638 thumbprint
	Sealed     []byte // the private seed under AES-256-GCM, nonce first, bound to KID
	CreatedAt  time.Time
}

// LogValue leaves the sealed seed out.
func (r KeyRow) LogValue() slog.Value {
	return slog.GroupValue(slog.Int("generation", r.Generation), slog.String("kid", r.KID))
}

// String leaves the sealed seed out.
func (r KeyRow) String() string { return "signing key " + r.KID }

// KeyStore keeps the signing keys.
type KeyStore interface {
	// LoadKeys returns the two newest generations or fewer, in any order; none is no error.
	LoadKeys(ctx context.Context) ([]KeyRow, error)
	// SaveKey inserts the row, or answers ErrKeyExists if its generation is there already (INSERT …
	// ON CONFLICT DO NOTHING). In the same transaction it deletes generations older than the row's
	// predecessor, so that a leaked key ends by rotating twice. It commits on its own.
	SaveKey(ctx context.Context, row KeyRow) error
}

const minSecretBytes = 32

var (
	errShortSecret = errors.New("auth: the secret that protects the signing keys must have at least 32 characters")
	errWrongSecret = errors.New("auth: the stored signing keys cannot be opened with the configured secret; start with the secret under which they were stored")
)

// sealer encrypts seeds under a key derived from the configured secret. The label separates it
// from whatever else may be derived from the same secret one day.
type sealer struct{ aead cipher.AEAD }

func newSealer(secret Secret) (sealer, error) {
	if len(secret.Reveal()) < minSecretBytes {
		return sealer{}, errShortSecret
	}
	key, err := hkdf.Key(sha256.New, []byte(secret.Reveal()), nil, "perennial signing keys v1", 32)
	if err != nil {
		return sealer{}, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return sealer{}, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	return sealer{aead: aead}, err
}

func (s sealer) seal(k signingKey) KeyRow {
	sealed := s.aead.Seal(nil, nil, k.private.Seed(), []byte(k.kid))
	return KeyRow{Generation: k.generation, KID: k.kid, Sealed: sealed, CreatedAt: k.createdAt}
}

// open answers one sentence whatever is wrong: a wrong secret and a changed row look the same.
func (s sealer) open(row KeyRow) (signingKey, error) {
	seed, err := s.aead.Open(nil, nil, row.Sealed, []byte(row.KID))
	if err != nil || len(seed) != ed25519.SeedSize {
		return signingKey{}, errWrongSecret
	}
	k := keyFromSeed(seed, row.Generation, row.CreatedAt)
	if k.kid != row.KID {
		return signingKey{}, errWrongSecret
	}
	return k, nil
}

// thumbprint is the kid of a public key (RFC 7638, RFC 8037 appendix A.3).
func thumbprint(public ed25519.PublicKey) string {
	x := base64.RawURLEncoding.EncodeToString(public)
	sum := sha256.Sum256([]byte(`{"crv":"Ed25519","kty":"OKP","x":"` + x + `"}`))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
