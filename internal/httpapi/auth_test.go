package httpapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

func TestWhatGetsNoTokenIsToldInTheWordsOfOAuth(t *testing.T) {
	t.Parallel()
	y := apitest.NewYear(t)
	y.As(tom) // has a password from here on
	outside := y.Client(client.Credentials{})
	signIn := func(trust, username, password *string) api.TokenRequest {
		return api.TokenRequest{GrantType: "password", Trust: trust, Username: username, Password: password}
	}
	email, password := ptr(y.Emails[tom]), ptr(apitest.Password)
	var wrong []string
	for _, c := range []struct {
		what, code string
		r          api.TokenRequest
	}{
		{"a grant type that is not offered", "unsupported_grant_type", api.TokenRequest{GrantType: "client_credentials"}},
		{"no trust", "invalid_request", signIn(nil, email, password)},
		{"no address", "invalid_request", signIn(&y.Slug, nil, password)},
		{"no password", "invalid_request", signIn(&y.Slug, email, nil)},
		{"another trust", "invalid_grant", signIn(ptr("elsewhere"), email, password)},
		{"another address", "invalid_grant", signIn(&y.Slug, ptr("nobody@brightwater.example"), password)},
		{"another password", "invalid_grant", signIn(&y.Slug, email, ptr(newPassword))},
		{"no refresh token", "invalid_request", api.TokenRequest{GrantType: "refresh_token"}},
		{"a password that nobody has", "invalid_request", signIn(&y.Slug, email, ptr(strings.Repeat("x", 129)))},
		{"a refresh token of nobody", "invalid_grant", api.TokenRequest{GrantType: "refresh_token", RefreshToken: ptr("not one of ours")}},
	} {
		r, err := outside.IssueTokenWithFormdataBodyWithResponse(t.Context(), c.r)
		require.NoError(t, err)
		require.Equal(t, http.StatusBadRequest, r.StatusCode(), c.what)
		require.Equal(t, []string{"no-store"}, r.HTTPResponse.Header.Values("Cache-Control"), c.what)
		told := parsed[api.OAuthError](t, r)
		require.Equal(t, c.code, told.Error, c.what)
		require.NotContains(t, told.ErrorDescription, "errors", "there is no list beside it")
		if c.r.GrantType == "password" && c.code == "invalid_grant" {
			wrong = append(wrong, string(r.Body))
		}
	}
	none, err := outside.IssueTokenWithBodyWithResponse(t.Context(), "application/x-www-form-urlencoded", strings.NewReader("trust="+y.Slug))
	require.NoError(t, err)
	require.Equal(t, http.StatusBadRequest, none.StatusCode(), "no grant type")
	require.Equal(t, "invalid_request", parsed[api.OAuthError](t, none).Error, "no grant type")
	require.Equal(t, []string{wrong[0], wrong[0], wrong[0]}, wrong, "whoever guesses is not told what was wrong")
}

func TestARevokedRefreshTokenEndsItsSession(t *testing.T) {
	t.Parallel()
	y := apitest.NewYear(t)
	y.As(tom)
	outside := y.Client(client.Credentials{})
	r, err := outside.IssueTokenWithFormdataBodyWithResponse(t.Context(), api.TokenRequest{GrantType: "password", Trust: &y.Slug, Username: ptr(y.Emails[tom]), Password: ptr(apitest.Password)})
	apitest.OK(t, r, err)
	gone, err := outside.RevokeTokenWithFormdataBodyWithResponse(t.Context(), api.RevokeRequest{Token: r.JSON200.RefreshToken})
	apitest.OK(t, gone, err)
	refresh, err := outside.IssueTokenWithFormdataBodyWithResponse(t.Context(), api.TokenRequest{GrantType: "refresh_token", RefreshToken: &r.JSON200.RefreshToken})
	require.NoError(t, err)
	require.Equal(t, http.StatusBadRequest, refresh.StatusCode())
	require.Contains(t, string(refresh.Body), "invalid_grant")
}

// Whoever holds a token that means nothing is not told so (RFC 7009, section 2.2).
func TestAnUnknownTokenIsRevokedAsAKnownOne(t *testing.T) {
	t.Parallel()
	y := apitest.NewYear(t)
	y.As(tom) // has a password from here on
	outside := y.Client(client.Credentials{})
	pair, err := outside.IssueTokenWithFormdataBodyWithResponse(t.Context(), api.TokenRequest{GrantType: "password", Trust: &y.Slug, Username: ptr(y.Emails[tom]), Password: ptr(apitest.Password)})
	apitest.OK(t, pair, err)
	for what, token := range map[string]string{"a token of nobody": "not one of ours", "a refresh token": pair.JSON200.RefreshToken} {
		for _, again := range []string{"once", "twice"} {
			r, err := outside.RevokeTokenWithFormdataBodyWithResponse(t.Context(), api.RevokeRequest{Token: token})
			apitest.OK(t, r, err)
			require.Equal(t, http.StatusNoContent, r.StatusCode(), what+" "+again)
			require.Empty(t, r.Body, what+" "+again)
		}
	}
	access, err := outside.RevokeTokenWithFormdataBodyWithResponse(t.Context(), api.RevokeRequest{Token: pair.JSON200.AccessToken})
	require.NoError(t, err)
	require.Equal(t, http.StatusBadRequest, access.StatusCode())
	require.Equal(t, "unsupported_token_type", parsed[api.OAuthError](t, access).Error, "it lives on, and that is said")
}
