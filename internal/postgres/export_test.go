package postgres

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// Exec runs a statement where the product would: in the transaction of ctx, or in none.
func Exec(ctx context.Context, d *DB, statement string, args ...any) (int64, error) {
	r, err := d.conn(ctx).Statement.ConnPool.ExecContext(ctx, statement, args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// Texts reads one column of texts where the product would.
func Texts(ctx context.Context, d *DB, query string, args ...any) (all []string, err error) {
	rows, err := d.conn(ctx).Statement.ConnPool.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, rows.Err()
}

// OneText reads one text in the way whose error waits in the row.
func OneText(ctx context.Context, d *DB, query string) (s string, err error) {
	err = d.conn(ctx).Statement.ConnPool.QueryRowContext(ctx, query).Scan(&s)
	return s, err
}

// Prepare prepares a statement where the product would.
func Prepare(ctx context.Context, d *DB, query string) error {
	_, err := d.conn(ctx).Statement.ConnPool.PrepareContext(ctx, query)
	return err
}

// Find reads a row through GORM, as the store methods do, without GORM's log.
func Find(ctx context.Context, d *DB, row any) error {
	return d.conn(ctx).Session(&gorm.Session{Logger: logger.Discard}).Find(row).Error
}

// Pool is the pool below the guard.
func Pool(d *DB) *pgxpool.Pool { return d.pool }
