package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/postgres"
)

// appendOnly are the tables of what has happened.
var appendOnly = []string{"blocks", "events", "disclosures"}

// probe tries, in a transaction of one trust, everything that a forgotten WHERE or a careless id
// could do to the rows of another, and says what went through.
type probe struct {
	atlas
	db           *postgres.DB
	mine, theirs uuid.UUID
	own, other   canaries
	leaks        []string
}

// newProbe plants the rows of two fresh trusts in the database.
func newProbe(t *testing.T, d *testDB) *probe {
	t.Helper()
	p := &probe{db: d.DB, mine: uuid.New(), theirs: uuid.New()}
	var err error
	p.atlas, err = chart(t.Context(), d.admin)
	require.NoError(t, err)
	for number, trust := range []uuid.UUID{p.mine, p.theirs} {
		_, err := d.admin.Exec(t.Context(), "insert into trusts (id, slug, name) values ($1, $2, 'canary')", trust, slugOf(trust))
		require.NoError(t, err)
		planted, err := p.plant(t.Context(), d.admin, trust, number+1)
		require.NoError(t, err)
		if number == 0 {
			p.own = planted
		} else {
			p.other = planted
		}
	}
	return p
}

var errRollBack = errors.New("roll back")

// run tries everything and undoes it.
func (p *probe) run(ctx context.Context) ([]string, error) {
	p.leaks = nil
	err := p.db.InTx(ctx, p.mine, func(ctx context.Context) error {
		for _, t := range p.tables {
			p.table(ctx, t.name)
		}
		for _, k := range p.keys {
			p.key(ctx, k)
		}
		p.trusts(ctx)
		return errRollBack
	})
	if !errors.Is(err, errRollBack) {
		return p.leaks, err
	}
	return p.leaks, nil
}

func (p *probe) table(ctx context.Context, t string) {
	seen, err := postgres.Texts(ctx, p.db, "select trust_id::text from "+t)
	if err != nil || !slices.Equal(seen, []string{p.mine.String()}) {
		p.leak("%s: read %d rows of %v (%v)", t, len(seen), seen, err)
	}
	const security = "row-level security"
	kept, moved := "", security
	if slices.Contains(appendOnly, t) {
		kept, moved = "permission denied", "permission denied"
	}
	p.try(ctx, t+": update all", 1, kept, "update "+t+" set trust_id = trust_id")
	p.try(ctx, t+": update theirs", 0, kept, "update "+t+" set trust_id = trust_id where trust_id = $1", p.theirs)
	p.try(ctx, t+": move to theirs", 0, moved, "update "+t+" set trust_id = $1", p.theirs)
	p.try(ctx, t+": delete theirs", 0, kept, "delete from "+t+" where trust_id = $1", p.theirs)
	if p.childless(t) {
		p.try(ctx, t+": delete all", 1, kept, "delete from "+t)
	}
	// Without RETURNING, which alone would make the policy for reading refuse.
	p.try(ctx, t+": insert theirs", 0, security, "insert into "+t+" select * from jsonb_populate_record(null::"+t+", $1)", p.copyOf(t, p.other, "", nil))
	p.try(ctx, t+": truncate", 0, "permission denied", "truncate "+t+" cascade")
}

func (p *probe) childless(t string) bool {
	return !slices.ContainsFunc(p.keys, func(k tenantKey) bool { return k.Parent == t })
}

// key points a row of this trust at a row of the other.
func (p *probe) key(ctx context.Context, k tenantKey) {
	label, target := k.Table+": "+k.Column+" points at theirs", p.other[k.Parent][k.ParentColumn]
	if slices.Contains(appendOnly, k.Table) {
		p.try(ctx, label, 0, k.Name, "insert into "+k.Table+" select * from jsonb_populate_record(null::"+k.Table+", $1)", p.copyOf(k.Table, p.own, k.Column, target))
		return
	}
	set := fmt.Sprintf("update %s set %s = $1", k.Table, k.Column)
	for _, pair := range alternatives {
		if table, column, _ := strings.Cut(pair, "."); table == k.Table && column == k.Column {
			set += ", person_id = null" // the check wants one of the two
		}
	}
	p.try(ctx, label, 0, k.Name, set, target)
}

// copyOf is a canary with an id of its own and another value in one column.
func (p *probe) copyOf(t string, of canaries, column string, value any) map[string]any {
	row := map[string]any{}
	for name, v := range of[t] {
		row[name] = v
	}
	if _, ok := row["id"]; ok {
		row["id"] = uuid.New()
	}
	if column != "" {
		row[column] = value
	}
	return row
}

// trusts: slugs and names may be read by all, and written by nobody but their own trust.
func (p *probe) trusts(ctx context.Context) {
	p.try(ctx, "trusts: update all", 1, "", "update trusts set name = name")
	p.try(ctx, "trusts: insert", 0, "permission denied", "insert into trusts (id, slug, name) values ($1, $2, 'x')", uuid.New(), "another")
	p.try(ctx, "trusts: delete", 0, "permission denied", "delete from trusts")
	p.try(ctx, "signing_keys: update", 0, "permission denied", "update signing_keys set generation = generation")
	p.try(ctx, "goose_db_version: update", 0, "permission denied", "update goose_db_version set version_id = 1")
}

// try runs a statement and undoes it. refusal is part of the error that it must meet; without one
// it must touch exactly that many rows.
func (p *probe) try(ctx context.Context, label string, rows int64, refusal, statement string, args ...any) {
	var touched int64
	err := p.db.Savepoint(ctx, func(ctx context.Context) (err error) {
		if touched, err = postgres.Exec(ctx, p.db, statement, args...); err != nil {
			return err
		}
		if _, err = postgres.Exec(ctx, p.db, "set constraints all immediate"); err != nil {
			return err
		}
		return errRollBack
	})
	var refused *pgconn.PgError
	switch {
	case errors.As(err, &refused):
		if refusal == "" || !strings.Contains(refused.Message, refusal) && refused.ConstraintName != refusal {
			p.leak("%s: %s", label, refused.Message)
		}
	case !errors.Is(err, errRollBack):
		p.leak("%s: %v", label, err)
	case refusal != "":
		p.leak("%s: went through, for %d rows", label, touched)
	case touched != rows:
		p.leak("%s: touched %d rows, not %d", label, touched, rows)
	}
}

func (p *probe) leak(format string, args ...any) {
	p.leaks = append(p.leaks, fmt.Sprintf(format, args...))
}
