package httpapi

import (
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
	"golang.org/x/time/rate"

	"github.com/perennial-api/perennial/internal/fault"
)

var errPanic = errors.New("the handler panicked")

func typeName(v any) string { return fmt.Sprintf("%T", v) }

// callers holds one bucket a person, never one an address: a whole school shares a proxy.
type callers struct {
	mu      sync.Mutex
	buckets map[uuid.UUID]*bucket
	swept   time.Time
}

type bucket struct {
	*rate.Limiter
	used time.Time
}

func (l *callers) bucket(who uuid.UUID, perMinute int, now time.Time) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Sub(l.swept) > time.Minute {
		for id, b := range l.buckets {
			if now.Sub(b.used) > 2*time.Minute {
				delete(l.buckets, id)
			}
		}
		l.swept = now
	}
	b := l.buckets[who]
	if b == nil {
		b = &bucket{Limiter: rate.NewLimiter(rate.Limit(float64(perMinute)/60), perMinute)}
		l.buckets[who] = b
	}
	b.used = now
	return b.Limiter
}

// limit holds each caller to their share, and tells them what is left of it.
func (s *Server) limit() echo.MiddlewareFunc {
	l := s.callers
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if s.RateLimit <= 0 {
				return next(c)
			}
			now := s.Now()
			b := l.bucket(claimsOf(c.Request().Context()).PersonID, s.RateLimit, now)
			ok := b.AllowN(now, 1)
			h := c.Response().Header()
			h.Set("RateLimit-Policy", fmt.Sprintf(`"default";q=%d;w=60`, s.RateLimit))
			h.Set("RateLimit", `"default";r=`+strconv.Itoa(max(0, int(b.TokensAt(now))))+";t=60")
			if !ok {
				f := fault.New(fault.TooMany, "too_many_requests", "You have used your %d requests a minute.", s.RateLimit)
				f.RetryAfter = time.Second
				return f
			}
			return next(c)
		}
	}
}

func unready(err error) error {
	f := fault.New(fault.Busy, "database_unreachable", "The database does not answer.")
	f.RetryAfter = 2 * time.Second
	_ = err // said in the log by the access line; the caller learns no address
	return f
}
