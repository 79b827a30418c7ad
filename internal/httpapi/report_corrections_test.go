package httpapi_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

func (r *reported) ask(who string, body api.RequestCorrection) (*client.RequestCorrectionResponse, error) {
	return r.As(who).RequestCorrectionWithResponse(r.T.Context(), r.appraisal, nil, body)
}

func (r *reported) decide(who string, c api.Correction, body api.DecideCorrection) (*client.DecideCorrectionResponse, error) {
	return r.As(who).DecideCorrectionWithResponse(r.T.Context(), c.ID, &api.DecideCorrectionParams{IfMatch: etag(c.Version)}, body)
}

// asked is a correction that somebody asks for.
func (r *reported) asked(who string, body api.RequestCorrection) api.Correction {
	r.T.Helper()
	c, err := r.ask(who, body)
	apitest.OK(r.T, c, err)
	require.Equal(r.T, "/v1/corrections/"+c.JSON201.ID.String(), c.HTTPResponse.Header.Get("Location"))
	return *c.JSON201
}

// decided is a correction on which HR decided so.
func (r *reported) decided(c api.Correction, body api.DecideCorrection) api.Correction {
	r.T.Helper()
	d, err := r.decide("hr", c, body)
	apitest.OK(r.T, d, err)
	return *d.JSON200
}

var twoClubs = api.RequestCorrection{Part: "outcome.state", Section: ptr("statement"), Text: "A good year, with two clubs.", Reason: "The clubs are missing."}

func TestWhatIsWrongInAReleasedOutcomeIsPutRightBesideIt(t *testing.T) {
	t.Parallel()
	r := newReported(t)
	early, err := r.ask("ada", twoClubs)
	apitest.Refused(t, early, err, 409, "outcome_not_released")
	r.release()
	was := r.outcome()
	r.asksForNothingThatIsNotThere(t)
	accepted := r.acceptsTheClubs(t)
	disputed := r.refusesTheRating(t)

	stands := r.report("hr").Corrections
	require.Len(t, stands, 2)
	require.Equal(t, []any{"accepted", "A good year, with two clubs on Fridays."}, []any{string(stands[0].Status), stands[0].Corrected.MustGet()})
	require.Equal(t, []any{"disputed", "Both clubs are on the timetable."}, []any{string(stands[1].Status), stands[1].Disagreement.MustGet()})
	require.Equal(t, was, r.outcome(), "the outcome itself is what it was")
	o, err := r.As("ada").GetOutcomeWithResponse(t.Context(), r.appraisal)
	apitest.OK(t, o, err)
	require.Len(t, o.JSON200.Corrections, 2)
	r.listsOneAfterAnother(t, accepted.ID, disputed.ID)
	events, err := r.World.HR.ListAuditEventsWithResponse(t.Context(), &api.ListAuditEventsParams{AppraisalID: &r.appraisal})
	apitest.OK(t, events, err)
	require.Contains(t, string(events.Body), "correction.disputed")
	require.NotContains(t, string(events.Body), "clubs")
}

func (r *reported) asksForNothingThatIsNotThere(t *testing.T) {
	t.Helper()
	for code, body := range map[string]api.RequestCorrection{
		"unknown_part":      {Part: "outcome.weather", Text: "x", Reason: "y"},
		"unknown_section":   {Part: "outcome.state", Section: ptr("weather"), Text: "x", Reason: "y"},
		"unknown_objective": {Part: "objective", ObjectiveID: ptr(uuid.New()), Text: "x", Reason: "y"},
		"no_section_here":   {Part: "rating", Section: ptr("statement"), Text: "x", Reason: "y"},
	} {
		bad, err := r.ask("ada", body)
		apitest.Refused(t, bad, err, 422, code)
	}
}

// acceptsTheClubs has HR, and nobody else, put the statement right, once.
func (r *reported) acceptsTheClubs(t *testing.T) api.Correction {
	t.Helper()
	asked := r.asked("ada", twoClubs)
	require.Empty(t, r.report("ada").Corrections, "what is only asked for stands nowhere")
	r.hidesCorrection(t, "dov", asked.ID)
	by, err := r.decide("cho", asked, api.DecideCorrection{Result: "accepted"})
	apitest.Refused(t, by, err, 403, "not_your_act")
	old := asked
	old.Version = 7
	stale, err := r.decide("hr", old, api.DecideCorrection{Result: "accepted"})
	apitest.Refused(t, stale, err, 412, "stale_version")
	done := r.decided(asked, api.DecideCorrection{Result: "accepted", Text: ptr("A good year, with two clubs on Fridays.")})
	got, err := r.As("ben").GetCorrectionWithResponse(t.Context(), asked.ID)
	apitest.OK(t, got, err)
	require.Equal(t, "accepted", string(got.JSON200.Status))
	twice, err := r.decide("hr", done, api.DecideCorrection{Result: "refused", Reason: ptr("No.")})
	apitest.Refused(t, twice, err, 409, "wrong_status")
	return done
}

// refusesTheRating has HR refuse a correction with a reason, and Ada alone put hers beside that.
func (r *reported) refusesTheRating(t *testing.T) api.Correction {
	t.Helper()
	ctx := t.Context()
	rating := r.asked("ada", api.RequestCorrection{Part: "rating", Text: "Exceeded.", Reason: "Two clubs."})
	silent, err := r.decide("hr", rating, api.DecideCorrection{Result: "refused"})
	require.Equal(t, "/reason", apitest.Refused(t, silent, err, 422, "reason_required").Errors[0].Pointer)
	no := r.decided(rating, api.DecideCorrection{Result: "refused", Reason: ptr("A rating is appealed against.")})
	params := &api.DisagreeWithRefusalParams{IfMatch: etag(no.Version)}
	foreign, err := r.As("ben").DisagreeWithRefusalWithResponse(ctx, no.ID, params, api.DisagreeWithRefusal{Text: "It stands."})
	apitest.Refused(t, foreign, err, 403, "out_of_reach")
	beside, err := r.As("ada").DisagreeWithRefusalWithResponse(ctx, no.ID, params, api.DisagreeWithRefusal{Text: "Both clubs are on the timetable."})
	apitest.OK(t, beside, err)
	return no
}

// hidesCorrection says that a correction is to somebody what is not there.
func (r *reported) hidesCorrection(t *testing.T, who string, id uuid.UUID) {
	t.Helper()
	hidden, err := r.As(who).GetCorrectionWithResponse(t.Context(), id)
	require.NoError(t, err)
	nothing, err := r.As(who).GetCorrectionWithResponse(t.Context(), uuid.New())
	require.NoError(t, err)
	sameAbsence(t, hidden, nothing)
}

func (r *reported) listsOneAfterAnother(t *testing.T, first, second uuid.UUID) {
	t.Helper()
	one := 1
	page, err := r.As("ada").ListCorrectionsWithResponse(t.Context(), r.appraisal, &api.ListCorrectionsParams{Limit: &one})
	apitest.OK(t, page, err)
	cursor := page.JSON200.NextCursor.MustGet()
	rest, err := r.As("ada").ListCorrectionsWithResponse(t.Context(), r.appraisal, &api.ListCorrectionsParams{Limit: &one, Cursor: &cursor})
	apitest.OK(t, rest, err)
	require.Equal(t, []uuid.UUID{first, second}, []uuid.UUID{page.JSON200.Items[0].ID, rest.JSON200.Items[0].ID})
	require.True(t, page.JSON200.AllowedActions[0].Allowed)
}

// A correction says what its section should say, so it goes to whom the section goes, to the person, to
// whoever decides on it, and to whoever asked for it or did the step.
func TestACorrectionIsReadByWhomItsSectionGoesTo(t *testing.T) {
	t.Parallel()
	r := newReported(t)
	r.release()
	statement := r.decided(r.asked("ada", twoClubs), api.DecideCorrection{Result: "accepted"})
	rating := r.decided(r.asked("ada", api.RequestCorrection{Part: "rating", Text: "Exceeded.", Reason: "Two clubs."}), api.DecideCorrection{Result: "accepted"})
	objective := r.decided(r.asked("cho", api.RequestCorrection{Part: "objective", ObjectiveID: &r.objective, Text: "Reading aloud, daily.", Reason: "It was daily."}), api.DecideCorrection{Result: "accepted"})
	decision := r.decided(r.asked("hr", api.RequestCorrection{Part: "outcome.decide", Text: "Decided on 2 August.", Reason: "The day is wrong."}), api.DecideCorrection{Result: "accepted"})
	r.nextYearWith("dov")
	for who, want := range map[string][]uuid.UUID{
		"ada": {statement.ID, rating.ID, objective.ID, decision.ID}, "hr": {statement.ID, rating.ID, objective.ID, decision.ID},
		"ben": {statement.ID, objective.ID}, "cho": {rating.ID, objective.ID, decision.ID}, "dov": {statement.ID, objective.ID},
	} {
		require.ElementsMatch(t, want, idsOf(r.report(who).Corrections), who)
		list, err := r.As(who).ListCorrectionsWithResponse(t.Context(), r.appraisal, nil)
		apitest.OK(t, list, err)
		require.ElementsMatch(t, want, idsOf(list.JSON200.Items), who)
		o, err := r.As(who).GetOutcomeWithResponse(t.Context(), r.appraisal)
		if who == "dov" {
			apitest.Refused(t, o, err, 404, "not_found")
			continue
		}
		apitest.OK(t, o, err)
		require.ElementsMatch(t, want, idsOf(o.JSON200.Corrections), who)
	}
	r.hidesCorrection(t, "dov", rating.ID)
	r.hidesCorrection(t, "ben", rating.ID)
}

func idsOf(all []api.Correction) []uuid.UUID {
	out := []uuid.UUID{}
	for _, c := range all {
		out = append(out, c.ID)
	}
	return out
}

// nextYearWith begins the year after, in which somebody else reviews Ada.
func (r *reported) nextYearWith(reviewer string) {
	r.T.Helper()
	ctx, hr := r.T.Context(), r.World.HR
	r.On("2027-09-01")
	post, err := hr.GetPostWithResponse(ctx, r.Posts["ada"])
	apitest.OK(r.T, post, err)
	m, err := hr.SetLineManagerWithResponse(ctx, r.Posts["ada"], &api.SetLineManagerParams{IfMatch: post.HTTPResponse.Header.Get("ETag")}, api.SetLineManager{ManagerID: r.As(reviewer).ID})
	apitest.OK(r.T, m, err)
	c, err := hr.CreateCycleWithResponse(ctx, nil, api.CreateCycle{Name: "2027-28", StartsOn: apitest.Day("2027-09-01"), PolicyVersionID: r.PolicyVersion})
	apitest.OK(r.T, c, err)
	o, err := hr.OpenCycleWithResponse(ctx, c.JSON201.ID, &api.OpenCycleParams{IfMatch: c.HTTPResponse.Header.Get("ETag")})
	apitest.OK(r.T, o, err)
	e, err := hr.EnrolPeopleWithResponse(ctx, c.JSON201.ID, nil, api.EnrolPeople{})
	apitest.OK(r.T, e, err)
}
