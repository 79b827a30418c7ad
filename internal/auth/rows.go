package auth

import (
	"time"

	"github.com/google/uuid"
)

// Account is what signing in needs of a person.
type Account struct {
	TrustID  uuid.UUID
	PersonID uuid.UUID
	Email    string
	Name     string       // the full name; a password must not be made of it
	Password PasswordHash // "" until a first link was redeemed
	Active   bool         // false for leavers
	Epoch    int          // raised with every new password; tokens of an older epoch are revoked
}

// about is what a guesser of this account's password knows.
func (a Account) about() []string { return []string{a.Email, a.Name} }

// Session is one sign-in: the family of all refresh tokens that came of it.
type Session struct {
	ID         uuid.UUID
	TrustID    uuid.UUID
	PersonID   uuid.UUID
	ClientID   string // as the client named itself, at most 100 characters; "" if it did not
	UserAgent  string // a label for the person's list of sessions, at most 200 characters
	Generation int    // of the refresh tokens that are good now: 1 at first, raised by each rotation
	RotatedAt  time.Time
	CreatedAt  time.Time
	LastUsedAt time.Time
	ExpiresAt  time.Time // SessionIdleLife after the last use, SessionMaxLife after creation at most
	EndedAt    *time.Time
	EndedFor   EndReason // "" while it lives
}

// Live reports whether the session may still be used.
func (s Session) Live(now time.Time) bool { return s.EndedAt == nil && now.Before(s.ExpiresAt) }

func (s *Session) end(e Ending) { s.EndedAt, s.EndedFor = &e.At, e.Reason }

// EndReason says why a session ended.
type EndReason string

// The reasons.
const (
	EndedByPerson         EndReason = "ended_by_person"  // EndSession
	EndedByClient         EndReason = "revoked"          // Revoke: signing out
	EndedByReuse          EndReason = "refresh_reused"   // a rotated refresh token came back: perhaps stolen
	EndedByPasswordChange EndReason = "password_changed" // changed or reset
	EndedByLeaving        EndReason = "left"             // the person is no longer active
)

// Ending is when and why.
type Ending struct {
	At     time.Time
	Reason EndReason
}

// RefreshToken is one member of a session's family. Rows are never changed: whether a token is
// good follows from its generation and the session's. They must be kept as long as the session,
// or a stolen one that comes back is not recognised.
type RefreshToken struct {
	Digest     Digest // unique
	TrustID    uuid.UUID
	SessionID  uuid.UUID
	Generation int
	IssuedAt   time.Time
}

// Presented is what a refresh token that came in belongs to.
type Presented struct {
	Session    Session
	Account    Account
	Grant      Grant // as Claims answers it
	Generation int   // of the token
}

// Rotation is what a refresh leaves behind.
type Rotation struct {
	Session Session       // to be stored
	Issue   *RefreshToken // to be inserted; nil when the refresh was refused
}

// Purpose says what a one-time link is for.
type Purpose string

// The purposes. Redeeming either sets the password.
const (
	Invitation    Purpose = "invitation"     // a first password; InvitationLife
	PasswordReset Purpose = "password_reset" // a forgotten one; PasswordResetLife
)

// Link is a one-time link.
type Link struct {
	ID        uuid.UUID
	TrustID   uuid.UUID
	PersonID  uuid.UUID
	Purpose   Purpose
	Digest    Digest    // unique
	CreatedBy uuid.UUID // the person who made it; uuid.Nil for the command line
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    *time.Time
	VoidedAt  *time.Time // replaced by a newer one, or the password was set otherwise
}

func (l Link) usable(now time.Time) bool {
	return l.UsedAt == nil && l.VoidedAt == nil && now.Before(l.ExpiresAt)
}

// PasswordChange is a new password with all that goes with it.
type PasswordChange struct {
	TrustID     uuid.UUID
	PersonID    uuid.UUID
	Epoch       int // that the account must still have; it becomes one more
	Password    PasswordHash
	At          time.Time
	KeepSession uuid.UUID // the one that goes on; uuid.Nil for none
	LinkID      uuid.UUID // the link that is redeemed; uuid.Nil when the old password was given
}
