package postgres_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/auth"
)

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
