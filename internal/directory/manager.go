package directory

import (
	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/record"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// LineManager says who line-manages a post, and when.
type LineManager struct {
	record.Row
	PostID    uuid.UUID
	ManagerID uuid.UUID
	Term
	Card *Card `gorm:"-"`
}

// Assignment asks for a new line manager of a post. No day means today, or the post's first day.
type Assignment struct {
	PostID    uuid.UUID
	ManagerID uuid.UUID
	FromOn    schooltime.Date
}

// Unassigned is a post of today that nobody line-manages.
type Unassigned struct {
	PostID   uuid.UUID
	PersonID uuid.UUID
	UnitID   uuid.UUID
	JobTitle string
	Card     Card `gorm:"-"`
}
