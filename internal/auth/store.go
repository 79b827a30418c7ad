package auth

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// Store keeps accounts, sessions, tries and links.
//
// Each method is one transaction of its own, under the row-level security of the trust that it is
// given, and commits even when the request is then answered with an error: a counted guess and a
// session ended for reuse must survive their 4xx. None may join a request's transaction, but
// ReplaceLink, which may. Nothing is locked or held while a password is hashed.
//
// Times are UTC in whole microseconds and must come back as they were stored. Where a row is not
// in the trust, the answer is ErrNotFound (errors.Is).
type Store interface {
	// TrustBySlug returns the id of the trust, or ErrNotFound. It alone runs before a trust is known.
	TrustBySlug(ctx context.Context, slug string) (uuid.UUID, error)

	// AccountByEmail finds the account by address. email is in lower case and trimmed; the stored
	// one is compared in lower case. Of several, active ones come first. ErrNotFound.
	AccountByEmail(ctx context.Context, trustID uuid.UUID, email string) (Account, error)

	// AccountByID finds the account by person, leavers too. ErrNotFound.
	AccountByID(ctx context.Context, trustID, personID uuid.UUID) (Account, error)

	// Claims returns the roles that the person has today and the units that they head.
	Claims(ctx context.Context, trustID, personID uuid.UUID) (Grant, error)

	// UpdateTries replaces the list of tries under the key by what change makes of it; an unknown
	// key has an empty list. The row is locked from reading to writing (INSERT … ON CONFLICT DO
	// NOTHING, then SELECT … FOR UPDATE), for parallel guesses are what it defends against. There are
	// at most ten tries in a list; a row whose newest is older than five minutes may be deleted.
	UpdateTries(ctx context.Context, trustID uuid.UUID, key Digest, change func(tries []time.Time) []time.Time) error

	// StartSession inserts the session and its first refresh token. It locks the account row, and
	// answers ErrStale, writing nothing, when the account is inactive or its epoch is not epoch: else
	// a sign-in that overlaps a change of password would survive it.
	StartSession(ctx context.Context, s Session, first RefreshToken, epoch int) error

	// RotateRefresh finds the refresh token, locks its account (shared is enough), then its session,
	// calls decide once with what it read under the locks and stores the answer. Ended and expired
	// sessions are presented too. When decide answers an error, nothing is stored and that error is
	// returned. ErrNotFound for an unknown token.
	RotateRefresh(ctx context.Context, trustID uuid.UUID, token Digest, decide func(Presented) (Rotation, error)) error

	// EndByRefresh ends the session of any refresh token of its family, good or rotated. An ended
	// session stays as it is, and is no error. ErrNotFound for an unknown token.
	EndByRefresh(ctx context.Context, trustID uuid.UUID, token Digest, e Ending) error

	// Sessions lists the person's sessions that are live at now, the last used first.
	Sessions(ctx context.Context, trustID, personID uuid.UUID, now time.Time) ([]Session, error)

	// EndSession ends one session of this person. An ended one stays as it is, and is no error.
	// ErrNotFound, also for a session of somebody else.
	EndSession(ctx context.Context, trustID, personID, sessionID uuid.UUID, e Ending) error

	// SetPassword, with the account row locked: answers ErrStale, writing nothing, when the account
	// is inactive, its epoch is not c.Epoch, or c.LinkID is given and that link is used, voided or
	// expired at c.At. Else it stores the hash, raises the epoch by one, marks the link as used, voids
	// all other unused links of the person, and ends all their sessions but c.KeepSession, for
	// EndedByPasswordChange.
	SetPassword(ctx context.Context, c PasswordChange) error

	// ReplaceLink voids at l.CreatedAt the unused links of the same person and purpose and inserts l,
	// with the account row locked, so that of two at once one is left. ErrNotFound for no such person.
	ReplaceLink(ctx context.Context, l Link) error

	// LinkByDigest returns the link, in whatever state, and the account that it is for. ErrNotFound.
	LinkByDigest(ctx context.Context, trustID uuid.UUID, link Digest) (Link, Account, error)
}
