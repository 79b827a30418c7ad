package checkin

import (
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/form"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/record"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// CheckIn is what a person writes in one window. Late is settled when it is sent.
type CheckIn struct {
	record.Row
	AppraisalID     uuid.UUID
	WindowID        uuid.UUID
	State           State
	Answers         form.Answers `gorm:"serializer:json"`
	PolicyVersionID uuid.UUID    // whose form it fills
	SentAt          *time.Time
	SentOn          schooltime.Date
	Late            bool
	AcknowledgedAt  *time.Time
	AcknowledgedBy  *uuid.UUID
}

// TableName names the table.
func (CheckIn) TableName() string { return "check_ins" }

// Aggregate is a check-in with its window, its case, the rules whose form it fills, and the
// comments on it.
type Aggregate struct {
	CheckIn
	Window    appraisal.WindowFact
	Case      *appraisal.Case
	Rules     *policy.Rules // of its own policy version once it is sent; until then the case's
	Responses []appraisal.Note
	Thanked   []directory.Card

	NewPraise []Praise // what sending it leaves to be stored
}

// Form is the form that the check-in fills.
func (a *Aggregate) Form() form.Form { return a.Rules.Forms[a.Rules.CheckIns.Form] }

// IsLate says whether it was sent after its window, or is a draft whose window has closed.
func (a *Aggregate) IsLate() bool {
	if a.State == Draft {
		return a.Case.Today.After(a.Window.ClosesOn)
	}
	return a.Late
}

// Missing lists what the trust's rules still ask for before it is sent.
func (a *Aggregate) Missing() []fault.Violation {
	f, asked := a.Form(), a.Case.Asked()
	var out []fault.Violation
	for _, v := range f.Check(a.Answers, asked, true) {
		if v.Code == "required" { // the rest was refused when it was saved
			out = append(out, v)
		}
	}
	return append(out, f.MissingGroups(a.Answers, asked, a.Rules.CheckIns.Sections == "alternate")...)
}
