package objective

import (
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
)

// evidenced refuses to complete an objective on which no evidence hangs, where the policy requires some.
func evidenced(c *appraisal.Case, a *Aggregate) []fault.Refusal {
	leaf := &c.Rules().Evidence.Expectation
	if *leaf != "required" || shown(c, a.ID) {
		return nil
	}
	return []fault.Refusal{{Code: "evidence_required", Detail: "No evidence hangs on this objective.", Policy: c.Policy.Cite(leaf),
		Unblock: "One of the two adds evidence to it."}}
}

func shown(c *appraisal.Case, id uuid.UUID) bool {
	return slices.ContainsFunc(c.Objectives, func(o appraisal.ObjectiveFact) bool { return o.ID == id && o.Evidence > 0 })
}
