package httpapi

import (
	"bytes"
	"context"
	"net/http"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/labstack/echo/v4"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/postgres"
)

// transact serves an operation in one transaction. The answer is kept back until COMMIT, so that
// nobody is told of what did not happen; the idempotency row commits with it.
func (s *Server) transact(op *openapi3.Operation) echo.MiddlewareFunc {
	idempotent := takesKey(op)
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			held := &heldWriter{ResponseWriter: c.Response().Writer, status: http.StatusOK}
			c.Response().Writer = held
			defer func() { c.Response().Writer = held.ResponseWriter }() // also when the handler panics
			ctx := postgres.WithRequestID(c.Request().Context(), requestID(c))
			err := s.DB.InTx(ctx, claimsOf(ctx).TrustID, func(ctx context.Context) error {
				actor, err := s.actor(ctx, op.OperationID)
				if err != nil {
					return err
				}
				c.SetRequest(c.Request().WithContext(access.With(ctx, actor)))
				if idempotent {
					return s.once(c, held, next)
				}
				return next(c)
			})
			if err != nil {
				discard(c)
				return err
			}
			held.release()
			return nil
		}
	}
}

// recognise loads the caller in a transaction of its own, for operations that hash, stream or
// commit by themselves (x-transaction: own) and must hold no connection meanwhile.
func (s *Server) recognise(op string) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			ctx := postgres.WithRequestID(c.Request().Context(), requestID(c))
			var actor *access.Actor
			err := s.DB.InTx(ctx, claimsOf(ctx).TrustID, func(ctx context.Context) (err error) {
				actor, err = s.actor(ctx, op)
				return err
			})
			if err != nil {
				return err
			}
			c.SetRequest(c.Request().WithContext(access.With(ctx, actor)))
			return next(c)
		}
	}
}

// discard forgets an answer that was written but not sent.
func discard(c echo.Context) {
	r := c.Response()
	r.Committed, r.Status, r.Size = false, 0, 0
	for _, h := range []string{"ETag", "Location", "Link", echo.HeaderContentType} {
		r.Header().Del(h)
	}
}

// heldWriter keeps status and body until they may be sent.
type heldWriter struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (h *heldWriter) WriteHeader(status int) { h.status = status }

func (h *heldWriter) Write(b []byte) (int, error) { return h.body.Write(b) }

func (h *heldWriter) release() {
	h.ResponseWriter.WriteHeader(h.status)
	_, _ = h.ResponseWriter.Write(h.body.Bytes()) // a caller who went away is no fault of ours
}

func takesKey(op *openapi3.Operation) bool {
	for _, p := range op.Parameters {
		if p.Value.Name == "Idempotency-Key" {
			return true
		}
	}
	return false
}
