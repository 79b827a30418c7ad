package yearend

import (
	"context"
	"time"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/pay"
)

// Moderates says whether the step decides on what others have stated, or approves it.
func (a *Aggregate) Moderates() bool { return a.Does("decide") || a.Does("approve") }

// Changed says whether the decided rating is another than the recommended one; nil where there are
// not both.
func (a *Aggregate) Changed() *bool {
	decided, recommended := a.RatingOf(Decided), a.RatingOf(Recommended)
	if decided == nil || recommended == nil {
		return nil
	}
	changed := decided.Code != recommended.Code
	return &changed
}

// Hinders lists why a step cannot be completed now, whoever its party is: what CompleteStep would
// refuse, without saying what is drafted. That a cell is unset would say which one, so that is told to
// whoever drafts.
func Hinders(a *Aggregate) []fault.Refusal {
	c := a.Case
	out := append(completing.From(c, a), completing.Needs(c, a)...)
	switch {
	case a.confirms() && len(c.Rules().Outcome.Scale) > 0 && !c.OutcomeWaits() && a.RatingOf(Recommended) == nil && a.DraftRating == nil:
		out = append(out, fault.Refusal{Code: "rating_missing", Detail: "No rating is recommended.", Unblock: "The decision gives a rating."})
	case a.DraftRating != nil && !a.Rule.Settled() && a.Visible():
		if _, err := rate(a, a.DraftRating, time.Time{}); fault.CodeOf(err) == "grid_cell_unset" {
			out = append(out, fault.Refusal{Code: "grid_cell_unset", Detail: "The trust's grid gives the drafted cell no rating.",
				Unblock: "HR publishes a policy version that fills the cell, and moves the cycle to it."})
		}
	}
	return out
}

// Confirm completes a step whose appraisal is locked, as Finish does, where it only confirms what
// was recommended: whoever completes many at once has not looked at each.
func (s *Service) Confirm(ctx context.Context, a *Aggregate) ([]audit.Event, error) {
	if err := fault.Check(append(appraisal.Decide(a.Case, a, completing), unclean(a)...)); err != nil {
		return nil, err
	}
	return s.finish(ctx, a, Done, "")
}

// unclean refuses a step that needs to be looked at by itself.
func unclean(a *Aggregate) []fault.Refusal {
	rates := len(a.Case.Rules().Outcome.Scale) > 0
	recommended, draft := a.RatingOf(Recommended), a.DraftRating
	switch {
	case !a.Moderates(), a.Does("decide") && rates && !a.confirms(), pay.ActsOn(a.Rule.Rule):
		return []fault.Refusal{{Code: "not_for_many", Detail: "Only a step that confirms a recommended rating, or approves, and says nothing on pay is completed for many at once.",
			Policy: a.Case.Policy.Cite(a.Rule.Rule), Unblock: "The step is completed by itself."}}
	case a.Does("decide") && draft != nil && recommended != nil && (draft.Code != "" && draft.Code != recommended.Code || draft.Reason != ""):
		return []fault.Refusal{{Code: "rating_changed", Detail: "What is drafted here changes the recommended rating, or gives a reason.", Unblock: "The step is completed by itself."}}
	}
	return nil
}
