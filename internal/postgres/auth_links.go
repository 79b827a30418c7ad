package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/auth"
)

// ReplaceLink implements auth.Store. Alone among the methods it joins the request's transaction.
func (s AuthStore) ReplaceLink(ctx context.Context, l auth.Link) error {
	return missing(s.db.InTx(ctx, l.TrustID, func(ctx context.Context) error {
		if _, err := s.lockAccount(ctx, l.TrustID, l.PersonID, exclusive); err != nil {
			return err
		}
		if err := s.by(ctx, l.TrustID, l.CreatedBy); err != nil {
			return err
		}
		if err := s.voidLinks(ctx, l.TrustID, l.PersonID, l.CreatedAt, l.Purpose); err != nil {
			return err
		}
		if err := s.insertLink(ctx, l); err != nil {
			return err
		}
		return s.db.Record(ctx, audit.About("link", l.ID, 1, "created", map[string]any{"purpose": string(l.Purpose)}).Of(l.PersonID, uuid.Nil))
	}))
}

// voidLinks voids the person's unused links of the purposes.
func (s AuthStore) voidLinks(ctx context.Context, trust, person uuid.UUID, at time.Time, purposes ...auth.Purpose) error {
	return s.db.conn(ctx).Exec(`update auth_links set voided_at = ? where trust_id = ? and person_id = ? and purpose in ?
		and used_at is null and voided_at is null`, at, trust, person, purposes).Error
}

func (s AuthStore) insertLink(ctx context.Context, l auth.Link) error {
	by := uuid.NullUUID{UUID: l.CreatedBy, Valid: l.CreatedBy != uuid.Nil}
	return s.db.conn(ctx).Exec(`insert into auth_links (trust_id, id, person_id, purpose, digest, created_by, created_at, expires_at)
		values (?, ?, ?, ?, ?, ?, ?, ?)`, l.TrustID, l.ID, l.PersonID, l.Purpose, l.Digest, by, l.CreatedAt, l.ExpiresAt).Error
}

// LinkByDigest implements auth.Store.
func (s AuthStore) LinkByDigest(ctx context.Context, trustID uuid.UUID, link auth.Digest) (l auth.Link, a auth.Account, err error) {
	err = s.alone(ctx, trustID, func(ctx context.Context) error {
		err := s.db.conn(ctx).Raw("select * from auth_links where trust_id = ? and digest = ?", trustID, link).Take(&l).Error
		if err != nil {
			return err
		}
		l.CreatedAt, l.ExpiresAt = l.CreatedAt.UTC(), l.ExpiresAt.UTC()
		l.UsedAt, l.VoidedAt = utcOrNil(l.UsedAt), utcOrNil(l.VoidedAt)
		a, err = s.accountOf(ctx, trustID, l.PersonID)
		return err
	})
	return l, a, err
}
