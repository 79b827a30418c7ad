package auth

import (
	"errors"
	"time"

	"github.com/perennial-api/perennial/internal/fault"
)

// What a Store or a KeyStore answers. They never reach a caller of the API.
var (
	// ErrNotFound: there is no such row in this trust.
	ErrNotFound = errors.New("auth: not found")
	// ErrStale: the row is no longer what the caller of the store read before.
	ErrStale = errors.New("auth: changed meanwhile")
	// ErrKeyExists: another process saved a key of this generation first.
	ErrKeyExists = errors.New("auth: this generation of the signing key exists")
)

// The error codes of OAuth that this package answers, as fault codes (RFC 6749 section 5.2,
// RFC 7009 section 2.2.1). The OAuth endpoints write them in the form of RFC 6749.
const (
	InvalidRequest       = "invalid_request"
	InvalidClient        = "invalid_client"
	InvalidGrant         = "invalid_grant"
	UnsupportedGrantType = "unsupported_grant_type"
	UnsupportedTokenType = "unsupported_token_type"
)

// The codes of a refused access token. Both are RFC 6750's invalid_token on the wire; expired is
// told apart because a client then refreshes, and otherwise signs in again.
const (
	InvalidToken = "invalid_token"
	TokenExpired = "token_expired"
)

// OAuthCode returns the RFC 6749 code that err carries; ok is false for any other error.
func OAuthCode(err error) (code string, ok bool) {
	switch code = fault.CodeOf(err); code {
	case InvalidRequest, InvalidClient, InvalidGrant, UnsupportedGrantType, UnsupportedTokenType:
		return code, true
	}
	return "", false
}

// BadClient is the answer to a client that could not be authenticated (RFC 6749: 401).
func BadClient() error {
	return fault.New(fault.Unauthenticated, InvalidClient, "The client could not be authenticated.")
}

func badRequest(parameter string) error {
	return fault.New(fault.Malformed, InvalidRequest, "The parameter %s is missing or cannot be read.", parameter)
}

func unsupportedGrant() error {
	return fault.New(fault.Malformed, UnsupportedGrantType, "This grant type is not offered.")
}

// badCredentials is one answer for a wrong trust, address or password, for an account without a
// password and for somebody who has left: whoever guesses learns nothing about who works where.
func badCredentials() error {
	return fault.New(fault.Malformed, InvalidGrant, "The trust, the e-mail address or the password is not right.")
}

func badRefresh() error {
	return fault.New(fault.Malformed, InvalidGrant, "The refresh token is not valid. Sign in again.")
}

func badLink() error {
	return fault.New(fault.Invalid, "link_invalid", "This link is unknown, used, replaced by a newer one or expired. Ask for a new one.")
}

func accountChanged() error {
	return fault.New(fault.Conflict, "account_changed", "The account was changed at the same time. Try again.")
}

func tooManyTries(wait time.Duration) error {
	e := fault.New(fault.TooMany, "too_many_tries", "Too many wrong passwords for this account. Wait a few minutes.")
	e.RetryAfter = wait
	return e
}

func signInBusy(wait time.Duration) error {
	e := fault.New(fault.Busy, "sign_in_busy", "Too many people are signing in at this moment. Try again shortly.")
	e.RetryAfter = wait
	return e
}
