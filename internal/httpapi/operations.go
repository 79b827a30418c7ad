package httpapi

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/contract"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/fault"
)

// pages are what is served beside the contract's operations.
func (s *Server) pages(e *echo.Echo, m *metrics) {
	asJSON, _ := json.Marshal(s.Contract)
	e.GET("/openapi.yaml", func(c echo.Context) error { return c.Blob(http.StatusOK, "application/yaml", contract.YAML) })
	e.GET("/openapi.json", func(c echo.Context) error { return c.JSONBlob(http.StatusOK, asJSON) })
	e.GET("/metrics", echo.WrapHandler(m.handler))
	e.GET("/version", func(c echo.Context) error { return c.JSON(http.StatusOK, map[string]string{"version": s.Version}) })
	e.GET("/", func(c echo.Context) error { return c.Redirect(http.StatusFound, "/docs") })
	if s.Docs != nil {
		e.Any("/docs", echo.WrapHandler(s.Docs))
		e.Any("/docs/*", echo.WrapHandler(s.Docs))
	}
}

// GetHealth handles GET /healthz.
func (s *Server) GetHealth(context.Context, server.GetHealthRequestObject) (server.GetHealthResponseObject, error) {
	return server.GetHealth200JSONResponse(api.Health{Status: "ok", Version: s.Version}), nil
}

// GetReadiness handles GET /readyz.
func (s *Server) GetReadiness(ctx context.Context, _ server.GetReadinessRequestObject) (server.GetReadinessResponseObject, error) {
	if err := s.DB.Ping(ctx); err != nil {
		return nil, unready(err)
	}
	if err := s.Files.Ready(ctx); err != nil {
		s.Logger.ErrorContext(ctx, "documents cannot be kept", "error", err.Error())
		return nil, fault.New(fault.Busy, "documents_unwritable", "Documents cannot be kept at the moment.")
	}
	return server.GetReadiness200JSONResponse(api.Health{Status: "ok", Version: s.Version}), nil
}

// SetDemoClock handles POST /v1/demo/clock.
func (s *Server) SetDemoClock(ctx context.Context, r server.SetDemoClockRequestObject) (server.SetDemoClockResponseObject, error) {
	a, err := s.DB.MoveDemoClock(ctx, access.From(ctx), fromDate(r.Body.Today))
	if err != nil {
		return nil, err
	}
	return server.SetDemoClock200JSONResponse(api.DemoClock{Today: toDate(a.Today), Now: a.Now}), nil
}
