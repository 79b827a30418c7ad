package objective

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
)

// Place is a slot of one appraisal with the objective in it, and what that one lacks. Rule is nil
// for a further objective.
type Place struct {
	Code    string
	Rule    *policy.Slot
	In      *Aggregate
	Missing []fault.Refusal
}

// Places lists the policy's slots of an appraisal in order, then its further objectives.
func (s *Service) Places(ctx context.Context, appraisalID uuid.UUID) (*appraisal.Case, []Place, error) {
	c, all, err := s.AppraisalObjectives(ctx, appraisalID)
	if err != nil {
		return nil, nil, err
	}
	var out []Place
	slots := rules(c).Slots
	for i := range slots {
		p := Place{Code: slots[i].Code, Rule: &slots[i], Missing: needsAssessment(c, &slots[i])}
		for _, a := range all {
			if a.Slot == p.Code && a.Approval != Withdrawn {
				p.In, p.Missing = a, missing(c, a)
			}
		}
		out = append(out, p)
	}
	for _, a := range all {
		if SlotOf(c, a.Slot) == nil && a.Approval != Withdrawn {
			out = append(out, Place{Code: a.Slot, In: a, Missing: missing(c, a)})
		}
	}
	return c, out, nil
}
