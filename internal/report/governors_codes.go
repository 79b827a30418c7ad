package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/policy"
)

// silent is the code of a year of which a part says nothing.
const silent = "none"

// stages are the rows of completion, the furthest first.
var stages = []appraisal.Code{
	{Code: string(appraisal.Released), Label: "Outcome released"}, {Code: string(appraisal.Closing), Label: "Year's end under way"},
	{Code: string(appraisal.Running), Label: "Objectives agreed"}, {Code: string(appraisal.Setting), Label: "Objectives being set"},
	{Code: "suspended", Label: "Suspended"}, {Code: "transferred", Label: "Ended without an outcome"}, {Code: string(appraisal.Ended), Label: "Ended before its time"},
}

var silences = map[string]string{"effectiveness": "No objective counted", "development_needs": "No need recorded", "ratings": "Not rated yet", "pay": "Not decided yet",
	"appeals": "No appeal", "concerns": "No concern"}

var effects = []appraisal.Code{{Code: "all", Label: "Every objective complete"}, {Code: "some", Label: "Some objectives complete"}, {Code: "no_objective", Label: "No objective complete"}}

// codes are the rows of a part: in the order of the trust's scale and slots where it has one, else
// by code. What nobody has is a row where the trust could have it.
func (g *gathering) codes(part string) []appraisal.Code {
	var out []appraisal.Code
	add := func(c appraisal.Code) {
		if !slices.ContainsFunc(out, func(o appraisal.Code) bool { return o.Code == c.Code }) {
			out = append(out, c)
		}
	}
	switch part {
	case "completion":
		return stages
	case "effectiveness":
		out = slices.Clone(effects)
	case "ratings", "development_needs":
		for _, y := range g.Years {
			for _, c := range named(part, g.Policy(y.UnitID, y.StaffGroup)) {
				add(c)
			}
		}
	}
	marks := slices.Clone(g.Marks[part])
	slices.SortFunc(marks, func(a, b Mark) int { return cmp.Compare(a.Code, b.Code) })
	for _, m := range marks {
		add(appraisal.Code{Code: m.Code, Label: worded(m.Code)})
	}
	return append(out, appraisal.Code{Code: silent, Label: silences[part]})
}

// named are the codes that the trust's rules name for a part.
func named(part string, p *policy.Resolved) []appraisal.Code {
	var out []appraisal.Code
	if part == "ratings" {
		for _, v := range p.Rules.Outcome.Scale {
			out = append(out, appraisal.Code{Code: v.Code, Label: v.Label})
		}
		return out
	}
	for _, s := range p.Rules.Objectives.Slots {
		out = append(out, appraisal.Code{Code: s.Code, Label: s.Label})
	}
	return out
}

// worded is a code in words, for what no rule of the trust names.
func worded(code string) string { return appraisal.Sentence(strings.ReplaceAll(code, "_", " ")) }
