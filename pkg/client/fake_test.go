package client_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/pkg/client"
)

const base = "https://appraisal.brightwater.example"

// service is a service that lives in a transport: it gives out tokens t1, t2, … and refresh tokens
// r1, r2, …, each of which is good once, and answers everything else by answer.
type service struct {
	answer func(r *http.Request, body string) *http.Response
	before func(r *http.Request) error // stands in for the network

	mu     sync.Mutex
	busy   bool // gives out no tokens now
	issued int
	spent  map[string]bool
	seen   []string // method, path and what was asked of each request
}

func (s *service) RoundTrip(r *http.Request) (*http.Response, error) {
	if s.before != nil {
		if err := s.before(r); err != nil {
			return nil, err
		}
	}
	body := ""
	if r.Body != nil {
		raw, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		_ = r.Body.Close()
		body = string(raw)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.URL.Path == "/v1/oauth/token" {
		return s.token(body), nil
	}
	s.seen = append(s.seen, strings.TrimSpace(r.Method+" "+r.URL.Path+" "+strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")))
	return s.answer(r, body), nil
}

func (s *service) token(body string) *http.Response {
	form, _ := url.ParseQuery(body)
	s.seen = append(s.seen, strings.TrimSpace(form.Get("grant_type")+" "+form.Get("refresh_token")))
	if s.busy {
		return answer(429, `{"error":"temporarily_unavailable","error_description":"Try later."}`)
	}
	if old := form.Get("refresh_token"); old != "" {
		if s.spent[old] {
			return answer(400, `{"error":"invalid_grant","error_description":"The refresh token is no longer good."}`)
		}
		if s.spent == nil {
			s.spent = map[string]bool{}
		}
		s.spent[old] = true
	}
	s.issued++
	return answer(200, fmt.Sprintf(`{"access_token":"t%d","token_type":"Bearer","expires_in":900,"refresh_token":"r%d"}`, s.issued, s.issued))
}

// asked returns what was asked so far, and forgets it.
func (s *service) asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	seen := s.seen
	s.seen = nil
	return seen
}

func answer(status int, body string, headers ...string) *http.Response {
	h := http.Header{"Content-Type": {"application/json"}}
	for i := 0; i < len(headers); i += 2 {
		h.Set(headers[i], headers[i+1])
	}
	return &http.Response{StatusCode: status, Status: fmt.Sprint(status, " ", http.StatusText(status)), Header: h, Body: io.NopCloser(strings.NewReader(body))}
}

func problem(status int, code string) *http.Response {
	return answer(status, fmt.Sprintf(`{"status":%d,"code":%q,"detail":"Refused."}`, status, code))
}

// well answers every request with an empty list.
func well(*http.Request, string) *http.Response {
	return answer(200, `{"items":[],"next_cursor":null}`)
}

func (s *service) client(t *testing.T, options ...client.Option) *client.ClientWithResponses {
	t.Helper()
	c, err := client.New(base, append([]client.Option{client.WithTransport(s)}, options...)...)
	require.NoError(t, err)
	return c
}

var byPassword = client.WithCredentials(client.Password("brightwater", "ada@brightwater.example", "correct horse"))
