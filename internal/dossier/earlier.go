package dossier

import (
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
	"github.com/perennial-api/perennial/internal/yearend"
)

// MaxEarlier is the most earlier years that a dossier reaches back.
const MaxEarlier = 3

// within are the absences that fall into the appraisal's dates.
func within(c *appraisal.Case) []appraisal.Absence {
	return keep(c.Absences, func(a appraisal.Absence) bool {
		return !a.FromOn.After(c.EndsOn) && (a.UntilOn.IsZero() || a.UntilOn.After(c.StartsOn))
	})
}

// longAbsent says whether half of the appraisal's days or more fall in absences. One without an end
// counts up to today.
func longAbsent(c *appraisal.Case) bool {
	away := map[schooltime.Date]bool{}
	for _, a := range within(c) {
		last := a.UntilOn.AddDays(-1)
		if a.UntilOn.IsZero() {
			last = c.Today
		}
		last = schooltime.Min(last, c.EndsOn)
		for day := schooltime.Max(a.FromOn, c.StartsOn); !day.After(last); day = day.AddDays(1) {
			away[day] = true
		}
	}
	return len(away)*2 >= c.StartsOn.DaysUntil(c.EndsOn)+1
}

// reachesBack says whether the policy has a year with so long an absence assessed on the years before
// as well.
func reachesBack(c *appraisal.Case) bool {
	return c.Rules().Population.AbsenceBasis == "evidence_then_prior_years" && longAbsent(c)
}

// WhyEarlier says why earlier years count beside this one, or why they do not, and by which rule.
func WhyEarlier(c *appraisal.Case) (string, *fault.Citation) {
	leaf := &c.Rules().Population.AbsenceBasis
	switch {
	case *leaf != "evidence_then_prior_years":
		return "The year is assessed on what there is of it.", c.Policy.Cite(leaf)
	case !longAbsent(c):
		return "Less than half of the year falls in absences, so that it is assessed on what there is of it.", c.Policy.Cite(leaf)
	}
	return "Half of the year or more falls in absences, so that it is assessed on what there is of it, and then on the years before.", c.Policy.Cite(leaf)
}

// seen is an earlier year as far as its reader may see it: its rating and the statement.
func (e EarlierMaterial) seen(cards map[uuid.UUID]directory.Card) Earlier {
	out := Earlier{Case: e.Case}
	for _, r := range yearend.VisibleRatings(e.Case, e.Ratings) {
		if r.Kind == yearend.Decided {
			out.Rating = ratingOf(e.Case, r.Code)
		}
	}
	for _, row := range e.Steps {
		rule, err := e.Case.Step(row.Chain, row.Code)
		if err != nil {
			continue // the policy no longer has the step
		}
		a := &yearend.Aggregate{Step: row, Rule: rule, Case: e.Case}
		if f := a.Form(); f != nil && a.Does("state") {
			base := Entry{Kind: "answer", Source: Source{Kind: "step", ID: row.ID, Step: rule.Name(), On: &Source{Kind: "appraisal", ID: e.Case.ID}}, On: row.DoneOn, By: row.DoneBy, Party: row.Party}
			sorting{y: &Year{Cards: cards}}.answers(*f, a.Said(), base, &out.Statement)
		}
	}
	out.Statement = out.Statement[:min(len(out.Statement), maxAnswers)]
	return out
}

func ratingOf(c *appraisal.Case, code string) *policy.Rating {
	scale := c.Rules().Outcome.Scale
	if i := slices.IndexFunc(scale, func(r policy.Rating) bool { return r.Code == code }); i >= 0 {
		return &scale[i]
	}
	return &policy.Rating{Code: code, Label: code}
}
