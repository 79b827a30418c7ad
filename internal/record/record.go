// Package record is what every stored record has: its trust, its id and the version that guards
// it against lost updates.
package record

import (
	"time"

	"github.com/google/uuid"
)

// Row is embedded in every entity. Version starts at 1 and rises with every change; it is the ETag.
type Row struct {
	TrustID   uuid.UUID `gorm:"primaryKey"`
	ID        uuid.UUID `gorm:"primaryKey"`
	Version   int
	CreatedAt time.Time // wall time, UTC
	UpdatedAt time.Time // wall time, UTC
}

// Base returns the row itself, so that one function can save any entity.
func (r *Row) Base() *Row { return r }

// Entity is a pointer to a struct that embeds Row.
type Entity[T any] interface {
	*T
	Base() *Row
}
