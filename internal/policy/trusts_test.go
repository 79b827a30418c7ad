package policy_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// TestTheProfilesDisagreeAsTheirSourcesDo holds each profile against the table of what the trusts
// disagree on.
func TestTheProfilesDisagreeAsTheirSourcesDo(t *testing.T) {
	type stance struct {
		drafter, approver, settles policy.Party
		group                      string // whose required objectives are counted
		required                   int
		selfAssessment             string
		formal                     int
		rating, amendments         string
		overall                    int // values of the overall scale
		each                       int // values of each objective's
	}
	for code, want := range map[string]stance{
		"tlp":      {"reviewer", "reviewee", "reviewer", "teacher", 3, "required_before_objectives", 4, "derived", "at_meetings", 4, 3},
		"tsat":     {"reviewee", "reviewer", "reviewers_reviewer", "teaching", 3, "off", 0, "grid", "any_time", 4, 2},
		"lt2":      {"both", "both", "reviewer", "teacher", 1, "optional", 1, "none", "with_reason", 0, 0},
		"canonium": {"both", "both", "reviewer", "class_teacher", 4, "optional", 0, "none", "with_reason", 0, 2},
	} {
		r := profile(t, code).Document.Resolve("", want.group).Rules
		have := stance{r.Objectives.Drafter, r.Objectives.Approver, r.Objectives.OnDisagreement, want.group, required(r), r.SelfAssessment.Requirement,
			r.Meetings.FormalMin, r.Outcome.Method, r.Objectives.Amendments, len(r.Outcome.Scale), len(r.Outcome.ObjectiveScale)}
		assert.Equal(t, want, have, code)
	}
	canonium := profile(t, "canonium").Document
	for group, n := range map[string]int{"class_teacher": 4, "isa_lsa": 3, "lsa_1to1": 3, "support": 3} {
		assert.Equal(t, n, required(canonium.Resolve("", group).Rules), group)
	}
}

func required(r policy.Rules) (n int) {
	for _, s := range r.Objectives.Slots {
		if s.Required {
			n++
		}
	}
	return n
}

func TestEachProfilePutsAPostIntoItsGroup(t *testing.T) {
	for _, tc := range []struct {
		profile, group string
		post           policy.FactSet
	}{
		{"tlp", "teacher", policy.FactSet{"staff_type": "teaching"}},
		{"tlp", "support", policy.FactSet{"staff_type": "central"}},
		{"lt2", "ceo", policy.FactSet{"staff_type": "executive", "role_code": "ceo", "is_head": true, "unit_kind": "trust"}},
		{"lt2", "headteacher", policy.FactSet{"staff_type": "teaching", "is_head": true, "unit_kind": "school"}},
		{"lt2", "central", policy.FactSet{"staff_type": "support", "unit_kind": "central"}},
		{"lt2", "associate", policy.FactSet{"staff_type": "support", "unit_kind": "school"}},
		{"lt2", "teacher", policy.FactSet{"staff_type": "teaching", "unit_kind": "school", "is_head": false}},
		{"canonium", "ceo", policy.FactSet{"staff_type": "executive", "role_code": "ceo", "unit_kind": "central"}},
		{"canonium", "headteacher", policy.FactSet{"staff_type": "teaching", "is_head": true, "unit_kind": "school"}},
		{"canonium", "class_teacher", policy.FactSet{"staff_type": "teaching", "unit_kind": "school"}},
		{"canonium", "lsa_1to1", policy.FactSet{"staff_type": "support", "role_code": "lsa_1to1", "unit_kind": "school"}},
		{"canonium", "isa_lsa", policy.FactSet{"staff_type": "support", "role_code": "lsa", "unit_kind": "school"}},
		{"canonium", "support", policy.FactSet{"staff_type": "support", "role_code": "caretaker", "unit_kind": "school"}},
	} {
		group, found := profile(t, tc.profile).Document.Resolve("", "").Rules.GroupOf(tc.post)
		assert.True(t, found)
		assert.Equal(t, tc.group, group.Code, "%v", tc.post)
	}
}

func TestEachProfileLeavesOutWhomItsSourceDoes(t *testing.T) {
	today := schooltime.MustDate("2026-10-01")
	ends := today.AddDays(300)
	first := policy.FactSet{"in_induction": true, "induction_year": 1, "induction_ends_on": ends}
	second := policy.FactSet{"in_induction": true, "induction_year": 2, "induction_ends_on": ends}
	probation := policy.FactSet{"on_probation": true, "probation_ends_on": ends}
	for code, want := range map[string][3]bool{ // first year of induction, second year, probation
		"tlp": {false, false, false}, "tsat": {true, true, false}, "lt2": {true, false, false}, "canonium": {true, true, true},
	} {
		rules := profile(t, code).Document.Resolve("", "").Rules
		out := func(fs policy.FactSet) bool {
			for _, e := range rules.ExclusionsFor(fs, today) {
				if e.Effect == "exclude" {
					return true
				}
			}
			return false
		}
		assert.Equal(t, want, [3]bool{out(first), out(second), out(probation)}, code)
	}
}

// TestEachRoleHasTheFrameworksOfItsSource reads the guide's table of roles and standards.
func TestEachRoleHasTheFrameworksOfItsSource(t *testing.T) {
	for role, tc := range map[string]struct {
		post policy.FactSet
		want string
	}{
		"teacher in induction": {policy.FactSet{"staff_type": "teaching", "in_induction": true}, "early_career"},
		"teacher":              {policy.FactSet{"staff_type": "teaching", "in_induction": false, "role_code": "teacher"}, "teachers_standards"},
		"middle leader":        {policy.FactSet{"staff_type": "teaching", "role_code": "middle_leader"}, "leadership"},
		"senior leader":        {policy.FactSet{"staff_type": "teaching", "role_code": "senior_leader"}, "headteachers_standards"},
		"head":                 {policy.FactSet{"staff_type": "teaching", "role_code": "head", "is_head": true}, "headteachers_standards"},
		"technician":           {policy.FactSet{"staff_type": "support", "role_code": "technician"}, "technician"},
		"administrator":        {policy.FactSet{"staff_type": "support", "role_code": "administrator"}, "administration"},
		"higher assistant":     {policy.FactSet{"staff_type": "support", "role_code": "hlta"}, "hlta"},
		"assistant":            {policy.FactSet{"staff_type": "support", "role_code": "teaching_assistant"}, "teaching_assistant"},
		"caretaker":            {policy.FactSet{"staff_type": "support"}, "support_staff_core"},
	} {
		rules := profile(t, "tlp").Document.Resolve("", "").Rules.SelfAssessment
		var have []string
		for _, f := range rules.Frameworks {
			if f.When.Holds(tc.post) {
				have = append(have, f.Frameworks...)
			}
		}
		assert.Equal(t, []string{"trust_behaviours", tc.want}, have, role)
		assert.Len(t, have, rules.Required, "as many as are required: %s", role)
	}
}

func TestTheYearsHaveTheirSourcesDays(t *testing.T) {
	start := schooltime.MustDate("2023-09-01")
	anchors := schooltime.Anchors{CycleStart: start, CycleEnd: schooltime.MustDate("2024-08-31"), Joining: start, Calendar: schooltime.SampleCalendar()}
	on := func(r schooltime.Rule) string {
		d, err := r.On(anchors)
		require.NoError(t, err)
		return d.String()
	}
	tlp := profile(t, "tlp").Document
	assert.Equal(t, "2023-10-31", on(tlp.Resolve("", "teacher").Rules.Objectives.Due))
	assert.Equal(t, "2023-11-14", on(tlp.Resolve("", "support").Rules.Objectives.Due))
	last := "2023-09-01"
	for _, m := range tlp.Resolve("", "").Rules.Meetings.Plan {
		assert.Greater(t, on(m.Due), last, m.Code)
		last = on(m.Due)
	}
	assert.Less(t, last, "2024-08-31", "six meetings, all in the year")
}

func TestAHeadIsReviewedByWhomTheSourceNames(t *testing.T) {
	head := policy.FactSet{"staff_type": "teaching", "is_head": true, "unit_kind": "school"}
	seats := func(code string, fs policy.FactSet) ([]policy.Party, policy.Party) {
		for _, a := range profile(t, code).Document.Resolve("", "").Rules.Reviewers.Appointments {
			if a.When.Holds(fs) {
				return a.Seats, a.ObjectivesBy
			}
		}
		return nil, ""
	}
	panel, _ := seats("lt2", head)
	assert.Equal(t, []policy.Party{"office:ceo", "office:chair", "office:adviser"}, panel)
	board, sets := seats("canonium", head)
	assert.Equal(t, []policy.Party{"office:board_nominee"}, board)
	assert.Equal(t, policy.Party("office:ceo"), sets)
	own, _ := seats("lt2", policy.FactSet{"role_code": "ceo", "staff_type": "executive", "is_head": true, "unit_kind": "trust"})
	assert.Equal(t, []policy.Party{"office:chair"}, own, "nobody reviews themselves")
}

// LT2 speaks of one appeal, against decisions on pay; to the report one appends comments. The talk on
// a concern is no formal meeting, and nobody is said to come along.
func TestLT2HasAnAppealAgainstPayAloneAndNoCompanion(t *testing.T) {
	t.Parallel()
	r := profile(t, "lt2").Document.Resolve("", "").Rules
	assert.NotEmpty(t, r.Appeals.Pay)
	assert.Empty(t, r.Appeals.Statement)
	assert.False(t, r.Concern.Companion)
}
