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
	Reopen     Event = "reopen"
	Name       Event = "name_note_taker"
	Cancel     Event = "cancel"
)

// Lifecycle is how a meeting moves. A record that was shared is only answered; where the trust does
// not hold it final it becomes a draft again, and what was shared is kept.
var Lifecycle = lifecycle.Table[State, Event]{
	Scheduled: {Reschedule: Scheduled, Name: Scheduled, Record: Drafted, Cancel: Cancelled},
	Drafted:   {Reschedule: Drafted, Name: Drafted, Record: Drafted, Share: Shared, Cancel: Cancelled},
	Shared:    {Respond: Answered, Reopen: Drafted},
	Answered:  {Reopen: Drafted},
}

// from lists the states from which an event may happen.
func from(e Event) []string {
	var out []string
	for _, s := range Lifecycle.Sources(e) {
		out = append(out, string(s))
	}
	return out
}
