// Package apitest runs the real product on a real PostgreSQL for tests: named people, the
// generated client, and a transport that holds every answer against the contract.
package apitest

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/app"
	"github.com/perennial-api/perennial/internal/auth"
	"github.com/perennial-api/perennial/internal/pgembed"
	"github.com/perennial-api/perennial/internal/postgres"
	"github.com/perennial-api/perennial/internal/schooltime"
	"github.com/perennial-api/perennial/pkg/client"
)

const (
	role = "perennial_app"
	// Password is that of every person of a test.
	Password = "correct horse battery"
)

// passwordHash is a hash of it that is quick to compare, for everybody signs in: a hash carries its
// parameters. Passwords that a test sets through the API are hashed as those of the product.
const passwordHash auth.PasswordHash = "$argon2id$v=19$m=64,t=1,p=1$2nMGIKtLmaka5IFak5iHEA$psoiFHc+tY/tyxjRHhvIHvjh9B0kUojxpKA3NdOiqJQ"

// Stack is the product of one test process: one cluster, one database, one server.
type Stack struct {
	*app.App
	URL      string
	AdminURL string
	logs     *syncBuffer
}

var stack *Stack

// Main runs a package's tests on one database. Without a database the tests fail. What all of them
// together must have shown is asked after they passed.
func Main(m *testing.M, shown ...func() bool) {
	os.Exit(run(m, shown))
}

func run(m *testing.M, shown []func() bool) int {
	ctx := context.Background()
	admin, dsn, stop, err := database(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, "the tests need PostgreSQL 15 or later:", err)
		return 1
	}
	defer stop()
	logs := &syncBuffer{}
	log := slog.New(slog.NewJSONHandler(logs, nil))
	slog.SetDefault(log) // what libraries say is searched for personal text too
	dir, err := os.MkdirTemp("", "perennial-blobs-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dir) }()
	a, err := app.New(ctx, app.Options{DatabaseURL: dsn, BlobURL: "file://" + dir, MaxConns: 24, Secret: strings.Repeat("test secret ", 4), PublicURL: "http://perennial.test",
		PasswordGrant: true, Logger: log, Now: time.Now, OnQuery: countQuery})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer a.Close()
	srv := httptest.NewServer(a.Handler)
	defer srv.Close()
	stack = &Stack{App: a, URL: srv.URL, AdminURL: admin, logs: logs}
	code := m.Run()
	for _, ask := range shown {
		if code == 0 && !ask() {
			code = 1
		}
	}
	return code
}

// database starts a throw-away cluster, or makes a new database in the one of TEST_DATABASE_URL.
func database(ctx context.Context) (admin, dsn string, stop func(), err error) {
	name := "t" + strings.ReplaceAll(uuid.NewString(), "-", "")
	if base := os.Getenv("TEST_DATABASE_URL"); base != "" {
		return given(ctx, base, name)
	}
	s, err := pgembed.StartThrowaway(ctx)
	if err != nil {
		return "", "", nil, err
	}
	admin, dsn = s.DSNFor(pgembed.Superuser, name), s.DSNFor(role, name)
	return admin, dsn, func() { _ = s.Stop() }, prepare(ctx, s.DSN, admin, name)
}

func given(ctx context.Context, base, name string) (admin, dsn string, stop func(), err error) {
	u, err := url.Parse(base)
	if err != nil {
		return "", "", nil, err
	}
	u.Path = "/" + name
	admin = u.String()
	u.User = url.UserPassword(role, "perennial")
	return admin, u.String(), func() {}, prepare(ctx, base, admin, name)
}

func prepare(ctx context.Context, base, admin, name string) error {
	if err := postgres.EnsureRole(ctx, base, role); err != nil {
		return err
	}
	if err := postgres.EnsureDatabase(ctx, base, name); err != nil {
		return err
	}
	return postgres.Migrate(ctx, admin, role)
}

// Logs returns what the product has logged so far.
func Logs() string { return stack.logs.String() }

// Current returns the stack of this test process.
func Current() *Stack { return stack }

type syncBuffer struct {
	mu sync.Mutex
	b  strings.Builder
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}
func (s *syncBuffer) String() string { s.mu.Lock(); defer s.mu.Unlock(); return s.b.String() }

// World is a fresh trust for one test, with its HR person signed in.
type World struct {
	T     testing.TB
	Stack *Stack
	Slug  string
	Trust uuid.UUID
	Root  uuid.UUID // the trust's root unit
	HR    *Person

	known map[uuid.UUID]*Person // who has a client of their own
}

// Person is a named person of a world, who signs in when first asked to do something.
type Person struct {
	*client.ClientWithResponses
	ID    uuid.UUID
	Name  string
	Email string
	world *World
}

// NewWorld makes a trust whose school day is the given one.
func NewWorld(t testing.TB, day string) *World {
	t.Helper()
	slug := "t-" + strings.ReplaceAll(uuid.NewString(), "-", "")[:20]
	made, err := stack.DB.CreateTrust(t.Context(), stack.AdminURL, postgres.NewTrust{Slug: slug, Name: "Brightwater Trust", Demo: true,
		SchoolDay: schooltime.MustDate(day), HRGivenName: "Hana", HRFamilyName: "Reyes", HREmail: "hana@" + slug + ".example"})
	require.NoError(t, err)
	w := &World{T: t, known: map[uuid.UUID]*Person{}, Stack: stack, Slug: slug, Trust: made.TrustID, Root: made.UnitID}
	w.HR = w.person(made.HRID, "Hana", "hana@"+slug+".example")
	return w
}

// person gives somebody the test password and a client of their own.
func (w *World) person(id uuid.UUID, name, email string) *Person {
	w.T.Helper()
	err := stack.DB.InTx(w.T.Context(), w.Trust, func(ctx context.Context) error {
		return stack.DB.SetPasswordHash(ctx, w.Trust, id, passwordHash)
	})
	require.NoError(w.T, err)
	p := &Person{ID: id, Name: name, Email: email, world: w}
	p.ClientWithResponses = w.Client(client.Password(w.Slug, email, Password))
	w.known[id] = p
	return p
}

// Client returns a client whose every answer is held against the contract.
func (w *World) Client(c client.Credentials) *client.ClientWithResponses {
	w.T.Helper()
	cl, err := client.New(stack.URL, client.WithCredentials(c), client.WithTransport(Checked(w.T)))
	require.NoError(w.T, err)
	return cl
}

// On moves the trust's clock to nine in the morning of the day, also backwards, unlike the API.
func (w *World) On(day string) {
	w.T.Helper()
	require.NoError(w.T, stack.DB.InTx(w.T.Context(), w.Trust, func(ctx context.Context) error {
		return stack.DB.SetClock(ctx, w.Trust, schooltime.MustDate(day))
	}))
}

// Read drains and closes a body, for answers that a test reads by itself.
func Read(t testing.TB, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	require.NoError(t, r.Body.Close())
	return string(b)
}
