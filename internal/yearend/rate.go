package yearend

import (
	"slices"
	"time"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
)

// rate makes the rating of a step from what was sent, by the method of the policy. It returns nil
// for a step that rates nothing.
func rate(a *Aggregate, in *RatingInput, now time.Time) (*Rating, error) {
	if !a.makesRating() {
		if in != nil {
			return nil, noRatingHere()
		}
		return nil, nil
	}
	kind := a.kindOf()
	r := &Rating{AppraisalID: a.Case.ID, Kind: kind, ByID: a.Case.Actor.PersonID, At: now, Current: true}
	if kind != SelfRating && a.Case.OutcomeWaits() {
		return nil, nil // nothing is drafted, or the act of completing has refused it
	}
	r.Provisional = kind != SelfRating && a.Case.Waits()
	rates := byMethod
	if a.confirms() {
		rates = decide
	}
	if err := rates(a, in, r); err != nil {
		return nil, err
	}
	if in != nil && in.Reason != "" {
		r.Reason = &in.Reason
	}
	return r, nil
}

// makesRating says whether the step rates at all.
func (a *Aggregate) makesRating() bool {
	return a.kindOf() != "" && len(a.Case.Rules().Outcome.Scale) > 0
}

func noRatingHere() error {
	return fault.Body("/rating", "no_rating_here", "This step makes no rating.")
}

// byMethod makes a rating by the method of the policy; whoever rates themselves gives it.
func byMethod(a *Aggregate, in *RatingInput, r *Rating) error {
	method := a.Case.Rules().Outcome.Method
	switch {
	case r.Kind != SelfRating && method == methodDerived:
		return throughRows(a, in, r)
	case in == nil:
		return fault.Body("/rating", "rating_required", "This step needs a rating.")
	case r.Kind != SelfRating && method == "grid":
		return throughGrid(a.Case, in, r)
	}
	r.Code = in.Code
	return onScale(a.Case, in.Code)
}

// ratedTooEarly refuses to complete a step with a rating of an outcome that waits as a whole: it is
// completed without one. That a rating is drafted is told to those who do the step alone.
func ratedTooEarly(c *appraisal.Case, a *Aggregate) []fault.Refusal {
	if kind := a.kindOf(); kind == "" || kind == SelfRating || a.DraftRating == nil || !c.OutcomeWaits() || !slices.Contains(c.Who(a.Rule.Rule.Party), c.Actor.PersonID) {
		return nil
	}
	return []fault.Refusal{{Code: "outcome_waits", Detail: "The outcome waits for examination results, so nothing is rated now.",
		Policy: c.Policy.Cite(&c.Rules().Outcome.Deferral), Unblock: "The step is completed without a rating, or the deferral is resolved first."}}
}

func onScale(c *appraisal.Case, code string) error {
	leaf := &c.Rules().Outcome.Scale
	for _, v := range *leaf {
		if v.Code == code {
			return nil
		}
	}
	e := fault.Body("/rating/code", "unknown_rating", "Give the code of a rating of the trust's scale.")
	e.Refusals = []fault.Refusal{{Code: e.Code, Detail: e.Message, Policy: c.Policy.Cite(leaf)}}
	return e
}

// throughGrid looks the rating up in the trust's grid. A cell that the trust has not filled rates
// nobody: it is refused, with the cell, until it is filled.
func throughGrid(c *appraisal.Case, in *RatingInput, r *Rating) error {
	g := &c.Rules().Outcome.Grid
	if in.Box != "" {
		for i := range g.Boxes {
			if g.Boxes[i].Code == in.Box {
				r.Box, r.Code = &in.Box, g.Boxes[i].Rating
				return filled(c, &g.Boxes[i], g.Boxes[i].Rating)
			}
		}
		return fault.Body("/rating/box", "unknown_box", "The trust's grid has no such box.")
	}
	if !onAxis(g.Rows, in.Row) {
		return fault.Body("/rating/row", "unknown_value", "Give a value of the axis %s.", g.Rows.Code)
	}
	if !onAxis(g.Columns, in.Column) {
		return fault.Body("/rating/column", "unknown_value", "Give a value of the axis %s.", g.Columns.Code)
	}
	if err := explained(c, in, r); err != nil {
		return err
	}
	r.RowValue, r.ColumnValue = &in.Row, &in.Column
	for i := range g.Cells {
		if g.Cells[i].Row == in.Row && g.Cells[i].Column == in.Column {
			r.Code = g.Cells[i].Rating
			return filled(c, &g.Cells[i], r.Code)
		}
	}
	return filled(c, g, "")
}

// filled refuses a cell or box that has no rating.
func filled(c *appraisal.Case, leaf any, rating string) error {
	if rating != "" {
		return nil
	}
	return fault.Check([]fault.Refusal{{Code: "grid_cell_unset", Detail: "The trust's grid gives this cell no rating, so nobody is rated through it.",
		Policy: c.Policy.Cite(leaf), Unblock: "HR publishes a policy version that fills the cell, and moves the cycle to it."}})
}

func onAxis(a policy.Axis, value string) bool {
	for _, v := range a.Values {
		if v.Code == value {
			return true
		}
	}
	return false
}

// explained asks for a reason where the reviewer picks another engagement than the check-ins
// suggest. The suggestion is kept beside the pick.
func explained(c *appraisal.Case, in *RatingInput, r *Rating) error {
	s := Engage(c).Suggestion
	if s == nil || c.Rules().Outcome.Grid.Rows.Code != "engagement" {
		return nil
	}
	r.SuggestedRow = &s.Code
	if s.Code != in.Row && in.Reason == "" {
		e := fault.Body("/rating/reason", "reason_required", "The check-ins suggest another engagement: say why yours differs.")
		e.Refusals = []fault.Refusal{{Code: e.Code, Detail: "The check-ins suggest " + s.Code + ".", Policy: c.Policy.Cite(&c.Rules().CheckIns.Engagement)}}
		return e
	}
	return nil
}

// decide takes the recommended rating, or another with a reason where the policy lets the decider
// change it. The recommendation stays on record.
func decide(a *Aggregate, in *RatingInput, r *Rating) error {
	recommended := a.RatingOf(Recommended)
	if recommended != nil {
		r.Derived = recommended.Derived
	}
	if in != nil && in.Box+in.Row+in.Column != "" {
		return fault.Body("/rating", "no_grid_here", "Whoever decides gives the code of a rating; a cell or a box is for whoever recommends.")
	}
	if in == nil || in.Code == "" {
		if recommended == nil {
			return fault.Body("/rating/code", "rating_required", "Nothing was recommended: give a rating.")
		}
		r.Code = recommended.Code
		return nil
	}
	if err := onScale(a.Case, in.Code); err != nil {
		return err
	}
	r.Code = in.Code
	if recommended == nil || recommended.Code == in.Code {
		return nil
	}
	leaf := &a.Case.Rules().Outcome.MayChange
	if !*leaf {
		return fault.Check([]fault.Refusal{{Code: "rating_not_changeable", Detail: "In this trust the decider does not change the recommended rating.", Policy: a.Case.Policy.Cite(leaf), Unblock: "Return the statement to the reviewer."}})
	}
	if in.Reason == "" {
		return fault.Body("/rating/reason", "reason_required", "Say why the rating differs from the recommended one.")
	}
	return nil
}
