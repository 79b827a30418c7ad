package httpapi_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// lt2Fill is what the profile leaves to the trust: each of a panel signs, and the days that its pay
// policy would name.
var lt2Fill = map[string]any{
	"reviewers.panel_signs": "all",
	"appeals.pay": []any{map[string]any{"code": "first", "label": "First hearing", "party": "head", "lodge_days": 10, "decide_days": 20, "in": "working_days"},
		map[string]any{"code": "second", "label": "Second hearing", "party": "office:chair", "lodge_days": 10, "decide_days": 20, "in": "working_days", "companion": true}},
	"appeals.late_by":   "office:chair",
	"concern.weeks_min": 6, "concern.weeks_max": 12, "concern.extension_weeks": 4,
	"pay.chain": []any{map[string]any{"code": "decide_pay", "label": "Decision on pay", "order": 1, "party": "hr", "acts": []any{"decide_pay"}, "required": true,
		"due": map[string]any{"anchor": "cycle_end", "month_day": "10-31"}}},
}

// lt2Year is a trust on the profile LT2 on the first day of its year. Beside the six: gil advises
// from outside and has no post, hal works centrally, ivy has a contract of seven months from
// November and max one of five from September, and jan, kim and lou are in induction, in its first
// year, its second, and in a first that ends in January.
func lt2Year(t *testing.T) *replay {
	t.Helper()
	r := newReplay(t, "2026-08-24", func(key string, post *api.CreatePost) {
		if key == "eve" {
			post.RoleCode = ptr("ceo")
		}
	})
	r.join("gil", api.CreatePerson{GivenName: "Gil", FamilyName: "Sand"})
	fillOffice(r.Process, "adviser", r.As("gil").ID)
	r.join("hal", api.CreatePerson{GivenName: "Hal", FamilyName: "Wade", Post: &api.CreatePost{UnitID: r.Root, JobTitle: "Finance manager", StaffType: "central", FromOn: apitest.Day("2025-01-06")}})
	teacher := func(key, family, from string, change func(*api.CreatePost)) {
		post := api.CreatePost{UnitID: r.School, JobTitle: "Teacher", StaffType: "teaching", FromOn: apitest.Day(from)}
		change(&post)
		r.join(key, api.CreatePerson{GivenName: key, FamilyName: family, Post: &post})
	}
	until := func(day string) func(*api.CreatePost) {
		return func(post *api.CreatePost) {
			post.Contract, post.ContractEndsOn = ptr(api.CreatePostContractFixedTerm), ptr(apitest.Day(day))
		}
	}
	induction := func(from, until string) func(*api.CreatePost) {
		return func(post *api.CreatePost) {
			post.InductionStartsOn, post.InductionEndsOn = ptr(apitest.Day(from)), ptr(apitest.Day(until))
		}
	}
	teacher("ivy", "Dunn", "2026-11-01", until("2027-05-31"))
	teacher("max", "Frost", "2026-09-01", until("2027-01-31"))
	teacher("jan", "Cole", "2026-09-01", induction("2026-09-01", "2028-09-01"))
	teacher("kim", "Shaw", "2025-09-01", induction("2025-09-01", "2027-09-01"))
	teacher("lou", "Nash", "2026-01-05", induction("2026-01-05", "2028-01-05"))
	r.adopt("lt2", lt2Fill)
	r.draftYear("2026-27", "2026-09-01")
	return r
}

func TestAYearOnTheProfileLT2ToItsEnd(t *testing.T) {
	t.Parallel()
	r := lt2Year(t)
	r.run(lt2Opening)
	r.run(lt2Panel)
	r.run(lt2Agreeing)
	r.run(lt2Disagreeing)
	r.run(lt2Evidence)
	r.run(lt2Winter)
	r.run(lt2Changing)
	r.run(lt2Concern)
	year := r.CycleID
	r.run(lt2Summer) // which drafts the next year
	r.CycleID = year
	r.run(lt2Reporting)
	r.run(lt2Panelled)
	r.run(lt2Pay)
	r.run(lt2Appealing)
}

// lt2Opening is the year's opening: who is in, and whom the headteacher appoints.
var lt2Opening = []replayScene{
	{"2026-08-31", "hr", "looks who would be in, and who reviews them", func(r *replay) (client.Answer, error) {
		return r.who.PreviewEnrolmentWithResponse(r.T.Context(), r.CycleID, nil)
	}, ok, "", func(r *replay) {
		require.Equal(r.T, api.EnrolmentSummary{Included: 9, Excluded: 2, WithoutReviewer: 6}, replayed[api.EnrolmentPlan](r).Summary)
		for key, want := range map[string]string{"eve": "Fay Moss", "cho": "Eve Tarn, Fay Moss, Gil Sand", "hal": "Eve Tarn", "ada": "nobody", "ivy": "nobody"} {
			require.Equal(r.T, want, reviewing(r.enrolment(key)), key)
		}
		require.Equal(r.T, []string{"induction_year", "in", "induction_year"}, []string{inOrOut(r.enrolment("jan")), inOrOut(r.enrolment("kim")), inOrOut(r.enrolment("lou"))})
		require.Equal(r.T, []string{"2027-09-01", "2027-01-05"}, []string{r.enrolment("jan").UntilOn.MustGet().String(), r.enrolment("lou").UntilOn.MustGet().String()},
			"the first year alone is out")
		require.Equal(r.T, []string{"ceo", "headteacher", "central", "teacher", "associate"},
			[]string{groupOf(r, "eve"), groupOf(r, "cho"), groupOf(r, "hal"), groupOf(r, "ada"), groupOf(r, "dov")})
	}},
	{"", "hr", "tries the policy on them, and is told that cho's three reviewers leave nobody for an appeal of hers", func(r *replay) (client.Answer, error) {
		return r.who.SimulatePolicyWithResponse(r.T.Context(), r.PolicyID, api.SimulatePolicy{CycleID: &r.CycleID})
	}, ok, "", func(r *replay) {
		unheard := unheardOf(replayed[api.Simulation](r))
		require.Equal(r.T, "pay.first pay.second late:pay.first late:pay.second", unheard["Cho Lark"])
		require.NotContains(r.T, unheard, "Ada Finch")
	}},
	{"2026-09-01", "hr", "opens the year", func(r *replay) (client.Answer, error) {
		require.Equal(r.T, api.EnrolmentResult{Created: 9, Excluded: 2, WithoutReviewer: 6}, r.openYear())
		return unreviewed(r)
	}, ok, "", func(r *replay) { require.Len(r.T, replayed[api.AppraisalList](r).Items, 6) }},
	{"", "cho", "is told whom nobody reviews", unreviewed, ok, "", func(r *replay) {
		require.Len(r.T, replayed[api.AppraisalList](r).Items, 6)
		require.Equal(r.T, 6, r.waiting("cho")["name_reviewers"])
	}},
	{"", "hr", "appoints nobody here", reviews("ada", "ben"), never, "not_your_act", func(r *replay) {
		citing("reviewers.appointed_by")(r)
		require.Contains(r.T, string(r.last.GetBody()), "headteacher")
	}},
	{"", "ben", "does neither", reviews("ada", "ben"), never, "role_not_admitted", nil},
	{"", "cho", "appoints nobody for herself", reviews("cho", "ben"), never, "out_of_reach", nil},
	{"", "cho", "appoints ben for ada", reviews("ada", "ben"), ok, "", nil},
	{"", "cho", "appoints ben for dov", reviews("dov", "ben"), ok, "", nil},
	{"", "cho", "appoints ben for kim", reviews("kim", "ben"), ok, "", nil},
	{"", "cho", "reviews max herself", reviews("max", "cho"), ok, "", nil},
	{"", "cho", "reviews ben herself", reviews("ben", "cho"), ok, "", func(r *replay) {
		require.Equal(r.T, 1, r.waiting("cho")["name_reviewers"], "ivy is to come")
	}},
	{"2026-11-02", "cho", "appoints ben for ivy", reviews("ivy", "ben"), ok, "", func(r *replay) {
		require.NotContains(r.T, r.waiting("cho"), "name_reviewers")
	}},
	{"", "ivy", "sees a year of seven months with deadlines of its own", readYear("ivy"), ok, "", func(r *replay) {
		a := replayed[api.Appraisal](r)
		require.Equal(r.T, []string{"2026-11-01", "2027-05-31"}, []string{a.StartsOn.String(), a.EndsOn.String()})
		require.Equal(r.T, map[string]string{"objectives": "2026-12-31", "interim": "2027-03-31", "annual": "2027-06-30", "outcome.report opens": "2027-03-31",
			"outcome.report": "2027-06-30", "outcome.comment": "2027-07-15", "pay.decide_pay": "2027-10-31"}, r.due("ivy"))
	}},
	{"", "max", "has no deadline in a month that is not his", readYear("max"), ok, "", func(r *replay) {
		due := r.due("max")
		require.Equal(r.T, []string{"2026-09-30", "2027-01-31", "2027-03-02"}, []string{due["objectives"], due["interim"], due["annual"]})
	}},
}

// groupOf is the staff group of somebody's post.
func groupOf(r *replay, key string) string { return r.enrolment(key).StaffGroup.MustGet().Code }

func readYear(whose string) deed {
	return func(r *replay) (client.Answer, error) {
		return r.who.GetAppraisalWithResponse(r.T.Context(), r.year(whose).ID, nil)
	}
}

// lt2Content is an objective with everything that this trust asks for, on the trust's plan.
func lt2Content(title string) func(*replay) api.ObjectiveContent {
	return func(r *replay) api.ObjectiveContent {
		return api.ObjectiveContent{Title: title, Text: title + ", so that every class gains by it.", Criteria: []api.Item{{Text: "Two grades gained by half of the group."}},
			AssessmentMethod: ptr("The appraiser compares the tests of September and June."), PriorityIds: []uuid.UUID{r.ids["plan"]}, Smart: allSmart()}
	}
}

// but is a content with a change.
func but(content func(*replay) api.ObjectiveContent, change func(*api.ObjectiveContent)) func(*replay) api.ObjectiveContent {
	return func(r *replay) api.ObjectiveContent {
		c := content(r)
		change(&c)
		return c
	}
}

func allSmart() map[string]bool {
	return map[string]bool{"specific": true, "measurable": true, "achievable": true, "relevant": true, "time_bound": true}
}
