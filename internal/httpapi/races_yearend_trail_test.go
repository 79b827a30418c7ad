package httpapi_test

import (
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

// trail are the events of the appraisal, oldest first.
func (s *storm) trail() []api.Event {
	s.T.Helper()
	var out []api.Event
	params := &api.ListAuditEventsParams{AppraisalID: &s.appraisal, Limit: ptr(200)}
	for {
		r, err := s.World.HR.ListAuditEventsWithResponse(s.T.Context(), params)
		apitest.OK(s.T, r, err)
		out = append(out, r.JSON200.Items...)
		if r.JSON200.NextCursor.IsNull() {
			break
		}
		params.Cursor = ptr(r.JSON200.NextCursor.MustGet())
	}
	if len(out) > 1 && out[0].Block > out[len(out)-1].Block {
		slices.Reverse(out)
	}
	return out
}

// inTheTrail holds that what succeeded is in the trail, each once, by whom it was done, with versions
// that rise; and that the steps moved as the trail tells, one after another.
func (s *storm) inTheTrail(events []api.Event) {
	s.T.Helper()
	told, last, block := map[string]int{}, map[uuid.UUID]int{}, 0
	state := map[string]string{}
	for _, e := range events {
		told[s.named(e.ActorID.MustGet())+" "+e.Type]++
		require.GreaterOrEqual(s.T, e.Block, block, "commit order is chain order")
		block = e.Block
		v, known := last[e.SubjectID]
		switch {
		case !known:
		case e.SubjectKind == "step" || e.SubjectKind == "appraisal": // which others move along with
			require.Greater(s.T, e.SubjectVersion, v, "%s %s", e.Type, e.SubjectKind)
		default:
			require.Equal(s.T, v+1, e.SubjectVersion, "%s: one version for each change", e.Type)
		}
		last[e.SubjectID] = e.SubjectVersion
		s.follows(state, e)
	}
	for act, n := range s.did {
		switch _, event, _ := strings.Cut(act, " "); event {
		case "office.filled": // is in the school's trail, not the appraisal's
			continue
		case "pay.decided", "objective.judged", "deferral.begun": // is also what another act ends in
			assert.GreaterOrEqual(s.T, told[act], n, act)
			continue
		}
		assert.Equal(s.T, n, told[act], act)
	}
	steps, err := s.World.HR.ListStepsWithResponse(s.T.Context(), s.appraisal)
	apitest.OK(s.T, steps, err)
	for _, step := range steps.JSON200.Items {
		want := state[step.Step]
		if want == "" {
			require.NotContains(s.T, []api.StepState{"done", "declined", "skipped"}, step.State, step.Step)
			continue
		}
		require.Equal(s.T, want, string(step.State), "%s is where the trail left it", step.Step)
	}
}

var stormChain = []string{"outcome.state", "outcome.sign", "outcome.decide", "outcome.file"}

// follows moves the steps as an event says, and refuses one that could not have been.
func (s *storm) follows(state map[string]string, e api.Event) {
	s.T.Helper()
	step, _ := e.Data["step"].(string)
	switch e.Type {
	case "step.done", "step.declined", "step.skipped":
		require.Empty(s.T, state[step], "%s was done already", step)
		for _, earlier := range stormChain {
			if earlier == step || step == "pay.settle" {
				break
			}
			require.NotEmpty(s.T, state[earlier], "%s is done before %s", earlier, step)
		}
		state[step] = strings.TrimPrefix(e.Type, "step.")
	case "step.returned":
		to, _ := e.Data["to"].(string)
		require.NotEmpty(s.T, state[to], "only what is done is returned to")
		for _, later := range stormChain[slices.Index(stormChain, to):] {
			delete(state, later)
		}
	}
}

func (s *storm) named(id uuid.UUID) string {
	for _, who := range []string{"ada", "ben", "cho", "dov", "eve", "fay"} {
		if s.As(who).ID == id {
			return who
		}
	}
	return "hr"
}

// whole holds that what is kept beside the trail is as it would be had everybody come one by one.
func (s *storm) whole() {
	s.T.Helper()
	for what, sql := range map[string]string{
		"one current rating of each kind":              "select count(*) from (select kind from ratings where trust_id = $1 and appraisal_id = $2 group by kind having count(*) filter (where current) <> 1) x",
		"one current judgement of a party":             "select count(*) from (select objective_id from objective_outcomes where trust_id = $1 and appraisal_id = $2 group by objective_id, party having count(*) filter (where current) <> 1) x",
		"judgements are counted":                       "select count(*) from (select objective_id from objective_outcomes where trust_id = $1 and appraisal_id = $2 group by objective_id having count(*) <> max(n)) x",
		"one current decision on pay, and all of them": "select count(*) from (select 1 from pay_decisions where trust_id = $1 and appraisal_id = $2 having count(*) filter (where current and n = (select max(n) from pay_decisions where trust_id = $1 and appraisal_id = $2)) <> 1 or count(*) <> max(n)) x",
		"it stands still once at a time":               "select count(*) from suspensions a join suspensions b on b.trust_id = a.trust_id and b.appraisal_id = a.appraisal_id and b.id > a.id and (a.until_on is null or b.from_on < a.until_on) where a.trust_id = $1 and a.appraisal_id = $2",
		"it stands still if, and only if, it says so":  "select count(*) from appraisals a where trust_id = $1 and id = $2 and (status = 'suspended') <> exists (select from suspensions s where s.appraisal_id = a.id and s.until_on is null)",
		"a reviewer sits once":                         "select count(*) from (select person_id from seats where trust_id = $1 and appraisal_id = $2 and duty = 'review' and (until_on is null or until_on > '2027-08-02') group by person_id having count(*) <> 1) x",
		"one appeal against a decision":                "select count(*) from (select basis from appeals where trust_id = $1 and appraisal_id = $2 and status <> 'withdrawn' group by basis having count(*) > 1) x",
		"the school has one head":                      "select count(*) - 1 from offices where trust_id = $1 and $2::uuid is not null and code = 'head' and (until_on is null or until_on > '2027-08-02')",
	} {
		require.Zero(s.T, s.number(sql), what)
	}
	granted := s.did["hr pay.decided"] + s.did["fay appeal.decided"]
	settled := s.number("select count(*) from events where trust_id = $1 and appraisal_id = $2 and type = 'step.done' and body like '%pay.settle%'")
	require.Equal(s.T, granted+settled, s.number("select count(*) from pay_decisions where trust_id = $1 and appraisal_id = $2"), "as many decisions on pay as were made")
	chain, err := s.World.HR.VerifyAuditChainWithResponse(s.T.Context(), nil)
	apitest.OK(s.T, chain, err)
	require.True(s.T, chain.JSON200.FirstBad.IsNull())
}

func (s *storm) number(sql string) (n int) {
	s.T.Helper()
	c, err := pgx.Connect(s.T.Context(), s.World.Stack.AdminURL)
	require.NoError(s.T, err)
	defer func() { _ = c.Close(s.T.Context()) }()
	require.NoError(s.T, c.QueryRow(s.T.Context(), sql, s.World.Trust, s.appraisal).Scan(&n))
	return n
}
