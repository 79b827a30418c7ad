package postgres_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/auth"
)

func TestNewPasswordEndsOtherSessionsAndVoidsLinks(t *testing.T) {
	t.Parallel()
	p := newAccount(t)
	kept, keptToken := p.signIn()
	_, otherToken := p.signIn()
	link := p.givenLink(auth.PasswordReset)
	require.NoError(t, p.change(1, func(c *auth.PasswordChange) { c.KeepSession = kept.ID }))

	a := p.account()
	require.Equal(t, 2, a.Epoch)
	require.EqualValues(t, "$argon2id$new", a.Password)
	require.Nil(t, p.stored(keptToken).EndedAt)
	p.requireEnded(otherToken, auth.EndedByPasswordChange)
	require.Equal(t, p.now, *p.storedLink(link.Digest).VoidedAt)
	require.Equal(t, []string{`password.changed by person {}`, `session.ended by person {"reason": "password_changed"}`}, p.events()[3:])
}

func TestStalePasswordChangeWritesNothing(t *testing.T) {
	t.Parallel()
	p := newAccount(t)
	_, token := p.signIn()
	link := p.givenLink(auth.PasswordReset)
	used := p.givenLink(auth.Invitation)
	require.ErrorIs(t, p.change(2, nil), auth.ErrStale)
	require.ErrorIs(t, p.change(1, func(c *auth.PasswordChange) { c.LinkID = uuid.New() }), auth.ErrStale)
	require.ErrorIs(t, p.change(1, func(c *auth.PasswordChange) { c.LinkID, c.At = link.ID, link.ExpiresAt }), auth.ErrStale)
	asAdmin(t, "update auth_links set used_at = now() where id = $1", used.ID)
	require.ErrorIs(t, p.change(1, func(c *auth.PasswordChange) { c.LinkID = used.ID }), auth.ErrStale)
	asAdmin(t, "update people set status = 'inactive' where id = $1", p.id)
	require.ErrorIs(t, p.change(1, nil), auth.ErrStale)

	require.Equal(t, 1, p.account().Epoch)
	require.Empty(t, string(p.account().Password))
	require.Nil(t, p.stored(token).EndedAt)
	require.Nil(t, p.storedLink(link.Digest).VoidedAt)
	require.Len(t, p.events(), 3)
}

func TestOfTwoPasswordChangesAtOnceOneIsStale(t *testing.T) {
	t.Parallel()
	for range 10 {
		p := newAccount(t)
		errs := atOnce(2, func(i int) error {
			return p.change(1, func(c *auth.PasswordChange) { c.Password = auth.PasswordHash(fmt.Sprint("hash ", i)) })
		})
		won := 0
		if errs[0] != nil {
			won = 1
		}
		require.NoError(t, errs[won])
		require.ErrorIs(t, errs[1-won], auth.ErrStale)
		require.Equal(t, fmt.Sprint("hash ", won), string(p.account().Password))
		require.Equal(t, 2, p.account().Epoch)
	}
}
