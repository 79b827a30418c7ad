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

// everyProfile lists the codes of the built-in profiles.
var everyProfile = []string{"model", "tlp", "tsat", "lt2", "canonium"}

func profile(t *testing.T, code string) policy.Profile {
	t.Helper()
	p, ok := policy.ProfileNamed(code)
	require.True(t, ok)
	return p
}

func TestTheProfilesCanBePublishedAndListWhatIsToFill(t *testing.T) {
	toFill := map[string]map[string]int{}
	for _, p := range policy.Profiles() {
		assert.Empty(t, policy.Errors(policy.Validate(p.Document)), p.Code)
		toFill[p.Code] = map[string]int{}
		for _, f := range p.ToFill {
			toFill[p.Code][f.Code]++
			assert.NotEmpty(t, f.Suggestion, f.Message)
			assert.Equal(t, policy.SeverityUnset, f.Severity)
			if f.Code == "cell_unset" {
				assert.Regexp(t, `^rules\.outcome\.grid\.cells\[\d\]\.rating$`, f.Paths[0])
			}
		}
	}
	assert.Equal(t, map[string]map[string]int{
		"model": {}, "tsat": {"cell_unset": 8}, "tlp": {"left_open": 4, "rating_never_reached": 1}, "lt2": {"left_open": 4}, "canonium": {"left_open": 4},
	}, toFill, "one of nine cells can be read in the source of tsat")
}

func TestWhatASourceLeavesOpenIsToFillUntilTheTrustSaysIt(t *testing.T) {
	open := func(edits ...edit) (paths [][]string) {
		document := embedded(t, "tlp")
		change(t, document, edits)
		for _, f := range policy.Unset(policy.Validate(parse(t, document))) {
			if f.Code == "left_open" {
				paths = append(paths, f.Paths)
			}
		}
		return paths
	}
	all := [][]string{{"rules.objectives.on_disagreement"}, {"rules.self_assessment.frameworks"}, {"rules.reviewers.appointed_by"}, {"rules.cycle.backstop"}}
	assert.Equal(t, all, open())
	assert.Equal(t, all[1:], open(edit{"rules.objectives.on_disagreement", `"reviewer"`}), "said, though it is the default")
	assert.Equal(t, all, open(edit{"rules.objectives.bank", `true`}), "something else")
	assert.Equal(t, [][]string{all[0], all[2], all[3]}, open(edit{"rules.self_assessment.frameworks[0].frameworks", `["our_behaviours"]`}), "in place of the profile's")
	assert.Empty(t, policy.Validate(parse(t, `{"schema":1}`)), "a document that started from nothing")

	document := embedded(t, "lt2")
	change(t, document, []edit{{"rules.concern.weeks_max", `12`}})
	assert.Contains(t, policy.Validate(parse(t, document)), policy.Finding{
		Severity: "unset", Code: "left_open", Paths: []string{"rules.concern.weeks_min", "rules.concern.extension_weeks"},
		Message: profile(t, "lt2").ToFill[2].Message, Suggestion: profile(t, "lt2").ToFill[2].Suggestion,
	}, "of several, those that are left")
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

// What a profile sets was read somewhere, or has a note that says whose choice it is; what it
// does not set is a default and has neither.
func TestEachValueOfAProfileNamesASourceOrANote(t *testing.T) {
	fewest := map[string]int{"tlp": 60, "tsat": 48, "lt2": 57, "canonium": 62}
	for _, p := range policy.Profiles()[1:] {
		set := map[string]bool{}
		for _, group := range append([]string{""}, p.Document.Groups("")...) {
			for _, v := range policy.Values(p.Document, "", group) {
				if v.Origin == policy.OriginDefault {
					assert.Nil(t, v.Source, "%s %s", p.Code, v.Path)
					continue
				}
				set[v.Path] = true
				require.NotNil(t, v.Source, "%s %s", p.Code, v.Path)
				assert.True(t, v.Source.Note != "" || v.Source.Title != "" && v.Source.Section != "", "%s %s", p.Code, v.Path)
				assert.Equal(t, v.Source.Title == "", v.Source.Section == "", "%s %s", p.Code, v.Path)
			}
		}
		for path := range p.Sources {
			assert.True(t, set[path], "%s has a source for %s and does not set it", p.Code, path)
		}
		assert.GreaterOrEqual(t, len(set), fewest[p.Code], p.Code)
		assert.NotRegexp(t, "(?i)tsat|thinking schools|tlp|learning partnership|lt2|learning today|canonium", p.Label+p.Summary, "a label suggests no endorsement")
	}
	assert.Contains(t, profile(t, "tsat").Sources["check_ins.engagement"].Note, "No source")
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

func TestTheBuiltInProfilesAreOfferedInTheirOrder(t *testing.T) {
	var codes []string
	for _, p := range policy.Profiles() {
		codes = append(codes, p.Code)
	}
	assert.Equal(t, everyProfile, codes)
}

func TestNoAddressOrNameOfTheSourceIsInTheProfiles(t *testing.T) {
	for _, code := range everyProfile {
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
	for _, code := range everyProfile {
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
