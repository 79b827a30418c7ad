package postgres

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/fault"
)

// keyLife is how long a key is remembered.
const keyLife = 24 * time.Hour

// Answer is the first answer to a request with an Idempotency-Key.
type Answer struct {
	TrustID     uuid.UUID
	PersonID    uuid.UUID
	Key         string
	Fingerprint []byte
	Status      int
	Headers     map[string]string `gorm:"-"`
	HeadersJSON string            `gorm:"column:headers"`
	Body        []byte
	CreatedAt   time.Time
}

// TableName names the table.
func (Answer) TableName() string { return "idempotency" }

// ClaimKey holds the key until the transaction ends and returns the answer that it already has,
// or nil. While another request holds the key it is a Conflict, so that nobody waits.
func (d *DB) ClaimKey(ctx context.Context, trust, person uuid.UUID, key string) (*Answer, error) {
	var free bool
	err := d.conn(ctx).Raw("select pg_try_advisory_xact_lock(hashtextextended(?, 11))", trust.String()+person.String()+key).Scan(&free).Error
	if err != nil {
		return nil, err
	}
	if !free {
		f := fault.New(fault.Conflict, "request_in_progress", "A request with this Idempotency-Key is still running. Try again in a moment.")
		f.RetryAfter = time.Second
		return nil, f
	}
	var kept []Answer
	err = d.conn(ctx).Raw("select * from idempotency where trust_id = ? and person_id = ? and key = ? and created_at > ?",
		trust, person, key, d.now().Add(-keyLife)).Scan(&kept).Error
	if err != nil || len(kept) == 0 {
		return nil, err
	}
	return &kept[0], json.Unmarshal([]byte(kept[0].HeadersJSON), &kept[0].Headers)
}

// KeepAnswer stores the answer under its key, and forgets those of the caller that are too old.
func (d *DB) KeepAnswer(ctx context.Context, a Answer) error {
	raw, err := json.Marshal(a.Headers)
	if err != nil {
		return err
	}
	a.HeadersJSON, a.CreatedAt = string(raw), d.now()
	err = d.conn(ctx).Exec("delete from idempotency where trust_id = ? and person_id = ? and created_at <= ?", a.TrustID, a.PersonID, d.now().Add(-keyLife)).Error
	if err != nil {
		return err
	}
	return d.conn(ctx).Create(&a).Error
}
