package httpapi_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

// heldOf is what Ada is given of some files when she asks what is held about her, file by file.
func heldOf(p *apitest.Process, names ...string) map[string]string {
	p.T.Helper()
	ada := p.As("ada")
	asked, err := ada.CreateSubjectAccessExportWithResponse(p.T.Context(), ada.ID, nil)
	apitest.OK(p.T, asked, err)
	files, out := archived(p.T, ada, asked.JSON201.ID), map[string]string{}
	for _, name := range names {
		require.Contains(p.T, files, name)
		out[name] = files[name]
	}
	return out
}

// archiveSays are those of the words that stand in what of Ada's archive is on her outcome.
func archiveSays(j *judgedYear, words ...string) []string {
	j.T.Helper()
	all := ""
	for name, file := range heldOf(j.Process, "ratings.json", "objective_judgements.json", "steps.json", "earlier_steps.json", "audit_events.json") {
		require.True(j.T, json.Valid([]byte(file)), name)
		all += strings.ReplaceAll(file, `\"`, `"`)
	}
	return slices.DeleteFunc(words, func(w string) bool { return !strings.Contains(all, `"`+w+`"`) })
}

const givenYear = `{"outcome":{"objective_judges":"reviewer","method":"judgement","scale":` + derivedScale + `,"outcome_visible":"VISIBLE"}}`

// ratedTwice has Ben judge and rate Ada's year, Cho send it back, and Ben judge and rate it otherwise.
func (j *judgedYear) ratedTwice() {
	j.T.Helper()
	j.reflects()
	j.judges("ben", j.first, coded("not_met"))
	j.judges("ben", j.second, coded("not_met"))
	j.states(&api.RatingInput{Code: ptr("exceeded")})
}

func (j *judgedYear) sentBack() {
	j.T.Helper()
	back, err := j.As("cho").ReturnStepWithResponse(j.T.Context(), j.appraisal, "outcome.decide", &api.ReturnStepParams{IfMatch: stepTag(j.Process, "cho", "outcome.decide")},
		api.ReturnStep{To: "outcome.state", Reason: "Look again."})
	apitest.OK(j.T, back, err)
	j.judges("ben", j.first, coded("partly_met"))
	j.judges("ben", j.second, coded("partly_met"))
	j.states(&api.RatingInput{Code: ptr("not_yet")})
}

// What others judged and rated is in the archive when the outcome is released, in rows and in events,
// and what was taken back before that never is.
func TestTheArchiveTellsOfAnOutcomeNoEarlierThanItsRelease(t *testing.T) {
	t.Parallel()
	j := newJudged(t, strings.ReplaceAll(givenYear, "VISIBLE", "released"))
	words := []string{"not_met", "partly_met", "exceeded", "not_yet", "partly", "A good year."}
	j.ratedTwice()
	require.Empty(t, archiveSays(j, slices.Clone(words)...))
	j.sentBack()
	require.Empty(t, archiveSays(j, slices.Clone(words)...))
	withheld := heldOf(j.Process, "audit_events.json")["audit_events.json"]
	require.Contains(t, withheld, `"withheld"`)
	require.Contains(t, withheld, "step.done", "that a step is done she may know")
	j.done("cho", "outcome.decide", api.SaveStep{Rating: &api.RatingInput{Code: ptr("partly"), Reason: ptr("Half of it.")}})
	require.Equal(t, "partly", j.outcomeOf("ada").Rating.MustGet().Code)
	require.Equal(t, []string{"partly_met", "not_yet", "partly", "A good year."}, archiveSays(j, slices.Clone(words)...), "what stood at the release, and no more")
}

// Where the policy shows the statement before the release, the archive does as well, and no more.
func TestTheArchiveShowsAStatementThatThePolicyShowsBeforeTheRelease(t *testing.T) {
	t.Parallel()
	j := newJudged(t, strings.ReplaceAll(givenYear, "VISIBLE", "stated"))
	words := []string{"not_met", "partly_met", "exceeded", "not_yet", "partly", "A good year."}
	j.reflects()
	j.judges("ben", j.first, coded("not_met"))
	require.Empty(t, archiveSays(j, slices.Clone(words)...))
	j.judges("ben", j.second, coded("not_met"))
	j.states(&api.RatingInput{Code: ptr("exceeded")})
	require.Equal(t, []string{"not_met", "exceeded", "A good year."}, archiveSays(j, slices.Clone(words)...))
	j.sentBack()
	require.Equal(t, []string{"partly_met", "not_yet", "A good year."}, archiveSays(j, slices.Clone(words)...), "as GetOutcome shows it")
}

// What somebody began in a step that they then declined says nothing, and is theirs.
func TestTheArchiveKeepsBackTheDraftOfADeclinedStep(t *testing.T) {
	t.Parallel()
	chain := strings.TrimSuffix(judgedChain, "]") + `,{"code":"word","label":"A word","order":2,"party":"head","acts":["comment"],"form":"reflection","required":false}]`
	j := newJudged(t, `{"outcome":{"objective_judges":"reviewer","method":"judgement","scale":`+derivedScale+`,"chain":`+chain+`}}`)
	j.reflects()
	saved, err := j.save("cho", "outcome.word", api.SaveStep{Answers: map[string]any{"next": "Half a sentence."}})
	apitest.OK(t, saved, err)
	declined, err := j.complete("cho", "outcome.word", api.CompleteStep{Result: ptr(api.CompleteStepResult("declined")), Reason: ptr("All is said.")})
	apitest.OK(t, declined, err)
	j.judges("ben", j.first, coded("met"))
	j.judges("ben", j.second, coded("met"))
	j.states(&api.RatingInput{Code: ptr("met")})
	j.done("cho", "outcome.decide", api.SaveStep{})
	steps := heldOf(j.Process, "steps.json")["steps.json"]
	require.Contains(t, steps, "All is said.")
	require.Contains(t, steps, "A good year.")
	require.NotContains(t, steps, "Half a sentence.")
}

// What was told stays told while the year is judged anew, and what is said anew waits for its release.
func TestTheArchiveTellsOfAnEarlierRoundAndNotOfTheOneThatIsOpen(t *testing.T) {
	t.Parallel()
	rules := strings.TrimSuffix(strings.ReplaceAll(givenYear, "VISIBLE", "released"), "}") +
		`,"appeals":{"grounds":[],"remedies":["stands","redone"],"pay":[],"statement":[{"code":"review","label":"Review","party":"head","lodge_days":90,"decide_days":14}]}}`
	j := newJudged(t, rules)
	words := []string{"not_met", "partly_met", "exceeded", "not_yet", "A good year."}
	j.ratedTwice()
	j.done("cho", "outcome.decide", api.SaveStep{})
	told := []string{"not_met", "exceeded", "A good year."}
	require.Equal(t, told, archiveSays(j, slices.Clone(words)...))
	made, err := lodge(j.Process, "ada", "statement", api.LodgeAppeal{})
	apitest.OK(t, made, err)
	dov := j.As("dov").ID
	redone, err := decideAppeal(j.Process, "eve", made.JSON201.ID, made.JSON201.Version, api.DecideAppeal{Result: "redone", Reason: "Anew.", ReviewerID: &dov})
	apitest.OK(t, redone, err)
	j.judges("dov", j.first, coded("partly_met"))
	j.judges("dov", j.second, coded("partly_met"))
	j.done("dov", "outcome.state", api.SaveStep{Answers: map[string]any{"statement": "Another year."}, Rating: &api.RatingInput{Code: ptr("not_yet")}})
	require.Equal(t, told, archiveSays(j, slices.Clone(words)...))
	require.NotContains(t, heldOf(j.Process, "steps.json")["steps.json"], "Another year.")
	j.done("cho", "outcome.decide", api.SaveStep{})
	require.Equal(t, words, archiveSays(j, slices.Clone(words)...), "both were released")
}
