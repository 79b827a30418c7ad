package auth

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/fault"
)

// How long one-time links are good for.
const (
	InvitationLife    = 7 * 24 * time.Hour
	PasswordResetLife = time.Hour
)

// LinkRequest asks for a one-time link for somebody. That the asker may have one is decided before.
type LinkRequest struct {
	TrustID  uuid.UUID
	PersonID uuid.UUID
	Purpose  Purpose
	By       uuid.UUID // who asks; uuid.Nil for the command line
}

// IssuedLink is shown or mailed once; only its digest is kept.
type IssuedLink struct {
	ID        uuid.UUID
	Token     Secret
	ExpiresAt time.Time
}

// CreateLink makes a link and voids unused older ones of the same purpose. Faults: NotFound;
// Conflict: person_inactive, or password_already_set for an invitation, which lives too long to
// serve as a reset.
func (s *Service) CreateLink(ctx context.Context, r LinkRequest) (IssuedLink, error) {
	life := map[Purpose]time.Duration{Invitation: InvitationLife, PasswordReset: PasswordResetLife}[r.Purpose]
	if life == 0 {
		return IssuedLink{}, fmt.Errorf("auth: no link has the purpose %q", r.Purpose)
	}
	account, err := s.store.AccountByID(ctx, r.TrustID, r.PersonID)
	if err == nil {
		err = linkable(account, r.Purpose)
	}
	if err != nil {
		return IssuedLink{}, orGone(err)
	}
	token, digest := newOpaque(r.TrustID)
	now := s.time()
	link := Link{
		ID: newID(), TrustID: r.TrustID, PersonID: r.PersonID, Purpose: r.Purpose,
		Digest: digest, CreatedBy: r.By, CreatedAt: now, ExpiresAt: now.Add(life),
	}
	if err := s.store.ReplaceLink(ctx, link); err != nil {
		return IssuedLink{}, orGone(err)
	}
	return IssuedLink{ID: link.ID, Token: token, ExpiresAt: link.ExpiresAt}, nil
}

func linkable(a Account, p Purpose) error {
	switch {
	case !a.Active:
		return fault.New(fault.Conflict, "person_inactive", "Somebody who has left cannot be given a link.")
	case p == Invitation && a.Password != "":
		return fault.New(fault.Conflict, "password_already_set", "This person has a password already. Make a password reset instead.")
	}
	return nil
}

// RedeemLink sets a password by a link, once. It ends all sessions of the person and raises the
// epoch. A password that is refused leaves the link unused. Faults: Invalid (link_invalid, or what
// CheckPassword says), Busy, Conflict (account_changed).
func (s *Service) RedeemLink(ctx context.Context, token, password Secret) error {
	link, account, err := s.openLink(ctx, token)
	if err != nil {
		return err
	}
	if err := CheckPassword(password, account.about()...); err != nil {
		return err
	}
	return s.setPassword(ctx, account, password, PasswordChange{LinkID: link.ID})
}

func (s *Service) openLink(ctx context.Context, token Secret) (Link, Account, error) {
	trustID, digest, ok := openOpaque(token)
	if !ok {
		return Link{}, Account{}, badLink()
	}
	link, account, err := s.store.LinkByDigest(ctx, trustID, digest)
	if errors.Is(err, ErrNotFound) {
		return Link{}, Account{}, badLink()
	}
	if err == nil && (!link.usable(s.time()) || !account.Active) {
		return Link{}, Account{}, badLink()
	}
	return link, account, err
}

func orGone(err error) error {
	if errors.Is(err, ErrNotFound) {
		return fault.Gone()
	}
	return err
}
