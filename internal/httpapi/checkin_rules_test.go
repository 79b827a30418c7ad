package httpapi_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

func TestLateCheckInIsMarkedAndTakenUntilTheYearEndBegins(t *testing.T) {
	t.Parallel()
	f := newFortnight(t)
	k := f.started(1)
	require.False(t, k.Late)
	late := api.ListCheckInsParams{Late: ptr(true)}
	require.Empty(t, f.checkIns(f.As(tom).ClientWithResponses, late))
	f.On("2026-11-07") // the window closed yesterday
	require.Len(t, f.checkIns(f.As(tom).ClientWithResponses, late), 1, "a draft is late once its window has closed")
	k = f.written(k, reflected("After the holidays."))
	require.True(t, k.Late)
	r, err := f.submit(k)
	apitest.OK(t, r, err)
	require.True(t, r.JSON200.Late)

	f.On("2026-11-16")
	onTime := f.sent(2, reflected("In time."))
	unsent := f.written(f.startedOn("2026-11-30", 3), reflected("Half a thought."))
	require.False(t, onTime.Late)
	f.reflect()
	got := f.checkIns(f.As(ines).ClientWithResponses, late)
	require.Len(t, got, 1, "what was sent in time stays in time; the draft is not hers to see")
	require.Equal(t, k.ID, got[0].ID)
	require.Len(t, f.checkIns(f.As(ines).ClientWithResponses, api.ListCheckInsParams{Late: ptr(false)}), 1)

	s, err := f.submit(unsent)
	require.Equal(t, "The step is returned.", apitest.Refused(t, s, err, conflict, "year_end_begun").Refusals[0].Unblock.MustGet())
	w, err := f.write(unsent, reflected("Another."))
	apitest.Refused(t, w, err, conflict, "year_end_begun")
	b, err := f.begin(4)
	apitest.Refused(t, b, err, conflict, "year_end_begun")
	a, err := f.respond(ines, onTime, api.CheckInComment{Text: "I should have answered sooner."})
	apitest.OK(t, a, err)
}

func (f *fortnight) startedOn(day string, n int) api.CheckIn {
	f.t.Helper()
	f.On(day)
	return f.started(n)
}

func TestCheckInAnswersFitTheForm(t *testing.T) {
	t.Parallel()
	f := newFortnight(t)
	mine, k := f.objective(onSelf, "Coaching"), f.started(1)
	nobody := uuid.New()
	r, err := f.write(k, map[string]any{"went_well": strings.Repeat("a", 4001), "score": 11, "mood": "good",
		"progress": map[string]any{nobody.String(): "Well."}, "praise": []any{f.People[ines].String(), f.People[tom].String(), nobody.String()}})
	p := apitest.Refused(t, r, err, invalid, "invalid_answers")
	require.ElementsMatch(t, []string{"/answers/went_well maxLength", "/answers/score range", "/answers/mood unknown_section", "/answers/progress unknown_objective",
		"/answers/praise/1 own_praise", "/answers/praise/2 unknown_person"}, violationsAt(p.Problem), "every fault at once")
	require.NotContains(t, string(r.Body), "aaaa", "nothing of it is repeated")
	for _, bad := range []map[string]any{{"praise": "Ines"}, {"praise": []any{"Ines"}}, {"went_well": 3}, {"progress": "Well."}, {"score": "seven"}} {
		r, err := f.write(k, bad)
		require.Len(t, apitest.Refused(t, r, err, invalid, "invalid_answers").Errors, 1, bad)
	}
	k = f.written(k, map[string]any{"progress": map[string]any{mine.String(): "A first talk."}})
	require.Equal(t, map[string]any{mine.String(): "A first talk."}, k.Answers.MustGet()["progress"], "objectives are asked about before they are agreed")
	k = f.written(k, map[string]any{"score": 0})
	require.Equal(t, map[string]any{"score": 0.0}, k.Answers.MustGet(), "answers are replaced whole")
}

func TestAlternateGroupsNeedOneAndOtherwiseEverySectionIsAnswered(t *testing.T) {
	t.Parallel()
	f := newFortnight(t)
	one, two := f.objective(onSelf, "Coaching"), f.objective(onOthers, "Talk in pairs")
	k := f.written(f.started(1), map[string]any{"score": 5})
	r, err := f.submit(k)
	p := apitest.Refused(t, r, err, conflict, "check_in_incomplete")
	require.Equal(t, []string{"/answers required"}, violationsAt(p.Problem))
	parameter, value := cited(t, p, "check_in_incomplete")
	require.Equal(t, []any{"check_ins.sections", "alternate"}, []any{parameter, value})
	k = f.written(k, map[string]any{"progress": map[string]any{one.String(): "A first talk."}})
	require.Equal(t, []string{"save", "submit"}, allowed(k.AllowedActions), "one group is enough")

	f.repolicy(func(rules map[string]any) { rules["check_ins"].(map[string]any)["sections"] = "all" })
	r, err = f.submit(k)
	p = apitest.Refused(t, r, err, conflict, "check_in_incomplete")
	require.ElementsMatch(t, []string{"/answers/went_well required", "/answers/even_better_if required", "/answers/whats_next required",
		"/answers/progress/" + two.String() + " required"}, violationsAt(p.Problem), "of every objective")
	_, value = cited(t, p, "check_in_incomplete")
	require.Equal(t, "all", value)
	answers := reflected("Pairs talk more.")
	answers["progress"] = map[string]any{one.String(): "A first talk.", two.String(): "Begun."}
	r, err = f.submit(f.written(k, answers))
	apitest.OK(t, r, err)
}

func TestReviewerSaysAtLeastWhatThePolicyAsks(t *testing.T) {
	t.Parallel()
	f := newFortnight(t)
	k := f.sent(1, reflected("Pairs talk more."))
	r, err := f.respond(ines, k)
	p := apitest.Refused(t, r, err, invalid, "too_few_comments")
	require.Equal(t, "/comments", p.Errors[0].Pointer)
	parameter, value := cited(t, p, "too_few_comments")
	require.Equal(t, []any{"check_ins.reviewer_comments", 1.0}, []any{parameter, value})
	r, err = f.respond(ines, k, api.CheckInComment{Text: "  "}, api.CheckInComment{Section: ptr("mood"), Text: "Good."})
	p = apitest.Refused(t, r, err, invalid, "invalid_comments")
	require.Equal(t, []string{"/comments/0/text required", "/comments/1/section unknown_section"}, violationsAt(p.Problem))

	f.repolicy(func(rules map[string]any) { rules["check_ins"].(map[string]any)["reviewer_comments"] = 0 })
	r, err = f.respond(ines, k)
	apitest.OK(t, r, err)
	require.Equal(t, api.CheckInStateAcknowledged, r.JSON200.State)
	r, err = f.respond(ines, *r.JSON200)
	require.Equal(t, "/comments", apitest.Refused(t, r, err, invalid, "comment_required").Errors[0].Pointer)
	k, comments := f.sentAgain(k), make([]api.CheckInComment, 20)
	for i := range comments {
		comments[i].Text = "One more thing."
	}
	for range 2 {
		r, err := f.respond(ines, k, comments...)
		apitest.OK(t, r, err)
		k = *r.JSON200
	}
	r, err = f.respond(ines, k, comments...)
	apitest.Refused(t, r, err, conflict, "too_many_comments")
}

// sentAgain reads a check-in as it is now.
func (f *fortnight) sentAgain(k api.CheckIn) api.CheckIn {
	f.t.Helper()
	r, err := f.As(ines).GetCheckInWithResponse(f.t.Context(), k.ID)
	apitest.OK(f.t, r, err)
	return *r.JSON200
}

func TestSentCheckInStaysAsItWas(t *testing.T) {
	t.Parallel()
	f := newFortnight(t)
	draft := f.written(f.started(1), reflected("Pairs talk more."))
	stale, err := f.write(api.CheckIn{ID: draft.ID, Version: 1}, reflected("x"))
	require.Equal(t, 2, apitest.Refused(t, stale, err, 412, "stale_version").CurrentVersion.MustGet())
	bare, err := f.As(tom).SubmitCheckInWithResponse(t.Context(), draft.ID, &api.SubmitCheckInParams{IfMatch: etag(2)}, droppingIfMatch)
	require.NoError(t, err)
	require.Equal(t, 428, bare.StatusCode(), string(bare.Body))

	once := &api.SubmitCheckInParams{IfMatch: etag(2), IdempotencyKey: ptr(uuid.NewString())}
	sent, err := f.As(tom).SubmitCheckInWithResponse(t.Context(), draft.ID, once)
	apitest.OK(t, sent, err)
	again, err := f.As(tom).SubmitCheckInWithResponse(t.Context(), draft.ID, once)
	apitest.OK(t, again, err)
	require.Equal(t, "true", again.HTTPResponse.Header.Get("Idempotent-Replayed"))
	require.Equal(t, sent.JSON200, again.JSON200)
	w, err := f.write(*sent.JSON200, reflected("Rewritten."))
	apitest.Refused(t, w, err, conflict, "wrong_status")
	s, err := f.submit(*sent.JSON200)
	apitest.Refused(t, s, err, conflict, "wrong_status")

	f.repolicy(func(rules map[string]any) { // from now on another form, with what the year's end quotes
		form := deepCopy(t, rules["forms"].(map[string]any)["check_in"].(map[string]any))
		form["label"] = "Short check-in"
		rules["forms"].(map[string]any)["short"] = form
		rules["check_ins"].(map[string]any)["form"] = "short"
	})
	require.Equal(t, "check_in", f.sentAgain(*sent.JSON200).Form.MustGet().Code, "it keeps the form that it filled")
	require.Equal(t, "short", f.startedOn("2026-11-16", 2).Form.MustGet().Code)
}

func TestTwoWhoSendAtOnceSendOnce(t *testing.T) {
	t.Parallel()
	f := newFortnight(t)
	answers := reflected("Pairs talk more.")
	answers["praise"] = []any{f.People[dev].String()}
	k := f.written(f.started(1), answers)
	var wg sync.WaitGroup
	codes := make([]int, 3)
	for i := range codes {
		wg.Go(func() {
			if r, err := f.submit(k); err == nil {
				codes[i] = r.StatusCode()
			}
		})
	}
	wg.Wait()
	require.ElementsMatch(t, []int{http.StatusOK, http.StatusPreconditionFailed, http.StatusPreconditionFailed}, codes)
	r, err := f.As(dev).ListPraiseWithResponse(t.Context(), nil)
	apitest.OK(t, r, err)
	require.Len(t, r.JSON200.Items, 1)
}

func TestEndedAppraisalTakesNoCheckIns(t *testing.T) {
	t.Parallel()
	f := newFortnight(t)
	k := f.written(f.started(1), reflected("Pairs talk more."))
	a := f.Appraisal(tom)
	e, err := f.World.HR.EndAppraisalWithResponse(t.Context(), a.ID, &api.EndAppraisalParams{IfMatch: etag(a.Version)}, api.EndAppraisal{Reason: "He moves to another trust."})
	apitest.OK(t, e, err)
	r, err := f.submit(k)
	apitest.Refused(t, r, err, conflict, "appraisal_ended")
	f.On("2026-11-16")
	b, err := f.begin(2)
	apitest.Refused(t, b, err, conflict, "appraisal_ended")
}
