package cycle

import (
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/policy"
)

// The duties of seats that the policy gives.
const (
	reviewDuty     = "review"
	objectivesDuty = "objectives"
)

// Place is a seat that the policy gives to a person.
type Place struct {
	PersonID uuid.UUID
	Duty     string // review, or objectives
	Lead     bool
	Why      string // the party as which they have it
}

// MissingSeat is a seat that the policy gives and nobody can take.
type MissingSeat struct {
	Party policy.Party
	Code  string
}

// Why a seat stays empty.
const (
	noLineManager = "no_line_manager"
	officeEmpty   = "office_empty"
	ownAppraisal  = "own_appraisal"
	mayNotReview  = "may_not_review"
)

// Seating is who gets a seat, and which seats stay empty.
type Seating struct {
	Places  []Place
	Missing []MissingSeat
}

// Reviewed is the post whose reviewers are looked for.
type Reviewed struct {
	PersonID  uuid.UUID
	UnitID    uuid.UUID
	ManagerID *uuid.UUID
	Facts     policy.FactSet
}

// SeatingOf finds who reviews a post by the rules, and who acts on its objectives. Nobody sits on
// their own year.
func SeatingOf(rules *policy.ReviewerRules, r Reviewed, org *directory.Org) Seating {
	var s Seating
	review, objectives := rules.SeatsFor(r.Facts)
	for _, p := range review {
		s.seat(reviewDuty, p, r, org)
	}
	if objectives != "" {
		s.seat(objectivesDuty, objectives, r, org)
	}
	s.lead()
	return s
}

func (s *Seating) seat(duty string, party policy.Party, r Reviewed, org *directory.Org) {
	people, code := r.holders(party, org)
	if len(people) == 0 {
		s.Missing = append(s.Missing, MissingSeat{party, code})
	}
	for _, p := range people {
		if !slices.ContainsFunc(s.Places, func(t Place) bool { return t.Duty == duty && t.PersonID == p }) {
			s.Places = append(s.Places, Place{PersonID: p, Duty: duty, Why: string(party)})
		}
	}
}

// holders are the people who are the party of the post, or why there is nobody.
func (r Reviewed) holders(party policy.Party, org *directory.Org) ([]uuid.UUID, string) {
	own := []uuid.UUID{r.PersonID}
	switch party {
	case policy.LineManager:
		if r.ManagerID == nil {
			return nil, noLineManager
		}
		return directory.Without([]uuid.UUID{*r.ManagerID}, own), ownAppraisal
	case policy.Head:
		heads := org.HeadAbove(r.UnitID, own)
		return heads[:min(len(heads), 1)], officeEmpty
	}
	office := strings.TrimPrefix(string(party), "office:")
	if slices.Contains(org.Holders(office), r.PersonID) {
		return org.HoldersFor(office, r.UnitID, own), ownAppraisal
	}
	return org.HoldersFor(office, r.UnitID, own), officeEmpty
}

// lead makes the first reviewer the lead.
func (s *Seating) lead() {
	led := map[string]bool{}
	for i := range s.Places {
		p := &s.Places[i]
		p.Lead, led[p.Duty] = !led[p.Duty], true
	}
}

// Fit takes the seats from those whose own posts do not fulfil the rules' condition on reviewers.
func (s *Seating) Fit(rules *policy.ReviewerRules, facts map[uuid.UUID]policy.FactSet) {
	s.Places = slices.DeleteFunc(s.Places, func(p Place) bool {
		unfit := p.Duty == reviewDuty && !rules.MayReview.Holds(facts[p.PersonID])
		if unfit {
			s.Missing = append(s.Missing, MissingSeat{policy.Party(p.Why), mayNotReview})
		}
		return unfit
	})
	s.lead()
}

// Of are the places of a duty.
func (s Seating) Of(duty string) []Place {
	return slices.DeleteFunc(slices.Clone(s.Places), func(p Place) bool { return p.Duty != duty })
}

// Reviewers are the people who review, the lead first.
func (s Seating) Reviewers() []uuid.UUID {
	var out []uuid.UUID
	for _, p := range s.Of(reviewDuty) {
		out = append(out, p.PersonID)
	}
	return out
}

// Names says whether the party has, or would have, a seat by the rules.
func (s Seating) Names(party policy.Party) bool {
	return slices.ContainsFunc(s.Places, func(p Place) bool { return p.Why == string(party) }) ||
		slices.ContainsFunc(s.Missing, func(m MissingSeat) bool { return m.Party == party })
}
