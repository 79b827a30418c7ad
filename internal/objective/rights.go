package objective

import (
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/policy"
)

// by is the right of the parties that a leaf of the policy names. Whoever is seated for objectives
// acts as the reviewer.
func by(c *appraisal.Case, leaf *policy.Party) appraisal.Right {
	return appraisal.Right{Parties: appraisal.Each(*leaf), Leaf: leaf, Reviewers: c.ObjectiveReviewers()}
}

// writing is by for whoever writes: of several reviewers the one who leads writes for all of them.
func writing(c *appraisal.Case, leaf *policy.Party) appraisal.Right {
	right := by(c, leaf)
	if leads := c.ObjectiveLeads(); len(leads) < len(right.Reviewers) {
		right.Reviewers, right.Lead = leads, true
	}
	return right
}

func rules(c *appraisal.Case) *policy.ObjectiveRules { return &c.Rules().Objectives }

// drafter is who writes the version being agreed: its author's party once there is one, for a
// change may be started by the other party, else whom the policy names.
func drafter(c *appraisal.Case, a *Aggregate) appraisal.Right {
	if a.Next != nil && a.Live != nil {
		right := writing(c, &rules(c).Amender)
		right.Parties = []policy.Party{authorOf(c, a)}
		return right
	}
	return writing(c, &rules(c).Drafter)
}

// creator as an amender is the party that wrote the objective first.
const creator policy.Party = "creator"

func amender(c *appraisal.Case, a *Aggregate) appraisal.Right {
	right := writing(c, &rules(c).Amender)
	if rules(c).Amender == creator {
		right.Parties = []policy.Party{policy.Party(a.Origin)}
	}
	return right
}

// authorOf is as what the author of the version being agreed wrote it. A reviewer who has handed
// over wrote it as the reviewer.
func authorOf(c *appraisal.Case, a *Aggregate) policy.Party {
	author := a.Next.AuthorID
	switch {
	case author == c.PersonID:
		return policy.Reviewee
	case a.Origin == string(policy.HR) && slices.Contains(c.Who(policy.HR), author) && !slices.Contains(c.ObjectiveReviewers(), author):
		return policy.HR
	}
	return policy.Reviewer
}

// needed are the parties whose approval makes the version live. Nobody approves a version of their
// own: where the only approver wrote it, the other party agrees, and the rest of a panel that signs
// as a whole.
func needed(c *appraisal.Case, a *Aggregate) []policy.Party {
	parties := appraisal.Each(rules(c).Approver)
	author := authorOf(c, a)
	if len(parties) != 1 || parties[0] != author {
		return parties
	}
	if author == policy.Reviewee {
		return []policy.Party{policy.Reviewer}
	}
	if len(signatories(c)) > 1 {
		return []policy.Party{policy.Reviewee, policy.Reviewer}
	}
	return []policy.Party{policy.Reviewee}
}

// signatories are the reviewers who sign: the lead, or every one where the policy says so.
func signatories(c *appraisal.Case) []uuid.UUID {
	if c.Rules().Reviewers.PanelSigns == "all" {
		return c.ObjectiveReviewers()
	}
	return c.ObjectiveLeads()
}

// holders are the people who sign as the party.
func holders(c *appraisal.Case, p policy.Party) []uuid.UUID {
	if p == policy.Reviewer {
		return signatories(c)
	}
	return c.Who(p)
}

func signedBy(a *Aggregate, p policy.Party, person uuid.UUID) bool {
	return slices.ContainsFunc(a.Signatures, func(s Signature) bool {
		return a.Next != nil && s.Revision == a.Next.Number && s.Party == p && (person == uuid.Nil || s.PersonID == person)
	})
}

// agreed says whether a party has approved the version: by one signature, or by those of the whole
// panel where it signs as one. Where nobody is left to sign, silence is no agreement.
func agreed(c *appraisal.Case, a *Aggregate, p policy.Party) bool {
	signed := signedBy(a, p, uuid.Nil)
	if !signed || p != policy.Reviewer || c.Rules().Reviewers.PanelSigns != "all" {
		return signed
	}
	return !slices.ContainsFunc(signatories(c), func(id uuid.UUID) bool { return !signedBy(a, p, id) })
}

// settled says whether nobody's approval is missing.
func settled(c *appraisal.Case, a *Aggregate) bool { return len(waitingFor(c, a)) == 0 }

func waitingFor(c *appraisal.Case, a *Aggregate) []policy.Party {
	return slices.DeleteFunc(slices.Clone(needed(c, a)), func(p policy.Party) bool { return agreed(c, a, p) })
}

// approver is whose approval is still missing.
func approver(c *appraisal.Case, a *Aggregate) appraisal.Right {
	right := by(c, &rules(c).Approver)
	if a.Next == nil {
		return right
	}
	right.Parties = waitingFor(c, a)
	right.Barred = []uuid.UUID{a.Next.AuthorID}
	if len(right.Parties) == 0 {
		right.Parties = again(c, a)
		return right
	}
	if !slices.Contains(right.Parties, policy.Reviewer) {
		return right
	}
	for _, r := range c.ObjectiveReviewers() {
		if r != a.Next.AuthorID && (!slices.Contains(signatories(c), r) || signedBy(a, policy.Reviewer, r)) {
			right.Barred = append(right.Barred, r)
			right.Leaf = &c.Rules().Reviewers.PanelSigns
		}
	}
	return right
}

// again are the parties of which anybody completes a version that everybody has agreed to, because
// whoever was missing has gone. Its author does not.
func again(c *appraisal.Case, a *Aggregate) []policy.Party {
	return slices.DeleteFunc(needed(c, a), func(p policy.Party) bool { return p == policy.Reviewee && a.Next.AuthorID == c.PersonID })
}

// capacity is the party as which the person signs the version: one that is asked for, if they are
// one, else what they are to the case.
func capacity(c *appraisal.Case, a *Aggregate, person uuid.UUID) policy.Party {
	for _, p := range needed(c, a) {
		if slices.Contains(holders(c, p), person) && !signedBy(a, p, person) {
			return p
		}
	}
	return c.PartyOf(person)
}

// settlers are the people whom a disagreement goes to. Where the policy names a third party it is
// none of the two who disagree, as long as anybody else is left: with the head who reviews somebody
// it goes to the head above.
func settlers(c *appraisal.Case) (people, barred []uuid.UUID) {
	leaf, reviewers := rules(c).OnDisagreement, c.ObjectiveReviewers()
	if third := c.Who(leaf, reviewers...); leaf != policy.Reviewer && len(third) > 0 {
		return third, reviewers
	}
	return c.Who(leaf), nil
}

// determiner is whom a disagreement goes to, and whoever was seated for it.
func determiner(c *appraisal.Case, _ *Aggregate) appraisal.Right {
	right := writing(c, &rules(c).OnDisagreement)
	_, right.Barred = settlers(c)
	for _, s := range c.Seats {
		if s.Duty == appraisal.Determine && s.Why == whyDisagreement && s.Holds(c.Today) {
			right.People = append(right.People, s.PersonID)
		}
	}
	return right
}

// Why somebody was seated for a while.
const (
	whyDisagreement = "disagreement"
	whyApproval     = "approval"
)
