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

func TestWhatIsWrongInAReleasedOutcomeIsPutRightBesideIt(t *testing.T) {
	t.Parallel()
	r := newReported(t)
	ctx, wrong := t.Context(), api.RequestCorrection{Part: "outcome.state", Section: ptr("statement"), Text: "A good year, with two clubs.", Reason: "The clubs are missing."}
	early, err := r.ask("ada", wrong)
	apitest.Refused(t, early, err, 409, "outcome_not_released")
	r.release()
	was := r.outcome()

	for code, body := range map[string]api.RequestCorrection{
		"unknown_part":      {Part: "outcome.weather", Text: "x", Reason: "y"},
		"unknown_section":   {Part: "outcome.state", Section: ptr("weather"), Text: "x", Reason: "y"},
		"unknown_objective": {Part: "objective", ObjectiveID: ptr(uuid.New()), Text: "x", Reason: "y"},
		"no_section_here":   {Part: "rating", Section: ptr("statement"), Text: "x", Reason: "y"},
	} {
		bad, err := r.ask("ada", body)
		apitest.Refused(t, bad, err, 422, code)
	}
	asked, err := r.ask("ada", wrong)
	apitest.OK(t, asked, err)
	require.Equal(t, "/v1/corrections/"+asked.JSON201.ID.String(), asked.HTTPResponse.Header.Get("Location"))
	require.Empty(t, r.report("ada").Corrections, "what is only asked for stands nowhere")
	stranger, err := r.As("dov").GetCorrectionWithResponse(ctx, asked.JSON201.ID)
	require.NoError(t, err)
	nothing, err := r.As("dov").GetCorrectionWithResponse(ctx, uuid.New())
	require.NoError(t, err)
	sameAbsence(t, stranger, nothing)

	by, err := r.decide("cho", *asked.JSON201, api.DecideCorrection{Result: "accepted"})
	apitest.Refused(t, by, err, 403, "not_your_act")
	old := *asked.JSON201
	old.Version = 7
	stale, err := r.decide("hr", old, api.DecideCorrection{Result: "accepted"})
	apitest.Refused(t, stale, err, 412, "stale_version")
	done, err := r.decide("hr", *asked.JSON201, api.DecideCorrection{Result: "accepted", Text: ptr("A good year, with two clubs on Fridays.")})
	apitest.OK(t, done, err)
	got, err := r.As("ben").GetCorrectionWithResponse(ctx, asked.JSON201.ID)
	apitest.OK(t, got, err)
	require.Equal(t, "accepted", string(got.JSON200.Status))
	twice, err := r.decide("hr", *done.JSON200, api.DecideCorrection{Result: "refused", Reason: ptr("No.")})
	apitest.Refused(t, twice, err, 409, "wrong_status")

	pay, err := r.ask("ada", api.RequestCorrection{Part: "rating", Text: "Exceeded.", Reason: "Two clubs."})
	apitest.OK(t, pay, err)
	silent, err := r.decide("hr", *pay.JSON201, api.DecideCorrection{Result: "refused"})
	require.Equal(t, "/reason", apitest.Refused(t, silent, err, 422, "reason_required").Errors[0].Pointer)
	no, err := r.decide("hr", *pay.JSON201, api.DecideCorrection{Result: "refused", Reason: ptr("A rating is appealed against.")})
	apitest.OK(t, no, err)
	params := &api.DisagreeWithRefusalParams{IfMatch: etag(no.JSON200.Version)}
	foreign, err := r.As("ben").DisagreeWithRefusalWithResponse(ctx, no.JSON200.ID, params, api.DisagreeWithRefusal{Text: "It stands."})
	apitest.Refused(t, foreign, err, 403, "out_of_reach")
	beside, err := r.As("ada").DisagreeWithRefusalWithResponse(ctx, no.JSON200.ID, params, api.DisagreeWithRefusal{Text: "Both clubs are on the timetable."})
	apitest.OK(t, beside, err)

	stands := r.report("ben").Corrections
	require.Len(t, stands, 2)
	require.Equal(t, []any{"accepted", "A good year, with two clubs on Fridays."}, []any{string(stands[0].Status), stands[0].Corrected.MustGet()})
	require.Equal(t, []any{"disputed", "Both clubs are on the timetable."}, []any{string(stands[1].Status), stands[1].Disagreement.MustGet()})
	require.Equal(t, was, r.outcome(), "the outcome itself is what it was")
	o, err := r.As("ada").GetOutcomeWithResponse(ctx, r.appraisal)
	apitest.OK(t, o, err)
	require.Len(t, o.JSON200.Corrections, 2)
	one := 1
	page, err := r.As("ada").ListCorrectionsWithResponse(ctx, r.appraisal, &api.ListCorrectionsParams{Limit: &one})
	apitest.OK(t, page, err)
	cursor := page.JSON200.NextCursor.MustGet()
	rest, err := r.As("ada").ListCorrectionsWithResponse(ctx, r.appraisal, &api.ListCorrectionsParams{Limit: &one, Cursor: &cursor})
	apitest.OK(t, rest, err)
	require.Equal(t, []uuid.UUID{done.JSON200.ID, no.JSON200.ID}, []uuid.UUID{page.JSON200.Items[0].ID, rest.JSON200.Items[0].ID})
	require.True(t, page.JSON200.AllowedActions[0].Allowed)
	events, err := r.World.HR.ListAuditEventsWithResponse(ctx, &api.ListAuditEventsParams{AppraisalID: &r.appraisal})
	apitest.OK(t, events, err)
	require.Contains(t, string(events.Body), "correction.disputed")
	require.NotContains(t, string(events.Body), "clubs")
}
