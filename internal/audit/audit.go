// Package audit is the record of what was done. Every write leaves one event; the events of one
// transaction form a block, and each block's hash covers the one before.
//
// It owns the event's form and its canonical bytes. It does not store them. Events hold codes,
// ids, dates and statuses, never free text.
package audit

import (
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/google/uuid"
)

// Schema is the version of the canonical form; it is hashed with every block.
const Schema byte = 1

// Event says that somebody did something to a record. The caller fills Type, Subject and Data;
// who, when and by which request are added where it is stored.
type Event struct {
	ID          uuid.UUID      `json:"id"`
	Type        string         `json:"type"` // such as objective.approved
	Schema      int            `json:"schema"`
	ActorKind   string         `json:"actor_kind"` // person, system or import
	ActorID     *uuid.UUID     `json:"actor_id"`
	RequestID   string         `json:"request_id"`
	Subject     Subject        `json:"subject"`
	PersonID    *uuid.UUID     `json:"person_id"`
	UnitID      *uuid.UUID     `json:"unit_id"`
	AppraisalID *uuid.UUID     `json:"appraisal_id"`
	Data        map[string]any `json:"data"`
	At          time.Time      `json:"at"`
	SchoolAt    time.Time      `json:"school_at"`
}

// Subject is the record that an event is about.
type Subject struct {
	Kind    string    `json:"kind"`
	ID      uuid.UUID `json:"id"`
	Version int       `json:"version"`
}

// About starts an event on a record.
func About(kind string, id uuid.UUID, version int, verb string, data map[string]any) Event {
	return Event{Type: kind + "." + verb, Subject: Subject{Kind: kind, ID: id, Version: version}, Data: data}
}

// Of says whose record the event concerns.
func (e Event) Of(person, unit uuid.UUID) Event {
	e.PersonID = &person
	if unit != uuid.Nil {
		e.UnitID = &unit
	}
	return e
}

// In says which appraisal the event belongs to.
func (e Event) In(appraisal uuid.UUID) Event { e.AppraisalID = &appraisal; return e }

// Canonical is the text that is stored and hashed: UTC, microseconds, keys in sorted order.
func (e Event) Canonical() ([]byte, error) {
	e.At, e.SchoolAt = e.At.UTC().Truncate(time.Microsecond), e.SchoolAt.UTC().Truncate(time.Microsecond)
	if e.Data == nil {
		e.Data = map[string]any{}
	}
	raw, err := json.Marshal(e)
	if err != nil {
		return nil, err
	}
	var sorted map[string]any // encoding/json writes the keys of a map in sorted order
	if err := json.Unmarshal(raw, &sorted); err != nil {
		return nil, err
	}
	return json.Marshal(sorted)
}

// Hash chains a block's events to the block before.
func Hash(prev string, n int64, bodies [][]byte) string {
	h := begin(prev, n)
	for _, b := range bodies {
		add(h, b)
	}
	return hex.EncodeToString(h.Sum(nil))
}
