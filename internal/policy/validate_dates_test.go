package policy_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/policy"
)

func init() {
	due := func(name, rule string) breach {
		return breach{name, "tsat", []edit{{"rules.objectives.due", rule}}, "date_rule", []string{"rules.objectives.due"}}
	}
	unrunnable = append(unrunnable,
		due("a half term that is not named", `{"anchor":"half_term"}`),
		due("a half term named for nothing", `{"anchor":"cycle_start","half_term":"autumn_1"}`),
		due("a day of the year from a half term", `{"anchor":"half_term","half_term":"autumn_1","month_day":"10-31"}`),
		due("a day of the year and weeks", `{"anchor":"cycle_start","month_day":"10-31","weeks":1}`),
		due("weeks beyond the calendar", `{"anchor":"cycle_start","weeks":600}`),
		due("school days that are not counted", `{"anchor":"cycle_start","weeks":2,"in":"school_days"}`),
		due("working days for a day of the year", `{"anchor":"cycle_start","month_day":"10-31","in":"working_days"}`),
		due("a first day that counts for nothing", `{"anchor":"cycle_start","first_day_counts":true}`),
		due("a first day that counts both ways", `{"anchor":"cycle_start","months":1,"days":-2,"first_day_counts":true}`),
		breach{"a step due before an earlier one, by half terms", "tsat", []edit{
			{"rules.outcome.chain[0].due", `{"anchor":"half_term","half_term":"summer_2"}`},
			{"rules.outcome.chain[1].due", `{"anchor":"half_term","half_term":"summer_1","days":5,"in":"school_days"}`},
		}, "due_order", []string{"rules.outcome.chain[0].due", "rules.outcome.chain[1].due"}})
}

func TestRulesThatCountByTheSchoolCalendarAreFine(t *testing.T) {
	for _, rule := range []string{
		`{"anchor":"half_term","half_term":"autumn_1"}`,
		`{"anchor":"half_term","half_term":"autumn_1","days":-5,"in":"school_days","first_day_counts":true}`,
		`{"anchor":"cycle_start","weeks":6,"weekend":"next_working_day"}`,
		`{"anchor":"cycle_start","months":1,"days":10,"in":"working_days"}`,
		`{"anchor":"cycle_start","days":10,"in":"calendar_days"}`,
	} {
		doc := embedded(t, "tsat")
		change(t, doc, []edit{{"rules.objectives.due", rule}})
		require.Empty(t, policy.Errors(policy.Validate(parse(t, doc))), rule)
	}
}
