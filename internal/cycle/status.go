package cycle

import "github.com/perennial-api/perennial/internal/lifecycle"

// Status is where a cycle stands.
type Status string

// The statuses. A draft is being prepared, an open one is worked in, a closed one is history.
const (
	Draft  Status = "draft"
	Open   Status = "open"
	Closed Status = "closed"
)

// Event is what moves a cycle.
type Event string

// The events of a cycle.
const (
	OpenYear  Event = "open"
	CloseYear Event = "close"
)

// Lifecycle is how a cycle moves.
var Lifecycle = lifecycle.Table[Status, Event]{
	Draft: {OpenYear: Open},
	Open:  {CloseYear: Closed},
}
