package checkin

import "github.com/perennial-api/perennial/internal/lifecycle"

// State says how far a check-in is.
type State string

// The states of a check-in. A draft is seen by its author alone.
const (
	Draft        State = "draft"
	Sent         State = "sent"
	Acknowledged State = "acknowledged"
)

// Event is what moves a check-in.
type Event string

// The events of a check-in.
const (
	Save    Event = "save"
	Submit  Event = "submit"
	Respond Event = "respond"
)

// Lifecycle is how a check-in moves. What was sent is never changed.
var Lifecycle = lifecycle.Table[State, Event]{
	Draft:        {Save: Draft, Submit: Sent},
	Sent:         {Respond: Acknowledged},
	Acknowledged: {Respond: Acknowledged},
}

// from lists the states from which an event may happen.
func from(e Event) []string {
	var out []string
	for _, s := range Lifecycle.Sources(e) {
		out = append(out, string(s))
	}
	return out
}
