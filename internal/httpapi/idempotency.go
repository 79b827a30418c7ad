package httpapi

import (
	"bytes"
	"crypto/sha256"
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/postgres"
)

// replayed are the headers that belong to an answer and come back with it.
var replayed = []string{echo.HeaderContentType, "ETag", "Location"}

// once acts once for each Idempotency-Key of a caller: the same key answers the first answer
// again, with another body it is refused, and while the first is still running it is a 409. Only
// answers that committed are kept, so that a refusal may be tried again.
func (s *Server) once(c echo.Context, held *heldWriter, next echo.HandlerFunc) error {
	key := c.Request().Header.Get("Idempotency-Key")
	if key == "" {
		return next(c)
	}
	ctx := c.Request().Context()
	actor := access.From(ctx)
	print := fingerprint(c)
	kept, err := s.DB.ClaimKey(ctx, actor.TrustID, actor.PersonID, key)
	if err != nil {
		return err
	}
	if kept != nil {
		return replay(c, held, kept, print)
	}
	if err := next(c); err != nil {
		return err
	}
	headers := map[string]string{}
	for _, h := range replayed {
		if v := c.Response().Header().Get(h); v != "" {
			headers[h] = v
		}
	}
	return s.DB.KeepAnswer(ctx, postgres.Answer{TrustID: actor.TrustID, PersonID: actor.PersonID, Key: key,
		Fingerprint: print, Status: held.status, Headers: headers, Body: held.body.Bytes()})
}

func replay(c echo.Context, held *heldWriter, kept *postgres.Answer, print []byte) error {
	if !bytes.Equal(kept.Fingerprint, print) {
		return fault.New(fault.Invalid, "idempotency_key_reused", "This Idempotency-Key was used for another request. Use a new key for a new request.")
	}
	h := c.Response().Header()
	for name, value := range kept.Headers {
		h.Set(name, value)
	}
	h.Set("Idempotent-Replayed", "true")
	held.status = kept.Status
	held.body.Write(kept.Body)
	c.Response().Committed = true
	return nil
}

type rawKey struct{}

// fingerprint covers method, path, query, If-Match and body.
func fingerprint(c echo.Context) []byte {
	r := c.Request()
	h := sha256.New()
	_, _ = io.WriteString(h, r.Method+" "+r.URL.RequestURI()+"\n"+r.Header.Get("If-Match")+"\n")
	if raw, ok := r.Context().Value(rawKey{}).([]byte); ok {
		h.Write(raw)
	}
	return h.Sum(nil)
}

var _ http.ResponseWriter = (*heldWriter)(nil)
