package assessment

import (
	"slices"

	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/standards"
)

// Comparison is what follows from the ratings, as far as the actor may see them.
type Comparison struct {
	Statements []Compared
	Strengths  []string // statements with the top rating
	Areas      []string // statements whose rating expects an objective
	Differing  int
	Advisories []Advisory
}

// Compared is both ratings of a statement; nil where one is missing.
type Compared struct {
	standards.Statement
	Own, Reviewer *policy.ScaleValue
	Difference    *int // by how many values of the scale the reviewer rates higher
}

// Advisory is advice of the policy, which blocks nothing.
type Advisory struct {
	Code      string
	Statement string // empty: the whole
	Detail    string
	Policy    *fault.Citation
}

// Compare works out what follows.
func (a *Aggregate) Compare() Comparison {
	var out Comparison
	reviewer := a.SeenOfReviewer()
	for _, s := range a.Statements {
		c := Compared{Statement: s, Own: a.ratingOf(a.Ratings, s.Code), Reviewer: a.ratingOf(reviewer, s.Code)}
		if c.Own != nil && c.Reviewer != nil {
			by := a.value(c.Reviewer.Code) - a.value(c.Own.Code)
			if c.Difference = &by; by != 0 {
				out.Differing++
			}
		}
		if c.Own != nil && a.value(c.Own.Code) == len(a.Scale)-1 {
			out.Strengths = append(out.Strengths, s.Code)
		}
		if c.Own != nil && c.Own.ExpectsObjective {
			out.Areas = append(out.Areas, s.Code)
		}
		out.Statements = append(out.Statements, c)
	}
	out.Advisories = a.advise(out)
	return out
}

func (a *Aggregate) ratingOf(ratings []Rating, statement string) *policy.ScaleValue {
	i := slices.IndexFunc(ratings, func(r Rating) bool { return r.Statement == statement })
	if i < 0 {
		return nil
	}
	if v := a.value(ratings[i].Rating); v >= 0 {
		return &a.Scale[v]
	}
	return nil
}

// advise says where an objective is expected and none is linked, and, where the policy wants it,
// that somebody sees nothing at all to develop.
func (a *Aggregate) advise(c Comparison) []Advisory {
	rules := &a.Case.Rules().SelfAssessment
	var out []Advisory
	for _, s := range c.Areas {
		if !slices.Contains(a.Linked, s) {
			out = append(out, Advisory{Code: "objective_expected", Statement: s, Policy: a.Case.Policy.Cite(&rules.Scale),
				Detail: "An objective is expected for a statement so rated, and none is linked to it."})
		}
	}
	if rules.AllTopFlag && len(c.Strengths) == len(a.Statements) {
		out = append(out, Advisory{Code: "all_top", Policy: a.Case.Policy.Cite(&rules.AllTopFlag),
			Detail: "Every statement has the top rating. Consider together whether there is nothing to develop."})
	}
	return out
}
