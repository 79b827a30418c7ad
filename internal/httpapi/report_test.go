package httpapi_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

func TestAReportIsWeighedSignedAndReceivedInPart(t *testing.T) {
	t.Parallel()
	r := newReported(t)
	before := reportSection(t, r.report("ada"), "statement")
	require.Equal(t, []any{false, "not_written_yet", false}, []any{before.Visible, before.Refusal.MustGet().Code, before.Late})
	r.benWeighsEverything(t)
	first := r.adaSignsFirst(t)
	r.benStatesAnewAndAdaDeclines(t)
	r.adaReceivesHerParts(t, first)
	r.othersReceiveTheirs(t)
}

// benWeighsEverything is how a statement waits until everything was weighed that the policy names.
func (r *reported) benWeighsEverything(t *testing.T) {
	t.Helper()
	s := r.step("ben", "outcome.state")
	require.Equal(t, []api.Coded{{Code: "objectives", Label: "Objectives"}, {Code: "job_description", Label: "The job description"}}, s.Inputs)
	require.Empty(t, r.step("cho", "outcome.decide").Inputs, "only who judges first weighs")
	unknown, err := r.save("ben", "outcome.state", api.SaveStep{Weighed: []string{"objectives", "engagement"}})
	p := apitest.Refused(t, unknown, err, 422, "unknown_input")
	require.Equal(t, "/weighed/1", p.Errors[0].Pointer)
	half := met
	half.Weighed = []string{"objectives"}
	saved, err := r.save("ben", "outcome.state", half)
	apitest.OK(t, saved, err)
	require.Equal(t, []string{"objectives"}, saved.JSON200.Weighed)
	early, err := r.complete("ben", "outcome.state", api.CompleteStep{})
	p = apitest.Refused(t, early, err, 409, "inputs_not_weighed")
	require.Equal(t, "outcome.inputs", p.Refusals[0].Policy.MustGet().Parameter)
	require.Contains(t, p.Refusals[0].Detail, "job_description")
	require.NotContains(t, p.Refusals[0].Detail, "objectives")
	r.done("ben", "outcome.state", met)
}

// adaSignsFirst gives the signature of Ada, who sees the statement only when the outcome is released.
func (r *reported) adaSignsFirst(t *testing.T) api.ReportSignature {
	t.Helper()
	hers := reportSection(t, r.report("ada"), "statement")
	require.Equal(t, []any{false, "outcome_not_released"}, []any{hers.Visible, hers.Refusal.MustGet().Code})
	require.Empty(t, hers.Answers)
	r.done("cho", "outcome.decide", api.SaveStep{})
	r.done("ada", "outcome.hers", api.SaveStep{})
	first := reportSection(t, r.report("ben"), "signed").Signatures[0]
	require.Equal(t, []any{"outcome.hers", "done", true}, []any{first.Step, string(first.State), first.Stands.MustGet()})
	return first
}

func (r *reported) benStatesAnewAndAdaDeclines(t *testing.T) {
	t.Helper()
	back, err := r.As("ben").ReturnStepWithResponse(t.Context(), r.appraisal, "outcome.his", &api.ReturnStepParams{IfMatch: etag(0)}, api.ReturnStep{To: "outcome.state", Reason: "A word is missing."})
	apitest.OK(t, back, err)
	cleared := reportSection(t, r.report("ben"), "signed").Signatures[0]
	require.Equal(t, "waiting", string(cleared.State))
	require.True(t, cleared.SignedSha256.IsNull(), "what was signed is gone, and so is the signature")

	again := met
	again.Answers = map[string]any{"statement": "A very good year."}
	r.done("ben", "outcome.state", again)
	r.done("cho", "outcome.decide", api.SaveStep{})
	r.On("2027-09-20")
	declined := api.CompleteStepResult("declined")
	no, err := r.complete("ada", "outcome.hers", api.CompleteStep{Result: &declined, Reason: ptr("I was not there.")})
	apitest.OK(t, no, err)
	r.done("ben", "outcome.his", api.SaveStep{})
}

func (r *reported) adaReceivesHerParts(t *testing.T, first api.ReportSignature) {
	t.Helper()
	report := r.report("ada")
	require.Equal(t, []string{"statement", "rating", "objectives", "standards", "comments", "signed"}, sectionsOf(report))
	require.Equal(t, "2027-09-20", report.ReleasedOn.MustGet().String())
	said := reportSection(t, report, "statement")
	require.Equal(t, []any{true, true, "2027-09-01", "A very good year."}, []any{said.Visible, said.Late, said.DueOn.MustGet().String(), said.Answers[0].Value.MustGet()}, "restated on 2 August, signed late")
	require.Equal(t, "met", reportSection(t, report, "rating").Ratings[0].Rating.Code)
	require.Equal(t, "Reading aloud", reportSection(t, report, "objectives").Objectives[0].Title)
	signed := reportSection(t, report, "signed").Signatures
	require.Equal(t, []any{"declined", "I was not there.", true}, []any{string(signed[0].State), signed[0].Reason.MustGet(), signed[0].SignedSha256.IsNull()})
	require.NotEqual(t, first.SignedSha256.MustGet(), signed[1].SignedSha256.MustGet(), "another statement, another sum")
	require.True(t, signed[1].Stands.MustGet())
}

func (r *reported) othersReceiveTheirs(t *testing.T) {
	t.Helper()
	require.Equal(t, []string{"statement", "objectives", "growth", "standards", "comments", "signed"}, sectionsOf(r.report("ben")))
	require.Equal(t, "A course on phonics.", reportSection(t, r.report("ben"), "growth").Development[0].Text)
	require.Equal(t, []string{"objectives", "comments"}, sectionsOf(r.report("cho")))
	require.Equal(t, []string{"rating", "pay"}, sectionsOf(r.report("hr")))
	require.Equal(t, "not_linked", reportSection(t, r.report("hr"), "pay").Pay.MustGet().Result)
	stranger, err := r.As("dov").GetAppraisalReportWithResponse(t.Context(), r.appraisal)
	require.NoError(t, err)
	nothing, err := r.As("dov").GetAppraisalReportWithResponse(t.Context(), uuid.New())
	require.NoError(t, err)
	sameAbsence(t, stranger, nothing)
}

func TestAReleasedOutcomeIsFrozenAndTheCommentStaysARight(t *testing.T) {
	t.Parallel()
	r := newReported(t)
	r.release()
	was := r.outcome()
	for who, steps := range map[string][]string{"ben": {"outcome.state", "outcome.his"}, "cho": {"outcome.decide"}, "ada": {"outcome.hers"}} {
		for _, name := range steps {
			s, err := r.save(who, name, api.SaveStep{Reason: ptr("Changed.")})
			apitest.Refused(t, s, err, 409, "step_done")
			c, err := r.complete(who, name, api.CompleteStep{})
			apitest.Refused(t, c, err, 409, "step_done")
			b, err := r.As(who).ReturnStepWithResponse(t.Context(), r.appraisal, name, &api.ReturnStepParams{IfMatch: etag(r.step(who, name).Step.Version)}, api.ReturnStep{To: "outcome.state", Reason: "Again."})
			require.NoError(t, err)
			require.Contains(t, []int{http.StatusConflict, http.StatusForbidden}, b.StatusCode())
		}
	}
	ret, err := r.As("ada").ReturnStepWithResponse(t.Context(), r.appraisal, "outcome.comment", &api.ReturnStepParams{IfMatch: etag(0)}, api.ReturnStep{To: "outcome.state", Reason: "Again."})
	require.NoError(t, err)
	require.Equal(t, http.StatusForbidden, ret.StatusCode(), "a reviewee returns nothing")
	for _, verb := range []string{"amend", "complete", "withdraw"} {
		require.Equal(t, "objectives_frozen", r.do("ada", verb, r.objective), verb)
	}
	late := api.AddEvidence{SubjectKind: "objective", SubjectID: r.objective, Kind: "note", Title: "Seen", Text: ptr("Two lessons.")}
	e, err := r.As("ada").AddEvidenceWithResponse(t.Context(), r.appraisal, nil, late)
	apitest.Refused(t, e, err, 409, "outcome_released")

	r.On("2027-11-02")
	skipped := api.CompleteStepResult("skipped")
	no, err := r.complete("hr", "outcome.comment", api.CompleteStep{Result: &skipped, Reason: ptr("It is late.")})
	apitest.Refused(t, no, err, 409, "cannot_be_skipped")
	r.done("ada", "outcome.comment", api.SaveStep{Answers: map[string]any{"comment": "I would add two clubs."}})
	require.Equal(t, was, r.outcome(), "what was released is byte for byte what it was")
	said := reportSection(t, r.report("ben"), "comments").Comments[0]
	require.Equal(t, []any{"done", "I would add two clubs."}, []any{string(said.State), said.Answers[0].Value.MustGet()})
	require.True(t, reportSection(t, r.report("ada"), "signed").Signatures[0].Stands.MustGet(), "a comment stands beside what was signed")
}

func TestWhoeverReviewsTheNextYearStartsFromTheLast(t *testing.T) {
	t.Parallel()
	r := newReported(t)
	ctx, hr := t.Context(), r.World.HR
	r.release()
	r.On("2027-09-01")
	post, err := hr.GetPostWithResponse(ctx, r.Posts["ada"])
	apitest.OK(t, post, err)
	manager, err := hr.SetLineManagerWithResponse(ctx, r.Posts["ada"], &api.SetLineManagerParams{IfMatch: post.HTTPResponse.Header.Get("ETag")}, api.SetLineManager{ManagerID: r.As("dov").ID})
	apitest.OK(t, manager, err)
	c, err := hr.CreateCycleWithResponse(ctx, nil, api.CreateCycle{Name: "2027-28", StartsOn: apitest.Day("2027-09-01"), PolicyVersionID: r.PolicyVersion})
	apitest.OK(t, c, err)
	o, err := hr.OpenCycleWithResponse(ctx, c.JSON201.ID, &api.OpenCycleParams{IfMatch: c.HTTPResponse.Header.Get("ETag")})
	apitest.OK(t, o, err)
	e, err := hr.EnrolPeopleWithResponse(ctx, c.JSON201.ID, nil, api.EnrolPeople{})
	apitest.OK(t, e, err)
	list, err := r.As("ada").ListAppraisalsWithResponse(ctx, &api.ListAppraisalsParams{CycleID: &c.JSON201.ID, PersonID: &r.As("ada").ID})
	apitest.OK(t, list, err)
	now := list.JSON200.Items[0].ID

	start, err := r.As("dov").GetStartingPointWithResponse(ctx, now)
	apitest.OK(t, start, err)
	require.Equal(t, "2026-27", start.JSON200.PreviousCycle.MustGet())
	require.Equal(t, []string{"statement", "objectives", "growth", "standards", "comments", "signed"}, sectionsOf(start.JSON200.Previous.MustGet()), "as its reviewer received it")
	require.Equal(t, []any{r.objective, true}, []any{start.JSON200.Objectives[0].ObjectiveID, start.JSON200.Objectives[0].CarriedTo.IsNull()})
	own, err := r.As("ada").GetStartingPointWithResponse(ctx, now)
	apitest.OK(t, own, err)
	require.Contains(t, sectionsOf(own.JSON200.Previous.MustGet()), "rating")
	report, err := r.As("dov").GetAppraisalReportWithResponse(ctx, r.appraisal)
	apitest.OK(t, report, err)
	none, err := r.As("ada").GetStartingPointWithResponse(ctx, r.appraisal)
	apitest.OK(t, none, err)
	require.True(t, none.JSON200.Previous.IsNull(), "nothing lies before the first year")
	stranger, err := r.As("ben").GetStartingPointWithResponse(ctx, now)
	require.NoError(t, err)
	nothing, err := r.As("ben").GetStartingPointWithResponse(ctx, uuid.New())
	require.NoError(t, err)
	sameAbsence(t, stranger, nothing)
}
