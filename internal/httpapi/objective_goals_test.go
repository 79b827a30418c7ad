package httpapi_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// goals is a small trust whose people work on objectives; appraisal is Ada's.
type goals struct {
	*apitest.Process
	appraisal uuid.UUID
}

func goalsOf(p *apitest.Process) *goals { return &goals{p, p.Appraisal("ada").ID} }

// newGoals runs the year on the model policy with other rules.
func newGoals(t *testing.T, rules map[string]any) *goals {
	t.Helper()
	return goalsOf(apitest.NewProcess(t, apitest.ProcessSetup{Document: map[string]any{"schema": 1, "rules": rules}}))
}

// verdict is done, or the code of the refusal.
func verdict(p *apitest.Process, r client.Answer, err error) string {
	p.T.Helper()
	require.NoError(p.T, err)
	if err := client.Check(r); err != nil {
		var problem *client.ProblemError
		require.ErrorAs(p.T, err, &problem)
		return problem.Code
	}
	return "done"
}

// goal is a content that the model policy lets be proposed.
func goal() api.ObjectiveContent {
	return api.ObjectiveContent{Title: "Reading aloud", Text: "Read aloud in every lesson.", Criteria: []api.Item{{Text: "A reading log"}}}
}

// draft drafts an objective for Ada; change may be nil.
func (g *goals) draft(who, slot string, change func(*api.CreateObjective)) (uuid.UUID, string) {
	g.T.Helper()
	body := api.CreateObjective{AppraisalID: g.appraisal, Slot: slot, Content: goal()}
	if change != nil {
		change(&body)
	}
	r, err := g.As(who).CreateObjectiveWithResponse(g.T.Context(), nil, body)
	if code := verdict(g.Process, r, err); code != "done" {
		return uuid.Nil, code
	}
	return r.JSON201.ID, "done"
}

// drafted is draft where it must succeed.
func (g *goals) drafted(who, slot string, change func(*api.CreateObjective)) uuid.UUID {
	g.T.Helper()
	id, code := g.draft(who, slot, change)
	require.Equal(g.T, "done", code)
	return id
}

// read is the objective as HR sees it.
func (g *goals) read(id uuid.UUID) api.Objective {
	g.T.Helper()
	r, err := g.World.HR.GetObjectiveWithResponse(g.T.Context(), id)
	apitest.OK(g.T, r, err)
	return *r.JSON200
}

// do runs a command on the objective at its newest version, and answers done or the code.
func (g *goals) do(who, verb string, id uuid.UUID) string {
	g.T.Helper()
	return g.doAt(who, verb, id, fmt.Sprintf("%q", fmt.Sprint(g.read(id).Version)))
}

func (g *goals) doAt(who, verb string, id uuid.UUID, tag string) string {
	g.T.Helper()
	ctx, as, remark := g.T.Context(), g.As(who), api.RequestChanges{Remark: "The class has changed."}
	var r client.Answer
	var err error
	switch verb {
	case "propose":
		r, err = as.ProposeObjectiveWithResponse(ctx, id, &api.ProposeObjectiveParams{IfMatch: tag}, api.ProposeObjective{})
	case "approve":
		r, err = as.ApproveObjectiveWithResponse(ctx, id, &api.ApproveObjectiveParams{IfMatch: tag})
	case "request_changes":
		r, err = as.RequestObjectiveChangesWithResponse(ctx, id, &api.RequestObjectiveChangesParams{IfMatch: tag}, remark)
	case "escalate":
		r, err = as.EscalateObjectiveWithResponse(ctx, id, &api.EscalateObjectiveParams{IfMatch: tag}, remark)
	case "amend":
		r, err = as.AmendObjectiveWithResponse(ctx, id, &api.AmendObjectiveParams{IfMatch: tag}, goal())
	case "complete":
		r, err = as.CompleteObjectiveWithResponse(ctx, id, &api.CompleteObjectiveParams{IfMatch: tag}, api.CompleteObjective{})
	case "reopen":
		r, err = as.ReopenObjectiveWithResponse(ctx, id, &api.ReopenObjectiveParams{IfMatch: tag})
	case "validate", "dispute":
		r, err = as.ValidateObjectiveWithResponse(ctx, id, &api.ValidateObjectiveParams{IfMatch: tag}, api.ValidateObjective{Agree: verb == "validate"})
	case "withdraw":
		r, err = as.WithdrawObjectiveWithResponse(ctx, id, &api.WithdrawObjectiveParams{IfMatch: tag}, remark)
	default:
		g.T.Fatalf("no verb %s", verb)
	}
	return verdict(g.Process, r, err)
}

// live is an objective that author wrote and the others agreed, in order.
func (g *goals) live(author, slot string, others ...string) uuid.UUID {
	g.T.Helper()
	id := g.drafted(author, slot, nil)
	require.Equal(g.T, "done", g.do(author, "propose", id))
	for _, who := range others {
		require.Equal(g.T, "done", g.do(who, "approve", id), who)
	}
	require.Equal(g.T, api.ObjectiveApprovalAgreed, g.read(id).Approval)
	return id
}

// stepDone does a year-end step of Ada's with answers.
func (g *goals) stepDone(who, step string, body api.SaveStep) {
	g.T.Helper()
	ctx, as := g.T.Context(), g.As(who)
	as.Judge(g.appraisal)
	r, err := as.GetStepWithResponse(ctx, g.appraisal, step)
	apitest.OK(g.T, r, err)
	s, err := as.SaveStepWithResponse(ctx, g.appraisal, step, &api.SaveStepParams{IfMatch: r.HTTPResponse.Header.Get("ETag")}, apitest.Weighing(r.JSON200, body))
	apitest.OK(g.T, s, err)
	c, err := as.CompleteStepWithResponse(ctx, g.appraisal, step, &api.CompleteStepParams{IfMatch: s.HTTPResponse.Header.Get("ETag")}, api.CompleteStep{})
	apitest.OK(g.T, c, err)
}

// own is Ada's year as she sees it.
func (g *goals) own() api.Appraisal {
	g.T.Helper()
	r, err := g.As("ada").GetAppraisalWithResponse(g.T.Context(), g.appraisal, nil)
	apitest.OK(g.T, r, err)
	return *r.JSON200
}

// priority is a live priority that HR adds; unit may be nil.
func (g *goals) priority(code string, unit *uuid.UUID, level *api.CreatePriorityLevel) uuid.UUID {
	g.T.Helper()
	r, err := g.World.HR.CreatePriorityWithResponse(g.T.Context(), nil, api.CreatePriority{Code: code, Title: "Of level " + code, UnitID: unit, Level: level})
	apitest.OK(g.T, r, err)
	return r.JSON201.ID
}
