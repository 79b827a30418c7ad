package auth

import (
	"crypto/rand"
	"encoding/base64"

	"github.com/google/uuid"
)

// An opaque secret (refresh token or one-time link) is base64url of the trust's id, which is no
// secret, and 256 random bits. The trust leads so that the row can be sought under the row-level
// security of that trust: whoever presents a secret is not known yet. The digest covers both, so
// a changed trust finds nothing.
const (
	opaqueRandom = 32
	opaqueBytes  = 16 + opaqueRandom
)

var opaqueEncoding = base64.RawURLEncoding.Strict()

func newOpaque(trustID uuid.UUID) (Secret, Digest) {
	raw := make([]byte, opaqueBytes)
	copy(raw, trustID[:])
	rand.Read(raw[len(trustID):]) // never fails: crypto/rand ends the process instead
	text := opaqueEncoding.EncodeToString(raw)
	return Conceal(text), digestOf(text)
}

// openOpaque returns the trust that the secret names and the digest to seek there; ok is false
// for what cannot be one of ours.
func openOpaque(s Secret) (trustID uuid.UUID, d Digest, ok bool) {
	text := s.Reveal()
	if len(text) != opaqueEncoding.EncodedLen(opaqueBytes) {
		return uuid.Nil, Digest{}, false
	}
	raw, err := opaqueEncoding.DecodeString(text)
	if err != nil || len(raw) != opaqueBytes { // a line break is skipped in decoding, and shortens it
		return uuid.Nil, Digest{}, false
	}
	return uuid.UUID(raw[:16]), digestOf(text), true
}

// newID returns a UUIDv7 of the wall clock.
func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }
