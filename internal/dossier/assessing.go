package dossier

import (
	"slices"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/assessment"
	"github.com/perennial-api/perennial/internal/objective"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// assessments are those that come before the objectives, which their author has still to do, or to
// open to whom the policy says.
func (w *waiter) assessments() {
	if w.c.Stage != appraisal.Setting || !w.is(policy.Reviewee) {
		return
	}
	done, required := w.c.SelfAssessed()
	left := min(required, len(w.c.ExpectedFrameworks())) - done
	w.add("assess_yourself", "ListAssignedFrameworks", appraisal.Sentence(w.c.Terms().SelfAssessment.Many)+" to be done, and opened to whom the policy says.",
		max(left, 0), w.c.Cycle.Due("objectives"))
}

// besides are the self-assessments that are open to the reviewer and wait for the ratings beside.
func (w *waiter) besides() {
	n := 0
	for _, f := range w.c.SelfAssessments {
		if assessment.MayRateBeside(w.c, f) {
			n++
		}
	}
	w.add("rate_beside", "RateStatementsAsReviewer", appraisal.Sentence(w.c.Terms().SelfAssessment.Many)+" to be rated by you as well.", n, schooltime.Date{})
}

// assessmentTurn says whose turn it is where every place that is still empty waits for
// self-assessments: the reviewee's, or HR's while the policy knows no standard for the post.
func assessmentTurn(c *appraisal.Case) (string, policy.Party, bool) {
	waits := false
	slots := c.Rules().Objectives.Slots
	for i := range slots {
		s := &slots[i]
		filled := slices.ContainsFunc(c.Objectives, func(o appraisal.ObjectiveFact) bool {
			return o.Slot == s.Code && o.Approval != string(objective.Withdrawn)
		})
		switch {
		case !s.Required || filled:
		case !objective.AwaitsAssessment(c, s):
			return "", "", false
		default:
			waits = true
		}
	}
	if _, required := c.SelfAssessed(); len(c.ExpectedFrameworks()) < required {
		return "enter_role", policy.HR, waits
	}
	return "assess_yourself", policy.Reviewee, waits
}
