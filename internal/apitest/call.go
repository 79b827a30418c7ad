package apitest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/pkg/client"
)

// Call is one request of an operation, as it goes over the wire: for tests that loop over the
// contract, which the generated client cannot.
type Call struct {
	Operation
	Token   string            // the bearer's; none when empty
	Path    map[string]string // by parameter
	Query   url.Values
	IfMatch string
	Key     string // Idempotency-Key
	Body    []byte
	Type    string // of the body; the operation's own when empty
}

// Reply is an answer with its body read.
type Reply struct {
	Request *http.Request
	Status  int
	Header  http.Header
	Body    []byte
}

var wire = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 32}}

// Send makes the request. The answer is not held against the contract, and does not count as an
// exercise of the operation.
func (c Call) Send(ctx context.Context) (Reply, error) {
	path := c.Operation.Path
	for name, value := range c.Path {
		path = strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(value))
	}
	if len(c.Query) > 0 {
		path += "?" + c.Query.Encode()
	}
	r, err := http.NewRequestWithContext(ctx, c.Method, stack.URL+path, bytes.NewReader(c.Body))
	if err != nil {
		return Reply{}, err
	}
	c.headers(r.Header)
	res, err := wire.Do(r)
	if err != nil {
		return Reply{}, err
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	return Reply{Request: r, Status: res.StatusCode, Header: res.Header, Body: body}, err
}

func (c Call) headers(h http.Header) {
	if c.Type == "" {
		c.Type, _ = c.Operation.Body()
	}
	for name, value := range map[string]string{"Content-Type": c.Type, "If-Match": c.IfMatch, "Idempotency-Key": c.Key} {
		if value != "" {
			h.Set(name, value)
		}
	}
	if c.Token != "" {
		h.Set("Authorization", "Bearer "+c.Token)
	}
}

// Problem is the answer as a problem; its code is empty where it is none.
func (r Reply) Problem() (p api.Problem) {
	_ = json.Unmarshal(r.Body, &p) // what is no problem has no code
	return p
}

// Token signs the person in, in a session of its own, and returns the access token.
func (p *Person) Token() string { return p.Session().AccessToken }

// Session signs the person in once more.
func (p *Person) Session() api.Token {
	p.world.T.Helper()
	token, err := p.SignIn()
	require.NoError(p.world.T, err)
	return token
}

// SignIn is Session for somebody who may have left meanwhile.
func (p *Person) SignIn() (api.Token, error) {
	c, err := client.New(stack.URL)
	if err != nil {
		return api.Token{}, err
	}
	secret := Password
	r, err := c.IssueTokenWithFormdataBodyWithResponse(p.world.T.Context(), api.TokenRequest{GrantType: "password", Trust: &p.world.Slug, Username: &p.Email, Password: &secret})
	if err == nil {
		err = client.Check(r)
	}
	if err != nil {
		return api.Token{}, err
	}
	return *r.JSON200, nil
}

// Minimal is a small value that the schema allows: required properties only, or as many as there
// must be, each as fill says or as the schema's example has it.
func Minimal(t testing.TB, s *openapi3.Schema, fill func(property string, s *openapi3.Schema) (any, bool)) any {
	t.Helper()
	shown, _ := s.Example.(map[string]any)
	out, wanted := map[string]any{}, slices.Clone(s.Required)
	for _, name := range keys(s.Properties) {
		if len(wanted) < int(s.MinProps) && !slices.Contains(wanted, name) {
			wanted = append(wanted, name)
		}
	}
	for _, name := range wanted {
		p := s.Properties[name].Value
		value, known := fill(name, p)
		switch {
		case known:
		case p.Type.Is("object") && len(p.Required) > 0:
			value = Minimal(t, p, fill)
		case p.Type.Is("array") && p.Items.Value.Type.Is("object") && p.MinItems > 0:
			value = []any{Minimal(t, p.Items.Value, fill)}
		case shown[name] != nil:
			value = shown[name]
		default:
			t.Fatalf("no example shows %s", name)
		}
		out[name] = value
	}
	return out
}
