package yearend

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/form"
	"github.com/perennial-api/perennial/internal/lifecycle"
	"github.com/perennial-api/perennial/internal/pay"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/record"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Step is a step of a chain as it is stored, from its first draft on.
type Step struct {
	record.Row
	AppraisalID     uuid.UUID
	Chain           string
	Code            string
	N               int
	Round           int `gorm:"default:1"` // which judgement of the year it belongs to
	Party           policy.Party
	Result          Result
	Answers         form.Answers `gorm:"serializer:json"`
	PolicyVersionID uuid.UUID
	DraftRating     *RatingInput `gorm:"serializer:json"`
	DraftPay        *pay.Choice  `gorm:"serializer:json"`
	DraftedBy       *uuid.UUID
	Reason          *string
	OwnDueOn        schooltime.Date
	DoneBy          *uuid.UUID
	DoneAt          *time.Time
	DoneOn          schooltime.Date
	Late            bool
	ReturnedFrom    *string
	ReturnedReason  *string
	Weighed         []string `gorm:"serializer:json"`      // the inputs of the policy that whoever judges has weighed
	SignedSHA256    *string  `gorm:"column:signed_sha256"` // of what a signature was put under
}

// TableName names the table.
func (Step) TableName() string { return "steps" }

// Result is how a step stands.
type Result string

// The results of a step.
const (
	Open     Result = "open"
	Done     Result = "done"
	Declined Result = "declined"
	Skipped  Result = "skipped"
)

// Event is what moves a step.
type Event string

// The events of a step.
const (
	Save     Event = "save"
	Complete Event = "complete"
	Decline  Event = "decline"
	Skip     Event = "skip"
	Return   Event = "return"
)

// Lifecycle is how a step moves. It may be returned until its chain is released.
var Lifecycle = lifecycle.Table[Result, Event]{
	Open:     {Save: Open, Complete: Done, Decline: Declined, Skip: Skipped},
	Done:     {Return: Open},
	Declined: {Return: Open},
	Skipped:  {Return: Open},
}

// RatingInput is a rating as it is sent: a code of the scale, or a cell or box of the grid.
type RatingInput struct {
	Code   string `json:"code,omitempty"`
	Row    string `json:"row,omitempty"`
	Column string `json:"column,omitempty"`
	Box    string `json:"box,omitempty"`
	Reason string `json:"reason,omitempty"`
}

// orNil takes an empty rating as one that is taken back.
func (r *RatingInput) orNil() *RatingInput {
	if *r == (RatingInput{}) {
		return nil
	}
	return r
}

// RatingKind says whose rating it is.
type RatingKind string

// The kinds of a rating. Each is a row of its own: a decision never overwrites a recommendation.
const (
	SelfRating  RatingKind = "self"
	Recommended RatingKind = "recommended"
	Decided     RatingKind = "decided"
)

// Rating is a rating as it was made. Only the current one of a kind counts; those before it stay.
type Rating struct {
	TrustID      uuid.UUID
	ID           uuid.UUID
	AppraisalID  uuid.UUID
	Kind         RatingKind
	Code         string
	RowValue     *string
	ColumnValue  *string
	Box          *string
	SuggestedRow *string
	Reason       *string
	Derived      *string // what follows from the objectives, where the policy derives the rating
	Provisional  bool    // something of the outcome still waited when it was made
	ByID         uuid.UUID
	At           time.Time
	Current      bool
}

// TableName names the table.
func (Rating) TableName() string { return "ratings" }

// Aggregate is a step with its rule, its case, the ratings made so far, and what a command on it
// leaves to be stored.
type Aggregate struct {
	Step
	Rule     appraisal.ChainStep
	Case     *appraisal.Case
	Ratings  []Rating   // current ones
	Pay      *pay.Facts // of a step that recommends or decides pay
	Siblings []Step     // other stored steps of the chain

	NewRating *Rating
	Reopened  []Step
}

// Does says whether the step has the act.
func (a *Aggregate) Does(act string) bool { return slices.Contains(a.Rule.Rule.Acts, act) }

// RatingOf returns the current rating of a kind, or nil.
func (a *Aggregate) RatingOf(kind RatingKind) *Rating { return ratingOf(a.Ratings, kind) }

func ratingOf(all []Rating, kind RatingKind) *Rating {
	for i := range all {
		if all[i].Kind == kind && all[i].Current {
			return &all[i]
		}
	}
	return nil
}

// Form returns the step's form, or nil for a step that fills none.
func (a *Aggregate) Form() *form.Form {
	f, ok := a.Case.Rules().Forms[a.Rule.Rule.Form]
	if !ok {
		return nil
	}
	return &f
}

// kindOf is the kind of rating that a step makes, or "". Where no step of the chain decides, what is
// recommended is what the year ends with.
func (a *Aggregate) kindOf() RatingKind {
	switch {
	case a.Does("decide"), a.Does("recommend") && !a.chainDoes("decide", ""):
		return Decided
	case a.Does("recommend"):
		return Recommended
	case a.Does("self_rate"):
		return SelfRating
	}
	return ""
}

// chainDoes says whether a step of the chain, other than the one that is left out, has the act.
func (a *Aggregate) chainDoes(act, without string) bool {
	return slices.ContainsFunc(a.Case.Chain(a.Chain), func(s appraisal.ChainStep) bool {
		return s.Rule.Code != without && slices.Contains(s.Rule.Acts, act)
	})
}

// confirms says whether the step decides on a rating that another step recommends, rather than
// making one by the policy's method.
func (a *Aggregate) confirms() bool { return a.Does("decide") && a.chainDoes("recommend", a.Code) }

// Rates says whether the step makes ratings of the kind.
func (a *Aggregate) Rates(kind RatingKind) bool { return a.kindOf() == kind }
