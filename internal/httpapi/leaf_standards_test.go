package httpapi_test

import (
	"strconv"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// Whoever is asked, in most rows, is ada, against a framework of two statements.
const (
	assessed       = `{"self_assessment": {"frameworks": [{"code": "all", "when": {}, "frameworks": ["our_behaviours"]}]}}`
	assessedBefore = `{"self_assessment": {"requirement": "required_before_objectives", "required": 1,
		"frameworks": [{"code": "all", "when": {}, "frameworks": ["our_behaviours", "teachers_standards"]}]},
		"objectives": {"slots": [{"code": "school", "label": "For the school", "required": true, "self_assessment": true}]}}`
)

var withSmall = apitest.ProcessSetup{Before: func(p *apitest.Process) { published(p.T, p.As("hr"), nil, small, behaviours("Respect", "Resilience")) }}

func assessingIn(p *apitest.Process) *assessing { return &assessing{p, p.T, p.Appraisal("ada").ID} }

// answered is done, or the code of the refusal.
func answered(r client.Answer, err error) string {
	if err != nil {
		return err.Error()
	}
	if code := problemOf(r); code != "" {
		return code
	}
	return "done"
}

func begins(p *apitest.Process) string { return answered(assessingIn(p).begin("ada", small)) }

// completes is how completing goes, with no overview and as many proposals.
func completes(proposals ...string) func(*apitest.Process) string {
	return func(p *apitest.Process) string {
		a := assessingIn(p)
		return answered(a.complete(a.rated(a.begun(), "secure", "secure"), nil, proposals...))
	}
}

func init() {
	leafTables["standards"] = []leafRow{
		{"self_assessment.requirement", `"optional"`, `"off"`, assessed, withSmall, begins, "done", "no_self_assessment"},
		{"modules.on", `["self_assessment"]`, `["check_ins"]`, assessed, withSmall, begins, "done", "module_off"},
		{"self_assessment.frameworks", `[{"code": "all", "when": {}, "frameworks": ["our_behaviours"]}]`, `[]`, "", withSmall,
			func(p *apitest.Process) string { return strconv.Itoa(len(assessingIn(p).assigned("ada").Items)) }, "1", "0"},
		{"self_assessment.required", `1`, `2`, assessedBefore, withSmall,
			func(p *apitest.Process) string { return strconv.Itoa(assessingIn(p).assigned("ada").Required) }, "1", "2"},
		{"self_assessment.scale", `[{"code": "secure", "label": "Secure"}]`, `[{"code": "good", "label": "Good"}]`, assessed, withSmall,
			func(p *apitest.Process) string {
				a := assessingIn(p)
				return answered(a.rate("ada", a.begun(), api.RateStatement{Statement: "b1", Rating: "secure"}))
			}, "done", "invalid_ratings"},
		{"self_assessment.all_top_flag", `true`, `false`, assessed, withSmall,
			func(p *apitest.Process) string {
				a := assessingIn(p)
				return strconv.Itoa(len(a.compared("ada", a.rated(a.begun(), "strong", "strong").ID).Advisories))
			}, "1", "0"},
		{"self_assessment.visibility", `["private", "organisation"]`, `["private"]`, assessed, withSmall,
			func(p *apitest.Process) string {
				a := assessingIn(p)
				return answered(a.open("ada", a.rated(a.begun(), "secure", "secure"), "organisation"))
			}, "done", "not_offered"},
		{"self_assessment.required_visibility", `"any"`, `"organisation"`, assessedBefore, withSmall,
			func(p *apitest.Process) string {
				a := assessingIn(p)
				a.completed(a.rated(a.begun(), "secure", "secure"))
				return strconv.Itoa(a.assigned("ada").Done)
			}, "1", "0"},
		{"self_assessment.overview", `"optional"`, `"required"`, assessed, withSmall, completes(), "done", "required"},
		{"self_assessment.cpd_min", `0`, `1`, assessed, withSmall, completes(), "done", "too_few"},
		{"self_assessment.cpd_max", `1`, `0`, assessed, withSmall, completes("Shadow a colleague."), "done", "too_many"},
		{"self_assessment.reviewer_parallel", `true`, `false`, assessed, withSmall,
			func(p *apitest.Process) string {
				a := assessingIn(p)
				s := a.opened(a.rated(a.begun(), "secure", "secure"), "organisation_and_reviewer")
				return answered(a.beside("ben", s, false, api.RateStatement{Statement: "b1", Rating: "strong"}))
			}, "done", "no_reviewer_ratings"},
		{"self_assessment.preparation", `"meeting"`, `""`, assessed, withSmall,
			func(p *apitest.Process) string {
				a := assessingIn(p)
				return answered(a.As("ada").SavePreparationWithResponse(p.T.Context(), a.appraisal, &api.SavePreparationParams{IfMatch: etag(0)}, api.SavePreparation{Answers: map[string]any{"notes": "Readers."}}))
			}, "done", "no_preparation"},
	}
}
