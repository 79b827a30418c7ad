package objective

import (
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
)

type act = appraisal.Act[*Aggregate]

// Acts are what may be done with an objective, in the order in which they are shown.
var Acts = []act{editing, proposing, approving, requesting, escalating, determining, amending, discarding, completing, progressing, deleting}

// Creating is the act of drafting an objective, on the case itself.
var Creating = appraisal.Act[*appraisal.Case]{Name: "create_objective", Operation: "CreateObjective",
	By: func(c *appraisal.Case, _ *appraisal.Case) appraisal.Right { return by(&c.Rules().Objectives.Drafter) },
	Needs: func(c *appraisal.Case, _ *appraisal.Case) []fault.Refusal {
		return append(changeable(c), tooMany(c)...)
	}}

// Prioritising is the act of marking which objectives count, on the case itself.
var Prioritising = appraisal.Act[*appraisal.Case]{Name: "prioritise_objectives", Operation: "PrioritiseObjectives",
	By: func(*appraisal.Case, *appraisal.Case) appraisal.Right {
		return appraisal.Right{Parties: []policy.Party{policy.Reviewee}}
	},
	Needs: func(c *appraisal.Case, _ *appraisal.Case) []fault.Refusal { return changeable(c) }}

// by is the right of the parties that a leaf of the policy names.
func by(leaf *policy.Party) appraisal.Right {
	return appraisal.Right{Parties: appraisal.Each(*leaf), Leaf: leaf}
}

func rules(c *appraisal.Case) *policy.ObjectiveRules { return &c.Rules().Objectives }

func inStatus(e Event, unblock string) func(*appraisal.Case, *Aggregate) []fault.Refusal {
	allowed := from(e)
	return func(_ *appraisal.Case, a *Aggregate) []fault.Refusal {
		return appraisal.InStatus(string(a.Approval), allowed, unblock)
	}
}

// drafter is who writes the version being agreed: its author's party once there is one, for a
// change may be started by the other party, else whom the policy names.
func drafter(c *appraisal.Case, a *Aggregate) appraisal.Right {
	if a.Next != nil && a.Live != nil {
		return appraisal.Right{Parties: []policy.Party{authorOf(c, a.Next)}, Leaf: &rules(c).Amender}
	}
	return by(&rules(c).Drafter)
}

func authorOf(c *appraisal.Case, r *Revision) policy.Party {
	if r.AuthorID == c.PersonID {
		return policy.Reviewee
	}
	return policy.Reviewer
}

// approver is whose approval is still missing. Nobody approves a version of their own: where the
// approver wrote it, the other party agrees.
func approver(c *appraisal.Case, a *Aggregate) appraisal.Right {
	right := by(&rules(c).Approver)
	if a.Next == nil {
		return right
	}
	author := authorOf(c, a.Next)
	if len(right.Parties) == 1 && right.Parties[0] == author {
		right.Parties = []policy.Party{other(author)}
	}
	right.Parties = slices.DeleteFunc(right.Parties, func(p policy.Party) bool { return signed(a, p) })
	right.Barred = []uuid.UUID{a.Next.AuthorID}
	return right
}

func other(p policy.Party) policy.Party {
	if p == policy.Reviewee {
		return policy.Reviewer
	}
	return policy.Reviewee
}

func signed(a *Aggregate, p policy.Party) bool {
	return slices.ContainsFunc(a.Signatures, func(s Signature) bool {
		return a.Next != nil && s.Revision == a.Next.Number && s.Party == p
	})
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
		return appraisal.Right{Parties: appraisal.Each(policy.Both), Leaf: &rules(c).OnDisagreement}
	},
	From: inStatus(Escalate, "It is proposed first."),
	Needs: func(c *appraisal.Case, a *Aggregate) []fault.Refusal {
		out := needsOpen(c, a)
		leaf := &rules(c).OnDisagreement
		if *leaf == policy.Reviewer || *leaf == policy.Nobody {
			return append(out, fault.Refusal{Code: "no_escalation", Detail: "In this trust a disagreement is not handed on.", Policy: c.Policy.Cite(leaf),
				Unblock: "The reviewer determines the objective, where the policy says so."})
		}
		if len(c.Who(*leaf)) == 0 {
			out = append(out, fault.Refusal{Code: "no_one_may_act", Detail: "Nobody is there to determine it.", Policy: c.Policy.Cite(leaf), Unblock: "HR fills the office or line management."})
		}
		return out
	}}

var determining = act{Name: "determine", Operation: "DetermineObjective",
	By: func(c *appraisal.Case, a *Aggregate) appraisal.Right {
		right := by(&rules(c).OnDisagreement)
		right.People = c.Seated(appraisal.Determine)
		return right
	},
	From: func(c *appraisal.Case, a *Aggregate) []fault.Refusal {
		allowed := []string{string(Escalated)}
		if rules(c).OnDisagreement == policy.Reviewer {
			allowed = from(Determine)
		}
		return appraisal.InStatus(string(a.Approval), allowed, "One of the two hands on the disagreement first.")
	},
	Needs: needsOpen}

var amending = act{Name: "amend", Operation: "AmendObjective", By: func(c *appraisal.Case, _ *Aggregate) appraisal.Right { return by(&rules(c).Amender) },
	From: inStatus(Amend, ""),
	Needs: func(c *appraisal.Case, a *Aggregate) []fault.Refusal {
		out := needsOpen(c, a)
		if a.Completion == Complete {
			out = append(out, fault.Refusal{Code: "objective_complete", Detail: "A complete objective is not changed."})
		}
		return out
	}}

var discarding = act{Name: "discard", Operation: "DiscardAmendment", By: drafter, Needs: needsOpen,
	From: func(_ *appraisal.Case, a *Aggregate) []fault.Refusal {
		if a.Live == nil {
			return []fault.Refusal{{Code: "nothing_to_discard", Detail: "It was never agreed, so there is no change to discard."}}
		}
		return appraisal.InStatus(string(a.Approval), from(Discard), "")
	}}

var completing = act{Name: "complete", Operation: "CompleteObjective", By: func(c *appraisal.Case, _ *Aggregate) appraisal.Right { return by(&rules(c).Completer) },
	From: func(_ *appraisal.Case, a *Aggregate) []fault.Refusal {
		if a.Live == nil {
			return []fault.Refusal{{Code: "not_agreed", Detail: "It has not been agreed yet.", Unblock: "The two parties agree it."}}
		}
		return appraisal.InStatus(string(a.Completion), []string{string(Incomplete)}, "")
	}, Needs: needsOpen}

var progressing = act{Name: "set_progress", Operation: "SetObjectiveProgress",
	By: func(*appraisal.Case, *Aggregate) appraisal.Right {
		return appraisal.Right{Parties: appraisal.Each(policy.Both)}
	},
	From: func(_ *appraisal.Case, a *Aggregate) []fault.Refusal {
		if a.Live == nil {
			return []fault.Refusal{{Code: "not_agreed", Detail: "It has not been agreed yet.", Unblock: "The two parties agree it."}}
		}
		return appraisal.InStatus(string(a.Completion), []string{string(Incomplete)}, "")
	}, Needs: needsOpen}
