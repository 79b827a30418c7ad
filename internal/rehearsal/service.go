package rehearsal

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/cycle"
	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Store reads what a policy is tried on. What is not there is fault.Gone.
type Store interface {
	Cycle(ctx context.Context, id uuid.UUID) (*cycle.Cycle, error)
	CycleDates(ctx context.Context, cycle uuid.UUID) ([]cycle.Date, error)
	PayTable(ctx context.Context, cycle uuid.UUID) ([]cycle.PayRow, error)
	Candidates(ctx context.Context, c *cycle.Cycle, posts []uuid.UUID) ([]cycle.Candidate, error)
	CandidatesInReach(ctx context.Context, c *cycle.Cycle, q cycle.CandidateQuery) ([]cycle.Candidate, error)
	PostFacts(ctx context.Context, posts []uuid.UUID, on schooltime.Date) (map[uuid.UUID]policy.FactSet, error)
	OrgOn(ctx context.Context, day schooltime.Date) (*directory.Org, error)
	Cards(ctx context.Context, people []uuid.UUID) (map[uuid.UUID]directory.Card, error)
	PublishedPolicy(ctx context.Context, id uuid.UUID) (*policy.Version, error)
	PolicyVersion(ctx context.Context, id uuid.UUID) (*policy.Document, error)
}

// Drafts reads the draft of a policy.
type Drafts interface {
	Draft(ctx context.Context, id uuid.UUID) (*policy.Policy, *policy.Document, error)
}

// Planner applies a policy to posts: the cycle's enrolment.
type Planner interface {
	PlanUnder(ctx context.Context, c *cycle.Cycle, d *policy.Document, found []cycle.Candidate) ([]cycle.Enrolment, error)
}

// Service tries policies.
type Service struct {
	store   Store
	drafts  Drafts
	planner Planner
}

// NewService returns the use case over a store, the drafts, and the enrolment.
func NewService(s Store, d Drafts, p Planner) *Service { return &Service{s, d, p} }

// Request is what is tried, on whom and when.
type Request struct {
	PolicyID  uuid.UUID
	VersionID *uuid.UUID // instead of the draft
	StartsOn  schooltime.Date
	CycleID   *uuid.UUID
	UnitID    *uuid.UUID
	Against   *uuid.UUID // a published version
}

// Simulation is what a policy would do. Summary, problems and changes are of everybody whom the
// caller reaches, people are one page of them.
type Simulation struct {
	Cycle    *cycle.Cycle
	Summary  Summary
	Problems []Problem
	Changes  *Changes // nil: compared with nothing
	Pay      []PayRow
	Cards    map[uuid.UUID]directory.Card
	page.Page[*Person]
}

// Simulate tries a policy.
func (s *Service) Simulate(ctx context.Context, q Request, r page.Request) (*Simulation, error) {
	d, err := s.document(ctx, q)
	if err != nil {
		return nil, err
	}
	y, err := s.year(ctx, q, d)
	if err != nil {
		return nil, err
	}
	r.Filter = q
	reached, err := s.reached(ctx, y.cycle, q, r)
	if err != nil {
		return nil, err
	}
	if err := s.posts(ctx, y); err != nil {
		return nil, err
	}
	people, err := s.try(ctx, y, d)
	if err != nil {
		return nil, err
	}
	sim := &Simulation{Cycle: y.cycle}
	var mine, rest []*Person
	for _, c := range reached {
		if p := people[c.PostID]; p != nil {
			mine = append(mine, p)
			if !c.Passed && len(rest) <= r.Size() {
				rest = append(rest, p)
			}
		}
	}
	if q.Against != nil {
		if sim.Changes, err = s.against(ctx, y, *q.Against, mine); err != nil {
			return nil, err
		}
	}
	sim.Summary, sim.Problems, sim.Pay = summarise(mine), gather(mine), y.preview(mine)
	sim.Page = page.Cut(r, rest, func(p *Person) []string { return []string{p.PostID.String()} })
	sim.Cards, err = s.store.Cards(ctx, sim.named())
	return sim, err
}

// document is what is tried: the draft of a policy, or a version of it.
func (s *Service) document(ctx context.Context, q Request) (*policy.Document, error) {
	_, d, err := s.drafts.Draft(ctx, q.PolicyID)
	if err != nil || q.VersionID == nil {
		return d, err
	}
	v, err := s.store.PublishedPolicy(ctx, *q.VersionID)
	if fault.KindOf(err) == fault.NotFound || err == nil && v.PolicyID != q.PolicyID {
		return nil, fault.Body("/policy_version_id", "unknown_policy_version", "The policy has no such published version.")
	}
	if err != nil {
		return nil, err
	}
	return s.store.PolicyVersion(ctx, v.ID)
}

// year is when a policy is tried, with what the cycle has already.
type year struct {
	cycle *cycle.Cycle
	own   []cycle.Date
	pay   []cycle.PayRow
	day   schooltime.Date // on which facts are taken
	org   *directory.Org
	posts []cycle.Candidate
	facts map[uuid.UUID]policy.FactSet
}

func (s *Service) year(ctx context.Context, q Request, d *policy.Document) (*year, error) {
	today := access.From(ctx).Today
	y := &year{}
	var err error
	switch {
	case q.CycleID != nil && !q.StartsOn.IsZero():
		return nil, fault.Body("/starts_on", "cycle_and_first_day", "The cycle has a first day; give one of the two.")
	case q.CycleID == nil:
		y.cycle, err = cycle.Rehearsed(d.Resolve("", "").Rules.Cycle, q.StartsOn, today)
	default:
		err = s.known(ctx, y, *q.CycleID)
	}
	if err != nil {
		return nil, err
	}
	y.day = schooltime.Max(today, y.cycle.StartsOn)
	y.org, err = s.store.OrgOn(ctx, y.day)
	return y, err
}

// known reads a cycle with its dates and its pay table.
func (s *Service) known(ctx context.Context, y *year, id uuid.UUID) (err error) {
	y.cycle, err = s.store.Cycle(ctx, id)
	if fault.KindOf(err) == fault.NotFound {
		return fault.Body("/cycle_id", "unknown_cycle", "There is no such cycle.")
	}
	if err != nil {
		return err
	}
	if y.own, err = s.store.CycleDates(ctx, id); err != nil {
		return err
	}
	y.pay, err = s.store.PayTable(ctx, id)
	return err
}

// reached lists the posts that the caller reaches, in the order of the pages.
func (s *Service) reached(ctx context.Context, c *cycle.Cycle, q Request, r page.Request) ([]cycle.Candidate, error) {
	after, err := r.After(page.ID)
	if err != nil {
		return nil, fault.Body("/cursor", "bad_cursor", "The cursor is not one that this simulation gave out for the same body.")
	}
	query := cycle.CandidateQuery{UnitID: q.UnitID}
	if after != nil {
		id, err := uuid.Parse(after[0])
		if err != nil {
			return nil, err
		}
		query.After = &id
	}
	if q.UnitID != nil {
		org, err := s.store.OrgOn(ctx, c.StartsOn)
		if err != nil {
			return nil, err
		}
		if _, there := org.Units[*q.UnitID]; !there {
			return nil, fault.Body("/unit_id", "unknown_unit", "There is no such unit.")
		}
	}
	return s.store.CandidatesInReach(ctx, c, query)
}

// named lists everybody whose card the answer shows.
func (sim *Simulation) named() []uuid.UUID {
	var ids []uuid.UUID
	for _, p := range sim.Items {
		ids = append(append(ids, p.PersonID), p.Reviewers...)
		for _, s := range p.Steps {
			ids = append(ids, s.People...)
		}
	}
	for _, problem := range sim.Problems {
		for _, e := range problem.Examples {
			ids = append(ids, e.PersonID)
		}
	}
	return ids
}
