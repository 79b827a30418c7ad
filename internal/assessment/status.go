package assessment

import "github.com/perennial-api/perennial/internal/lifecycle"

// State says how far a self-assessment is.
type State string

// The states of a self-assessment.
const (
	Started  State = "started"
	Complete State = "complete"
)

// Event is what moves a self-assessment.
type Event string

// The events of a self-assessment.
const (
	Rate       Event = "rate"
	Finish     Event = "complete"
	Reset      Event = "reset"
	Open       Event = "set_visibility"
	RateBeside Event = "rate_as_reviewer"
)

// Lifecycle is how a self-assessment moves. Whoever rates again has not finished.
var Lifecycle = lifecycle.Table[State, Event]{
	Started:  {Rate: Started, Open: Started, Finish: Complete, Reset: Started, RateBeside: Started},
	Complete: {Rate: Started, Open: Complete, Reset: Started, RateBeside: Complete},
}

// from lists the states from which an event may happen.
func from(e Event) []string {
	var out []string
	for _, s := range Lifecycle.Sources(e) {
		out = append(out, string(s))
	}
	return out
}
