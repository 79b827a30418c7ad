package app_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/apidocs"
	"github.com/perennial-api/perennial/internal/app"
	"github.com/perennial-api/perennial/internal/config"
	"github.com/perennial-api/perennial/internal/demo"
	"github.com/perennial-api/perennial/internal/pgembed"
	"github.com/perennial-api/perennial/internal/postgres"
)

var settings config.Config // of a database that is empty

func TestMain(m *testing.M) { os.Exit(tests(m)) }

func tests(m *testing.M) int {
	ctx := context.Background()
	s, err := pgembed.StartThrowaway(ctx)
	if err == nil {
		defer func() { _ = s.Stop() }()
		err = postgres.EnsureDatabase(ctx, s.DSN, "perennial")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "the tests need PostgreSQL:", err)
		return 1
	}
	blobs, err := os.MkdirTemp("", "perennial-blobs-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(blobs) }()
	settings = config.Config{BlobURL: "file://" + blobs, DatabaseURL: s.DSNFor("perennial_app", "perennial"), DatabaseAdminURL: s.DSNFor(pgembed.Superuser, "perennial"),
		Secret: strings.Repeat("a secret for tests ", 2), Host: "127.0.0.1", MaxConns: 8, PasswordGrant: true, ShutdownGrace: 5 * time.Second}
	return m.Run()
}

// TestRunServesManyAndStops is for the race detector too: requests run while it is told to stop.
func TestRunServesManyAndStops(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ready, ended := make(chan app.Ready, 1), make(chan error, 1)
	c := settings
	c.Demo = true
	go func() {
		ended <- app.Run(ctx, c, slog.New(slog.DiscardHandler), app.Hooks{Demo: demo.Load, Ready: func(r app.Ready) { ready <- r }})
	}()
	var r app.Ready
	select {
	case r = <-ready:
	case err := <-ended:
		t.Fatal(err)
	}
	require.Equal(t, []apidocs.Account{demo.HR}, r.Accounts[:1])
	running := get(t, r.URL+"/docs")
	require.NotNil(t, running)
	require.NoError(t, whole(running))
	answers := make(chan error, 20)
	for i := range cap(answers) {
		go func() {
			if i == cap(answers)/2 {
				stop()
			}
			answers <- whole(get(t, r.URL+"/docs"))
		}()
	}
	for range cap(answers) {
		require.NoError(t, <-answers)
	}
	require.NoError(t, <-ended)
}

// get returns nil for a request that the server has not taken, for it was stopping.
func get(t *testing.T, url string) *http.Response {
	res, err := http.Get(url)
	if err != nil {
		t.Log("not taken:", err)
		return nil
	}
	return res
}

// whole says whether a request that was taken is answered to the end.
func whole(res *http.Response) error {
	if res == nil {
		return nil
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d", res.StatusCode)
	}
	_, err := io.Copy(io.Discard, res.Body)
	return err
}

func TestDemoIsLoadedOnceAndLeavesAnOrdinaryTrustOfItsNameAlone(t *testing.T) {
	i, err := app.Open(t.Context(), settings, "http://perennial.test", slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	defer func() { require.NoError(t, i.Close()) }()
	first, err := demo.Load(t.Context(), i.App, i.Database.AdminURL)
	require.NoError(t, err)
	again, err := demo.Load(t.Context(), i.App, i.Database.AdminURL)
	require.NoError(t, err)
	require.Equal(t, first, again)

	setDemo(t, i, false) // as if somebody had made a trust of that name
	defer setDemo(t, i, true)
	_, err = demo.Load(t.Context(), i.App, i.Database.AdminURL)
	require.EqualError(t, err, "load the demo trust: there is a trust with the slug brightwater that is no demo")
}

func TestItIsReadyOnlyWhereDocumentsCanBeKept(t *testing.T) {
	c, dir := settings, t.TempDir()
	c.BlobURL = "file://" + dir
	i, err := app.Open(t.Context(), c, "http://perennial.test", slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	defer func() { require.NoError(t, i.Close()) }()
	ask := func() (int, string) {
		w := httptest.NewRecorder()
		i.Handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/readyz", nil))
		return w.Code, w.Body.String()
	}
	status, body := ask()
	require.Equal(t, http.StatusOK, status, body)
	require.NoError(t, os.RemoveAll(dir))
	status, body = ask()
	require.Equal(t, http.StatusServiceUnavailable, status, body)
	require.Contains(t, body, "documents_unwritable")
	require.NotContains(t, body, dir)
}

func setDemo(t *testing.T, i *app.Instance, is bool) {
	t.Helper()
	c, err := pgx.Connect(t.Context(), i.Database.AdminURL)
	require.NoError(t, err)
	defer func() { _ = c.Close(t.Context()) }()
	_, err = c.Exec(t.Context(), "update trusts set demo = $1 where slug = 'brightwater'", is)
	require.NoError(t, err)
}
