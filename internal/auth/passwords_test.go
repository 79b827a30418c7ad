package auth

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/fault"
)

func TestPasswordRules(t *testing.T) {
	for _, c := range []struct{ password, code string }{
		{"harbour violin thicket", ""},
		{"lkjwqpzmxnty", ""},
		{"837465019263", ""}, // no rules of composition
		{"ÅÄÖåäöÅÄÖåäx", ""}, // twelve characters, more bytes
		{"harbour viol", ""},
		{"harbour vio", "password_too_short"},
		{"", "password_too_short"},
		{strings.Repeat("harbour-", 16)[:127] + "x", ""},
		{strings.Repeat("harbour violin ", 9), "password_too_long"},
		{"caf\xff\xfe harbour violin", "password_unreadable"},
		{"passwordpassword", "password_too_common"},
		{"Password-2026!", "password_too_common"},
		{"P@ssw0rd123456", "password_too_common"},
		{"Perennial2026", "password_too_common"},
		{"perennialperennial", "password_too_common"},
		{"schoolteacher1", "password_too_common"},
		{"qwertyuiop12", "password_too_common"},
		{"123456789012", "password_too_common"},
		{"abcdefghijkl", "password_too_common"},
		{"aaaaaaaaaaaa", "password_too_common"},
		{"tigertigertiger", "password_too_common"},
		{"1qaz2wsx3edc", "password_too_common"},
		{"SonyEricsson", "password_too_common"},
		{"Larkfield-2026", "password_too_common"},
		{"PriyaNair1987", "password_too_common"},
		{"correct horse battery staple", "password_too_common"},
	} {
		t.Run(c.password, func(t *testing.T) {
			err := CheckPassword(Conceal(c.password), email, "Priya Nair")
			if c.code == "" {
				require.NoError(t, err)
				return
			}
			e := requireCode(t, c.code, err)
			require.Equal(t, fault.Invalid, e.Kind)
			if c.password != "" {
				require.NotContains(t, e.Error(), c.password)
			}
		})
	}
}

func TestDenyListHoldsOnlyWhatTheLengthLetsThrough(t *testing.T) {
	require.Greater(t, len(denied()), 200)
	for word := range denied() {
		require.GreaterOrEqual(t, len(word), PasswordMinCharacters, word)
		require.Equal(t, strings.ToLower(word), word)
	}
}

// The one test with the real parameters.
func TestRealHashIsOfTheDocumentedCost(t *testing.T) {
	p, err := NewPasswords()
	require.NoError(t, err)
	hash, err := p.Hash(t.Context(), Conceal(password))
	require.NoError(t, err)
	for _, h := range []PasswordHash{hash, p.dummy} {
		require.True(t, strings.HasPrefix(string(h), "$argon2id$v=19$m=19456,t=2,p=1$"))
	}
	same, err := p.matches(Conceal(password), hash)
	require.NoError(t, err)
	require.True(t, same)
	same, err = p.matches(Conceal(password+"!"), hash)
	require.NoError(t, err)
	require.False(t, same)
}

func TestSamePasswordFromAnotherKeyboardMatches(t *testing.T) {
	p, err := newPasswords(cheap, 1, time.Second)
	require.NoError(t, err)
	hash, err := p.Hash(t.Context(), Conceal("café harbour violin"))
	require.NoError(t, err)
	same, err := p.matches(Conceal("cafe\u0301 harbour violin"), hash)
	require.NoError(t, err)
	require.True(t, same)
}

func TestOverlongPasswordIsWrongAndCheap(t *testing.T) {
	p, err := newPasswords(cheap, 1, time.Second)
	require.NoError(t, err)
	var compared string
	inner := p.compare
	p.compare = func(password, hash string) (bool, error) {
		compared = password
		return inner(password, hash)
	}
	same, err := p.matches(Conceal(strings.Repeat("x", 1<<20)), p.dummy)
	require.NoError(t, err)
	require.False(t, same)
	require.LessOrEqual(t, len(compared), PasswordMaxBytes)
}

func TestAtMostFourPasswordsAreHashedAtOnce(t *testing.T) {
	f := setUp(t)
	var running, most atomic.Int32
	f.passwords.compare = func(string, string) (bool, error) {
		n := running.Add(1)
		defer running.Add(-1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		time.Sleep(5 * time.Millisecond)
		return true, nil
	}
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() { _, _ = f.try(password) })
	}
	wg.Wait()
	require.EqualValues(t, 4, most.Load())
}

func TestNoFreeSlotAnswersBusyAndCountsNoGuess(t *testing.T) {
	f := setUp(t)
	f.passwords.wait = 20 * time.Millisecond
	for range hashSlots {
		release, err := f.passwords.acquire(t.Context())
		require.NoError(t, err)
		defer release()
	}
	_, err := f.try("wrong")
	e := requireCode(t, "sign_in_busy", err)
	require.Equal(t, fault.Busy, e.Kind)
	require.Positive(t, e.RetryAfter)
	require.Empty(t, f.store.tries)
	_, err = f.passwords.Hash(t.Context(), Conceal(password))
	requireCode(t, "sign_in_busy", err)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	f.passwords.wait = time.Minute
	_, err = f.passwords.acquire(ctx)
	require.ErrorIs(t, err, context.Canceled)
}
