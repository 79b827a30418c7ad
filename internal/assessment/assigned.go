package assessment

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/standards"
)

// Assigned is a framework against which the policy has somebody assessed, with how far it is.
type Assigned struct {
	Code      string
	Framework *standards.Aggregate          // nil: the trust has still to make it
	Fact      *appraisal.SelfAssessmentFact // the newest of the cycle; nil: none that the caller may read
	Policy    *fault.Citation
}

// Assignment is against what somebody is assessed, and how many come before the objectives. Done
// counts as far as the caller may know.
type Assignment struct {
	Case           *appraisal.Case
	Items          []Assigned
	Done, Required int
}

// Assigned lists the frameworks that the policy names for the post of an appraisal.
func (s *Service) Assigned(ctx context.Context, appraisalID uuid.UUID) (*Assignment, error) {
	c, frameworks, readable, err := s.store.AssignedFrameworks(ctx, appraisalID, (*appraisal.Case).ExpectedFrameworks)
	if err != nil {
		return nil, err
	}
	c.SelfAssessments = slices.DeleteFunc(c.SelfAssessments, func(f appraisal.SelfAssessmentFact) bool { return !slices.Contains(readable, f.ID) })
	out := &Assignment{Case: c}
	out.Done, out.Required = c.SelfAssessed()
	for _, code := range c.ExpectedFrameworks() {
		a := Assigned{Code: code, Framework: frameworks[code], Policy: namedBy(c, code)}
		for i := range c.SelfAssessments {
			if c.SelfAssessments[i].Framework == code {
				a.Fact = &c.SelfAssessments[i]
			}
		}
		out.Items = append(out.Items, a)
	}
	return out, nil
}

// namedBy cites the first rule that names the framework for the person.
func namedBy(c *appraisal.Case, code string) *fault.Citation {
	rules := c.Rules().SelfAssessment.Frameworks
	for i := range rules {
		if rules[i].When.Holds(c.PostFacts) && slices.Contains(rules[i].Frameworks, code) {
			return c.Policy.Cite(&rules[i].Frameworks)
		}
	}
	return nil
}
