package postgres_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/auth"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/postgres"
)

// person is somebody of a fresh trust, and the store that knows them.
type person struct {
	postgres.AuthStore
	t         *testing.T
	trust, id uuid.UUID
	now       time.Time
}

func newAccount(t *testing.T) *person {
	t.Helper()
	trust := newTrust(t)
	return &person{AuthStore: openTestDB(t).Auth(), t: t, trust: trust, id: newPerson(t, trust, "Priya.Nair@larkfield.example"),
		now: time.Now().UTC().Truncate(time.Microsecond)}
}

func newDigest() (d auth.Digest) {
	_, _ = rand.Read(d[:])
	return d
}

// signIn starts a session and returns it with its refresh token.
func (p *person) signIn() (auth.Session, auth.Digest) {
	p.t.Helper()
	s, first := p.session()
	require.NoError(p.t, p.StartSession(p.t.Context(), s, first, p.account().Epoch))
	return s, first.Digest
}

func (p *person) session() (auth.Session, auth.RefreshToken) {
	s := auth.Session{ID: uuid.New(), TrustID: p.trust, PersonID: p.id, ClientID: "mis", UserAgent: "Firefox", Generation: 1,
		RotatedAt: p.now, CreatedAt: p.now, LastUsedAt: p.now, ExpiresAt: p.now.Add(time.Hour)}
	return s, auth.RefreshToken{Digest: newDigest(), TrustID: p.trust, SessionID: s.ID, Generation: 1, IssuedAt: p.now}
}

func (p *person) account() auth.Account {
	p.t.Helper()
	a, err := p.AccountByID(p.t.Context(), p.trust, p.id)
	require.NoError(p.t, err)
	return a
}

// stored reads a session by one of its refresh tokens and stores nothing.
func (p *person) stored(token auth.Digest) auth.Session {
	p.t.Helper()
	var s auth.Session
	require.ErrorIs(p.t, p.RotateRefresh(p.t.Context(), p.trust, token, func(is auth.Presented) (auth.Rotation, error) {
		s = is.Session
		return auth.Rotation{}, errOnlyLooking
	}), errOnlyLooking)
	return s
}

var errOnlyLooking = errors.New("only looking")

func (p *person) requireEnded(token auth.Digest, why auth.EndReason) {
	p.t.Helper()
	s := p.stored(token)
	require.NotNil(p.t, s.EndedAt)
	require.Equal(p.t, why, s.EndedFor)
}

func (p *person) change(epoch int, edit func(*auth.PasswordChange)) error {
	c := auth.PasswordChange{TrustID: p.trust, PersonID: p.id, Epoch: epoch, Password: "$argon2id$new", At: p.now}
	if edit != nil {
		edit(&c)
	}
	return p.SetPassword(p.t.Context(), c)
}

func (p *person) link(purpose auth.Purpose) auth.Link {
	return auth.Link{ID: uuid.New(), TrustID: p.trust, PersonID: p.id, Purpose: purpose, Digest: newDigest(),
		CreatedAt: p.now, ExpiresAt: p.now.Add(time.Hour)}
}

func (p *person) givenLink(purpose auth.Purpose) auth.Link {
	p.t.Helper()
	l := p.link(purpose)
	require.NoError(p.t, p.ReplaceLink(p.t.Context(), l))
	return l
}

func (p *person) storedLink(d auth.Digest) auth.Link {
	p.t.Helper()
	l, _, err := p.LinkByDigest(p.t.Context(), p.trust, d)
	require.NoError(p.t, err)
	return l
}

// events lists the events of the trust in order: type, actor's kind and data.
func (p *person) events() []string {
	p.t.Helper()
	rows, err := shared.admin.Query(p.t.Context(), `select type || ' by ' || actor_kind || ' ' || (body::jsonb ->> 'data')
		from events where trust_id = $1 order by block_n, i`, p.trust)
	require.NoError(p.t, err)
	defer rows.Close()
	var list []string
	for rows.Next() {
		var e string
		require.NoError(p.t, rows.Scan(&e))
		list = append(list, e)
	}
	return list
}

// atOnce runs f n times in parallel and returns the errors in no order.
func atOnce(n int, f func(i int) error) []error {
	errs, ready := make([]error, n), make(chan struct{})
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { <-ready; errs[i] = f(i) })
	}
	close(ready)
	wg.Wait()
	return errs
}

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

func TestTriesComeBackAsTheyWereStored(t *testing.T) {
	t.Parallel()
	p, key := newAccount(t), newDigest()
	want := []time.Time{p.now.Add(-time.Minute), p.now.Truncate(time.Second), p.now}
	update := func(change func([]time.Time) []time.Time) {
		require.NoError(t, p.UpdateTries(t.Context(), p.trust, key, change))
	}
	update(func(tries []time.Time) []time.Time { require.Empty(t, tries); return want })
	update(func(tries []time.Time) []time.Time { require.Equal(t, want, tries); return tries[1:] })
	update(func(tries []time.Time) []time.Time { require.Equal(t, want[1:], tries); return nil })
	require.Zero(t, count(t, "select count(*) from sign_in_tries where trust_id = $1", p.trust), "an empty list leaves no row")
	update(func(tries []time.Time) []time.Time { require.Empty(t, tries); return nil })
}

func TestParallelGuessesAreAllCounted(t *testing.T) {
	t.Parallel()
	p, key := newAccount(t), newDigest()
	for _, err := range atOnce(40, func(int) error {
		return p.UpdateTries(t.Context(), p.trust, key, func(tries []time.Time) []time.Time { return append(tries, p.now) })
	}) {
		require.NoError(t, err)
	}
	require.Equal(t, 40, count(t, "select cardinality(tries) from sign_in_tries where trust_id = $1 and key = $2", p.trust, key[:]))
}

func TestTriesAreCountedWhileRowsComeAndGo(t *testing.T) {
	t.Parallel()
	p, key := newAccount(t), newDigest()
	var added atomic.Int64
	for _, err := range atOnce(48, func(i int) error {
		return p.UpdateTries(t.Context(), p.trust, key, func(tries []time.Time) []time.Time {
			if i%3 == 0 && len(tries) > 0 {
				added.Add(-1)
				return tries[1:]
			}
			added.Add(1)
			return append(tries, p.now)
		})
	}) {
		require.NoError(t, err)
	}
	require.EqualValues(t, added.Load(), count(t, "select coalesce(sum(cardinality(tries)), 0) from sign_in_tries where trust_id = $1", p.trust))
}

func TestOldTriesAreSweptByTheNextGuess(t *testing.T) {
	t.Parallel()
	p := newAccount(t)
	guess := func(at time.Time) {
		require.NoError(t, p.UpdateTries(t.Context(), p.trust, newDigest(), func(tries []time.Time) []time.Time { return append(tries, at) }))
	}
	guess(p.now.Add(-6 * time.Minute))
	guess(p.now.Add(-4 * time.Minute))
	require.Equal(t, 2, count(t, "select count(*) from sign_in_tries where trust_id = $1", p.trust))
	guess(p.now)
	require.Equal(t, 2, count(t, "select count(*) from sign_in_tries where trust_id = $1", p.trust))
}

func TestGuessIsCountedEvenIfTheCallerHangsUpAndTheRequestFails(t *testing.T) {
	t.Parallel()
	p, key := newAccount(t), newDigest()
	refused := errors.New("refused")
	err := openTestDB(t).InTx(t.Context(), p.trust, func(ctx context.Context) error {
		ctx, hangUp := context.WithCancel(ctx)
		hangUp()
		if err := p.UpdateTries(ctx, p.trust, key, func([]time.Time) []time.Time { return []time.Time{p.now} }); err != nil {
			return err
		}
		return refused
	})
	require.ErrorIs(t, err, refused)
	require.Equal(t, 1, count(t, "select cardinality(tries) from sign_in_tries where trust_id = $1 and key = $2", p.trust, key[:]))
}

func TestSessionComesBackAsItWasStored(t *testing.T) {
	t.Parallel()
	p := newAccount(t)
	s, token := p.signIn()
	require.Equal(t, s, p.stored(token))
	require.Equal(t, []string{"session.started by person {}"}, p.events())
}

func TestStaleSignInStoresNothing(t *testing.T) {
	t.Parallel()
	p := newAccount(t)
	s, first := p.session()
	require.ErrorIs(t, p.StartSession(t.Context(), s, first, 2), auth.ErrStale)
	asAdmin(t, "update people set status = 'inactive' where id = $1", p.id)
	require.ErrorIs(t, p.StartSession(t.Context(), s, first, 1), auth.ErrStale)
	require.Zero(t, count(t, "select count(*) from sessions where trust_id = $1", p.trust))
	require.Empty(t, p.events())
}

func TestSignInThatOverlapsAPasswordChangeIsStaleOrEnded(t *testing.T) {
	t.Parallel()
	for range 20 {
		p := newAccount(t)
		s, first := p.session()
		errs := atOnce(2, func(i int) error {
			if i == 0 {
				return p.StartSession(t.Context(), s, first, 1)
			}
			return p.change(1, nil)
		})
		require.NoError(t, errs[1])
		if errs[0] != nil {
			require.ErrorIs(t, errs[0], auth.ErrStale)
			continue
		}
		p.requireEnded(first.Digest, auth.EndedByPasswordChange)
	}
}

// next rotates as auth does, without a grace: a token of another generation ends the session.
func next(at time.Time, token auth.Digest) func(auth.Presented) (auth.Rotation, error) {
	return func(is auth.Presented) (auth.Rotation, error) {
		s := is.Session
		if s.EndedAt != nil {
			return auth.Rotation{Session: s}, nil
		}
		if is.Generation != s.Generation {
			s.EndedAt, s.EndedFor = &at, auth.EndedByReuse
			return auth.Rotation{Session: s}, nil
		}
		s.Generation++
		s.RotatedAt, s.LastUsedAt, s.ExpiresAt = at, at, at.Add(time.Hour)
		return auth.Rotation{Session: s, Issue: &auth.RefreshToken{Digest: token, TrustID: s.TrustID, SessionID: s.ID, Generation: s.Generation, IssuedAt: at}}, nil
	}
}

func TestRotationPresentsWhatIsStoredAndStoresTheAnswer(t *testing.T) {
	t.Parallel()
	p := newAccount(t)
	s, token := p.signIn()
	later, second := p.now.Add(time.Minute), newDigest()
	require.NoError(t, p.RotateRefresh(t.Context(), p.trust, token, func(is auth.Presented) (auth.Rotation, error) {
		require.Equal(t, auth.Presented{Session: s, Account: p.account(), Generation: 1}, is)
		return next(later, second)(is)
	}))
	s.Generation, s.RotatedAt, s.LastUsedAt, s.ExpiresAt = 2, later, later, later.Add(time.Hour)
	require.Equal(t, s, p.stored(second))
	require.Equal(t, s, p.stored(token), "rotated tokens are known still")
	require.Len(t, p.events(), 1, "a refresh is no event")

	require.NoError(t, p.RotateRefresh(t.Context(), p.trust, token, next(later, newDigest())))
	p.requireEnded(second, auth.EndedByReuse)
	require.Equal(t, `session.ended by system {"reason": "refresh_reused"}`, p.events()[1])
	require.NoError(t, p.RotateRefresh(t.Context(), p.trust, token, next(later, newDigest())))
	require.Len(t, p.events(), 2, "a session ends once")
}

func TestTwoRotationsAtOnceSucceedEachOther(t *testing.T) {
	t.Parallel()
	for range 10 {
		p := newAccount(t)
		s, token := p.signIn()
		issued := make([]auth.Digest, 6)
		for i := range issued {
			issued[i] = newDigest()
		}
		for _, err := range atOnce(len(issued), func(i int) error {
			return p.RotateRefresh(t.Context(), p.trust, token, next(p.now, issued[i]))
		}) {
			require.NoError(t, err)
		}
		p.requireEnded(token, auth.EndedByReuse)
		require.Equal(t, 2, p.stored(token).Generation)
		require.Equal(t, 2, count(t, "select count(*) from refresh_tokens where trust_id = $1 and session_id = $2", p.trust, s.ID), "one family")
	}
}

func TestRefusedDecisionStoresNothing(t *testing.T) {
	t.Parallel()
	p := newAccount(t)
	s, token := p.signIn()
	refused := errors.New("refused")
	require.ErrorIs(t, p.RotateRefresh(t.Context(), p.trust, token, func(is auth.Presented) (auth.Rotation, error) {
		r, _ := next(p.now, newDigest())(is)
		return r, refused
	}), refused)
	require.Equal(t, s, p.stored(token))
}

func TestCallerWhoHangsUpKeepsTheOldTokenButNotAReusedOne(t *testing.T) {
	t.Parallel()
	p := newAccount(t)
	s, token := p.signIn()
	gone, hangUp := context.WithCancel(t.Context())
	hangUp()
	require.ErrorIs(t, p.RotateRefresh(gone, p.trust, token, next(p.now, newDigest())), context.Canceled)
	require.Equal(t, s, p.stored(token))

	require.NoError(t, p.RotateRefresh(t.Context(), p.trust, token, next(p.now, newDigest())))
	require.NoError(t, p.RotateRefresh(gone, p.trust, token, next(p.now, newDigest())))
	p.requireEnded(token, auth.EndedByReuse)
}

func TestSessionEndsOnceAndForItsPersonOnly(t *testing.T) {
	t.Parallel()
	p := newAccount(t)
	s, token := p.signIn()
	end := auth.Ending{At: p.now.Add(time.Second), Reason: auth.EndedByPerson}
	somebody := newPerson(t, p.trust, "somebody@larkfield.example")
	require.ErrorIs(t, p.EndSession(t.Context(), p.trust, somebody, s.ID, end), auth.ErrNotFound)
	require.NoError(t, p.EndSession(t.Context(), p.trust, p.id, s.ID, end))
	require.NoError(t, p.EndSession(t.Context(), p.trust, p.id, s.ID, auth.Ending{At: p.now.Add(time.Hour), Reason: auth.EndedByLeaving}))
	require.NoError(t, p.EndByRefresh(t.Context(), p.trust, token, auth.Ending{At: p.now.Add(time.Hour), Reason: auth.EndedByClient}))
	p.requireEnded(token, auth.EndedByPerson)
	require.Equal(t, end.At, *p.stored(token).EndedAt)
	require.Equal(t, `session.ended by person {"reason": "ended_by_person"}`, p.events()[1])
	require.Len(t, p.events(), 2)
}

func TestAnyTokenOfTheFamilyEndsTheSession(t *testing.T) {
	t.Parallel()
	p := newAccount(t)
	_, token := p.signIn()
	second := newDigest()
	require.NoError(t, p.RotateRefresh(t.Context(), p.trust, token, next(p.now, second)))
	end := auth.Ending{At: p.now, Reason: auth.EndedByClient}
	require.ErrorIs(t, p.EndByRefresh(t.Context(), p.trust, newDigest(), end), auth.ErrNotFound)
	require.NoError(t, p.EndByRefresh(t.Context(), p.trust, token, end))
	p.requireEnded(second, auth.EndedByClient)
}

func TestLiveSessionsAreListedTheLastUsedFirst(t *testing.T) {
	t.Parallel()
	p := newAccount(t)
	older, _ := p.signIn()
	p.now = p.now.Add(time.Minute)
	newer, _ := p.signIn()
	_, token := p.signIn()
	require.NoError(t, p.EndByRefresh(t.Context(), p.trust, token, auth.Ending{At: p.now, Reason: auth.EndedByClient}))
	list, err := p.Sessions(t.Context(), p.trust, p.id, p.now)
	require.NoError(t, err)
	require.Equal(t, []auth.Session{newer, older}, list)
	list, err = p.Sessions(t.Context(), p.trust, p.id, older.ExpiresAt)
	require.NoError(t, err)
	require.Equal(t, []auth.Session{newer}, list)
}

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

func TestNewestTwoKeysAreKept(t *testing.T) {
	t.Parallel()
	keys := openOwnDB(t).Auth()
	rows, err := keys.LoadKeys(t.Context())
	require.NoError(t, err)
	require.Empty(t, rows)
	var saved []auth.KeyRow
	for g := 1; g <= 3; g++ {
		row := auth.KeyRow{Generation: g, KID: fmt.Sprint("key ", g), Sealed: []byte{byte(g)}, CreatedAt: time.Now().UTC().Truncate(time.Microsecond)}
		require.NoError(t, keys.SaveKey(t.Context(), row))
		saved = append(saved, row)
	}
	rows, err = keys.LoadKeys(t.Context())
	require.NoError(t, err)
	require.ElementsMatch(t, saved[1:], rows)
	require.ErrorIs(t, keys.SaveKey(t.Context(), auth.KeyRow{Generation: 3, KID: "late", Sealed: []byte{9}, CreatedAt: time.Now()}), auth.ErrKeyExists)
	require.NoError(t, keys.SaveKey(t.Context(), auth.KeyRow{Generation: 1, KID: "key 1", Sealed: []byte{1}, CreatedAt: time.Now()}), "generation 1 was deleted")
}

func TestProcessesThatStartAtOnceEndWithTheSameKey(t *testing.T) {
	t.Parallel()
	keys := openOwnDB(t).Auth()
	sets := make([]*auth.KeySet, 6)
	for _, err := range atOnce(len(sets), func(i int) (err error) {
		sets[i], err = auth.OpenKeySet(t.Context(), keys, keySecret, time.Now)
		return err
	}) {
		require.NoError(t, err)
	}
	for _, set := range sets {
		require.Equal(t, sets[0].String(), set.String())
	}
}

var keySecret = auth.Conceal("a secret of at least thirty-two characters")

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
