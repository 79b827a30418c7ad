package moderation

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/yearend"
)

// Store reads years side by side, and keeps steps that are completed for many. Each of its lists
// takes a number of queries that does not grow with it.
type Store interface {
	// ModeratedYears reads the years of others that the caller reaches, in order of id: those after
	// one, at most limit; none and 0 read all.
	ModeratedYears(ctx context.Context, f Filter, after *uuid.UUID, limit int) ([]Loaded, error)
	// DiscloseYears writes down that the caller was shown these years, but for those to which they are
	// a party.
	DiscloseYears(ctx context.Context, cases []*appraisal.Case) error
	// LockSteps locks the appraisals in order of id, and reads the step of each that the caller may
	// read and whose chain has it.
	LockSteps(ctx context.Context, n yearend.Name, appraisals []uuid.UUID) (map[uuid.UUID]*yearend.Aggregate, error)
	// TryStep holds the version of a locked step and stores what change made. Its failure undoes that
	// and nothing else.
	TryStep(ctx context.Context, a *yearend.Aggregate, version int, change func(context.Context) ([]audit.Event, error)) error
	// RatedPeople reads whoever the caller reaches and has a rating of the kind in a cycle; no cycle is
	// the newest that is not a draft.
	RatedPeople(ctx context.Context, cycle *uuid.UUID, kind yearend.RatingKind) (Rated, error)
	// Recommendations reads the released years whose rating the caller recommended.
	Recommendations(ctx context.Context, cycle *uuid.UUID, p page.Request) (page.Page[Recommendation], error)
}

// Service is the use cases of moderation.
type Service struct {
	store Store
	steps *yearend.Service
}

// NewService returns the use cases over a store. Steps are completed by the year's end.
func NewService(store Store, steps *yearend.Service) *Service { return &Service{store, steps} }

// Queue lists the years of others, each with its state and what is missing. A state is computed and
// not stored: whoever filters by one, or counts them, has all years of the filter looked at.
func (s *Service) Queue(ctx context.Context, f Filter, p page.Request) (Queue, error) {
	p.Filter = f
	key, err := p.After(page.ID)
	if err != nil {
		return Queue{}, err
	}
	var after *uuid.UUID
	if key != nil {
		id := uuid.MustParse(key[0])
		after = &id
	}
	var q Queue
	if f.Total || f.State != "" {
		q, err = s.measured(ctx, f, p, after)
	} else {
		q, err = s.inOrder(ctx, f, p, after)
	}
	if err != nil {
		return q, err
	}
	shown := make([]*appraisal.Case, len(q.Items))
	for i, y := range q.Items {
		shown[i] = y.Case
	}
	return q, s.store.DiscloseYears(ctx, shown)
}

// inOrder is a page of years in whatever state.
func (s *Service) inOrder(ctx context.Context, f Filter, p page.Request, after *uuid.UUID) (q Queue, err error) {
	loaded, err := s.store.ModeratedYears(ctx, f, after, p.Size()+1)
	cut := page.Cut(p, loaded, func(l Loaded) []string { return []string{l.Case.ID.String()} })
	q.Next = cut.Next
	for _, l := range cut.Items {
		if y, ok := measure(l); ok {
			q.Items = append(q.Items, y)
		}
	}
	return q, err
}

// measured is a page of the years in a state, and how many there are in each.
func (s *Service) measured(ctx context.Context, f Filter, p page.Request, after *uuid.UUID) (q Queue, err error) {
	loaded, err := s.store.ModeratedYears(ctx, f, nil, 0)
	if err != nil {
		return q, err
	}
	if f.Total {
		q.Totals = map[State]int{}
	}
	var years []Year
	for _, l := range loaded {
		y, ok := measure(l)
		if !ok {
			continue
		}
		if f.Total {
			q.Totals[y.State]++
		}
		if (f.State == "" || f.State == y.State) && (after == nil || slices.Compare(l.Case.ID[:], after[:]) > 0) {
			years = append(years, y)
		}
	}
	q.Page = page.Cut(p, years, func(y Year) []string { return []string{y.Case.ID.String()} })
	return q, nil
}

// Recommendation is a rating that the caller recommended, and the one in which it ended.
type Recommendation struct {
	Case        *appraisal.Case
	Recommended yearend.Rating
	Decided     *yearend.Rating // nil: none was decided
}

// Changed says whether another rating was decided than was recommended.
func (r Recommendation) Changed() bool {
	return r.Decided != nil && r.Decided.Code != r.Recommended.Code
}

// Recommendations lists how what the caller recommended has ended. Of a year that is not released
// nothing is said.
func (s *Service) Recommendations(ctx context.Context, cycle *uuid.UUID, p page.Request) (page.Page[Recommendation], error) {
	return s.store.Recommendations(ctx, cycle, p)
}
