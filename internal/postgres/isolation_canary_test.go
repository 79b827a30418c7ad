package postgres_test

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// atlas is what the catalogue says of the tables that belong to trusts, parents before children.
type atlas struct {
	tables []tenantTable
	keys   []tenantKey
}

type tenantTable struct {
	name    string
	columns []tenantColumn
}

// tenantColumn is a column. Needed ones have no default; options are the texts that a check allows.
type tenantColumn struct {
	name, kind string
	needed     bool
	options    []string
}

// tenantKey is a foreign key between two tenant tables, beside the trust.
type tenantKey struct{ Name, Table, Column, Parent, ParentColumn string }

// alternatives are columns that stay empty because a check wants one of two.
var alternatives = []string{"external_ids.post_id"}

// chart reads the catalogue, so that a table that a migration adds is proved with the others.
func chart(ctx context.Context, admin *pgxpool.Pool) (atlas, error) {
	var a atlas
	rows, err := admin.Query(ctx, keysSQL)
	if err != nil {
		return a, err
	}
	if a.keys, err = pgx.CollectRows(rows, pgx.RowToStructByPos[tenantKey]); err != nil {
		return a, err
	}
	rows, err = admin.Query(ctx, columnsSQL)
	if err != nil {
		return a, err
	}
	var table, check string
	var c tenantColumn
	tables := []tenantTable{}
	_, err = pgx.ForEachRow(rows, []any{&table, &c.name, &c.kind, &c.needed, &check}, func() error {
		if len(tables) == 0 || tables[len(tables)-1].name != table {
			tables = append(tables, tenantTable{name: table})
		}
		c.options = options(check)
		last := &tables[len(tables)-1]
		last.columns = append(last.columns, c)
		return nil
	})
	a.tables = a.parentsFirst(tables)
	return a, err
}

const tenantSQL = `(select c.oid from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'trust_id'
  where c.relkind in ('r','p') and c.relnamespace = 'public'::regnamespace)`

const keysSQL = `
select k.conname, k.conrelid::regclass::text, a.attname, k.confrelid::regclass::text, b.attname
from pg_constraint k cross join unnest(k.conkey, k.confkey) u(child, parent)
join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.child
join pg_attribute b on b.attrelid = k.confrelid and b.attnum = u.parent
where k.contype = 'f' and a.attname <> 'trust_id' and k.conrelid in ` + tenantSQL + ` and k.confrelid in ` + tenantSQL + `
order by 2, 3, 1`

const columnsSQL = `
select a.attrelid::regclass::text, a.attname, format_type(a.atttypid, null), a.attnotnull and not a.atthasdef,
  coalesce((select pg_get_constraintdef(k.oid) from pg_constraint k where k.conrelid = a.attrelid and k.contype = 'c' and k.conkey = array[a.attnum] limit 1), '')
from pg_attribute a where a.attnum > 0 and not a.attisdropped and a.attrelid in ` + tenantSQL + `
order by 1, a.attnum`

var quoted = regexp.MustCompile(`'([^']+)'::text`)

func options(check string) (all []string) {
	for _, m := range quoted.FindAllStringSubmatch(check, -1) {
		all = append(all, m[1])
	}
	return all
}

func (a atlas) parentsFirst(tables []tenantTable) (sorted []tenantTable) {
	placed := map[string]bool{}
	for len(sorted) < len(tables) {
		before := len(sorted)
		for _, t := range tables {
			waits := slices.ContainsFunc(a.keys, func(k tenantKey) bool { return k.Table == t.name && k.Parent != t.name && !placed[k.Parent] })
			if !placed[t.name] && !waits {
				placed[t.name], sorted = true, append(sorted, t)
			}
		}
		if len(sorted) == before {
			panic("keys go round in a circle")
		}
	}
	return sorted
}

func (a atlas) key(table, column string) (tenantKey, bool) {
	i := slices.IndexFunc(a.keys, func(k tenantKey) bool { return k.Table == table && k.Column == column })
	if i < 0 {
		return tenantKey{}, false
	}
	return a.keys[i], true
}

// canaries are one row of each table for a trust, by table and column.
type canaries map[string]map[string]any

// plant makes one row in every table for the trust, past row security. The rows of two trusts are
// mirror images: they differ in the trust, in ids and in numbers only.
func (a atlas) plant(ctx context.Context, admin *pgxpool.Pool, trust uuid.UUID, number int) (canaries, error) {
	planted := canaries{}
	for _, t := range a.tables {
		row, names := map[string]any{}, []string{}
		for _, c := range t.columns {
			v, ok := a.value(planted, trust, number, t.name, c)
			if ok {
				row[c.name], names = v, append(names, c.name)
			}
		}
		list := strings.Join(names, ", ")
		_, err := admin.Exec(ctx, fmt.Sprintf("insert into %s (%s) select %s from jsonb_populate_record(null::%s, $1)", t.name, list, list, t.name), row)
		if err != nil {
			return nil, fmt.Errorf("plant a row in %s: %w", t.name, err)
		}
		planted[t.name] = row
	}
	return planted, nil
}

func (a atlas) value(planted canaries, trust uuid.UUID, number int, table string, c tenantColumn) (any, bool) {
	if k, ok := a.key(table, c.name); ok && k.Parent != table && !slices.Contains(alternatives, table+"."+c.name) {
		return planted[k.Parent][k.ParentColumn], true
	}
	switch {
	case c.name == "trust_id":
		return trust, true
	case !c.needed:
		return nil, false
	case len(c.options) > 0:
		return c.options[0], true
	}
	switch c.kind {
	case "uuid":
		return uuid.New(), true
	case "text":
		return "canary", true
	case "integer", "bigint", "smallint", "numeric":
		return number, true
	case "boolean":
		return true, true
	case "date", "timestamp with time zone":
		if strings.HasPrefix(c.name, "end") || strings.HasPrefix(c.name, "close") || strings.HasPrefix(c.name, "expire") {
			return "2027-08-31", true
		}
		return "2026-09-01", true
	case "jsonb":
		return []any{}, true
	case "bytea":
		return `\x01`, true
	}
	panic("no canary for a column of kind " + c.kind)
}
