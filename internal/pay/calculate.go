package pay

import (
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
)

// How pay follows from the outcome.
const (
	linkNone           = "none"
	linkMatrix         = "matrix"
	linkRecommendation = "recommendation"
	linkAutomatic      = "automatic"
)

// NotLinked is the decision that is recorded where the trust does not link pay to the outcome.
func NotLinked() Outcome {
	return Outcome{Link: linkNone, Result: NotOfYear, Covered: true, Working: []Step{{"link", "In this trust pay is not linked to the outcome.", linkNone}}}
}

// Calculate works the award out, one named step after the other, and stops where the next step has
// no answer: the refusal says what is missing and who can fill it.
func Calculate(c *appraisal.Case, f Facts) Outcome {
	rules := &c.Rules().Pay
	released := c.Stage == appraisal.Released
	if rules.Link == linkNone || released && !c.Waits() {
		return Expected(c, f)
	}
	o := begin(c)
	if released {
		return o.refuse(c, "outcome_waits", "Something of the outcome waits for examination results, so pay does too.", &c.Rules().Outcome.Deferral, "What waits is judged.")
	}
	return o.refuse(c, "outcome_not_released", "Pay is worked out when the outcome is released.", &rules.Link, "The outcome chain is completed.")
}

// Shown is what is shown of somebody's pay: the decision that counts, else the calculation.
func Shown(c *appraisal.Case, f Facts) Outcome {
	if f.Decision != nil {
		return f.Decision.outcome(c.Rules().Pay.Link)
	}
	return Calculate(c, f)
}

// Expected is the calculation whether or not the outcome is released yet, from what is recommended
// or decided so far.
func Expected(c *appraisal.Case, f Facts) Outcome {
	switch c.Rules().Pay.Link {
	case linkNone:
		return NotLinked()
	case linkMatrix:
		return byRating(c, f)
	}
	return byChoice(c, f)
}

// AtRelease is the decision that is recorded when the outcome is released, and whether one is: where
// pay is not linked, and where everybody progresses and no step decides.
func AtRelease(c *appraisal.Case, f Facts) (Outcome, bool) {
	rules := &c.Rules().Pay
	if rules.Link == linkNone {
		return NotLinked(), true
	}
	if rules.Link != linkAutomatic || len(rules.Chain) > 0 {
		return Outcome{}, false
	}
	o := Expected(c, f)
	if !o.Covered { // the release does not wait for what a table leaves open
		o.say("award", "The pay table leaves the award open: it is settled outside.", []Award{})
		o.Covered, o.Result, o.Refusals = true, Progressed, nil
	}
	return o, true
}

var linkDetails = map[string]string{
	linkMatrix:         "Pay follows the pay table of the cycle.",
	linkRecommendation: "Pay follows what is recommended and decided on progression.",
	linkAutomatic:      "Everybody progresses unless a step says otherwise.",
}

func begin(c *appraisal.Case) Outcome {
	link := c.Rules().Pay.Link
	o := Outcome{Link: link}
	o.say("link", linkDetails[link], link)
	return o
}

// byRating looks the rating up in the pay table.
func byRating(c *appraisal.Case, f Facts) Outcome {
	rules := &c.Rules().Pay
	o := begin(c)
	if f.Rating == "" {
		return o.refuse(c, "outcome_not_released", "Pay is worked out when the outcome is released.", &rules.Link, "The outcome chain is completed.")
	}
	o.say("staff_group", "The staff group of the post.", c.StaffGroup)
	o.say("rating", "The rating that was decided.", f.Rating)
	row := find(f.Table, c.StaffGroup, f.Rating)
	if row == nil {
		return o.refuse(c, "pay_case_not_covered", "The pay table has no row for this staff group and rating.", &rules.Link, "HR adds the row to the pay table of the cycle.")
	}
	return o.byRow(c, f, row)
}

// byRow applies a row, with its rule for people at the top of their range.
func (o Outcome) byRow(c *appraisal.Case, f Facts, row *Row) Outcome {
	rules := &c.Rules().Pay
	o.say("row", "The row of the pay table.", map[string]any{"staff_group": row.Group, "rating": row.Rating})
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
	return o.brings("What the row brings.", awards)
}

// brings ends the calculation with these awards.
func (o Outcome) brings(detail string, awards []Award) Outcome {
	if awards == nil {
		awards = []Award{}
	}
	o.say("award", detail, awards)
	o.Covered, o.Awards, o.Result = true, awards, Awarded
	if len(awards) == 0 {
		o.Result = NoAward
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
