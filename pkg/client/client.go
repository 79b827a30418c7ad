// Package client is the Go client of Perennial: the generated operations, plus what every caller
// would write: sign-in, refresh, retries that honour Retry-After, iteration over pages, and errors.
//
// A client is safe for use by several goroutines at once. It needs neither echo nor gorm, and
// nothing of the product's insides.
package client

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// patience is how long a request may take, its retries included, when nothing else was said.
const patience = 2 * time.Minute

// New returns a client of the service at base, such as https://appraisal.trust.example.
func New(base string, options ...Option) (*ClientWithResponses, error) {
	at, err := url.Parse(strings.TrimSuffix(base, "/"))
	if err != nil || at.Host == "" || at.Scheme != "http" && at.Scheme != "https" {
		return nil, errors.New("the address of the service must be like https://appraisal.trust.example")
	}
	s := &signer{base: at, next: http.DefaultTransport, timeout: patience, retries: 3, turn: make(chan struct{}, 1), now: time.Now}
	for _, o := range options {
		o(s)
	}
	return NewClientWithResponses(at.String(), WithHTTPClient(&http.Client{Transport: s, Timeout: s.timeout}))
}

// Option changes how a client works.
type Option func(*signer)

// WithCredentials signs in with the credentials at the first request that needs it.
func WithCredentials(c Credentials) Option { return func(s *signer) { s.credentials = c } }

// WithRefreshKept hands every new refresh token to keep, for callers that sign in with it the next
// time. Each is good for one use; keep is not called twice at the same time.
func WithRefreshKept(keep func(token string)) Option { return func(s *signer) { s.keep = keep } }

// WithTransport sends requests through t, for proxies and tests.
func WithTransport(t http.RoundTripper) Option { return func(s *signer) { s.next = t } }

// WithTimeout bounds each request, its retries included; two minutes when not set, 0 for no bound.
func WithTimeout(d time.Duration) Option { return func(s *signer) { s.timeout = d } }

// WithRetries sets how often a request that was told to come back is tried again; 3 when not set.
func WithRetries(n int) Option { return func(s *signer) { s.retries = n } }

// signer puts the access token on every request, and gets a new one when it is needed.
type signer struct {
	base        *url.URL
	credentials Credentials
	keep        func(string)
	next        http.RoundTripper
	timeout     time.Duration
	retries     int
	now         func() time.Time

	turn    chan struct{} // full while somebody reads or renews what follows
	access  string
	refresh string
	expires time.Time
}

// RoundTrip signs the request, sends it, and sends it once more with a fresh token when the token
// has ended or lacks a role that the caller has gained.
func (s *signer) RoundTrip(r *http.Request) (*http.Response, error) {
	if !s.signs(r.URL) {
		return s.send(r)
	}
	token, err := s.token(r.Context(), "")
	if err != nil {
		closeBody(r)
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
	drain(res)
	if token, err = s.token(r.Context(), token); err != nil {
		closeBody(again)
		return nil, err
	}
	return s.send(signed(again, token))
}

// signs says whether a request bears the token: one to the service, and to nobody to whom an
// answer may have redirected it.
func (s *signer) signs(to *url.URL) bool {
	return s.credentials != (Credentials{}) && to.Scheme == s.base.Scheme && to.Host == s.base.Host &&
		!strings.HasPrefix(to.Path, s.base.Path+"/v1/oauth/")
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

func closeBody(r *http.Request) {
	if r.Body != nil {
		_ = r.Body.Close()
	}
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
