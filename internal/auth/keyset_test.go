package auth

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func issue(t *testing.T, keys *KeySet, c *clock) Secret {
	t.Helper()
	token, err := NewIssuer(keys, testConfig(c)).Issue(Claims{TrustID: newID(), PersonID: newID(), SessionID: newID()})
	require.NoError(t, err)
	return token
}

func TestKeysOutliveTheProcess(t *testing.T) {
	store, c := &fakeKeys{}, newClock()
	first, err := OpenKeySet(t.Context(), store, testSecret, c.now)
	require.NoError(t, err)
	second, err := OpenKeySet(t.Context(), store, testSecret, c.now)
	require.NoError(t, err)
	_, err = NewVerifier(second, testConfig(c)).Verify(issue(t, first, c))
	require.NoError(t, err)
	require.Len(t, store.rows, 1)
}

func TestTwoProcessesStartingAtOnceShareOneKey(t *testing.T) {
	store, c := &fakeKeys{}, newClock()
	var other *KeySet
	store.before = func() {
		var err error
		other, err = OpenKeySet(t.Context(), store, testSecret, c.now)
		require.NoError(t, err)
	}
	keys, err := OpenKeySet(t.Context(), store, testSecret, c.now)
	require.NoError(t, err)
	require.Equal(t, other.JWKS(), keys.JWKS())
	require.Len(t, keys.JWKS().Keys, 1)
}

func TestRotatedKeySignsOnceSettledAndBothVerify(t *testing.T) {
	store, c := &fakeKeys{}, newClock()
	keys, err := OpenKeySet(t.Context(), store, testSecret, c.now)
	require.NoError(t, err)
	other, err := OpenKeySet(t.Context(), store, testSecret, c.now)
	require.NoError(t, err)
	c.pass(time.Hour)
	old := keys.signing().kid
	require.NoError(t, keys.Rotate(t.Context()))

	require.Len(t, keys.JWKS().Keys, 2)
	require.Equal(t, old, keys.signing().kid, "others do not know the new key yet")
	_, err = NewVerifier(other, testConfig(c)).Verify(issue(t, keys, c))
	require.NoError(t, err)

	before := issue(t, keys, c)
	c.pass(KeySettle)
	require.NoError(t, other.Reload(t.Context()))
	require.Equal(t, keys.JWKS().Keys[0].KeyID, keys.signing().kid)
	require.NotEqual(t, old, keys.signing().kid)
	for _, token := range []Secret{before, issue(t, keys, c)} {
		_, err = NewVerifier(other, testConfig(c)).Verify(token)
		require.NoError(t, err)
	}
}

func TestRotatingTwiceForgetsALeakedKey(t *testing.T) {
	store, c := &fakeKeys{}, newClock()
	keys, err := OpenKeySet(t.Context(), store, testSecret, c.now)
	require.NoError(t, err)
	token := issue(t, keys, c)
	require.NoError(t, keys.Rotate(t.Context()))
	require.NoError(t, keys.Rotate(t.Context()))
	_, err = NewVerifier(keys, testConfig(c)).Verify(token)
	requireCode(t, InvalidToken, err)
	require.Len(t, store.rows, 2)
}

func TestTwoRotationsAtOnceMakeOneKey(t *testing.T) {
	store, c := &fakeKeys{}, newClock()
	keys, err := OpenKeySet(t.Context(), store, testSecret, c.now)
	require.NoError(t, err)
	other, err := OpenKeySet(t.Context(), store, testSecret, c.now)
	require.NoError(t, err)
	store.before = func() { require.NoError(t, other.Rotate(t.Context())) }
	require.NoError(t, keys.Rotate(t.Context()))
	require.Equal(t, 2, (*keys.keys.Load())[0].generation)
	require.Equal(t, other.JWKS(), keys.JWKS())
}

func TestWrongSecretIsOneClearSentence(t *testing.T) {
	store, c := &fakeKeys{}, newClock()
	_, err := OpenKeySet(t.Context(), store, testSecret, c.now)
	require.NoError(t, err)
	wrong := "another secret of more than thirty-two characters"
	_, err = OpenKeySet(t.Context(), store, Conceal(wrong), c.now)
	require.ErrorIs(t, err, errWrongSecret)
	require.NotContains(t, err.Error(), wrong)
	_, err = OpenKeySet(t.Context(), store, Conceal("short"), c.now)
	require.ErrorIs(t, err, errShortSecret)
}

func TestSealedKeyCannotStandUnderAnotherKid(t *testing.T) {
	store, c := &fakeKeys{}, newClock()
	keys, err := OpenKeySet(t.Context(), store, testSecret, c.now)
	require.NoError(t, err)
	require.NotContains(t, string(store.rows[0].Sealed), string(keys.signing().private.Seed()))
	store.rows[0].KID = "renamed"
	require.ErrorIs(t, keys.Reload(t.Context()), errWrongSecret)
}

func TestJWKSHoldsPublicHalvesAlone(t *testing.T) {
	store, c := &fakeKeys{}, newClock()
	keys, err := OpenKeySet(t.Context(), store, testSecret, c.now)
	require.NoError(t, err)
	key := keys.signing()
	text, err := json.Marshal(keys.JWKS())
	require.NoError(t, err)
	x := base64.RawURLEncoding.EncodeToString(key.private.Public().(ed25519.PublicKey))
	require.JSONEq(t, fmt.Sprintf(`{"keys":[{"kty":"OKP","crv":"Ed25519","x":%q,"kid":%q,"alg":"EdDSA","use":"sig"}]}`, x, key.kid), string(text))
}

// The example of RFC 8037, appendix A.3.
func TestThumbprintIsThatOfTheRFC(t *testing.T) {
	public, err := base64.RawURLEncoding.DecodeString("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
	require.NoError(t, err)
	require.Equal(t, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", thumbprint(public))
}

func TestKeysMayBeReadWhileTheyAreReloaded(t *testing.T) {
	store, c := &fakeKeys{}, newClock()
	keys, err := OpenKeySet(t.Context(), store, testSecret, c.now)
	require.NoError(t, err)
	v, token := NewVerifier(keys, testConfig(c)), issue(t, keys, c)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() { _ = keys.Reload(t.Context()) })
		wg.Go(func() { _, _ = v.Verify(token) })
	}
	wg.Wait()
}
