package objective

import (
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
)

type act = appraisal.Act[*Aggregate]

// Acts are what may be done with an objective, in the order in which they are shown.
var Acts = []act{editing, proposing, approving, requesting, escalating, determining, amending, discarding, withdrawing,
	completing, reopening, validating, progressing, deleting}

// Creating is the act of drafting an objective, on the case itself.
var Creating = creating("create_objective", "CreateObjective")

// drafting is the same for many at once.
var drafting = creating("create_objectives", "CreateObjectivesInBulk")

func creating(name, operation string) appraisal.Act[*appraisal.Case] {
	return appraisal.Act[*appraisal.Case]{Name: name, Operation: operation,
		By: func(c *appraisal.Case, _ *appraisal.Case) appraisal.Right { return writing(c, &rules(c).Drafter) },
		Needs: func(c *appraisal.Case, _ *appraisal.Case) []fault.Refusal {
			return append(changeable(c), tooMany(c)...)
		}}
}

// Carrying is the act of carrying an objective of an earlier year into this one.
var Carrying = appraisal.Act[*appraisal.Case]{Name: "carry_forward", Operation: "CarryForwardObjective",
	By: func(c *appraisal.Case, _ *appraisal.Case) appraisal.Right { return writing(c, &rules(c).Drafter) },
	Needs: func(c *appraisal.Case, _ *appraisal.Case) []fault.Refusal {
		out := append(changeable(c), tooMany(c)...)
		if leaf := &rules(c).CarryForward; !*leaf {
			out = append(out, fault.Refusal{Code: "no_carry_forward", Detail: "In this trust objectives are not carried into the next year.", Policy: c.Policy.Cite(leaf), Unblock: "Draft a new one."})
		}
		return out
	}}

// Prioritising is the act of marking which objectives count, on the case itself.
var Prioritising = appraisal.Act[*appraisal.Case]{Name: "prioritise_objectives", Operation: "PrioritiseObjectives",
	By: func(*appraisal.Case, *appraisal.Case) appraisal.Right {
		return appraisal.Right{Parties: []policy.Party{policy.Reviewee}}
	},
	Needs: func(c *appraisal.Case, _ *appraisal.Case) []fault.Refusal { return changeable(c) }}

func inStatus(e Event, unblock string) func(*appraisal.Case, *Aggregate) []fault.Refusal {
	allowed := from(e)
	return func(_ *appraisal.Case, a *Aggregate) []fault.Refusal {
		return appraisal.InStatus(string(a.Approval), allowed, unblock)
	}
}

var editing = act{Name: "edit", Operation: "ReplaceObjective", By: drafter, From: inStatus(Edit, "Start a change to it first."), Needs: needsOpen}

var deleting = act{Name: "delete", Operation: "DeleteObjective", By: drafter, Needs: needsOpen,
	From: func(_ *appraisal.Case, a *Aggregate) []fault.Refusal {
		if a.Live != nil {
			return []fault.Refusal{{Code: "objective_was_agreed", Detail: "An objective that was agreed once stays."}}
		}
		return appraisal.InStatus(string(a.Approval), []string{string(Draft)}, "")
	}}

var proposing = act{Name: "propose", Operation: "ProposeObjective", By: drafter, From: inStatus(Propose, ""),
	Needs: func(c *appraisal.Case, a *Aggregate) []fault.Refusal {
		return append(needsOpen(c, a), missing(c, a)...)
	}}

var approving = act{Name: "approve", Operation: "ApproveObjective", By: approver, From: inStatus(Approve, "It is proposed first."), Needs: needsOpen}

var requesting = act{Name: "request_changes", Operation: "RequestObjectiveChanges", By: approver, From: inStatus(RequestChanges, "It is proposed first."), Needs: needsOpen}

var escalating = act{Name: "escalate", Operation: "EscalateObjective",
	By: func(c *appraisal.Case, _ *Aggregate) appraisal.Right {
		right := by(c, &rules(c).OnDisagreement)
		right.Parties = appraisal.Each(policy.Both)
		return right
	},
	From: inStatus(Escalate, "It is proposed first."),
	Needs: func(c *appraisal.Case, a *Aggregate) []fault.Refusal {
		out := needsOpen(c, a)
		leaf := &rules(c).OnDisagreement
		if *leaf == policy.Reviewer || *leaf == policy.Nobody {
			return append(out, fault.Refusal{Code: "no_escalation", Detail: "In this trust a disagreement is not handed on.", Policy: c.Policy.Cite(leaf),
				Unblock: "The reviewer determines the objective, where the policy says so."})
		}
		if people, _ := settlers(c); len(people) == 0 {
			out = append(out, fault.Refusal{Code: "no_one_may_act", Detail: "Nobody is there to determine it.", Policy: c.Policy.Cite(leaf), Unblock: "HR fills the office or line management."})
		}
		return out
	}}

var determining = act{Name: "determine", Operation: "DetermineObjective", By: determiner,
	From: func(c *appraisal.Case, a *Aggregate) []fault.Refusal {
		allowed := []string{string(Escalated)}
		if rules(c).OnDisagreement == policy.Reviewer {
			allowed = from(Determine)
		}
		return appraisal.InStatus(string(a.Approval), allowed, "One of the two hands on the disagreement first.")
	},
	Needs: needsOpen}

var amending = act{Name: "amend", Operation: "AmendObjective", By: amender, From: inStatus(Amend, ""),
	Needs: func(c *appraisal.Case, a *Aggregate) []fault.Refusal {
		out := needsOpen(c, a)
		if a.Completion == Complete {
			out = append(out, fault.Refusal{Code: "objective_complete", Detail: "A complete objective is not changed.", Unblock: "It is reopened first."})
		}
		return append(out, needsMeeting(c, a)...)
	}}

var discarding = act{Name: "discard", Operation: "DiscardAmendment", By: drafter, Needs: needsOpen,
	From: func(_ *appraisal.Case, a *Aggregate) []fault.Refusal {
		if a.Live == nil {
			return []fault.Refusal{{Code: "nothing_to_discard", Detail: "It was never agreed, so there is no change to discard."}}
		}
		return appraisal.InStatus(string(a.Approval), from(Discard), "")
	}}

var withdrawing = act{Name: "withdraw", Operation: "WithdrawObjective", By: amender, From: inStatus(Withdraw, "A change to it is agreed or dropped first."),
	Needs: func(c *appraisal.Case, a *Aggregate) []fault.Refusal {
		out := needsOpen(c, a)
		if a.Completion == Complete {
			out = append(out, fault.Refusal{Code: "objective_complete", Detail: "A complete objective is not withdrawn.", Unblock: "It is reopened first."})
		}
		return append(out, needsMeeting(c, a)...)
	}}
