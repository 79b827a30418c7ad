// Package client is the Go client of Perennial: the generated operations, plus what every caller
// would write: sign-in, refresh, retries that honour Retry-After, and iteration over pages.
//
// It needs neither echo nor gorm, and nothing of the product's insides.
package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/perennial-api/perennial/api"
)

// Credentials are how a client signs in.
type Credentials struct{ trust, username, password, refresh string }

// Password signs in with a local account. trust is the trust's slug.
func Password(trust, username, password string) Credentials {
	return Credentials{trust: trust, username: username, password: password}
}

// Refresh signs in with a refresh token that was kept from before. It is used once.
func Refresh(token string) Credentials { return Credentials{refresh: token} }

// New returns a client of the service at base, such as https://appraisal.trust.example.
func New(base string, options ...Option) (*ClientWithResponses, error) {
	s := &signer{base: strings.TrimSuffix(base, "/"), next: http.DefaultTransport, retries: 3, now: time.Now}
	for _, o := range options {
		o(s)
	}
	if _, err := url.Parse(base); err != nil {
		return nil, fmt.Errorf("the address of the service: %w", err)
	}
	return NewClientWithResponses(s.base, WithHTTPClient(&http.Client{Transport: s, Timeout: s.timeout}))
}

// Option changes how a client works.
type Option func(*signer)

// WithCredentials signs in with the credentials at the first request that needs it.
func WithCredentials(c Credentials) Option { return func(s *signer) { s.credentials = c } }

// WithTransport sends requests through t, for proxies and tests.
func WithTransport(t http.RoundTripper) Option { return func(s *signer) { s.next = t } }

// WithTimeout bounds each request, its retries included.
func WithTimeout(d time.Duration) Option { return func(s *signer) { s.timeout = d } }

// WithRetries sets how often a request that was told to come back is tried again; 3 when not set.
func WithRetries(n int) Option { return func(s *signer) { s.retries = n } }

// signer puts the access token on every request, and gets a new one when it is needed.
type signer struct {
	base        string
	credentials Credentials
	next        http.RoundTripper
	timeout     time.Duration
	retries     int
	now         func() time.Time

	mu      sync.Mutex
	access  string
	refresh string
	expires time.Time
}

// SignInError says why the service gave no tokens: Code is the error of RFC 6749.
type SignInError struct {
	Status      int
	Code        string
	Description string
}

func (e *SignInError) Error() string { return "sign in: " + e.Code + ": " + e.Description }

// RoundTrip signs the request, sends it, and sends it once more with a fresh token when the token
// has ended or lacks a role that the caller has gained.
func (s *signer) RoundTrip(r *http.Request) (*http.Response, error) {
	if s.credentials == (Credentials{}) || strings.HasPrefix(r.URL.Path, "/v1/oauth/") {
		return s.send(r)
	}
	token, err := s.token(r.Context(), "")
	if err != nil {
		return nil, err
	}
	res, err := s.send(signed(r, token))
	if err != nil || !stale(res) {
		return res, err
	}
	again, err := rewound(r)
	if err != nil {
		return res, nil // the body cannot be sent twice: the caller sees the first answer
	}
	if token, err = s.token(r.Context(), token); err != nil {
		return nil, err
	}
	drain(res)
	return s.send(signed(again, token))
}

func signed(r *http.Request, token string) *http.Request {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+token)
	return r
}

func rewound(r *http.Request) (*http.Request, error) {
	again := r.Clone(r.Context())
	if r.Body == nil || r.Body == http.NoBody {
		return again, nil
	}
	if r.GetBody == nil {
		return nil, errors.New("the body cannot be read again")
	}
	body, err := r.GetBody()
	again.Body = body
	return again, err
}

// stale says whether a fresh token may help. It puts the body back for the caller.
func stale(res *http.Response) bool {
	if res.StatusCode == http.StatusUnauthorized {
		return true
	}
	if res.StatusCode != http.StatusForbidden {
		return false
	}
	raw, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	_ = res.Body.Close()
	res.Body = io.NopCloser(strings.NewReader(string(raw)))
	var p struct{ Code string }
	return err == nil && json.Unmarshal(raw, &p) == nil && p.Code == "token_roles_stale"
}

// token returns an access token that is not the one refused.
func (s *signer) token(ctx context.Context, refused string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.access != "" && s.access != refused && s.now().Before(s.expires) {
		return s.access, nil
	}
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {s.refresh}}
	if s.refresh == "" {
		form = s.credentials.form()
	}
	t, err := s.obtain(ctx, form)
	var refusal *SignInError
	if errors.As(err, &refusal) && s.refresh != "" && s.credentials.password != "" {
		t, err = s.obtain(ctx, s.credentials.form())
	}
	if err != nil {
		return "", err
	}
	s.access, s.refresh = t.AccessToken, t.RefreshToken
	s.expires = s.now().Add(time.Duration(t.ExpiresIn)*time.Second - 30*time.Second)
	return s.access, nil
}

func (c Credentials) form() url.Values {
	if c.refresh != "" {
		return url.Values{"grant_type": {"refresh_token"}, "refresh_token": {c.refresh}}
	}
	return url.Values{"grant_type": {"password"}, "trust": {c.trust}, "username": {c.username}, "password": {c.password}}
}

func (s *signer) obtain(ctx context.Context, form url.Values) (api.Token, error) {
	var t api.Token
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.base+"/v1/oauth/token", strings.NewReader(form.Encode()))
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
		var e api.OAuthError
		_ = json.NewDecoder(io.LimitReader(res.Body, 1<<20)).Decode(&e)
		return t, &SignInError{Status: res.StatusCode, Code: e.Error, Description: e.ErrorDescription}
	}
	return t, json.NewDecoder(io.LimitReader(res.Body, 1<<20)).Decode(&t)
}
