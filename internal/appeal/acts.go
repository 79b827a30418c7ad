package appeal

import (
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
)

type act = appraisal.Act[*Aggregate]

// Acts are what may be done with an appeal, in the order in which they are shown.
var Acts = []act{admitting, scheduling, deciding, consenting, continuing, withdrawing}

func inStatus(e Event, unblock string) func(*appraisal.Case, *Aggregate) []fault.Refusal {
	return func(_ *appraisal.Case, a *Aggregate) []fault.Refusal {
		return appraisal.InStatus(string(a.Status), from(e), unblock)
	}
}

// hearer is who hears the stage, without everybody who took part in what is appealed against.
func hearer(c *appraisal.Case, a *Aggregate) appraisal.Right {
	return appraisal.Right{Parties: appraisal.Each(a.At().Party), Barred: a.TookPart, Leaf: leaf(c, a.Against)}
}

// appellant is the person whose year it is.
func appellant(c *appraisal.Case, a *Aggregate) appraisal.Right {
	return appraisal.Right{Parties: []policy.Party{policy.Reviewee}, Leaf: leaf(c, a.Against)}
}

var admitting = act{Name: "admit", Operation: "AdmitLateAppeal", By: func(c *appraisal.Case, a *Aggregate) appraisal.Right {
	by := &c.Rules().Appeals.LateBy
	return appraisal.Right{Parties: appraisal.Each(*by), Barred: a.TookPart, Leaf: by}
}, From: inStatus(Admit, "")}

var scheduling = act{Name: "schedule_hearing", Operation: "ScheduleHearing", By: hearer, From: inStatus(Schedule, "A late appeal is admitted first.")}

var deciding = act{Name: "decide", Operation: "DecideAppeal", By: hearer, From: inStatus(Decide, "A late appeal is admitted first.")}

// consenting is for whoever made the statement that stands.
var consenting = act{Name: "consent", Operation: "ConsentToAmendment", By: func(c *appraisal.Case, _ *Aggregate) appraisal.Right {
	return appraisal.Right{Parties: []policy.Party{policy.Reviewer}, Reviewers: c.Stated(), Leaf: &c.Rules().Appeals.Remedies}
}, From: inStatus(Consent, "Whoever hears the appeal proposes an amendment.")}

var continuing = act{Name: "lodge_next_stage", Operation: "LodgeNextStage", By: appellant, From: inStatus(Continue, "The stage that it is at is decided first."),
	Needs: func(c *appraisal.Case, a *Aggregate) []fault.Refusal {
		if a.Status != Decided {
			return nil
		}
		if *a.At().Result == Redone {
			return []fault.Refusal{{Code: "redone", Detail: "The year is judged anew, and may be appealed against anew.", Unblock: "The outcome is released again."}}
		}
		if a.next() == nil {
			return []fault.Refusal{{Code: "no_further_stage", Detail: "There is no stage after this one.", Policy: c.Policy.Cite(leaf(c, a.Against))}}
		}
		if until := a.NextUntil(); !until.IsZero() && c.Today.After(until) {
			return lateness(c)
		}
		return nil
	}}

var withdrawing = act{Name: "withdraw", Operation: "WithdrawAppeal", By: appellant, From: inStatus(Withdraw, "")}
