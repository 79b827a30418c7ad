package appraisal

import (
	"slices"

	"github.com/google/uuid"
)

// Asked are the objectives that check-ins and meetings ask about: all that count, agreed or not,
// for the first window opens before the day by which objectives are agreed.
func (c *Case) Asked() []uuid.UUID {
	var out []uuid.UUID
	for _, o := range c.AskedOf() {
		out = append(out, o.ID)
	}
	return out
}

// AskedOf are those objectives as facts.
func (c *Case) AskedOf() []ObjectiveFact {
	return slices.DeleteFunc(slices.Clone(c.Objectives), func(o ObjectiveFact) bool { return !o.Counts })
}
