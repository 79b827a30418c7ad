package objective

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/standards"
)

// Place is a slot of one appraisal with the objective in it, and what that one lacks. Rule is nil
// for a further objective.
type Place struct {
	Code    string
	Rule    *policy.Slot
	In      *Aggregate
	Missing []fault.Refusal
}

// Rated is a statement that the person of a case has rated so that an objective is expected.
type Rated struct {
	standards.StatementRef
	Framework string // its label
}

// Places lists the policy's slots of an appraisal in order, then its further objectives; and the
// statements for which an objective is expected and none is there, as far as the caller may know.
func (s *Service) Places(ctx context.Context, appraisalID uuid.UUID) (*appraisal.Case, []Place, []Rated, error) {
	c, all, err := s.AppraisalObjectives(ctx, appraisalID)
	if err != nil {
		return nil, nil, nil, err
	}
	expected, err := s.ExpectingStatements(ctx, c)
	if err != nil {
		return nil, nil, nil, err
	}
	return c, places(c, all), unlinked(all, expected), nil
}

// unlinked leaves out the statements to which an objective is linked.
func unlinked(all []*Aggregate, expected []Rated) []Rated {
	return slices.DeleteFunc(expected, func(r Rated) bool {
		return slices.ContainsFunc(all, func(a *Aggregate) bool {
			return a.Approval != Withdrawn && a.Working() != nil && slices.Contains(a.Working().Statements, r.StatementRef)
		})
	})
}

func places(c *appraisal.Case, all []*Aggregate) []Place {
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
	return out
}
