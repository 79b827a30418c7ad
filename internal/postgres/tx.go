package postgres

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/gorm"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
)

// ErrNoTransaction is what a statement outside a transaction gets: a forgotten one is an error in
// the first test that runs it, and never an unscoped query.
var ErrNoTransaction = errors.New("postgres: statement outside a transaction")

var errNoTrust = errors.New("postgres: no trust for the transaction")

// guard is the pool that GORM sees. It can only begin transactions that carry a trust.
type guard struct{ db *sql.DB }

func (guard) PrepareContext(context.Context, string) (*sql.Stmt, error) {
	return nil, ErrNoTransaction
}

func (guard) ExecContext(context.Context, string, ...any) (sql.Result, error) {
	return nil, ErrNoTransaction
}

func (guard) QueryContext(context.Context, string, ...any) (*sql.Rows, error) {
	return nil, ErrNoTransaction
}

func (g guard) QueryRowContext(ctx context.Context, q string, args ...any) *sql.Row {
	cancelled, cancel := context.WithCancelCause(ctx)
	cancel(ErrNoTransaction)
	return g.db.QueryRowContext(cancelled, q, args...) // a *sql.Row that only carries the error
}

type trustKey struct{}

// BeginTx begins and sets the trust in one round trip. The setting is local to the transaction,
// so nothing rides on the pooled connection.
func (g guard) BeginTx(ctx context.Context, _ *sql.TxOptions) (gorm.ConnPool, error) {
	trust, _ := ctx.Value(trustKey{}).(uuid.UUID)
	if trust == uuid.Nil {
		return nil, errNoTrust
	}
	conn, err := g.db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	t := &tx{Conn: conn, ctx: ctx}
	err = t.raw(func(c *pgx.Conn) error {
		b := &pgx.Batch{}
		b.Queue("begin")
		b.Queue("select set_config('app.trust_id', $1, true)", trust.String())
		return c.SendBatch(ctx, b).Close()
	})
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return t, nil
}

// tx is one transaction as GORM sees it; raw lends the same connection to pgx for batches and COPY.
type tx struct {
	*sql.Conn
	ctx  context.Context
	done bool
}

func (t *tx) raw(f func(*pgx.Conn) error) error {
	return t.Conn.Raw(func(dc any) error { return f(dc.(*stdlib.Conn).Conn()) })
}

// end commits or rolls back even when the request is cancelled, within two seconds.
func (t *tx) end(statement string) error {
	if t.done {
		return sql.ErrTxDone
	}
	t.done = true
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.ctx), 2*time.Second)
	defer cancel()
	err := t.raw(func(c *pgx.Conn) error {
		tag, err := c.Exec(ctx, statement)
		if err == nil && statement == "commit" && tag.String() == "ROLLBACK" {
			return pgx.ErrTxCommitRollback
		}
		return err
	})
	return errors.Join(err, t.Conn.Close())
}

func (t *tx) Commit() error   { return t.end("commit") }
func (t *tx) Rollback() error { return t.end("rollback") }

// unit is what one transaction carries besides the connection: the events that it will leave.
type unit struct {
	db     *gorm.DB
	trust  uuid.UUID
	actor  *access.Actor // nil where the operator acts, not a person
	events []audit.Event
}

type unitKey struct{}

func unitOf(ctx context.Context) *unit { u, _ := ctx.Value(unitKey{}).(*unit); return u }

// InTx runs fn in one transaction for the trust; inside one already, fn joins it. The events that
// fn recorded are written as the last statements before COMMIT. One that the database gives up because
// of another is Busy: nothing was changed, and it can be tried again.
func (d *DB) InTx(ctx context.Context, trust uuid.UUID, fn func(context.Context) error) error {
	if u := unitOf(ctx); u != nil {
		if u.trust != trust {
			return errors.New("postgres: a transaction serves one trust")
		}
		return fn(ctx)
	}
	ctx = context.WithValue(ctx, trustKey{}, trust)
	return contended(d.gorm.WithContext(ctx).Transaction(func(g *gorm.DB) error {
		u := &unit{db: g, trust: trust}
		if err := fn(context.WithValue(ctx, unitKey{}, u)); err != nil {
			return err
		}
		return d.seal(ctx, u)
	}))
}

// conn is the transaction of the context. Without one, every statement fails with ErrNoTransaction.
func (d *DB) conn(ctx context.Context) *gorm.DB {
	if u := unitOf(ctx); u != nil {
		return u.db.WithContext(ctx)
	}
	return d.gorm.WithContext(ctx)
}

// Savepoint runs fn so that its failure undoes fn's own statements and events only.
func (d *DB) Savepoint(ctx context.Context, fn func(context.Context) error) error {
	u := unitOf(ctx)
	if u == nil {
		return ErrNoTransaction
	}
	kept := len(u.events)
	err := u.db.Transaction(func(g *gorm.DB) error {
		inner := &unit{db: g, trust: u.trust, actor: u.actor, events: u.events}
		err := fn(context.WithValue(ctx, unitKey{}, inner))
		u.events = inner.events
		return err
	})
	if err != nil {
		u.events = u.events[:kept]
	}
	return err
}

// Record buffers events for the block of the transaction.
func (d *DB) Record(ctx context.Context, events ...audit.Event) error {
	u := unitOf(ctx)
	if u == nil {
		return ErrNoTransaction
	}
	u.events = append(u.events, events...)
	return nil
}
