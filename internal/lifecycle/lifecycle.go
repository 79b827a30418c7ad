// Package lifecycle states which events move a record from which status to which. A status moves
// by its table and in no other way; docs/lifecycles.md is drawn from the tables.
package lifecycle

import (
	"maps"
	"slices"

	"github.com/perennial-api/perennial/internal/fault"
)

// Table maps a status and an event to the next status.
type Table[S, E ~string] map[S]map[E]S

// Next returns the status that event leads to, or a conflict if from forbids it.
func (t Table[S, E]) Next(from S, event E) (S, error) {
	to, ok := t[from][event]
	if !ok {
		return from, fault.New(fault.Conflict, "wrong_status", "This cannot be done while the status is %s.", from)
	}
	return to, nil
}

// Allows says whether event may happen while the status is from.
func (t Table[S, E]) Allows(from S, event E) bool { _, ok := t[from][event]; return ok }

// Sources returns the statuses from which event may happen, sorted.
func (t Table[S, E]) Sources(event E) []S {
	var out []S
	for from, events := range t {
		if _, ok := events[event]; ok {
			out = append(out, from)
		}
	}
	slices.Sort(out)
	return out
}

// Move is one row of a table.
type Move struct{ From, Event, To string }

// Moves returns the rows of the table, sorted, for the documentation.
func (t Table[S, E]) Moves() []Move {
	var out []Move
	for _, from := range slices.Sorted(maps.Keys(t)) {
		for _, event := range slices.Sorted(maps.Keys(t[from])) {
			out = append(out, Move{string(from), string(event), string(t[from][event])})
		}
	}
	return out
}
