package auth

import (
	"errors"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/perennial-api/perennial/internal/fault"
)

const (
	tokenLeeway   = 10 * time.Second // between the clocks of two of our processes
	tokenMaxBytes = 8 << 10          // a head of sixty units has about 3 KiB
)

// Verifier tells good access tokens from bad ones. It asks no database: whether a good token was
// revoked since (epoch, session, leaver) is asked together with the caller's permissions.
type Verifier struct {
	keys   *KeySet
	parser *jwt.Parser
	cache  *tokenCache
	now    func() time.Time
}

// NewVerifier returns a Verifier. The library's own defaults accept tokens without expiry, of
// other issuers and audiences and with a loosely encoded signature, so every check is named here. It panics if
// the config is incomplete.
func NewVerifier(keys *KeySet, config TokenConfig) *Verifier {
	config = config.must()
	return &Verifier{
		keys:  keys,
		cache: newTokenCache(tokenCacheSize),
		now:   config.Now,
		parser: jwt.NewParser(
			jwt.WithValidMethods([]string{jwt.SigningMethodEdDSA.Alg()}),
			jwt.WithIssuer(config.Issuer), jwt.WithAudience(config.Audience),
			jwt.WithExpirationRequired(), jwt.WithIssuedAt(),
			jwt.WithLeeway(tokenLeeway), jwt.WithTimeFunc(config.Now),
			jwt.WithStrictDecoding(),
		),
	}
}

// Verify returns what the token says, or an Unauthenticated fault: InvalidToken or TokenExpired.
func (v *Verifier) Verify(token Secret) (Claims, error) {
	text := token.Reveal()
	if text == "" || len(text) > tokenMaxBytes {
		return Claims{}, badToken(nil)
	}
	digest, now := digestOf(text), v.now()
	if c, ok := v.cache.get(digest, now); ok {
		return c, nil
	}
	var w wireClaims
	if _, err := v.parser.ParseWithClaims(text, &w, v.key); err != nil {
		return Claims{}, badToken(err)
	}
	c := w.claims()
	v.cache.put(digest, c, now)
	return c, nil
}

// key looks the kid up among our own keys: it is never a path, an address or a key.
func (v *Verifier) key(t *jwt.Token) (any, error) {
	if typ, _ := t.Header["typ"].(string); typ != tokenType {
		return nil, errors.New("not an access token")
	}
	if _, critical := t.Header["crit"]; critical { // RFC 7515 section 4.1.11: refuse what is not understood
		return nil, errors.New("critical extension")
	}
	kid, _ := t.Header["kid"].(string)
	if public, ok := v.keys.public(kid); ok {
		return public, nil
	}
	return nil, errors.New("unknown kid")
}

// badToken drops the library's own text: it may quote parts of the token. A token is called
// expired only when nothing else is wrong with it, for a client answers that by refreshing.
func badToken(err error) error {
	if errors.Is(err, jwt.ErrTokenExpired) && !wrongElsewhere(err) {
		return fault.New(fault.Unauthenticated, TokenExpired, "The access token has expired. Refresh it.")
	}
	return fault.New(fault.Unauthenticated, InvalidToken, "The access token is missing or not valid. Sign in.")
}

func wrongElsewhere(err error) bool {
	return errors.Is(err, jwt.ErrTokenInvalidAudience) || errors.Is(err, jwt.ErrTokenInvalidIssuer) ||
		errors.Is(err, jwt.ErrTokenUsedBeforeIssued) || errors.Is(err, jwt.ErrTokenNotValidYet) ||
		errors.Is(err, jwt.ErrTokenSignatureInvalid)
}
