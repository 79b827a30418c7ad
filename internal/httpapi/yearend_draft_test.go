package httpapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

func stepDetail(p *apitest.Process, who, step string) api.StepDetail {
	p.T.Helper()
	r, err := p.As(who).GetStepWithResponse(p.T.Context(), p.Appraisal("ada").ID, step)
	apitest.OK(p.T, r, err)
	return *r.JSON200
}

// Whoever drafts a rating finds it again when they come back to the step. Nobody else sees it before
// the step is done, and from then on the rating is what was made of it.
func TestADraftedRatingIsFoundAgainByWhoeverDraftedItAlone(t *testing.T) {
	t.Parallel()
	p := apitest.NewProcess(t, apitest.ProcessSetup{Document: document(t, appealRules)})
	p.On("2027-08-02")
	drafted := api.SaveStep{Answers: map[string]any{"statement": "A good year."}, Rating: &api.RatingInput{Code: ptr("met"), Reason: ptr("Seen all year.")}}
	saved := saveStep(p, "ben", "outcome.state", drafted)
	for name, d := range map[string]api.StepDetail{"saved": saved, "read again": stepDetail(p, "ben", "outcome.state")} {
		got := d.DraftedRating.MustGet()
		assert.Equal(t, []any{"met", "Seen all year.", true, true, true}, []any{got.Code.MustGet(), got.Reason.MustGet(), got.Row.IsNull(), got.Column.IsNull(), got.Box.IsNull()}, name)
		assert.True(t, d.Rating.IsNull(), name)
	}
	for _, who := range []string{"ada", "cho", "hr"} {
		assert.True(t, stepDetail(p, who, "outcome.state").DraftedRating.IsNull(), who)
	}
	kept := saveStep(p, "ben", "outcome.state", api.SaveStep{Reason: ptr("Still at it.")})
	assert.Equal(t, "met", kept.DraftedRating.MustGet().Code.MustGet(), "a rating that is left out stays")
	done, err := completeStep(p, "ben", "outcome.state")
	apitest.OK(t, done, err)
	assert.True(t, done.JSON200.DraftedRating.IsNull(), "the rating is made")
	assert.Equal(t, "met", done.JSON200.Rating.MustGet().Rating.Code)

	saveStep(p, "cho", "outcome.decide", api.SaveStep{Rating: &api.RatingInput{Code: ptr("exceeded"), Reason: ptr("Seen more widely.")}})
	assert.Equal(t, "exceeded", stepDetail(p, "cho", "outcome.decide").DraftedRating.MustGet().Code.MustGet())
	for _, who := range []string{"ada", "ben", "hr"} {
		assert.True(t, stepDetail(p, who, "outcome.decide").DraftedRating.IsNull(), who)
	}
	back, err := p.As("cho").ReturnStepWithResponse(t.Context(), p.Appraisal("ada").ID, "outcome.decide", &api.ReturnStepParams{IfMatch: stepTag(p, "cho", "outcome.decide")},
		api.ReturnStep{To: "outcome.state", Reason: "Say more."})
	apitest.OK(t, back, err)
	assert.Equal(t, "met", stepDetail(p, "ben", "outcome.state").DraftedRating.MustGet().Code.MustGet(), "what was sent back is a draft again")
	assert.True(t, stepDetail(p, "cho", "outcome.state").DraftedRating.IsNull())
}

// A drafted rating is taken back with an empty one. null is no rating, and is refused.
func TestADraftedRatingIsTakenBackWithAnEmptyOne(t *testing.T) {
	t.Parallel()
	p := apitest.NewProcess(t, apitest.ProcessSetup{Document: document(t, appealRules)})
	p.On("2027-08-02")
	saveStep(p, "ben", "outcome.state", api.SaveStep{Rating: &api.RatingInput{Code: ptr("met")}})
	r, err := p.As("ben").SaveStepWithBodyWithResponse(t.Context(), p.Appraisal("ada").ID, "outcome.state", &api.SaveStepParams{IfMatch: stepTag(p, "ben", "outcome.state")},
		"application/json", strings.NewReader(`{"rating":null}`))
	require.NoError(t, err)
	require.Equal(t, http.StatusUnprocessableEntity, r.StatusCode(), string(r.Body))
	assert.Equal(t, "met", stepDetail(p, "ben", "outcome.state").DraftedRating.MustGet().Code.MustGet())
	saveStep(p, "ben", "outcome.state", api.SaveStep{Rating: &api.RatingInput{}})
	assert.True(t, stepDetail(p, "ben", "outcome.state").DraftedRating.IsNull())
}

// Whoever is away has their step skipped, and keeps to themselves what they had begun to write. When the
// chain is sent back to the step, the draft is there again.
func TestADraftInASkippedStepStaysItsAuthorsAlone(t *testing.T) {
	t.Parallel()
	p := apitest.NewProcess(t, apitest.ProcessSetup{Document: document(t, walkedYear)})
	p.On("2027-08-02")
	rated, err := p.As("ada").SaveStepWithResponse(t.Context(), p.Appraisal("ada").ID, "outcome.reflect", &api.SaveStepParams{IfMatch: stepTag(p, "ada", "outcome.reflect")},
		api.SaveStep{Rating: &api.RatingInput{Code: ptr("rated_above")}})
	apitest.Refused(t, rated, err, 422, "no_rating_here")
	saveStep(p, "ada", "outcome.reflect", api.SaveStep{Answers: map[string]any{"year": "Half a thought."}})
	skipStep(p, "ben", "outcome.reflect")
	for _, who := range []string{"ben", "cho", "hr"} {
		d := stepDetail(p, who, "outcome.reflect")
		require.Equal(t, []any{"skipped", true}, []any{string(d.Step.State), d.Answers.IsNull()}, who)
		require.Equal(t, "She is away.", d.Reason.MustGet(), who)
	}
	require.Equal(t, "Half a thought.", stepDetail(p, "ada", "outcome.reflect").Answers.MustGet()["year"])

	saveStep(p, "ben", "outcome.state", api.SaveStep{Answers: map[string]any{"year": "Not thought through."}})
	skipStep(p, "hr", "outcome.state")
	stepTo(p, "ada", "outcome.comment", nil)
	saveStep(p, "cho", "outcome.decide", api.SaveStep{Rating: &api.RatingInput{Code: ptr("rated_well"), Reason: ptr("Seen in lessons.")}})
	done, err := completeStep(p, "cho", "outcome.decide")
	apitest.OK(t, done, err)
	stepTo(p, "hr", "outcome.approve", nil)
	for _, who := range []string{"ada", "cho", "hr"} {
		require.True(t, stepDetail(p, who, "outcome.state").Answers.IsNull(), who)
		o, err := p.As(who).GetOutcomeWithResponse(t.Context(), p.Appraisal("ada").ID)
		apitest.OK(t, o, err)
		require.True(t, o.JSON200.Statement.IsNull(), who)
		r, err := p.As(who).GetAppraisalReportWithResponse(t.Context(), p.Appraisal("ada").ID)
		apitest.OK(t, r, err)
		require.NotContains(t, string(r.Body), "Not thought through.", who)
	}
}

func skipStep(p *apitest.Process, who, step string) {
	p.T.Helper()
	r, err := p.As(who).CompleteStepWithResponse(p.T.Context(), p.Appraisal("ada").ID, step, &api.CompleteStepParams{IfMatch: stepTag(p, who, step)},
		api.CompleteStep{Result: ptr(api.CompleteStepResult("skipped")), Reason: ptr("She is away.")})
	apitest.OK(p.T, r, err)
}

// Whoever takes over a step sees what was drafted in it before they complete it with that.
func TestASuccessorSeesTheDraftThatTheyMayComplete(t *testing.T) {
	t.Parallel()
	p := apitest.NewProcess(t, apitest.ProcessSetup{Document: document(t, appealRules)})
	p.On("2027-08-02")
	saveStep(p, "ben", "outcome.state", api.SaveStep{Answers: map[string]any{"statement": "A good year."}, Rating: &api.RatingInput{Code: ptr("met")}})
	before := stepDetail(p, "cho", "outcome.state")
	require.Equal(t, []any{true, true}, []any{before.Answers.IsNull(), before.DraftedRating.IsNull()})
	a, err := p.World.HR.GetAppraisalWithResponse(t.Context(), p.Appraisal("ada").ID, nil)
	apitest.OK(t, a, err)
	moved, err := p.World.HR.HandOverAppraisalWithResponse(t.Context(), a.JSON200.ID, &api.HandOverAppraisalParams{IfMatch: etag(a.JSON200.Version)}, api.HandOver{ReviewerID: p.As("dov").ID})
	apitest.OK(t, moved, err)
	got := stepDetail(p, "dov", "outcome.state")
	require.Equal(t, "A good year.", got.Answers.MustGet()["statement"])
	require.Equal(t, "met", got.DraftedRating.MustGet().Code.MustGet())
}
