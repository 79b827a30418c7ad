package auth

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/fault"
)

const newPassword = "lantern gravel mosaic"

func (f *fixture) link(p Purpose) IssuedLink {
	f.t.Helper()
	link, err := f.CreateLink(f.t.Context(), LinkRequest{TrustID: f.trust, PersonID: f.priya, Purpose: p})
	require.NoError(f.t, err)
	return link
}

func (f *fixture) redeem(l IssuedLink, password string) error {
	return f.RedeemLink(f.t.Context(), l.Token, Conceal(password))
}

func (f *fixture) change(current, next string, session TokenPair) error {
	return f.ChangePassword(f.t.Context(), PasswordUpdate{
		TrustID: f.trust, PersonID: f.priya, SessionID: session.SessionID, Current: Conceal(current), New: Conceal(next),
	})
}

func TestChangedPasswordEndsTheOtherSessionsAndRaisesTheEpoch(t *testing.T) {
	f := setUp(t)
	other, own := f.signedIn(), f.signedIn()
	reset := f.link(PasswordReset)
	require.NoError(t, f.change(password, newPassword, own))
	require.Equal(t, 4, f.store.accounts[f.priya].Epoch)
	f.requireEnded(other.SessionID, EndedByPasswordChange)

	pair, err := f.refreshed(own.Refresh)
	require.NoError(t, err)
	c, err := f.verifier.Verify(pair.Access)
	require.NoError(t, err)
	require.Equal(t, 4, c.Epoch)

	_, err = f.try(password)
	requireCode(t, InvalidGrant, err)
	_, err = f.try(newPassword)
	require.NoError(t, err)
	requireCode(t, "link_invalid", f.redeem(reset, "yet another password"))
}

func TestChangingThePasswordNeedsTheCurrentOneAndIsThrottled(t *testing.T) {
	f := setUp(t)
	own := f.signedIn()
	e := requireCode(t, "password_too_short", f.change(password, "short", own))
	require.Equal(t, fault.Invalid, e.Kind)
	for range maxTries {
		requireCode(t, "current_password_wrong", f.change("wrong", newPassword, own))
	}
	requireCode(t, "too_many_tries", f.change(password, newPassword, own))
	_, err := f.try(password)
	requireCode(t, "too_many_tries", err)
	require.Equal(t, 3, f.store.accounts[f.priya].Epoch)
	requireCode(t, "not_found", f.ChangePassword(t.Context(), PasswordUpdate{TrustID: f.trust, PersonID: newID()}))
}

func TestTwoPasswordChangesAtOnceLetOneThrough(t *testing.T) {
	f := setUp(t)
	own := f.signedIn()
	f.store.meantime = func() { require.NoError(t, f.change(password, newPassword, own)) }
	e := requireCode(t, "account_changed", f.change(password, "yet another password", own))
	require.Equal(t, fault.Conflict, e.Kind)
	_, err := f.try(newPassword)
	require.NoError(t, err)
}

func TestInvitationSetsAFirstPassword(t *testing.T) {
	f := setUp(t)
	f.store.change(f.priya, func(a *Account) { a.Password = "" })
	link := f.link(Invitation)
	require.Equal(t, f.clock.now().Add(7*24*time.Hour), link.ExpiresAt)
	f.clock.pass(6 * 24 * time.Hour)
	require.NoError(t, f.redeem(link, newPassword))
	_, err := f.try(newPassword)
	require.NoError(t, err)
	_, err = f.CreateLink(t.Context(), LinkRequest{TrustID: f.trust, PersonID: f.priya, Purpose: Invitation})
	requireCode(t, "password_already_set", err)
}

func TestLinkWorksOnceAndEndsEverySession(t *testing.T) {
	f := setUp(t)
	pair := f.signedIn()
	link := f.link(PasswordReset)
	require.NoError(t, f.redeem(link, newPassword))
	f.requireEnded(pair.SessionID, EndedByPasswordChange)
	require.Equal(t, 4, f.store.accounts[f.priya].Epoch)
	requireCode(t, "link_invalid", f.redeem(link, "yet another password"))
	_, err := f.try(newPassword)
	require.NoError(t, err)
}

func TestLinkUsedTwiceAtOnceSetsOnePassword(t *testing.T) {
	f := setUp(t)
	link := f.link(PasswordReset)
	f.store.meantime = func() { require.NoError(t, f.redeem(link, newPassword)) }
	requireCode(t, "account_changed", f.redeem(link, "yet another password"))
	_, err := f.try(newPassword)
	require.NoError(t, err)
}

func TestRefusedPasswordLeavesTheLinkUnused(t *testing.T) {
	f := setUp(t)
	link := f.link(PasswordReset)
	requireCode(t, "password_too_common", f.redeem(link, "Priya.Nair.2026"))
	require.NoError(t, f.redeem(link, newPassword))
}

func TestResetLinkExpiresAfterAnHour(t *testing.T) {
	f := setUp(t)
	link := f.link(PasswordReset)
	f.clock.pass(time.Hour)
	requireCode(t, "link_invalid", f.redeem(link, newPassword))
}

func TestNewerLinkVoidsOlderOnesOfItsPurpose(t *testing.T) {
	f := setUp(t)
	f.store.change(f.priya, func(a *Account) { a.Password = "" })
	invitation, older, newer := f.link(Invitation), f.link(PasswordReset), f.link(PasswordReset)
	requireCode(t, "link_invalid", f.redeem(older, newPassword))
	require.True(t, f.store.links[digestOf(invitation.Token.Reveal())].usable(f.clock.now()))
	require.NoError(t, f.redeem(newer, newPassword))
	requireCode(t, "link_invalid", f.redeem(invitation, newPassword))
}

func TestLinksAreNotForLeaversNorForStrangers(t *testing.T) {
	f := setUp(t)
	link := f.link(PasswordReset)
	f.store.change(f.priya, func(a *Account) { a.Active = false })
	requireCode(t, "link_invalid", f.redeem(link, newPassword))
	_, err := f.CreateLink(t.Context(), LinkRequest{TrustID: f.trust, PersonID: f.priya, Purpose: PasswordReset})
	requireCode(t, "person_inactive", err)
	_, err = f.CreateLink(t.Context(), LinkRequest{TrustID: newID(), PersonID: f.priya, Purpose: PasswordReset})
	requireCode(t, "not_found", err)
	_, err = f.CreateLink(t.Context(), LinkRequest{TrustID: f.trust, PersonID: f.priya, Purpose: "other"})
	require.Error(t, err)
	unknown, _ := newOpaque(f.trust)
	requireCode(t, "link_invalid", f.RedeemLink(t.Context(), unknown, Conceal(newPassword)))
	requireCode(t, "link_invalid", f.RedeemLink(t.Context(), Conceal("x"), Conceal(newPassword)))
}
