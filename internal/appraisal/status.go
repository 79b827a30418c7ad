package appraisal

import "github.com/perennial-api/perennial/internal/lifecycle"

// Event is what moves an appraisal.
type Event string

// The events of an appraisal.
const (
	ObjectivesAgreed Event = "objectives_agreed" // every required slot
	StepDone         Event = "step_done"         // one of the outcome chain, and not the last
	ChainDone        Event = "chain_done"        // the last required step of the outcome chain
	EndEarly         Event = "end"
	CloseCycle       Event = "close"
	Redo             Event = "redo"      // an appeal has the year judged anew
	Reinstate        Event = "reinstate" // the exclusion that ended it was taken back
	Suspending       Event = "suspend"   // by a capability process
	GoOn             Event = "resume"
	Transferring     Event = "transfer" // to a capability process
)

// StageLifecycle is how far a year is. Where the policy requires no objective the year begins as
// running; where its outcome chain has no required step, closing the cycle releases the outcome.
var StageLifecycle = lifecycle.Table[Stage, Event]{
	Setting: {ObjectivesAgreed: Running, StepDone: Closing, ChainDone: Released},
	Running: {StepDone: Closing, ChainDone: Released},
	Closing: {StepDone: Closing, ChainDone: Released},

	Released: {Redo: Closing},
}

// StatusLifecycle is how an appraisal ends: before its time, or with its cycle. One that ended by an
// exclusion opens again when that is taken back. A capability process suspends an appraisal, or ends
// it without an outcome, as the policy has it.
var StatusLifecycle = lifecycle.Table[Status, Event]{
	Open:      {EndEarly: Ended, CloseCycle: Closed, Suspending: Suspended, Transferring: Transferred},
	Suspended: {GoOn: Open, EndEarly: Ended},
	Ended:     {Reinstate: Open},
}

// Advance moves the stage by its lifecycle; an event that the stage does not know leaves it.
func (c *Case) Advance(e Event) {
	if next, err := StageLifecycle.Next(c.Stage, e); err == nil && next != c.Stage {
		c.Stage, c.Pending.Changed = next, true
	}
}

// finish ends the appraisal before its time.
func (c *Case) finish(reason string) error {
	next, err := StatusLifecycle.Next(c.Status, EndEarly)
	if err != nil {
		return err
	}
	c.Status, c.EndedReason, c.Pending.Changed = next, &reason, true
	return nil
}
