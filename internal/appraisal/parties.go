package appraisal

import (
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/policy"
)

// Org is what parties are resolved from: the trust's units and today's offices.
type Org = directory.Org

// Above holds, for each reviewer, who reviews or line-manages them.
type Above struct {
	Reviewers map[uuid.UUID][]uuid.UUID // seats on their own appraisal of the same cycle
	Managers  map[uuid.UUID][]uuid.UUID // line managers of their posts
}

// Who returns the people who are the party of this case today, without the reviewee, who never
// acts for another party, and without those in barred. A party that nobody else holds falls to
// whoever stands above; an empty answer is no_one_may_act.
func (c *Case) Who(party policy.Party, barred ...uuid.UUID) []uuid.UUID {
	if party == policy.Reviewee {
		return []uuid.UUID{c.PersonID}
	}
	barred = append(slices.Clone(barred), c.PersonID)
	switch party {
	case policy.Reviewer:
		return without(c.Seated(Review), barred)
	case policy.ReviewersReviewer:
		return c.reviewersReviewer(barred)
	case policy.Head:
		if heads := c.Org.HeadAbove(c.UnitID, barred); len(heads) > 0 {
			return heads
		}
		return without(c.Org.Holders("chair"), barred) // whom the board names for those above whom nobody stands
	case policy.HR:
		return c.humanResources(barred)
	case policy.Both, policy.Nobody:
		return nil
	}
	if code, ok := strings.CutPrefix(string(party), "office:"); ok {
		return without(c.Org.Holders(code), barred)
	}
	return nil
}

// Seated returns the people who hold a seat of the duty today.
func (c *Case) Seated(duty Duty) []uuid.UUID {
	var out []uuid.UUID
	for _, s := range c.Seats {
		if s.Duty == duty && s.Holds(c.Today) {
			out = append(out, s.PersonID)
		}
	}
	return out
}

// reviewersReviewer is the seat of the reviewer's own appraisal, else their line manager, else the
// head of the unit, else the head above.
func (c *Case) reviewersReviewer(barred []uuid.UUID) []uuid.UUID {
	reviewers := c.Seated(Review)
	barred = append(slices.Clone(barred), reviewers...)
	for _, source := range []map[uuid.UUID][]uuid.UUID{c.Above.Reviewers, c.Above.Managers} {
		var found []uuid.UUID
		for _, r := range reviewers {
			found = append(found, source[r]...)
		}
		if found = without(found, barred); len(found) > 0 {
			return found
		}
	}
	return c.Org.HeadAbove(c.UnitID, barred)
}

// humanResources is HR; for HR's own appraisal, another HR person, else the CEO.
func (c *Case) humanResources(barred []uuid.UUID) []uuid.UUID {
	if hr := without(c.Org.Holders("hr"), barred); len(hr) > 0 {
		return hr
	}
	return without(c.Org.Holders("ceo"), barred)
}

func without(people, barred []uuid.UUID) []uuid.UUID { return directory.Without(people, barred) }

// PartyOf says as what the person acts on this case; empty for somebody who is no party.
func (c *Case) PartyOf(person uuid.UUID) policy.Party {
	if person == c.PersonID {
		return policy.Reviewee
	}
	if slices.Contains(c.Seated(Review), person) || slices.Contains(c.Seated(ObjectivesDuty), person) {
		return policy.Reviewer
	}
	if slices.Contains(c.Seated(Determine), person) {
		return policy.ReviewersReviewer
	}
	for _, p := range []policy.Party{policy.Head, policy.HR} {
		if slices.Contains(c.Who(p), person) {
			return p
		}
	}
	return ""
}

// Reached says whether the person reaches the case without a seat of their own: as reviewee, head
// of its unit or one above, or HR.
func (c *Case) Reached(person uuid.UUID) bool {
	if person == c.PersonID || slices.Contains(c.Org.Holders("hr"), person) {
		return true
	}
	return slices.ContainsFunc(c.Org.Upwards(c.UnitID), func(u directory.OrgUnit) bool { return slices.Contains(c.Org.Heads(u), person) })
}
