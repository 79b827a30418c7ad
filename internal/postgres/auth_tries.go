package postgres

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/auth"
)

// triesLife is how long tries matter. It is auth's window; longer would do no harm.
const triesLife = 5 * time.Minute

// UpdateTries implements auth.Store. One statement makes the row or locks it, so that the row
// cannot be swept away in between.
func (s AuthStore) UpdateTries(ctx context.Context, trustID uuid.UUID, key auth.Digest, change func([]time.Time) []time.Time) error {
	return s.settle(ctx, trustID, func(ctx context.Context) error {
		var old instants
		err := s.db.conn(ctx).Raw(`insert into sign_in_tries (trust_id, key, newest) values (?, ?, '-infinity')
			on conflict (trust_id, key) do update set newest = sign_in_tries.newest
			returning to_json(tries)::text`, trustID, key).Row().Scan(&old)
		if err != nil {
			return err
		}
		return s.storeTries(ctx, trustID, key, change(old))
	})
}

func (s AuthStore) storeTries(ctx context.Context, trust uuid.UUID, key auth.Digest, tries instants) error {
	if len(tries) == 0 { // whoever signs in at once leaves nothing
		return s.db.conn(ctx).Exec("delete from sign_in_tries where trust_id = ? and key = ?", trust, key).Error
	}
	newest := slices.MaxFunc(tries, time.Time.Compare)
	err := s.db.conn(ctx).Exec(`update sign_in_tries set newest = ?,
		tries = array(select t::timestamptz from jsonb_array_elements_text(?::jsonb) t)
		where trust_id = ? and key = ?`, newest, tries, trust, key).Error
	if err != nil || len(tries) > 1 {
		return err
	}
	return s.sweepTries(ctx, trust, newest.Add(-triesLife))
}

// sweepTries runs with each first try, so that there are never more rows than people guess at in
// five minutes. It passes over rows that others hold: waiting for them could go in circles.
func (s AuthStore) sweepTries(ctx context.Context, trust uuid.UUID, before time.Time) error {
	return s.db.conn(ctx).Exec(`delete from sign_in_tries where trust_id = ? and key in (select key from sign_in_tries
		where trust_id = ? and newest < ? for update skip locked)`, trust, trust, before).Error
}

// instants is a timestamptz[] that crosses database/sql as JSON, for that knows no arrays.
type instants []time.Time

// Value implements driver.Valuer.
func (l instants) Value() (driver.Value, error) {
	text, err := json.Marshal([]time.Time(l))
	return string(text), err
}

// Scan implements sql.Scanner.
func (l *instants) Scan(src any) error {
	text, ok := src.(string)
	if !ok {
		return fmt.Errorf("postgres: tries came as %T", src)
	}
	err := json.Unmarshal([]byte(text), (*[]time.Time)(l))
	for i, t := range *l {
		(*l)[i] = t.UTC()
	}
	return err
}
