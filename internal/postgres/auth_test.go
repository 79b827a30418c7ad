package postgres_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/auth"
)

func TestTrustIsFoundByItsSlugBeforeAnyTrustIsKnown(t *testing.T) {
	t.Parallel()
	p := newAccount(t)
	id, err := p.TrustBySlug(t.Context(), slugOf(p.trust))
	require.NoError(t, err)
	require.Equal(t, p.trust, id)
	_, err = p.TrustBySlug(t.Context(), "elsewhere")
	require.ErrorIs(t, err, auth.ErrNotFound)
}

func TestAccountIsFoundByItsAddressInLowerCaseAndWithoutAPassword(t *testing.T) {
	t.Parallel()
	p := newAccount(t)
	a, err := p.AccountByEmail(t.Context(), p.trust, "priya.nair@larkfield.example")
	require.NoError(t, err)
	require.Equal(t, auth.Account{TrustID: p.trust, PersonID: p.id, Email: "Priya.Nair@larkfield.example", Name: "Priya Nair", Active: true, Epoch: 1}, a)
	require.Equal(t, a, p.account())

	asAdmin(t, "update people set status = 'inactive' where id = $1", p.id)
	require.False(t, p.account().Active, "leavers are found too")
}

func TestNothingOfAnotherTrustIsFound(t *testing.T) {
	t.Parallel()
	p, ctx := newAccount(t), t.Context()
	session, token := p.signIn()
	link := p.givenLink(auth.PasswordReset)
	end := auth.Ending{At: p.now, Reason: auth.EndedByPerson}
	// The other trust exists, one does not, and a made-up token may name none.
	for _, other := range []uuid.UUID{newTrust(t), uuid.New(), uuid.Nil} {
		_, byEmail := p.AccountByEmail(ctx, other, "priya.nair@larkfield.example")
		_, byID := p.AccountByID(ctx, other, p.id)
		_, claims := p.Claims(ctx, other, p.id)
		_, _, byDigest := p.LinkByDigest(ctx, other, link.Digest)
		for i, err := range []error{byEmail, byID, claims, byDigest,
			p.RotateRefresh(ctx, other, token, nil),
			p.EndByRefresh(ctx, other, token, end),
			p.EndSession(ctx, other, p.id, session.ID, end),
			p.SetPassword(ctx, auth.PasswordChange{TrustID: other, PersonID: p.id, Epoch: 1, Password: "x", At: p.now}),
		} {
			require.ErrorIs(t, err, auth.ErrNotFound, "%d in %s", i, other)
		}
	}
	foreign := p.link(auth.PasswordReset)
	foreign.TrustID = newTrust(t)
	require.ErrorIs(t, p.ReplaceLink(ctx, foreign), auth.ErrNotFound)
	require.Nil(t, p.stored(token).EndedAt)
}

func TestClaimsAreTheRolesOfTodayInOrderAndTheUnitsHeaded(t *testing.T) {
	t.Parallel()
	p := newAccount(t)
	g, err := p.Claims(t.Context(), p.trust, p.id)
	require.NoError(t, err)
	require.Equal(t, auth.Grant{}, g)

	root, below := uuid.New(), uuid.New()
	asAdmin(t, "insert into units (trust_id, id, kind, name, decides) values ($1, $2, 'trust', 'All', true)", p.trust, root)
	asAdmin(t, "insert into units (trust_id, id, parent_id, kind, name, decides) values ($1, $2, $3, 'school', 'Larkfield', true)", p.trust, below, root)
	const office = "insert into offices (trust_id, id, code, unit_id, person_id, from_on, until_on) values ($1, $2, $3, $4, $5, current_date - 9, current_date + $6::int)"
	asAdmin(t, office, p.trust, uuid.New(), "hr", root, p.id, 9)
	asAdmin(t, office, p.trust, uuid.New(), "head", below, p.id, 9)
	asAdmin(t, office, p.trust, uuid.New(), "ceo", root, p.id, -2)
	g, err = p.Claims(t.Context(), p.trust, p.id)
	require.NoError(t, err)
	require.Equal(t, auth.Grant{Roles: []string{"head", "hr"}, Units: []uuid.UUID{below}}, g)
}
