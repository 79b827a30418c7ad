package httpapi_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	bw "github.com/perennial-api/perennial/internal/brightwater"
)

const technician = "priya.nair"

// lastYearOf is somebody's appraisal of the year that is finished.
func lastYearOf(y *apitest.Year, who string) uuid.UUID {
	return y.Appraisal(who).PreviousAppraisalID.MustGet()
}

func TestTheDemoShowsAFinishedYearBesideTheNewOne(t *testing.T) {
	t.Parallel()
	y := apitest.NewYearAfterAYear(t)
	me, err := y.As(bw.Reviewee).GetMeWithResponse(t.Context())
	apitest.OK(t, me, err)
	require.Equal(t, "2026-09-01", me.JSON200.Trust.Today.String())
	for who, want := range map[string]string{bw.Reviewee: "met", technician: "exceeded", bw.Reviewer: "met"} {
		last := lastYearOf(y, who)
		o, err := y.As(who).GetOutcomeWithResponse(t.Context(), last)
		apitest.OK(t, o, err)
		require.True(t, o.JSON200.Released)
		require.Equal(t, want, o.JSON200.Rating.MustGet().Code)
		p, err := y.As(who).GetPayOutcomeWithResponse(t.Context(), last)
		apitest.OK(t, p, err)
		require.Equal(t, api.PayDecisionResult("awarded"), p.JSON200.Decision.MustGet().Result)
		d, err := y.As(who).GetDossierWithResponse(t.Context(), last)
		apitest.OK(t, d, err)
		require.Len(t, d.JSON200.Objectives, 3)
		require.GreaterOrEqual(t, len(d.JSON200.Objectives[0].Entries), 4, "check-ins, a note, evidence and the review say something of it")
		require.Len(t, d.JSON200.Meetings, 1)
	}
	changedAtTheYearsEnd(t, y)
	settledAfterwards(t, y)
	waits, err := y.As(bw.Reviewer).GetMeWithResponse(t.Context())
	apitest.OK(t, waits, err)
	for _, w := range waits.JSON200.Waiting {
		id, err := w.AppraisalID.Get()
		require.True(t, err != nil || id == y.Appraisal(bw.Reviewer).ID || w.Kind != "outcome.state", "nothing of last year waits")
	}
}

// changedAtTheYearsEnd: Marta decided otherwise than Ines recommended of Priya, and what Ines
// recommended is kept.
func changedAtTheYearsEnd(t *testing.T, y *apitest.Year) {
	t.Helper()
	r, err := y.As(bw.Reviewer).ListMyRecommendationsWithResponse(t.Context(), nil)
	apitest.OK(t, r, err)
	decided := map[uuid.UUID][2]string{}
	for _, m := range r.JSON200.Items {
		decided[m.AppraisalID] = [2]string{m.Recommended.Code, m.Decided.MustGet().Code}
	}
	require.Equal(t, map[uuid.UUID][2]string{lastYearOf(y, bw.Reviewee): {"met", "met"}, lastYearOf(y, technician): {"met", "exceeded"}}, decided)
}

// settledAfterwards: the concern of which Tom knows, the objective of Ines's that waited, and Priya's
// appeal have all come to their end, and nothing was changed in the chain of what was done.
func settledAfterwards(t *testing.T, y *apitest.Year) {
	t.Helper()
	concerns, err := y.As(bw.Reviewee).ListConcernsWithResponse(t.Context(), nil)
	apitest.OK(t, concerns, err)
	require.Len(t, concerns.JSON200.Items, 1)
	require.Equal(t, lastYearOf(y, bw.Reviewee), concerns.JSON200.Items[0].AppraisalID)
	require.Equal(t, "resolved", string(concerns.JSON200.Items[0].Outcome.MustGet()))

	waited, err := y.As(bw.Reviewer).ListDeferralsWithResponse(t.Context(), lastYearOf(y, bw.Reviewer))
	apitest.OK(t, waited, err)
	kinds := []string{}
	for _, d := range waited.JSON200.Items {
		kinds = append(kinds, string(d.WaitsFor)+" "+string(d.Status))
	}
	require.Equal(t, []string{"objective resolved", "rating resolved"}, kinds)

	appeals, err := y.As(technician).ListAppealsWithResponse(t.Context(), lastYearOf(y, technician))
	apitest.OK(t, appeals, err)
	require.Len(t, appeals.JSON200.Items, 1)
	require.Equal(t, "decided", string(appeals.JSON200.Items[0].Status))
	require.Equal(t, "changed", string(appeals.JSON200.Items[0].Stages[0].Result.MustGet()))

	chain, err := y.World.HR.VerifyAuditChainWithResponse(t.Context(), nil)
	apitest.OK(t, chain, err)
	require.True(t, chain.JSON200.Intact)
}
