package httpapi_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

// unpaidReviewer is a year whose pay HR decides, and on which its reviewer says nothing.
const unpaidReviewer = `{"outcome":{"objective_judges":"reviewer","method":"judgement","scale":` + derivedScale + `},
	"pay":{"link":"recommendation","chain":[{"code":"propose","label":"Proposal","order":1,"party":"hr","acts":["recommend_pay"],"required":true},
		{"code":"settle","label":"Decision on pay","order":2,"party":"head","acts":["decide_pay"],"required":true,"due":{"anchor":"cycle_end","months":2}}]}}`

func TestTheTimelineTellsOfPayOnlyWhoeverReadsIt(t *testing.T) {
	t.Parallel()
	j := newJudged(t, unpaidReviewer)
	j.ratedTwice()
	j.done("cho", "outcome.decide", api.SaveStep{Rating: &api.RatingInput{Code: ptr("exceeded")}})
	choice := api.PayChoice{Progression: noProgression, Reason: why("None.")}
	for _, step := range [][2]string{{"hr", "pay.propose"}, {"cho", "pay.settle"}} {
		d, err := savePay(j.Process, step[0], step[1], choice)
		apitest.OK(t, d, err)
		done, err := completeStep(j.Process, step[0], step[1])
		apitest.OK(t, done, err)
	}
	for who, told := range map[string]bool{"ada": true, "hr": true, "cho": true, "ben": false} {
		pay, err := j.As(who).GetPayOutcomeWithResponse(t.Context(), j.appraisal)
		require.NoError(t, err)
		require.Equal(t, told, pay.StatusCode() == 200, who)
		line, err := j.As(who).GetTimelineWithResponse(t.Context(), j.appraisal, nil)
		apitest.OK(t, line, err)
		if told {
			require.Contains(t, string(line.Body), "Pay was decided.", who)
		} else {
			require.NotContains(t, string(line.Body), "Pay was decided.", who)
		}
	}
}
