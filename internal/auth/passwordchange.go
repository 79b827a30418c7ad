package auth

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/fault"
)

// PasswordUpdate is somebody's wish to change their own password.
type PasswordUpdate struct {
	TrustID   uuid.UUID
	PersonID  uuid.UUID
	SessionID uuid.UUID // the caller's; it goes on
	Current   Secret
	New       Secret
}

// ChangePassword sets a new password for a caller who knows the current one. It ends their other
// sessions and raises the epoch, so that the caller too has to refresh next. Faults: Invalid
// (current_password_wrong, or what CheckPassword says), TooMany, Busy, Conflict (account_changed).
func (s *Service) ChangePassword(ctx context.Context, u PasswordUpdate) error {
	account, err := s.store.AccountByID(ctx, u.TrustID, u.PersonID)
	if err != nil {
		return orGone(err)
	}
	if err := CheckPassword(u.New, account.about()...); err != nil {
		return err
	}
	if err := s.confirm(ctx, account, u.Current); err != nil {
		return err
	}
	return s.setPassword(ctx, account, u.New, PasswordChange{KeepSession: u.SessionID})
}

// confirm throttles as signing in does: a stolen access token must not serve to guess with.
func (s *Service) confirm(ctx context.Context, a Account, current Secret) error {
	release, err := s.passwords.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	right, err := s.guess(ctx, a.TrustID, a.Email, a, current)
	if err == nil && !right {
		return fault.New(fault.Invalid, "current_password_wrong", "The current password is not right.")
	}
	return err
}

// setPassword hashes, then stores on condition that the account is still what it was before the
// hashing. c says what else is special.
func (s *Service) setPassword(ctx context.Context, a Account, password Secret, c PasswordChange) error {
	hash, err := s.passwords.Hash(ctx, password)
	if err != nil {
		return err
	}
	c.TrustID, c.PersonID, c.Epoch = a.TrustID, a.PersonID, a.Epoch
	c.Password, c.At = hash, s.time()
	err = s.store.SetPassword(ctx, c)
	if errors.Is(err, ErrStale) {
		return accountChanged()
	}
	return err
}
