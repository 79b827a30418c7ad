package auth

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/fault"
)

type tokenBench struct {
	t        *testing.T
	clock    *clock
	keys     *KeySet
	verifier *Verifier
}

func newTokenBench(t *testing.T) tokenBench {
	t.Helper()
	c := newClock()
	keys, err := OpenKeySet(t.Context(), &fakeKeys{}, testSecret, c.now)
	require.NoError(t, err)
	return tokenBench{t: t, clock: c, keys: keys, verifier: NewVerifier(keys, testConfig(c))}
}

// forge signs what a good token would say, but for the given changes.
func (b tokenBench) forge(m jwt.SigningMethod, key any, header map[string]any, change func(jwt.MapClaims)) string {
	b.t.Helper()
	now := b.clock.now()
	c := jwt.MapClaims{
		"iss": "https://perennial.example", "aud": "perennial-api", "sub": newID().String(), "jti": newID().String(),
		"iat": now.Unix(), "exp": now.Add(AccessTokenLife).Unix(),
		"trust_id": newID().String(), "sid": newID().String(), "ver": 1, "roles": []string{"hr"}, "units": []string{},
	}
	if change != nil {
		change(c)
	}
	token := jwt.NewWithClaims(m, c)
	token.Header["kid"], token.Header["typ"] = b.keys.signing().kid, tokenType
	for k, v := range header {
		if token.Header[k] = v; v == nil {
			delete(token.Header, k)
		}
	}
	text, err := token.SignedString(key)
	require.NoError(b.t, err)
	return text
}

// signed is forged with our own key.
func (b tokenBench) signed(header map[string]any, change func(jwt.MapClaims)) string {
	return b.forge(jwt.SigningMethodEdDSA, b.keys.signing().private, header, change)
}

func without(claim string) func(jwt.MapClaims) {
	return func(c jwt.MapClaims) { delete(c, claim) }
}

func with(claim string, value any) func(jwt.MapClaims) {
	return func(c jwt.MapClaims) { c[claim] = value }
}

func TestBadTokensAreRefused(t *testing.T) {
	b := newTokenBench(t)
	_, foreign, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	eddsa, now := jwt.SigningMethodEdDSA, b.clock.now()
	ours := b.keys.signing()
	public := []byte(ours.private.Public().(ed25519.PublicKey))
	good := b.signed(nil, nil)
	parts := strings.Split(good, ".")
	forgedPayload := base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"admin","exp":9999999999,"iss":"https://perennial.example","aud":"perennial-api"}`))
	_, err = b.verifier.Verify(Conceal(good))
	require.NoError(t, err)

	for name, token := range map[string]string{
		"alg none":                            b.forge(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, nil, nil),
		"HS256 with the public key as secret": b.forge(jwt.SigningMethodHS256, public, nil, nil),
		"another key":                         b.forge(eddsa, foreign, nil, nil),
		"unknown kid":                         b.signed(map[string]any{"kid": "../../etc/passwd"}, nil),
		"kid missing":                         b.signed(map[string]any{"kid": nil}, nil),
		"kid not text":                        b.signed(map[string]any{"kid": 1}, nil),
		"refresh token as access token":       b.signed(map[string]any{"typ": "rt+jwt"}, nil),
		"typ missing":                         b.signed(map[string]any{"typ": nil}, nil),
		"typ JWT":                             b.signed(map[string]any{"typ": "JWT"}, nil),
		"critical extension":                  b.signed(map[string]any{"crit": []string{"b64"}}, nil),
		"no exp":                              b.signed(nil, without("exp")),
		"not yet valid":                       b.signed(nil, with("nbf", now.Add(time.Minute).Unix())),
		"issued in the future":                b.signed(nil, with("iat", now.Add(time.Hour).Unix())),
		"no iat":                              b.signed(nil, without("iat")),
		"another issuer":                      b.signed(nil, with("iss", "https://evil.example")),
		"no issuer":                           b.signed(nil, without("iss")),
		"another audience":                    b.signed(nil, with("aud", "other-api")),
		"no audience":                         b.signed(nil, without("aud")),
		"no subject":                          b.signed(nil, without("sub")),
		"subject not an id":                   b.signed(nil, with("sub", "admin")),
		"no trust":                            b.signed(nil, without("trust_id")),
		"trust not an id":                     b.signed(nil, with("trust_id", "larkfield")),
		"no session":                          b.signed(nil, without("sid")),
		"no jti":                              b.signed(nil, without("jti")),
		"payload changed":                     parts[0] + "." + forgedPayload + "." + parts[2],
		"signature cut off":                   parts[0] + "." + parts[1] + ".",
		"signature with spare bits":           good[:len(good)-1] + spareBit(good[len(good)-1]),
		"embedded jwk":                        b.forge(eddsa, foreign, map[string]any{"jwk": map[string]any{"kty": "OKP"}}, nil),
		"expired and of another audience": b.signed(nil, func(c jwt.MapClaims) {
			c["exp"], c["aud"] = now.Add(-time.Hour).Unix(), "other-api"
		}),
		"two parts":   parts[0] + "." + parts[1],
		"empty":       "",
		"not a token": "Bearer",
		"enormous":    b.signed(nil, with("roles", []string{strings.Repeat("hr", tokenMaxBytes)})),
	} {
		t.Run(name, func(t *testing.T) {
			c, err := b.verifier.Verify(Conceal(token))
			e := requireCode(t, InvalidToken, err)
			require.Equal(t, fault.Unauthenticated, e.Kind)
			require.Zero(t, c)
		})
	}
}

// spareBit changes bits of the last character that stand for no byte: a loose decoder reads the
// same signature from another text.
func spareBit(b byte) string {
	const abc = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return string(abc[strings.IndexByte(abc, b)^1])
}

func TestExpiryAllowsTenSecondsAndIsToldApart(t *testing.T) {
	b := newTokenBench(t)
	ago := func(d time.Duration) Secret {
		return Conceal(b.signed(nil, with("exp", b.clock.now().Add(-d).Unix())))
	}
	_, err := b.verifier.Verify(ago(5 * time.Second))
	require.NoError(t, err)
	_, err = b.verifier.Verify(ago(11 * time.Second))
	requireCode(t, TokenExpired, err)
}

func TestIssuedTokenSaysWhatWasAskedFor(t *testing.T) {
	b := newTokenBench(t)
	want := Claims{
		Grant:   Grant{Roles: []string{"reviewer", "head"}, Units: []uuid.UUID{newID(), newID()}},
		TrustID: newID(), PersonID: newID(), SessionID: newID(), Epoch: 7,
	}
	token, err := NewIssuer(b.keys, testConfig(b.clock)).Issue(want)
	require.NoError(t, err)
	got, err := b.verifier.Verify(token)
	require.NoError(t, err)
	require.NotEmpty(t, got.TokenID)
	require.True(t, got.IssuedAt.Equal(b.clock.now()))
	require.True(t, got.ExpiresAt.Equal(b.clock.now().Add(15*time.Minute)))
	want.TokenID, want.IssuedAt, want.ExpiresAt = got.TokenID, got.IssuedAt, got.ExpiresAt
	require.Equal(t, want, got)
}

func TestPayloadCarriesThePublishedClaimNames(t *testing.T) {
	b := newTokenBench(t)
	token, err := NewIssuer(b.keys, testConfig(b.clock)).Issue(Claims{TrustID: newID(), PersonID: newID(), SessionID: newID()})
	require.NoError(t, err)
	parsed, _, err := jwt.NewParser().ParseUnverified(token.Reveal(), jwt.MapClaims{})
	require.NoError(t, err)
	claims := parsed.Claims.(jwt.MapClaims)
	for _, name := range []string{"iss", "aud", "sub", "jti", "iat", "exp", "trust_id", "roles", "units", "sid", "ver"} {
		require.Contains(t, claims, name)
	}
	require.Equal(t, []any{}, claims["roles"], "an empty list, not null")
	require.Equal(t, "at+jwt", parsed.Header["typ"])
	require.Equal(t, "EdDSA", parsed.Header["alg"])
}

func TestCachedTokenNeverOutlivesItsExpiry(t *testing.T) {
	b := newTokenBench(t)
	token := Conceal(b.signed(nil, with("exp", b.clock.now().Add(20*time.Second).Unix())))
	_, err := b.verifier.Verify(token)
	require.NoError(t, err)
	digest := digestOf(token.Reveal())
	b.clock.pass(19 * time.Second)
	_, cached := b.verifier.cache.get(digest, b.clock.now())
	require.True(t, cached)
	b.clock.pass(time.Second)
	_, cached = b.verifier.cache.get(digest, b.clock.now())
	require.False(t, cached, "at exp the token is verified again")
	b.clock.pass(11 * time.Second)
	_, err = b.verifier.Verify(token)
	requireCode(t, TokenExpired, err)
}

func TestCachedTokenIsForgottenAfterAMinute(t *testing.T) {
	b := newTokenBench(t)
	token := Conceal(b.signed(nil, nil))
	_, err := b.verifier.Verify(token)
	require.NoError(t, err)
	b.clock.pass(time.Minute)
	_, cached := b.verifier.cache.get(digestOf(token.Reveal()), b.clock.now())
	require.False(t, cached)
}

func TestTokenCacheIsBoundedAndKeepsItsCopies(t *testing.T) {
	c, now := newTokenCache(100), newClock().now()
	claims := Claims{Grant: Grant{Roles: []string{"hr"}}, ExpiresAt: now.Add(time.Hour)}
	for i := range 1000 {
		c.put(digestOf(strings.Repeat("x", i)), claims, now)
		require.LessOrEqual(t, c.len(), 100)
	}
	last := digestOf(strings.Repeat("x", 999))
	got, ok := c.get(last, now)
	require.True(t, ok)
	got.Roles[0] = "changed by a caller"
	again, _ := c.get(last, now)
	require.Equal(t, "hr", again.Roles[0])
}

func TestIncompleteTokenConfigStopsTheStart(t *testing.T) {
	b := newTokenBench(t)
	require.Panics(t, func() { NewVerifier(b.keys, TokenConfig{Audience: "perennial-api", Now: b.clock.now}) })
	require.Panics(t, func() { NewIssuer(b.keys, TokenConfig{Issuer: "https://perennial.example", Now: b.clock.now}) })
}

func BenchmarkVerifyCached(b *testing.B) {
	c := newClock()
	keys, err := OpenKeySet(b.Context(), &fakeKeys{}, testSecret, c.now)
	require.NoError(b, err)
	token, err := NewIssuer(keys, testConfig(c)).Issue(Claims{TrustID: newID(), PersonID: newID(), SessionID: newID()})
	require.NoError(b, err)
	v := NewVerifier(keys, testConfig(c))
	for b.Loop() {
		if _, err := v.Verify(token); err != nil {
			b.Fatal(err)
		}
	}
}
