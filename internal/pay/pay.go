// Package pay is what the outcome of a year means for pay: a calculation whose every step is
// named, from the cycle's pay table. A case that the table does not cover is refused, never guessed.
//
// It owns the calculation and the decision. The table is data of the cycle; who decides is the
// policy's pay chain.
package pay

import (
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Award is what a rating brings: points of the range, per cent, a non-consolidated bonus in per
// cent, or the cost-of-living rise. Amount is a decimal.
type Award struct {
	Kind   string `json:"kind"`
	Amount string `json:"amount"`
}

// Row is one row of the pay table. Top is nil where the table says nothing of people at the top of
// their range.
type Row struct {
	Group  string
	Rating string
	Awards []Award
	Top    []Award
}

// Facts are what the calculation reads: the decided rating, the post, and the table.
type Facts struct {
	Rating     string // "" while nothing is decided
	TopOfRange *bool  // nil where the post does not say
	Table      []Row
	Decision   *Decision
}

// Decision is what was decided. Working is the calculation as it was then.
type Decision struct {
	TrustID     uuid.UUID
	ID          uuid.UUID
	AppraisalID uuid.UUID
	Result      string  // awarded, no_award or not_linked
	Awards      []Award `gorm:"serializer:json"`
	Working     []Step  `gorm:"serializer:json"`
	DecidedBy   uuid.UUID
	DecidedAt   time.Time
	DecidedOn   schooltime.Date
}

// TableName names the table.
func (Decision) TableName() string { return "pay_decisions" }

// Step is one named step of the calculation.
type Step struct {
	Step   string `json:"step"`
	Detail string `json:"detail"`
	Value  any    `json:"value"`
}

// Outcome is the calculation: covered means that it came to an end.
type Outcome struct {
	Link     string
	Result   string
	Covered  bool
	Working  []Step
	Awards   []Award
	Refusals []fault.Refusal
	Decision *Decision
}

// linkNone is the link of a policy under which pay does not follow from the outcome.
const linkNone = "none"

// NotLinked is the decision that is recorded where the trust does not link pay to the outcome.
func NotLinked() Outcome {
	return Outcome{Link: linkNone, Result: "not_linked", Covered: true, Working: []Step{{"link", "In this trust pay is not linked to the outcome.", linkNone}}}
}

// Calculate works the award out, one named step after the other, and stops where the next step has
// no answer: the refusal says what is missing and who can fill it.
func Calculate(c *appraisal.Case, f Facts) Outcome {
	rules := &c.Rules().Pay
	if rules.Link == linkNone {
		o := NotLinked()
		o.Decision = f.Decision
		return o
	}
	o := Outcome{Link: rules.Link, Decision: f.Decision}
	o.say("link", "Pay follows the pay table of the cycle.", rules.Link)
	if c.Stage != appraisal.Released || f.Rating == "" {
		return o.refuse(c, "outcome_not_released", "Pay is worked out when the outcome is released.", &rules.Link, "The outcome chain is completed.")
	}
	o.say("staff_group", "The staff group of the post.", c.StaffGroup)
	o.say("rating", "The rating that was decided.", f.Rating)
	row := find(f.Table, c.StaffGroup, f.Rating)
	if row == nil {
		return o.refuse(c, "pay_case_not_covered", "The pay table has no row for this staff group and rating.", &rules.Link, "HR adds the row to the pay table of the cycle.")
	}
	o.say("row", "The row of the pay table.", map[string]any{"staff_group": row.Group, "rating": row.Rating})
	return o.award(c, f, row)
}

// award applies the rule for people at the top of their range.
func (o Outcome) award(c *appraisal.Case, f Facts, row *Row) Outcome {
	rules := &c.Rules().Pay
	awards := row.Awards
	if rules.TopOfRange == "own_column" {
		if f.TopOfRange == nil {
			return o.refuse(c, "top_of_range_unknown", "The post does not say whether the person is at the top of their range.", &rules.TopOfRange, "HR sets at_top_of_range on the post.")
		}
		o.say("top_of_range", "Whether the person is at the top of their range.", *f.TopOfRange)
		if *f.TopOfRange && row.Top == nil {
			return o.refuse(c, "pay_case_not_covered", "The pay table says nothing of people at the top of their range with this rating.", &rules.TopOfRange, "HR fills the top of range in that row of the pay table.")
		}
		if *f.TopOfRange {
			awards = row.Top
		}
	}
	o.say("award", "What the row brings.", awards)
	o.Covered, o.Awards, o.Result = true, awards, "awarded"
	if len(awards) == 0 {
		o.Result = "no_award"
	}
	return o
}

func find(table []Row, group, rating string) *Row {
	for i := range table {
		if table[i].Group == group && table[i].Rating == rating {
			return &table[i]
		}
	}
	return nil
}

func (o *Outcome) say(step, detail string, value any) {
	o.Working = append(o.Working, Step{step, detail, value})
}

func (o Outcome) refuse(c *appraisal.Case, code, detail string, leaf any, unblock string) Outcome {
	o.Refusals = append(o.Refusals, fault.Refusal{Code: code, Detail: detail, Policy: c.Policy.Cite(leaf), Unblock: unblock})
	return o
}
