package httpapi_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

// Somebody who is let in for another purpose reads the report without what it says on pay.
func TestWhoeverIsLetInReadsOfPayOnlyWhereTheyAreLetInForIt(t *testing.T) {
	t.Parallel()
	var rules map[string]any
	require.NoError(t, json.Unmarshal([]byte(toldLater), &rules))
	rules["rules"].(map[string]any)["report"] = map[string]any{"sections": []any{
		map[string]any{"code": "rating", "label": "Rating", "holds": "rating", "to": []any{"reviewee", "head", "hr"}},
		map[string]any{"code": "pay", "label": "Pay", "holds": "pay", "to": []any{"reviewee", "head", "hr"}}}}
	p := apitest.NewProcess(t, apitest.ProcessSetup{Document: rules})
	stateOn(p, &api.PayChoice{Progression: progress})
	stepsOnPay(p, api.PayChoice{Progression: progress}, [2]string{"ben", "outcome.state"}, [2]string{"hr", "pay.decide_pay"}, [2]string{"cho", "pay.approve"})
	gil := governor(p)
	reads := func() []string {
		r, err := gil.GetAppraisalReportWithResponse(t.Context(), p.Appraisal("ada").ID)
		apitest.OK(t, r, err)
		return sectionsOf(*r.JSON200)
	}
	grant := grantTo(p, gil.ID, "2027-08-10")
	given(p, "cho", grant)
	require.Equal(t, []string{"rating"}, reads())
	grant.Purpose = "pay_decision"
	given(p, "cho", grant)
	require.Equal(t, []string{"rating", "pay"}, reads())
}
