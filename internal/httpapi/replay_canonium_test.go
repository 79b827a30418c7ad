package httpapi_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// canoniumFill is what the profile leaves to the trust: the places of those for whom it has no
// form, and what its pay policy and its schedule of records would say.
var canoniumFill = map[string]any{
	"objectives.slots": []any{
		map[string]any{"code": "trust", "label": "For the trust", "required": true, "smart": true},
		map[string]any{"code": "enrichment", "label": "Enrichment", "required": true, "smart": true},
	},
	"privacy.retention": []any{map[string]any{"class": "appraisal", "months": 72, "from": "cycle_end"}},
	"appeals.pay":       []any{map[string]any{"code": "first", "label": "First hearing", "party": "head", "lodge_days": 10, "decide_days": 20, "in": "working_days"}},
	"appeals.statement": []any{},
	"pay.chain": []any{
		map[string]any{"code": "recommend_pay", "label": "Recommendation on pay", "order": 1, "party": "head", "acts": []any{"recommend_pay"}, "required": true, "due": map[string]any{"anchor": "cycle_end", "month_day": "10-26"}},
		map[string]any{"code": "decide_pay", "label": "Decision on pay", "order": 2, "party": "hr", "acts": []any{"decide_pay"}, "required": true, "due": map[string]any{"anchor": "cycle_end", "month_day": "10-31"}},
	},
}

// canoniumYear is a trust on the profile Canonium before its year. Beside the six: gus reviews for
// the board and has no post, ivo supports one pupil and lia a class, mia works centrally, nia keeps
// the office, rex leads a second school, tom's contract ends in May, pip is on probation until
// February, and sam in induction until April.
func canoniumYear(t *testing.T) *replay {
	t.Helper()
	r := newReplay(t, "2026-08-24", func(key string, post *api.CreatePost) {
		if key == "eve" {
			post.RoleCode = ptr("ceo")
		}
	})
	r.ids["cove"] = unitOf(r.Process, "Cove School")
	r.join("gus", api.CreatePerson{GivenName: "Gus", FamilyName: "Hart"})
	fillOffice(r.Process, "board_nominee", r.As("gus").ID)
	hired := func(key, family, job, staff string, unit uuid.UUID, change func(*api.CreatePost)) {
		post := api.CreatePost{UnitID: unit, JobTitle: job, StaffType: staff, FromOn: apitest.Day("2025-09-01")}
		if change != nil {
			change(&post)
		}
		r.join(key, api.CreatePerson{GivenName: key, FamilyName: family, Post: &post})
	}
	role := func(code string) func(*api.CreatePost) {
		return func(post *api.CreatePost) { post.RoleCode = &code }
	}
	hired("ivo", "Grant", "Assistant", "support", r.School, role("lsa_1to1"))
	hired("lia", "Booth", "Assistant", "support", r.School, role("lsa"))
	hired("mia", "Stone", "Estates manager", "central", r.Root, nil)
	hired("nia", "Cross", "Office manager", "support", r.School, nil)
	hired("rex", "Vale", "Headteacher", "teaching", r.ids["cove"], nil)
	hired("tom", "Field", "Teacher", "teaching", r.School, func(post *api.CreatePost) {
		post.Contract, post.ContractEndsOn = ptr(api.CreatePostContractFixedTerm), ptr(apitest.Day("2027-05-31"))
	})
	hired("pip", "Marsh", "Teacher", "teaching", r.School, func(post *api.CreatePost) { post.ProbationEndsOn = ptr(apitest.Day("2027-02-01")) })
	hired("sam", "Reid", "Teacher", "teaching", r.School, func(post *api.CreatePost) {
		post.InductionStartsOn, post.InductionEndsOn = ptr(apitest.Day("2025-04-12")), ptr(apitest.Day("2027-04-12"))
	})
	from := apitest.Day("2025-09-01")
	head, err := r.World.HR.FillOfficeWithResponse(t.Context(), nil, api.FillOffice{Code: "head", UnitID: r.ids["cove"], PersonID: r.As("rex").ID, FromOn: &from})
	apitest.OK(t, head, err)
	r.adopt("canonium", canoniumFill)
	r.draftYear("2026-27", "2026-09-01")
	return r
}

func TestAYearOnTheProfileCanonium(t *testing.T) {
	t.Parallel()
	r := canoniumYear(t)
	r.run(canoniumOpening)
	r.run(canoniumAppointing)
	r.run(canoniumPreparing)
	r.run(canoniumTargets)
	r.run(canoniumHead)
	r.run(canoniumQuality)
	r.run(canoniumMeeting)
	r.run(inOrderOfDays(canoniumWinter, canoniumSummer, canoniumConcern, canoniumResolved))
	r.run(canoniumEnd)
	r.run(canoniumPay)
	r.run(canoniumSeen)
}

// takesIn takes somebody into the year whom a rule leaves out.
func takesIn(whose string) deed {
	return func(r *replay) (client.Answer, error) {
		posts, err := r.World.HR.ListPostsWithResponse(r.T.Context(), r.As(whose).ID)
		apitest.OK(r.T, posts, err)
		return r.who.IncludeAppraisalWithResponse(r.T.Context(), r.CycleID, nil, api.DecideEnrolment{PostID: posts.JSON200.Items[0].ID, Reason: "Asked to take part."})
	}
}

func enrolsAll(r *replay) (client.Answer, error) {
	return r.who.EnrolPeopleWithResponse(r.T.Context(), r.CycleID, nil, api.EnrolPeople{})
}

// canoniumOpening is who is in: those in induction or on probation normally are not.
var canoniumOpening = []replayScene{
	{"2026-09-01", "hr", "opens the year", func(r *replay) (client.Answer, error) {
		require.Equal(r.T, api.EnrolmentResult{Created: 11, Excluded: 2, WithoutReviewer: 8}, r.openYear())
		return r.who.PreviewEnrolmentWithResponse(r.T.Context(), r.CycleID, nil)
	}, ok, "", func(r *replay) {
		require.Equal(r.T, []string{"probation", "induction"}, []string{inOrOut(r.enrolment("pip")), inOrOut(r.enrolment("sam"))})
		for key, want := range map[string]string{"eve": "ceo", "cho": "headteacher", "mia": "central", "ada": "class_teacher", "ivo": "lsa_1to1", "lia": "isa_lsa", "dov": "support"} {
			require.Equal(r.T, want, groupOf(r, key), key)
		}
	}},
	{"", "rex", "takes in nobody of another school", takesIn("pip"), invalid, "unknown_post", nil},
	{"", "ben", "takes in nobody", takesIn("pip"), never, "role_not_admitted", nil},
	{"", "cho", "takes pip in all the same", takesIn("pip"), ok, "", func(r *replay) { require.True(r.T, replayed[api.Enrolment](r).Included) }},
	{"", "hr", "enrols pip", enrolsAll, ok, "", func(r *replay) {
		require.Equal(r.T, 1, replayed[api.EnrolmentResult](r).Created)
		require.Equal(r.T, "2026-09-01", r.year("pip").StartsOn.String(), "the whole year")
	}},
	{"", "tom", "has a shorter year with its deadlines in it", readYear("tom"), ok, "", func(r *replay) {
		require.Equal(r.T, map[string]string{"objectives": "2026-10-31", "initial": "2026-10-31", "mid_term": "2027-03-31", "final": "2027-05-31", "outcome.report opens": "2027-05-31",
			"outcome.report": "2027-09-30", "outcome.comment": "2027-10-15", "outcome.sign": "2027-10-22",
			"pay.recommend_pay": "2027-10-26", "pay.decide_pay": "2027-10-31"}, r.due("tom"))
	}},
}

// canoniumAppointing is who reviews: the board's nominee, and whom the heads appoint.
var canoniumAppointing = []replayScene{
	{"2026-09-02", "cho", "sees whom she is to appoint reviewers for", unreviewed, ok, "", func(r *replay) {
		require.Len(r.T, replayed[api.AppraisalList](r).Items, 8)
	}},
	{"", "cho", "does not appoint for central staff", func(r *replay) (client.Answer, error) {
		a := r.year("mia")
		return r.who.HandOverAppraisalWithResponse(r.T.Context(), a.ID, &api.HandOverAppraisalParams{IfMatch: etag(a.Version)}, api.HandOver{ReviewerID: r.As("ben").ID})
	}, gone, "not_found", nil},
	{"", "eve", "appoints for central staff", reviews("mia", "eve"), ok, "", nil},
	{"", "cho", "appoints ben for ada", reviews("ada", "ben"), ok, "", nil},
	{"", "cho", "appoints ben for dov", reviews("dov", "ben"), ok, "", nil},
	{"", "cho", "appoints ada for lia", reviews("lia", "ada"), ok, "", nil},
	{"", "gus", "reviews heads and the chief executive", func(r *replay) (client.Answer, error) { return r.who.ListAppraisalsWithResponse(r.T.Context(), nil) }, ok, "", func(r *replay) {
		var whose []uuid.UUID
		for _, a := range replayed[api.AppraisalList](r).Items {
			whose = append(whose, a.PersonID)
		}
		require.ElementsMatch(r.T, []uuid.UUID{r.As("cho").ID, r.As("rex").ID, r.As("eve").ID}, whose)
	}},
	{"", "cho", "is reviewed by the board's nominee, and her targets are the chief executive's", readYear("cho"), ok, "", func(r *replay) {
		require.ElementsMatch(r.T, []string{r.As("gus").ID.String() + " review lead", "eve objectives lead"}, sitting(r.Process, replayed[api.Appraisal](r), "2026-09-02"))
	}},
}

// makesNotes saves somebody's own notes for the meeting.
func makesNotes(whose string, version int) deed {
	return func(r *replay) (client.Answer, error) {
		return r.who.SavePreparationWithResponse(r.T.Context(), r.year(whose).ID, &api.SavePreparationParams{IfMatch: etag(version)},
			api.SavePreparation{Answers: map[string]any{"satisfaction": "The choir.", "concern": "Marking at weekends."}})
	}
}

func readsNotes(whose string) deed {
	return func(r *replay) (client.Answer, error) {
		return r.who.GetPreparationWithResponse(r.T.Context(), r.year(whose).ID)
	}
}

// canoniumPreparing is what people note before the meeting, for themselves.
var canoniumPreparing = []replayScene{
	{"2026-09-14", "ada", "notes what she thinks of the year", makesNotes("ada", 0), ok, "", nil},
	{"", "ada", "reads it again", readsNotes("ada"), ok, "", func(r *replay) {
		require.Equal(r.T, "The choir.", replayed[api.Preparation](r).Answers["satisfaction"])
	}},
	{"", "ben", "who reviews her does not", readsNotes("ada"), never, "out_of_reach", nil},
	{"", "cho", "who leads the school does not", readsNotes("ada"), never, "out_of_reach", nil},
	{"", "hr", "does not", readsNotes("ada"), never, "role_not_admitted", nil},
	{"", "nia", "who works beside her does not", readsNotes("ada"), gone, "not_found", nil},
}
