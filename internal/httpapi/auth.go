package httpapi

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/api/server"
	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/auth"
	"github.com/perennial-api/perennial/internal/fault"
)

// IssueToken handles POST /v1/oauth/token.
func (s *Server) IssueToken(ctx context.Context, r server.IssueTokenRequestObject) (server.IssueTokenResponseObject, error) {
	b := r.Body
	pair, err := s.Auth.Token(ctx, auth.TokenRequest{GrantType: string(b.GrantType), Trust: deref(b.Trust), Username: deref(b.Username),
		Password: auth.Conceal(deref(b.Password)), RefreshToken: auth.Conceal(deref(b.RefreshToken)), ClientID: deref(b.ClientID)})
	if err != nil {
		return nil, err
	}
	return server.IssueToken200JSONResponse(api.Token{AccessToken: pair.Access.Reveal(), TokenType: "Bearer",
		ExpiresIn: int(pair.ExpiresIn / time.Second), RefreshToken: pair.Refresh.Reveal()}), nil
}

// RevokeToken handles POST /v1/oauth/revoke.
func (s *Server) RevokeToken(ctx context.Context, r server.RevokeTokenRequestObject) (server.RevokeTokenResponseObject, error) {
	if err := s.Auth.Revoke(ctx, auth.Conceal(r.Body.Token)); err != nil {
		return nil, err
	}
	return server.RevokeToken204Response{}, nil
}

// GetKeys handles GET /.well-known/jwks.json.
func (s *Server) GetKeys(context.Context, server.GetKeysRequestObject) (server.GetKeysResponseObject, error) {
	return server.GetKeys200JSONResponse(api.KeySet{Keys: mapped(s.Keys.JWKS().Keys, func(k auth.JWK) api.Key {
		return api.Key{Kty: k.KeyType, Crv: k.Curve, X: k.X, Kid: k.KeyID, Use: k.Use, Alg: k.Algorithm}
	})}), nil
}

// GetAuthorizationServer handles GET /.well-known/oauth-authorization-server.
func (s *Server) GetAuthorizationServer(context.Context, server.GetAuthorizationServerRequestObject) (server.GetAuthorizationServerResponseObject, error) {
	return server.GetAuthorizationServer200JSONResponse(api.AuthorizationServer{
		Issuer: s.PublicURL, TokenEndpoint: s.PublicURL + "/v1/oauth/token", RevocationEndpoint: s.PublicURL + "/v1/oauth/revoke",
		JwksURI: s.PublicURL + "/.well-known/jwks.json", GrantTypesSupported: []string{auth.GrantPassword, auth.GrantRefresh},
		ResponseTypesSupported: []string{}, TokenEndpointAuthMethodsSupported: []string{"none"},
	}), nil
}

// ChangePassword handles POST /v1/me/password.
func (s *Server) ChangePassword(ctx context.Context, r server.ChangePasswordRequestObject) (server.ChangePasswordResponseObject, error) {
	c := claimsOf(ctx)
	err := s.Auth.ChangePassword(ctx, auth.PasswordUpdate{TrustID: c.TrustID, PersonID: c.PersonID, SessionID: c.SessionID,
		Current: auth.Conceal(r.Body.CurrentPassword), New: auth.Conceal(r.Body.NewPassword)})
	if err != nil {
		return nil, err
	}
	return server.ChangePassword204Response{}, nil
}

// ListSessions handles GET /v1/me/sessions.
func (s *Server) ListSessions(ctx context.Context, _ server.ListSessionsRequestObject) (server.ListSessionsResponseObject, error) {
	c := claimsOf(ctx)
	list, err := s.Auth.Sessions(ctx, c.TrustID, c.PersonID)
	if err != nil {
		return nil, err
	}
	return server.ListSessions200JSONResponse(api.SessionList{Items: mapped(list, func(v auth.Session) api.Session {
		return api.Session{ID: v.ID, Current: v.ID == c.SessionID, LabelOfDevice: v.UserAgent, ClientID: v.ClientID,
			CreatedAt: v.CreatedAt, LastUsedAt: v.LastUsedAt, ExpiresAt: v.ExpiresAt}
	})}), nil
}

// EndSession handles DELETE /v1/me/sessions/{session_id}.
func (s *Server) EndSession(ctx context.Context, r server.EndSessionRequestObject) (server.EndSessionResponseObject, error) {
	c := claimsOf(ctx)
	if err := s.Auth.EndSession(ctx, c.TrustID, c.PersonID, r.SessionID); err != nil {
		return nil, err
	}
	return server.EndSession204Response{}, nil
}

// InvitePerson handles POST /v1/people/{person_id}/invite.
func (s *Server) InvitePerson(ctx context.Context, r server.InvitePersonRequestObject) (server.InvitePersonResponseObject, error) {
	link, err := s.link(ctx, r.PersonID, auth.Invitation)
	return server.InvitePerson200JSONResponse(link), err
}

// CreatePasswordReset handles POST /v1/people/{person_id}/reset-password.
func (s *Server) CreatePasswordReset(ctx context.Context, r server.CreatePasswordResetRequestObject) (server.CreatePasswordResetResponseObject, error) {
	link, err := s.link(ctx, r.PersonID, auth.PasswordReset)
	return server.CreatePasswordReset200JSONResponse(link), err
}

func (s *Server) link(ctx context.Context, person uuid.UUID, purpose auth.Purpose) (api.OneTimeLink, error) {
	a := access.From(ctx)
	if person == a.PersonID {
		return api.OneTimeLink{}, fault.New(fault.Forbidden, "own_account", "Change your own password at /v1/me/password.")
	}
	link, err := s.Auth.CreateLink(ctx, auth.LinkRequest{TrustID: a.TrustID, PersonID: person, Purpose: purpose, By: a.PersonID})
	if err != nil {
		return api.OneTimeLink{}, err
	}
	return api.OneTimeLink{Link: link.Token.Reveal(), ExpiresAt: link.ExpiresAt}, nil
}

// RedeemLink handles POST /v1/auth/redeem-link.
func (s *Server) RedeemLink(ctx context.Context, r server.RedeemLinkRequestObject) (server.RedeemLinkResponseObject, error) {
	if err := s.Auth.RedeemLink(ctx, auth.Conceal(r.Body.Link), auth.Conceal(r.Body.NewPassword)); err != nil {
		return nil, err
	}
	return server.RedeemLink204Response{}, nil
}
