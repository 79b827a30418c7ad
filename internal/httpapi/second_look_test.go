package httpapi_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// The one of a panel whose signature is missing may leave it. What the others have agreed to is not
// stuck then: one of them says so again.
func TestAnObjectiveIsAgreedThoughTheMissingReviewerLeavesThePanel(t *testing.T) {
	t.Parallel()
	g := newGoals(t, map[string]any{"reviewers": map[string]any{"panel_signs": "all"}})
	panel(g)
	id := g.drafted("ada", "practice", nil)
	require.Equal(t, "done", g.do("ada", "propose", id))
	require.Equal(t, "done", g.do("ben", "approve", id))
	a, err := g.World.HR.GetAppraisalWithResponse(t.Context(), g.appraisal, nil)
	apitest.OK(t, a, err)
	r, err := g.World.HR.HandOverAppraisalWithResponse(t.Context(), g.appraisal, &api.HandOverAppraisalParams{IfMatch: a.HTTPResponse.Header.Get("ETag")}, api.HandOver{ReviewerID: g.As("ben").ID})
	apitest.OK(t, r, err)
	require.Equal(t, api.ObjectiveApprovalProposed, g.read(id).Approval)
	require.Equal(t, "not_your_act", g.do("ada", "approve", id), "its author does not")
	require.Equal(t, "done", g.do("ben", "approve", id))
	require.Equal(t, api.ObjectiveApprovalAgreed, g.read(id).Approval)
}

// Two who decide on a post at once, and an enrolment beside them, leave what the last decision says.
func TestDecisionsOnAPostAtOnceLeaveWhatTheLastOneSays(t *testing.T) {
	t.Parallel()
	p := newExcluding(t)
	ada := p.Posts["ada"]
	for range 6 {
		r, err := include(p, "cho", ada, "Asked to take part.")
		apitest.OK(t, r, err)
		for _, a := range atOnce(t, 4, func(i int) (client.Answer, error) {
			if i%2 == 0 {
				return p.World.HR.EnrolPeopleWithResponse(t.Context(), p.CycleID, nil, api.EnrolPeople{})
			}
			return exclude(p, []string{"hr", "cho"}[i/2], ada)
		}) {
			require.Less(t, a.StatusCode(), 300, string(a.GetBody()))
		}
		require.Equal(t, "decided_by_hr", inOrOut(placeOf(p, ada)), "left out by the last that was decided")
		require.Zero(t, openOf(p, ada))
	}
}

// openOf counts the open appraisals of a post.
func openOf(p *apitest.Process, post uuid.UUID) int {
	return countOf(p, "select count(*) from appraisals where trust_id = $1 and post_id = $2 and status = 'open'", p.Trust, post)
}

// Where objectives change only after a meeting that allows it, none is taken back beside one: to
// withdraw it and to draft another is a change as well.
func TestAnObjectiveIsWithdrawnOnlyAfterAMeetingWhereThePolicyAsksForOne(t *testing.T) {
	t.Parallel()
	g := newGoals(t, map[string]any{"objectives": map[string]any{"amendments": "at_meetings"}})
	id := g.live("ada", "practice", "ben")
	require.Equal(t, "no_amending_meeting", g.do("ada", "withdraw", id))
	require.Equal(t, api.ObjectiveApprovalAgreed, g.read(id).Approval)
	m := spoken(t, g.As("ben"), g.appraisal)
	require.Equal(t, 25, m.Minutes.MustGet(), "its drafter sees how long it was")
	seen, err := g.As("ada").GetMeetingWithResponse(t.Context(), m.ID)
	apitest.OK(t, seen, err)
	hidden(t, "ada", *seen.JSON200)
	require.True(t, seen.JSON200.Minutes.IsNull(), "nor how long it was, which the record says")
	list, err := g.As("hr").ListMeetingsWithResponse(t.Context(), &api.ListMeetingsParams{AppraisalID: &g.appraisal})
	apitest.OK(t, list, err)
	require.True(t, list.JSON200.Items[0].Minutes.IsNull())
	require.Equal(t, "done", g.do("ada", "withdraw", id))
}

// spoken is the draft of the record of a meeting at mid-year that was held today.
func spoken(t *testing.T, ben *apitest.Person, appraisal uuid.UUID) api.Meeting {
	t.Helper()
	m, err := ben.ScheduleMeetingWithResponse(t.Context(), nil, api.ScheduleMeeting{AppraisalID: appraisal, PlanCode: "mid_year", ScheduledAt: time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)})
	apitest.OK(t, m, err)
	s, err := ben.SaveMeetingWithResponse(t.Context(), m.JSON201.ID, &api.SaveMeetingParams{IfMatch: m.HTTPResponse.Header.Get("ETag")},
		api.SaveMeeting{HeldOn: ptr(apitest.Day("2026-09-01")), Minutes: ptr(25), Answers: map[string]any{"notes": "The class has changed."}})
	apitest.OK(t, s, err)
	return *s.JSON200
}
