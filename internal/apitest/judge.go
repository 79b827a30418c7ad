package apitest

import (
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
)

// Judge judges every objective of an appraisal that the person is asked to judge now and has not: with
// the highest judgement of the scale, or in agreement with the reviewee's. A test that is about judging
// says itself what was judged.
func (p *Person) Judge(appraisal uuid.UUID) {
	t := p.world.T
	t.Helper()
	ctx := t.Context()
	a, err := p.GetAppraisalWithResponse(ctx, appraisal, nil)
	require.NoError(t, err)
	if a.JSON200 == nil {
		return // they do not read it, and the step will say so
	}
	list, err := p.ListObjectiveOutcomesWithResponse(ctx, appraisal)
	OK(t, list, err)
	party, own := api.ObjectiveOutcomeAsked("reviewer"), func(o api.ObjectiveOutcome) bool { return o.Reviewer.IsNull() }
	if a.JSON200.PersonID == p.ID {
		party, own = "reviewee", func(o api.ObjectiveOutcome) bool { return o.Reviewee.IsNull() }
	}
	for _, o := range list.JSON200.Items {
		may := slices.ContainsFunc(o.AllowedActions, func(a api.AllowedAction) bool { return a.Action == "judge" && a.Allowed })
		if !may || !own(o) || !slices.Contains(o.Asked, party) {
			continue
		}
		r, err := p.JudgeObjectiveWithResponse(ctx, o.ObjectiveID, &api.JudgeObjectiveParams{IfMatch: fmt.Sprintf(`"%d"`, o.Version)}, highest(o, list.JSON200.Scale, party))
		OK(t, r, err)
	}
}

func highest(o api.ObjectiveOutcome, scale []api.Coded, party api.ObjectiveOutcomeAsked) api.JudgeObjective {
	yes, words := true, "It was reached."
	said, err := o.Reviewee.Get()
	switch {
	case len(scale) == 0:
		return api.JudgeObjective{Text: &words}
	case party == "reviewer" && err == nil && slices.Contains(o.Asked, "reviewee") && !said.Judgement.IsNull() && len(o.Asked) == 2:
		return api.JudgeObjective{Agrees: &yes}
	}
	return api.JudgeObjective{Code: &scale[len(scale)-1].Code}
}
