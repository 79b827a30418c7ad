package cycle

import "github.com/perennial-api/perennial/internal/lifecycle"

// Status is where a cycle stands.
type Status string

// The statuses. A draft is being prepared, an open one is worked in, a closed one is history.
const (
	Draft     Status = "draft"
	Open      Status = "open"
	Closed    Status = "closed"
	Discarded Status = "discarded" // of no row: a discarded draft is deleted
)

// Event is what moves a cycle.
type Event string

// The events of a cycle.
const (
	OpenYear  Event = "open"
	CloseYear Event = "close"
	Discard   Event = "discard" // a draft made by mistake, which is then gone
)

// Lifecycle is how a cycle moves.
var Lifecycle = lifecycle.Table[Status, Event]{
	Draft: {OpenYear: Open, Discard: Discarded},
	Open:  {CloseYear: Closed},
}
