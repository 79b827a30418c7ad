package appraisal

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/cycle"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// handedOver is why somebody has a seat whom a person has named, and not the policy.
const handedOver = "handed_over"

// seating is who reviews the case from a day on, as the trust's rules have it.
func (s *Service) seating(ctx context.Context, c *Case, on schooltime.Date) (cycle.Seating, error) {
	manager, err := s.ManagerOf(ctx, c.PostID, on)
	if err != nil {
		return cycle.Seating{}, err
	}
	org, err := s.OrgOn(ctx, on)
	if err != nil {
		return cycle.Seating{}, err
	}
	rules := &c.Rules().Reviewers
	out := cycle.SeatingOf(rules, cycle.Reviewed{PersonID: c.PersonID, UnitID: c.UnitID, ManagerID: manager, Facts: c.PostFacts}, org)
	if !rules.Selects() {
		return out, nil
	}
	facts, err := s.FactsOfPeople(ctx, out.Reviewers(), on)
	out.Fit(rules, facts)
	return out, err
}

// takeSeats gives the seats of a duty to these people from a day on, and ends those of others on
// the same day. Who keeps a seat, and the lead, keeps it without a break.
func (c *Case) takeSeats(duty Duty, places []cycle.Place, from schooltime.Date) {
	kept := map[uuid.UUID]bool{}
	for i, s := range c.Seats {
		if s.Duty != duty || !s.UntilOn.IsZero() && !s.UntilOn.After(from) {
			continue
		}
		stays := slices.ContainsFunc(places, func(p cycle.Place) bool { return p.PersonID == s.PersonID && p.Lead == s.Lead })
		if stays && s.Holds(from) && !kept[s.PersonID] {
			kept[s.PersonID] = true
			continue
		}
		c.Seats[i].UntilOn = schooltime.Max(from, s.FromOn)
		c.Pending.Ended = append(c.Pending.Ended, c.Seats[i])
	}
	for _, p := range places {
		if !kept[p.PersonID] {
			n := Seat{AppraisalID: c.ID, PersonID: p.PersonID, Duty: duty, Lead: p.Lead, FromOn: from, Why: p.Why}
			c.Seats = append(c.Seats, n)
			c.Pending.NewSeats = append(c.Pending.NewSeats, n)
		}
	}
}

// remaining are the reviewers who hold their seats on a day, the lead first, as they would sit
// without whoever has gone.
func (c *Case) remaining(on schooltime.Date) []cycle.Place {
	var out []cycle.Place
	for _, lead := range []bool{true, false} {
		for _, s := range c.Seats {
			if s.Duty == Review && s.Lead == lead && s.Holds(on) {
				out = append(out, cycle.Place{PersonID: s.PersonID, Duty: string(Review), Lead: len(out) == 0, Why: s.Why})
			}
		}
	}
	return out
}

// byHand says whether somebody who reviews on the day was named by a person: a change of an office
// leaves them where they are.
func (c *Case) byHand(on schooltime.Date) bool {
	return slices.ContainsFunc(c.Seats, func(s Seat) bool { return s.Duty == Review && s.Why == handedOver && s.Holds(on) })
}

// begins is the day from which a change on a day holds for the case.
func (c *Case) begins(from schooltime.Date) schooltime.Date {
	return schooltime.Max(schooltime.Max(from, c.Today), c.StartsOn)
}

// mayReview says whether the facts of somebody's own post let them review this case.
func (c *Case) mayReview(facts policy.FactSet) bool {
	return c.Rules().Reviewers.MayReview.Holds(facts)
}
