package policy_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

const fiveLayers = `{"schema":1,
	"rules":{"objectives":{"drafter":"reviewee","max":9},"reviewers":{"default":"appointed"}},
	"groups":{"support":{"objectives":{"max":8},"reviewers":{"default":"line_manager"}}},
	"schools":{"u1":{"rules":{"objectives":{"bank":false},"reviewers":{"default":"appointed"}},
		"groups":{"support":{"reviewers":{"default":"line_manager"}}}}}}`

func TestACitationNamesTheHighestLayerThatSetTheValue(t *testing.T) {
	d := parse(t, fiveLayers)
	for _, tc := range []struct {
		unit, group string
		leaf        func(*policy.Rules) any
		want        fault.Citation
	}{
		{"", "", func(r *policy.Rules) any { return &r.Objectives.Approver }, fault.Citation{Parameter: "objectives.approver", Value: "both", Origin: "default"}},
		{"", "", func(r *policy.Rules) any { return &r.Objectives.Drafter }, fault.Citation{Parameter: "objectives.drafter", Value: "reviewee", Origin: "trust"}},
		{"", "", func(r *policy.Rules) any { return &r.Objectives.Max }, fault.Citation{Parameter: "objectives.max", Value: int64(9), Origin: "trust"}},
		{"", "support", func(r *policy.Rules) any { return &r.Objectives.Max }, fault.Citation{Parameter: "objectives.max", Value: int64(8), Origin: "group"}},
		{"u1", "", func(r *policy.Rules) any { return &r.Objectives.Bank }, fault.Citation{Parameter: "objectives.bank", Value: false, Origin: "school"}},
		{"u1", "support", func(r *policy.Rules) any { return &r.Reviewers.Default }, fault.Citation{Parameter: "reviewers.default", Value: "line_manager", Origin: "school_group"}},
		{"u1", "teaching", func(r *policy.Rules) any { return &r.Reviewers.Default }, fault.Citation{Parameter: "reviewers.default", Value: "appointed", Origin: "school"}},
		{"u2", "support", func(r *policy.Rules) any { return &r.Reviewers.Default }, fault.Citation{Parameter: "reviewers.default", Value: "line_manager", Origin: "group"}},
		{"u2", "", func(r *policy.Rules) any { return &r.Reviewers.Default }, fault.Citation{Parameter: "reviewers.default", Value: "appointed", Origin: "trust"}},
		{"", "", func(r *policy.Rules) any { return &r.Objectives.Counted }, fault.Citation{Parameter: "objectives.counted", Value: "none", Origin: "default"}},
	} {
		r := d.Resolve(tc.unit, tc.group)
		assert.Equal(t, &tc.want, r.Cite(tc.leaf(&r.Rules)), "%s %s", tc.unit, tc.group)
	}
}

func TestACitationReachesIntoListsAndForms(t *testing.T) {
	r := parse(t, embedded(t, "tsat")).Resolve("", "")
	assert.Equal(t, &fault.Citation{
		Parameter: "outcome.chain[2].due", Value: map[string]any{"anchor": "cycle_end", "month_day": "10-20"}, Origin: "trust",
	}, r.Cite(&r.Rules.Outcome.Chain[2].Due))
	assert.Equal(t, &fault.Citation{Parameter: "objectives.slots[0].required", Value: true, Origin: "trust"},
		r.Cite(&r.Rules.Objectives.Slots[0].Required))
	assert.Equal(t, &fault.Citation{Parameter: "forms.statement.sections[1].max_chars", Value: int64(20000), Origin: "trust"},
		r.Cite(&r.Rules.Forms["statement"].Section("review_statement").MaxChars))
	assert.Equal(t, "objectives.slots[1]", r.Cite(&r.Rules.Objectives.Slots[1]).Parameter)
	assert.Equal(t, "outcome.grid.rows.code", r.Cite(&r.Rules.Outcome.Grid.Rows.Code).Parameter)
	assert.Equal(t, "outcome.grid.rows", r.Cite(&r.Rules.Outcome.Grid.Rows).Parameter, "a record lies where its first field does")
}

// walk calls visit for every leaf of rules, as the tags mark them.
func walk(v reflect.Value, path []string, visit func(path string, leaf any)) {
	for i := range v.NumField() {
		sf := v.Type().Field(i)
		name, _, _ := strings.Cut(sf.Tag.Get("json"), ",")
		at := append(path[:len(path):len(path)], name)
		if sf.Tag.Get("doc") == "" {
			walk(v.Field(i), at, visit)
		} else {
			visit(strings.Join(at, "."), v.Field(i).Addr().Interface())
		}
	}
}

// The model's own rules, taken as a trust's layer, set every leaf there is.
func TestEveryLeafIsCitedByItsOwnPath(t *testing.T) {
	r := parse(t, embedded(t, "model")).Resolve("", "")
	var cited, listed []string
	walk(reflect.ValueOf(&r.Rules).Elem(), nil, func(path string, leaf any) {
		c := r.Cite(leaf)
		assert.Equal(t, path, c.Parameter)
		assert.NotNil(t, c.Value, path)
		assert.Equal(t, "trust", c.Origin, path)
		cited = append(cited, c.Parameter)
	})
	for _, leaf := range policy.Leaves() {
		listed = append(listed, leaf.Path)
	}
	assert.Equal(t, listed, cited)
}

func TestCitingWhatIsNoParameterPanics(t *testing.T) {
	d := parse(t, `{"schema":1}`)
	r := d.Resolve("", "")
	copied := r.Rules
	assert.Panics(t, func() { r.Cite(&copied.Objectives.Max) }, "a copy")
	assert.Panics(t, func() { r.Cite(r.Rules.Objectives.Max) }, "a value")
	assert.Panics(t, func() { r.Cite(&r.Rules.Objectives) }, "a section")
	assert.Panics(t, func() { r.Cite(nil) }, "nothing")
}

func TestALeafIsReplacedWholeAndASectionIsMerged(t *testing.T) {
	r := parse(t, `{"schema":1,"rules":{
		"objectives":{"due":{"anchor":"cycle_start","month_day":"10-31"},"fields":[]},
		"forms":{"decision":{"label":"Verdict","sections":[]},"extra":{"label":"Extra","sections":[]}}}}`).Resolve("", "")
	assert.Equal(t, schooltime.Rule{Anchor: schooltime.CycleStart, MonthDay: "10-31"}, r.Rules.Objectives.Due, "days of the model are gone")
	assert.Empty(t, r.Rules.Objectives.Fields, "an empty list is a value")
	assert.Equal(t, policy.Both, r.Rules.Objectives.Approver, "the rest of the section stands")
	assert.Equal(t, "Verdict", r.Rules.Forms["decision"].Label)
	assert.Empty(t, r.Rules.Forms["decision"].Sections, "a form is replaced whole")
	assert.Contains(t, r.Rules.Forms, "statement", "other forms stand")
	assert.Equal(t, []string{"trust", "default"}, []string{r.Origin("forms.extra"), r.Origin("forms.statement")})
}

func TestALayerChangesNothingBelowIt(t *testing.T) {
	d := parse(t, fiveLayers)
	d.Resolve("u1", "support")
	assert.Equal(t, "9", d.Resolve("", "").Rules.Objectives.Max.String())
	assert.Equal(t, "5", parse(t, `{"schema":1}`).Resolve("", "").Rules.Objectives.Max.String(), "the model is untouched")
}

func TestResolutionIsSharedByAllWithoutALayerOfTheirOwn(t *testing.T) {
	d := parse(t, fiveLayers)
	base := d.Resolve("", "")
	for i := range 1000 {
		require.Same(t, base, d.Resolve(fmt.Sprint("unit", i), fmt.Sprint("group", i)))
	}
	require.Same(t, d.Resolve("", "support"), d.Resolve("elsewhere", "support"))
	require.NotSame(t, base, d.Resolve("u1", ""))
}

func TestResolveMayBeCalledFromManyPlacesAtOnce(t *testing.T) {
	d := parse(t, fiveLayers)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			r := d.Resolve("u1", "support")
			assert.Equal(t, "objectives.max", r.Cite(&r.Rules.Objectives.Max).Parameter)
		})
	}
	wait.Wait()
}

// TestEachLeafComesFromTheHighestLayerThatSetsIt sets random leaves in random layers, with the
// values of a built-in profile in every other layer, and asks each leaf whose value it has.
func TestEachLeafComesFromTheHighestLayerThatSetsIt(t *testing.T) {
	values := map[string]any{}
	for _, v := range policy.Values(parse(t, embedded(t, "tsat")), "", "") {
		values[v.Path] = v.Value
	}
	layers := []struct {
		origin, path string
		scopes       []string
	}{
		{policy.OriginTrust, "rules", nil},
		{policy.OriginGroup, "groups.support", []string{policy.ScopeGroup}},
		{policy.OriginSchool, "schools.u1.rules", []string{policy.ScopeSchool}},
		{policy.OriginSchoolGroup, "schools.u1.groups.support", []string{policy.ScopeSchool, policy.ScopeGroup}},
	}
	rapid.Check(t, func(rt *rapid.T) {
		document, want := map[string]any{"schema": 1}, map[string]string{}
		for _, layer := range layers {
			for _, leaf := range policy.Leaves() {
				may := leaf.Path != "forms"
				for _, scope := range layer.scopes {
					may = may && leaf.In(scope)
				}
				if may && rapid.Bool().Draw(rt, layer.origin+" "+leaf.Path) {
					raw, err := json.Marshal(values[leaf.Path])
					require.NoError(t, err)
					change(t, document, []edit{{layer.path + "." + leaf.Path, string(raw)}})
					want[leaf.Path] = layer.origin
				}
			}
		}
		r := parse(t, document).Resolve("u1", "support")
		for _, leaf := range policy.Leaves() {
			if leaf.Path == "forms" {
				continue
			}
			origin := want[leaf.Path]
			if origin == "" {
				origin = policy.OriginDefault
			}
			if got := r.Origin(leaf.Path); got != origin {
				rt.Fatalf("%s comes from %s, not %s", leaf.Path, got, origin)
			}
		}
	})
}
