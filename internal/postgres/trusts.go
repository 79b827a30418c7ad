package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/auth"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// NewTrust is a trust to be made, with the first person, who holds the office HR.
type NewTrust struct {
	Slug, Name, TimeZone               string
	Demo                               bool
	SchoolDay                          schooltime.Date // where the clock starts; the zero day is today
	HRGivenName, HRFamilyName, HREmail string
}

// MadeTrust is what was made.
type MadeTrust struct{ TrustID, UnitID, HRID uuid.UUID }

// CreateTrust makes a trust through the role of adminURL: its root unit and its first HR person.
// ErrTrustExists when the slug is taken.
func (d *DB) CreateTrust(ctx context.Context, adminURL string, n NewTrust) (MadeTrust, error) {
	c, err := pgx.Connect(ctx, adminURL)
	if err != nil {
		return MadeTrust{}, fmt.Errorf("connect to the database: %w", err)
	}
	defer func() { _ = c.Close(ctx) }()
	m := MadeTrust{TrustID: d.ids(), UnitID: d.ids(), HRID: d.ids()}
	if n.TimeZone == "" {
		n.TimeZone = "Europe/London"
	}
	tx, err := c.Begin(ctx)
	if err != nil {
		return MadeTrust{}, err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	if _, err := tx.Exec(ctx, "select set_config('app.trust_id', $1, true)", m.TrustID.String()); err != nil {
		return MadeTrust{}, err
	}
	tag, err := tx.Exec(ctx, "insert into trusts (id, slug, name, time_zone, demo) values ($1, $2, $3, $4, $5) on conflict do nothing",
		m.TrustID, n.Slug, n.Name, n.TimeZone, n.Demo)
	if err != nil {
		return MadeTrust{}, err
	}
	if tag.RowsAffected() == 0 {
		return MadeTrust{}, ErrTrustExists
	}
	if err := tx.Commit(ctx); err != nil {
		return MadeTrust{}, err
	}
	return m, d.InTx(ctx, m.TrustID, func(ctx context.Context) error { return d.furnish(ctx, m, n) })
}

// ErrTrustExists says that the slug is taken.
var ErrTrustExists = errors.New("there is a trust with this slug already")

func (d *DB) furnish(ctx context.Context, m MadeTrust, n NewTrust) error {
	if !n.SchoolDay.IsZero() {
		if err := d.SetClock(ctx, m.TrustID, n.SchoolDay); err != nil {
			return err
		}
	}
	day, err := d.SchoolDay(ctx, m.TrustID)
	if err != nil {
		return err
	}
	for _, statement := range []struct {
		sql  string
		args []any
	}{
		{"insert into units (trust_id, id, kind, name, decides) values (?, ?, 'trust', ?, true)", []any{m.TrustID, m.UnitID, n.Name}},
		{"insert into people (trust_id, id, given_name, family_name, email) values (?, ?, ?, ?, ?)", []any{m.TrustID, m.HRID, n.HRGivenName, n.HRFamilyName, n.HREmail}},
		{"insert into offices (trust_id, id, code, unit_id, person_id, from_on) values (?, ?, 'hr', ?, ?, ?)", []any{m.TrustID, d.ids(), m.UnitID, m.HRID, day.Today}},
	} {
		if err := d.conn(ctx).Exec(statement.sql, statement.args...).Error; err != nil {
			return err
		}
	}
	return nil
}

// TrustBySlug returns the id of the trust. Slugs and names are read before any trust is set.
func (d *DB) TrustBySlug(ctx context.Context, slug string) (uuid.UUID, error) {
	var id uuid.UUID
	err := d.pool.QueryRow(ctx, "select id from trusts where slug = $1", slug).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return id, fault.Gone()
	}
	return id, err
}

// SetPasswordHash stores a hash that was made before, for the demo trust and the tests, whose
// people share one.
func (d *DB) SetPasswordHash(ctx context.Context, trust, person uuid.UUID, hash auth.PasswordHash) error {
	return d.conn(ctx).Exec(`insert into credentials (trust_id, person_id, password_hash, updated_at) values (?, ?, ?, ?)
		on conflict (trust_id, person_id) do update set password_hash = excluded.password_hash, updated_at = excluded.updated_at`,
		trust, person, hash, d.now()).Error
}

// TrustRow is a trust as it describes itself.
type TrustRow struct {
	Slug, Name, TimeZone string
	Demo                 bool
}

// Trust reads the caller's trust.
func (d *DB) Trust(ctx context.Context) (TrustRow, error) {
	var t TrustRow
	err := d.conn(ctx).Raw("select slug, name, time_zone, demo from trusts where id = ?", access.From(ctx).TrustID).Take(&t).Error
	return t, translate(err)
}
