package postgres_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

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
