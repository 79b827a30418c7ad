// Package httpapi serves the contract: one file for each tag, one method for each operation, each
// of which converts, calls one use case, and converts back. It is the only package that imports
// echo and the generated server.
//
// It owns HTTP: statuses, headers, validation against the contract, the request's transaction and
// idempotency. It holds no rule of the domain.
package httpapi

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/perennial-api/perennial/api/contract"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/auth"
	"github.com/perennial-api/perennial/internal/postgres"
)

// Options say how the API is served.
type Options struct {
	DB        *postgres.DB
	Files     Files
	Auth      *auth.Service
	Verifier  *auth.Verifier
	Keys      *auth.KeySet
	Access    access.Table
	Contract  *openapi3.T
	PublicURL string // where the service is reached, without a trailing slash
	Origins   []string
	Version   string
	Docs      http.Handler
	Logger    *slog.Logger
	Metrics   *prometheus.Registry
	Now       func() time.Time
	RateLimit int // requests a caller may make in a minute; 0 for no limit
}

// Server implements every operation of the contract.
type Server struct {
	Options
	services
}

var _ server.StrictServerInterface = (*Server)(nil)

var formats sync.Once

// LoadContract reads the embedded contract, for validation.
func LoadContract() (*openapi3.T, error) {
	formats.Do(defineFormats) // they are the validator's own and global, so they are written once
	doc, err := openapi3.NewLoader().LoadFromData(contract.YAML)
	if err != nil {
		return nil, fmt.Errorf("read the contract: %w", err)
	}
	if err := doc.Validate(context.Background(), openapi3.DisableExamplesValidation()); err != nil {
		return nil, fmt.Errorf("the contract: %w", err)
	}
	return doc, nil
}

// New returns the handler of the whole service. It fails when an operation of the contract has no
// gate, for such an operation would be served without access control.
func New(o Options) (http.Handler, error) {
	s := &Server{Options: o, services: newServices(o)}
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.IPExtractor = echo.ExtractIPDirect()
	e.HTTPErrorHandler = s.problem
	m := newMetrics(o.Metrics, o.DB)
	e.Use(s.observe(m), s.protect(), cors(o.Origins), secure)
	gates, err := s.gates()
	if err != nil {
		return nil, err
	}
	strict := server.NewStrictHandler(s, []server.StrictMiddlewareFunc{answered})
	server.RegisterHandlersWithOptions(e, strict, server.RegisterHandlersOptions{OperationMiddlewares: gates})
	s.pages(e, m)
	return e, nil
}

// gates are the middlewares of each operation, in the order in which a request meets them.
func (s *Server) gates() (map[string][]echo.MiddlewareFunc, error) {
	gates := map[string][]echo.MiddlewareFunc{}
	for path, item := range s.Contract.Paths.Map() {
		for method, op := range item.Operations() {
			rule, ok := s.Access[op.OperationID]
			if !ok {
				return nil, fmt.Errorf("operation %s has no gate", op.OperationID)
			}
			chain := []echo.MiddlewareFunc{named(op.OperationID), purposed(op)}
			if lengthy(op) {
				chain = append(chain, patient)
			}
			if !rule.Public {
				chain = append(chain, s.authenticate(), s.limit(), s.admit(op.OperationID))
			}
			chain = append(chain, s.validate(path, method, item, op))
			switch {
			case rule.Public:
			case op.Extensions["x-transaction"] == "own":
				chain = append(chain, s.recognise(op.OperationID))
			default:
				chain = append(chain, s.transact(op))
			}
			gates[op.OperationID] = chain
		}
	}
	return gates, nil
}

func named(op string) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			c.SetRequest(c.Request().WithContext(access.WithOperation(c.Request().Context(), op)))
			return next(c)
		}
	}
}

// answered refuses to send an empty 200 for a handler that returned nothing.
func answered(next server.StrictHandlerFunc, op string) server.StrictHandlerFunc {
	return func(c echo.Context, request any) (any, error) {
		response, err := next(c, request)
		if err == nil && response == nil {
			return nil, fmt.Errorf("%s returned neither a response nor an error", op)
		}
		if err == nil {
			describe(c, response)
		}
		return response, err
	}
}
