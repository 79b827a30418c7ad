package auth

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// At most maxTries failed guesses at an account in tryWindow (NCSC, Cyber Essentials).
const (
	maxTries  = 10
	tryWindow = 5 * time.Minute
)

func foldEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// tryKey names the account that is guessed at. It is the digest of what was typed, because people
// type passwords into the wrong field, and because an unknown address must be throttled as a known
// one is.
func tryKey(email string) Digest { return digestOf("email:" + foldEmail(email)) }

// claimTry adds a try at now, unless the window is full: then wait says how long it stays so.
func claimTry(tries []time.Time, now time.Time) (kept []time.Time, wait time.Duration) {
	for _, t := range tries {
		if t.After(now.Add(-tryWindow)) {
			kept = append(kept, t)
		}
	}
	if len(kept) < maxTries {
		return append(kept, now), 0
	}
	return kept, slices.MinFunc(kept, time.Time.Compare).Add(tryWindow).Sub(now)
}

// claim counts a guess before it is made, so that a burst of parallel guesses is counted too.
func (s *Service) claim(ctx context.Context, trustID uuid.UUID, key Digest, at time.Time) error {
	var wait time.Duration
	err := s.store.UpdateTries(ctx, trustID, key, func(tries []time.Time) []time.Time {
		tries, wait = claimTry(tries, at)
		return tries
	})
	if err == nil && wait > 0 {
		return tooManyTries(wait)
	}
	return err
}

// withdraw takes back the guess that was right. The wrong ones before it stay: somebody else may
// have made them.
func (s *Service) withdraw(ctx context.Context, trustID uuid.UUID, key Digest, at time.Time) error {
	return s.store.UpdateTries(ctx, trustID, key, func(tries []time.Time) []time.Time {
		i := slices.IndexFunc(tries, at.Equal)
		if i < 0 {
			return tries
		}
		return slices.Delete(slices.Clone(tries), i, i+1)
	})
}

// guess compares the password with the account's, whether or not there is an account: the zero
// Account fails as a wrong password does. The caller holds a password slot, so that a guess which
// is never made is not counted.
func (s *Service) guess(ctx context.Context, trustID uuid.UUID, email string, a Account, password Secret) (bool, error) {
	key, at := tryKey(email), s.time()
	if err := s.claim(ctx, trustID, key, at); err != nil {
		return false, err
	}
	same, err := s.passwords.matches(password, a.Password)
	if err != nil || !same || !a.Active {
		return false, err
	}
	return true, s.withdraw(ctx, trustID, key, at)
}
