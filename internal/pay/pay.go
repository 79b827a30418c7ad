// Package pay is what the outcome of a year means for pay: a calculation whose every step is
// named, from the cycle's pay table or from what a step recommends. A case that the policy does not
// cover is refused, never guessed.
//
// It owns the calculation, recommendations, decisions, the trust's pay points and the preview of
// what a year would cost. The pay table is data of the cycle; who recommends and who decides is the
// policy's chains.
package pay

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Award is what a rating brings: points of the range, per cent, a non-consolidated bonus in per
// cent, or the cost-of-living rise. Amount is a decimal.
type Award struct {
	Kind   string `json:"kind"`
	Amount string `json:"amount"`
}

// The kinds of an award.
const (
	pointsKind   = "points"
	bonusPercent = "bonus_percent"
	costOfLiving = "cost_of_living"
)

// Row is one row of the pay table. Top is nil where the table says nothing of people at the top of
// their range.
type Row struct {
	Group  string
	Rating string
	Awards []Award
	Top    []Award
}

// Facts are what the calculation reads: the decided rating, the post, the table, and what was
// recommended and decided before.
type Facts struct {
	Rating      string // "" while nothing is decided
	Likely      string // the same, or what is recommended so far
	TopOfRange  *bool  // nil where the post does not say
	Table       []Row
	Recommended *Recommendation // the one that counts; nil: nobody has recommended
	Chosen      *Choice         // what the deciding step holds; nil: it confirms what was recommended
	Decision    *Decision       // the one that counts
	History     []Decision      // all, oldest first
}

// Kind says how a decision came about.
type Kind string

// The kinds of a decision. Each is a row of its own: what was decided before stays.
const (
	Decided   Kind = "decision"
	Exception Kind = "exception"
	OnAppeal  Kind = "appeal"
)

// The results of a decision.
const (
	Awarded    = "awarded"
	NoAward    = "no_award"
	NotOfYear  = "not_linked"
	Progressed = "progressed" // what it brings is settled outside
)

// Decision is what was decided. Working is the calculation as it was then. Only the current one
// counts; those before it stay.
type Decision struct {
	TrustID     uuid.UUID
	ID          uuid.UUID
	AppraisalID uuid.UUID
	N           int
	Kind        Kind
	Current     bool
	Result      string
	Progression *string
	Awards      []Award `gorm:"serializer:json"`
	Working     []Step  `gorm:"serializer:json"`
	Reason      *string
	DecidedBy   uuid.UUID
	DecidedAt   time.Time
	DecidedOn   schooltime.Date
	ToldOn      schooltime.Date `gorm:"-"` // the day on which the person was told; no day until then
}

// TableName names the table.
func (Decision) TableName() string { return "pay_decisions" }

// Step is one named step of the calculation.
type Step struct {
	Step   string `json:"step"`
	Detail string `json:"detail"`
	Value  any    `json:"value"`
}

// Outcome is the calculation: covered means that it came to an end. A zero kind is a decision.
type Outcome struct {
	Link        string
	Kind        Kind
	Result      string
	Progression string
	Reason      string
	Covered     bool
	Working     []Step
	Awards      []Award
	Refusals    []fault.Refusal
}

// Append makes the decision of an outcome that follows on the earlier ones.
func (o Outcome) Append(earlier int) Decision {
	d := Decision{N: earlier + 1, Kind: o.Kind, Current: true, Result: o.Result, Awards: slices.Clone(o.Awards), Working: o.Working}
	if d.Kind == "" {
		d.Kind = Decided
	}
	if d.Awards == nil {
		d.Awards = []Award{}
	}
	if o.Progression != "" {
		d.Progression = &o.Progression
	}
	if o.Reason != "" {
		d.Reason = &o.Reason
	}
	return d
}

// outcome is a decision as the calculation of its day.
func (d *Decision) outcome(link string) Outcome {
	return Outcome{Link: link, Kind: d.Kind, Result: d.Result, Progression: text(d.Progression), Reason: text(d.Reason), Covered: true, Working: d.Working, Awards: d.Awards}
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
