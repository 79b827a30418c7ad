package auth

import (
	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
)

// tokenType is the typ header that tells access tokens from any other JWT (RFC 9068 section 2.1).
const tokenType = "at+jwt"

// Issuer signs access tokens with the key set's signing key.
type Issuer struct {
	keys   *KeySet
	config TokenConfig
}

// NewIssuer returns an Issuer; the Verifier must be given the same config. It panics if the config is
// incomplete.
func NewIssuer(keys *KeySet, config TokenConfig) *Issuer {
	return &Issuer{keys: keys, config: config.must()}
}

// Issue signs a token for the person of c. TokenID, IssuedAt and ExpiresAt are set here.
func (i *Issuer) Issue(c Claims) (Secret, error) {
	key := i.keys.signing()
	token := jwt.NewWithClaims(jwt.SigningMethodEdDSA, i.wire(c))
	token.Header["typ"], token.Header["kid"] = tokenType, key.kid
	signed, err := token.SignedString(key.private)
	return Conceal(signed), err
}

func (i *Issuer) wire(c Claims) wireClaims {
	now := i.config.Now()
	return wireClaims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer:    i.config.Issuer,
			Audience:  jwt.ClaimStrings{i.config.Audience},
			Subject:   c.PersonID.String(),
			ID:        newID().String(),
			IssuedAt:  jwt.NewNumericDate(now),
			ExpiresAt: jwt.NewNumericDate(now.Add(AccessTokenLife)),
		},
		TrustID: c.TrustID,
		Roles:   append([]string{}, c.Roles...), // [] rather than null
		Units:   append([]uuid.UUID{}, c.Units...),
		Session: c.SessionID,
		Epoch:   c.Epoch,
	}
}
