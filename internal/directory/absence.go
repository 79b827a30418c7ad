package directory

import (
	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/record"
)

// Absence is a long absence: its dates, and never a reason. UntilOn is the first day back.
type Absence struct {
	record.Row
	PersonID uuid.UUID
	Term
}
