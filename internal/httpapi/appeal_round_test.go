package httpapi_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

// roundRules are a year with a deadline of each kind: of the cycle, after another step, and after the year.
const roundRules = `{"schema":1,"rules":{"outcome":{"chain":[
	{"code":"state","label":"Statement","order":1,"party":"reviewer","acts":["state","recommend"],"form":"statement","required":true,"due":{"anchor":"cycle_end","months":-1}},
	{"code":"decide","label":"Decision","order":2,"party":"head","acts":["decide"],"required":true,"due":{"anchor":"step","step":"state","days":7}},
	{"code":"comment","label":"Comment","order":3,"party":"reviewee","acts":["comment"],"form":"reflection","required":false,"due":{"anchor":"cycle_end","months":1}}]},
	"report":{"sections":[
		{"code":"said","label":"Statement","holds":"answers","step":"state","to":["reviewee","reviewer","head"],"due":{"anchor":"cycle_end","months":-1}},
		{"code":"rating","label":"Rating","holds":"rating","to":["reviewee","reviewer","head"],"due":{"anchor":"cycle_end","days":-30}},
		{"code":"comment","label":"Comment","holds":"comments","to":["reviewee","reviewer","head"],"due":{"anchor":"cycle_end","months":1}}]},
	"appeals":{"grounds":[],"remedies":["stands","redone"],"pay":[],"statement":[{"code":"review","label":"Review","party":"head","lodge_days":14,"decide_days":14}]}}}`

// Whoever judges a year anew is not late from the first day: a deadline that was over before holds for
// nobody, and what counts from another step counts from when that is done anew.
func TestADeadlineThatWasOverBeforeARoundBeganIsNoneOfIt(t *testing.T) {
	t.Parallel()
	p := apitest.NewProcess(t, apitest.ProcessSetup{Document: document(t, roundRules)})
	release(p)
	require.Equal(t, []string{"2027-07-31 late", "2027-08-09", "2027-09-30"}, deadlines(p, "ada"))
	require.Equal(t, []string{"2027-07-31 late", "2027-08-01 late", "2027-09-30"}, sectionDays(p, "ada"))
	made, err := lodge(p, "ada", "statement", api.LodgeAppeal{})
	apitest.OK(t, made, err)
	p.On("2027-08-10")
	dov := p.As("dov").ID
	redone, err := decideAppeal(p, "eve", made.JSON201.ID, made.JSON201.Version, api.DecideAppeal{Result: "redone", Reason: "Anew.", ReviewerID: &dov})
	apitest.OK(t, redone, err)
	assert.Equal(t, []string{"", "", "2027-09-30"}, deadlines(p, "dov"))
	assert.Equal(t, []string{"", "", "2027-09-30"}, sectionDays(p, "dov"), "nor of what the report says anew")
	p.On("2027-08-12")
	saveStep(p, "dov", "outcome.state", api.SaveStep{Answers: map[string]any{"statement": "A very good year."}, Rating: &api.RatingInput{Code: ptr("exceeded")}})
	done, err := completeStep(p, "dov", "outcome.state")
	apitest.OK(t, done, err)
	assert.Equal(t, []string{"", "2027-08-19", "2027-09-30"}, deadlines(p, "dov"))
	p.On("2027-10-01")
	assert.Equal(t, []string{"", "2027-08-19 late", "2027-09-30 late"}, deadlines(p, "dov"))
}

// deadlines are those of the steps of Ada's outcome chain, in order, and whether they are late.
func deadlines(p *apitest.Process, who string) []string {
	p.T.Helper()
	r, err := p.As(who).ListStepsWithResponse(p.T.Context(), p.Appraisal("ada").ID)
	apitest.OK(p.T, r, err)
	var out []string
	for _, s := range r.JSON200.Items {
		if s.Chain != "outcome" {
			continue
		}
		day := ""
		if due, err := s.DueOn.Get(); err == nil {
			day = due.String()
		}
		if s.Late {
			day += " late"
		}
		out = append(out, day)
	}
	return out
}

// sectionDays are the days by which the sections of Ada's report are received, in order, and whether
// they are late.
func sectionDays(p *apitest.Process, who string) []string {
	p.T.Helper()
	r, err := p.As(who).GetAppraisalReportWithResponse(p.T.Context(), p.Appraisal("ada").ID)
	apitest.OK(p.T, r, err)
	var out []string
	for _, s := range r.JSON200.Sections {
		day := ""
		if due, err := s.DueOn.Get(); err == nil {
			day = due.String()
		}
		if s.Late {
			day += " late"
		}
		out = append(out, day)
	}
	return out
}
