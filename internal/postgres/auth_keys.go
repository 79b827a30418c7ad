package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/perennial-api/perennial/internal/auth"
)

// LoadKeys implements auth.KeyStore. It uses the pool, as SaveKey does: keys belong to no trust.
func (s AuthStore) LoadKeys(ctx context.Context) ([]auth.KeyRow, error) {
	rows, err := s.db.pool.Query(ctx, "select generation, kid, sealed, created_at from signing_keys order by generation desc limit 2")
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (auth.KeyRow, error) {
		k, err := pgx.RowToStructByPos[auth.KeyRow](row)
		k.CreatedAt = k.CreatedAt.UTC()
		return k, err
	})
}

// SaveKey implements auth.KeyStore.
func (s AuthStore) SaveKey(ctx context.Context, k auth.KeyRow) error {
	return pgx.BeginFunc(ctx, s.db.pool, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `insert into signing_keys (generation, kid, sealed, created_at) values ($1, $2, $3, $4)
			on conflict (generation) do nothing`, k.Generation, k.KID, k.Sealed, k.CreatedAt)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return auth.ErrKeyExists
		}
		_, err = tx.Exec(ctx, "delete from signing_keys where generation < $1", k.Generation-1)
		return err
	})
}
