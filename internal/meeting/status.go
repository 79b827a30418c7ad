package meeting

import "github.com/perennial-api/perennial/internal/lifecycle"

// State says how far a meeting is.
type State string

// The states of a meeting. Until its record is shared, the record is seen by whoever drafts it alone.
const (
	Scheduled State = "scheduled"
	Drafted   State = "drafted"
	Shared    State = "shared"
	Answered  State = "answered"
	Cancelled State = "cancelled"
)

// Event is what moves a meeting.
type Event string

// The events of a meeting.
const (
	Reschedule Event = "reschedule"
	Record     Event = "save"
	Share      Event = "complete"
	Respond    Event = "respond"
	Cancel     Event = "cancel"
)

// Lifecycle is how a meeting moves. A record that was shared is never changed, only answered.
var Lifecycle = lifecycle.Table[State, Event]{
	Scheduled: {Reschedule: Scheduled, Record: Drafted, Cancel: Cancelled},
	Drafted:   {Reschedule: Drafted, Record: Drafted, Share: Shared, Cancel: Cancelled},
	Shared:    {Respond: Answered},
}

// from lists the states from which an event may happen.
func from(e Event) []string {
	var out []string
	for _, s := range Lifecycle.Sources(e) {
		out = append(out, string(s))
	}
	return out
}
