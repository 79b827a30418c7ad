package policy

import "github.com/perennial-api/perennial/internal/schooltime"

// GroupOf returns the staff group of a post: the first whose condition holds. A post may be in
// none; the trust's own layer then holds for it.
func (r Rules) GroupOf(fs FactSet) (Group, bool) {
	for _, g := range r.Population.Groups {
		if g.When.Holds(fs) {
			return g, true
		}
	}
	return Group{}, false
}

// ExclusionsFor returns the exclusions that hold for a post on a day. A post leaves a rule on the
// day that the rule's fact Until names; while that day is unknown the rule holds.
func (r Rules) ExclusionsFor(fs FactSet, today schooltime.Date) []Exclusion {
	var holding []Exclusion
	for _, e := range r.Population.Exclusions {
		if e.Concerns(fs, today) {
			holding = append(holding, e)
		}
	}
	return holding
}

// Concerns says whether the rule holds for a post on a day.
func (e Exclusion) Concerns(fs FactSet, today schooltime.Date) bool {
	until, known := fs[e.Until].(schooltime.Date)
	ended := known && !until.IsZero() && !today.Before(until)
	return e.When.Holds(fs) && !ended
}
