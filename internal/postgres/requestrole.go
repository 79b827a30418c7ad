package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// EnsureRequestRole makes the role that requestURL signs in as where it is missing, with the
// password of requestURL if it has one, and returns the role's name. A role that is there stays
// as it is, its password too.
func EnsureRequestRole(ctx context.Context, adminURL, requestURL string) (string, error) {
	request, err := pgx.ParseConfig(requestURL)
	if err != nil {
		return "", errors.New("DATABASE_URL is not a PostgreSQL address")
	}
	admin, err := pgx.ParseConfig(adminURL)
	if err != nil {
		return "", errors.New("DATABASE_ADMIN_URL is not a PostgreSQL address")
	}
	if admin.User == request.User {
		return "", errors.New("DATABASE_URL and DATABASE_ADMIN_URL name the same role: requests need one of their own, which owns nothing")
	}
	c, err := pgx.ConnectConfig(ctx, admin)
	if err != nil {
		return "", fmt.Errorf("connect to the database: %w", err)
	}
	defer func() { _ = c.Close(ctx) }()
	return request.User, makeRole(ctx, c, request.User, request.Password)
}

// makeRole takes a lock, for several processes may start at once.
func makeRole(ctx context.Context, c *pgx.Conn, role, password string) error {
	return pgx.BeginFunc(ctx, c, func(tx pgx.Tx) error {
		var known bool
		if _, err := tx.Exec(ctx, "select pg_advisory_xact_lock(hashtext('perennial.role'))"); err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, "select exists (select from pg_roles where rolname = $1)", role).Scan(&known); err != nil || known {
			return err
		}
		statement := "create role " + pgx.Identifier{role}.Sanitize() + " login nosuperuser nocreatedb nocreaterole nobypassrls"
		if password != "" {
			quoted, err := c.PgConn().EscapeString(password)
			if err != nil {
				return err
			}
			statement += " password '" + quoted + "'"
		}
		if _, err := tx.Exec(ctx, statement); err != nil {
			return fmt.Errorf("make the role of DATABASE_URL: %w", err)
		}
		return nil
	})
}
