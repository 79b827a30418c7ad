package auth

import (
	"context"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
)

// Options of a Service.
type Options struct {
	PasswordGrant bool             // false switches signing in by password off (single sign-on only)
	Now           func() time.Time // wall clock
}

// Service is signing in, staying signed in and setting passwords.
type Service struct {
	store     Store
	issuer    *Issuer
	passwords *Passwords
	options   Options
}

// NewService returns a Service.
func NewService(store Store, issuer *Issuer, passwords *Passwords, options Options) *Service {
	return &Service{store: store, issuer: issuer, passwords: passwords, options: options}
}

// time is now as a database keeps it, so that what is read back compares equal.
func (s *Service) time() time.Time { return s.options.Now().UTC().Truncate(time.Microsecond) }

// The grant types of the token endpoint.
const (
	GrantPassword = "password"
	GrantRefresh  = "refresh_token"
)

const (
	maxClientID  = 100 // characters
	maxUserAgent = 200
	maxName      = 320 // of a slug or an address
)

// TokenRequest is the form of the token endpoint (RFC 6749 sections 4.3.2 and 6).
type TokenRequest struct {
	GrantType    string
	Trust        string // the slug: two trusts may hold one address
	Username     string // the e-mail address
	Password     Secret
	RefreshToken Secret
	ClientID     string // optional; a refresh must repeat it
	UserAgent    string // of the HTTP request
}

// TokenPair answers a TokenRequest.
type TokenPair struct {
	Access    Secret
	Refresh   Secret
	ExpiresIn time.Duration // of Access
	TrustID   uuid.UUID
	PersonID  uuid.UUID
	SessionID uuid.UUID
}

// Token serves the token endpoint. Its faults are those that OAuthCode knows, and besides TooMany
// (too_many_tries) and Busy (sign_in_busy), both with RetryAfter.
func (s *Service) Token(ctx context.Context, r TokenRequest) (TokenPair, error) {
	if !plain(r.ClientID, maxClientID) {
		return TokenPair{}, badRequest("client_id")
	}
	switch {
	case r.GrantType == "":
		return TokenPair{}, badRequest("grant_type")
	case r.GrantType == GrantPassword && s.options.PasswordGrant:
		return s.signIn(ctx, r)
	case r.GrantType == GrantRefresh:
		return s.refresh(ctx, r)
	}
	return TokenPair{}, unsupportedGrant()
}

func (s *Service) access(a Account, g Grant, sessionID uuid.UUID) (Secret, error) {
	return s.issuer.Issue(Claims{Grant: g, TrustID: a.TrustID, PersonID: a.PersonID, SessionID: sessionID, Epoch: a.Epoch})
}

// plain reports whether text is what a database column takes.
func plain(text string, limit int) bool {
	return utf8.ValidString(text) && utf8.RuneCountInString(text) <= limit && !strings.ContainsFunc(text, unicode.IsControl)
}

// label makes a user agent fit to be shown in a list.
func label(userAgent string) string {
	clean := strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return -1
	}, strings.ToValidUTF8(userAgent, ""))
	if runes := []rune(clean); len(runes) > maxUserAgent {
		return string(runes[:maxUserAgent])
	}
	return clean
}
