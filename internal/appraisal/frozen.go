package appraisal

import "github.com/perennial-api/perennial/internal/fault"

// Frozen refuses what would change a year whose outcome is released. What is wrong in it is put
// right beside it, by a correction.
func (c *Case) Frozen() []fault.Refusal {
	if c.Stage != Released {
		return nil
	}
	return []fault.Refusal{{Code: "outcome_released", Detail: "The outcome of the year is released, so what it rests on no longer changes.",
		Unblock: "What is wrong in it is put right beside it, by a correction."}}
}

// erased refuses whatever would be done with a year whose text was erased.
func (c *Case) erased() []fault.Refusal {
	if c.ErasedOn.IsZero() {
		return nil
	}
	return []fault.Refusal{{Code: "erased", Detail: "What was written in this year was erased as its retention ended, and nothing more is written in it.",
		Policy: c.Policy.Cite(&c.Rules().Privacy.Retention)}}
}
