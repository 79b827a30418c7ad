package httpapi_test

import (
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// repolicied publishes a version of the policy that edit makes of the one before, and asks for the
// running year to move to it.
func repolicied(y *apitest.Year, edit func(rules map[string]any)) (client.Answer, error) {
	y.T.Helper()
	ctx, hr := y.T.Context(), y.World.HR
	p, err := hr.GetPolicyWithResponse(ctx, y.PolicyID)
	apitest.OK(y.T, p, err)
	document := p.JSON200.Draft
	edit(document["rules"].(map[string]any))
	u, err := hr.UpdatePolicyWithResponse(ctx, y.PolicyID, &api.UpdatePolicyParams{IfMatch: etag(p.JSON200.Version)}, api.UpdatePolicy{Document: document})
	apitest.OK(y.T, u, err)
	v, err := hr.PublishPolicyWithResponse(ctx, y.PolicyID, &api.PublishPolicyParams{IfMatch: etag(u.JSON200.Version)})
	apitest.OK(y.T, v, err)
	y.PolicyVersion = v.JSON201.ID
	c, err := hr.GetCycleWithResponse(ctx, y.CycleID)
	apitest.OK(y.T, c, err)
	return hr.UpdateCycleWithApplicationMergePatchPlusJSONBodyWithResponse(ctx, y.CycleID,
		&api.UpdateCycleParams{IfMatch: etag(c.JSON200.Version)}, api.UpdateCycle{PolicyVersionID: &v.JSON201.ID})
}

// gridWith publishes a version of the policy in which cells of the grid, named by row and column, have
// these ratings, and moves the year to it.
func gridWith(cells map[[2]string]string) func(*play) (client.Answer, error) {
	return func(p *play) (client.Answer, error) {
		return repolicied(p.Year, func(rules map[string]any) {
			for _, c := range rules["outcome"].(map[string]any)["grid"].(map[string]any)["cells"].([]any) {
				cell := c.(map[string]any)
				if rating, ok := cells[[2]string{cell["row"].(string), cell["column"].(string)}]; ok {
					cell["rating"] = rating
				}
			}
		})
	}
}

func inTheQueue(p *play) (client.Answer, error) {
	return p.who.ListModerationQueueWithResponse(p.T.Context(), &api.ListModerationQueueParams{CycleID: &p.CycleID})
}

// ready are those of the years in the queue whose step may be completed as it stands.
func ready(want ...string) func(*play) {
	return func(p *play) {
		var have []string
		for _, item := range p.last.(*client.ListModerationQueueResponse).JSON200.Items {
			if item.State == "ready" {
				have = append(have, item.Person.DisplayName)
			}
		}
		require.Equal(p.T, want, have)
	}
}

// together completes a step of several people's years in one request, each in the version that the
// queue shows.
func together(step string, whose ...string) func(*play) (client.Answer, error) {
	return func(p *play) (client.Answer, error) {
		partial := api.CompleteStepsInBulkMode("partial")
		all := api.CompleteStepsInBulk{Step: step, Mode: &partial}
		for _, key := range whose {
			all.Items = append(all.Items, api.StepToComplete{AppraisalID: p.Appraisal(key).ID})
		}
		queue, err := inTheQueue(p)
		apitest.OK(p.T, queue, err)
		for _, item := range queue.(*client.ListModerationQueueResponse).JSON200.Items {
			for i := range all.Items {
				if all.Items[i].AppraisalID == item.AppraisalID {
					all.Items[i].Version = item.StepVersion
				}
			}
		}
		return p.who.CompleteStepsInBulkWithResponse(p.T.Context(), nil, all)
	}
}

// eachBecame is what became of each year of one request: done, or the code of its refusal.
func eachBecame(want ...string) func(*play) {
	return func(p *play) {
		require.Equal(p.T, want, codes(p.last.(*client.CompleteStepsInBulkResponse).JSON207))
	}
}
