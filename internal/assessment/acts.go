package assessment

import (
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
)

type act = appraisal.Act[*Aggregate]

// Acts are what may be done with a self-assessment, in the order in which they are shown.
var Acts = []act{rating, opening, finishing, resetting, ratingBeside}

func author(*appraisal.Case, *Aggregate) appraisal.Right {
	return appraisal.Right{Parties: []policy.Party{policy.Reviewee}}
}

// Starting is the act of starting a self-assessment, on the case itself, against whichever framework.
var Starting = appraisal.Act[*appraisal.Case]{Name: "start", Operation: "StartSelfAssessment",
	By: func(c *appraisal.Case, _ *appraisal.Case) appraisal.Right { return author(c, nil) },
	Needs: func(c *appraisal.Case, _ *appraisal.Case) []fault.Refusal {
		out := append(c.UnderWay(), c.ModuleOn(policy.ModuleSelfAssessment)...)
		if leaf := &c.Rules().SelfAssessment.Requirement; *leaf == "off" {
			out = append(out, fault.Refusal{Code: "no_self_assessment", Detail: "People here do not assess themselves against standards.", Policy: c.Policy.Cite(leaf)})
		}
		return out
	}}

// Preparing is the act of saving one's notes before a meeting.
var Preparing = appraisal.Act[*appraisal.Case]{Name: "save", Operation: "SavePreparation", By: Starting.By,
	Needs: func(c *appraisal.Case, _ *appraisal.Case) []fault.Refusal {
		out := append(c.UnderWay(), c.ModuleOn(policy.ModuleSelfAssessment)...)
		if leaf := &c.Rules().SelfAssessment.Preparation; *leaf == "" {
			out = append(out, fault.Refusal{Code: "no_preparation", Detail: "There are no questions to prepare by here.", Policy: c.Policy.Cite(leaf)})
		}
		return out
	}}

func inState(e Event, unblock string) func(*appraisal.Case, *Aggregate) []fault.Refusal {
	return func(_ *appraisal.Case, a *Aggregate) []fault.Refusal {
		return appraisal.InStatus(string(a.State), from(e), unblock)
	}
}

// working refuses new work outside the year, while the part is not in use, and once the year end has
// begun: what a year was judged by stays.
func working(c *appraisal.Case, _ *Aggregate) []fault.Refusal {
	out := append(c.UnderWay(), c.ModuleOn(policy.ModuleSelfAssessment)...)
	if c.Begun() {
		out = append(out, fault.Refusal{Code: "year_end_begun", Detail: "The year end of this appraisal has begun."})
	}
	return out
}

var rating = act{Name: "rate", Operation: "RateStatements", By: author, From: inState(Rate, ""), Needs: working}

var opening = act{Name: "set_visibility", Operation: "SetSelfAssessmentVisibility", By: author, From: inState(Open, ""),
	Needs: func(c *appraisal.Case, a *Aggregate) []fault.Refusal {
		out := c.UnderWay()
		if len(a.Ratings) == 0 {
			out = append(out, fault.Refusal{Code: "nothing_rated", Detail: "Nothing is rated yet.", Policy: c.Policy.Cite(&c.Rules().SelfAssessment.Visibility), Unblock: "Rate a statement first."})
		}
		return out
	}}

var finishing = act{Name: "complete", Operation: "CompleteSelfAssessment", By: author, From: inState(Finish, "Rate a statement again, or reset it."),
	Needs: func(c *appraisal.Case, a *Aggregate) []fault.Refusal {
		out := working(c, a)
		if len(a.Ratings) < len(a.Statements) {
			out = append(out, fault.Refusal{Code: "statements_unrated", Detail: "Not every statement is rated.", Unblock: "Rate the others."})
		}
		return out
	}}

var resetting = act{Name: "reset", Operation: "ResetSelfAssessment", By: author, From: inState(Reset, ""), Needs: working}

var ratingBeside = act{Name: "rate_as_reviewer", Operation: "RateStatementsAsReviewer", From: inState(RateBeside, ""),
	By: func(c *appraisal.Case, _ *Aggregate) appraisal.Right {
		return appraisal.Right{Parties: []policy.Party{policy.Reviewer}, Leaf: &c.Rules().SelfAssessment.ReviewerParallel}
	},
	Needs: func(c *appraisal.Case, a *Aggregate) []fault.Refusal {
		out := working(c, a)
		if leaf := &c.Rules().SelfAssessment.ReviewerParallel; !*leaf {
			out = append(out, fault.Refusal{Never: true, Code: "no_reviewer_ratings", Detail: "The reviewer does not rate the statements here.", Policy: c.Policy.Cite(leaf)})
		}
		if a.Visibility != appraisal.OrganisationAndReviewer {
			out = append(out, fault.Refusal{Code: "not_open_to_reviewer", Detail: "The self-assessment is not open to the reviewer.", Unblock: "Its author opens it."})
		}
		if a.ReviewerCompletedAt != nil {
			out = append(out, fault.Refusal{Code: "ratings_complete", Detail: "The reviewer's ratings are complete."})
		}
		return out
	}}

// MayRateBeside says whether a self-assessment waits for the actor's ratings beside the author's.
func MayRateBeside(c *appraisal.Case, f appraisal.SelfAssessmentFact) bool {
	a := &Aggregate{Case: c, SelfAssessment: SelfAssessment{State: Started, Visibility: f.Visibility}}
	return !f.Reviewed && len(appraisal.Decide(c, a, ratingBeside)) == 0
}
