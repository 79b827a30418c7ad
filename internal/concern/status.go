package concern

import "github.com/perennial-api/perennial/internal/lifecycle"

// Status says how far a concern is.
type Status string

// The statuses of a concern.
const (
	Informal   Status = "informal"
	Raised     Status = "raised" // the formal record is drafted
	Confirmed  Status = "confirmed"
	Monitoring Status = "monitoring"
	Extended   Status = "extended" // monitoring goes on for longer than was first said
	Closed     Status = "closed"
	Withdrawn  Status = "withdrawn"
	Capability Status = "capability"
)

// Event is what moves a concern.
type Event string

// The events of a concern.
const (
	Save       Event = "save"
	Share      Event = "share"
	MakeFormal Event = "make_formal"
	Confirm    Event = "confirm"
	Comment    Event = "comment"
	Log        Event = "log_contact"
	HandOver   Event = "hand_over"
	Monitor    Event = "start_monitoring"
	Extend     Event = "extend_monitoring"
	Review     Event = "review_monitoring"
	Close      Event = "close"
	Withdraw   Event = "withdraw"
	Move       Event = "move_to_capability"
)

// Lifecycle is how a concern moves. The record is frozen when it is confirmed; from then on things are
// added to it. The person may comment until it is closed.
var Lifecycle = lifecycle.Table[Status, Event]{
	Informal: {Save: Informal, Share: Informal, Comment: Informal, Log: Informal, HandOver: Informal, MakeFormal: Raised, Close: Closed, Withdraw: Withdrawn},
	Raised:   {Save: Raised, Comment: Raised, Log: Raised, HandOver: Raised, Confirm: Confirmed, Withdraw: Withdrawn},
	Confirmed: {Comment: Confirmed, Log: Confirmed, HandOver: Confirmed, Monitor: Monitoring, Close: Closed, Withdraw: Withdrawn,
		Move: Capability},
	Monitoring: {Comment: Monitoring, Log: Monitoring, HandOver: Monitoring, Review: Monitoring, Extend: Extended, Close: Closed, Move: Capability},
	Extended:   {Comment: Extended, Log: Extended, HandOver: Extended, Review: Extended, Extend: Extended, Close: Closed, Move: Capability},
	Capability: {Comment: Capability, Log: Capability, HandOver: Capability},
}

// from lists the statuses from which an event may happen.
func from(e Event) []string {
	var out []string
	for _, s := range Lifecycle.Sources(e) {
		out = append(out, string(s))
	}
	return out
}
