package appraisal

import (
	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/record"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Status says whether the appraisal is still under way.
type Status string

// The statuses of an appraisal.
const (
	Open        Status = "open"
	Suspended   Status = "suspended"   // stands still while a capability process goes on
	Transferred Status = "transferred" // ended without an outcome, for a capability process takes its place
	Ended       Status = "ended"       // before its time, such as by leaving
	Closed      Status = "closed"      // with its cycle
)

// Stage says how far the year is.
type Stage string

// The stages of an appraisal.
const (
	Setting  Stage = "setting"  // objectives are being agreed
	Running  Stage = "running"  // every required objective is agreed
	Closing  Stage = "closing"  // the first step of the outcome chain is done
	Released Stage = "released" // the outcome chain is done
)

// Code is a value that the trust defines, with its label.
type Code struct {
	Code  string `json:"code"`
	Label string `json:"label"`
}

// Appraisal is one person's year in one post.
type Appraisal struct {
	record.Row
	CycleID     uuid.UUID
	PostID      uuid.UUID
	PersonID    uuid.UUID
	UnitID      uuid.UUID
	StaffGroup  string
	StartsOn    schooltime.Date
	EndsOn      schooltime.Date
	Status      Status
	Stage       Stage
	Round       int    `gorm:"default:1"` // which judgement of the year it is; an appeal may have it judged anew
	Turn        string // the party whose step of a chain is open; empty before the first and after the last
	Remarks     []Code `gorm:"serializer:json"`
	EndedReason *string
	ErasedOn    schooltime.Date // when what was written in it was erased, as its retention had ended
}

// TableName names the table.
func (Appraisal) TableName() string { return "appraisals" }

// Duty is what a seat is for.
type Duty string

// The duties. A seat of duty determine or step is given when a disagreement or a step comes to
// somebody who does not reach the appraisal otherwise, and ends when it is done.
const (
	Review         Duty = "review"
	ObjectivesDuty Duty = "objectives" // acts on objectives in the place of those who review
	Determine      Duty = "determine"
	StepDuty       Duty = "step"
	AppealDuty     Duty = "appeal" // hears an appeal, or is asked about it
)

// Seat is somebody's place on an appraisal, from a day on and until a day on which it no longer
// holds. Nothing else stores a reviewer, so that old access ends by itself.
type Seat struct {
	record.Row
	AppraisalID uuid.UUID
	PersonID    uuid.UUID
	Duty        Duty
	Lead        bool
	FromOn      schooltime.Date
	UntilOn     schooltime.Date
	Why         string
}

// TableName names the table.
func (Seat) TableName() string { return "seats" }

// Holds says whether the seat is held on the day.
func (s Seat) Holds(day schooltime.Date) bool {
	return !s.FromOn.After(day) && (s.UntilOn.IsZero() || s.UntilOn.After(day))
}
