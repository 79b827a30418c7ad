package policy_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

func condition(t *testing.T, text string) policy.Condition {
	t.Helper()
	var c policy.Condition
	require.NoError(t, json.Unmarshal([]byte(text), &c))
	return c
}

var post = policy.FactSet{
	"staff_type": "teaching", "qts": true, "on_probation": false, "fte": 0.6, "contract_months": 9, "job_title": "",
	"started_on": schooltime.MustDate("2026-09-01"), "probation_ends_on": schooltime.Date{}, "is_head": nil,
}

func TestAConditionHoldsByItsFacts(t *testing.T) {
	for _, tc := range []struct {
		condition string
		holds     bool
	}{
		{`{}`, true},
		{`{"fact":"staff_type","op":"is","value":"teaching"}`, true},
		{`{"fact":"staff_type","op":"is","value":"support"}`, false},
		{`{"fact":"staff_type","op":"is_not","value":"support"}`, true},
		{`{"fact":"staff_type","op":"in","value":["support","teaching"]}`, true},
		{`{"fact":"staff_type","op":"in","value":["support"]}`, false},
		{`{"fact":"qts","op":"is","value":true}`, true},
		{`{"fact":"on_probation","op":"is","value":false}`, true},
		{`{"fact":"on_probation","op":"known"}`, true},
		{`{"fact":"fte","op":"at_least","value":0.6}`, true},
		{`{"fact":"fte","op":"at_least","value":1}`, false},
		{`{"fact":"contract_months","op":"at_most","value":11}`, true},
		{`{"fact":"contract_months","op":"is","value":9}`, true},
		{`{"fact":"contract_months","op":"in","value":[9,10]}`, true},
		{`{"fact":"started_on","op":"is","value":"2026-09-01"}`, true},
		{`{"fact":"started_on","op":"on_or_after","value":"2026-09-01"}`, true},
		{`{"fact":"started_on","op":"before","value":"2026-09-01"}`, false},
		{`{"fact":"started_on","op":"before","value":"2026-09-02"}`, true},
		{`{"not":{"fact":"qts","op":"is","value":true}}`, false},
		{`{"all":[{"fact":"qts","op":"is","value":true},{"fact":"fte","op":"at_most","value":0.5}]}`, false},
		{`{"any":[{"fact":"qts","op":"is","value":false},{"fact":"fte","op":"at_most","value":0.6}]}`, true},
		{`{"any":[{"fact":"qts","op":"is","value":false}]}`, false},
		// what is not known
		{`{"fact":"role_code","op":"is","value":"x"}`, false},
		{`{"fact":"role_code","op":"is_not","value":"x"}`, false},
		{`{"fact":"job_title","op":"is_not","value":"x"}`, false},
		{`{"fact":"probation_ends_on","op":"before","value":"2030-01-01"}`, false},
		{`{"fact":"role_code","op":"known"}`, false},
		{`{"fact":"role_code","op":"known","value":false}`, true},
		{`{"fact":"is_head","op":"known","value":true}`, false},
		// what Check refuses does not hold
		{`{"fact":"staff_type","op":"like","value":"teaching"}`, false},
		{`{"fact":"started_on","op":"on_or_after","value":"soon"}`, false},
		{`{"fact":"fte","op":"at_least","value":"much"}`, false},
	} {
		assert.Equal(t, tc.holds, condition(t, tc.condition).Holds(post), tc.condition)
	}
}

func TestCheckSaysWhatIsWrongWithACondition(t *testing.T) {
	for _, tc := range []struct{ condition, code, path string }{
		{`{"fact":"age","op":"is","value":3}`, "fact_unknown", "fact"},
		{`{"op":"is","value":3}`, "fact_unknown", "fact"},
		{`{"fact":"fte"}`, "fact_op", "op"},
		{`{"fact":"fte","op":"before","value":1}`, "fact_op", "op"},
		{`{"fact":"qts","op":"in","value":[true]}`, "fact_op", "op"},
		{`{"fact":"started_on","op":"at_least","value":1}`, "fact_op", "op"},
		{`{"fact":"fte","op":"is","value":"1"}`, "fact_value", "value"},
		{`{"fact":"qts","op":"is","value":"true"}`, "fact_value", "value"},
		{`{"fact":"qts","op":"is"}`, "fact_value", "value"},
		{`{"fact":"started_on","op":"before","value":"1 May"}`, "fact_value", "value"},
		{`{"fact":"staff_type","op":"in","value":"teaching"}`, "fact_value", "value"},
		{`{"fact":"staff_type","op":"in","value":["teaching",4]}`, "fact_value", "value[1]"},
		{`{"fact":"unit_kind","op":"is","value":"shed"}`, "fact_value", "value"},
		{`{"fact":"qts","op":"known","value":"maybe"}`, "fact_value", "value"},
		{`{"all":[]}`, "condition_empty", "all"},
		{`{"any":[]}`, "condition_empty", "any"},
		{`{"fact":"qts","op":"known","not":{}}`, "condition_mixed", ""},
		{`{"any":[{},{"not":{"all":[{"fact":"age","op":"known"}]}}]}`, "fact_unknown", "any[1].not.all[0].fact"},
	} {
		findings := condition(t, tc.condition).Check()
		require.Len(t, findings, 1, tc.condition)
		assert.Equal(t, tc.code, findings[0].Code, tc.condition)
		assert.Equal(t, []string{tc.path}, findings[0].Paths, tc.condition)
	}
	assert.Empty(t, condition(t, `{}`).Check())
	assert.Empty(t, condition(t, `{"all":[{"fact":"qts","op":"known"},{"fact":"fte","op":"is","value":1}]}`).Check())
}

func TestAPostBelongsToTheFirstGroupThatTakesIt(t *testing.T) {
	rules := parse(t, embedded(t, "tsat")).Resolve("", "").Rules
	for _, tc := range []struct{ staff, unit, group string }{
		{"teaching", "school", "teaching"}, {"teaching", "central", "teaching"}, {"support", "school", "support"},
		{"support", "central", "central"}, {"central", "school", "central"}, {"executive", "trust", "central"}, {"visitor", "school", ""},
	} {
		group, found := rules.GroupOf(policy.FactSet{"staff_type": tc.staff, "unit_kind": tc.unit})
		assert.Equal(t, tc.group, group.Code, "%v", tc)
		assert.Equal(t, tc.group != "", found)
	}
}

func TestAnExclusionEndsOnTheDayItNames(t *testing.T) {
	rules := parse(t, embedded(t, "tsat")).Resolve("", "").Rules
	ends := schooltime.MustDate("2027-07-23")
	trainee := policy.FactSet{"in_induction": true, "induction_ends_on": ends}
	codes := func(fs policy.FactSet, today schooltime.Date) (found []string) {
		for _, e := range rules.ExclusionsFor(fs, today) {
			found = append(found, e.Code)
		}
		return found
	}
	assert.Equal(t, []string{"early_career"}, codes(trainee, ends.AddDays(-1)))
	assert.Empty(t, codes(trainee, ends))
	assert.Equal(t, []string{"early_career"}, codes(policy.FactSet{"in_induction": true}, ends), "no day yet")
	assert.Equal(t, []string{"early_career", "probation"},
		codes(policy.FactSet{"in_induction": true, "on_probation": true, "probation_ends_on": ends.AddDays(9)}, ends))
	assert.Empty(t, codes(policy.FactSet{"in_induction": false}, ends))
}

func TestALimitReadsAndWritesItself(t *testing.T) {
	for text, allows := range map[string][3]bool{`"none"`: {true, true, true}, `0`: {true, false, false}, `3`: {true, true, false}} {
		var l policy.Limit
		require.NoError(t, json.Unmarshal([]byte(text), &l))
		assert.Equal(t, allows, [3]bool{l.Allows(0), l.Allows(3), l.Allows(4)}, text)
		raw, err := json.Marshal(l)
		require.NoError(t, err)
		assert.Equal(t, text, string(raw))
	}
	var l policy.Limit
	assert.Error(t, json.Unmarshal([]byte(`"many"`), &l))
	assert.Error(t, json.Unmarshal([]byte(`-1`), &l))
	n, limited := policy.LimitOf(3).N()
	assert.Equal(t, 3, n)
	assert.True(t, limited)
	_, limited = policy.Limit{}.N()
	assert.False(t, limited)
}
