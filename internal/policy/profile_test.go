package policy_test

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

func profile(t *testing.T, code string) policy.Profile {
	t.Helper()
	p, ok := policy.ProfileNamed(code)
	require.True(t, ok)
	return p
}

func TestTheProfilesCanBePublishedAndListWhatIsToFill(t *testing.T) {
	toFill := map[string]int{}
	for _, p := range policy.Profiles() {
		assert.Empty(t, policy.Errors(policy.Validate(p.Document)), p.Code)
		toFill[p.Code] = len(p.ToFill)
		for _, f := range p.ToFill {
			assert.Regexp(t, `^rules\.outcome\.grid\.cells\[\d\]\.rating$`, f.Paths[0])
		}
	}
	assert.Equal(t, map[string]int{"model": 0, "tsat": 8}, toFill, "one of nine cells can be read in the source")
}

func TestTheModelPolicySetsEveryLeafAndIsAllDefaults(t *testing.T) {
	complete := parse(t, embedded(t, "model"))
	for _, v := range policy.Values(complete, "", "") {
		assert.Equal(t, policy.OriginTrust, v.Origin, v.Path)
		assert.NotNil(t, v.Value, v.Path)
	}
	assert.Empty(t, policy.Validate(complete))
	for _, v := range policy.Values(profile(t, "model").Document, "", "") {
		assert.Equal(t, policy.OriginDefault, v.Origin, v.Path)
	}
}

func TestTheTSATProfileNamesASourceOrANoteForEachValue(t *testing.T) {
	p := profile(t, "tsat")
	for _, v := range policy.Values(p.Document, "", "") {
		require.NotNil(t, v.Source, v.Path)
		assert.Equal(t, policy.OriginTrust, v.Origin, v.Path)
		assert.True(t, v.Source.Note != "" || v.Source.Title != "" && v.Source.Section != "", v.Path)
	}
	assert.Contains(t, p.Sources["check_ins.engagement"].Note, "No source")
	assert.NotRegexp(t, "(?i)tsat|thinking schools", p.Label+p.Summary, "a label suggests no endorsement")
}

func TestASourceIsGivenOnlyWhileTheValueIsTheProfiles(t *testing.T) {
	document := embedded(t, "tsat")
	change(t, document, []edit{{"rules.objectives.max", `6`}, {"rules.forms.check_in.label", `"Fortnightly note"`}})
	source := map[string]*policy.Source{}
	for _, v := range policy.Values(parse(t, document), "", "") {
		source[v.Path] = v.Source
	}
	assert.Nil(t, source["objectives.max"])
	assert.Nil(t, source["forms.check_in"])
	assert.NotNil(t, source["objectives.counted"])
	assert.NotNil(t, source["forms.reflection"])
}

// TestTheTSATYearHasTheSourcesDays holds the profile against the printed calendar of 2023-24.
func TestTheTSATYearHasTheSourcesDays(t *testing.T) {
	r := profile(t, "tsat").Document.Resolve("", "").Rules
	start := schooltime.MustDate("2022-09-01") // the year that is reviewed in autumn 2023
	anchors := schooltime.Anchors{CycleStart: start, CycleEnd: schooltime.MustDate("2023-08-31"), Joining: start}
	days := map[string]string{}
	for _, s := range append(r.Outcome.Chain, r.Pay.Chain...) {
		d, err := s.Due.On(anchors)
		require.NoError(t, err)
		days[s.Code] = d.String()
	}
	backstop, err := r.Cycle.Backstop.On(anchors)
	require.NoError(t, err)
	opens, err := r.Outcome.Chain[0].Opens.On(anchors)
	require.NoError(t, err)
	assert.Equal(t, map[string]string{
		"reflect": "2023-09-15", "state": "2023-10-02", "decide": "2023-10-20", "approve": "2023-10-20", "decide_pay": "2023-10-31",
	}, days, "30 September 2023 was a Saturday")
	assert.Equal(t, "2023-10-31", backstop.String())
	assert.Equal(t, "2023-07-01", opens.String())
}

func TestNoAddressOrNameOfTheSourceIsInTheProfiles(t *testing.T) {
	for _, code := range []string{"model", "tsat"} {
		raw, err := os.ReadFile("profiles/" + code + ".json")
		require.NoError(t, err)
		assert.NotRegexp(t, regexp.MustCompile(`(?i)@|https?:|www\.|mailto`), string(raw))
	}
}

func TestEveryLeafAndFactIsDocumented(t *testing.T) {
	for _, leaf := range policy.Leaves() {
		assert.NotEmpty(t, leaf.Doc, leaf.Path)
		assert.NotEmpty(t, leaf.Type, leaf.Path)
		assert.True(t, leaf.In(policy.ScopeTrust), "%s: the trust may set everything", leaf.Path)
	}
	for _, fact := range policy.Facts() {
		assert.NotEmpty(t, fact.Doc, fact.Name)
	}
	assert.Greater(t, len(policy.Leaves()), 35)
}

func TestThePageTellsOfEveryLeafFactAndProfile(t *testing.T) {
	page := string(policy.RenderMarkdown())
	for _, leaf := range policy.Leaves() {
		assert.Contains(t, page, "| `"+leaf.Path+"` |")
		assert.Contains(t, page, leaf.Doc)
	}
	for _, fact := range policy.Facts() {
		assert.Contains(t, page, "| `"+fact.Name+"` |")
	}
	for _, p := range policy.Profiles() {
		assert.Contains(t, page, p.Label)
	}
	assert.Equal(t, page, string(policy.RenderMarkdown()), "rendered twice alike")
}

// compileSchema compiles the schema with another reader of JSON Schema than our own.
func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	raw, err := json.Marshal(policy.Schema())
	require.NoError(t, err)
	schema, err := jsonschema.UnmarshalJSON(strings.NewReader(string(raw)))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	require.NoError(t, c.AddResource("policy.json", schema))
	compiled, err := c.Compile("policy.json")
	require.NoError(t, err)
	return compiled
}

func TestTheSchemaAcceptsAndRefusesWhatParseDoes(t *testing.T) {
	schema := compileSchema(t)
	validate := func(raw string) error {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(raw))
		require.NoError(t, err)
		return schema.Validate(v)
	}
	for _, code := range []string{"model", "tsat"} {
		assert.NoError(t, validate(string(encode(t, embedded(t, code)))))
	}
	assert.NoError(t, validate(fiveLayers))
	for _, tc := range malformed {
		if !tc.beyondSchema {
			assert.Error(t, validate(tc.document), tc.name)
		}
	}
	for _, tc := range unrunnable { // Validate's to find: the form is right
		document := embedded(t, tc.profile)
		change(t, document, tc.edits)
		assert.NoError(t, validate(string(encode(t, document))), tc.name)
	}
}
