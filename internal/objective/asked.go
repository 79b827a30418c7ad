package objective

import (
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/policy"
)

// What waits for somebody is asked of the same acts as the buttons, so that nobody is told of what
// they have done already, or may not do.

// MayDraft says whether the actor may draft an objective of the case.
func MayDraft(c *appraisal.Case) bool { return len(appraisal.Decide(c, c, Creating)) == 0 }

// MayApprove says whether a proposed version waits for the actor's approval.
func MayApprove(c *appraisal.Case, f appraisal.ObjectiveFact) bool {
	return len(appraisal.Decide(c, proposedOf(c, f), approving)) == 0
}

// MayWrite says whether the version being agreed is the actor's to work on, complete or not.
func MayWrite(c *appraisal.Case, f appraisal.ObjectiveFact) bool {
	return len(appraisal.Decide(c, proposedOf(c, f), act{Operation: proposing.Operation, By: drafter, From: proposing.From})) == 0
}

// MayDetermine says whether a disagreement waits for the actor.
func MayDetermine(c *appraisal.Case, f appraisal.ObjectiveFact) bool {
	return f.Approval == string(Escalated) && len(appraisal.Decide(c, proposedOf(c, f), determining)) == 0
}

// MayValidate says whether a completed objective waits for the actor's word on whether it was
// achieved. Once somebody has disagreed it is for the two to talk.
func MayValidate(c *appraisal.Case, f appraisal.ObjectiveFact) bool {
	return f.Validation == string(Unvalidated) && f.Live && len(appraisal.Decide(c, proposedOf(c, f), validating)) == 0
}

// proposedOf is as much of an objective as its fact says, which is enough to find whose turn it is.
func proposedOf(c *appraisal.Case, f appraisal.ObjectiveFact) *Aggregate {
	a := &Aggregate{Case: c, Objective: Objective{Origin: f.Origin, Slot: f.Slot, Approval: Approval(f.Approval), Completion: Completion(f.Completion), Validation: Validation(f.Validation)}}
	if f.AuthorID == nil {
		return a
	}
	a.Next = &Revision{AuthorID: *f.AuthorID}
	if f.Live {
		a.Live = &Revision{}
	}
	for _, s := range f.Signed {
		a.Signatures = append(a.Signatures, Signature{Party: policy.Party(s.Party), PersonID: s.PersonID})
	}
	return a
}
