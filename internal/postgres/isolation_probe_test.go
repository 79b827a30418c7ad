package postgres_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
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
}

// attempt is a statement and what must come of it: the refusal is part of its error; without one it
// must touch exactly that many rows.
type attempt struct {
	label, statement string
	rows             int
	refusal          string
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

// tryingSQL runs a statement, undoes it, and says what came of it.
const tryingSQL = `
create function pg_temp.attempt(statement text) returns text language plpgsql as $$
declare touched bigint;
begin
  execute statement;
  get diagnostics touched = row_count;
  set constraints all immediate;
  raise exception using errcode = 'PT000', message = touched::text;
exception
  when sqlstate 'PT000' then return 'touched ' || sqlerrm;
  when others then return 'refused: ' || sqlerrm;
end $$`

// run makes every attempt, in one transaction of the trust, and returns what went wrong.
func (p *probe) run(ctx context.Context) (leaks []string, err error) {
	attempts := p.attempts()
	statements := make([]string, len(attempts))
	for i, a := range attempts {
		statements[i] = a.statement
	}
	raw, err := json.Marshal(statements)
	if err != nil {
		return nil, err
	}
	var came []string
	err = p.db.InTx(ctx, p.mine, func(ctx context.Context) error {
		if _, err := postgres.Exec(ctx, p.db, tryingSQL); err != nil {
			return err
		}
		if came, err = postgres.Texts(ctx, p.db, "select pg_temp.attempt(s) from jsonb_array_elements_text($1::jsonb) s", string(raw)); err != nil {
			return err
		}
		return errRollBack
	})
	if !errors.Is(err, errRollBack) || len(came) != len(attempts) {
		return nil, fmt.Errorf("%d of %d attempts: %w", len(came), len(attempts), err)
	}
	for i, a := range attempts {
		if !a.held(came[i]) {
			leaks = append(leaks, a.label+": "+came[i])
		}
	}
	return leaks, nil
}

func (a attempt) held(came string) bool {
	if a.refusal != "" {
		return strings.HasPrefix(came, "refused: ") && strings.Contains(came, a.refusal)
	}
	return came == fmt.Sprint("touched ", a.rows)
}

func (p *probe) attempts() (all []attempt) {
	for _, t := range p.tables {
		all = append(all, p.table(t.name)...)
	}
	for _, k := range p.keys {
		all = append(all, p.key(k))
	}
	return append(all,
		// Slugs and names of trusts may be read by all, and written by nobody but their own trust.
		attempt{"trusts: update all", "update trusts set name = name", 1, ""},
		attempt{"trusts: insert", fmt.Sprintf("insert into trusts (id, slug, name) values ('%s', 'another', 'x')", uuid.New()), 0, denied},
		attempt{"trusts: delete", "delete from trusts", 0, denied},
		attempt{"signing_keys: update", "update signing_keys set generation = generation", 0, denied},
		attempt{"goose_db_version: update", "update goose_db_version set version_id = 1", 0, denied})
}

const denied, security = "permission denied", "row-level security"

func (p *probe) table(t string) []attempt {
	kept, moved := "", security
	if slices.Contains(appendOnly, t) {
		kept, moved = denied, denied
	}
	all := []attempt{
		{t + ": read all", "select from " + t, 1, ""},
		{t + ": read theirs", fmt.Sprintf("select from %s where trust_id <> '%s'", t, p.mine), 0, ""},
		{t + ": update all", "update " + t + " set trust_id = trust_id", 1, kept},
		{t + ": update theirs", fmt.Sprintf("update %s set trust_id = trust_id where trust_id = '%s'", t, p.theirs), 0, kept},
		{t + ": move to theirs", fmt.Sprintf("update %s set trust_id = '%s'", t, p.theirs), 0, moved},
		{t + ": delete theirs", fmt.Sprintf("delete from %s where trust_id = '%s'", t, p.theirs), 0, kept},
		// Without RETURNING, which alone would make the policy for reading refuse.
		{t + ": insert theirs", insert(t, p.other[t], nil), 0, security},
		{t + ": truncate", "truncate " + t + " cascade", 0, denied},
	}
	if !slices.ContainsFunc(p.keys, func(k tenantKey) bool { return k.Parent == t }) {
		all = append(all, attempt{t + ": delete all", "delete from " + t, 1, kept})
	}
	return all
}

// key points a row of this trust at a row of the other.
func (p *probe) key(k tenantKey) attempt {
	label, target := k.Table+": "+k.Column+" points at theirs", p.other[k.Parent][k.ParentColumn]
	if slices.Contains(appendOnly, k.Table) {
		return attempt{label, insert(k.Table, p.own[k.Table], map[string]any{k.Column: target}), 0, k.Name}
	}
	set := fmt.Sprintf("update %s set %s = '%v'", k.Table, k.Column, target)
	if slices.Contains(alternatives, k.Table+"."+k.Column) {
		set += ", person_id = null" // the check wants one of the two
	}
	return attempt{label, set, 0, k.Name}
}

// insert copies a canary, with an id of its own and other values where they are given.
func insert(t string, canary, other map[string]any) string {
	row := maps.Clone(canary)
	if _, ok := row["id"]; ok {
		row["id"] = uuid.New()
	}
	maps.Copy(row, other)
	raw, _ := json.Marshal(row)
	return fmt.Sprintf("insert into %s select * from jsonb_populate_record(null::%s, '%s')", t, t, raw)
}
