package httpapi_test

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	bw "github.com/perennial-api/perennial/internal/brightwater"
	"github.com/perennial-api/perennial/pkg/client"
)

// atOnce does the same n times from one starting line, each over a connection of its own.
func atOnce(t *testing.T, n int, do func(i int) (client.Answer, error)) []client.Answer {
	t.Helper()
	answers, errs := make([]client.Answer, n), make([]error, n)
	var runners sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		runners.Go(func() {
			<-start
			answers[i], errs[i] = do(i)
		})
	}
	close(start)
	runners.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
	return answers
}

// one requires exactly one success, and that all the others were refused with one of the statuses.
func one(t *testing.T, answers []client.Answer, refused ...int) client.Answer {
	t.Helper()
	var won []client.Answer
	for _, a := range answers {
		if a.StatusCode() < 300 {
			won = append(won, a)
			continue
		}
		require.Contains(t, refused, a.StatusCode(), string(a.GetBody()))
	}
	require.Len(t, won, 1, "exactly one succeeds")
	return won[0]
}

// parsed reads the body of an answer.
func parsed[T any](t *testing.T, a client.Answer) (v T) {
	t.Helper()
	require.NoError(t, json.Unmarshal(a.GetBody(), &v))
	return v
}

// proposed is Tom's objective, waiting for Ines.
func proposed(t *testing.T) *play {
	t.Helper()
	p := newPlay(t)
	p.run([]scene{
		{"2026-09-14", tom, "drafts", draftIn(onSelf, "Coaching"), created, "", nil},
		{"2026-09-15", tom, "proposes", propose(onSelf), ok, "", nil},
	})
	return p
}

func TestOfManyApprovalsAtOnceOneCounts(t *testing.T) {
	t.Parallel()
	p := proposed(t)
	p.who = p.As(ines)
	tag := p.tag(onSelf)
	one(t, atOnce(t, 12, func(int) (client.Answer, error) {
		return p.who.ApproveObjectiveWithResponse(t.Context(), p.objectives[onSelf], &api.ApproveObjectiveParams{IfMatch: tag})
	}), 412)
	o := p.objective(onSelf)
	require.Equal(t, api.ObjectiveApproval("agreed"), o.Approval)
	require.Len(t, o.Signatures, 2, "the reviewee's and the reviewer's, once each")
}

// An approval and a request for changes, from two windows of one reviewer, cannot both be had.
func TestAnApprovalAndARequestForChangesAtOnceLeaveOne(t *testing.T) {
	t.Parallel()
	p := proposed(t)
	p.who = p.As(ines)
	tag, id := p.tag(onSelf), p.objectives[onSelf]
	won := parsed[api.Objective](t, one(t, atOnce(t, 12, func(i int) (client.Answer, error) {
		if i%2 == 0 {
			return p.who.ApproveObjectiveWithResponse(t.Context(), id, &api.ApproveObjectiveParams{IfMatch: tag})
		}
		return p.who.RequestObjectiveChangesWithResponse(t.Context(), id, &api.RequestObjectiveChangesParams{IfMatch: tag}, api.RequestChanges{Remark: "Name the group."})
	}), 412))
	o := p.objective(onSelf)
	require.Equal(t, won.Approval, o.Approval)
	require.Equal(t, o.Approval == "agreed", !o.Live.IsNull(), "it is live if, and only if, it was agreed")
}

func TestNoUpdateIsLostWhenManyWriteAtOnce(t *testing.T) {
	t.Parallel()
	p := newPlay(t)
	p.run([]scene{{"2026-09-14", tom, "drafts", draftIn(onSelf, "Coaching"), created, "", nil}})
	for round := range 3 {
		tag := p.tag(onSelf)
		won := parsed[api.Objective](t, one(t, atOnce(t, 15, func(i int) (client.Answer, error) {
			return p.who.ReplaceObjectiveWithResponse(t.Context(), p.objectives[onSelf], &api.ReplaceObjectiveParams{IfMatch: tag}, p.content(fmt.Sprintf("Round %d, writer %d", round, i)))
		}), 412))
		require.Equal(t, won.Next.MustGet().Title, p.objective(onSelf).Next.MustGet().Title, "what was answered is what is kept")
	}
	require.Equal(t, `"4"`, p.tag(onSelf), "one version for each round")
}

func TestOneIdempotencyKeyActsOnceHoweverOftenItIsSentAtOnce(t *testing.T) {
	t.Parallel()
	p := newPlay(t)
	p.who = p.As(tom)
	body := api.CreateObjective{AppraisalID: p.appraisal, Slot: onSelf, Content: p.content("Coaching")}
	send := func(int) (client.Answer, error) {
		return p.who.CreateObjectiveWithResponse(t.Context(), &api.CreateObjectiveParams{IdempotencyKey: key("once")}, body)
	}
	made := map[string]bool{}
	for _, a := range append(atOnce(t, 20, send), first(send(0))) {
		if a.StatusCode() == conflict {
			require.Contains(t, string(a.GetBody()), `"code":"request_in_progress"`)
			continue
		}
		require.Equal(t, created, a.StatusCode(), string(a.GetBody()))
		made[string(a.GetBody())] = true
	}
	require.Len(t, made, 1, "every answer is the first one, to the byte")
	r, err := p.who.ListObjectivesWithResponse(t.Context(), &api.ListObjectivesParams{AppraisalID: &p.appraisal})
	apitest.OK(t, r, err)
	require.Len(t, r.JSON200.Items, 1)

	body.Content.Title = "Another"
	again, err := p.who.CreateObjectiveWithResponse(t.Context(), &api.CreateObjectiveParams{IdempotencyKey: key("once")}, body)
	refusedWith(t, again, err, invalid, "idempotency_key_reused")
}

func TestASlotIsFilledOnceHoweverManyDraftAtOnce(t *testing.T) {
	t.Parallel()
	p := newPlay(t)
	p.who = p.As(tom)
	one(t, atOnce(t, 10, func(i int) (client.Answer, error) {
		return p.who.CreateObjectiveWithResponse(t.Context(), nil, api.CreateObjective{AppraisalID: p.appraisal, Slot: onSelf, Content: p.content(fmt.Sprint("Draft ", i))})
	}), conflict)
}

func TestOneCheckInAndOneMeetingComeOfManyStartsAtOnce(t *testing.T) {
	t.Parallel()
	f := newFortnight(t)
	who := f.As(tom)
	k := parsed[api.CheckIn](t, one(t, atOnce(t, 10, func(int) (client.Answer, error) {
		return who.StartCheckInWithResponse(t.Context(), nil, api.StartCheckIn{AppraisalID: f.appraisal, WindowID: f.Windows[0].ID})
	}), conflict))
	k = f.written(k, reflected("The first weeks."))
	one(t, atOnce(t, 10, func(int) (client.Answer, error) {
		return who.SubmitCheckInWithResponse(t.Context(), k.ID, &api.SubmitCheckInParams{IfMatch: etag(k.Version)})
	}), 412)
	one(t, atOnce(t, 10, func(int) (client.Answer, error) {
		return who.ScheduleMeetingWithResponse(t.Context(), nil, api.ScheduleMeeting{AppraisalID: f.appraisal, PlanCode: "mid_year", ScheduledAt: date("2027-02-01").Time})
	}), conflict)
}

// decidable is Tom's year when only the head's decision is missing.
func decidable(t *testing.T) *play {
	t.Helper()
	p := newPlay(t)
	p.run(setting)
	p.run([]scene{
		{"2027-07-08", tom, "saves his reflection", func(p *play) (client.Answer, error) {
			return save("outcome.reflect", api.SaveStep{Answers: p.reflection(), Rating: &api.RatingInput{Code: ptr("met")}})(p)
		}, ok, "", nil},
		{"2027-07-08", tom, "completes it", complete("outcome.reflect"), ok, "", nil},
		{"2027-09-20", ines, "writes her statement", save("outcome.state", api.SaveStep{Answers: statement("A good year."), Rating: &api.RatingInput{Box: ptr("exceptional")}}), ok, "", nil},
		{"2027-09-20", ines, "states", complete("outcome.state"), ok, "", nil},
	})
	return p
}

func TestOneStepIsDecidedOnceHoweverManyDecideAtOnce(t *testing.T) {
	t.Parallel()
	p := decidable(t)
	p.On("2027-10-05")
	p.who = p.As(marta)
	tag := p.stepTag("outcome.decide")
	one(t, atOnce(t, 10, func(i int) (client.Answer, error) {
		if i%2 == 1 {
			return p.who.ReturnStepWithResponse(t.Context(), p.appraisal, "outcome.decide", &api.ReturnStepParams{IfMatch: tag}, api.ReturnStep{To: "outcome.state", Reason: "Say more."})
		}
		return p.who.CompleteStepWithResponse(t.Context(), p.appraisal, "outcome.decide", &api.CompleteStepParams{IfMatch: tag}, api.CompleteStep{})
	}), 412, conflict)
}

func TestNobodyIsEnrolledTwiceByTwoEnrolmentsAtOnce(t *testing.T) {
	t.Parallel()
	y := apitest.NewYear(t)
	y.On("2027-09-01")
	id, _, err := bw.StartYear(t.Context(), y.World.HR.ClientWithResponses, y.PolicyVersion, "2027-28", 2027)
	require.NoError(t, err)
	enrolled := 0
	for _, a := range atOnce(t, 6, func(int) (client.Answer, error) {
		return y.World.HR.EnrolPeopleWithResponse(t.Context(), id, nil, api.EnrolPeople{})
	}) {
		require.Equal(t, ok, a.StatusCode(), string(a.GetBody()))
		enrolled += parsed[api.EnrolmentResult](t, a).Created
	}
	r, err := y.World.HR.ListAppraisalsWithResponse(t.Context(), &api.ListAppraisalsParams{CycleID: &id, Limit: ptr(200)})
	apitest.OK(t, r, err)
	people := map[uuid.UUID]int{}
	for _, a := range r.JSON200.Items {
		people[a.PersonID]++
	}
	require.Len(t, people, enrolled, "what the six say that they made is what is there")
	require.Greater(t, enrolled, 5)
	for person, n := range people {
		require.Equal(t, 1, n, person)
	}
}

// Twenty tabs that refresh with one token at once are one caller: nobody is signed out, and there
// is still one session.
func TestARefreshTokenUsedByManyTabsAtOnceKeepsTheSession(t *testing.T) {
	t.Parallel()
	w := apitest.NewWorld(t, "2026-09-01")
	before := w.HR.Session()
	c, err := client.New(w.Stack.URL, client.WithTransport(apitest.Checked(t)))
	require.NoError(t, err)
	refresh := func(token string) (client.Answer, error) {
		return c.IssueTokenWithFormdataBodyWithResponse(t.Context(), api.TokenRequest{GrantType: "refresh_token", RefreshToken: &token})
	}
	given := map[string]bool{}
	answers := atOnce(t, 20, func(int) (client.Answer, error) { return refresh(before.RefreshToken) })
	for _, a := range answers {
		require.Equal(t, ok, a.StatusCode(), string(a.GetBody()))
		given[parsed[api.Token](t, a).RefreshToken] = true
	}
	require.Len(t, given, 20, "each tab has a token of its own")
	next, err := refresh(parsed[api.Token](t, answers[7]).RefreshToken)
	require.NoError(t, err)
	require.Equal(t, ok, next.StatusCode(), string(next.GetBody()))

	me, err := w.HR.ListSessionsWithResponse(t.Context())
	apitest.OK(t, me, err)
	require.Len(t, me.JSON200.Items, 2, "the one that the tabs share, and the test's own")
	late, err := refresh(before.RefreshToken)
	require.NoError(t, err)
	require.Equal(t, 400, late.StatusCode(), "a token of two generations ago was used twice")
	again, err := refresh(parsed[api.Token](t, next).RefreshToken)
	require.NoError(t, err)
	require.Equal(t, 400, again.StatusCode(), "so the session has ended")
}
