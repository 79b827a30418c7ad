package policy

import (
	"fmt"
	"slices"
)

// hearingParties may hear an appeal, and admit one that comes late: nobody who is party to the year.
var hearingParties = []Party{ReviewersReviewer, Head, HR}

// appeals checks that an appeal can be heard, and end in something. Where pay is not linked there is
// a decision on it all the same, so its appeals may stand beside any link.
func (in *inspection) appeals() {
	a := &in.Rules.Appeals
	in.hearings(a.Pay)
	in.hearings(a.Statement)
	unique(in, a.Grounds, func(g *Rating) *string { return &g.Code })
	if a.LateBy != Nobody {
		in.hears(&a.LateBy)
	}
	if len(a.Statement) > 0 && len(a.Remedies) == 0 {
		in.fault("appeal_without_remedy", "one may appeal against the statement, and nothing may come of it",
			"say in remedies in what an appeal may end, or empty statement", &a.Statement, &a.Remedies)
	}
	for i := range a.Remedies {
		if slices.Contains(a.Remedies[:i], a.Remedies[i]) {
			in.fault("remedy_twice", fmt.Sprintf("the remedy %s is given twice", a.Remedies[i]), "name each once", &a.Remedies[i])
		}
	}
}

func (in *inspection) hearings(stages []AppealStage) {
	unique(in, stages, func(s *AppealStage) *string { return &s.Code })
	for i := range stages {
		in.hears(&stages[i].Party)
	}
}

// hears checks that a party can hear an appeal. An office of head would be the head of whatever
// school: the party head is that of the person's own, and the one above where they took part.
func (in *inspection) hears(p *Party) {
	switch {
	case *p == "office:head":
		in.fault("appeal_of_any_head", "office:head is the head of whatever school; any headteacher would hear it", "write head, or name another office", p)
	case !slices.Contains(hearingParties, *p) && !officePattern.MatchString(string(*p)):
		in.fault("appeal_unheard", fmt.Sprintf("%.60q cannot hear an appeal: whoever does took no part in what it is against", string(*p)),
			"use reviewers_reviewer, head, hr, or office: and a code", p)
	}
}
