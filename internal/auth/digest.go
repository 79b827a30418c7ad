package auth

import (
	"crypto/sha256"
	"database/sql/driver"
	"errors"
	"log/slog"
)

// Digest is the SHA-256 of an opaque secret, the only form in which one is stored. A plain hash
// is enough because what it hides has 256 random bits.
type Digest [sha256.Size]byte

func digestOf(text string) Digest { return sha256.Sum256([]byte(text)) }

// String keeps digests out of logs: they identify a secret, even if they do not give it away.
func (d Digest) String() string { return redacted }

// GoString is String.
func (d Digest) GoString() string { return redacted }

// LogValue is String.
func (d Digest) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText is String.
func (d Digest) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// Value stores the 32 bytes. It must be here: a driver that finds a Stringer would store String.
func (d Digest) Value() (driver.Value, error) { return d[:], nil }

// Scan reads what Value stored.
func (d *Digest) Scan(src any) error {
	b, ok := src.([]byte)
	if !ok || len(b) != len(d) {
		return errors.New("auth: a stored digest is not 32 bytes")
	}
	copy(d[:], b)
	return nil
}
