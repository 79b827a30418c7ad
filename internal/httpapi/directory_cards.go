package httpapi

import (
	"github.com/oapi-codegen/nullable"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/directory"
)

// toCard renders what everybody may see of a person.
func toCard(c directory.Card) api.PersonCard {
	return api.PersonCard{ID: c.ID, DisplayName: c.DisplayName, JobTitle: null(c.JobTitle), UnitID: null(c.UnitID)}
}

// nullCard is toCard where the card may not have been asked for.
func nullCard(c *directory.Card) nullable.Nullable[api.PersonCard] {
	if c == nil {
		return nullable.NewNullNullable[api.PersonCard]()
	}
	return nullable.NewNullableWithValue(toCard(*c))
}
