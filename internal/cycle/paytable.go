package cycle

import (
	"slices"
	"strconv"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/policy"
)

// Award is one thing that a rating brings: so many points, so many per cent, a bonus, or the cost
// of living. Amount is a decimal, as the trust wrote it; it is 0 for the cost of living.
type Award struct {
	Kind   string `json:"kind"` // points, percent, bonus_percent or cost_of_living
	Amount string `json:"amount"`
}

// costOfLiving is the award whose amount is settled elsewhere.
const costOfLiving = "cost_of_living"

// PayRow is what a rating brings to a staff group. A row that is missing is not covered; one with
// no awards brings nothing. TopAwards are for people at the top of their range; nil where the
// table does not say.
type PayRow struct {
	TrustID    uuid.UUID
	CycleID    uuid.UUID
	StaffGroup string
	Rating     string
	Awards     []Award  `gorm:"serializer:json"`
	TopAwards  *[]Award `gorm:"serializer:json"`
}

// checkPayTable refuses rows for groups and ratings that the policy does not have, rows given
// twice, and awards that cannot be what was meant.
func checkPayTable(d *policy.Document, rows []PayRow) error {
	var found faults
	seen := map[[2]string]bool{}
	for i, r := range rows {
		at := [2]string{r.StaffGroup, r.Rating}
		switch {
		case !d.HasGroup(r.StaffGroup):
			found.at(i, "staff_group", "unknown_staff_group", "The policy has no such staff group.")
		case !hasRating(d, r.StaffGroup, r.Rating):
			found.at(i, "rating", "unknown_rating", "The scale of this staff group has no such rating.")
		case seen[at]:
			found.at(i, "rating", "duplicate", "The row is given twice.")
		}
		seen[at] = true
		checkAwards(&found, i, "awards", r.Awards)
		if r.TopAwards != nil {
			checkAwards(&found, i, "top_of_range_awards", *r.TopAwards)
		}
	}
	return found.err()
}

func hasRating(d *policy.Document, group, rating string) bool {
	rules := &d.Resolve("", group).Rules
	return slices.ContainsFunc(rules.Pay.Judged(rules.Outcome.Scale), func(r policy.Rating) bool { return r.Code == rating })
}

func checkAwards(found *faults, row int, field string, awards []Award) {
	seen := map[string]bool{}
	for i, a := range awards {
		at := field + "/" + strconv.Itoa(i)
		amount, err := strconv.ParseFloat(a.Amount, 64)
		switch {
		case err != nil || amount < 0:
			found.at(row, at+"/amount", "not_an_amount", "An amount is a decimal such as 2.5.")
		case a.Kind == costOfLiving && amount != 0:
			found.at(row, at+"/amount", "amount_not_taken", "The cost of living takes no amount here; write 0.")
		case a.Kind != costOfLiving && amount == 0:
			found.at(row, at+"/amount", "amount_missing", "An award of nothing is no award; leave it out.")
		}
		if seen[a.Kind] {
			found.at(row, at+"/kind", "duplicate", "The row has this kind of award already.")
		}
		seen[a.Kind] = true
	}
}
