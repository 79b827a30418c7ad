package appraisal

import (
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/policy"
)

// SelfAssessmentFact is a self-assessment of the reviewee in the cycle, as the other parts see it.
type SelfAssessmentFact struct {
	ID         uuid.UUID
	PersonID   uuid.UUID
	CycleID    uuid.UUID
	Framework  string // its code
	Complete   bool
	Visibility string
	Reviewed   bool // the reviewer's ratings beside it are complete
}

// The values of a self-assessment's visibility, from the narrowest to the widest.
const (
	Private                 = "private"
	Organisation            = "organisation"
	OrganisationAndReviewer = "organisation_and_reviewer"
)

var visibilities = []string{Private, Organisation, OrganisationAndReviewer}

// ExpectedFrameworks are the codes of the frameworks against which the policy has this person
// assessed, in its order and each once. There are none where self-assessment is not in use.
func (c *Case) ExpectedFrameworks() []string {
	rules := &c.Rules().SelfAssessment
	if rules.Requirement == "off" || len(c.ModuleOn(policy.ModuleSelfAssessment)) > 0 {
		return nil
	}
	var out []string
	for _, r := range rules.Frameworks {
		if !r.When.Holds(c.PostFacts) {
			continue
		}
		for _, code := range r.Frameworks {
			if !slices.Contains(out, code) {
				out = append(out, code)
			}
		}
	}
	return out
}

// SelfAssessed says how many self-assessments count as done before the objectives, and how many
// are required. One counts when it is complete, against an expected framework, and open to whom
// the policy says. More may be required than the policy expects of this post, whose role then has
// no standard yet: nobody gets past what comes first because nobody has said what it is.
func (c *Case) SelfAssessed() (done, required int) {
	rules, expected := &c.Rules().SelfAssessment, c.ExpectedFrameworks()
	if rules.Requirement == "required_before_objectives" && len(c.ModuleOn(policy.ModuleSelfAssessment)) == 0 {
		required = rules.Required
	}
	for _, code := range expected {
		if slices.ContainsFunc(c.SelfAssessments, func(f SelfAssessmentFact) bool {
			return f.Framework == code && f.Complete && openEnough(f.Visibility, rules.RequiredVisibility)
		}) {
			done++
		}
	}
	return done, required
}

// openEnough says whether a visibility is as wide as the one required; any needs none.
func openEnough(have, required string) bool {
	return slices.Index(visibilities, have) >= slices.Index(visibilities, required)
}
