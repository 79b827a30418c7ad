package policy

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestEveryParameterOfTheSpecificationHasItsPlaceInThePolicy(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range Parameters() {
		assert.False(t, seen[p.Name], "%s stands twice", p.Name)
		seen[p.Name] = true
		for _, path := range p.Paths {
			_, found := leafOf(path)
			assert.True(t, found, "%s: there is no %s", p.Name, path)
		}
		assert.True(t, len(p.Paths) > 0 || p.Note != "", "%s is said nowhere, and no note says why", p.Name)
	}
	assert.Len(t, seen, 117)
}

// Whatever a policy can say is a parameter of the specification, or stands here with why not.
func TestEveryLeafBelongsToAParameter(t *testing.T) {
	beyond := map[string]string{
		"population.several_posts":   "somebody with two posts",
		"reviewers.may_review":       "who may review at all",
		"reviewers.panel_signs":      "how a panel agrees",
		"objectives.completer":       "who completes, of the axis completion",
		"objectives.validator":       "who validates, of the axis validation",
		"objectives.what_next":       "a question on early completion",
		"objectives.amendable_until": "when changes end",
		"evidence.max_mb":            "a limit of the machine",
		"evidence.max_items":         "a limit of the machine",
		"outcome.outcome_visible":    "when the reviewee sees it",
		"pay.top_of_range":           "a column of the table",
		"appeals.statement":          "the law of other years and nations has it",
		"appeals.remedies":           "in what such an appeal ends",
		"report.governors":           "what governors are told",
		"report.small_number":        "who could be told from a count",
	}
	named := map[string]bool{}
	for _, p := range Parameters() {
		for _, path := range p.Paths {
			l, _ := leafOf(path)
			named[l.Path] = true
		}
	}
	for _, l := range Leaves() {
		assert.NotEqual(t, named[l.Path], beyond[l.Path] != "", l.Path)
	}
}

func TestAParametersStateFollowsFromItsLeaves(t *testing.T) {
	for want, paths := range map[string][]string{
		stateElsewhere: nil,
		stateEnforced:  {"objectives.max", "objectives.slots[].checklist"},
		stateRecorded:  {"cpd.portable"},
		statePartly:    {"objectives.max", "cpd.portable"},
	} {
		assert.Equal(t, want, Parameter{Paths: paths}.State())
	}
	for path, found := range map[string]bool{
		"objectives.slots[].checklist[].label": true, "outcome.chain[].due.anchor": true, "objectives.slots[].colour": false,
		"objectives.slots[].checklist[].colour": false, "objectives": false, "objectives.slots.smart": false, "goals.max": false,
	} {
		_, ok := leafOf(path)
		assert.Equal(t, found, ok, path)
	}
}

func TestThePageOfParametersTellsOfEachOne(t *testing.T) {
	page := string(RenderParameters())
	for _, p := range Parameters() {
		assert.Contains(t, page, "| `"+p.Name+"` |")
		assert.Contains(t, page, "| "+p.State()+" | "+p.Note+" |")
	}
}
