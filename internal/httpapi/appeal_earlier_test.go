package httpapi_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

// judgedAgain is a year whose rating follows from its objectives, some of which may wait, and whose
// statement may be judged anew.
const judgedAgain = `{"outcome":{"objective_judges":"both","method":"derived","scale":` + derivedScale + `,"derived":` + derivedRows + `,` + mayWait + `},
	"appeals":{"grounds":[],"remedies":["stands","redone"],"pay":[],"statement":[{"code":"review","label":"Review","party":"head","lodge_days":90,"decide_days":14}]}}`

func (j *judgedYear) earlier(who string) api.EarlierStepList {
	j.T.Helper()
	r, err := j.As(who).ListEarlierStepsWithResponse(j.T.Context(), j.appraisal)
	apitest.OK(j.T, r, err)
	return *r.JSON200
}

// judgedThen are Ada's objectives as they were judged in the round that was judged anew.
func (j *judgedYear) judgedThen(who string) []string {
	j.T.Helper()
	out := []string{}
	said := func(v api.EarlierJudgement) string {
		text := v.Title + ":"
		if m, err := v.Reviewee.Get(); err == nil {
			text += " she " + m.Judgement.MustGet().Code
		}
		if m, err := v.Reviewer.Get(); err == nil {
			text += " he " + m.Judgement.MustGet().Code
		}
		return text
	}
	for _, s := range j.earlier(who).Items {
		for _, v := range s.Judgements {
			require.Equal(j.T, []any{"outcome.state", 1}, []any{s.Step, s.Round})
			out = append(out, said(v))
		}
	}
	return out
}

// Ada's year is judged, one objective of it late, and then anew by Dov: how Ben judged it, and the
// ratings that stood for the time being, are still read by whoever reads the round.
func TestEarlierJudgementsAndReplacedRatingsStayReadable(t *testing.T) {
	t.Parallel()
	j := newJudged(t, judgedAgain)
	made, err := j.defers("ben", api.DeferOutcome{ObjectiveID: &j.second, Reason: "Results."})
	apitest.OK(t, made, err)
	j.judges("ada", j.first, coded("met"))
	j.reflects()
	j.judges("ben", j.first, api.JudgeObjective{Code: ptr("not_met"), Reason: ptr("At first.")})
	j.judges("ben", j.first, saying("met", "I saw it."))
	j.states(nil)
	j.done("cho", "outcome.decide", api.SaveStep{})
	require.Empty(t, j.earlier("ada").ReplacedRatings, "what is provisional still counts")
	late, err := j.resolves("ben", *made.JSON201, api.ResolveDeferral{Judgement: ptr(coded("not_met"))})
	apitest.OK(t, late, err)

	for _, who := range []string{"ada", "ben", "cho", "hr"} {
		list := j.earlier(who)
		require.Empty(t, list.Items, who)
		require.Len(t, list.ReplacedRatings, 2, who)
		for i, kind := range []string{"recommended", "decided"} {
			r := list.ReplacedRatings[i]
			assert.Equal(t, []any{kind, "met", true, 1}, []any{string(r.Rating.Kind), r.Rating.Rating.Code, r.Rating.Provisional, r.Round}, who)
			assert.Equal(t, j.As("ben").ID, r.ReplacedByID)
			assert.Equal(t, late.JSON200.ResolvedAt.MustGet(), r.ReplacedAt)
		}
	}
	stranger, err := j.As("dov").ListEarlierStepsWithResponse(t.Context(), j.appraisal)
	apitest.Refused(t, stranger, err, 404, "not_found")
	j.judgedByDov()
}

func (j *judgedYear) judgedByDov() {
	t, dov := j.T, j.As("dov").ID
	lodged, err := lodge(j.Process, "ada", "statement", api.LodgeAppeal{})
	apitest.OK(t, lodged, err)
	decided, err := decideAppeal(j.Process, "eve", lodged.JSON201.ID, lodged.JSON201.Version, api.DecideAppeal{Result: "redone", Reason: "Anew.", ReviewerID: &dov})
	apitest.OK(t, decided, err)
	then := []string{"Aim of practice: she met he met", "Aim of growth: he not_met"}
	for _, who := range []string{"ada", "dov", "cho", "hr"} {
		require.Equal(t, then, j.judgedThen(who), who)
		require.Len(t, j.earlier(who).ReplacedRatings, 2, who)
	}
	words := j.earlier("ada").Items[0].Judgements[0].Reviewer.MustGet()
	require.Equal(t, []any{"I saw it.", j.As("ben").ID}, []any{words.Text.MustGet(), words.ByID})
	gone, err := j.As("ben").ListEarlierStepsWithResponse(t.Context(), j.appraisal)
	apitest.Refused(t, gone, err, 404, "not_found")

	j.judges("dov", j.first, saying("met", "I see it so."))
	j.judges("dov", j.second, coded("met"))
	require.Equal(t, then, j.judgedThen("ada"), "what is judged now is another round's")
	j.done("dov", "outcome.state", api.SaveStep{Answers: map[string]any{"statement": "A very good year."}})
	j.done("cho", "outcome.decide", api.SaveStep{})
	require.Equal(t, "met", j.outcomeOf("ada").Rating.MustGet().Code)
	require.Equal(t, then, j.judgedThen("ada"))
	require.Len(t, j.earlier("ada").ReplacedRatings, 2)
}

// What was replaced before the release is read from the release on, like the rating in its place.
func TestARatingThatWasReplacedBeforeTheReleaseIsReadFromTheReleaseOn(t *testing.T) {
	t.Parallel()
	j := newJudged(t, judgedAgain)
	made, err := j.defers("ben", api.DeferOutcome{ObjectiveID: &j.second, Reason: "Results."})
	apitest.OK(t, made, err)
	j.judges("ada", j.first, coded("met"))
	j.reflects()
	j.judges("ben", j.first, coded("met"))
	j.states(nil)
	late, err := j.resolves("ben", *made.JSON201, api.ResolveDeferral{Judgement: ptr(coded("not_met"))})
	apitest.OK(t, late, err)
	for _, who := range []string{"ada", "ben", "hr"} {
		require.Empty(t, j.earlier(who).ReplacedRatings, who)
	}
	back, err := j.As("cho").ReturnStepWithResponse(t.Context(), j.appraisal, "outcome.decide", &api.ReturnStepParams{IfMatch: stepTag(j.Process, "cho", "outcome.decide")},
		api.ReturnStep{To: "outcome.state", Reason: "Say more."})
	apitest.OK(t, back, err)
	j.done("ben", "outcome.state", api.SaveStep{Answers: map[string]any{"statement": "A mixed year."}})
	j.done("cho", "outcome.decide", api.SaveStep{})
	replaced := j.earlier("ada").ReplacedRatings
	require.Len(t, replaced, 1, "and what was only sent back is not")
	require.Equal(t, []any{"recommended", "met"}, []any{string(replaced[0].Rating.Kind), replaced[0].Rating.Rating.Code})
}
