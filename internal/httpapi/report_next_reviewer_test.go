package httpapi_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// Whoever reviews the next year receives the report of the year before, and nothing that lies behind it.
func TestWhoeverReviewsTheNextYearReadsTheReportAndNoMore(t *testing.T) {
	t.Parallel()
	r := newReported(t)
	r.release()
	r.nextYearWith("dov")
	ctx, dov := t.Context(), r.As("dov")
	year, err := dov.GetAppraisalWithResponse(ctx, r.appraisal, nil)
	apitest.OK(t, year, err)
	sections := r.report("dov")
	require.Equal(t, []string{"statement", "objectives", "growth", "standards", "comments", "signed"}, sectionsOf(sections), "as its reviewer received it")
	put, err := dov.ListCorrectionsWithResponse(ctx, r.appraisal, nil)
	apitest.OK(t, put, err)
	aim, err := dov.GetObjectiveWithResponse(ctx, r.objective)
	apitest.OK(t, aim, err)

	for name, part := range behindTheReport(ctx) {
		behind, err := part(dov, r.appraisal)
		require.NoError(t, err, name)
		absent, err := part(dov, uuid.New())
		require.NoError(t, err, name)
		require.Equal(t, http.StatusNotFound, behind.StatusCode(), name)
		sameAbsence(t, behind, absent)
		for _, party := range []string{"ada", "hr"} {
			read, err := part(r.As(party), r.appraisal)
			apitest.OK(t, read, err)
		}
	}
	versions, err := dov.ListObjectiveRevisionsWithResponse(ctx, r.objective)
	apitest.Refused(t, versions, err, 404, "not_found")
	own, err := r.As("ben").GetOutcomeWithResponse(ctx, r.appraisal)
	apitest.OK(t, own, err)
}

// behindTheReport reads what of a year is no part of its report.
func behindTheReport(ctx context.Context) map[string]func(*apitest.Person, uuid.UUID) (client.Answer, error) {
	return map[string]func(*apitest.Person, uuid.UUID) (client.Answer, error){
		"GetOutcome": func(who *apitest.Person, id uuid.UUID) (client.Answer, error) {
			return who.GetOutcomeWithResponse(ctx, id)
		},
		"ListSteps": func(who *apitest.Person, id uuid.UUID) (client.Answer, error) {
			return who.ListStepsWithResponse(ctx, id)
		},
		"GetStep": func(who *apitest.Person, id uuid.UUID) (client.Answer, error) {
			return who.GetStepWithResponse(ctx, id, "outcome.state")
		},
		"ListObjectiveOutcomes": func(who *apitest.Person, id uuid.UUID) (client.Answer, error) {
			return who.ListObjectiveOutcomesWithResponse(ctx, id)
		},
		"ListDeferrals": func(who *apitest.Person, id uuid.UUID) (client.Answer, error) {
			return who.ListDeferralsWithResponse(ctx, id)
		},
		"ListNotes": func(who *apitest.Person, id uuid.UUID) (client.Answer, error) {
			return who.ListNotesWithResponse(ctx, id, nil)
		},
		"ListEvidence": func(who *apitest.Person, id uuid.UUID) (client.Answer, error) {
			return who.ListEvidenceWithResponse(ctx, id, nil)
		},
		"GetTimeline": func(who *apitest.Person, id uuid.UUID) (client.Answer, error) {
			return who.GetTimelineWithResponse(ctx, id, nil)
		},
		"GetDossier": func(who *apitest.Person, id uuid.UUID) (client.Answer, error) {
			return who.GetDossierWithResponse(ctx, id)
		},
		"GetPayOutcome": func(who *apitest.Person, id uuid.UUID) (client.Answer, error) {
			return who.GetPayOutcomeWithResponse(ctx, id)
		},
		"ListEarlierSteps": func(who *apitest.Person, id uuid.UUID) (client.Answer, error) {
			return who.ListEarlierStepsWithResponse(ctx, id)
		},
		"ListAppeals": func(who *apitest.Person, id uuid.UUID) (client.Answer, error) {
			return who.ListAppealsWithResponse(ctx, id)
		},
	}
}
