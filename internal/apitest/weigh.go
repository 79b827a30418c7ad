package apitest

import "github.com/perennial-api/perennial/api"

// Weighing is what is saved of a step with everything acknowledged that the trust has it weigh.
// A test that is about weighing says itself what was weighed.
func Weighing(step *api.StepDetail, body api.SaveStep) api.SaveStep {
	if step == nil || body.Weighed != nil {
		return body
	}
	for _, in := range step.Inputs {
		body.Weighed = append(body.Weighed, in.Code)
	}
	return body
}
