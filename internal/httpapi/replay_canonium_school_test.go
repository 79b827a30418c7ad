package httpapi_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// Bay School joins the trust on 1 September with its head, vic, and its teacher, wes. It closes
// its last year by the policy that it had, a year for it alone, and is in the trust's from then on.
func TestASchoolThatJoinsCanoniumClosesItsLastYearUnderItsOwnPolicy(t *testing.T) {
	t.Parallel()
	r := canoniumYear(t)
	r.On("2026-09-01")
	r.openYear()
	trusts := r.CycleID
	joiningSchool(r)
	own, model := r.PolicyVersion, "model"
	made, err := r.World.HR.CreatePolicyWithResponse(t.Context(), nil, api.CreatePolicy{Name: "What Bay School had", Profile: &model})
	apitest.OK(t, made, err)
	v, err := r.World.HR.PublishPolicyWithResponse(t.Context(), made.JSON201.ID, &api.PublishPolicyParams{IfMatch: etag(made.JSON201.Version)})
	apitest.OK(t, v, err)
	require.NotEqual(t, own, v.JSON201.ID)
	last, err := r.World.HR.CreateCycleWithResponse(t.Context(), nil, api.CreateCycle{Name: "Bay School 2025-26", StartsOn: apitest.Day("2025-09-01"), PolicyVersionID: v.JSON201.ID, Scope: forUnits(r.ids["bay"])})
	apitest.OK(t, last, err)
	r.CycleID = last.JSON201.ID
	require.Equal(t, api.EnrolmentResult{Created: 2}, r.openYear(), "the joining school's people, and nobody of the others")
	r.ids["trust's"], r.ids["bay's"] = trusts, r.CycleID
	r.run(closingTheOldYear)
}

// joiningSchool adds the school and its people, who have been there for years.
func joiningSchool(r *replay) {
	r.T.Helper()
	r.ids["bay"] = unitOf(r.Process, "Bay School")
	from := apitest.Day("2019-09-01")
	r.join("vic", api.CreatePerson{GivenName: "Vic", FamilyName: "Moor", Post: &api.CreatePost{UnitID: r.ids["bay"], JobTitle: "Headteacher", StaffType: "teaching", FromOn: from, LineManagerID: ptr(r.As("eve").ID)}})
	r.join("wes", api.CreatePerson{GivenName: "Wes", FamilyName: "Lane", Post: &api.CreatePost{UnitID: r.ids["bay"], JobTitle: "Teacher", StaffType: "teaching", FromOn: from, LineManagerID: ptr(r.As("vic").ID)}})
	head, err := r.World.HR.FillOfficeWithResponse(r.T.Context(), nil, api.FillOffice{Code: "head", UnitID: r.ids["bay"], PersonID: r.As("vic").ID, FromOn: &from})
	apitest.OK(r.T, head, err)
}

// closes does a step of somebody's year with answers, and judges what is to be judged for it.
func closes(whose, step string, body api.SaveStep) deed {
	return func(r *replay) (client.Answer, error) {
		r.who.Judge(r.year(whose).ID)
		return gives(whose, step, body)(r)
	}
}

const wesLast aim = "wes's of last year"

// closingTheOldYear is the last year's end by the old policy, and this year by the trust's.
var closingTheOldYear = []replayScene{
	{"2026-09-02", "wes", "records what he agreed to last year", wesLast.drafted("wes", "practice", func(*replay) api.ObjectiveContent {
		return api.ObjectiveContent{Title: "Talk in pairs", Text: "In every lesson.", Criteria: []api.Item{{Text: "Two visits."}}}
	}), created, "", nil},
	{"", "wes", "signs it", wesLast.proposed(), ok, "", nil},
	{"", "vic", "signs it, and needs no training and no SMART check for it", wesLast.signed(), ok, "", func(r *replay) {
		require.Equal(r.T, api.ObjectiveApprovalAgreed, replayed[api.Objective](r).Approval)
	}},
	{"", "wes", "reflects on the year, which this trust's policy asks of nobody", func(r *replay) (client.Answer, error) {
		id := r.ids[string(wesLast)].String()
		return closes("wes", "outcome.reflect", api.SaveStep{Answers: map[string]any{"achievements": "The debates.", "progress": map[string]any{id: "Done."}, "complete": map[string]any{id: true}}})(r)
	}, ok, "", nil},
	{"", "vic", "states and rates by the old scale", closes("wes", "outcome.state", api.SaveStep{Answers: map[string]any{"statement": "A good year."}, Rating: &api.RatingInput{Code: ptr("met")}}), ok, "", nil},
	{"", "eve", "decides", closes("wes", "outcome.decide", api.SaveStep{Rating: &api.RatingInput{Code: ptr("met")}}), ok, "", nil},
	{"", "hr", "approves, and the outcome is released", closes("wes", "outcome.approve", api.SaveStep{}), ok, "", func(r *replay) {
		require.Equal(r.T, api.AppraisalStageReleased, r.year("wes").Stage)
	}},
	{"", "wes", "reads his rating", func(r *replay) (client.Answer, error) {
		return r.who.GetOutcomeWithResponse(r.T.Context(), r.year("wes").ID)
	}, ok, "", func(r *replay) {
		require.Contains(r.T, string(r.last.GetBody()), `"met"`)
	}},
	{"2026-09-03", "hr", "enrols the school in the trust's year", func(r *replay) (client.Answer, error) {
		require.Equal(r.T, 2, r.waiting("hr")["enrol_people"])
		r.CycleID = r.ids["trust's"]
		return enrolsAll(r)
	}, ok, "", func(r *replay) { require.Equal(r.T, 2, replayed[api.EnrolmentResult](r).Created) }},
	{"", "wes", "has both years side by side, each by its own policy", func(r *replay) (client.Answer, error) { return r.who.ListAppraisalsWithResponse(r.T.Context(), nil) }, ok, "", func(r *replay) {
		groups := map[uuid.UUID]string{}
		for _, a := range replayed[api.AppraisalList](r).Items {
			groups[a.CycleID] = a.StaffGroup.Code
		}
		require.Equal(r.T, map[uuid.UUID]string{r.ids["bay's"]: "teaching", r.ids["trust's"]: "class_teacher"}, groups)
		require.Equal(r.T, []string{"pupil_progress", "leadership", "development", "enrichment"}, placesOf(r, "wes"))
	}},
	{"", "vic", "is reviewed by the board's nominee from now on", readYear("vic"), ok, "", func(r *replay) {
		require.ElementsMatch(r.T, []string{r.As("gus").ID.String() + " review lead", "eve objectives lead"}, sitting(r.Process, replayed[api.Appraisal](r), "2026-09-03"))
	}},
	{"", "vic", "appoints for wes", reviews("wes", "vic"), ok, "", nil},
}
