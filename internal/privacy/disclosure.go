package privacy

import (
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
	Operation   string
	SubjectKind string
	SubjectID   uuid.UUID
	At          time.Time
	SchoolOn    schooltime.Date
}
