package httpapi

import (
	"context"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/auth"
	"github.com/perennial-api/perennial/internal/fault"
)

type claimsKey struct{}

func claimsOf(ctx context.Context) auth.Claims {
	c, _ := ctx.Value(claimsKey{}).(auth.Claims)
	return c
}

// authenticate takes the bearer token. What it says is who is asking; the database says, in the
// request's transaction, what they may reach.
func (s *Server) authenticate() echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			scheme, token, _ := strings.Cut(c.Request().Header.Get(echo.HeaderAuthorization), " ")
			if !strings.EqualFold(scheme, "bearer") || token == "" {
				return fault.New(fault.Unauthenticated, "no_token", "Send an access token: Authorization: Bearer …")
			}
			claims, err := s.Verifier.Verify(auth.Conceal(token))
			if err != nil {
				return err
			}
			c.SetRequest(c.Request().WithContext(context.WithValue(c.Request().Context(), claimsKey{}, claims)))
			return next(c)
		}
	}
}

// admit is the door: has any role of the token a reach in the operation?
func (s *Server) admit(op string) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			ctx := c.Request().Context()
			claims := claimsOf(ctx)
			if s.Access.Admit(op, rolesOf(claims)) {
				return next(c)
			}
			// A role that was gained since the token was made is worth a refresh, not a refusal.
			err := s.DB.InTx(ctx, claims.TrustID, func(ctx context.Context) error {
				_, err := s.actor(ctx, op)
				return err
			})
			if err != nil {
				return err
			}
			return notAdmitted()
		}
	}
}

func notAdmitted() error {
	return fault.New(fault.Forbidden, "role_not_admitted", "None of your roles may do this.")
}

func rolesOf(c auth.Claims) []access.Role {
	out := make([]access.Role, len(c.Roles))
	for i, r := range c.Roles {
		out[i] = access.Role(r)
	}
	return out
}

// actor loads the caller and holds the token to what the database says today.
func (s *Server) actor(ctx context.Context, op string) (*access.Actor, error) {
	claims := claimsOf(ctx)
	a, err := s.DB.LoadActor(ctx, claims.TrustID, claims.PersonID)
	if fault.KindOf(err) == fault.NotFound {
		return nil, tokenEnded()
	}
	if err != nil {
		return nil, err
	}
	if live, err := s.DB.SessionLive(ctx, claims.TrustID, claims.SessionID); err != nil || !live || !a.Active || a.Epoch != claims.Epoch {
		if err != nil {
			return nil, err
		}
		return nil, tokenEnded()
	}
	carried := rolesOf(claims)
	for _, r := range a.Roles {
		if s.Access[op].Reach[r] != "" && !slices.Contains(carried, r) {
			return nil, fault.New(fault.Forbidden, "token_roles_stale", "You have a role that this token does not carry. Refresh the token and try again.")
		}
	}
	a.Roles = slices.DeleteFunc(a.Roles, func(r access.Role) bool { return !slices.Contains(carried, r) })
	if !s.Access.Admit(op, a.Roles) {
		return nil, notAdmitted()
	}
	return a, nil
}

func tokenEnded() error {
	return fault.New(fault.Unauthenticated, "token_ended", "This token's session has ended. Sign in again.")
}
