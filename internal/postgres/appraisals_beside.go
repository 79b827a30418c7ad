package postgres

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
)

// neighbours says of each case which are the appraisals of the year before and the year after, as far
// as the caller may read them: of the same post; where the person changed posts, the only one there.
func (d *DB) neighbours(ctx context.Context, cases ...*appraisal.Case) error {
	if len(cases) == 0 {
		return nil
	}
	people := make([]uuid.UUID, len(cases))
	for i, c := range cases {
		people[i] = c.PersonID
	}
	rows, err := d.readable(ctx, "a.person_id in @people", map[string]any{"people": people}, "GetAppraisal")
	if err != nil {
		return err
	}
	slices.SortFunc(rows, func(a, b appraisal.Appraisal) int { return a.StartsOn.Time().Compare(b.StartsOn.Time()) })
	for _, c := range cases {
		before := pick(rows, func(a appraisal.Appraisal) bool {
			return a.PersonID == c.PersonID && a.CycleID != c.CycleID && a.StartsOn.Before(c.StartsOn)
		})
		after := pick(rows, func(a appraisal.Appraisal) bool {
			return a.PersonID == c.PersonID && a.CycleID != c.CycleID && a.StartsOn.After(c.StartsOn)
		})
		slices.Reverse(before)
		c.Previous, c.Next = beside(c, before), beside(c, after)
	}
	return nil
}

// beside is the nearest of the years on one side.
func beside(c *appraisal.Case, years []appraisal.Appraisal) *uuid.UUID {
	if len(years) == 0 {
		return nil
	}
	nearest := pick(years, func(a appraisal.Appraisal) bool { return a.CycleID == years[0].CycleID })
	if i := slices.IndexFunc(nearest, func(a appraisal.Appraisal) bool { return a.PostID == c.PostID }); i >= 0 {
		return &nearest[i].ID
	}
	if len(nearest) == 1 {
		return &nearest[0].ID
	}
	return nil
}
