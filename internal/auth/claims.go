package auth

import (
	"errors"
	"slices"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
)

// AccessTokenLife is how long an access token is good for.
const AccessTokenLife = 15 * time.Minute

// Grant is what a person's token says about them: it opens doors, the database decides records.
type Grant struct {
	Roles []string    // of reviewee, reviewer, head, hr
	Units []uuid.UUID // the units they head
}

// Claims is what a verified access token says.
type Claims struct {
	Grant
	TrustID   uuid.UUID
	PersonID  uuid.UUID
	SessionID uuid.UUID
	TokenID   string
	Epoch     int // of the account when the token was issued; an older one than the account's is revoked
	IssuedAt  time.Time
	ExpiresAt time.Time
}

// clone keeps what is cached apart from what callers hold.
func (c Claims) clone() Claims {
	c.Roles, c.Units = slices.Clone(c.Roles), slices.Clone(c.Units)
	return c
}

// TokenConfig is what issuing and verifying have to agree on.
type TokenConfig struct {
	Issuer   string           // iss: the public address of this service
	Audience string           // aud
	Now      func() time.Time // wall clock
}

// must stops a start-up with an empty name: the token library takes one for "do not check".
func (c TokenConfig) must() TokenConfig {
	if c.Issuer == "" || c.Audience == "" || c.Now == nil {
		panic("auth: a TokenConfig needs an issuer, an audience and a clock")
	}
	return c
}

// wireClaims is the payload of the token.
type wireClaims struct {
	jwt.RegisteredClaims
	TrustID uuid.UUID   `json:"trust_id"`
	Roles   []string    `json:"roles"`
	Units   []uuid.UUID `json:"units"`
	Session uuid.UUID   `json:"sid"`
	Epoch   int         `json:"ver"`
}

// Validate is called by the parser after its own checks.
func (w wireClaims) Validate() error {
	switch {
	case w.IssuedAt == nil:
		return errors.New("iat is missing")
	case w.ID == "":
		return errors.New("jti is missing")
	case w.TrustID == uuid.Nil || w.Session == uuid.Nil:
		return errors.New("trust_id or sid is missing")
	}
	return uuid.Validate(w.Subject)
}

func (w wireClaims) claims() Claims {
	return Claims{
		Grant:     Grant{Roles: w.Roles, Units: w.Units},
		TrustID:   w.TrustID,
		PersonID:  uuid.MustParse(w.Subject), // Validate has seen it
		SessionID: w.Session,
		TokenID:   w.ID,
		Epoch:     w.Epoch,
		IssuedAt:  w.IssuedAt.Time,
		ExpiresAt: w.ExpiresAt.Time,
	}
}
