package auth

import (
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func (f *fixture) requireEnded(id uuid.UUID, reason EndReason) {
	f.t.Helper()
	s := f.store.sessions[id]
	require.NotNil(f.t, s.EndedAt)
	require.Equal(f.t, reason, s.EndedFor)
}

func TestRefreshRotatesAndReadsRolesAfresh(t *testing.T) {
	f := setUp(t)
	first := f.signedIn()
	f.store.grants[f.priya] = Grant{Roles: []string{"reviewee"}}
	f.clock.pass(14 * time.Minute)
	second, err := f.refreshed(first.Refresh)
	require.NoError(t, err)
	require.NotEqual(t, first.Refresh.Reveal(), second.Refresh.Reveal())
	require.Equal(t, first.SessionID, second.SessionID)
	c, err := f.verifier.Verify(second.Access)
	require.NoError(t, err)
	require.Equal(t, []string{"reviewee"}, c.Roles)
	require.Equal(t, f.clock.now(), f.store.sessions[first.SessionID].LastUsedAt)
}

func TestReusedRefreshTokenEndsTheSession(t *testing.T) {
	f := setUp(t)
	first := f.signedIn()
	second, err := f.refreshed(first.Refresh)
	require.NoError(t, err)
	f.clock.pass(RefreshGrace + time.Microsecond)
	_, err = f.refreshed(first.Refresh)
	requireCode(t, InvalidGrant, err)
	f.requireEnded(first.SessionID, EndedByReuse)
	_, err = f.refreshed(second.Refresh)
	requireCode(t, InvalidGrant, err)
}

func TestTokenOlderThanThePreviousEndsTheSessionEvenWithinTheGrace(t *testing.T) {
	f := setUp(t)
	first := f.signedIn()
	second, err := f.refreshed(first.Refresh)
	require.NoError(t, err)
	_, err = f.refreshed(second.Refresh)
	require.NoError(t, err)
	_, err = f.refreshed(first.Refresh)
	requireCode(t, InvalidGrant, err)
	f.requireEnded(first.SessionID, EndedByReuse)
}

func TestSecondTabWithinTheGraceGetsAPairOfItsOwn(t *testing.T) {
	f := setUp(t)
	first := f.signedIn()
	tab1, err := f.refreshed(first.Refresh)
	require.NoError(t, err)
	f.clock.pass(RefreshGrace)
	tab2, err := f.refreshed(first.Refresh)
	require.NoError(t, err)
	require.Equal(t, first.SessionID, tab2.SessionID)
	require.NotEqual(t, tab1.Refresh.Reveal(), tab2.Refresh.Reveal())

	// Whichever answer the browser stored last works on.
	f.clock.pass(14 * time.Minute)
	_, err = f.refreshed(tab1.Refresh)
	require.NoError(t, err)
	f.clock.pass(time.Minute)
	_, err = f.refreshed(tab2.Refresh)
	requireCode(t, InvalidGrant, err)
	f.requireEnded(first.SessionID, EndedByReuse)
}

func TestGraceIsNotProlongedByUsingIt(t *testing.T) {
	f := setUp(t)
	first := f.signedIn()
	_, err := f.refreshed(first.Refresh)
	require.NoError(t, err)
	f.clock.pass(8 * time.Second)
	_, err = f.refreshed(first.Refresh)
	require.NoError(t, err)
	f.clock.pass(8 * time.Second)
	_, err = f.refreshed(first.Refresh)
	requireCode(t, InvalidGrant, err)
}

func TestTabsThatRefreshAtOnceStaySignedIn(t *testing.T) {
	f := setUp(t)
	first := f.signedIn()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			_, err := f.refreshed(first.Refresh)
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	require.Equal(t, 2, f.store.sessions[first.SessionID].Generation)
}

func TestSessionEndsUnusedAfterThirtyDaysAndAfterNinetyInAll(t *testing.T) {
	f := setUp(t)
	idle := f.signedIn()
	f.clock.pass(SessionIdleLife)
	_, err := f.refreshed(idle.Refresh)
	requireCode(t, InvalidGrant, err)

	pair := f.signedIn()
	for range 3 {
		f.clock.pass(29 * 24 * time.Hour)
		pair, err = f.refreshed(pair.Refresh)
		require.NoError(t, err)
	}
	f.clock.pass(3*24*time.Hour - time.Second)
	pair, err = f.refreshed(pair.Refresh)
	require.NoError(t, err)
	f.clock.pass(time.Second)
	_, err = f.refreshed(pair.Refresh)
	requireCode(t, InvalidGrant, err)
}

func TestLeaverCannotRefresh(t *testing.T) {
	f := setUp(t)
	pair := f.signedIn()
	f.store.change(f.priya, func(a *Account) { a.Active = false })
	_, left := f.refreshed(pair.Refresh)
	requireCode(t, InvalidGrant, left)
	_, unknown := f.refreshed(Conceal("unknown"))
	require.Equal(t, unknown, left)
	f.requireEnded(pair.SessionID, EndedByLeaving)
}

func TestRefreshTokenIsBoundToItsClient(t *testing.T) {
	f := setUp(t)
	pair, err := f.Token(t.Context(), TokenRequest{GrantType: GrantPassword, Trust: slug, Username: email, Password: Conceal(password), ClientID: "mis"})
	require.NoError(t, err)
	_, err = f.refreshed(pair.Refresh)
	requireCode(t, InvalidGrant, err)
	_, err = f.Token(t.Context(), TokenRequest{GrantType: GrantRefresh, RefreshToken: pair.Refresh, ClientID: "mis"})
	require.NoError(t, err)
}

func TestRefreshTokenOfAnotherTrustFindsNothing(t *testing.T) {
	f := setUp(t)
	pair := f.signedIn()
	raw, err := opaqueEncoding.DecodeString(pair.Refresh.Reveal())
	require.NoError(t, err)
	other := newID()
	copy(raw, other[:])
	_, err = f.refreshed(Conceal(opaqueEncoding.EncodeToString(raw)))
	requireCode(t, InvalidGrant, err)
	require.Nil(t, f.store.sessions[pair.SessionID].EndedAt)
}

func TestOpaqueSecretsAreLongRandomAndStrictlyDecoded(t *testing.T) {
	trust := newID()
	a, _ := newOpaque(trust)
	b, _ := newOpaque(trust)
	require.NotEqual(t, a.Reveal()[22:], b.Reveal()[22:])
	raw, err := opaqueEncoding.DecodeString(a.Reveal())
	require.NoError(t, err)
	require.Len(t, raw, 16+32)
	got, _, ok := openOpaque(a)
	require.True(t, ok)
	require.Equal(t, trust, got)
	for _, bad := range []string{"", a.Reveal() + "A", a.Reveal()[1:], a.Reveal()[:63] + "=", a.Reveal()[:63] + "\n", a.Reveal()[:63] + "+"} {
		_, _, ok = openOpaque(Conceal(bad))
		require.False(t, ok, bad)
	}
}

func TestRevokeEndsTheSessionAndForgivesUnknownTokens(t *testing.T) {
	f := setUp(t)
	pair := f.signedIn()
	unknown, _ := newOpaque(f.trust)
	require.NoError(t, f.Revoke(t.Context(), unknown))
	require.NoError(t, f.Revoke(t.Context(), Conceal("whatever")))
	requireCode(t, InvalidRequest, f.Revoke(t.Context(), Secret{}))
	requireCode(t, UnsupportedTokenType, f.Revoke(t.Context(), pair.Access))
	require.NoError(t, f.Revoke(t.Context(), pair.Refresh))
	require.NoError(t, f.Revoke(t.Context(), pair.Refresh), "twice is fine")
	f.requireEnded(pair.SessionID, EndedByClient)
	_, err := f.refreshed(pair.Refresh)
	requireCode(t, InvalidGrant, err)
}

func TestPersonListsAndEndsTheirOwnSessions(t *testing.T) {
	f := setUp(t)
	here := f.signedIn()
	f.clock.pass(time.Minute)
	there := f.signedIn()
	list, err := f.Sessions(t.Context(), f.trust, f.priya)
	require.NoError(t, err)
	require.Len(t, list, 2)
	require.Equal(t, there.SessionID, list[0].ID)

	requireCode(t, "not_found", f.EndSession(t.Context(), f.trust, newID(), there.SessionID))
	require.NoError(t, f.EndSession(t.Context(), f.trust, f.priya, there.SessionID))
	f.requireEnded(there.SessionID, EndedByPerson)
	list, err = f.Sessions(t.Context(), f.trust, f.priya)
	require.NoError(t, err)
	require.Len(t, list, 1)
	_, err = f.refreshed(here.Refresh)
	require.NoError(t, err)
}
