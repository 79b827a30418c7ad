package postgres_test

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/auth"
	"github.com/perennial-api/perennial/internal/fault"
)

// service is auth over this store, with a clock that the test moves.
type service struct {
	*auth.Service
	*person
	verifier *auth.Verifier
	ahead    atomic.Int64
}

func newService(t *testing.T) *service {
	t.Helper()
	s := &service{person: newAccount(t)}
	now := func() time.Time { return time.Now().Add(time.Duration(s.ahead.Load())) }
	keys, err := auth.OpenKeySet(t.Context(), s.AuthStore, keySecret, now)
	require.NoError(t, err)
	passwords, err := auth.NewPasswords()
	require.NoError(t, err)
	config := auth.TokenConfig{Issuer: "https://perennial.example", Audience: "perennial-api", Now: now}
	s.verifier = auth.NewVerifier(keys, config)
	s.Service = auth.NewService(s.AuthStore, auth.NewIssuer(keys, config), passwords, auth.Options{PasswordGrant: true, Now: now})
	return s
}

func (s *service) redeem(purpose auth.Purpose, password string) error {
	s.t.Helper()
	link, err := s.CreateLink(s.t.Context(), auth.LinkRequest{TrustID: s.trust, PersonID: s.id, Purpose: purpose})
	require.NoError(s.t, err)
	return s.RedeemLink(s.t.Context(), link.Token, auth.Conceal(password))
}

func (s *service) try(password string) (auth.TokenPair, error) {
	return s.Token(s.t.Context(), auth.TokenRequest{GrantType: auth.GrantPassword, Trust: slugOf(s.trust),
		Username: strings.ToUpper(s.account().Email), Password: auth.Conceal(password)})
}

func (s *service) refreshed(token auth.Secret) (auth.TokenPair, error) {
	return s.Token(s.t.Context(), auth.TokenRequest{GrantType: auth.GrantRefresh, RefreshToken: token})
}

func (s *service) requireRefused(err error) {
	s.t.Helper()
	require.Equal(s.t, auth.InvalidGrant, fault.CodeOf(err), "%v", err)
}

const (
	firstPassword  = "harbour violin thicket"
	secondPassword = "lantern otter quarry"
	thirdPassword  = "meadow copper sparrow"
)

func TestSigningInStayingSignedInAndChangingThePassword(t *testing.T) {
	t.Parallel()
	s := newService(t)
	_, err := s.try(firstPassword)
	s.requireRefused(err) // no password yet
	require.NoError(t, s.redeem(auth.Invitation, firstPassword))
	here, err := s.try(firstPassword)
	require.NoError(t, err)
	claims, err := s.verifier.Verify(here.Access)
	require.NoError(t, err)
	require.Equal(t, s.id, claims.PersonID)
	require.Equal(t, 2, claims.Epoch)

	next, err := s.refreshed(here.Refresh)
	require.NoError(t, err)
	s.ahead.Add(int64(auth.RefreshGrace + time.Second))
	_, err = s.refreshed(here.Refresh)
	s.requireRefused(err) // reused
	_, err = s.refreshed(next.Refresh)
	s.requireRefused(err) // and so the session has ended
}

func TestNewPasswordSignsOutEverywhereElse(t *testing.T) {
	t.Parallel()
	s := newService(t)
	require.NoError(t, s.redeem(auth.Invitation, firstPassword))
	here, err := s.try(firstPassword)
	require.NoError(t, err)
	there, err := s.try(firstPassword)
	require.NoError(t, err)
	require.NoError(t, s.ChangePassword(t.Context(), auth.PasswordUpdate{TrustID: s.trust, PersonID: s.id, SessionID: here.SessionID,
		Current: auth.Conceal(firstPassword), New: auth.Conceal(secondPassword)}))
	_, err = s.refreshed(there.Refresh)
	s.requireRefused(err)
	here, err = s.refreshed(here.Refresh)
	require.NoError(t, err)
	_, err = s.try(firstPassword)
	s.requireRefused(err)

	require.NoError(t, s.redeem(auth.PasswordReset, thirdPassword))
	_, err = s.refreshed(here.Refresh)
	s.requireRefused(err)
	last, err := s.try(thirdPassword)
	require.NoError(t, err)
	require.NoError(t, s.Revoke(t.Context(), last.Refresh))
	list, err := s.Service.Sessions(t.Context(), s.trust, s.id)
	require.NoError(t, err)
	require.Empty(t, list)
}

func TestTokenMadeOfZeroesIsRefusedAsAnyOther(t *testing.T) {
	t.Parallel()
	s := newService(t)
	_, err := s.refreshed(auth.Conceal(strings.Repeat("A", 64)))
	s.requireRefused(err)
	require.NoError(t, s.Revoke(t.Context(), auth.Conceal(strings.Repeat("A", 64))))
	err = s.RedeemLink(t.Context(), auth.Conceal(strings.Repeat("A", 64)), auth.Conceal(firstPassword))
	require.Equal(t, "link_invalid", fault.CodeOf(err))
}

func TestEventsHoldNoSecretAndNoAddress(t *testing.T) {
	t.Parallel()
	s := newService(t)
	require.NoError(t, s.redeem(auth.Invitation, firstPassword))
	_, err := s.try(firstPassword)
	require.NoError(t, err)
	require.Equal(t, []string{`link.created by system {"purpose": "invitation"}`, `link.redeemed by person {}`,
		`password.changed by person {}`, `session.started by person {}`}, s.events())
	require.Zero(t, count(t, `select count(*) from events where trust_id = $1
		and (body ilike '%larkfield%' or body ilike '%argon2%' or body ilike '%nair%')`, s.trust))
}
