package objective

import (
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/plan"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/record"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// ExtraSlot is the slot of objectives beyond those of the policy.
const ExtraSlot = "extra"

// Objective is one objective of an appraisal. What it says is in its revisions: the live one
// stands while the next is being agreed.
type Objective struct {
	record.Row
	AppraisalID  uuid.UUID
	Origin       string // the party that created it
	Slot         string
	Counts       bool // for the outcome
	Approval     Approval
	Completion   Completion
	Validation   Validation
	Progress     int // per cent
	LiveRevision *int
	NextRevision *int
	CompletedOn  schooltime.Date
	WhatNext     *string
	FromID       *uuid.UUID // the objective of an earlier year that it continues
	Mandate      *string    // the code of the mandated objective that it answers
}

// TableName names the table.
func (Objective) TableName() string { return "objectives" }

// Revision is one version of an objective's content.
type Revision struct {
	TrustID      uuid.UUID
	ID           uuid.UUID
	ObjectiveID  uuid.UUID
	Number       int
	State        RevisionState
	Content      `gorm:"embedded"`
	AuthorID     uuid.UUID
	DeterminedBy *uuid.UUID
	LiveAt       *time.Time
	LiveOn       schooltime.Date // the school day of LiveAt
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// TableName names the table.
func (Revision) TableName() string { return "objective_revisions" }

// RevisionState says what a revision is to its objective.
type RevisionState string

// The states of a revision.
const (
	RevisionDraft      RevisionState = "draft"
	RevisionProposed   RevisionState = "proposed"
	RevisionLive       RevisionState = "live"
	RevisionSuperseded RevisionState = "superseded"
	RevisionDiscarded  RevisionState = "discarded"
)

// Signature says who agreed to which revision, and as what.
type Signature struct {
	TrustID     uuid.UUID
	ID          uuid.UUID
	SubjectKind string
	SubjectID   uuid.UUID
	Revision    int
	Party       policy.Party
	PersonID    uuid.UUID
	At          time.Time
}

// TableName names the table.
func (Signature) TableName() string { return "signatures" }

// Aggregate is an objective with the revisions that matter now, the signatures on the next one,
// and the case that it belongs to.
type Aggregate struct {
	Objective
	Live       *Revision
	Next       *Revision
	Signatures []Signature
	Levels     map[uuid.UUID]plan.Level // of the priorities that its versions are linked to
	Case       *appraisal.Case          `gorm:"-"`
}

// Working is the revision that is being agreed, else the live one.
func (a *Aggregate) Working() *Revision {
	if a.Next != nil {
		return a.Next
	}
	return a.Live
}

// SlotOf returns the policy's rule of a slot, or nil for a slot of its own such as extra.
func SlotOf(c *appraisal.Case, code string) *policy.Slot {
	slots := c.Rules().Objectives.Slots
	for i := range slots {
		if slots[i].Code == code {
			return &slots[i]
		}
	}
	return nil
}
