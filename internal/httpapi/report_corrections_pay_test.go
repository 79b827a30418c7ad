package httpapi_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

// What is decided on pay is put right once the person was told of it; until then it is changed. Whoever
// may not read the pay asks for nothing on it.
func TestPayIsCorrectedOnlyAfterThePersonWasTold(t *testing.T) {
	t.Parallel()
	p := newPayProcess(t, toldLater, apitest.ProcessSetup{})
	ctx, id := t.Context(), p.Appraisal("ada").ID
	ask := api.RequestCorrection{Part: "pay", Text: "The point is M6.", Reason: "It says M5."}
	stateOn(p, &api.PayChoice{Progression: progress})
	stepsOnPay(p, api.PayChoice{Progression: progress}, [2]string{"ben", "outcome.state"}, [2]string{"hr", "pay.decide_pay"})
	for _, part := range []string{"pay", "pay.decide_pay"} {
		for _, who := range []string{"ada", "hr"} {
			ask.Part = part
			early, err := p.As(who).RequestCorrectionWithResponse(ctx, id, nil, ask)
			refused := apitest.Refused(t, early, err, 409, "pay_not_released")
			require.Equal(t, "pay.chain", refused.Refusals[0].Policy.MustGet().Parameter, who)
		}
	}
	p.On("2027-08-16")
	stepsOnPay(p, api.PayChoice{}, [2]string{"cho", "pay.approve"})
	for _, part := range []string{"pay", "pay.decide_pay"} {
		ask.Part = part
		asked, err := p.As("ada").RequestCorrectionWithResponse(ctx, id, nil, ask)
		apitest.OK(t, asked, err)
	}
}
