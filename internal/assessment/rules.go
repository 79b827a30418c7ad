package assessment

import (
	"slices"
	"strconv"
	"strings"

	"github.com/perennial-api/perennial/internal/fault"
)

// check says everything that is wrong with ratings: statements of another framework, values of
// another scale, and statements given twice.
func (a *Aggregate) check(given []Rating) error {
	var wrong []fault.Violation
	put := func(i int, name, code, detail string) {
		wrong = append(wrong, fault.Violation{In: "body", Pointer: "/ratings/" + strconv.Itoa(i) + "/" + name, Code: code, Detail: detail})
	}
	seen := map[string]bool{}
	for i := range given {
		r := &given[i]
		r.Comment, r.Evidence = text(r.Comment), text(r.Evidence)
		switch {
		case !a.has(r.Statement):
			put(i, "statement", "unknown_statement", "This version of the framework has no such statement.")
		case seen[r.Statement]:
			put(i, "statement", "repeated", "The statement is rated twice here.")
		}
		if a.value(r.Rating) < 0 {
			put(i, "rating", "unknown_rating", "The scale of this self-assessment has no such value.")
		}
		seen[r.Statement] = true
	}
	if len(wrong) == 0 {
		return nil
	}
	e := fault.New(fault.Invalid, "invalid_ratings", "Some ratings do not fit; errors lists them all.")
	e.Violations = wrong
	return e
}

// offered refuses a visibility that the trust does not offer.
func (a *Aggregate) offered(visibility string) error {
	leaf := &a.Case.Rules().SelfAssessment.Visibility
	if slices.Contains(*leaf, visibility) {
		return nil
	}
	return a.ruled(leaf, "/visibility", "not_offered", "The trust does not offer this.")
}

// ruled is an error about one place in the body that cites the policy's leaf.
func (a *Aggregate) ruled(leaf any, pointer, code, detail string) error {
	e := fault.Body(pointer, code, "%s", detail)
	e.Refusals = []fault.Refusal{{Code: code, Detail: detail, Policy: a.Case.Policy.Cite(leaf)}}
	return e
}

// close takes overview and proposals as the policy asks for them.
func (a *Aggregate) close(overview *string, proposed []Proposal) error {
	rules := &a.Case.Rules().SelfAssessment
	switch {
	case rules.Overview == "required" && overview == nil:
		return a.ruled(&rules.Overview, "/overview", "required", "Write an overview.")
	case rules.Overview == "none" && overview != nil:
		return a.ruled(&rules.Overview, "/overview", "not_asked", "No overview is written here. Leave it out.")
	case len(proposed) < rules.CPDMin:
		return a.ruled(&rules.CPDMin, "/cpd", "too_few", "Propose at least as many development activities as the trust asks for.")
	case len(proposed) > rules.CPDMax:
		return a.ruled(&rules.CPDMax, "/cpd", "too_many", "Propose no more development activities than the trust asks for.")
	}
	a.Overview, a.CPD = overview, []Proposal{}
	for i, p := range proposed {
		if p.Text = strings.TrimSpace(p.Text); p.Text == "" {
			return fault.Body("/cpd/"+strconv.Itoa(i)+"/text", "blank", "Write something here.")
		}
		a.CPD = append(a.CPD, p)
	}
	return nil
}
