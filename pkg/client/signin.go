package client

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/perennial-api/perennial/api"
)

// Credentials are how a client signs in.
type Credentials struct{ trust, username, password, refresh string }

// Password signs in with a local account. trust is the trust's slug.
func Password(trust, username, password string) Credentials {
	return Credentials{trust: trust, username: username, password: password}
}

// Refresh signs in with a refresh token that was kept from before (see WithRefreshKept).
func Refresh(token string) Credentials { return Credentials{refresh: token} }

// String keeps secrets out of logs.
func (Credentials) String() string { return "credentials" }

// GoString keeps secrets out of logs.
func (Credentials) GoString() string { return "credentials" }

// SignInError says why the service gave no tokens: Code is the error of RFC 6749.
type SignInError struct {
	Status      int
	Code        string
	Description string
}

func (e *SignInError) Error() string { return "sign in: " + e.Code + ": " + e.Description }

// renewal is how long getting tokens may take.
const renewal = 10 * time.Second

// token returns an access token that is not the one refused. One request at a time asks for a new
// one, and the others wait for what it gets.
func (s *signer) token(ctx context.Context, refused string) (string, error) {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	if s.access != "" && s.access != refused && s.now().Before(s.expires) {
		return s.access, nil
	}
	// A renewal that is begun is finished, whoever gives up waiting: the refresh token is spent.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), renewal)
	defer cancel()
	t, err := s.renew(ctx)
	if err != nil {
		return "", err
	}
	s.access, s.refresh = t.AccessToken, t.RefreshToken
	s.expires = s.now().Add(time.Duration(t.ExpiresIn)*time.Second - 30*time.Second)
	if s.keep != nil {
		s.keep(s.refresh)
	}
	return s.access, nil
}

// renew uses the refresh token, and the password when that is no longer good.
func (s *signer) renew(ctx context.Context) (api.Token, error) {
	if s.refresh == "" {
		return s.obtain(ctx, s.credentials.form())
	}
	t, err := s.obtain(ctx, refreshForm(s.refresh))
	var refusal *SignInError
	if errors.As(err, &refusal) && refusal.Code == "invalid_grant" && s.credentials.password != "" {
		return s.obtain(ctx, s.credentials.form())
	}
	return t, err
}

func (c Credentials) form() url.Values {
	if c.refresh != "" {
		return refreshForm(c.refresh)
	}
	return url.Values{"grant_type": {"password"}, "trust": {c.trust}, "username": {c.username}, "password": {c.password}}
}

func refreshForm(token string) url.Values {
	return url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token}}
}

func (s *signer) obtain(ctx context.Context, form url.Values) (t api.Token, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.base.String()+"/v1/oauth/token", strings.NewReader(form.Encode()))
	if err != nil {
		return t, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := s.send(r)
	if err != nil {
		return t, err
	}
	defer drain(res)
	if res.StatusCode != http.StatusOK {
		e := api.OAuthError{Error: "unexpected_answer", ErrorDescription: "The service answered " + res.Status + "."}
		_ = json.NewDecoder(io.LimitReader(res.Body, 1<<20)).Decode(&e)
		return t, &SignInError{Status: res.StatusCode, Code: e.Error, Description: e.ErrorDescription}
	}
	return t, json.NewDecoder(io.LimitReader(res.Body, 1<<20)).Decode(&t)
}
