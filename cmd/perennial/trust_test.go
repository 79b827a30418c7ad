//go:build unix

package main

import (
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/pgembed"
	"github.com/perennial-api/perennial/internal/postgres"
	"github.com/perennial-api/perennial/pkg/client"
)

var elmfield = []string{"trust", "create", "--slug", "elmfield", "--name", "Elmfield Trust", "--hr-given", "Nadia", "--hr-family", "Bright", "--hr-email", "nadia.bright@elmfield.example"}

func TestTrustOnAnotherServerFromNothingToSignIn(t *testing.T) {
	t.Parallel()
	env := another(t, "elmfield")
	code, out, errs := run(t, without(env, "SECRET"), "migrate")
	require.Zero(t, code, errs)
	require.Equal(t, "The schema is up to date.\n", out)
	require.True(t, hasPassword(t, "requests_of_elmfield"))

	code, out, errs = run(t, env, elmfield...)
	require.Zero(t, code, errs)
	invitation := printedLink(t, out)
	code, out, errs = run(t, env, elmfield...)
	require.Equal(t, 1, code)
	require.Empty(t, out)
	require.Equal(t, "perennial: there is a trust with this slug already\n", errs)

	server := start(t, without(env, "DATABASE_ADMIN_URL"), "serve")
	base := server.url()
	redeem(t, base, invitation, "three quiet lanterns", http.StatusNoContent)
	redeem(t, base, invitation, "three other lanterns", http.StatusUnprocessableEntity)
	sessions, err := signedIn(t, base, "elmfield", "nadia.bright@elmfield.example", "three quiet lanterns").ListSessionsWithResponse(t.Context())
	require.NoError(t, err)
	require.NotNil(t, sessions.JSON200)
	require.Len(t, sessions.JSON200.Items, 1)

	code, out, errs = run(t, env, "trust", "link", "--slug", "elmfield", "--email", "Nadia.Bright@elmfield.example")
	require.Zero(t, code, errs)
	redeem(t, base, printedLink(t, out), "four quiet lanterns", http.StatusNoContent)
	sessions, err = signedIn(t, base, "elmfield", "nadia.bright@elmfield.example", "four quiet lanterns").ListSessionsWithResponse(t.Context())
	require.NoError(t, err)
	require.NotNil(t, sessions.JSON200)
	require.NotContains(t, server.err.String(), "nadia", "the log names nobody")

	code, out, errs = run(t, env, "audit", "verify", "--slug", "elmfield")
	require.Zero(t, code, errs)
	require.Contains(t, out, "The chain of elmfield is whole")
	code, _, errs = run(t, env, "audit", "verify", "--slug", "elmfield", "--anchor-n", "1", "--anchor-hash", "0123")
	require.Equal(t, 1, code)
	require.Contains(t, errs, "perennial: block 1: This block is another than the one that was noted")

	code, _, errs = run(t, env, "trust", "link", "--slug", "elmfield", "--email", "nobody@elmfield.example")
	require.Equal(t, 1, code)
	require.Equal(t, "perennial: the trust has nobody with this e-mail address\n", errs)
}

func TestTrustCreateRefusesWhatItCannotMake(t *testing.T) {
	t.Parallel()
	for flag, value := range map[string]string{"--slug": "Elm Field", "--name": " ", "--hr-given": "", "--hr-email": "nadia", "--time-zone": "Europe/Elmfield"} {
		args := append([]string{}, elmfield...)
		args = append(args, flag, value) // the later one counts
		code, out, errs := run(t, map[string]string{"DATA_DIR": "/nowhere"}, args...)
		require.NotZero(t, code, flag)
		require.Empty(t, strings.TrimSpace(out[strings.LastIndex(out, "\n")+1:]))
		require.Regexp(t, `perennial: error: .*(slug|name|e-mail address|time zone)`, errs, flag)
	}
}

func TestServeRefusesAMissingOrShortSecret(t *testing.T) {
	t.Parallel()
	env := map[string]string{"DATABASE_URL": "postgres://perennial_app@127.0.0.1:1/perennial", "PORT": "0"}
	const rest = ": set at least 32 random characters, such as from `openssl rand -base64 32`, and keep them; they seal the keys by which sign-ins are signed\n"
	code, _, errs := run(t, env, "serve")
	require.Equal(t, 1, code)
	require.Equal(t, "perennial: SECRET is missing"+rest, errs)
	env["SECRET"] = "only 31 characters, not thirty2"
	code, _, errs = run(t, env, "serve")
	require.Equal(t, 1, code)
	require.Equal(t, "perennial: SECRET is too short"+rest, errs)
}

func TestServeRefusesADatabaseThatWaitsForMigrations(t *testing.T) {
	t.Parallel()
	env := another(t, "behind")
	require.NoError(t, postgres.EnsureRole(t.Context(), cluster.DSN, "requests_of_behind"))
	code, _, errs := run(t, without(env, "DATABASE_ADMIN_URL"), "serve")
	require.Equal(t, 1, code)
	require.Contains(t, errs, "the database waits for migrations: run perennial migrate")
}

func TestMigrationsThatStartAtOnceAllSucceed(t *testing.T) {
	t.Parallel()
	env := another(t, "race")
	var racing []*program
	for range 2 {
		racing = append(racing, start(t, env, "migrate"))
	}
	for _, p := range racing {
		require.Zero(t, p.wait(30*time.Second), p.err.String())
	}
}

func TestMigrateRefusesOneRoleForBothPurposes(t *testing.T) {
	t.Parallel()
	env := another(t, "same")
	env["DATABASE_URL"] = env["DATABASE_ADMIN_URL"]
	code, _, errs := run(t, env, "migrate")
	require.Equal(t, 1, code)
	require.Equal(t, "perennial: DATABASE_URL and DATABASE_ADMIN_URL name the same role: requests need one of their own, which owns nothing\n", errs)
}

func TestSettingsThatCannotBeReadAreNamedWithoutTheirValues(t *testing.T) {
	t.Parallel()
	code, _, errs := run(t, map[string]string{"PORT": "sekrit", "SHUTDOWN_GRACE": "sekrit"}, "serve")
	require.Equal(t, 1, code)
	require.Equal(t, "perennial: the value of PORT and of SHUTDOWN_GRACE cannot be read\n", errs)
}

func TestReadyAsksThisMachineWhateverThePublicAddressIs(t *testing.T) {
	t.Parallel()
	env := without(another(t, shared), "DATABASE_ADMIN_URL")
	env["PUBLIC_URL"], env["HOST"] = "https://appraisal.elmfield.example/", "0.0.0.0"
	l, err := net.Listen("tcp", "0.0.0.0:0")
	require.NoError(t, err)
	env["PORT"] = port(t, "http://"+l.Addr().String())
	require.NoError(t, l.Close())
	code, _, errs := run(t, env, "ready")
	require.Equal(t, 1, code)
	require.Contains(t, errs, "nothing answers at http://127.0.0.1:"+env["PORT"]+":")
	require.Equal(t, "https://appraisal.elmfield.example", start(t, env, "serve").url())
	code, out, errs := run(t, env, "ready")
	require.Zero(t, code, errs)
	require.Equal(t, "ready\n", out)
}

var link = regexp.MustCompile(`(?m)^  (\S{40,})$`)

func printedLink(t *testing.T, out string) string {
	t.Helper()
	found := link.FindStringSubmatch(out)
	require.NotNil(t, found, out)
	require.Contains(t, out, `/v1/auth/redeem-link -H 'Content-Type: application/json'`)
	return found[1]
}

func redeem(t *testing.T, base, link, password string, status int) {
	t.Helper()
	c, err := client.New(base)
	require.NoError(t, err)
	r, err := c.RedeemLinkWithResponse(t.Context(), api.RedeemLink{Link: link, NewPassword: password})
	require.NoError(t, err)
	require.Equal(t, status, r.HTTPResponse.StatusCode, string(r.Body))
}

func hasPassword(t *testing.T, role string) (has bool) {
	t.Helper()
	c, err := pgx.Connect(t.Context(), cluster.DSNFor(pgembed.Superuser, "postgres"))
	require.NoError(t, err)
	defer func() { _ = c.Close(t.Context()) }()
	require.NoError(t, c.QueryRow(t.Context(), "select rolpassword is not null from pg_authid where rolname = $1", role).Scan(&has))
	return has
}
