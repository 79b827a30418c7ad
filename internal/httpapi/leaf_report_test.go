package httpapi_test

import (
	"strings"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

func init() {
	leafTables["report"] = []leafRow{
		{path: "outcome.inputs", a: `["objectives"]`, b: `["objectives","standards"]`, under: `{"outcome":{"chain":` + chainOf("") + `}}`, probe: weighingObjectives, wantA: "ok", wantB: "inputs_not_weighed"},
		{path: "report.sections", a: `[{"code":"first","label":"First","holds":"rating","to":["reviewee"]}]`, b: `[{"code":"first","label":"First","holds":"rating","to":["hr"]},{"code":"second","label":"Second","holds":"objectives","to":["reviewee"]}]`,
			probe: func(p *apitest.Process) string {
				r, err := p.As("ada").GetAppraisalReportWithResponse(p.T.Context(), p.Appraisal("ada").ID)
				apitest.OK(p.T, r, err)
				return strings.Join(sectionsOf(*r.JSON200), " ")
			}, wantA: "first", wantB: "second"},
		{path: "report.governors", a: `["completion","pay"]`, b: `[]`, probe: tellingGovernors, wantA: "completion pay", wantB: "no_governors_report"},
	}
}

// weighingObjectives has Ben complete his statement with nothing weighed but the objectives.
func weighingObjectives(p *apitest.Process) string {
	p.On("2027-08-02")
	saveStep(p, "ben", "outcome.state", api.SaveStep{Answers: map[string]any{"statement": "A good year."}, Weighed: []string{"objectives"}, Rating: &api.RatingInput{Code: ptr("met")}})
	r, err := completeStep(p, "ben", "outcome.state")
	return said(p, r, err)
}

// tellingGovernors is what the report of the whole trust holds, or the refusal.
func tellingGovernors(p *apitest.Process) string {
	r, err := p.World.HR.GetGovernorsReportWithResponse(p.T.Context(), p.Root, &api.GetGovernorsReportParams{CycleID: &p.CycleID})
	if answer := said(p, r, err); answer != "ok" {
		return answer
	}
	var parts []string
	for _, part := range r.JSON200.Parts {
		parts = append(parts, string(part.Code))
	}
	return strings.Join(parts, " ")
}
