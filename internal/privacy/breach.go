package privacy

import (
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/lifecycle"
	"github.com/perennial-api/perennial/internal/record"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Breach is that somebody's record was read by whoever should not have read it, and what was done
// about it.
type Breach struct {
	record.Row
	PersonID     uuid.UUID // whose record it is
	AppraisalID  *uuid.UUID
	DisclosureID *uuid.UUID
	ReaderID     *uuid.UUID // who read, where a disclosure says so
	Status       BreachStatus
	WhatHappened string
	DiscoveredOn schooltime.Date
	ReportedBy   uuid.UUID
	Assessment   *string
	Measures     *string
	NotifiedOn   schooltime.Date // when the authority was told, where it was
	ClosedOn     schooltime.Date
}

// TableName names the table.
func (Breach) TableName() string { return "breaches" }

// clock is how long after its discovery a breach is looked at by many authorities' rules. It is
// shown, and nothing hangs on it.
const clock = 72 * time.Hour

// DueAt is the end of the 72 hours from the beginning of the day of discovery.
func (b *Breach) DueAt() time.Time { return b.DiscoveredOn.Time().Add(clock) }

// BreachStatus says what became of a breach.
type BreachStatus string

// The statuses of a breach.
const (
	Reported BreachStatus = "reported"
	Assessed BreachStatus = "assessed"
	Closed   BreachStatus = "closed"
)

// BreachEvent is what moves a breach.
type BreachEvent string

// The events of a breach.
const (
	Assess      BreachEvent = "assess"
	CloseBreach BreachEvent = "close"
)

// BreachLifecycle is how a breach is followed up. What was closed stays as it is.
var BreachLifecycle = lifecycle.Table[BreachStatus, BreachEvent]{
	Reported: {Assess: Assessed},
	Assessed: {Assess: Assessed, CloseBreach: Closed},
}

// Allowed says of each act on the breach whether the actor may do it now, and why not.
func (b *Breach) Allowed(a *access.Actor) []fault.Permission {
	out := make([]fault.Permission, 0, 2)
	for _, e := range []BreachEvent{Assess, CloseBreach} {
		out = append(out, fault.Permission{Action: string(e), Operation: "RecordBreachFollowUp", Refusals: b.refusals(a, e)})
	}
	return out
}

func (b *Breach) refusals(a *access.Actor, e BreachEvent) []fault.Refusal {
	var out []fault.Refusal
	switch {
	case !a.Has(access.HR):
		out = append(out, fault.Refusal{Never: true, Code: "not_your_act", Detail: "HR follows a breach up."})
	case a.PersonID == b.PersonID:
		out = append(out, fault.Refusal{Never: true, Code: "out_of_reach", Detail: "It is your own record: another HR person follows it up."})
	case b.ReaderID != nil && *b.ReaderID == a.PersonID:
		out = append(out, fault.Refusal{Never: true, Code: "concerned_yourself", Detail: "It is about what you read: another HR person follows it up."})
	}
	if !BreachLifecycle.Allows(b.Status, e) {
		out = append(out, fault.Refusal{Code: "wrong_status", Detail: "This cannot be done while the status is " + string(b.Status) + ".", Unblock: unblocks[b.Status]})
	}
	return out
}

var unblocks = map[BreachStatus]string{Reported: "It is assessed first."}

// decide refuses the event, or returns the status that it leads to.
func (b *Breach) decide(a *access.Actor, e BreachEvent) (BreachStatus, error) {
	if refused := b.refusals(a, e); len(refused) > 0 {
		return b.Status, fault.Check(refused)
	}
	return BreachLifecycle.Next(b.Status, e)
}
