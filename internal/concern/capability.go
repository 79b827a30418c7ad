package concern

import "github.com/perennial-api/perennial/internal/appraisal"

// follow does to the appraisal what the policy says that a capability process does to it.
func (a *Aggregate) follow(effect string) error {
	a.Case.Capability = true
	switch {
	case a.Case.Status != appraisal.Open:
		return nil
	case effect == "suspends":
		a.Followed = "suspended"
		return a.Case.Suspend()
	}
	a.Followed = "transferred"
	return a.Case.Transfer()
}
