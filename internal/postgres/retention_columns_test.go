package postgres

import (
	"context"
	"slices"
	"strings"
	"testing"
)

// RetentionFaults compares what is said of the columns with the catalogue and with what is erased.
func RetentionFaults(ctx context.Context, d *DB) ([]string, error) {
	rows, err := d.pool.Query(ctx, `select table_name, column_name from information_schema.columns
		where table_schema = 'public' and table_name not like 'goose%' and data_type in ('text', 'jsonb', 'json', 'bytea', 'character varying', 'ARRAY') and column_name <> 'tries'
		order by 1, 2`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	there, out := map[string]bool{}, []string(nil)
	for rows.Next() {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			return nil, err
		}
		there[table+"."+column] = true
		of, n := retentionColumns[table], 0
		for _, named := range strings.Fields(of.erased + " " + of.code + " " + of.apart) {
			if named == column {
				n++
			}
		}
		if n != 1 {
			out = append(out, table+"."+column+" is not said once to be erased, a code, or apart")
		}
	}
	for table, of := range retentionColumns {
		for _, c := range strings.Fields(of.erased + " " + of.code + " " + of.apart) {
			if !there[table+"."+c] {
				out = append(out, table+"."+c+" is not there")
			}
		}
		for _, c := range strings.Fields(of.erased) {
			if table != "idempotency" && !emptied(table, c) {
				out = append(out, table+"."+c+" is said to be erased, and is not")
			}
		}
	}
	return out, rows.Err()
}

func emptied(table, column string) bool {
	for _, e := range erasures {
		if e.table == table && strings.Contains(", "+e.set, ", "+column+" = ") {
			return true
		}
	}
	return false
}

func TestErasuresNameOnlyColumnsThatAreSaidToBeErased(t *testing.T) {
	t.Parallel()
	for _, e := range erasures {
		for _, part := range strings.Split(e.set, ", ") {
			column, _, found := strings.Cut(part, " = ")
			if !found || strings.Contains("erased_on pay_erased_on version updated_at bytes removed_at now)", column) || strings.HasPrefix(column, "@now") {
				continue
			}
			if !strings.Contains(" "+retentionColumns[e.table].erased+" ", " "+column+" ") {
				t.Errorf("%s.%s is emptied, and not said to be erased", e.table, column)
			}
		}
	}
}

// inNoArchive are tables that name a person or an appraisal and hold nothing about them but secrets of
// sign-in, and answers that are kept for a day.
var inNoArchive = []string{"auth_links", "credentials", "idempotency"}

// UnheldTables are those that name a person or an appraisal and are in no archive.
func UnheldTables(ctx context.Context, d *DB) (out []string, err error) {
	rows, err := d.pool.Query(ctx, `select distinct table_name from information_schema.columns
		where table_schema = 'public' and column_name in ('person_id', 'appraisal_id') order by 1`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var table string
		if err := rows.Scan(&table); err != nil {
			return nil, err
		}
		if !slices.Contains(inNoArchive, table) && !slices.ContainsFunc(heldKinds, func(k heldKind) bool { return k.table == table }) {
			out = append(out, table)
		}
	}
	return out, rows.Err()
}
