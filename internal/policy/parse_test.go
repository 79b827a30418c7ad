package policy_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/policy"
)

// malformed lists documents that cannot be read, each with the one fault that it has.
var malformed = []struct {
	name, document, code, path string
	beyondSchema               bool // the JSON schema cannot say it
}{
	{"an unknown name at the top", `{"schema":1,"rule":{}}`, "unknown", "rule", false},
	{"no schema", `{"rules":{}}`, "schema", "schema", false},
	{"another schema", `{"schema":2}`, "schema", "schema", false},
	{"an unknown profile", `{"schema":1,"profile":"acme"}`, "enum", "profile", false},
	{"an unknown section", `{"schema":1,"rules":{"goals":{}}}`, "unknown", "rules.goals", false},
	{"an unknown parameter", `{"schema":1,"rules":{"objectives":{"min":3}}}`, "unknown", "rules.objectives.min", false},
	{"null for a parameter", `{"schema":1,"rules":{"objectives":{"max":null}}}`, "null", "rules.objectives.max", false},
	{"null for a section", `{"schema":1,"rules":{"objectives":null}}`, "null", "rules.objectives", false},
	{"null in a list", `{"schema":1,"rules":{"objectives":{"fields":[null]}}}`, "null", "rules.objectives.fields[0]", false},
	{"a text for a section", `{"schema":1,"rules":{"objectives":"three"}}`, "type", "rules.objectives", false},
	{"a text for a bool", `{"schema":1,"rules":{"objectives":{"bank":"yes"}}}`, "type", "rules.objectives.bank", false},
	{"a bool for a text", `{"schema":1,"rules":{"check_ins":{"form":true}}}`, "type", "rules.check_ins.form", false},
	{"a number for a text", `{"schema":1,"rules":{"check_ins":{"form":7}}}`, "type", "rules.check_ins.form", false},
	{"a part for a whole number", `{"schema":1,"rules":{"cycle":{"length_months":1.5}}}`, "type", "rules.cycle.length_months", false},
	{"an object for a list", `{"schema":1,"rules":{"objectives":{"slots":{}}}}`, "type", "rules.objectives.slots", false},
	{"a list for an object", `{"schema":1,"rules":{"objectives":{"due":[]}}}`, "type", "rules.objectives.due", false},
	{"a word for a limit", `{"schema":1,"rules":{"objectives":{"max":"many"}}}`, "type", "rules.objectives.max", false},
	{"a limit below zero", `{"schema":1,"rules":{"objectives":{"max":-1}}}`, "min", "rules.objectives.max", false},
	{"a number too small", `{"schema":1,"rules":{"cycle":{"length_months":0}}}`, "min", "rules.cycle.length_months", false},
	{"a number too large", `{"schema":1,"rules":{"cycle":{"length_months":37}}}`, "max", "rules.cycle.length_months", false},
	{"a share above one", `{"schema":1,"rules":{"check_ins":{"engagement":[{"code":"a","label":"A","at_least":1.5}]}}}`, "max",
		"rules.check_ins.engagement[0].at_least", false},
	{"another choice", `{"schema":1,"rules":{"objectives":{"drafter":"head"}}}`, "enum", "rules.objectives.drafter", false},
	{"another choice in a list", `{"schema":1,"rules":{"objectives":{"fields":["actions","budget"]}}}`, "enum", "rules.objectives.fields[1]", false},
	{"an unknown field in a list", `{"schema":1,"rules":{"outcome":{"scale":[{"code":"a","label":"A"},{"code":"b","label":"B","points":1}]}}}`,
		"unknown", "rules.outcome.scale[1].points", false},
	{"a missing field in a list", `{"schema":1,"rules":{"outcome":{"scale":[{"code":"a"}]}}}`, "missing", "rules.outcome.scale[0].label", false},
	{"a date rule without an anchor", `{"schema":1,"rules":{"objectives":{"due":{"days":3}}}}`, "missing", "rules.objectives.due.anchor", false},
	{"a code in capitals", `{"schema":1,"rules":{"outcome":{"scale":[{"code":"A","label":"A"}]}}}`, "code", "rules.outcome.scale[0].code", false},
	{"a blank label", `{"schema":1,"rules":{"outcome":{"scale":[{"code":"a","label":" "}]}}}`, "blank", "rules.outcome.scale[0].label", false},
	{"a text that is too long", `{"schema":1,"rules":{"check_ins":{"form":"` + strings.Repeat("é", 4001) + `"}}}`, "text", "rules.check_ins.form", false},
	{"NUL in a text", `{"schema":1,"rules":{"check_ins":{"form":"a\u0000"}}}`, "text", "rules.check_ins.form", true},
	{"a form with a dot in its name", `{"schema":1,"rules":{"forms":{"a.b":{"label":"A","sections":[]}}}}`, "code", "rules.forms", false},
	{"a fault inside a form", `{"schema":1,"rules":{"forms":{"a":{"label":"A","sections":[{"code":"b","label":"B","kind":"essay"}]}}}}`,
		"enum", "rules.forms.a.sections[0].kind", false},
	{"a fault deep in a condition", `{"schema":1,"rules":{"population":{"groups":[{"code":"a","label":"A","when":{"not":{"all":[{"op":"like"}]}}}]}}}`,
		"enum", "rules.population.groups[0].when.not.all[0].op", false},
	{"an object as a condition's value", `{"schema":1,"rules":{"population":{"groups":[{"code":"a","label":"A","when":{"value":{}}}]}}}`,
		"type", "rules.population.groups[0].when.value", false},
	{"a list in a condition's list", `{"schema":1,"rules":{"population":{"groups":[{"code":"a","label":"A","when":{"value":[["x"]]}}]}}}`,
		"type", "rules.population.groups[0].when.value[0]", false},
	{"a group that sets what only the trust may", `{"schema":1,"groups":{"support":{"review":{"months":6}}}}`,
		"scope", "groups.support.review.months", false},
	{"a school that sets what only the trust may", `{"schema":1,"schools":{"u1":{"rules":{"review":{"months":6}}}}}`,
		"scope", "schools.u1.rules.review.months", false},
	{"a school that sets what a group may", `{"schema":1,"schools":{"u1":{"rules":{"objectives":{"max":3}}}}}`,
		"scope", "schools.u1.rules.objectives.max", false},
	{"a school's group that sets what only a school may", `{"schema":1,"schools":{"u1":{"groups":{"support":{"objectives":{"bank":false}}}}}}`,
		"scope", "schools.u1.groups.support.objectives.bank", false},
	{"a group in capitals", `{"schema":1,"groups":{"Support":{}}}`, "code", "groups", false},
	{"an unknown name at a school", `{"schema":1,"schools":{"u1":{"policy":{}}}}`, "unknown", "schools.u1.policy", false},
	{"a school without a name", `{"schema":1,"schools":{"":{}}}`, "unit", "schools", false},
	{"a name given twice", `{"schema":1,"rules":{"objectives":{"bank":true,"bank":false}}}`, "duplicate", "rules.objectives.bank", true},
}

func TestParseRefusesWhatIsMalformedAndSaysWhere(t *testing.T) {
	for _, tc := range malformed {
		t.Run(tc.name, func(t *testing.T) {
			d, findings := policy.Parse([]byte(tc.document))
			require.Nil(t, d)
			require.Len(t, findings, 1, "%v", findings)
			assert.Equal(t, tc.code, findings[0].Code)
			assert.Equal(t, []string{tc.path}, findings[0].Paths)
			assert.Equal(t, policy.SeverityError, findings[0].Severity)
			assert.NotEmpty(t, findings[0].Message)
		})
	}
}

func TestParseReportsAllFaultsAtOnce(t *testing.T) {
	_, findings := policy.Parse([]byte(`{"schema":1,"rules":{"cycle":{"length_months":99,"colour":1}},"groups":{"a":{"reviewers":{"panel_signs":1}}}}`))
	var codes []string
	for _, f := range findings {
		codes = append(codes, f.Code)
	}
	assert.Equal(t, []string{"scope", "type", "unknown", "max"}, codes)
}

func TestParseRefusesWhatIsNoDocument(t *testing.T) {
	for name, raw := range map[string]string{
		"nothing": "", "a list": "[]", "a text": "policy", "half a document": `{"schema":1`, "two documents": `{"schema":1}{"schema":1}`,
		"two YAML documents": "schema: 1\n---\nschema: 1\n", "an anchor": "schema: &a 1\nrules: *a\n", "a merge key": "schema: 1\n<<: {profile: model}\n",
		"a tag": "schema: 1\nprofile: !!binary aGk=\n", "a name that is a list": "? [a]\n: 1\n", "null": "null", "YAML null": "schema: 1\nrules: ~\n",
		"not a number": "schema: 1\nrules: {cycle: {length_months: .nan}}\n", "beyond numbers": `{"schema":1e999}`,
		"too deep": `{"rules":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + "}", "too deep a YAML": "rules: " + strings.Repeat("[", 100) + strings.Repeat("]", 100),
		"too large": `{"schema":1,"profile":"` + strings.Repeat("a", 1<<20) + `"}`, "a YAML name twice": "schema: 1\nschema: 1\n",
	} {
		t.Run(name, func(t *testing.T) {
			d, findings := policy.Parse([]byte(raw))
			assert.Nil(t, d)
			assert.NotEmpty(t, findings)
		})
	}
}

func TestTheNumberOfLayersAndItemsIsBounded(t *testing.T) {
	many := func(n int, name string) string {
		var entries []string
		for i := range n {
			entries = append(entries, fmt.Sprintf(`"%s%d":{}`, name, i))
		}
		return "{" + strings.Join(entries, ",") + "}"
	}
	for document, path := range map[string]string{
		`{"schema":1,"groups":` + many(21, "g") + `}`:                                                         "groups",
		`{"schema":1,"schools":` + many(201, "u") + `}`:                                                       "schools",
		`{"schema":1,"rules":{"objectives":{"fields":["actions"` + strings.Repeat(`,"actions"`, 100) + `]}}}`: "rules.objectives.fields",
	} {
		_, findings := policy.Parse([]byte(document))
		require.Len(t, findings, 1)
		assert.Equal(t, policy.Finding{Severity: "error", Code: "max", Message: findings[0].Message, Paths: []string{path}}, findings[0])
	}
}

func TestTheSameDocumentInYAMLAndJSONHasTheSameHash(t *testing.T) {
	fromJSON := parse(t, `{"rules": {"objectives": {"counted": 3.0, "bank": true}, "cycle":{"starts_on":"09-01"},
		"check_ins":{"engagement":[{"at_least":0.60,"label":"<M>","code":"m"}]}}, "schema": 1}`)
	fromYAML := parse(t, `
# comments are not part of the document
schema: 1
rules:
  cycle: {starts_on: 09-01}
  objectives:
    bank: true
    counted: 3
  check_ins:
    engagement:
      - {code: m, label: "<M>", at_least: 6e-1}
`)
	assert.Equal(t, string(fromJSON.Canonical()), string(fromYAML.Canonical()))
	assert.Equal(t, fromJSON.SHA256(), fromYAML.SHA256())
	assert.Equal(t, `{"rules":{"check_ins":{"engagement":[{"at_least":0.6,"code":"m","label":"<M>"}]},`+
		`"cycle":{"starts_on":"09-01"},"objectives":{"bank":true,"counted":3}},"schema":1}`, string(fromJSON.Canonical()))
	assert.Len(t, fromJSON.SHA256(), 64)
}

func TestTheCanonicalFormReadsBackAsItself(t *testing.T) {
	for _, code := range everyProfile {
		d := parse(t, embedded(t, code))
		assert.Equal(t, d.SHA256(), parse(t, string(d.Canonical())).SHA256())
		raw, err := json.Marshal(d)
		require.NoError(t, err)
		assert.JSONEq(t, string(d.Canonical()), string(raw))
		assert.NotEqual(t, d.SHA256(), parse(t, `{"schema":1}`).SHA256())
	}
}

func FuzzParseNeverPanics(f *testing.F) {
	for _, tc := range malformed {
		f.Add([]byte(tc.document))
	}
	for _, p := range policy.Profiles() {
		f.Add(p.Document.Canonical())
	}
	f.Add([]byte("schema: 1\nrules:\n  objectives: {max: none}\n  forms: {a: {label: A, sections: []}}\n"))
	f.Add([]byte("schema: 1\ngroups: {support: {objectives: {due: {anchor: step, step: x}}}}\nschools: {u: {rules: {objectives: {bank: no}}}}\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		d, findings := policy.Parse(raw)
		if d == nil {
			if len(findings) == 0 {
				t.Fatal("refused without a finding")
			}
			return
		}
		policy.Validate(d)
		policy.Values(d, "u", "support")
		again, findings := policy.Parse(d.Canonical())
		if len(findings) > 0 || again.SHA256() != d.SHA256() {
			t.Fatalf("the canonical form reads back differently: %v", findings)
		}
	})
}
