package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/perennial-api/perennial/internal/config"
	"github.com/perennial-api/perennial/internal/pgembed"
	"github.com/perennial-api/perennial/internal/postgres"
)

const (
	embeddedRole     = "perennial_app" // of requests
	embeddedDatabase = "perennial"
)

// A Database is where an instance keeps its records: a server that was there before, or one of
// its own, which ends with it.
type Database struct {
	URL      string // the role of requests
	AdminURL string // the role that migrates and makes trusts; empty when nobody gave one
	embedded *pgembed.Server
	logFile  string
}

// OpenDatabase starts the embedded database, or takes the one that the settings name. Errors are
// one sentence for the person at the terminal.
func OpenDatabase(ctx context.Context, c config.Config) (*Database, error) {
	if !c.Embedded() {
		return &Database{URL: c.DatabaseURL, AdminURL: c.DatabaseAdminURL}, nil
	}
	if c.DatabaseAdminURL != "" {
		return nil, errors.New("DATABASE_ADMIN_URL is set but DATABASE_URL, the role of requests, is not")
	}
	s, err := pgembed.Start(ctx, pgembed.Options{Dir: c.DataDir})
	if errors.Is(err, pgembed.ErrInUse) {
		return nil, fmt.Errorf("another Perennial is running on the data in %s: stop it first, or choose another directory by DATA_DIR", absolute(c.DataDir))
	}
	if err != nil {
		return nil, err
	}
	d := &Database{URL: s.DSNFor(embeddedRole, embeddedDatabase), AdminURL: s.DSNFor(pgembed.Superuser, embeddedDatabase),
		embedded: s, logFile: filepath.Join(absolute(c.DataDir), "postgres.log")}
	if err := postgres.EnsureDatabase(ctx, s.DSN, embeddedDatabase); err != nil {
		_ = s.Stop()
		return nil, err
	}
	return d, nil
}

func absolute(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}

// Migrate brings the schema up to date, makes the role of requests where it is missing and grants
// it what it needs.
func (d *Database) Migrate(ctx context.Context) error {
	if d.URL == "" || d.AdminURL == "" {
		return errors.New("migrating takes DATABASE_ADMIN_URL, the role that owns the tables, and DATABASE_URL, the role of requests")
	}
	role, err := postgres.EnsureRequestRole(ctx, d.AdminURL, d.URL)
	if err != nil {
		return err
	}
	return postgres.Migrate(ctx, d.AdminURL, role)
}

// Ended is closed when the embedded database has ended; it never is for another one.
func (d *Database) Ended() <-chan struct{} {
	if d.embedded == nil {
		return nil
	}
	return d.embedded.Done()
}

// loss is why the embedded database ended by itself, for the person at the terminal.
func (d *Database) loss() error {
	return fmt.Errorf("the database ended by itself (%w): see %s; what was saved is safe, and the next start goes on from there", d.embedded.Err(), d.logFile)
}

// Stop ends the embedded database, with everything committed on disk; another one goes on.
func (d *Database) Stop() error {
	if d.embedded == nil {
		return nil
	}
	return d.embedded.Stop()
}

// secret returns SECRET, or for the embedded database one that was made at the first start and is
// kept beside it. The database is running, so that nobody else is making one.
func (d *Database) secret(c config.Config) (string, error) {
	if c.Secret != "" || d.embedded == nil {
		return c.Secret, nil
	}
	path := filepath.Join(c.DataDir, "secret")
	kept, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return newSecret(path)
	}
	return string(kept), err
}
