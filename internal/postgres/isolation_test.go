package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/postgres"
)

// Every table with trust_id is read, written, emptied and moved without a WHERE, and every key is
// pointed at a row of the other trust.
func TestForgottenWhereCannotReachAnotherTrust(t *testing.T) {
	t.Parallel()
	p := newProbe(t, openTestDB(t))
	require.Greater(t, len(p.tables), 30)
	require.Greater(t, len(p.keys), 50)
	leaks, err := p.run(t.Context())
	require.NoError(t, err)
	require.Empty(t, leaks)
}

func TestStatementOutsideATransactionFails(t *testing.T) {
	t.Parallel()
	d, ctx := openTestDB(t).DB, t.Context()
	_, exec := postgres.Exec(ctx, d, "update people set status = 'inactive'")
	_, query := postgres.Texts(ctx, d, "select email from people")
	_, row := postgres.OneText(ctx, d, "select email from people")
	for how, err := range map[string]error{
		"exec": exec, "query": query, "row": row,
		"prepare":   postgres.Prepare(ctx, d, "select 1"),
		"gorm":      postgres.Find(ctx, d, &[]directory.Person{}),
		"savepoint": d.Savepoint(ctx, func(context.Context) error { return nil }),
		"record":    d.Record(ctx, audit.Event{}),
		"after one": postgres.Find(after(t, d), d, &[]directory.Person{}),
	} {
		if how == "row" || how == "after one" {
			require.Error(t, err, how) // database/sql names the cancelled context or the ended transaction
			continue
		}
		require.ErrorIs(t, err, postgres.ErrNoTransaction, how)
	}
}

// after returns a context whose transaction has ended.
func after(t *testing.T, d *postgres.DB) (ended context.Context) {
	t.Helper()
	require.NoError(t, d.InTx(t.Context(), newTrust(t), func(ctx context.Context) error { ended = ctx; return nil }))
	return ended
}

func TestTransactionServesOneTrust(t *testing.T) {
	t.Parallel()
	d := openTestDB(t).DB
	ran := false
	require.Error(t, d.InTx(t.Context(), uuid.Nil, func(context.Context) error { ran = true; return nil }))
	require.False(t, ran, "there is no transaction without a trust")
	err := d.InTx(t.Context(), newTrust(t), func(ctx context.Context) error {
		return d.InTx(ctx, newTrust(t), func(context.Context) error { ran = true; return nil })
	})
	require.ErrorContains(t, err, "one trust")
	require.False(t, ran)
}

func TestRoleThatRowSecurityDoesNotBindIsRefused(t *testing.T) {
	t.Parallel()
	bypass := newRole(t, "bypassrls")
	for how, url := range map[string]string{
		"superuser": server.dsn("", shared.name),
		"bypassrls": server.dsn(bypass, shared.name),
	} {
		_, err := postgres.Open(t.Context(), postgres.Options{URL: url, Access: access.Table{}, Now: time.Now})
		require.ErrorContains(t, err, "not bound by row security", how)
	}
}

// newRole makes a role of the test's own, which may log in.
func newRole(t *testing.T, attributes string) string {
	t.Helper()
	name := fmt.Sprintf("role_%x", uuid.New())
	asAdmin(t, "create role "+name+" login password '"+requestPassword+"' "+attributes)
	t.Cleanup(func() {
		_, err := shared.admin.Exec(context.Background(), "drop role "+name)
		require.NoError(t, err)
	})
	return name
}

func TestWhatHasHappenedCannotBeChangedByItsOwnerEither(t *testing.T) {
	t.Parallel()
	for _, table := range appendOnly {
		for _, statement := range []string{"update " + table + " set trust_id = trust_id", "delete from " + table, "truncate " + table + " cascade"} {
			tx, err := shared.admin.Begin(t.Context())
			require.NoError(t, err)
			_, err = tx.Exec(t.Context(), statement)
			require.ErrorContains(t, err, "is append-only", statement)
			require.NoError(t, tx.Rollback(t.Context()))
		}
	}
}

func TestNothingRidesOnThePooledConnection(t *testing.T) {
	t.Parallel()
	trust := newTrust(t)
	newPerson(t, trust, "priya@one.example")
	d, err := postgres.Open(t.Context(), postgres.Options{URL: server.dsn(requestRole, shared.name), MaxConns: 1, Access: access.Table{}, Now: time.Now})
	require.NoError(t, err)
	defer d.Close()
	for how, end := range map[string]func(context.Context, context.CancelFunc) error{
		"commit":   func(context.Context, context.CancelFunc) error { return nil },
		"rollback": func(context.Context, context.CancelFunc) error { return errRollBack },
		"panic":    func(context.Context, context.CancelFunc) error { panic("on purpose") },
		"cancel":   func(_ context.Context, cancel context.CancelFunc) error { cancel(); return nil },
		"failed": func(ctx context.Context, _ context.CancelFunc) error {
			_, err := postgres.Exec(ctx, d, "select 1/0")
			return err
		},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		func() {
			defer func() { _ = recover() }()
			_ = d.InTx(ctx, trust, func(ctx context.Context) error {
				seen, err := postgres.Texts(ctx, d, "select email from people")
				require.NoError(t, err, how)
				require.Equal(t, []string{"priya@one.example"}, seen, how)
				return end(ctx, cancel)
			})
		}()
		cancel()
		var setting string
		var people int
		err := postgres.Pool(d).QueryRow(t.Context(), "select coalesce(current_setting('app.trust_id', true), ''), (select count(*) from people)").Scan(&setting, &people)
		require.NoError(t, err, how)
		require.Empty(t, setting, how)
		require.Zero(t, people, how)
	}
}

// Workers of two trusts share two connections; one request in three rolls back, one in seven is
// cancelled midway. More than five runs on a connection let PostgreSQL turn to a generic plan.
func TestConcurrentTrustsNeverMix(t *testing.T) {
	t.Parallel()
	d, err := postgres.Open(t.Context(), postgres.Options{URL: server.dsn(requestRole, shared.name), MaxConns: 2, Access: access.Table{}, Now: time.Now})
	require.NoError(t, err)
	defer d.Close()
	trusts := []uuid.UUID{newTrust(t), newTrust(t)}
	for _, trust := range trusts {
		newPerson(t, trust, trust.String())
	}
	var wg sync.WaitGroup
	read := make([]int, 4)
	for worker := range read {
		wg.Go(func() {
			trust := trusts[worker%2]
			for i := range 100 {
				ctx, cancel := context.WithCancel(t.Context())
				if i%7 == 0 {
					time.AfterFunc(300*time.Microsecond, cancel)
				}
				err := d.InTx(ctx, trust, func(ctx context.Context) error {
					seen, err := postgres.Texts(ctx, d, "select email from people where status = $1", "active")
					if err != nil {
						return err
					}
					if len(seen) != 1 || seen[0] != trust.String() {
						t.Errorf("%s saw %v", trust, seen)
					}
					read[worker]++
					if i%3 == 0 {
						return errRollBack
					}
					return nil
				})
				cancel()
				if err != nil && i%7 != 0 && !errors.Is(err, errRollBack) {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	for _, n := range read {
		require.Greater(t, n, 80)
	}
}

func TestSavepointKeepsTheTrust(t *testing.T) {
	t.Parallel()
	d, trust := openTestDB(t).DB, newTrust(t)
	require.NoError(t, d.InTx(t.Context(), trust, func(ctx context.Context) error {
		_ = d.Savepoint(ctx, func(ctx context.Context) error {
			_, err := postgres.Exec(ctx, d, "select set_config('app.trust_id', $1, true)", uuid.NewString())
			return errors.Join(err, errRollBack)
		})
		seen, err := postgres.Texts(ctx, d, "select current_setting('app.trust_id')")
		require.Equal(t, []string{trust.String()}, seen)
		return err
	}))
}
