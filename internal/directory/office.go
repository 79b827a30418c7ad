package directory

import (
	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/record"
)

// The offices that have a meaning of their own; others are the trust's, and act where its policy
// names them. Each has one holder in a unit at a time, but for HR, who may be several.
const (
	Head  = "head"
	CEO   = "ceo"
	HR    = "hr"
	Chair = "chair"
	SLT   = "slt"
)

// Office is an office of a unit that a person holds from a day on.
type Office struct {
	record.Row
	Code     string
	UnitID   uuid.UUID
	PersonID uuid.UUID
	Acting   bool
	Term
	Card *Card `gorm:"-"`
}

// ofTrust says whether the office exists once in a trust, at its root: HR and the CEO reach the
// whole trust, and an office of a school would only look as if it did not.
func ofTrust(code string) bool { return code == CEO || code == HR }
