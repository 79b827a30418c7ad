package policy_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

func init() { unrunnable = append(unrunnable, payContradictions...) }

const decideLate = `[{"code":"decide_pay","label":"P","order":1,"party":"hr","acts":["decide_pay"],"required":true,"due":{"anchor":"cycle_end","months":3}}]`

// payContradictions are values of pay that cannot all be meant.
var payContradictions = []breach{
	{"pay is decided by no day", "tsat", []edit{{"rules.pay.chain[0].due", ""}}, "pay_without_day", []string{"rules.pay.chain[0].due"}},
	{"pay follows a recommendation that nobody makes", "model", []edit{{"rules.pay.link", `"recommendation"`}, {"rules.pay.chain", decideLate}}, "pay_unrecommended",
		[]string{"rules.pay.link", "rules.pay.chain"}},
	{"pay is recommended when it may have been decided", "model", []edit{{"rules.pay.link", `"recommendation"`},
		{"rules.pay.chain", `[{"code":"say","label":"S","order":1,"party":"head","acts":["recommend_pay"],"required":true},` + decideLate[1:]}}, "pay_recommended_late",
		[]string{"rules.pay.chain[0].order"}},
	{"pay is recommended beside a table", "tsat", []edit{{"rules.outcome.chain[2].acts", `["decide","recommend_pay"]`}}, "pay_recommended_twice",
		[]string{"rules.pay.link", "rules.pay.chain"}},
	{"everybody progresses, and the chain decides nothing", "model", []edit{{"rules.pay.link", `"automatic"`},
		{"rules.pay.chain", `[{"code":"look","label":"L","order":1,"party":"head","acts":["approve"],"required":true}]`}}, "pay_undecided",
		[]string{"rules.pay.link", "rules.pay.chain"}},
	{"everybody progresses at an end that no step makes", "model", []edit{{"rules.pay.link", `"automatic"`}, {"rules.outcome.chain", `[]`}, {"rules.outcome.method", `"none"`}, {"rules.report.sections", `[]`}},
		"pay_without_outcome", []string{"rules.pay.link", "rules.outcome.chain"}},
	{"exceptions by the reviewer", "model", []edit{{"rules.pay.exception_by", `"reviewer"`}}, "party_unknown", []string{"rules.pay.exception_by"}},
	{"exceptions by an office without a code", "model", []edit{{"rules.pay.exception_by", `"office:"`}}, "party_unknown", []string{"rules.pay.exception_by"}},
}

func TestPayOfHeadteachersIsDecidedLater(t *testing.T) {
	anchors := schooltime.Anchors{CycleStart: schooltime.MustDate("2026-09-01"), CycleEnd: schooltime.MustDate("2027-08-31"), Joining: schooltime.MustDate("2026-09-01")}
	for group, want := range map[string][]string{"class_teacher": {"2027-10-26", "2027-10-31"}, "headteacher": {"2027-12-21", "2027-12-31"}} {
		var days []string
		chain := profile(t, "canonium").Document.Resolve("", group).Rules.Pay.Chain
		for _, s := range chain {
			d, err := s.Due.On(anchors)
			require.NoError(t, err)
			days = append(days, d.String())
		}
		assert.Equal(t, want, days, group)
		assert.Equal(t, []policy.Party{policy.Head, policy.HR}, []policy.Party{chain[0].Party, chain[1].Party})
	}
}
