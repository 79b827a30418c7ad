package httpapi_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
)

// ruled is the model policy under a trust's own rules.
func ruled(t *testing.T, rules string) map[string]any {
	t.Helper()
	return document(t, `{"schema":1,"rules":`+rules+`}`)
}

func TestDocumentIsCheckedInJSONAndYAMLWithoutBeingStored(t *testing.T) {
	t.Parallel()
	w := apitest.NewWorld(t, "2026-09-01")
	good, err := w.HR.ValidatePolicyDocumentWithResponse(t.Context(), map[string]any{"schema": 1})
	apitest.OK(t, good, err)
	assert.True(t, good.JSON200.Publishable)

	check := func(yaml string) api.Validation {
		t.Helper()
		r, err := w.HR.ValidatePolicyDocumentWithBodyWithResponse(t.Context(), "application/yaml", strings.NewReader(yaml))
		apitest.OK(t, r, err)
		return *r.JSON200
	}
	faulty := check("schema: 1\nrules:\n  objectives:\n    counted: 9\n    maximum: 3\n")
	assert.False(t, faulty.Publishable)
	require.Len(t, faulty.Findings, 1, "what is no policy is a finding, with its place")
	assert.Equal(t, []string{"rules.objectives.maximum"}, faulty.Findings[0].Paths)
	unrunnable := check("schema: 1\ngroups:\n  caretakers:\n    objectives: {counted: 2}\n")
	assert.Contains(t, findingCodes(unrunnable.Findings), "group_unknown")
	for _, f := range unrunnable.Findings {
		assert.NotEmpty(t, f.Suggestion, f.Code)
		assert.NotEmpty(t, f.Paths, f.Code)
	}
	assert.False(t, check("- a list").Publishable)
	list, err := w.HR.ListPoliciesWithResponse(t.Context(), nil)
	apitest.OK(t, list, err)
	assert.Empty(t, list.JSON200.Items, "nothing is stored")
}

func findingCodes(list []api.Finding) []string {
	var codes []string
	for _, f := range list {
		codes = append(codes, f.Code)
	}
	return codes
}

func TestDraftIsReplacedByYAML(t *testing.T) {
	t.Parallel()
	w := apitest.NewWorld(t, "2026-09-01")
	c, err := w.HR.CreatePolicyWithResponse(t.Context(), nil, api.CreatePolicy{Name: "Our year"})
	apitest.OK(t, c, err)
	put := func(version, yaml string) (*api.Policy, func(int, string)) {
		r, err := w.HR.UpdatePolicyWithBodyWithResponse(t.Context(), c.JSON201.ID, &api.UpdatePolicyParams{IfMatch: version}, "application/yaml", strings.NewReader(yaml))
		return r.JSON200, func(status int, code string) { t.Helper(); apitest.Refused(t, r, err, status, code) }
	}
	changed, _ := put(`"1"`, "schema: 1\nrules:\n  objectives:\n    max: 4\n")
	require.NotNil(t, changed)
	assert.Equal(t, ruled(t, `{"objectives":{"max":4}}`), changed.Draft)
	assert.Equal(t, "Our year", changed.Name)
	_, refused := put(`"1"`, "schema: 1\n")
	refused(412, "stale_version")
	_, refused = put(`"2"`, "schema: 1\nrules: {objectives: {maximum: 4}}\n")
	refused(422, "not_a_policy")
}

func TestComparisonNamesEveryParameterThatDiffers(t *testing.T) {
	t.Parallel()
	p := apitest.NewProcess(t, apitest.ProcessSetup{Draft: true, Document: ruled(t, `{"objectives":{"approver":"reviewer","axes":["completion","validation"]},"review":{"months":24}}`)})
	compared := func(left, right api.PolicySide) api.PolicyComparison {
		t.Helper()
		r, err := p.As("ada").ComparePoliciesWithResponse(t.Context(), api.ComparePolicies{Left: left, Right: right, UnitID: &p.School, StaffGroup: key("teaching")})
		apitest.OK(t, r, err)
		return *r.JSON200
	}
	model, version, draft := api.PolicySide{Profile: key("model")}, api.PolicySide{PolicyVersionID: &p.PolicyVersion}, api.PolicySide{PolicyID: &p.PolicyID}
	same := compared(version, draft)
	assert.Zero(t, same.Different)
	assert.Empty(t, same.Sections)
	assert.Equal(t, api.ComparedSideKindVersion, same.Left.Kind)
	assert.Equal(t, 1, same.Left.Number.MustGet())
	assert.Equal(t, "Our year", same.Right.Name)
	assert.Greater(t, same.Same, 100)

	c := compared(model, version)
	require.Equal(t, 3, c.Different)
	byPath := map[string]api.PolicyDifference{}
	for _, s := range c.Sections {
		for _, d := range s.Differences {
			assert.True(t, strings.HasPrefix(d.Path, s.Section))
			byPath[d.Path] = d
		}
	}
	approver := byPath["objectives.approver"]
	assert.Equal(t, "both", approver.Left.MustGet().Value.MustGet())
	assert.Equal(t, "reviewer", approver.Right.MustGet().Value.MustGet())
	assert.Equal(t, api.ComparedValueOriginTrust, approver.Right.MustGet().Origin)
	assert.False(t, approver.Frozen)
	axes := byPath["objectives.axes"]
	assert.True(t, axes.Frozen, "it does not change while a cycle runs")
	elements := axes.Elements.MustGet()
	require.Len(t, elements, 1)
	assert.Equal(t, "validation", elements[0].Code)
	assert.Equal(t, api.ComparedElementChangeAdded, elements[0].Change)
	assert.True(t, approver.Elements.IsNull())

	refused := func(left api.PolicySide, code, at string) {
		t.Helper()
		r, err := p.As("ada").ComparePoliciesWithResponse(t.Context(), api.ComparePolicies{Left: left, Right: version})
		assert.Equal(t, []string{at + " " + code}, violationsAt(apitest.Refused(t, r, err, 422, code).Problem))
	}
	refused(api.PolicySide{}, "one_of", "/left")
	refused(api.PolicySide{Profile: key("model"), PolicyID: &p.PolicyID}, "one_of", "/left")
	refused(api.PolicySide{Profile: key("nobody")}, "unknown_profile", "/left/profile")
	nothing := uuid.New()
	refused(api.PolicySide{PolicyVersionID: &nothing}, "unknown_policy", "/left/policy_version_id")
}

func TestHandbookTellsTheTrustsOwnProcess(t *testing.T) {
	t.Parallel()
	p := apitest.NewProcess(t, apitest.ProcessSetup{Draft: true, Document: ruled(t, `{"objectives":{"approver":"reviewer","on_disagreement":"head"},
		"terms":{"reviewer":{"one":"growth coach <b>","many":"growth coaches"}}}`)})
	r, err := p.As("ada").GetPolicyHandbookWithResponse(t.Context(), p.PolicyVersion, &api.GetPolicyHandbookParams{UnitID: &p.School, StaffGroup: key("teaching"), CycleID: &p.CycleID})
	apitest.OK(t, r, err)
	assert.Equal(t, "For Teaching staff", r.JSON200.Subtitle)
	found := map[string][]string{}
	for _, s := range r.JSON200.Sections {
		for _, b := range s.Blocks {
			found[b.Text] = b.Parameters
			for _, row := range b.Rows {
				if row[0] == "Mid-year review" && s.Code == "year" {
					assert.Equal(t, "Monday 1 March 2027", row[1], "the day of this year")
				}
			}
		}
	}
	assert.Equal(t, []string{"objectives.approver"}, found["An objective stands when it is approved by the growth coach <b>."], "%v", found)

	html := api.GetPolicyHandbookParamsFormatHTML
	page, err := p.As("ada").GetPolicyHandbookWithResponse(t.Context(), p.PolicyVersion, &api.GetPolicyHandbookParams{Format: &html})
	require.NoError(t, err)
	require.Equal(t, 200, page.StatusCode())
	body := string(page.Body)
	assert.Contains(t, page.HTTPResponse.Header.Get("Content-Security-Policy"), "default-src 'none'")
	assert.Equal(t, "text/html; charset=utf-8", page.HTTPResponse.Header.Get("Content-Type"))
	assert.Contains(t, body, "growth coach &lt;b&gt;", "words are text, never markup")
	assert.Contains(t, body, "6 months after the start of the year, or the next working day", "without a cycle the rule is told in words")
	for _, never := range []string{"<script", "http://", "https://", "<img", "onclick"} {
		assert.NotContains(t, body, never)
	}
	for _, always := range []string{`<html lang="en">`, "<title>", `<th scope="col">`, "<caption>", "<main", "@media print"} {
		assert.Contains(t, body, always)
	}
	draft, err := p.As("ada").GetDraftHandbookWithResponse(t.Context(), p.PolicyID, nil)
	apitest.OK(t, draft, err)
	assert.Equal(t, "For all staff", draft.JSON200.Subtitle)
	unknown, err := p.As("ada").GetDraftHandbookWithResponse(t.Context(), p.PolicyID, &api.GetDraftHandbookParams{StaffGroup: key("caretakers")})
	apitest.Refused(t, unknown, err, 400, "unknown_staff_group")
	nothing := uuid.New()
	gone, err := p.As("ada").GetPolicyHandbookWithResponse(t.Context(), p.PolicyVersion, &api.GetPolicyHandbookParams{CycleID: &nothing})
	apitest.Refused(t, gone, err, 404, "not_found")
}

func TestHRIsToldOfAPolicyThatIsDueForReview(t *testing.T) {
	t.Parallel()
	p := apitest.NewProcess(t, apitest.ProcessSetup{Draft: true, Document: ruled(t, `{"review":{"months":6}}`)})
	v, err := p.As("ada").GetPolicyVersionWithResponse(t.Context(), p.PolicyVersion)
	apitest.OK(t, v, err)
	assert.Equal(t, "2027-03-01", v.JSON200.ReviewOn.MustGet().String())
	assert.Nil(t, waitingFor(t, p, "hr", "review_policy"), "half a year before")
	p.On("2026-12-31")
	item := waitingFor(t, p, "hr", "review_policy")
	require.NotNil(t, item, "sixty days before")
	assert.False(t, item.Late)
	assert.Nil(t, waitingFor(t, p, "cho", "review_policy"), "this is HR's")
	p.On("2027-03-02")
	assert.True(t, waitingFor(t, p, "hr", "review_policy").Late)
}
