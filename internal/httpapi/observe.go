package httpapi

import (
	"context"
	"log/slog"
	"net/http"
	"runtime/debug"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/postgres"
)

// metrics bear route patterns and statuses, never a path, an id or a name.
type metrics struct {
	requests *prometheus.HistogramVec
	handler  http.Handler
}

func newMetrics(r *prometheus.Registry, db *postgres.DB) *metrics {
	if r == nil {
		r = prometheus.NewRegistry()
	}
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	auto := promauto.With(r)
	auto.NewGaugeFunc(prometheus.GaugeOpts{Name: "perennial_db_connections", Help: "Open connections to the database."},
		func() float64 { return float64(db.Stat().TotalConns()) })
	auto.NewGaugeFunc(prometheus.GaugeOpts{Name: "perennial_db_connections_in_use", Help: "Connections that serve a request now."},
		func() float64 { return float64(db.Stat().AcquiredConns()) })
	return &metrics{
		requests: auto.NewHistogramVec(prometheus.HistogramOpts{Name: "perennial_http_request_seconds", Help: "Time to answer, by operation and status.",
			Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}}, []string{"method", "route", "status"}),
		handler: promhttp.HandlerFor(r, promhttp.HandlerOpts{}),
	}
}

const requestIDHeader = "X-Request-Id"

func requestID(c echo.Context) string { return c.Response().Header().Get(requestIDHeader) }

type quietKey struct{}

// Quietly returns a context whose requests are logged for debugging only, for those that the
// product sends to itself.
func Quietly(ctx context.Context) context.Context { return context.WithValue(ctx, quietKey{}, true) }

// observe gives every request an id, logs it and counts it. The log has the route's pattern, and
// no path, query, body or name.
func (s *Server) observe(m *metrics) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			start := time.Now()
			c.Response().Header().Set(requestIDHeader, uuid.NewString())
			if err := next(c); err != nil {
				c.Error(err)
			}
			route, took := c.Path(), time.Since(start)
			if route == "" {
				route = "unmatched"
			}
			m.requests.WithLabelValues(c.Request().Method, route, strconv.Itoa(c.Response().Status)).Observe(took.Seconds())
			level := slog.LevelInfo
			if c.Request().Context().Value(quietKey{}) != nil {
				level = slog.LevelDebug
			}
			if c.Response().Status >= 500 {
				level = slog.LevelError
			}
			s.Logger.LogAttrs(c.Request().Context(), level, "request", slog.String("request_id", requestID(c)),
				slog.String("method", c.Request().Method), slog.String("route", route), slog.String("operation", access.Operation(c.Request().Context())),
				slog.Int("status", c.Response().Status), slog.Int64("bytes", c.Response().Size), slog.Duration("took", took))
			return nil
		}
	}
}

// protect turns a panic into an error: one request fails, the service goes on.
func (s *Server) protect() echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) (err error) {
			defer func() {
				if r := recover(); r != nil {
					s.Logger.ErrorContext(c.Request().Context(), "panic", "request_id", requestID(c), "type", typeName(r), "stack", string(debug.Stack()))
					err = errPanic
				}
			}()
			return next(c)
		}
	}
}

// secure sets what no answer with personal data may lack.
func secure(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		return next(c)
	}
}

var exposed = "ETag, Location, Link, Retry-After, RateLimit, RateLimit-Policy, Idempotent-Replayed, Content-Disposition, X-Request-Id"

// cors admits the configured origins, without credentials: tokens travel in a header.
func cors(origins []string) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			origin := c.Request().Header.Get("Origin")
			if origin == "" || !slices.Contains(origins, origin) {
				return next(c)
			}
			h := c.Response().Header()
			h.Add("Vary", "Origin")
			h.Set("Access-Control-Allow-Origin", origin)
			h.Set("Access-Control-Expose-Headers", exposed)
			if c.Request().Method != http.MethodOptions || c.Request().Header.Get("Access-Control-Request-Method") == "" {
				return next(c)
			}
			h.Set("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE")
			h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match, Idempotency-Key, Disclosure-Purpose")
			h.Set("Access-Control-Max-Age", "600")
			return c.NoContent(http.StatusNoContent)
		}
	}
}
