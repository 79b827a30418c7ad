package postgres

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// earlierYear is a year of somebody's before the one of a case, and what they answered in it.
type earlierYear struct {
	PersonID uuid.UUID
	PostID   uuid.UUID
	StartsOn schooltime.Date
	Mandate  *string // of an objective that was agreed in it; one row for each
}

// mandates fills in which mandated objectives concern the person of each case. It asks the
// database only where a mandate concerns somebody: once for earlier years, and once for the facts
// of each day on which one of those began.
func (d *DB) mandates(ctx context.Context, cases []*appraisal.Case) error {
	var people, posts []uuid.UUID
	for _, c := range cases {
		if len(concerning(c, c.PostFacts)) > 0 {
			people, posts = append(people, c.PersonID), append(posts, c.PostID)
		}
	}
	if len(people) == 0 {
		return nil
	}
	var years []earlierYear
	err := d.conn(ctx).Raw(`select a.person_id, a.post_id, a.starts_on, o.mandate from appraisals a
		left join objectives o on o.trust_id = a.trust_id and o.appraisal_id = a.id and o.mandate is not null and o.live_revision is not null and o.approval <> 'withdrawn'
		where a.trust_id = ? and a.person_id in ? order by a.starts_on desc, a.id`, access.From(ctx).TrustID, people).Scan(&years).Error
	if err != nil {
		return err
	}
	facts := map[schooltime.Date]map[uuid.UUID]policy.FactSet{}
	for _, y := range years {
		if _, read := facts[y.StartsOn]; read {
			continue
		}
		if facts[y.StartsOn], err = d.PostFacts(ctx, posts, y.StartsOn); err != nil {
			return err
		}
	}
	for _, c := range cases {
		for _, m := range concerning(c, c.PostFacts) {
			c.Mandates = append(c.Mandates, mandateOf(c, m, years, facts))
		}
	}
	return nil
}

// concerning are the mandates whose condition holds.
func concerning(c *appraisal.Case, facts policy.FactSet) []*policy.Mandate {
	var out []*policy.Mandate
	all := c.Rules().Objectives.Mandated
	for i := range all {
		if all[i].When.Holds(facts) {
			out = append(out, &all[i])
		}
	}
	return out
}

// mandateOf counts the years back from the case's own for as long as the mandate concerned the
// person in each.
func mandateOf(c *appraisal.Case, m *policy.Mandate, years []earlierYear, facts map[schooltime.Date]map[uuid.UUID]policy.FactSet) appraisal.MandateFact {
	f := appraisal.MandateFact{Code: m.Code, SinceOn: c.StartsOn}
	counted, unbroken := 1, true
	var seen []schooltime.Date
	for _, y := range years {
		if y.PersonID != c.PersonID || !y.StartsOn.Before(c.StartsOn) {
			continue
		}
		f.Earlier = f.Earlier || y.Mandate != nil && *y.Mandate == m.Code
		if y.PostID != c.PostID || slices.Contains(seen, y.StartsOn) {
			continue
		}
		seen = append(seen, y.StartsOn)
		if unbroken = unbroken && m.When.Holds(facts[y.StartsOn][c.PostID]); unbroken {
			counted, f.SinceOn = counted+1, y.StartsOn
		}
	}
	f.Due = counted >= m.WithinCycles
	return f
}
