package httpapi

import (
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/labstack/echo/v4"

	"github.com/perennial-api/perennial/internal/privacy"
)

// purposeHeader is where somebody says for what they read a record.
const purposeHeader = "Disclosure-Purpose"

// purposed hands on for what the caller says that they read, to operations that take it.
func purposed(op *openapi3.Operation) echo.MiddlewareFunc {
	takes := op.Parameters.GetByInAndName(openapi3.ParameterInHeader, purposeHeader) != nil
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if purpose := c.Request().Header.Get(purposeHeader); takes && purpose != "" {
				c.SetRequest(c.Request().WithContext(privacy.WithPurpose(c.Request().Context(), purpose)))
			}
			return next(c)
		}
	}
}
