package objective

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/plan"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/standards"
)

// MaxBulk is how many people are drafted for at once.
const MaxBulk = 500

// Population is for whom objectives are drafted: everybody in the cycle whom the caller reaches,
// narrowed by what is given. Units count with those below them.
type Population struct {
	CycleID     uuid.UUID
	UnitIDs     []uuid.UUID
	StaffGroups []string
	PersonIDs   []uuid.UUID
	When        *policy.Condition // on facts of the post, today
}

// BulkStore keeps objectives that are drafted for many at once.
type BulkStore interface {
	// PopulationCases locks and loads the open appraisals of a population, in order of id, at most limit.
	PopulationCases(ctx context.Context, p Population, limit int) ([]*appraisal.Case, error)
	// KeepObjective stores a new objective of a case that is locked.
	KeepObjective(ctx context.Context, a *Aggregate, e audit.Event) error
}

// Made is what became of one person of a population.
type Made struct {
	Case      *appraisal.Case
	Objective *Aggregate
	Err       error // a refusal; nil where the objective was drafted
	event     audit.Event
}

// CreateMany drafts one objective for everybody in a population, and proposes it if asked to.
// Everything is decided before anything is stored; atomic stores all or nothing.
func (s *Service) CreateMany(ctx context.Context, p Population, n NewObjective, propose, atomic bool) ([]Made, error) {
	if p.When != nil && len(p.When.Check()) > 0 {
		return nil, fault.Body("/when", "bad_condition", "The condition cannot be evaluated: it names a fact, a comparison or a value that there is not.")
	}
	cases, err := s.PopulationCases(ctx, p, MaxBulk+1)
	if err != nil {
		return nil, err
	}
	if len(cases) > MaxBulk {
		return nil, fault.Body("", "too_many_people", "These are more than %d people. Narrow the population.", MaxBulk)
	}
	once := &Service{Store: &linksOnce{Store: s.Store, levels: map[uuid.UUID]map[uuid.UUID]plan.Level{}, unknown: map[uuid.UUID][]int{}}, now: s.now}
	made, failed := make([]Made, len(cases)), 0
	for i, c := range cases {
		if made[i], err = once.makeOne(ctx, c, n, propose); err != nil {
			return nil, err
		}
		if made[i].Err != nil {
			failed++
		}
	}
	if atomic && failed > 0 {
		return nil, together(made, failed)
	}
	for _, m := range made {
		if m.Err == nil {
			if err := s.KeepObjective(ctx, m.Objective, m.event); err != nil {
				return nil, err
			}
		}
	}
	return made, nil
}

// makeOne answers a refusal as such; any other error ends the whole.
func (s *Service) makeOne(ctx context.Context, c *appraisal.Case, n NewObjective, propose bool) (Made, error) {
	m := Made{Case: c}
	m.Objective, m.event, m.Err = s.draft(ctx, c, n, drafting)
	if m.Err == nil && propose {
		if m.Err = fault.Check(missing(c, m.Objective)); m.Err == nil {
			s.put(m.Objective)
			s.seatApprovers(m.Objective)
			m.Objective.Approval = Proposed
		}
	}
	if fault.KindOf(m.Err) == fault.Internal && m.Err != nil {
		return m, m.Err
	}
	return m, nil
}

// together is one refusal for all: the reasons of each, every one once.
func together(made []Made, failed int) error {
	e := fault.New(fault.Conflict, "refused_for_some", "It was refused for %d of %d people, so nothing was stored. Narrow the population, or use the mode partial.", failed, len(made))
	seen := map[string]bool{}
	for _, m := range made {
		f, ok := m.Err.(*fault.Error)
		if !ok || seen[f.Code] {
			continue
		}
		seen[f.Code] = true
		if f.Kind == fault.Invalid {
			return f // it is the content that must change, for everybody
		}
		e.Refusals = append(e.Refusals, f.Refusals...)
	}
	return e
}

// linksOnce asks for the links of one content once for each unit, however many people are in it.
type linksOnce struct {
	Store
	levels  map[uuid.UUID]map[uuid.UUID]plan.Level
	unknown map[uuid.UUID][]int
}

// LinkedPriorities is the store's, remembered by unit.
func (l *linksOnce) LinkedPriorities(ctx context.Context, ids []uuid.UUID, unit uuid.UUID) (map[uuid.UUID]plan.Level, error) {
	if have, ok := l.levels[unit]; ok {
		return have, nil
	}
	levels, err := l.Store.LinkedPriorities(ctx, ids, unit)
	l.levels[unit] = levels
	return levels, err
}

// UnknownStatements is the store's, remembered by unit.
func (l *linksOnce) UnknownStatements(ctx context.Context, statements []standards.StatementRef, unit uuid.UUID) ([]int, error) {
	if have, ok := l.unknown[unit]; ok {
		return have, nil
	}
	unknown, err := l.Store.UnknownStatements(ctx, statements, unit)
	l.unknown[unit] = unknown
	return unknown, err
}
