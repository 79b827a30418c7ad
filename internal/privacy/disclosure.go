package privacy

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/schooltime"
)

// Reading is one record being read by somebody who is no party to it, by virtue of their unit or
// the trust. Purpose is a code, such as moderation.
type Reading struct {
	PersonID    uuid.UUID // whose record it is
	AppraisalID *uuid.UUID
	Purpose     string
	GrantID     *uuid.UUID // by which they were let in, where it was by one
	SubjectKind string
	SubjectID   uuid.UUID
}

// Disclosure is a reading as it was written down, once a school day for each reader, subject and
// purpose.
type Disclosure struct {
	TrustID     uuid.UUID
	ID          uuid.UUID
	PersonID    uuid.UUID
	AppraisalID *uuid.UUID
	ReaderID    uuid.UUID
	Purpose     string
	GrantID     *uuid.UUID
	Operation   string
	SubjectKind string
	SubjectID   uuid.UUID
	At          time.Time
	SchoolOn    schooltime.Date
}

type purposeKey struct{}

// WithPurpose returns a context in which the caller stated for what they read.
func WithPurpose(ctx context.Context, purpose string) context.Context {
	return context.WithValue(ctx, purposeKey{}, purpose)
}

// StatedPurpose is for what the caller said that they read, or "" where they said nothing.
func StatedPurpose(ctx context.Context) string {
	purpose, _ := ctx.Value(purposeKey{}).(string)
	return purpose
}
