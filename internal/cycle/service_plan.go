package cycle

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// plan applies the cycle's policy to each candidate.
func (s *Service) plan(ctx context.Context, c *Cycle, found []Candidate) ([]Enrolment, error) {
	d, err := s.store.PolicyVersion(ctx, c.PolicyVersionID)
	if err != nil {
		return nil, err
	}
	return s.PlanUnder(ctx, c, d, found)
}

// PlanUnder applies a policy to each candidate of a cycle, be it the cycle's own or one that is
// only tried. Posts of staff groups that the cycle is not for are left out of the plan.
func (s *Service) PlanUnder(ctx context.Context, c *Cycle, d *policy.Document, found []Candidate) ([]Enrolment, error) {
	layers, err := s.store.PolicyUnits(ctx)
	if err != nil {
		return nil, err
	}
	ids := make([]uuid.UUID, len(found))
	for i, p := range found {
		ids[i] = p.PostID
	}
	day := c.day(actorDay(ctx))
	facts, err := s.store.PostFacts(ctx, ids, day)
	if err != nil {
		return nil, err
	}
	began := facts
	if day != c.StartsOn {
		if began, err = s.store.PostFacts(ctx, ids, c.StartsOn); err != nil {
			return nil, err
		}
	}
	plan := make([]Enrolment, 0, len(found))
	for _, p := range found {
		if e := c.enrol(d, layers[p.UnitID].String(), p, began[p.PostID], facts[p.PostID], day); c.isFor(e.Group) {
			plan = append(plan, e)
		}
	}
	return plan, s.seat(ctx, plan, facts, day)
}

// isFor says whether the cycle is for the staff group. A post without one is shown in every cycle.
func (c Cycle) isFor(g *policy.Group) bool {
	return len(c.ScopeGroups) == 0 || g == nil || slices.Contains(c.ScopeGroups, g.Code)
}

// seat finds who reviews each post of a plan.
func (s *Service) seat(ctx context.Context, plan []Enrolment, facts map[uuid.UUID]policy.FactSet, day schooltime.Date) error {
	org, err := s.store.OrgOn(ctx, day)
	if err != nil {
		return err
	}
	var chosen []uuid.UUID // those of whose own posts the policy asks something
	for i := range plan {
		e := &plan[i]
		rules := &e.rules.Rules.Reviewers
		e.Seating = SeatingOf(rules, Reviewed{e.PersonID, e.UnitID, e.ManagerID, facts[e.PostID]}, org)
		if rules.Selects() {
			chosen = append(chosen, e.Seating.Reviewers()...)
		}
	}
	own := map[uuid.UUID]policy.FactSet{}
	if len(chosen) > 0 {
		if own, err = s.store.FactsOfPeople(ctx, chosen, day); err != nil {
			return err
		}
	}
	for i := range plan {
		e := &plan[i]
		e.Seating.Fit(&e.rules.Rules.Reviewers, own)
		if e.ReviewerID = nil; len(e.Reviewers()) > 0 {
			e.ReviewerID = &e.Reviewers()[0]
		}
	}
	return nil
}

// Joiners counts the posts that belong in a year that is under way and have no appraisal in it:
// joiners, and people whose exclusion has ended.
func (s *Service) Joiners(ctx context.Context) (int, error) {
	open, err := s.store.OpenCycles(ctx)
	if err != nil {
		return 0, err
	}
	today, n := actorDay(ctx), 0
	for _, c := range open {
		if c.StartsOn.After(today) || c.EndsOn.Before(today) {
			continue
		}
		found, err := s.store.Unenrolled(ctx, c)
		if err != nil {
			return 0, err
		}
		plan, err := s.plan(ctx, c, found)
		if err != nil {
			return 0, err
		}
		for _, e := range plan {
			if e.Included && !e.enrolled() && !e.FromOn.After(today) {
				n++
			}
		}
	}
	return n, nil
}
