package appraisal

import (
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/fault"
)

// GrantFact is a grant by which the actor of a case may read it today, for its purpose.
type GrantFact struct {
	ID          uuid.UUID
	AppraisalID uuid.UUID
	Purpose     string
}

// Granting is the act of letting somebody who is no party read the case for a purpose.
var Granting = Act[*Case]{Name: "grant_access", Operation: "CreateAccessGrant",
	By: func(c *Case, _ *Case) Right { return Grantors(c) },
	Needs: func(c *Case, _ *Case) []fault.Refusal {
		leaf := &c.Rules().Privacy.Purposes
		if len(*leaf) > 0 {
			return nil
		}
		return []fault.Refusal{{Code: "no_purpose_here", Detail: "In this trust nobody else reads a record, for whatever purpose.", Policy: c.Policy.Cite(leaf)}}
	}}

// Grantors are those whom the policy has give and end access.
func Grantors(c *Case) Right {
	leaf := &c.Rules().Privacy.GrantedBy
	return Right{Parties: *leaf, Leaf: leaf}
}

// LetIn says whether the actor reads the case by a grant. It opens reading alone: a grant is no
// seat, and makes nobody a party.
func (c *Case) LetIn() bool { return len(c.Grants) > 0 }

// LetInFor says whether the actor was let in to read the case for the purpose.
func (c *Case) LetInFor(purpose string) bool {
	return slices.ContainsFunc(c.Grants, func(g GrantFact) bool { return g.Purpose == purpose })
}

// Oversees says whether the actor reads the steps of the case as a head does: by their office, or
// because they were let in. Nobody oversees themselves.
func (c *Case) Oversees() bool {
	if c.Actor.PersonID == c.PersonID {
		return false
	}
	return c.Actor.Has(access.HR) || c.Actor.Heads(c.UnitID) || c.LetIn()
}

// Purposed is as what the actor reads the case: as a party, or for a purpose, with the grant where
// they read by one.
type Purposed struct {
	Party   bool
	Purpose string
	GrantID *uuid.UUID
}

// ReadFor says as what the actor reads the case, where they stated a purpose, or none. Whoever was
// let in reads for what they were let in for; whoever reads by office may state any of the trust's
// purposes.
func (c *Case) ReadFor(stated string) (Purposed, error) {
	leaf := &c.Rules().Privacy.Purposes
	if stated != "" && !slices.Contains(*leaf, stated) {
		return Purposed{}, unknownPurpose(fault.Refusal{Code: "unknown_purpose", Detail: "That is none of the purposes for which records are read in this trust.",
			Policy: c.Policy.Cite(leaf), Unblock: "State one of them, or none."})
	}
	party, derived := c.Reading()
	if party {
		return Purposed{Party: true}, nil
	}
	for _, g := range c.Grants {
		if stated == "" || g.Purpose == stated {
			return Purposed{Purpose: g.Purpose, GrantID: &g.ID}, nil
		}
	}
	switch {
	case stated == "":
		return Purposed{Purpose: derived}, nil
	case c.LetIn() && !c.Bounds.Covers("GetAppraisal", c.Actor, c.Record()):
		return Purposed{}, fault.Check([]fault.Refusal{{Never: true, Code: "purpose_not_granted", Detail: "You were let in for another purpose.",
			Policy: c.Policy.Cite(&c.Rules().Privacy.GrantedBy), Unblock: "Ask to be let in for this one, or state none."}})
	}
	return Purposed{Purpose: stated}, nil
}

func unknownPurpose(r fault.Refusal) error {
	e := fault.New(fault.Malformed, r.Code, "%s", r.Detail)
	e.Violations = []fault.Violation{{In: "header", Pointer: "Disclosure-Purpose", Code: r.Code, Detail: r.Detail}}
	e.Refusals = []fault.Refusal{r}
	return e
}
