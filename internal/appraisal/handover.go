package appraisal

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/cycle"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// HandingOver is the act of naming another reviewer.
var HandingOver = Act[*Case]{Name: "hand_over", Operation: "HandOverAppraisal", By: func(c *Case, _ *Case) Right {
	by := &c.Rules().Reviewers.AppointedBy
	return Right{Parties: *by, Leaf: by}
}, Needs: func(c *Case, _ *Case) []fault.Refusal { return c.UnderWay() }}

// Handover names who reviews from a day on: one person, or a panel whose first leads.
type Handover struct {
	Reviewers []uuid.UUID
	From      schooltime.Date // no day: today
}

// at is where the reviewer with the index stands in the body.
func (h Handover) at(i int) string {
	if i == 0 {
		return "/reviewer_id"
	}
	return fmt.Sprintf("/panel_ids/%d", i-1)
}

// HandOver names another reviewer, or a panel, from a day on. Those before keep their seats until then.
func (s *Service) HandOver(ctx context.Context, id uuid.UUID, version int, h Handover) (*Case, error) {
	active := make([]bool, len(h.Reviewers))
	for i, p := range h.Reviewers {
		var err error
		if active[i], err = s.IsActive(ctx, p); err != nil {
			return nil, err
		}
	}
	return s.ChangeAppraisal(ctx, id, version, func(c *Case) (audit.Event, error) {
		if err := fault.Check(Decide(c, c, HandingOver)); err != nil {
			return audit.Event{}, err
		}
		if h.From.IsZero() {
			h.From = c.Today
		}
		if err := h.check(c, active); err != nil {
			return audit.Event{}, err
		}
		if err := s.fit(ctx, c, h); err != nil {
			return audit.Event{}, err
		}
		var places []cycle.Place
		for i, p := range h.Reviewers {
			places = append(places, cycle.Place{PersonID: p, Lead: i == 0, Why: handedOver})
		}
		c.takeSeats(Review, places, h.From)
		c.Pending.Changed = true
		data := map[string]any{"from_on": h.From.String(), "reviewer_id": h.Reviewers[0]}
		if len(h.Reviewers) > 1 {
			data["panel"] = h.Reviewers[1:]
		}
		return audit.Event{Type: "appraisal.handed_over", Data: data}, nil
	})
}

// check refuses people who cannot review the case, and a day that has passed.
func (h Handover) check(c *Case, active []bool) error {
	for i, p := range h.Reviewers {
		switch {
		case !active[i]:
			return fault.Body(h.at(i), "unknown_person", "There is no such active person in the trust.")
		case p == c.PersonID:
			return fault.Body(h.at(i), "own_appraisal", "Nobody reviews themselves.")
		case slices.Contains(h.Reviewers[:i], p):
			return fault.Body(h.at(i), "repeated", "Each person sits once.")
		}
	}
	if h.From.Before(c.Today) {
		return fault.Body("/from_on", "in_the_past", "A reviewer changes today or later.")
	}
	return nil
}

// fit refuses those whose own posts do not let them review.
func (s *Service) fit(ctx context.Context, c *Case, h Handover) error {
	rules := &c.Rules().Reviewers
	if !rules.Selects() {
		return nil
	}
	facts, err := s.FactsOfPeople(ctx, h.Reviewers, h.From)
	if err != nil {
		return err
	}
	for _, p := range h.Reviewers {
		if !c.mayReview(facts[p]) {
			return fault.Check([]fault.Refusal{{Code: "may_not_review", Policy: c.Policy.Cite(&rules.MayReview),
				Detail: "The policy asks something of a reviewer's own post that is not so.", Unblock: "Name somebody else, or set the facts of their main post."}})
		}
	}
	return nil
}

// LineManagerChanged gives the review seats of a post's open appraisals to the new line manager,
// as the policy says: of a year whose period is over, the outgoing one keeps the seat until the
// last step is done, where they close last year; of any other year the incoming one takes over on
// the day of the change. Where line managers do not review, nothing changes.
func (s *Service) LineManagerChanged(ctx context.Context, post uuid.UUID, from schooltime.Date) error {
	cases, err := s.OpenCasesOf(ctx, post)
	if err != nil {
		return err
	}
	for _, c := range cases {
		if c.staysWithOutgoing(from) {
			continue
		}
		seating, err := s.seating(ctx, c, from)
		if err != nil {
			return err
		}
		if !seating.Names(policy.LineManager) || len(seating.Reviewers()) == 0 {
			continue
		}
		if err := s.reseat(ctx, c, seating, from); err != nil {
			return err
		}
	}
	return nil
}

// OfficeChanged gives the seats that follow from an office to whoever holds it from the day on, by
// the same rule as that of line managers. Whoever a person has named stays.
func (s *Service) OfficeChanged(ctx context.Context, code string, from schooltime.Date) error {
	cases, err := s.CasesByOffice(ctx, code)
	if err != nil {
		return err
	}
	for _, c := range cases {
		if c.staysWithOutgoing(from) || c.byHand(from) {
			continue
		}
		seating, err := s.seating(ctx, c, from)
		if err != nil {
			return err
		}
		if err := s.reseat(ctx, c, seating, from); err != nil {
			return err
		}
	}
	return nil
}

// reseat stores the seats that the rules give from a day on, where they are others.
func (s *Service) reseat(ctx context.Context, c *Case, seating cycle.Seating, from schooltime.Date) error {
	on := c.begins(from)
	c.takeSeats(Review, seating.Of(string(Review)), on)
	c.takeSeats(ObjectivesDuty, seating.Of(string(ObjectivesDuty)), on)
	if len(c.Pending.NewSeats)+len(c.Pending.Ended) == 0 {
		return nil
	}
	data := map[string]any{"from_on": from.String()}
	if reviewers := seating.Reviewers(); len(reviewers) > 0 {
		data["reviewer_id"] = reviewers[0]
	}
	return s.Reseat(ctx, c, audit.Event{Type: "appraisal.reviewer_changed", Data: data})
}

// staysWithOutgoing says whether the review of this case is closed by whoever holds it now. A seat
// that nobody holds is taken over by the incoming reviewer in any case, so that nobody is stuck.
func (c *Case) staysWithOutgoing(from schooltime.Date) bool {
	return c.Rules().Reviewers.OnChange == "outgoing_closes_last_year" && from.After(c.EndsOn) && len(c.Seated(Review)) > 0
}

// PersonLeft ends the seats that somebody held. Of a panel the others go on; where nobody is left
// to review, whoever the rules name then does, and where there is none the appraisal shows that
// nobody reviews it. Their own appraisals end.
func (s *Service) PersonLeft(ctx context.Context, person uuid.UUID, on schooltime.Date) error {
	cases, err := s.SeatedCases(ctx, person)
	if err != nil {
		return err
	}
	for _, c := range cases {
		c.unseat(person, on)
		begins := schooltime.Max(on, c.Today)
		places := c.remaining(begins)
		if len(places) == 0 {
			seating, err := s.seating(ctx, c, on)
			if err != nil {
				return err
			}
			places = slices.DeleteFunc(seating.Of(string(Review)), func(p cycle.Place) bool { return p.PersonID == person })
		}
		c.takeSeats(Review, places, begins)
		if err := s.Reseat(ctx, c, audit.Event{Type: "appraisal.reviewer_left", Data: map[string]any{"on": on.String()}}); err != nil {
			return err
		}
	}
	return nil
}

func (c *Case) unseat(person uuid.UUID, on schooltime.Date) {
	for i, s := range c.Seats {
		if s.PersonID == person && (s.UntilOn.IsZero() || s.UntilOn.After(on)) {
			c.Seats[i].UntilOn = schooltime.Max(on, s.FromOn)
			c.Pending.Ended = append(c.Pending.Ended, c.Seats[i])
		}
	}
}
