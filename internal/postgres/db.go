// Package postgres keeps the service's records. It is the only package that imports GORM.
//
// It owns SQL and nothing else: rules live in the features, whose store interfaces it implements,
// one file per feature. Every statement runs in a transaction that carries the trust, below which
// stands row-level security.
package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/fault"
)

// DB is the database of the product, through the role of requests.
type DB struct {
	gorm  *gorm.DB
	pool  *pgxpool.Pool
	sql   *sql.DB
	table access.Table
	now   func() time.Time
	ids   func() uuid.UUID
}

// Options say how the database is used.
type Options struct {
	URL      string       // the role of requests, which owns nothing
	MaxConns int          // size of the pool; 16 when 0
	Access   access.Table // the bounds by which lists are filtered
	Now      func() time.Time
	OnQuery  func(trust uuid.UUID, operation string) // told of every statement, for tests that count them
}

// Open connects and refuses a role that row security does not bind.
func Open(ctx context.Context, o Options) (*DB, error) {
	cfg, err := pgxpool.ParseConfig(o.URL)
	if err != nil {
		return nil, errors.New("DATABASE_URL is not a PostgreSQL address")
	}
	if o.MaxConns == 0 {
		o.MaxConns = 16
	}
	cfg.MaxConns, cfg.MinIdleConns, cfg.MaxConnIdleTime = int32(o.MaxConns), 2, 5*time.Minute
	cfg.ConnConfig.RuntimeParams["statement_timeout"] = "20000"
	cfg.ConnConfig.RuntimeParams["idle_in_transaction_session_timeout"] = "15000"
	cfg.ConnConfig.RuntimeParams["lock_timeout"] = "5000"
	cfg.ConnConfig.RuntimeParams["timezone"] = "UTC"
	if o.OnQuery != nil {
		cfg.ConnConfig.Tracer = tracer{o.OnQuery}
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	db := &DB{pool: pool, sql: stdlib.OpenDBFromPool(pool), table: o.Access, ids: newID,
		now: func() time.Time { return o.Now().UTC().Truncate(time.Microsecond) }}
	db.sql.SetMaxOpenConns(o.MaxConns)
	db.sql.SetMaxIdleConns(0) // pgxpool keeps the idle ones
	if err := db.bound(ctx); err != nil {
		db.Close()
		return nil, err
	}
	db.gorm, err = gorm.Open(postgres.New(postgres.Config{Conn: guard{db.sql}}), &gorm.Config{
		DisableAutomaticPing: true, SkipDefaultTransaction: true, NowFunc: func() time.Time { return db.now().UTC() },
		Logger: logger.Discard, // what fails is returned, and logged once where it is answered
	})
	return db, err
}

func newID() uuid.UUID {
	id, err := uuid.NewV7()
	if err != nil {
		panic(err) // the system has no randomness
	}
	return id
}

// bound refuses a superuser, a role that bypasses row security, and one that owns tables.
func (d *DB) bound(ctx context.Context) error {
	var super, bypass, owns bool
	err := d.pool.QueryRow(ctx, `select rolsuper, rolbypassrls, exists (
		select from pg_class where relowner = r.oid and relkind in ('r','p') and relnamespace = 'public'::regnamespace)
		from pg_roles r where rolname = current_user`).Scan(&super, &bypass, &owns)
	if err != nil {
		return fmt.Errorf("connect to the database: %w", err)
	}
	if super || bypass || owns {
		return errors.New("the role of DATABASE_URL is not bound by row security: use one that is no superuser, has no BYPASSRLS and owns no table")
	}
	return nil
}

// Close ends every connection.
func (d *DB) Close() { _ = d.sql.Close(); d.pool.Close() }

// Now is the wall clock, as finely as the database keeps times.
func (d *DB) Now() time.Time { return d.now() }

// Ping says whether the database answers.
func (d *DB) Ping(ctx context.Context) error { return d.pool.Ping(ctx) }

// Stat returns the state of the pool, for the metrics.
func (d *DB) Stat() *pgxpool.Stat { return d.pool.Stat() }

// translate turns what the database says into what a caller is told.
func translate(err error) error {
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return fault.Gone()
	}
	return contended(err)
}

// contended makes Busy of what the database gave up because of another transaction: a lock that was
// not to be had in time, and two that waited for each other.
func contended(err error) error {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) || pg.Code != "55P03" && pg.Code != "40P01" {
		return err
	}
	f := fault.New(fault.Busy, "record_busy", "Somebody else is changing this record. Try again in a moment.")
	f.RetryAfter = time.Second
	return f
}

// violates says whether err is the breach of the named unique index or constraint.
func violates(err error, constraint string) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.ConstraintName == constraint
}

// Unreadable says whether the database could not read a value that a caller sent, such as an id in
// a forged cursor.
func Unreadable(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && len(pg.Code) == 5 && pg.Code[:2] == "22"
}

// tracer tells of every statement, with the trust and the operation that it serves.
type tracer struct {
	told func(trust uuid.UUID, operation string)
}

// TraceQueryStart implements pgx.QueryTracer.
func (t tracer) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	trust, _ := ctx.Value(trustKey{}).(uuid.UUID)
	t.told(trust, access.Operation(ctx))
	return ctx
}

// TraceQueryEnd implements pgx.QueryTracer.
func (tracer) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}
