package assessment

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/standards"
)

// Filter narrows a list of self-assessments; zero fields do not.
type Filter struct {
	PersonID, CycleID *uuid.UUID
	Framework         string
	State             string
}

// Store keeps self-assessments and preparations. Whatever the caller may not read is fault.Gone, a
// private self-assessment of somebody else always.
type Store interface {
	SelfAssessments(ctx context.Context, f Filter, p page.Request) (page.Page[*Aggregate], error)
	// SelfAssessment reads one; somebody who is no party leaves a disclosure.
	SelfAssessment(ctx context.Context, id uuid.UUID) (*Aggregate, error)
	// StartSelfAssessment locks the appraisal, loads its case, and stores what add makes of the
	// framework, which is nil where there is none that the appraisal's unit may use.
	StartSelfAssessment(ctx context.Context, appraisalID uuid.UUID, framework string, add func(*appraisal.Case, *standards.Aggregate) (*SelfAssessment, audit.Event, error)) (*Aggregate, error)
	// ChangeSelfAssessment locks appraisal and record, holds the version, and stores what change made.
	ChangeSelfAssessment(ctx context.Context, id uuid.UUID, version int, change func(*Aggregate) (audit.Event, error)) (*Aggregate, error)
	// LinkStatements fills Linked.
	LinkStatements(ctx context.Context, a *Aggregate) error
	// AssignedFrameworks reads a case, the frameworks of the codes that of answers, and which of the
	// case's self-assessments the caller may read.
	AssignedFrameworks(ctx context.Context, appraisalID uuid.UUID, of func(*appraisal.Case) []string) (*appraisal.Case, map[string]*standards.Aggregate, []uuid.UUID, error)
	Preparation(ctx context.Context, appraisalID uuid.UUID) (*Notes, error)
	// ChangePreparation is version 0 until something is saved.
	ChangePreparation(ctx context.Context, appraisalID uuid.UUID, version int, change func(*Notes) (audit.Event, error)) (*Notes, error)
}

// Service is the use cases of self-assessment.
type Service struct {
	store Store
	now   func() time.Time
}

// NewService returns the use cases over a store. now is the wall clock.
func NewService(store Store, now func() time.Time) *Service { return &Service{store, now} }

// List lists self-assessments. What they say comes with Get.
func (s *Service) List(ctx context.Context, f Filter, p page.Request) (page.Page[*Aggregate], error) {
	return s.store.SelfAssessments(ctx, f, p)
}

// Get reads one self-assessment.
func (s *Service) Get(ctx context.Context, id uuid.UUID) (*Aggregate, error) {
	return s.store.SelfAssessment(ctx, id)
}

// Compare reads one with what follows from it.
func (s *Service) Compare(ctx context.Context, id uuid.UUID) (*Aggregate, Comparison, error) {
	a, err := s.store.SelfAssessment(ctx, id)
	if err != nil {
		return nil, Comparison{}, err
	}
	if err := s.store.LinkStatements(ctx, a); err != nil {
		return nil, Comparison{}, err
	}
	return a, a.Compare(), nil
}

// Start begins a self-assessment against the newest version of a framework, on the policy's scale
// of today. It is private until its author opens it.
func (s *Service) Start(ctx context.Context, appraisalID uuid.UUID, framework string) (*Aggregate, error) {
	return s.store.StartSelfAssessment(ctx, appraisalID, framework, func(c *appraisal.Case, f *standards.Aggregate) (*SelfAssessment, audit.Event, error) {
		if err := fault.Check(appraisal.Decide(c, c, Starting)); err != nil {
			return nil, audit.Event{}, err
		}
		if f == nil {
			return nil, audit.Event{}, fault.Body("/framework", "unknown_framework", "There is no such framework for this appraisal. ListFrameworks lists those that there are.")
		}
		v := f.Newest()
		if v == nil {
			return nil, audit.Event{}, fault.Body("/framework", "not_published", "Nothing of this framework is published yet.")
		}
		row := &SelfAssessment{PersonID: c.PersonID, CycleID: c.CycleID, AppraisalID: c.ID, FrameworkCode: f.Code, FrameworkLabel: f.Label,
			FrameworkVersionID: v.ID, FrameworkNumber: v.Number, Statements: v.Statements, Scale: c.Rules().SelfAssessment.Scale,
			State: Started, Visibility: appraisal.Private, Ratings: []Rating{}, CPD: []Proposal{}, ReviewerRatings: []Rating{}}
		return row, audit.Event{Type: "self_assessment.started", Data: map[string]any{"framework": f.Code, "number": v.Number}}, nil
	})
}

// Exists says that the person has one against the same version in this cycle. The store finds it by
// the index that holds under concurrency too.
func Exists() error {
	return fault.New(fault.Conflict, "self_assessment_exists", "There is a self-assessment against this version in this cycle already. Go on with that one.")
}

// step runs a change that the act admits, moves the state, and completes the event.
func (s *Service) step(ctx context.Context, id uuid.UUID, version int, doing act, e Event, change func(*Aggregate) (audit.Event, error)) (*Aggregate, error) {
	return s.store.ChangeSelfAssessment(ctx, id, version, func(a *Aggregate) (audit.Event, error) {
		if err := fault.Check(appraisal.Decide(a.Case, a, doing)); err != nil {
			return audit.Event{}, err
		}
		event, err := change(a)
		if err != nil {
			return audit.Event{}, err
		}
		if event, err = appraisal.Move(Lifecycle, &a.State, e, event); err == nil {
			event.Data["framework"] = a.FrameworkCode
		}
		return event, err
	})
}

// Rate takes ratings of some statements. Rating again opens what was complete.
func (s *Service) Rate(ctx context.Context, id uuid.UUID, version int, given []Rating) (*Aggregate, error) {
	return s.step(ctx, id, version, rating, Rate, func(a *Aggregate) (audit.Event, error) {
		if err := a.check(given); err != nil {
			return audit.Event{}, err
		}
		a.Ratings, a.CompletedAt = a.merge(a.Ratings, given), nil
		return audit.Event{Type: "self_assessment.rated", Data: map[string]any{"given": len(given), "rated": len(a.Ratings)}}, nil
	})
}

// SetVisibility says who may read it; only what the policy offers.
func (s *Service) SetVisibility(ctx context.Context, id uuid.UUID, version int, visibility string) (*Aggregate, error) {
	return s.step(ctx, id, version, opening, Open, func(a *Aggregate) (audit.Event, error) {
		if err := a.offered(visibility); err != nil {
			return audit.Event{}, err
		}
		was := a.Visibility
		a.Visibility = visibility
		return audit.Event{Type: "self_assessment.visibility_set", Data: map[string]any{"was": was, "visibility": visibility}}, nil
	})
}

// Complete closes it with what the policy asks for.
func (s *Service) Complete(ctx context.Context, id uuid.UUID, version int, overview *string, proposed []Proposal) (*Aggregate, error) {
	return s.step(ctx, id, version, finishing, Finish, func(a *Aggregate) (audit.Event, error) {
		if err := a.close(text(overview), proposed); err != nil {
			return audit.Event{}, err
		}
		at := s.now()
		a.CompletedAt = &at
		return audit.Event{Type: "self_assessment.completed", Data: map[string]any{"cpd": len(a.CPD)}}, nil
	})
}

// Reset clears what its author said. What the reviewer said is the reviewer's, and stays.
func (s *Service) Reset(ctx context.Context, id uuid.UUID, version int) (*Aggregate, error) {
	return s.step(ctx, id, version, resetting, Reset, func(a *Aggregate) (audit.Event, error) {
		cleared := len(a.Ratings)
		a.Ratings, a.Overview, a.CPD, a.CompletedAt, a.Visibility = []Rating{}, nil, []Proposal{}, nil, appraisal.Private
		return audit.Event{Type: "self_assessment.reset", Data: map[string]any{"cleared": cleared}}, nil
	})
}

// RateBeside takes the reviewer's ratings; complete shows them to the person.
func (s *Service) RateBeside(ctx context.Context, id uuid.UUID, version int, given []Rating, complete bool) (*Aggregate, error) {
	return s.step(ctx, id, version, ratingBeside, RateBeside, func(a *Aggregate) (audit.Event, error) {
		if err := a.check(given); err != nil {
			return audit.Event{}, err
		}
		a.ReviewerID, a.ReviewerRatings = &a.Case.Actor.PersonID, a.merge(a.ReviewerRatings, given)
		if complete {
			if len(a.ReviewerRatings) < len(a.Statements) {
				return audit.Event{}, fault.Body("/complete", "statements_unrated", "Rate every statement before the ratings are complete.")
			}
			at := s.now()
			a.ReviewerCompletedAt = &at
		}
		return audit.Event{Type: "self_assessment.rated_by_reviewer", Data: map[string]any{"given": len(given), "complete": complete}}, nil
	})
}
