package postgres

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/auth"
)

// SetPassword implements auth.Store.
func (s AuthStore) SetPassword(ctx context.Context, c auth.PasswordChange) error {
	return s.settle(ctx, c.TrustID, func(ctx context.Context) error {
		a, err := s.lockAccount(ctx, c.TrustID, c.PersonID, exclusive)
		if err != nil {
			return err
		}
		if err := unchanged(a, c.Epoch); err != nil {
			return err
		}
		if err := s.by(ctx, c.TrustID, c.PersonID); err != nil {
			return err
		}
		for _, step := range []func(context.Context, auth.PasswordChange) error{s.redeem, s.storePassword, s.endOthers} {
			if err := step(ctx, c); err != nil {
				return err
			}
		}
		return s.voidLinks(ctx, c.TrustID, c.PersonID, c.At, auth.Invitation, auth.PasswordReset)
	})
}

func (s AuthStore) redeem(ctx context.Context, c auth.PasswordChange) error {
	if c.LinkID == uuid.Nil {
		return nil
	}
	r := s.db.conn(ctx).Exec(`update auth_links set used_at = ? where trust_id = ? and person_id = ? and id = ?
		and used_at is null and voided_at is null and expires_at > ?`, c.At, c.TrustID, c.PersonID, c.LinkID, c.At)
	if r.Error != nil {
		return r.Error
	}
	if r.RowsAffected == 0 {
		return auth.ErrStale
	}
	return s.db.Record(ctx, audit.About("link", c.LinkID, 2, "redeemed", nil).Of(c.PersonID, uuid.Nil))
}

// storePassword leaves the person's version and updated_at alone: their record reads as before.
func (s AuthStore) storePassword(ctx context.Context, c auth.PasswordChange) error {
	err := s.db.conn(ctx).Exec(`insert into credentials (trust_id, person_id, password_hash, updated_at) values (?, ?, ?, ?)
		on conflict (trust_id, person_id) do update set password_hash = excluded.password_hash, updated_at = excluded.updated_at`,
		c.TrustID, c.PersonID, c.Password, c.At).Error
	if err != nil {
		return err
	}
	err = s.db.conn(ctx).Exec("update people set auth_epoch = auth_epoch + 1 where trust_id = ? and id = ?", c.TrustID, c.PersonID).Error
	if err != nil {
		return err
	}
	return s.db.Record(ctx, audit.About("password", c.PersonID, c.Epoch+1, "changed", nil).Of(c.PersonID, uuid.Nil))
}

func (s AuthStore) endOthers(ctx context.Context, c auth.PasswordChange) error {
	var ended []auth.Session
	err := s.db.conn(ctx).Raw(`update sessions set ended_at = ?, ended_for = ? where trust_id = ? and person_id = ? and id <> ? and ended_at is null
		returning *`, c.At, auth.EndedByPasswordChange, c.TrustID, c.PersonID, c.KeepSession).Scan(&ended).Error
	if err != nil {
		return err
	}
	for _, e := range ended {
		if err := s.db.Record(ctx, endedEvent(e, auth.EndedByPasswordChange)); err != nil {
			return err
		}
	}
	return nil
}
