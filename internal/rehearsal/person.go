package rehearsal

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/cycle"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Person is one post under the policy that is tried.
type Person struct {
	cycle.Enrolment
	Rules     *policy.Resolved
	Reviewers []uuid.UUID
	Deadlines []cycle.Deadline
	Steps     []Step
	Top       *bool // at the top of the pay range; nil: not known
	Troubles  []Trouble
	Changes   []string
}

// Step is a step of the person's chain, and who would do it.
type Step struct {
	Name     string
	Label    string
	Party    policy.Party
	People   []uuid.UUID
	Required bool
	DueOn    schooltime.Date
}

// posts reads every post of the trust, with its facts: the same for each policy that is tried. The
// whole trust is needed also where the caller reaches a part of it, for who stands above a reviewer
// follows from the reviewer's own year.
func (s *Service) posts(ctx context.Context, y *year) (err error) {
	if y.posts, err = s.store.Candidates(ctx, y.cycle, nil); err != nil {
		return err
	}
	ids := make([]uuid.UUID, len(y.posts))
	for i := range y.posts {
		y.posts[i], ids[i] = y.posts[i].Fresh(), y.posts[i].PostID
	}
	y.facts, err = s.store.PostFacts(ctx, ids, y.day)
	return err
}

// try applies a policy to every post of the trust.
func (s *Service) try(ctx context.Context, y *year, d *policy.Document) (map[uuid.UUID]*Person, error) {
	plan, err := s.planner.PlanUnder(ctx, y.cycle, d, slices.Clone(y.posts))
	if err != nil {
		return nil, err
	}
	t := &trial{year: y, actor: access.From(ctx), above: aboveOf(plan), asked: map[*policy.Resolved][]string{}}
	people := make(map[uuid.UUID]*Person, len(plan))
	for _, e := range plan {
		if people[e.PostID], err = t.person(d, e); err != nil {
			return nil, err
		}
	}
	return people, nil
}

// aboveOf says who would review and who line-manages each person.
func aboveOf(plan []cycle.Enrolment) appraisal.Above {
	above := appraisal.Above{Reviewers: map[uuid.UUID][]uuid.UUID{}, Managers: map[uuid.UUID][]uuid.UUID{}}
	for _, e := range plan {
		if e.Included {
			above.Reviewers[e.PersonID] = append(above.Reviewers[e.PersonID], e.Seating.Reviewers()...)
		}
		if e.ManagerID != nil {
			above.Managers[e.PersonID] = append(above.Managers[e.PersonID], *e.ManagerID)
		}
	}
	return above
}

// trial is what every person of one try has in common.
type trial struct {
	*year
	actor *access.Actor
	above appraisal.Above
	asked map[*policy.Resolved][]string // the facts that ought to be known of everybody
}

func (t *trial) person(d *policy.Document, e cycle.Enrolment) (*Person, error) {
	group := ""
	if e.Group != nil {
		group = e.Group.Code
	}
	p := &Person{Enrolment: e, Rules: d.Resolve(t.org.Layer(e.UnitID).String(), group)}
	if top, known := t.facts[e.PostID]["at_top_of_range"].(bool); known {
		p.Top = &top
	}
	if !e.Included {
		p.left()
		return p, nil
	}
	p.Reviewers = e.Seating.Reviewers()
	c := t.hypothetical(p, group)
	var err error
	if p.Deadlines, err = t.cycle.Timetable(p.Rules, t.own, group, c.Anchors()); err != nil {
		return nil, err
	}
	for _, chain := range []string{appraisal.OutcomeChain, appraisal.PayChain} {
		p.Steps = append(p.Steps, p.chain(c, chain)...)
	}
	p.troubles(t, c)
	return p, nil
}

// hypothetical is the case of an appraisal that is not there, as on its first day.
func (t *trial) hypothetical(p *Person, group string) *appraisal.Case {
	c := &appraisal.Case{Policy: p.Rules, Actor: t.actor, Today: t.day, Org: t.org, Above: t.above, PostFacts: t.facts[p.PostID]}
	c.Appraisal = appraisal.Appraisal{PostID: p.PostID, PersonID: p.PersonID, UnitID: p.UnitID, StaffGroup: group, StartsOn: p.StartsOn, EndsOn: p.EndsOn,
		Status: appraisal.Open, Stage: appraisal.Setting}
	for _, place := range p.Seating.Places {
		c.Seats = append(c.Seats, appraisal.Seat{PersonID: place.PersonID, Duty: appraisal.Duty(place.Duty), Lead: place.Lead})
	}
	c.Cycle = appraisal.CycleFact{Status: string(cycle.Open), StartsOn: t.cycle.StartsOn, EndsOn: t.cycle.EndsOn}
	c.Cycle.Due = func(code string) schooltime.Date {
		for _, d := range p.Deadlines {
			if d.Code == code {
				return d.DueOn
			}
		}
		return schooltime.Date{}
	}
	return c
}

// chain says who would do each step. Whoever is the only one to do an earlier step is barred where
// the policy bars its doer.
func (p *Person) chain(c *appraisal.Case, chain string) []Step {
	var steps []Step
	doers := map[string][]uuid.UUID{}
	for _, s := range c.Chain(chain) {
		var barred []uuid.UUID
		for _, earlier := range s.Rule.NotSameAs {
			if who := doers[earlier]; len(who) == 1 {
				barred = append(barred, who[0])
			}
		}
		doers[s.Rule.Code] = c.Who(s.Rule.Party, barred...)
		steps = append(steps, Step{Name: s.Name(), Label: s.Rule.Label, Party: s.Rule.Party, People: doers[s.Rule.Code], Required: s.Rule.Required, DueOn: s.DueOn})
	}
	return steps
}

// slots are the codes of the person's places for objectives.
func (p *Person) slots() []string {
	if !p.Included {
		return nil
	}
	codes := make([]string, len(p.Rules.Rules.Objectives.Slots))
	for i, s := range p.Rules.Rules.Objectives.Slots {
		codes[i] = s.Code
	}
	return codes
}

func (p *Person) group() string {
	if p.Group == nil {
		return ""
	}
	return p.Group.Code
}

// changes names what the policy does otherwise with the person than another.
func (p *Person) changes(was *Person) []string {
	if was == nil {
		was = &Person{}
	}
	switch {
	case p.Included && !was.Included:
		return []string{"comes_in"}
	case !p.Included && was.Included:
		return []string{"goes_out"}
	case !p.Included:
		return nil
	}
	var out []string
	for _, c := range []struct {
		what string
		same bool
	}{
		{"staff_group", p.group() == was.group()}, {"slots", slices.Equal(p.slots(), was.slots())}, {"reviewers", slices.Equal(p.Reviewers, was.Reviewers)},
		{"deadlines", slices.EqualFunc(p.Deadlines, was.Deadlines, func(a, b cycle.Deadline) bool { return a.Code == b.Code && a.DueOn == b.DueOn })},
		{"chain", slices.EqualFunc(p.Steps, was.Steps, func(a, b Step) bool {
			return a.Name == b.Name && a.Party == b.Party && slices.Equal(a.People, b.People)
		})},
	} {
		if !c.same {
			out = append(out, c.what)
		}
	}
	return out
}
