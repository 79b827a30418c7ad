package httpapi_test

import (
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// gathering is what Tom finds of his year when he begins to reflect: nothing is typed twice.
var gathering = []scene{
	{"2027-07-08", tom, "finds his year put together", func(p *play) (client.Answer, error) {
		return p.who.GetDossierWithResponse(p.T.Context(), p.appraisal)
	}, ok, "", func(p *play) {
		require.Contains(p.T, string(p.last.GetBody()), "Further on since window 1.", "what he said of an objective in a check-in")
	}},
}

// lookingOn is what others see between the release and the decision on pay.
var lookingOn = []scene{
	{"2027-10-13", ines, "sees how her recommendation ended", func(p *play) (client.Answer, error) {
		return p.who.ListMyRecommendationsWithResponse(p.T.Context(), nil)
	}, ok, "", func(p *play) {
		mine := p.last.(*client.ListMyRecommendationsResponse).JSON200.Items
		require.Len(p.T, mine, 1)
		require.True(p.T, mine[0].Changed)
		require.Equal(p.T, "exceeded", mine[0].Decided.MustGet().Code)
		require.Equal(p.T, "His work changed three departments.", mine[0].Reason.MustGet())
	}},
	{"2027-10-13", marta, "is not told of one rating as if it were many", func(p *play) (client.Answer, error) {
		return p.who.GetModerationDistributionWithResponse(p.T.Context(), nil)
	}, ok, "", func(p *play) {
		d := p.last.(*client.GetModerationDistributionResponse).JSON200
		require.True(p.T, d.People.IsNull(), "one person is fewer than the small number")
	}},
	{"2027-10-13", "hr", "sees what the year would cost before anything is decided", func(p *play) (client.Answer, error) {
		return p.who.PreviewPayWithResponse(p.T.Context(), p.CycleID, nil)
	}, ok, "", func(p *play) {
		total := p.last.(*client.PreviewPayResponse).JSON200.Total
		require.Equal(p.T, []int{0, 1}, []int{total.Decided, total.Expected})
	}},
}

// appealing is an appeal against the decision on pay, which is decided anew; the review stays as it is.
func appealing() []scene {
	var appeal api.Appeal
	var before string
	return []scene{
		{"2027-10-18", tom, "appeals against the decision on pay", func(p *play) (client.Answer, error) {
			before = p.review()
			r, err := p.who.LodgeAppealWithResponse(p.T.Context(), p.appraisal, nil, api.LodgeAppeal{Against: "pay", Text: "The second department was not counted."})
			if err == nil && r.JSON201 != nil {
				appeal = *r.JSON201
			}
			return r, err
		}, created, "", func(p *play) {
			require.Equal(p.T, "2027-11-15", appeal.DueOn.MustGet().String(), "twenty working days")
		}},
		{"2027-10-19", marta, "does not hear it: she decided on the year", decideOn(&appeal), never, "not_your_act", nil},
		{"2027-10-20", olu, "hears it, and decides the pay anew", decideOn(&appeal), ok, "", func(p *play) {
			require.Equal(p.T, before, p.review(), "an appeal against pay never reopens the review")
		}},
		{"2027-10-21", tom, "sees both decisions", payOutcome, ok, "", func(p *play) {
			history := p.last.(*client.GetPayOutcomeResponse).JSON200.History
			require.Len(p.T, history, 2, "what was decided before is kept")
		}},
		{"2027-10-22", marta, "reports to her governors", func(p *play) (client.Answer, error) {
			return p.who.GetGovernorsReportWithResponse(p.T.Context(), p.Units["northfield"], &api.GetGovernorsReportParams{CycleID: &p.CycleID})
		}, ok, "", func(p *play) {
			require.NotContains(p.T, string(p.last.GetBody()), p.Trust.People[tom].String(), "nobody is named")
		}},
	}
}

func decideOn(a *api.Appeal) func(*play) (client.Answer, error) {
	return func(p *play) (client.Answer, error) {
		progresses := api.DecideAppealProgressionProgress
		return p.who.DecideAppealWithResponse(p.T.Context(), a.ID, &api.DecideAppealParams{IfMatch: etag(a.Version)},
			api.DecideAppeal{Result: "changed", Progression: &progresses, Awards: []api.Award{{Kind: "points", Amount: "3"}}, Reason: "The second department counts."})
	}
}

// review is everything of the review, as HR reads it.
func (p *play) review() string {
	p.T.Helper()
	ctx, hr := p.T.Context(), p.World.HR
	o, err := hr.GetOutcomeWithResponse(ctx, p.appraisal)
	apitest.OK(p.T, o, err)
	s, err := hr.GetStepWithResponse(ctx, p.appraisal, "outcome.state")
	apitest.OK(p.T, s, err)
	list, err := hr.ListObjectiveOutcomesWithResponse(ctx, p.appraisal)
	apitest.OK(p.T, list, err)
	return string(o.Body) + string(s.Body) + string(list.Body)
}
