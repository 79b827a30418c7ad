package postgres_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/pgembed"
	"github.com/perennial-api/perennial/internal/postgres"
)

const (
	requestRole     = "perennial_app"
	requestPassword = "only for tests" // for servers that ask for one
)

// shared is the one database that the tests of this package share; each test has a trust of its own.
var shared *testDB

// server is where databases are made: TEST_DATABASE_URL, the URL of a superuser, or a cluster of our own.
var server struct {
	admin string                             // the superuser's connection string
	dsn   func(user, database string) string // "" is the superuser
}

func TestMain(m *testing.M) { os.Exit(runWithDatabase(m)) }

func runWithDatabase(m *testing.M) int {
	ctx := context.Background()
	stop, err := startServer(ctx)
	if err == nil {
		defer stop()
		shared, err = makeDB(ctx)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "no database for the tests:", err)
		return 1
	}
	defer shared.drop()
	return m.Run()
}

func startServer(ctx context.Context) (stop func(), err error) {
	if text := os.Getenv("TEST_DATABASE_URL"); text != "" {
		at, err := url.Parse(text)
		server.admin, server.dsn = text, func(user, database string) string { return withUser(*at, user, database) }
		return func() {}, err
	}
	s, err := pgembed.StartThrowaway(ctx)
	if err != nil {
		return nil, err
	}
	server.admin, server.dsn = s.DSN, func(user, database string) string {
		if user == "" {
			user = pgembed.Superuser
		}
		return s.DSNFor(user, database)
	}
	return func() { _ = s.Stop() }, nil
}

func withUser(at url.URL, user, database string) string {
	at.Path = "/" + database
	if user != "" {
		at.User = url.UserPassword(user, requestPassword)
	}
	return at.String()
}

// testDB is a migrated database, through the role of requests and through the superuser.
type testDB struct {
	*postgres.DB
	name  string
	admin *pgxpool.Pool // row security does not bind it
}

func makeDB(ctx context.Context) (*testDB, error) {
	if err := makeRole(ctx); err != nil {
		return nil, err
	}
	d := &testDB{name: fmt.Sprintf("perennial_test_%x", uuid.New())}
	if err := postgres.EnsureDatabase(ctx, server.admin, d.name); err != nil {
		return nil, err
	}
	if err := postgres.Migrate(ctx, server.dsn("", d.name), requestRole); err != nil {
		return nil, err
	}
	var err error
	if d.admin, err = pgxpool.New(ctx, server.dsn("", d.name)); err != nil {
		return nil, err
	}
	d.DB, err = postgres.Open(ctx, postgres.Options{URL: server.dsn(requestRole, d.name), Access: access.Table{}, Now: time.Now})
	return d, err
}

// makeRole waits for other test processes that make it on the same server.
func makeRole(ctx context.Context) error {
	c, err := pgx.Connect(ctx, server.admin)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close(ctx) }()
	if _, err := c.Exec(ctx, "select pg_advisory_lock(4711)"); err != nil {
		return err
	}
	if err := postgres.EnsureRole(ctx, server.admin, requestRole); err != nil {
		return err
	}
	_, err = c.Exec(ctx, "alter role "+requestRole+" password '"+requestPassword+"'")
	return err
}

// drop leaves nothing behind on a server that is not ours.
func (d *testDB) drop() {
	d.Close()
	d.admin.Close()
	c, err := pgx.Connect(context.Background(), server.admin)
	if err != nil {
		return
	}
	_, _ = c.Exec(context.Background(), "drop database if exists "+d.name+" with (force)")
	_ = c.Close(context.Background())
}

// openTestDB returns the database that the tests share.
func openTestDB(t *testing.T) *testDB {
	t.Helper()
	return shared
}

// openOwnDB returns an empty database, for tests of what belongs to no trust.
func openOwnDB(t *testing.T) *testDB {
	t.Helper()
	d, err := makeDB(t.Context())
	require.NoError(t, err)
	t.Cleanup(d.drop)
	return d
}

// newTrust makes a trust in the shared database. slugOf gives its slug.
func newTrust(t *testing.T) uuid.UUID {
	t.Helper()
	id := uuid.New()
	asAdmin(t, "insert into trusts (id, slug, name) values ($1, $2, 'A trust')", id, slugOf(id))
	return id
}

func slugOf(trust uuid.UUID) string { return "t" + trust.String() }

// newPerson makes an active person without a password in the shared database.
func newPerson(t *testing.T, trust uuid.UUID, email string) uuid.UUID {
	t.Helper()
	id := uuid.New()
	asAdmin(t, "insert into people (trust_id, id, given_name, family_name, email) values ($1, $2, 'Priya', 'Nair', $3)", trust, id, email)
	return id
}

// asAdmin writes to the shared database past row security.
func asAdmin(t *testing.T, statement string, args ...any) {
	t.Helper()
	_, err := shared.admin.Exec(t.Context(), statement, args...)
	require.NoError(t, err)
}

// count reads one number from the shared database past row security.
func count(t *testing.T, query string, args ...any) (n int) {
	t.Helper()
	require.NoError(t, shared.admin.QueryRow(t.Context(), query, args...).Scan(&n))
	return n
}
