package postgres_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/auth"
)

func TestLinkIsRedeemedOnce(t *testing.T) {
	t.Parallel()
	p := newAccount(t)
	link := p.givenLink(auth.Invitation)
	errs := atOnce(2, func(int) error { return p.change(1, func(c *auth.PasswordChange) { c.LinkID = link.ID }) })
	require.ErrorIs(t, errors.Join(errs...), auth.ErrStale)
	require.True(t, errs[0] == nil || errs[1] == nil)
	require.Equal(t, p.now, *p.storedLink(link.Digest).UsedAt)
	require.Nil(t, p.storedLink(link.Digest).VoidedAt)
	require.Equal(t, []string{"link.redeemed by person {}", "password.changed by person {}"}, p.events()[1:])
}

func TestNewLinkVoidsTheOldOnesOfItsPurpose(t *testing.T) {
	t.Parallel()
	p := newAccount(t)
	hr := newPerson(t, p.trust, "hr@larkfield.example")
	invitation, first := p.givenLink(auth.Invitation), p.givenLink(auth.PasswordReset)
	second := p.link(auth.PasswordReset)
	second.CreatedBy, second.CreatedAt = hr, p.now.Add(time.Second)
	require.NoError(t, p.ReplaceLink(t.Context(), second))

	l, a, err := p.LinkByDigest(t.Context(), p.trust, second.Digest)
	require.NoError(t, err)
	require.Equal(t, second, l)
	require.Equal(t, p.account(), a)
	require.Equal(t, invitation, p.storedLink(invitation.Digest), "made by nobody, from the command line")
	first.VoidedAt = &second.CreatedAt
	require.Equal(t, first, p.storedLink(first.Digest))
	require.Equal(t, []string{`link.created by system {"purpose": "invitation"}`, `link.created by system {"purpose": "password_reset"}`,
		`link.created by person {"purpose": "password_reset"}`}, p.events())
}

func TestOfTwoLinksAtOnceOneIsLeft(t *testing.T) {
	t.Parallel()
	for range 10 {
		p := newAccount(t)
		for _, err := range atOnce(4, func(int) error { return p.ReplaceLink(t.Context(), p.link(auth.PasswordReset)) }) {
			require.NoError(t, err)
		}
		require.Equal(t, 1, count(t, "select count(*) from auth_links where trust_id = $1 and voided_at is null", p.trust))
		require.Equal(t, 4, count(t, "select count(*) from auth_links where trust_id = $1", p.trust))
	}
}

func TestLinkGoesWithTheRequestThatMakesIt(t *testing.T) {
	t.Parallel()
	p := newAccount(t)
	link, refused := p.link(auth.Invitation), errors.New("refused")
	err := openTestDB(t).InTx(t.Context(), p.trust, func(ctx context.Context) error {
		if err := p.ReplaceLink(ctx, link); err != nil {
			return err
		}
		return refused
	})
	require.ErrorIs(t, err, refused)
	_, _, err = p.LinkByDigest(t.Context(), p.trust, link.Digest)
	require.ErrorIs(t, err, auth.ErrNotFound)
	require.Empty(t, p.events())
}
