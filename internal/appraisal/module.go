package appraisal

import (
	"slices"

	"github.com/perennial-api/perennial/internal/fault"
)

// ModuleOn refuses new work in a part of the process that is not in use here. What was recorded
// while it was stays readable.
func (c *Case) ModuleOn(name string) []fault.Refusal {
	leaf := &c.Rules().Modules.On
	if slices.Contains(*leaf, name) {
		return nil
	}
	return []fault.Refusal{{Code: "module_off", Detail: "Not in use here: " + c.module(name) + ".",
		Policy: c.Policy.Cite(leaf), Unblock: "The trust's policy switches it on, for everybody or for this school."}}
}
