package objective

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
)

// Mandated is a mandated objective that concerns somebody, with the objective that answers it.
type Mandated struct {
	appraisal.MandateFact
	Rule      *policy.Mandate
	Met       bool
	Objective *uuid.UUID
}

// Mandated lists the mandated objectives that concern the person of an appraisal.
func (s *Service) Mandated(ctx context.Context, appraisalID uuid.UUID) (*appraisal.Case, []Mandated, error) {
	c, _, err := s.AppraisalObjectives(ctx, appraisalID)
	if err != nil {
		return nil, nil, err
	}
	var out []Mandated
	for _, f := range c.Mandates {
		m := Mandated{MandateFact: f, Rule: mandateNamed(c, f.Code), Met: f.Earlier}
		for _, o := range present(c) {
			if answers(o, f.Code) {
				m.Objective, m.Met = &o.ID, m.Met || o.Live
			}
		}
		out = append(out, m)
	}
	return c, out, nil
}

func mandateNamed(c *appraisal.Case, code string) *policy.Mandate {
	all := rules(c).Mandated
	for i := range all {
		if all[i].Code == code {
			return &all[i]
		}
	}
	return nil
}

// answerable refuses a mandate that does not concern the person, that another objective answers
// already, or that is drafted in another slot.
func answerable(c *appraisal.Case, mandate *string, slot string) error {
	if mandate == nil {
		return nil
	}
	concerns := false
	for _, f := range c.Mandates {
		concerns = concerns || f.Code == *mandate
	}
	leaf := &rules(c).Mandated
	refuse := func(pointer, code, detail string) error {
		e := fault.Body(pointer, code, "%s", detail)
		e.Refusals = []fault.Refusal{{Code: code, Detail: detail, Policy: c.Policy.Cite(leaf)}}
		return e
	}
	if !concerns {
		return refuse("/mandate", "unknown_mandate", "No such mandated objective concerns this person.")
	}
	if slot != mandateNamed(c, *mandate).Slot {
		return refuse("/slot", "slot_of_mandate", "A mandated objective is drafted in the slot that the policy names for it.")
	}
	for _, o := range present(c) {
		if answers(o, *mandate) {
			return fault.Check([]fault.Refusal{{Code: "mandate_answered", Detail: "There is an objective for this mandate already.", Policy: c.Policy.Cite(leaf), Unblock: "Change that one."}})
		}
	}
	return nil
}
