package postgres_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/postgres"
)

// Each fault is made in a copy of the database that the probe finds clean; the probe must then say
// so, of that table and of nothing else. It is the proof that the proof can fail.
func TestProbeFindsEveryBreachOfTheGuard(t *testing.T) {
	t.Parallel()
	template, healthy := newTemplate(t)
	for fault, c := range map[string]struct{ breach, leak string }{
		"row security off":       {"alter table notes disable row level security", "notes: read all: touched 2"},
		"policy true":            {"alter policy notes_trust on notes using (true)", "notes: read all: touched 2"},
		"second policy":          {"create policy extra on notes for select using (true)", "notes: read all: touched 2"},
		"second policy, blind":   {"create policy extra on notes for delete using (true)", "notes: delete all: touched 2"},
		"check true":             {"alter policy notes_trust on notes with check (true)", "notes: insert theirs: touched 1"},
		"check true, by insert":  {"create policy extra on notes for insert with check (true)", "notes: insert theirs: touched 1"},
		"check true, by move":    {"create policy extra on imports for update using (trust_id = (select app_trust())) with check (true)", "imports: move to theirs: "},
		"key dropped":            {"alter table notes drop constraint notes_trust_id_author_id_fkey", "notes: author_id points at theirs: touched 1"},
		"key without the trust":  {plainKey, "notes: author_id points at theirs: touched 1"},
		"truncate granted":       {"grant truncate on praises to " + requestRole, "praises: truncate: touched 0"},
		"history may be changed": {"drop trigger events_append_only on events; grant update on events to " + requestRole, "events: update all: touched 1"},
		"trusts may be renamed":  {"alter policy trust_write on trusts using (true) with check (true)", "trusts: update all: touched 2"},
	} {
		t.Run(fault, func(t *testing.T) {
			d := copyOf(t, template, requestRole, c.breach)
			leaks := probeCopy(t, healthy, d)
			require.Contains(t, strings.Join(leaks, "\n"), c.leak)
			table, _, _ := strings.Cut(c.leak, ":")
			for _, l := range leaks {
				require.True(t, strings.HasPrefix(l, table+":"), l)
			}
		})
	}
	t.Run("nothing broken", func(t *testing.T) {
		require.Empty(t, probeCopy(t, healthy, copyOf(t, template, requestRole, "select 1")))
	})
	t.Run("role without row security", func(t *testing.T) {
		role := newRole(t, "nobypassrls")
		d := copyOf(t, template, role, "grant "+requestRole+" to "+role) // its rights come with membership, BYPASSRLS does not
		asAdmin(t, "alter role "+role+" bypassrls")                      // behind the back of Open, which refuses such a role
		leaks := probeCopy(t, healthy, d)
		for _, table := range healthy.tables {
			require.Contains(t, strings.Join(leaks, "\n"), table.name+": read all: touched 2")
		}
	})
}

const plainKey = `
alter table notes drop constraint notes_trust_id_author_id_fkey;
alter table people add unique (id);
alter table notes add constraint notes_trust_id_author_id_fkey foreign key (author_id) references people (id)`

// newTemplate makes a migrated database with the rows of two trusts, to which nobody is connected.
func newTemplate(t *testing.T) (name string, healthy *probe) {
	t.Helper()
	d := openOwnDB(t)
	healthy = newProbe(t, d)
	d.Close()
	d.admin.Close()
	return d.name, healthy
}

// copyOf copies the template, breaks the copy, and opens it as the role.
func copyOf(t *testing.T, template, role, breach string) *testDB {
	t.Helper()
	d := &testDB{name: fmt.Sprintf("perennial_test_%x", uuid.New())}
	asAdmin(t, "create database "+d.name+" template "+template)
	var err error
	d.admin, err = pgxpool.New(t.Context(), server.dsn("", d.name))
	require.NoError(t, err)
	_, err = d.admin.Exec(t.Context(), breach)
	require.NoError(t, err)
	d.DB, err = postgres.Open(t.Context(), postgres.Options{URL: server.dsn(role, d.name), Access: access.Table{}, Now: time.Now})
	require.NoError(t, err)
	t.Cleanup(d.drop)
	return d
}

// probeCopy runs the probe of the healthy database, whose rows the copy has too.
func probeCopy(t *testing.T, healthy *probe, d *testDB) []string {
	t.Helper()
	p := *healthy
	p.db = d.DB
	leaks, err := p.run(t.Context())
	require.NoError(t, err)
	return leaks
}

func TestCatalogueOfTheSchemaHasNothingUnguarded(t *testing.T) {
	t.Parallel()
	bad, err := openTestDB(t).Unguarded(t.Context())
	require.NoError(t, err)
	require.Empty(t, bad)
}

// What a migration might forget, each fault on a table of its own.
func TestCatalogueFindsWhatAMigrationForgot(t *testing.T) {
	t.Parallel()
	d := openOwnDB(t)
	_, err := d.admin.Exec(t.Context(), `
create table strays (id uuid primary key);
alter table notes disable row level security;
alter table praises no force row level security;
drop policy seats_trust on seats;
alter policy steps_trust on steps using (true);
alter policy ratings_trust on ratings with check (true);
create policy extra on meetings for select using (trust_id is not null);
create policy extra on check_ins for insert with check (true);
create view everybody as select * from people;
create view bound with (security_invoker = true) as select * from people;
create materialized view snapshot as select * from people;
create function all_people() returns bigint language sql security definer as 'select count(*) from people';
alter view everybody owner to `+requestRole+`;
alter table people add unique (id);
alter table notes add constraint plain_key foreign key (author_id) references people (id);
create unique index one_title on objective_templates (title)`)
	require.NoError(t, err)
	bad, err := d.Unguarded(t.Context())
	require.NoError(t, err)
	require.ElementsMatch(t, []string{
		"strays: has no trust_id",
		"notes: row security is off",
		"praises: row security is not forced",
		"seats: no policy",
		"steps: policy steps_trust does not hold rows to the trust",
		"ratings: policy ratings_trust does not hold rows to the trust",
		"meetings: policy extra does not hold rows to the trust",
		"check_ins: policy extra does not hold rows to the trust",
		"everybody: view without security_invoker",
		"everybody: owned by the role of requests",
		"snapshot: materialized view, which row security does not hold",
		"all_people(): function with its owner's rights",
		"people: unique index people_id_key leaves trust_id out",
		"notes: foreign key plain_key leaves trust_id out",
		"objective_templates: unique index one_title leaves trust_id out",
	}, bad)
	_, err = d.admin.Exec(t.Context(), "alter table strays owner to "+requestRole)
	require.NoError(t, err)
	_, err = postgres.Open(t.Context(), postgres.Options{URL: server.dsn(requestRole, d.name), Access: access.Table{}, Now: time.Now})
	require.ErrorContains(t, err, "not bound by row security", "a role that owns a table may lift its guard")
}
