package rehearsal

import (
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/policy"
)

// appeals notes the stages of an appeal that nobody would be left to hear, and those to which nobody
// would be left to admit an appeal that comes late. Whoever alone decides a stage is out of the next.
func (p *Person) appeals(c *appraisal.Case) {
	a := &p.Rules.Rules.Appeals
	for _, kind := range []struct {
		against string
		stages  *[]policy.AppealStage
	}{{"pay", &a.Pay}, {"statement", &a.Statement}} {
		if kind.against == "statement" && !p.states() {
			continue
		}
		out := p.takesPart(kind.against)
		for _, stage := range *kind.stages {
			place := "appeals." + kind.against + "." + stage.Code
			if a.LateBy != policy.Nobody && a.LateBy != "" && len(c.Who(a.LateBy, out...)) == 0 {
				p.trouble(lateUnadmitted, place, &a.LateBy)
			}
			hears := c.Who(stage.Party, out...)
			switch len(hears) {
			case 0:
				p.trouble(appealUnheard, place, kind.stages)
			case 1:
				out = append(out, hears...)
			}
		}
	}
}

// states says whether the year ends in a statement; without one there is nothing to appeal against.
func (p *Person) states() bool {
	return slices.ContainsFunc(p.Rules.Rules.Outcome.Chain, func(s policy.StepRule) bool { return does(s.Acts, "state") })
}

// takesPart are the people who are sure to take part in what an appeal is against: the reviewers, and
// whoever is alone to do a required step. Of a step that several may do it is not known who will.
func (p *Person) takesPart(against string) []uuid.UUID {
	out := slices.Clone(p.Reviewers)
	paid := against == "pay" && p.Rules.Rules.Pay.Link != "none"
	for _, s := range p.Steps {
		if ofPay := strings.HasPrefix(s.Name, appraisal.PayChain+"."); s.Required && len(s.People) == 1 && (paid || !ofPay) {
			out = append(out, s.People[0])
		}
	}
	return out
}
