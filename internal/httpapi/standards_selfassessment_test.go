package httpapi_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

func TestAPrivateSelfAssessmentIsNotThereToAnybodyElse(t *testing.T) {
	t.Parallel()
	a := newAssessing(t, map[string]any{"requirement": "required_before_objectives", "required": 1, "required_visibility": "organisation"})
	ctx := t.Context()
	s := a.completed(a.rated(a.begun(), "secure", "strong"))
	others := []string{"ben", "cho", "hr", "eve", "dov"}
	for _, who := range others {
		status, body := a.read(who, s.ID)
		_, nowhere := a.read(who, uuid.Must(uuid.NewV7()))
		assert.Equal(t, gone, status, who)
		assert.Equal(t, withoutIDs(t, nowhere), withoutIDs(t, body), "%s is told the same as of what is not there", who)
		assert.Zero(t, a.listed(who), who)
	}
	assert.Equal(t, api.AssignedFrameworkState("complete"), a.assigned("ada").Items[0].State)
	assert.Equal(t, 0, a.assigned("ada").Done, "a private one does not count here")
	assert.Equal(t, api.AssignedFrameworkState("not_started"), a.assigned("hr").Items[0].State)
	trace := func() []string {
		e, err := a.As("hr").ListAuditEventsWithResponse(ctx, &api.ListAuditEventsParams{SubjectID: &s.ID})
		apitest.OK(t, e, err)
		var out []string
		for _, i := range e.JSON200.Items {
			out = append(out, i.Type)
		}
		return out
	}
	assert.Empty(t, trace(), "not even that it is there")
	rating, err := a.rate("ben", s, api.RateStatement{Statement: "b1", Rating: "strong"})
	apitest.Refused(t, rating, err, gone, "not_found")

	s = a.opened(s, "organisation")
	reads := func() map[string]int {
		out := map[string]int{}
		for _, who := range others {
			out[who], _ = a.read(who, s.ID)
		}
		return out
	}
	assert.Equal(t, map[string]int{"ben": gone, "cho": 200, "hr": 200, "eve": 200, "dov": gone}, reads(), "open to head and HR, not to the reviewer")
	assert.Equal(t, 1, a.assigned("hr").Done)
	assert.NotEmpty(t, trace())
	d, err := a.As("ada").ListDisclosuresWithResponse(ctx, nil)
	apitest.OK(t, d, err)
	seen := map[uuid.UUID]bool{}
	for _, i := range d.JSON200.Items {
		seen[i.Reader.ID] = seen[i.Reader.ID] || i.SubjectID == s.ID
	}
	assert.True(t, seen[a.As("hr").ID] && seen[a.As("cho").ID], "whoever is no party leaves a trace")

	s = a.opened(s, "organisation_and_reviewer")
	assert.Equal(t, map[string]int{"ben": 200, "cho": 200, "hr": 200, "eve": 200, "dov": gone}, reads())
	assert.Equal(t, 1, a.listed("ben"))
	s = a.opened(s, "private")
	assert.Equal(t, map[string]int{"ben": gone, "cho": gone, "hr": gone, "eve": gone, "dov": gone}, reads(), "what was opened is closed again")
}

func TestASelfAssessmentKeepsItsVersionAndIsCompletedWhole(t *testing.T) {
	t.Parallel()
	a := newAssessing(t, map[string]any{"visibility": []any{"private", "organisation_and_reviewer"}, "overview": "required", "cpd_min": 1, "cpd_max": 2})
	s := adaBeginsHers(t, a)
	s = adaRatesEveryStatement(t, a, s)
	s = adaCompletesIt(t, a, s)
	aNewVersionOfTheFrameworkLeavesItAlone(t, a, s)
	adaResetsIt(t, a, s)
}

func adaBeginsHers(t *testing.T, a *assessing) api.SelfAssessment {
	t.Helper()
	unknown, err := a.begin("ada", "no_such")
	apitest.Refused(t, unknown, err, invalid, "unknown_framework")
	reviewer, err := a.begin("ben", small)
	apitest.Refused(t, reviewer, err, never, "out_of_reach")
	stranger, err := a.begin("dov", small)
	apitest.Refused(t, stranger, err, gone, "not_found")
	s := a.begun()
	twice, err := a.begin("ada", small)
	apitest.Refused(t, twice, err, conflict, "self_assessment_exists")
	early, err := a.open("ada", s, "organisation_and_reviewer")
	apitest.Refused(t, early, err, conflict, "nothing_rated")
	return s
}

func adaRatesEveryStatement(t *testing.T, a *assessing, s api.SelfAssessment) api.SelfAssessment {
	t.Helper()
	bad, err := a.rate("ada", s, api.RateStatement{Statement: "b9", Rating: "secure"}, api.RateStatement{Statement: "b1", Rating: "best"})
	wrong := apitest.Refused(t, bad, err, invalid, "invalid_ratings").Errors
	require.Len(t, wrong, 2)
	assert.Equal(t, "/ratings/0/statement", wrong[0].Pointer)
	assert.Equal(t, "/ratings/1/rating", wrong[1].Pointer)
	one, err := a.rate("ada", s, api.RateStatement{Statement: "b2", Rating: "developing", Comment: ptr("New to me."), Evidence: ptr("A first try."), WorkingTowards: ptr(true)})
	apitest.OK(t, one, err)
	s = *one.JSON200
	assert.Equal(t, []int{50, 50}, []int{s.RespondedPercent, s.EvidencePercent})
	unfinished, err := a.complete(s, ptr("A start."), "Shadow a colleague.")
	apitest.Refused(t, unfinished, err, conflict, "statements_unrated")
	rest, err := a.rate("ada", s, api.RateStatement{Statement: "b1", Rating: "strong"})
	apitest.OK(t, rest, err)
	s = *rest.JSON200
	kept := s.Ratings.MustGet()
	require.Len(t, kept, 2)
	assert.Equal(t, "b1", kept[0].Statement)
	assert.Equal(t, "New to me.", kept[1].Comment.MustGet(), "what was said before stays")
	assert.True(t, kept[1].WorkingTowards)
	narrow, err := a.open("ada", s, "organisation")
	parameter, _ := cited(t, apitest.Refused(t, narrow, err, invalid, "not_offered"), "not_offered")
	assert.Equal(t, "self_assessment.visibility", parameter)
	return s
}

func adaCompletesIt(t *testing.T, a *assessing, s api.SelfAssessment) api.SelfAssessment {
	t.Helper()
	mute, err := a.complete(s, nil, "Shadow a colleague.")
	apitest.Refused(t, mute, err, invalid, "required")
	none, err := a.complete(s, ptr("A good year."))
	apitest.Refused(t, none, err, invalid, "too_few")
	many, err := a.complete(s, ptr("A good year."), "One.", "Two.", "Three.")
	apitest.Refused(t, many, err, invalid, "too_many")
	done, err := a.complete(s, ptr("A good year."), "Shadow a colleague.")
	apitest.OK(t, done, err)
	assert.Equal(t, api.SelfAssessmentState("complete"), done.JSON200.State)
	stale, err := a.rate("ada", s, api.RateStatement{Statement: "b1", Rating: "secure"})
	apitest.Refused(t, stale, err, http.StatusPreconditionFailed, "stale_version")
	return *done.JSON200
}

func aNewVersionOfTheFrameworkLeavesItAlone(t *testing.T, a *assessing, s api.SelfAssessment) {
	t.Helper()
	ctx := t.Context()
	f, err := a.As("hr").ListFrameworksWithResponse(ctx, &api.ListFrameworksParams{Kind: ptr(api.ListFrameworksParamsKind("trust"))})
	apitest.OK(t, f, err)
	own := f.JSON200.Items[0]
	u, err := a.As("hr").UpdateFrameworkWithResponse(ctx, own.ID, &api.UpdateFrameworkParams{IfMatch: etag(own.Version)}, api.UpdateFramework{Label: "Renamed", Statements: behaviours("Courage")})
	apitest.OK(t, u, err)
	p, err := a.As("hr").PublishFrameworkWithResponse(ctx, own.ID, &api.PublishFrameworkParams{IfMatch: etag(u.JSON200.Version)})
	apitest.OK(t, p, err)
	g, err := a.As("ada").GetSelfAssessmentWithResponse(ctx, s.ID)
	apitest.OK(t, g, err)
	assert.Equal(t, []any{1, "Ours", 2}, []any{g.JSON200.FrameworkNumber, g.JSON200.Framework.Label, len(g.JSON200.Statements.MustGet())}, "a new version changes nothing that was said")
	assert.Equal(t, s.Version, g.JSON200.Version)
}

func adaResetsIt(t *testing.T, a *assessing, s api.SelfAssessment) {
	t.Helper()
	ctx := t.Context()
	r, err := a.As("ada").ResetSelfAssessmentWithResponse(ctx, s.ID, &api.ResetSelfAssessmentParams{IfMatch: etag(s.Version)})
	apitest.OK(t, r, err)
	assert.Equal(t, api.SelfAssessmentState("started"), r.JSON200.State)
	assert.Empty(t, r.JSON200.Ratings.MustGet())
	assert.True(t, r.JSON200.Overview.IsNull())
	a.opened(a.rated(*r.JSON200, "secure", "secure"), "organisation_and_reviewer")
	e, err := a.As("hr").ListAuditEventsWithResponse(ctx, &api.ListAuditEventsParams{SubjectID: &s.ID, Type: ptr("self_assessment.reset")})
	apitest.OK(t, e, err)
	assert.Len(t, e.JSON200.Items, 1, "that it was reset is recorded")
}

func TestTheReviewerRatesTheSameStatementsAndTheDifferencesShow(t *testing.T) {
	t.Parallel()
	a := newAssessing(t, map[string]any{"reviewer_parallel": true, "all_top_flag": true})
	s := a.opened(a.rated(a.begun(), "developing", "strong"), "organisation")
	hidden, err := a.beside("ben", s, false, api.RateStatement{Statement: "b1", Rating: "secure"})
	apitest.Refused(t, hidden, err, gone, "not_found")
	s = a.opened(s, "organisation_and_reviewer")
	self, err := a.beside("ada", s, false, api.RateStatement{Statement: "b1", Rating: "secure"})
	apitest.Refused(t, self, err, never, "role_not_admitted")
	head, err := a.beside("cho", s, false, api.RateStatement{Statement: "b1", Rating: "secure"})
	apitest.Refused(t, head, err, never, "out_of_reach")
	part, err := a.beside("ben", s, false, api.RateStatement{Statement: "b1", Rating: "strong"})
	apitest.OK(t, part, err)
	assert.Equal(t, api.SelfAssessmentReviewerState("started"), part.JSON200.ReviewerState)
	assert.True(t, a.compared("ada", s.ID).Statements[0].Reviewer.IsNull(), "the person sees them once they are complete")
	assert.Equal(t, 2, a.compared("ben", s.ID).Statements[0].Difference.MustGet())
	half, err := a.beside("ben", *part.JSON200, true)
	apitest.Refused(t, half, err, invalid, "statements_unrated")
	whole, err := a.beside("ben", *part.JSON200, true, api.RateStatement{Statement: "b2", Rating: "strong"})
	apitest.OK(t, whole, err)
	again, err := a.beside("ben", *whole.JSON200, true, api.RateStatement{Statement: "b2", Rating: "secure"})
	apitest.Refused(t, again, err, conflict, "ratings_complete")

	c := a.compared("ada", s.ID)
	assert.Equal(t, []any{100, 50, 1}, []any{c.RespondedPercent, c.EvidencePercent, c.Differing})
	assert.Equal(t, []string{"b2"}, c.Strengths)
	assert.Equal(t, []string{"b1"}, c.Areas)
	require.Len(t, c.Advisories, 1)
	assert.Equal(t, []any{"objective_expected", "b1", "self_assessment.scale"}, []any{c.Advisories[0].Code, c.Advisories[0].Statement.MustGet(), c.Advisories[0].Policy.Parameter})
	o, err := a.As("ada").CreateObjectiveWithResponse(t.Context(), nil, api.CreateObjective{AppraisalID: a.appraisal, Slot: "growth", Content: api.ObjectiveContent{
		Title: "Respect", Text: "In every class.", Statements: []api.StatementLink{{FrameworkVersionID: s.FrameworkVersionID, Statement: "b1"}}}})
	apitest.OK(t, o, err)
	assert.Empty(t, a.compared("ada", s.ID).Advisories, "an objective is linked to it")
	top := a.rated(*whole.JSON200, "strong", "strong")
	assert.Equal(t, "all_top", a.compared("ben", top.ID).Advisories[0].Code)
}

func TestNotesToPrepareByAreTheAuthorsAlone(t *testing.T) {
	t.Parallel()
	a := newAssessing(t, map[string]any{"preparation": "meeting"})
	ctx, ada := t.Context(), a.As("ada")
	empty, err := ada.GetPreparationWithResponse(ctx, a.appraisal)
	apitest.OK(t, empty, err)
	assert.Equal(t, 0, empty.JSON200.Version)
	assert.Equal(t, "meeting", empty.JSON200.Form.MustGet().Code)
	save := func(version int, answers map[string]any) *api.Preparation {
		r, err := ada.SavePreparationWithResponse(ctx, a.appraisal, &api.SavePreparationParams{IfMatch: etag(version)}, api.SavePreparation{Answers: answers})
		apitest.OK(t, r, err)
		return r.JSON200
	}
	save(0, map[string]any{"notes": "The year 7 readers."})
	second := save(1, map[string]any{"agreed": "More time for pairs."})
	assert.Equal(t, map[string]any{"agreed": "More time for pairs."}, second.Answers, "whole")
	stale, err := ada.SavePreparationWithResponse(ctx, a.appraisal, &api.SavePreparationParams{IfMatch: etag(1)}, api.SavePreparation{Answers: map[string]any{}})
	apitest.Refused(t, stale, err, http.StatusPreconditionFailed, "stale_version")
	odd, err := ada.SavePreparationWithResponse(ctx, a.appraisal, &api.SavePreparationParams{IfMatch: etag(2)}, api.SavePreparation{Answers: map[string]any{"mood": "fine"}})
	apitest.Refused(t, odd, err, invalid, "invalid_answers")
	for _, who := range []string{"ben", "cho"} {
		r, err := a.As(who).GetPreparationWithResponse(ctx, a.appraisal)
		apitest.Refused(t, r, err, never, "out_of_reach")
		w, err := a.As(who).SavePreparationWithResponse(ctx, a.appraisal, &api.SavePreparationParams{IfMatch: etag(2)}, api.SavePreparation{Answers: map[string]any{}})
		apitest.Refused(t, w, err, never, "out_of_reach")
	}
	hr, err := a.As("hr").GetPreparationWithResponse(ctx, a.appraisal)
	apitest.Refused(t, hr, err, never, "role_not_admitted")
	e, err := a.As("hr").ListAuditEventsWithResponse(ctx, &api.ListAuditEventsParams{Type: ptr("preparation.saved")})
	apitest.OK(t, e, err)
	assert.Empty(t, e.JSON200.Items)
}
