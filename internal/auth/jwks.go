package auth

import (
	"crypto/ed25519"
	"encoding/base64"
)

// JWKS is the published key set (RFC 7517 section 5).
type JWKS struct {
	Keys []JWK `json:"keys"`
}

// JWK is one public Ed25519 key (RFC 8037 section 2).
type JWK struct {
	KeyType   string `json:"kty"` // OKP
	Curve     string `json:"crv"` // Ed25519
	X         string `json:"x"`   // the public key, base64url
	KeyID     string `json:"kid"`
	Algorithm string `json:"alg"` // EdDSA
	Use       string `json:"use"` // sig
}

// JWKS returns the public halves of the keys, newest first. It may be cached for less than
// KeySettle.
func (k *KeySet) JWKS() JWKS {
	set := JWKS{Keys: []JWK{}}
	for _, key := range *k.keys.Load() {
		x := base64.RawURLEncoding.EncodeToString(key.private.Public().(ed25519.PublicKey))
		set.Keys = append(set.Keys, JWK{KeyType: "OKP", Curve: "Ed25519", X: x, KeyID: key.kid, Algorithm: "EdDSA", Use: "sig"})
	}
	return set
}
