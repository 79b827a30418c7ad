package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver by which goose connects
	"github.com/pressly/goose/v3"

	"github.com/perennial-api/perennial/migrations"
)

// Migrate brings the schema up to date through the role of adminURL, and grants requestRole what
// requests need: rows, never the schema, and nothing that would change what has happened. Of
// several processes that start at once one migrates and the others wait.
func Migrate(ctx context.Context, adminURL, requestRole string) error {
	db, err := sql.Open("pgx", adminURL)
	if err != nil {
		return fmt.Errorf("DATABASE_ADMIN_URL: %w", err)
	}
	defer func() { _ = db.Close() }()
	locked, err := lockMigrations(ctx, db)
	if err != nil {
		return err
	}
	defer func() { _ = locked.Close() }()
	p, err := goose.NewProvider(goose.DialectPostgres, db, migrations.Files, goose.WithVerbose(false))
	if err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return grant(ctx, db, requestRole)
}

// lockMigrations returns a connection that holds the lock until the pool is closed.
func lockMigrations(ctx context.Context, db *sql.DB) (*sql.Conn, error) {
	c, err := db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect to the database: %w", err)
	}
	if _, err := c.ExecContext(ctx, "select pg_advisory_lock(hashtext('perennial.migrate'))"); err != nil {
		_ = c.Close()
		return nil, fmt.Errorf("migrate: %w", err)
	}
	return c, nil
}

func grant(ctx context.Context, db *sql.DB, role string) error {
	r := pgx.Identifier{role}.Sanitize()
	for _, statement := range []string{
		"grant usage on schema public to " + r,
		"grant select, insert, update, delete on all tables in schema public to " + r,
		"revoke update, delete on blocks, events, disclosures from " + r,
		"revoke insert, delete on trusts from " + r,
		"revoke update on signing_keys from " + r,
		"revoke all on goose_db_version from " + r,
		"grant select on goose_db_version to " + r,
	} {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("grant to %s: %w", role, err)
		}
	}
	return nil
}

// EnsureRole makes the role of requests where it is missing: one that may log in and nothing else.
func EnsureRole(ctx context.Context, adminURL, role string) error {
	c, err := pgx.Connect(ctx, adminURL)
	if err != nil {
		return fmt.Errorf("connect to the database: %w", err)
	}
	defer func() { _ = c.Close(ctx) }()
	var n int
	if err := c.QueryRow(ctx, "select count(*) from pg_roles where rolname = $1", role).Scan(&n); err != nil || n > 0 {
		return err
	}
	_, err = c.Exec(ctx, "create role "+pgx.Identifier{role}.Sanitize()+" login nosuperuser nocreatedb nocreaterole nobypassrls")
	return err
}

// EnsureDatabase makes the database where it is missing.
func EnsureDatabase(ctx context.Context, adminURL, name string) error {
	c, err := pgx.Connect(ctx, adminURL)
	if err != nil {
		return fmt.Errorf("connect to the database: %w", err)
	}
	defer func() { _ = c.Close(ctx) }()
	var n int
	if err := c.QueryRow(ctx, "select count(*) from pg_database where datname = $1", name).Scan(&n); err != nil || n > 0 {
		return err
	}
	_, err = c.Exec(ctx, "create database "+pgx.Identifier{name}.Sanitize())
	return err
}

// ErrSchemaBehind says that the database waits for migrations that this binary has.
var ErrSchemaBehind = errors.New("the database waits for migrations: run perennial migrate")

// CheckSchema says whether the schema is the one that this binary knows.
func (d *DB) CheckSchema(ctx context.Context) error {
	entries, err := migrations.Files.ReadDir(".")
	if err != nil {
		return err
	}
	var have int
	if err := d.pool.QueryRow(ctx, "select coalesce(max(version_id), 0) from goose_db_version where is_applied").Scan(&have); err != nil {
		return fmt.Errorf("%w (%w)", ErrSchemaBehind, err)
	}
	if have < len(entries) {
		return ErrSchemaBehind
	}
	return nil
}
