package report

import (
	"slices"
	"strings"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/policy"
)

// Knows says whether the actor may know of a correction, for it says what its section should say: the
// person and HR, who decides on it, of every one; others of what they receive of the report, and of what
// they have to do themselves. Who sees what is said on pay is asked where that is read. following says
// that the actor reviews the person in the year after.
func Knows(c *appraisal.Case, following bool, x Correction) bool {
	m := &Material{Case: c, Following: following}
	mine := m.parties()
	if pay, _, _ := strings.Cut(x.Part, "."); pay == appraisal.PayChain || slices.Contains(mine, policy.Reviewee) || slices.Contains(mine, policy.HR) {
		return true
	}
	doing := doings(c, x)
	for _, s := range doing {
		if slices.Contains(c.Who(s.Party), c.Actor.PersonID) {
			return true
		}
	}
	rules := c.Rules().Report.Sections
	if len(rules) == 0 {
		return true // the whole of it goes to everybody
	}
	held, received := 0, 0
	for i := range rules {
		if !holds(&rules[i], x, doing) {
			continue
		}
		if held++; m.receives(&rules[i], mine) {
			received++
		}
	}
	if held == 0 { // it is no part of the report: who receives only that has none of it
		m.Following = false
		return len(m.parties()) > 0
	}
	return received == held || x.Section != nil && received > 0
}

// doings are the steps that a correction is about: the one that it names, or those that decide the rating.
func doings(c *appraisal.Case, x Correction) []*policy.StepRule {
	var out []*policy.StepRule
	for _, s := range c.Chain(appraisal.OutcomeChain) {
		if s.Name() == x.Part || x.Part == "rating" && slices.Contains(s.Rule.Acts, "decide") {
			out = append(out, s.Rule)
		}
	}
	return out
}

// holds says whether a section of the report holds what a correction is about. A correction of a whole
// step is about every section that holds some of it.
func holds(r *policy.ReportSection, x Correction, doing []*policy.StepRule) bool {
	does := func(act string) bool {
		return slices.ContainsFunc(doing, func(s *policy.StepRule) bool { return slices.Contains(s.Acts, act) })
	}
	switch r.Holds {
	case "objectives":
		return x.Part == "objective"
	case "rating":
		return x.Part == "rating" || does("decide")
	case "comments":
		return does("comment")
	case "signatures":
		return does("sign")
	case "answers":
		named := slices.ContainsFunc(doing, func(s *policy.StepRule) bool { return s.Code == r.Step })
		if x.Part == "rating" || !named && (r.Step != "" || !does("state")) {
			return false
		}
		return x.Section == nil || len(r.Parts) == 0 || slices.Contains(r.Parts, *x.Section)
	}
	return false
}
