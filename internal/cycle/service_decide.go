package cycle

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
)

// Decision asks for a post to be in a cycle, or out of it, whatever the rules say.
type Decision struct {
	CycleID  uuid.UUID
	PostID   uuid.UUID
	Included bool
	Reason   string
}

// released is the stage after which an appraisal stays what it is.
const released = "released"

// Decide keeps a decision on a post that the caller reaches, and answers how the post stands then.
// Whoever is left out loses an appraisal whose outcome was not released; whoever is taken in gets
// one by the next enrolment.
func (s *Service) Decide(ctx context.Context, d Decision) (Enrolment, map[uuid.UUID]directory.Card, error) {
	if strings.TrimSpace(d.Reason) == "" {
		return Enrolment{}, nil, fault.Body("/reason", "blank", "Say why.")
	}
	c, err := s.store.HoldCycle(ctx, d.CycleID)
	if err != nil {
		return Enrolment{}, nil, err
	}
	if err := c.changeable(); err != nil {
		return Enrolment{}, nil, err
	}
	e, err := s.reached(ctx, c, d.PostID)
	if err != nil {
		return Enrolment{}, nil, err
	}
	if err := fault.Check(append(e.mayDecide(access.From(ctx)), e.decidable(d.Included)...)); err != nil {
		return Enrolment{}, nil, err
	}
	if err := s.store.Decide(ctx, c, e, d.Included, d.Reason); err != nil {
		return Enrolment{}, nil, err
	}
	if !d.Included && e.enrolled() {
		if err := s.store.LeaveOut(ctx, c, e); err != nil {
			return Enrolment{}, nil, err
		}
	}
	if e, err = s.reached(ctx, c, d.PostID); err != nil {
		return Enrolment{}, nil, err
	}
	cards, err := s.store.Cards(ctx, peopleOf([]Enrolment{e}))
	return e, cards, err
}

// reached is the enrolment of one post that the caller reaches in the preview.
func (s *Service) reached(ctx context.Context, c *Cycle, post uuid.UUID) (Enrolment, error) {
	found, err := s.store.CandidatesInReach(ctx, c, CandidateQuery{PostID: &post})
	if err != nil {
		return Enrolment{}, err
	}
	plan, err := s.plan(ctx, c, found)
	if err != nil {
		return Enrolment{}, err
	}
	if len(plan) == 0 {
		return Enrolment{}, fault.Body("/post_id", "unknown_post", "Nobody whom you reach holds this post in the cycle's period, or the cycle is for others.")
	}
	return plan[0], nil
}

// mayDecide refuses a head whom no rule that concerns the post names. HR always may.
func (e *Enrolment) mayDecide(a *access.Actor) []fault.Refusal {
	if a.Has(access.HR) {
		return nil
	}
	why := fault.Refusal{Never: true, Code: "not_your_act", Detail: "Whether this post is in the year is decided by HR.", Unblock: "Ask HR to decide."}
	for _, i := range e.concerns {
		leaf := &e.rules.Rules.Population.Exclusions[i].MayInclude
		if slices.Contains(*leaf, policy.Head) {
			return nil
		}
		if why.Policy == nil {
			why.Policy = e.rules.Cite(leaf)
		}
	}
	return []fault.Refusal{why}
}

// decidable refuses a decision that would change nothing, or what is over.
func (e *Enrolment) decidable(included bool) []fault.Refusal {
	switch {
	case included && e.enrolled():
		return []fault.Refusal{{Code: "already_in", Detail: "This post has an appraisal in the year."}}
	case included && e.Group == nil:
		return []fault.Refusal{{Code: noStaffGroup.Code, Detail: "The post belongs to no staff group of the policy, so no rules hold for it.",
			Policy: e.rules.Cite(&e.rules.Rules.Population.Groups), Unblock: "Change the post's facts, or the policy's groups."}}
	case !included && e.enrolled() && e.Stage == released:
		return []fault.Refusal{{Code: "already_released", Detail: "The outcome of this year was released; it stays."}}
	}
	return nil
}
