package httpapi_test

import (
	"strconv"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

func init() {
	leafTables["moderation"] = []leafRow{
		{path: "report.small_number", a: `1`, b: `2`, under: `{"outcome":{"chain":` + chainOf("") + `}}`, probe: toldOfOne, wantA: "1", wantB: "withheld"},
	}
}

// toldOfOne is what HR is told of the only rating that there is.
func toldOfOne(p *apitest.Process) string {
	p.On("2027-08-02")
	saveStep(p, "ben", "outcome.state", api.SaveStep{Answers: map[string]any{"statement": "A good year."}, Rating: &api.RatingInput{Code: ptr("met")}})
	done, err := completeStep(p, "ben", "outcome.state")
	apitest.OK(p.T, done, err)
	r, err := p.World.HR.GetModerationDistributionWithResponse(p.T.Context(), &api.GetModerationDistributionParams{CycleID: &p.CycleID})
	apitest.OK(p.T, r, err)
	if n, err := r.JSON200.People.Get(); err == nil {
		return strconv.Itoa(n)
	}
	return "withheld"
}
