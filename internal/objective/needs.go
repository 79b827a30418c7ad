package objective

import (
	"fmt"
	"slices"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
)

func needsOpen(c *appraisal.Case, _ *Aggregate) []fault.Refusal { return changeable(c) }

// changeable refuses every change of objectives once the step that the policy names is done.
func changeable(c *appraisal.Case) []fault.Refusal {
	out := c.UnderWay()
	leaf := &rules(c).AmendableUntil
	if step := amendableUntil(c); step != "" && c.StepDone(appraisal.OutcomeChain, step) {
		out = append(out, fault.Refusal{Code: "objectives_frozen", Detail: "Objectives are frozen, for the year-end step " + step + " is done.",
			Policy: c.Policy.Cite(leaf), Unblock: "The step is returned."})
	}
	if len(out) == 0 {
		out = c.Frozen()
	}
	return out
}

// amendableUntil is the step that ends changes: the one that the policy names, else the first of
// the chain.
func amendableUntil(c *appraisal.Case) string {
	step := rules(c).AmendableUntil
	if chain := c.Chain(appraisal.OutcomeChain); step == "" && len(chain) > 0 {
		step = chain[0].Rule.Code
	}
	return step
}

// present are the objectives that take up a place: all but those that were withdrawn.
func present(c *appraisal.Case) []appraisal.ObjectiveFact {
	return slices.DeleteFunc(slices.Clone(c.Objectives), func(o appraisal.ObjectiveFact) bool { return o.Approval == string(Withdrawn) })
}

func tooMany(c *appraisal.Case) []fault.Refusal {
	leaf := &rules(c).Max
	if leaf.Allows(len(present(c)) + 1) {
		return nil
	}
	return []fault.Refusal{{Code: "too_many_objectives", Detail: "There are as many objectives as the policy allows.", Policy: c.Policy.Cite(leaf), Unblock: "Delete a draft, or amend an objective."}}
}

// needsMeeting refuses a change where the policy has changes made only after a meeting that allows
// them, held since the objective became live.
func needsMeeting(c *appraisal.Case, a *Aggregate) []fault.Refusal {
	leaf := &rules(c).Amendments
	if *leaf != "at_meetings" || a.Live == nil {
		return nil
	}
	allows := func(code string) bool {
		return slices.ContainsFunc(c.Rules().Meetings.Plan, func(p policy.MeetingPlan) bool { return p.Code == code && p.MayAmend })
	}
	held := slices.ContainsFunc(c.Meetings, func(m appraisal.MeetingFact) bool {
		return slices.Contains(heldStates, m.State) && allows(m.PlanCode) && !m.HeldOn.IsZero() && !m.HeldOn.Before(a.Live.LiveOn)
	})
	if held {
		return nil
	}
	return []fault.Refusal{{Code: "no_amending_meeting", Detail: "No meeting that may change objectives was held since this one was agreed.", Policy: c.Policy.Cite(leaf),
		Unblock: "Such a meeting is held and its record is begun."}}
}

// heldStates are those of a meeting that took place: its record is begun at least.
var heldStates = []string{"drafted", "shared", "answered"}

// needsAssessment refuses to draft in a slot that builds on self-assessments before they are done.
func needsAssessment(c *appraisal.Case, s *policy.Slot) []fault.Refusal {
	if s == nil || !s.SelfAssessment {
		return nil
	}
	done, required := c.SelfAssessed()
	switch named := len(c.ExpectedFrameworks()); {
	case done >= required:
		return nil
	case named < required:
		return []fault.Refusal{{Code: "no_standard", Detail: fmt.Sprintf("%d self-assessments come first, and the policy names a framework for %d with this role.", required, named),
			Policy: c.Policy.Cite(&c.Rules().SelfAssessment.Frameworks), Unblock: c.PartyName(policy.HR) + " enters the role of the post, or the policy names a framework for it."}}
	}
	return []fault.Refusal{{Code: "self_assessment_first", Detail: "An objective in this slot is drafted after the required self-assessments.", Policy: c.Policy.Cite(&s.SelfAssessment),
		Unblock: "The self-assessments are completed, and opened to whom the policy says."}}
}

// AwaitsAssessment says whether nothing can be drafted in a slot before self-assessments are done.
func AwaitsAssessment(c *appraisal.Case, s *policy.Slot) bool { return len(needsAssessment(c, s)) > 0 }

// demand is something that the year asks an objective for: a required slot, or a mandated objective
// that is due.
type demand struct {
	slot    *policy.Slot // nil: of a mandate that has no slot
	mandate string
	fits    func(appraisal.ObjectiveFact) bool
}

// demands are the policy's required slots, and the mandated objectives that are due and have no such
// slot.
func demands(c *appraisal.Case) []demand {
	due := map[string]string{} // mandate by required slot
	var out []demand
	for _, m := range c.Mandates {
		if !m.Due || m.Earlier {
			continue
		}
		s := SlotOf(c, mandateNamed(c, m.Code).Slot)
		if s != nil && s.Required {
			due[s.Code] = m.Code
			continue
		}
		out = append(out, demand{s, m.Code, func(o appraisal.ObjectiveFact) bool { return answers(o, m.Code) }})
	}
	slots := rules(c).Slots
	for i := range slots {
		if s := &slots[i]; s.Required {
			out = append(out, demand{s, due[s.Code], func(o appraisal.ObjectiveFact) bool {
				return o.Slot == s.Code && (due[s.Code] == "" || answers(o, due[s.Code]))
			}})
		}
	}
	return out
}

// Required counts the places that must be filled, and those whose objective is agreed.
func Required(c *appraisal.Case) (required, agreed int) {
	all := demands(c)
	for _, d := range all {
		if slices.ContainsFunc(c.Objectives, func(o appraisal.ObjectiveFact) bool { return o.Live && d.fits(o) }) {
			agreed++
		}
	}
	return len(all), agreed
}

// Undrafted counts the places that must be filled, that nothing is drafted for, and whose time has
// come: those of the policy's slots, and those of mandated objectives.
func Undrafted(c *appraisal.Case) (slots, mandated int) {
	for _, d := range demands(c) {
		switch {
		case slices.ContainsFunc(present(c), d.fits) || AwaitsAssessment(c, d.slot):
		case d.mandate != "":
			mandated++
		default:
			slots++
		}
	}
	return slots, mandated
}

func answers(o appraisal.ObjectiveFact, mandate string) bool {
	return o.Mandate != nil && *o.Mandate == mandate
}
