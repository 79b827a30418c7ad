package policy_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/policy"
)

// breach is what breaks exactly one thing in a profile that is otherwise fine, and the one finding
// that follows.
type breach struct {
	name    string
	profile string
	edits   []edit
	code    string
	paths   []string
}

// unrunnable lists breaches; files beside this one add those of their part.
var unrunnable = []breach{
	{"a first day that is none", "tsat", []edit{{"rules.cycle.starts_on", `"31-12"`}}, "month_day", []string{"rules.cycle.starts_on"}},
	{"a backstop on no day", "tsat", []edit{{"rules.cycle.backstop.month_day", `"13-01"`}}, "month_day", []string{"rules.cycle.backstop"}},
	{"a rule with a day and an offset", "tsat", []edit{{"rules.objectives.due.days", `3`}}, "date_rule", []string{"rules.objectives.due"}},
	{"a rule from a step outside a chain", "tsat", []edit{{"rules.objectives.due", `{"anchor":"step","step":"state"}`}}, "date_rule", []string{"rules.objectives.due"}},
	{"a rule that names a step for nothing", "tsat", []edit{{"rules.objectives.due.step", `"state"`}}, "date_rule", []string{"rules.objectives.due"}},
	{"a rule from a later step", "tsat", []edit{{"rules.outcome.chain[1].opens", `{"anchor":"step","step":"decide"}`}}, "date_rule", []string{"rules.outcome.chain[1].opens"}},
	{"an offset beyond the calendar", "tsat", []edit{{"rules.objectives.due", `{"anchor":"cycle_start","days":4000}`}}, "date_rule", []string{"rules.objectives.due"}},
	{"a group twice", "tsat", []edit{{"rules.population.groups[1].code", `"teaching"`}}, "code_twice",
		[]string{"rules.population.groups[0].code", "rules.population.groups[1].code"}},
	{"a group on an unknown fact", "tsat", []edit{{"rules.population.groups[0].when.fact", `"shoe_size"`}}, "fact_unknown",
		[]string{"rules.population.groups[0].when.fact"}},
	{"a group on a fault deep inside", "tsat", []edit{{"rules.population.groups[1].when.any[1].op", `"at_least"`}}, "fact_op",
		[]string{"rules.population.groups[1].when.any[1].op"}},
	{"an exclusion twice", "tsat", []edit{{"rules.population.exclusions[1].code", `"early_career"`}}, "code_twice",
		[]string{"rules.population.exclusions[0].code", "rules.population.exclusions[1].code"}},
	{"an exclusion on a value of the wrong type", "tsat", []edit{{"rules.population.exclusions[0].when.value", `"yes"`}}, "fact_value",
		[]string{"rules.population.exclusions[0].when.value"}},
	{"the drafter approves", "tsat", []edit{{"rules.objectives.approver", `"reviewee"`}}, "drafter_approves",
		[]string{"rules.objectives.drafter", "rules.objectives.approver"}},
	{"both draft and the reviewee approves", "model", []edit{{"rules.objectives.approver", `"reviewee"`}}, "drafter_approves",
		[]string{"rules.objectives.drafter", "rules.objectives.approver"}},
	{"nobody settles a disagreement", "model", []edit{{"rules.objectives.on_disagreement", `"none"`}}, "deadlock",
		[]string{"rules.objectives.approver", "rules.objectives.on_disagreement"}},
	{"more slots than objectives", "tsat", []edit{{"rules.objectives.max", `2`}}, "slots_over_max", []string{"rules.objectives.slots", "rules.objectives.max"}},
	{"more count than there are", "tsat", []edit{{"rules.objectives.counted", `4`}}, "counted_over_required", []string{"rules.objectives.counted", "rules.objectives.slots"}},
	{"a slot twice", "tsat", []edit{{"rules.objectives.slots[2].code", `"impact_on_others"`}}, "code_twice",
		[]string{"rules.objectives.slots[1].code", "rules.objectives.slots[2].code"}},
	{"the reserved slot", "tsat", []edit{{"rules.objectives.slots[2].code", `"extra"`}}, "slot_reserved", []string{"rules.objectives.slots[2].code"}},
	{"a statement of a checklist twice", "tsat", []edit{{"rules.objectives.slots[0].checklist[1].code", `"link"`}}, "code_twice",
		[]string{"rules.objectives.slots[0].checklist[0].code", "rules.objectives.slots[0].checklist[1].code"}},
	{"amendable until no step", "tsat", []edit{{"rules.objectives.amendable_until", `"party"`}}, "step_unknown",
		[]string{"rules.objectives.amendable_until", "rules.outcome.chain"}},
	{"no check-in form of that name", "model", []edit{{"rules.check_ins.form", `"diary"`}}, "form_unknown", []string{"rules.check_ins.form"}},
	{"alternating sections without groups", "model", []edit{{"rules.check_ins.sections", `"alternate"`}}, "alternate_groups",
		[]string{"rules.check_ins.sections", "rules.check_ins.form", "rules.forms.check_in"}},
	{"engagement without check-ins", "tsat", []edit{{"rules.check_ins.form", `""`}, {"rules.check_ins.windows", `"none"`}}, "engagement_without_check_ins",
		[]string{"rules.check_ins.engagement", "rules.check_ins.form"}},
	{"shares that do not fall", "tsat", []edit{{"rules.check_ins.engagement[1].at_least", `0.95`}}, "engagement_order",
		[]string{"rules.check_ins.engagement[0].at_least", "rules.check_ins.engagement[1].at_least"}},
	{"shares that do not reach zero", "tsat", []edit{{"rules.check_ins.engagement[2].at_least", `0.1`}}, "engagement_gap",
		[]string{"rules.check_ins.engagement[2].at_least"}},
	{"engagement that the grid does not have", "tsat", []edit{{"rules.check_ins.engagement[1].code", `"middling"`}}, "engagement_unknown",
		[]string{"rules.check_ins.engagement[1].code", "rules.outcome.grid.rows.values"}},
	{"engagement twice", "model", []edit{{"rules.check_ins.engagement", `[{"code":"a","label":"A","at_least":0.5},{"code":"a","label":"B","at_least":0}]`}},
		"code_twice", []string{"rules.check_ins.engagement[0].code", "rules.check_ins.engagement[1].code"}},
	{"a meeting twice", "tsat", []edit{{"rules.meetings.plan[2].code", `"setting"`}}, "code_twice", []string{"rules.meetings.plan[0].code", "rules.meetings.plan[2].code"}},
	{"a meeting in no form", "tsat", []edit{{"rules.meetings.plan[0].form", `"minutes"`}}, "form_unknown", []string{"rules.meetings.plan[0].form"}},
	{"a meeting without a form", "tsat", []edit{{"rules.meetings.plan[0].form", `""`}}, "form_missing", []string{"rules.meetings.plan[0].form"}},
	{"a meeting on no day", "tsat", []edit{{"rules.meetings.plan[1].due.month_day", `"02-30"`}}, "month_day", []string{"rules.meetings.plan[1].due"}},
	{"a rating twice", "model", []edit{{"rules.outcome.scale[3].code", `"met"`}}, "code_twice", []string{"rules.outcome.scale[2].code", "rules.outcome.scale[3].code"}},
	{"a method without a scale", "model", []edit{{"rules.outcome.scale", `[]`}, {"rules.outcome.chain[1].acts", `["state"]`}}, "scale_missing",
		[]string{"rules.outcome.method", "rules.outcome.scale"}},
	{"a grid without an axis", "model", []edit{{"rules.outcome.method", `"grid"`},
		{"rules.outcome.grid.rows.values", `[{"code":"a","label":"A"}]`}}, "axis_empty", []string{"rules.outcome.grid.columns.values"}},
	{"a value of an axis twice", "tsat", []edit{{"rules.outcome.grid.columns.values", `[{"code":"low_or_one","label":"A"},{"code":"low_or_one","label":"B"},
		{"code":"higher_for_some","label":"C"},{"code":"high_in_all","label":"D"}]`}}, "code_twice",
		[]string{"rules.outcome.grid.columns.values[0].code", "rules.outcome.grid.columns.values[1].code"}},
	{"a cell twice", "tsat", []edit{{"rules.outcome.grid.cells[7]", `{"row":"high","column":"high_in_all","rating":"met"}`}}, "cell_twice",
		[]string{"rules.outcome.grid.cells[7]", "rules.outcome.grid.cells[8]"}},
	{"a cell outside the grid", "tsat", []edit{{"rules.outcome.grid.cells[0].row", `"never"`}}, "cell_unknown", []string{"rules.outcome.grid.cells[0].row"}},
	{"a cell off the scale", "tsat", []edit{{"rules.outcome.grid.cells[8].rating", `"superb"`}}, "rating_unknown",
		[]string{"rules.outcome.grid.cells[8].rating", "rules.outcome.scale"}},
	{"a box off the scale", "tsat", []edit{{"rules.outcome.grid.boxes[0].rating", `"superb"`}}, "rating_unknown",
		[]string{"rules.outcome.grid.boxes[0].rating", "rules.outcome.scale"}},
	{"a step twice", "model", []edit{{"rules.outcome.chain[3].code", `"decide"`}}, "code_twice", []string{"rules.outcome.chain[2].code", "rules.outcome.chain[3].code"}},
	{"a gap in the order", "model", []edit{{"rules.outcome.chain[3].order", `5`}}, "order_gap", []string{"rules.outcome.chain"}},
	{"an order from two", "tsat", []edit{{"rules.pay.chain[0].order", `2`}}, "order_gap", []string{"rules.pay.chain"}},
	{"an unknown party", "model", []edit{{"rules.outcome.chain[3].party", `"governors"`}}, "party_unknown", []string{"rules.outcome.chain[3].party"}},
	{"an office without a code", "model", []edit{{"rules.outcome.chain[3].party", `"office:"`}}, "party_unknown", []string{"rules.outcome.chain[3].party"}},
	{"one step for two", "model", []edit{{"rules.outcome.chain[3].party", `"both"`}}, "party_unknown", []string{"rules.outcome.chain[3].party"}},
	{"the reviewee decides last", "model", []edit{{"rules.outcome.chain[3].party", `"reviewee"`}}, "reviewee_decides",
		[]string{"rules.outcome.chain[3].party", "rules.outcome.chain[3].acts"}},
	{"the reviewer reflects", "model", []edit{{"rules.outcome.chain[0].party", `"reviewer"`}}, "own_act",
		[]string{"rules.outcome.chain[0].party", "rules.outcome.chain[0].acts"}},
	{"a step without an act", "model", []edit{{"rules.outcome.chain[3].acts", `[]`}}, "acts_missing", []string{"rules.outcome.chain[3].acts"}},
	{"an act twice", "model", []edit{{"rules.outcome.chain[3].acts", `["approve","approve"]`}}, "act_twice", []string{"rules.outcome.chain[3].acts[1]"}},
	{"a pay decision in the outcome", "model", []edit{{"rules.outcome.chain[3].acts", `["approve","decide_pay"]`}}, "act_misplaced",
		[]string{"rules.outcome.chain[3].acts[1]"}},
	{"a reflection in pay", "tsat", []edit{{"rules.pay.chain[0].acts", `["decide_pay","decide"]`}}, "act_misplaced", []string{"rules.pay.chain[0].acts[1]"}},
	{"a recommendation without a scale", "model", []edit{{"rules.outcome.method", `"none"`}}, "rating_without_scale",
		[]string{"rules.outcome.chain[1].acts[1]", "rules.outcome.scale", "rules.outcome.method"}},
	{"nobody gives the rating", "model", []edit{{"rules.outcome.chain[1].acts", `["state"]`}, {"rules.outcome.chain[2].acts", `["comment"]`}}, "rating_not_given",
		[]string{"rules.outcome.method", "rules.outcome.chain"}},
	{"a statement in no form", "model", []edit{{"rules.outcome.chain[1].form", ""}}, "form_missing", []string{"rules.outcome.chain[1].acts"}},
	{"a step in no form", "model", []edit{{"rules.outcome.chain[1].form", `"letter"`}}, "form_unknown", []string{"rules.outcome.chain[1].form"}},
	{"barred for doing a later step", "model", []edit{{"rules.outcome.chain[2].not_same_as", `["approve"]`}}, "step_not_earlier",
		[]string{"rules.outcome.chain[2].not_same_as[0]"}},
	{"barred for doing no step", "model", []edit{{"rules.outcome.chain[2].not_same_as", `["nothing"]`}}, "step_not_earlier",
		[]string{"rules.outcome.chain[2].not_same_as[0]"}},
	{"due before an earlier step", "tsat", []edit{{"rules.outcome.chain[1].due.month_day", `"09-10"`}}, "due_order",
		[]string{"rules.outcome.chain[0].due", "rules.outcome.chain[1].due"}},
	{"due before an earlier step in some years only", "tsat", []edit{{"rules.outcome.chain[2].due", `{"anchor":"cycle_end","month_day":"10-01"}`}}, "due_order",
		[]string{"rules.outcome.chain[1].due", "rules.outcome.chain[2].due"}},
	{"pay before the outcome", "tsat", []edit{{"rules.pay.chain[0].due.month_day", `"10-19"`}}, "due_order",
		[]string{"rules.outcome.chain[2].due", "rules.pay.chain[0].due"}},
	{"opens after it is due", "tsat", []edit{{"rules.outcome.chain[0].opens", `{"anchor":"cycle_end","days":30}`}}, "opens_after_due",
		[]string{"rules.outcome.chain[0].opens", "rules.outcome.chain[0].due"}},
	{"a backstop before the last step", "tsat", []edit{{"rules.cycle.backstop.month_day", `"10-19"`}, {"rules.outcome.chain[3].due", ""}}, "backstop_early",
		[]string{"rules.outcome.chain[2].due", "rules.cycle.backstop"}},
	{"pay is not linked and decided", "tsat", []edit{{"rules.pay.link", `"none"`}}, "pay_not_linked", []string{"rules.pay.link", "rules.pay.chain"}},
	{"pay is not linked and recommended", "model", []edit{{"rules.outcome.chain[2].acts", `["decide","recommend_pay"]`}}, "pay_not_linked",
		[]string{"rules.pay.link", "rules.outcome.chain"}},
	{"a chain of which nothing is required", "canonium", []edit{{"rules.outcome.chain[0].required", `false`}, {"rules.outcome.chain[1].required", `false`}, {"rules.outcome.chain[2].required", `false`}},
		"chain_never_ends", []string{"rules.outcome.chain"}},
	{"pay from a rating that may be missing", "tsat", []edit{{"rules.outcome.chain[1].required", `false`}, {"rules.outcome.chain[2].required", `false`}}, "pay_without_outcome",
		[]string{"rules.pay.link", "rules.outcome.chain"}},
	{"pay that nobody has to decide", "tsat", []edit{{"rules.pay.chain[0].required", `false`}}, "pay_undecided", []string{"rules.pay.link", "rules.pay.chain"}},
	{"pay is linked and nobody decides", "model", []edit{{"rules.pay.link", `"matrix"`}}, "pay_undecided", []string{"rules.pay.link", "rules.pay.chain"}},
	{"pay follows from no rating", "tsat", []edit{{"rules.outcome.method", `"none"`},
		{"rules.outcome.chain[0].acts", `["reflect"]`}, {"rules.outcome.chain[1].acts", `["state"]`}}, "pay_without_rating",
		[]string{"rules.pay.link", "rules.outcome.method"}},
	{"a section twice", "model", []edit{{"rules.forms.meeting.sections[1].code", `"notes"`}}, "code_twice",
		[]string{"rules.forms.meeting.sections[0].code", "rules.forms.meeting.sections[1].code"}},
	{"a choice of nothing", "model", []edit{{"rules.forms.meeting.sections[1].kind", `"choice"`}}, "options_missing", []string{"rules.forms.meeting.sections[1].kind"}},
	{"options for a text", "model", []edit{{"rules.forms.meeting.sections[1].options", `[{"code":"a","label":"A"}]`}}, "options_unused",
		[]string{"rules.forms.meeting.sections[1].kind", "rules.forms.meeting.sections[1].options"}},
	{"an option twice", "tsat", []edit{{"rules.forms.reflection.sections[15].options[1].code", `"never"`}}, "code_twice",
		[]string{"rules.forms.reflection.sections[15].options[0].code", "rules.forms.reflection.sections[15].options[1].code"}},
	{"numbers between nothing", "tsat", []edit{{"rules.forms.check_in.sections[5].min", `11`}}, "bounds",
		[]string{"rules.forms.check_in.sections[5].min", "rules.forms.check_in.sections[5].max"}},
	{"a quotation of nothing", "tsat", []edit{{"rules.forms.reflection.sections[1].prefill[0]", `"weather"`}}, "prefill_unknown",
		[]string{"rules.forms.reflection.sections[1].prefill[0]", "rules.check_ins.form", "rules.forms.check_in"}},
	{"a layer for no group", "model", []edit{{"groups.gardeners.objectives.max", `6`}}, "group_unknown", []string{"groups.gardeners"}},
	{"a school's layer for no group", "model", []edit{{"schools.u1.groups.gardeners.reviewers.default", `"appointed"`}}, "group_unknown",
		[]string{"schools.u1.groups.gardeners"}},
	{"a group's own fault", "tsat", []edit{{"groups.support.objectives.max", `2`}}, "slots_over_max",
		[]string{"rules.objectives.slots", "groups.support.objectives.max"}},
	{"a school's own fault", "tsat", []edit{{"schools.u1.rules.forms.check_in", `{"label":"C","sections":[
		{"code":"went_well","label":"A","kind":"text","group":"a"},{"code":"even_better_if","label":"B","kind":"text","group":"b"},
		{"code":"praise","label":"C","kind":"people"},{"code":"progress","label":"D","kind":"text"}]}`}}, "prefill_unknown",
		[]string{"rules.forms.reflection.sections[4].prefill[0]", "rules.check_ins.form", "schools.u1.rules.forms.check_in"}},
	{"the own fault of a group in a school", "model", []edit{{"schools.u1.groups.support.forms.odd", `{"label":"O","sections":[{"code":"a","label":"A","kind":"choice"}]}`}},
		"options_missing", []string{"schools.u1.groups.support.forms.odd.sections[0].kind"}},
}

func TestValidateFindsWhatCannotBeRun(t *testing.T) {
	for _, tc := range unrunnable {
		t.Run(tc.name, func(t *testing.T) {
			document := embedded(t, tc.profile)
			change(t, document, tc.edits)
			findings := policy.Errors(policy.Validate(parse(t, document)))
			require.Len(t, findings, 1, "%v", findings)
			assert.Equal(t, tc.code, findings[0].Code)
			assert.Equal(t, tc.paths, findings[0].Paths)
			assert.NotEmpty(t, findings[0].Message)
			assert.NotEmpty(t, findings[0].Suggestion)
		})
	}
}

func TestValidateFindsEverythingAtOnce(t *testing.T) {
	document := embedded(t, "tsat")
	change(t, document, []edit{
		{"rules.objectives.max", `2`}, {"rules.check_ins.engagement[2].at_least", `0.1`},
		{"rules.pay.link", `"none"`}, {"rules.meetings.plan[0].form", `"minutes"`},
	})
	assert.Len(t, policy.Errors(policy.Validate(parse(t, document))), 4)
}

func TestAFaultOfTheTrustIsReportedOnceHoweverManyLayersInheritIt(t *testing.T) {
	document := embedded(t, "tsat")
	change(t, document, []edit{
		{"rules.objectives.max", `2`}, {"groups.support.objectives.counted", `2`}, {"groups.central.objectives.counted", `1`},
		{"schools.u1.rules.objectives.bank", `false`}, {"schools.u2.rules.objectives.bank", `false`},
	})
	assert.Len(t, policy.Errors(policy.Validate(parse(t, document))), 1)
}

func TestACellWithoutARatingIsUnsetAndNoError(t *testing.T) {
	document := embedded(t, "tsat")
	change(t, document, []edit{
		{"rules.outcome.grid.cells", `[{"row":"high","column":"high_in_all"}]`}, {"rules.outcome.grid.boxes[0].rating", ""},
	})
	findings := policy.Validate(parse(t, document))
	require.Empty(t, policy.Errors(findings))
	paths := map[string]int{}
	for _, f := range policy.Unset(findings) {
		paths[f.Code+" "+f.Paths[0]]++
	}
	assert.Equal(t, map[string]int{
		"cell_unset rules.outcome.grid.cells":           8, // cells that are not there at all
		"cell_unset rules.outcome.grid.cells[0].rating": 1,
		"box_unset rules.outcome.grid.boxes[0].rating":  1,
	}, paths)
}

func TestAReviewersApprovalNeedsNobodyToSettleADisagreement(t *testing.T) {
	document := embedded(t, "tsat")
	change(t, document, []edit{{"rules.objectives.on_disagreement", `"none"`}})
	assert.Empty(t, policy.Errors(policy.Validate(parse(t, document))))
}

func TestAStepMayBeAnOfficesAndMayCountFromAnEarlierStep(t *testing.T) {
	document := embedded(t, "model")
	change(t, document, []edit{
		{"rules.outcome.chain[3].party", `"office:ceo"`},
		{"rules.outcome.chain[3].due", `{"anchor":"step","step":"decide","days":7}`},
	})
	assert.Empty(t, policy.Validate(parse(t, document)))
}

func TestAChainMayBeEmpty(t *testing.T) {
	document := embedded(t, "model")
	change(t, document, []edit{{"rules.outcome.chain", `[]`}, {"rules.objectives.amendable_until", `""`}})
	assert.Empty(t, policy.Validate(parse(t, document)))
}
