package auth

import (
	"sync"
	"time"
)

const (
	tokenCacheTTL  = time.Minute
	tokenCacheSize = 8192
)

// tokenCache remembers verified tokens, by digest so that it holds no usable token. Two
// generations bound it without bookkeeping: when the fresh half is full it becomes the stale
// half, and what was stale is forgotten.
type tokenCache struct {
	mu           sync.Mutex
	half         int
	fresh, stale map[Digest]cachedToken
}

type cachedToken struct {
	claims Claims
	until  time.Time
}

func newTokenCache(size int) *tokenCache {
	return &tokenCache{half: max(1, size/2), fresh: map[Digest]cachedToken{}}
}

func (c *tokenCache) get(d Digest, now time.Time) (Claims, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t, ok := c.fresh[d]
	if !ok {
		t, ok = c.stale[d]
	}
	if !ok || !now.Before(t.until) {
		return Claims{}, false
	}
	return t.claims.clone(), true
}

// put remembers the token for a minute, and never past its expiry: a token within the leeway is
// verified each time.
func (c *tokenCache) put(d Digest, claims Claims, now time.Time) {
	until := now.Add(tokenCacheTTL)
	if claims.ExpiresAt.Before(until) {
		until = claims.ExpiresAt
	}
	if !now.Before(until) {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.fresh) >= c.half {
		c.stale, c.fresh = c.fresh, make(map[Digest]cachedToken, c.half)
	}
	c.fresh[d] = cachedToken{claims: claims.clone(), until: until}
}

func (c *tokenCache) len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.fresh) + len(c.stale)
}
