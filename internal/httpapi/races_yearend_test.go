package httpapi_test

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// stormRules are a year that can be stated, signed, decided, filed, returned, paid, appealed, corrected,
// deferred, suspended and handed over.
const stormRules = `{"schema":1,"rules":{
	"objectives":{"slots":[{"code":"practice","label":"Practice","required":true}],"max":1,"counted":"none"},
	"outcome":{"method":"judgement","inputs":[],"objective_judges":"reviewer","objective_scale":[{"code":"missed","label":"Missed"},{"code":"met","label":"Met"}],
		"objective_statement":"none","deferral":"exam_results","deferral_by":["reviewer"],"deferral_due":{"anchor":"cycle_end","months":2},"chain":[
		{"code":"state","label":"Statement","order":1,"party":"reviewer","acts":["state","recommend"],"form":"statement","required":true},
		{"code":"sign","label":"Signature","order":2,"party":"reviewee","acts":["sign"],"required":true},
		{"code":"decide","label":"Decision","order":3,"party":"head","acts":["decide"],"required":true},
		{"code":"file","label":"Filing","order":4,"party":"hr","acts":["approve"],"required":true}]},
	"pay":{"link":"automatic","exception_by":"hr","chain":[{"code":"settle","label":"Pay","order":1,"party":"hr","acts":["decide_pay"],"required":true,"due":{"anchor":"cycle_end","months":2}}]},
	"appeals":{"remedies":["stands"],"pay":[{"code":"panel","label":"Panel","party":"office:chair","lodge_days":10,"decide_days":20}]},
	"concern":{"raised_by":["reviewer","head"],"direct":true,"capability_by":["head"],"capability":"suspends"}}}`

// storm is a year on which everybody acts at once.
type storm struct {
	*goals
	objective, concern uuid.UUID
	draw               *rand.Rand
	head               string         // whom HR has made head last
	did                map[string]int // what succeeded, by who did it and the event that it leaves
}

// sky is the year as it was when a round began: all act on the versions of it.
type sky struct {
	steps       map[string]api.Step
	appraisal   api.Appraisal
	judged      api.ObjectiveOutcome
	concern     api.Concern
	deferrals   []api.Deferral
	appeals     []api.Appeal
	corrections []api.Correction
	paid        bool
}

// blow is one thing that somebody may try: the event that it leaves, and whether it looks possible.
type blow struct {
	who, event string
	ready      bool
	do         func(who *apitest.Person) (client.Answer, error)
}

func newStorm(t *testing.T) *storm {
	t.Helper()
	g := goalsOf(apitest.NewProcess(t, apitest.ProcessSetup{Document: document(t, stormRules)}))
	s := &storm{goals: g, draw: rand.New(rand.NewPCG(4, 1)), head: "cho", did: map[string]int{}}
	setPayTable(g.Process, onePoint("teaching", "progress"))
	s.objective = g.drafted("ada", "practice", nil)
	require.Equal(t, "done", g.do("ada", "propose", s.objective))
	require.Equal(t, "done", g.do("ben", "approve", s.objective))
	g.On("2027-08-02")
	s.concern = confirmedConcern(g.Process, true).ID
	saveStep(g.Process, "ben", "outcome.state", api.SaveStep{Answers: map[string]any{"statement": "A good year."}, Rating: &api.RatingInput{Code: ptr("met")}})
	for _, who := range []string{"ada", "ben", "cho", "dov", "fay"} {
		g.As(who).SignIn()
	}
	return s
}

func (s *storm) look() sky {
	s.T.Helper()
	ctx, hr, out := s.T.Context(), s.World.HR, sky{steps: map[string]api.Step{}}
	steps, err := hr.ListStepsWithResponse(ctx, s.appraisal)
	apitest.OK(s.T, steps, err)
	for _, step := range steps.JSON200.Items {
		out.steps[step.Step] = step
	}
	a, err := hr.GetAppraisalWithResponse(ctx, s.appraisal, nil)
	apitest.OK(s.T, a, err)
	judged, err := hr.ListObjectiveOutcomesWithResponse(ctx, s.appraisal)
	apitest.OK(s.T, judged, err)
	deferrals, err := hr.ListDeferralsWithResponse(ctx, s.appraisal)
	apitest.OK(s.T, deferrals, err)
	appeals, err := hr.ListAppealsWithResponse(ctx, s.appraisal)
	apitest.OK(s.T, appeals, err)
	corrections, err := hr.ListCorrectionsWithResponse(ctx, s.appraisal, nil)
	apitest.OK(s.T, corrections, err)
	pay, err := hr.GetPayOutcomeWithResponse(ctx, s.appraisal)
	apitest.OK(s.T, pay, err)
	out.appraisal, out.judged, out.concern = *a.JSON200, judged.JSON200.Items[0], concern(s.Process, "hr", s.concern)
	out.deferrals, out.appeals, out.corrections, out.paid = deferrals.JSON200.Items, appeals.JSON200.Items, corrections.JSON200.Items, len(pay.JSON200.History) > 0
	return out
}

// everybody is what each could try now.
func (s *storm) everybody(k sky) map[string][]blow {
	all := append(append(s.steppers(k), s.settlers(k)...), s.deferrers(k)...)
	out := map[string][]blow{}
	for _, b := range all {
		out[b.who] = append(out[b.who], b)
	}
	return out
}

// rage lets everybody try one thing at the same moment, and counts what they have done.
func (s *storm) rage(t *testing.T) {
	t.Helper()
	var hits []blow
	tries := s.everybody(s.look())
	for _, who := range []string{"ada", "ben", "cho", "dov", "hr", "hr", "fay"} {
		mine := tries[who]
		if ready := slices.DeleteFunc(slices.Clone(mine), func(b blow) bool { return !b.ready }); len(ready) > 0 && s.draw.IntN(5) > 0 {
			mine = ready
		}
		if len(mine) > 0 {
			hits = append(hits, mine[s.draw.IntN(len(mine))])
		}
	}
	for i, r := range atOnce(t, len(hits), func(i int) (client.Answer, error) { return hits[i].do(s.As(hits[i].who)) }) {
		hit := hits[i]
		if r.StatusCode() < 300 {
			s.did[hit.who+" "+hit.event] += done(r)
			if hit.event == "office.filled" {
				s.head = otherHead[s.head]
			}
			continue
		}
		allowed := []int{http.StatusConflict, http.StatusPreconditionFailed}
		if hit.who == "cho" || hit.who == "dov" || hit.who == "fay" { // two who are head by turns, and one who reaches it while she hears an appeal
			allowed = append(allowed, http.StatusForbidden, http.StatusNotFound)
		}
		if hit.event == "deferral.resolved" { // the step that decides was sent back meanwhile, and gives the rating itself
			allowed = append(allowed, http.StatusUnprocessableEntity)
		}
		require.Contains(s.T, allowed, r.StatusCode(), "%s %s: %s", hit.who, hit.event, r.GetBody())
		if r.StatusCode() == http.StatusPreconditionFailed {
			_, err := parsed[api.Problem](t, r).CurrentVersion.Get()
			require.NoError(s.T, err, "who comes too late is told the version that there is")
		}
	}
}

// done is how many records an answer has changed.
func done(r client.Answer) int {
	switch many := r.(type) {
	case *client.CompleteStepsInBulkResponse:
		if many.JSON200 != nil {
			return many.JSON200.Succeeded
		}
		return many.JSON207.Succeeded
	}
	return 1
}

// Two who are head by turns, HR in two windows, a reviewer, the person and whoever hears their appeal
// act at the same moment on one appraisal, again and again: nothing is lost, and nothing is done twice.
func TestEverybodyAtOnceOnOneAppraisalLosesNothing(t *testing.T) {
	t.Parallel()
	s := newStorm(t)
	before := len(s.trail())
	rounds := 0
	for ; rounds < 60; rounds++ {
		s.rage(t)
		if s.did["fay appeal.decided"] > 0 && s.returns() > 0 && rounds >= 8 {
			break
		}
	}
	t.Logf("%d rounds: %v", rounds, s.did)
	s.inTheTrail(s.trail()[before:])
	s.whole()
	require.NotZero(t, s.returns(), "the storm was too short: %v", s.did)
	require.NotZero(t, s.did["fay appeal.decided"], "the storm was too short: %v", s.did)
}

// returns is how often the chain was sent back. Before that HR files nothing, so that the storm has it.
func (s *storm) returns() int {
	return s.did["cho step.returned"] + s.did["dov step.returned"] + s.did["hr step.returned"]
}
