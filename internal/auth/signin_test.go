package auth

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/fault"
)

func TestSignInAnswersTokensWithRolesAndUnits(t *testing.T) {
	f := setUp(t)
	pair := f.signedIn()
	require.Equal(t, 15*time.Minute, pair.ExpiresIn)
	c, err := f.verifier.Verify(pair.Access)
	require.NoError(t, err)
	require.Equal(t, f.store.grants[f.priya], c.Grant)
	require.Equal(t, f.priya, c.PersonID)
	require.Equal(t, f.trust, c.TrustID)
	require.Equal(t, pair.SessionID, c.SessionID)
	require.Equal(t, 3, c.Epoch)

	s := f.store.sessions[pair.SessionID]
	require.Equal(t, "Firefox on Linux", s.UserAgent)
	require.Equal(t, f.clock.now(), s.CreatedAt)
	require.Equal(t, f.clock.now().Add(SessionIdleLife), s.ExpiresAt)
	_, kept := f.store.tokens[digestOf(pair.Refresh.Reveal())]
	require.True(t, kept, "by its digest alone")
}

func TestAddressIsCaseInsensitive(t *testing.T) {
	f := setUp(t)
	for _, spelling := range []string{strings.ToUpper(email), strings.ToLower(email), " " + email + " "} {
		_, err := f.Token(t.Context(), TokenRequest{GrantType: GrantPassword, Trust: slug, Username: spelling, Password: Conceal(password)})
		require.NoError(t, err)
	}
}

func TestEveryFailureToSignInLooksTheSameAndComparesOnce(t *testing.T) {
	f := setUp(t)
	leaver, invited := newID(), newID()
	account := f.store.accounts[f.priya]
	account.PersonID, account.Email, account.Active = leaver, "leaver@larkfield.example", false
	f.store.accounts[leaver] = account
	account.PersonID, account.Email, account.Active, account.Password = invited, "invited@larkfield.example", true, ""
	f.store.accounts[invited] = account
	compared := 0
	inner := f.passwords.compare
	f.passwords.compare = func(password, hash string) (bool, error) {
		compared++
		return inner(password, hash)
	}
	var first string
	for name, r := range map[string]TokenRequest{
		"wrong password":            {Trust: slug, Username: email, Password: Conceal("wrong")},
		"unknown address":           {Trust: slug, Username: "nobody@larkfield.example", Password: Conceal(password)},
		"unknown trust":             {Trust: "elsewhere", Username: email, Password: Conceal(password)},
		"leaver, right password":    {Trust: slug, Username: "leaver@larkfield.example", Password: Conceal(password)},
		"invited, no password set":  {Trust: slug, Username: "invited@larkfield.example", Password: Conceal(password)},
		"password of absurd length": {Trust: slug, Username: email, Password: Conceal(strings.Repeat("x", 5000))},
	} {
		r.GrantType = GrantPassword
		compared = 0
		pair, err := f.Token(t.Context(), r)
		e := requireCode(t, InvalidGrant, err)
		if first == "" {
			first = e.Error()
		}
		require.Equal(t, first, e.Error(), name)
		require.Equal(t, fault.Malformed, e.Kind, name)
		require.Equal(t, 1, compared, name)
		require.Zero(t, pair, name)
	}
	require.Empty(t, f.store.sessions)
}

func TestTokenEndpointFaultsAreOAuthCodes(t *testing.T) {
	f := setUp(t)
	for _, c := range []struct {
		code string
		r    TokenRequest
	}{
		{InvalidRequest, TokenRequest{}},
		{InvalidRequest, TokenRequest{GrantType: GrantPassword, Username: email, Password: Conceal(password)}},
		{InvalidRequest, TokenRequest{GrantType: GrantPassword, Trust: slug, Password: Conceal(password)}},
		{InvalidRequest, TokenRequest{GrantType: GrantPassword, Trust: slug, Username: email}},
		{InvalidRequest, TokenRequest{GrantType: GrantPassword, Trust: slug, Username: "a\x00b", Password: Conceal(password)}},
		{InvalidRequest, TokenRequest{GrantType: GrantRefresh}},
		{InvalidRequest, TokenRequest{GrantType: GrantRefresh, ClientID: strings.Repeat("x", 101)}},
		{InvalidGrant, TokenRequest{GrantType: GrantRefresh, RefreshToken: Conceal("not one of ours")}},
		{UnsupportedGrantType, TokenRequest{GrantType: "implicit"}},
	} {
		_, err := f.Token(t.Context(), c.r)
		code, ok := OAuthCode(err)
		require.True(t, ok)
		require.Equal(t, c.code, code)
	}
	_, ok := OAuthCode(fault.Gone())
	require.False(t, ok)
	code, ok := OAuthCode(BadClient())
	require.True(t, ok)
	require.Equal(t, InvalidClient, code)
}

func TestPasswordGrantCanBeSwitchedOff(t *testing.T) {
	f := setUp(t)
	pair := f.signedIn()
	f.options.PasswordGrant = false
	_, err := f.try(password)
	requireCode(t, UnsupportedGrantType, err)
	_, err = f.refreshed(pair.Refresh)
	require.NoError(t, err)
}

func TestEleventhGuessInFiveMinutesIsRefused(t *testing.T) {
	f := setUp(t)
	for range maxTries {
		_, err := f.try("wrong")
		requireCode(t, InvalidGrant, err)
		f.clock.pass(10 * time.Second)
	}
	_, err := f.try(password)
	e := requireCode(t, "too_many_tries", err)
	require.Equal(t, fault.TooMany, e.Kind)
	require.Equal(t, 200*time.Second, e.RetryAfter, "until the first of them is five minutes old")

	f.clock.pass(e.RetryAfter - time.Second)
	_, err = f.try(password)
	requireCode(t, "too_many_tries", err)
	f.clock.pass(time.Second)
	f.signedIn()
}

func TestRefusedGuessesDoNotLengthenTheWait(t *testing.T) {
	f := setUp(t)
	for range 3 * maxTries {
		_, _ = f.try("wrong")
	}
	f.clock.pass(tryWindow)
	f.signedIn()
}

func TestRightPasswordIsNoGuessAndForgivesNone(t *testing.T) {
	f := setUp(t)
	for range 3 * maxTries {
		f.signedIn()
	}
	for range maxTries - 1 {
		_, _ = f.try("wrong")
	}
	f.signedIn()
	_, err := f.try("wrong")
	requireCode(t, InvalidGrant, err)
	_, err = f.try(password)
	requireCode(t, "too_many_tries", err)
}

func TestParallelGuessesAreCountedToo(t *testing.T) {
	f := setUp(t)
	var mu sync.Mutex
	codes := map[string]int{}
	var wg sync.WaitGroup
	for range 40 {
		wg.Go(func() {
			_, err := f.try("wrong")
			mu.Lock()
			defer mu.Unlock()
			codes[fault.CodeOf(err)]++
		})
	}
	wg.Wait()
	require.Equal(t, map[string]int{InvalidGrant: maxTries, "too_many_tries": 30}, codes)
}

func TestUnknownAddressIsThrottledAsAKnownOneIs(t *testing.T) {
	f := setUp(t)
	r := TokenRequest{GrantType: GrantPassword, Trust: slug, Username: "nobody@larkfield.example", Password: Conceal("wrong")}
	for range maxTries {
		_, err := f.Token(t.Context(), r)
		requireCode(t, InvalidGrant, err)
	}
	r.Username = "NOBODY@larkfield.example"
	_, err := f.Token(t.Context(), r)
	requireCode(t, "too_many_tries", err)
	f.signedIn() // the throttle is the account's, not the trust's
}

func TestSignInThatOverlapsAPasswordChangeFails(t *testing.T) {
	f := setUp(t)
	f.store.meantime = func() { f.store.change(f.priya, func(a *Account) { a.Epoch++ }) }
	_, err := f.try(password)
	requireCode(t, InvalidGrant, err)
	require.Empty(t, f.store.sessions)
}

func TestUserAgentBecomesAShortPlainLabel(t *testing.T) {
	require.Equal(t, "curl8", label("curl\x00\n8\xff"))
	require.Len(t, []rune(label(strings.Repeat("é", 300))), maxUserAgent)
}

func TestLuckyMatchWithNobodysHashSignsNobodyIn(t *testing.T) {
	f := setUp(t)
	f.passwords.compare = func(string, string) (bool, error) { return true, nil }
	f.store.change(f.priya, func(a *Account) { a.Password = "" })
	_, err := f.try(password)
	requireCode(t, InvalidGrant, err)
	require.Empty(t, f.store.sessions)
}

func TestLeaversRightPasswordCountsAsAGuess(t *testing.T) {
	f := setUp(t)
	f.store.change(f.priya, func(a *Account) { a.Active = false })
	for range maxTries {
		_, err := f.try(password)
		requireCode(t, InvalidGrant, err)
	}
	_, err := f.try(password)
	requireCode(t, "too_many_tries", err)
}
