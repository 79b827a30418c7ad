package checkin

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/form"
	"github.com/perennial-api/perennial/internal/page"
)

// Filter narrows a list of check-ins; zero fields do not.
type Filter struct {
	AppraisalID, CycleID *uuid.UUID
	State                string
	Late                 *bool
}

// Store keeps check-ins and praise. Whatever the caller may not read is fault.Gone, and a draft is
// read by its author alone.
type Store interface {
	// CheckIns lists those that the caller reaches, each with its case and without the comments on it.
	CheckIns(ctx context.Context, f Filter, p page.Request) (page.Page[*Aggregate], error)
	// CheckIn reads one; somebody who is no party leaves a disclosure.
	CheckIn(ctx context.Context, id uuid.UUID) (*Aggregate, error)
	// StartCheckIn locks the appraisal, loads its case, and stores what add answers.
	StartCheckIn(ctx context.Context, appraisalID uuid.UUID, add func(*appraisal.Case) (*Aggregate, audit.Event, error)) (*Aggregate, error)
	// ChangeCheckIn locks appraisal and check-in, holds the version, and stores what change made: the
	// check-in, its new praise, and what is pending on the case.
	ChangeCheckIn(ctx context.Context, id uuid.UUID, version int, change func(*Aggregate) (audit.Event, error)) (*Aggregate, error)
	// ActivePeople returns those of the people who work for the trust.
	ActivePeople(ctx context.Context, ids []uuid.UUID) ([]uuid.UUID, error)
	// PraiseReceived lists the praise that the caller received, newest first.
	PraiseReceived(ctx context.Context, p page.Request) (page.Page[Praise], error)
	// Cards returns what everybody may see of these people.
	Cards(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]directory.Card, error)
}

// Service is the use cases of check-ins.
type Service struct {
	store Store
	now   func() time.Time
}

// NewService returns the use cases over a store. now is the wall clock.
func NewService(store Store, now func() time.Time) *Service { return &Service{store, now} }

// List lists check-ins. Who is thanked and what is answered come with Get.
func (s *Service) List(ctx context.Context, f Filter, p page.Request) (page.Page[*Aggregate], error) {
	return s.store.CheckIns(ctx, f, p)
}

// Get reads one check-in.
func (s *Service) Get(ctx context.Context, id uuid.UUID) (*Aggregate, error) {
	a, err := s.store.CheckIn(ctx, id)
	return s.whole(ctx, a, err)
}

// whole adds the cards of those who are thanked.
func (s *Service) whole(ctx context.Context, a *Aggregate, err error) (*Aggregate, error) {
	if err != nil {
		return nil, err
	}
	named := people(thanks(a.Form(), a.Answers))
	cards, err := s.store.Cards(ctx, named)
	for _, id := range named {
		if c, ok := cards[id]; ok {
			a.Thanked = append(a.Thanked, c)
		}
	}
	return a, err
}

// Start drafts the check-in of a window of the cycle, once it has opened.
func (s *Service) Start(ctx context.Context, appraisalID, windowID uuid.UUID) (*Aggregate, error) {
	a, err := s.store.StartCheckIn(ctx, appraisalID, func(c *appraisal.Case) (*Aggregate, audit.Event, error) {
		at := slices.IndexFunc(c.Windows, func(w appraisal.WindowFact) bool { return w.ID == windowID })
		chosen := func(c *appraisal.Case) []appraisal.WindowFact { return c.Windows[max(at, 0) : at+1] }
		if err := fault.Check(appraisal.Decide(c, c, startingIn(chosen))); err != nil {
			return nil, audit.Event{}, err
		}
		if at < 0 {
			return nil, audit.Event{}, fault.Body("/window_id", "unknown_window", "There is no such window in this appraisal's cycle.")
		}
		w := c.Windows[at]
		if w.OpensOn.Before(c.StartsOn) || w.ClosesOn.After(c.EndsOn) {
			return nil, audit.Event{}, fault.Body("/window_id", "window_outside_appraisal", "The window does not lie within the dates of this appraisal.")
		}
		a := &Aggregate{Case: c, Window: w, Rules: c.Rules(), CheckIn: CheckIn{AppraisalID: c.ID, WindowID: w.ID, State: Draft,
			Answers: form.Answers{}, PolicyVersionID: c.Cycle.PolicyVersionID}}
		return a, audit.Event{Type: "check_in.started", Data: map[string]any{"window": w.N}}, nil
	})
	return s.whole(ctx, a, err)
}

// step runs a change that an act admits, moves the state, and completes the event.
func (s *Service) step(ctx context.Context, id uuid.UUID, version int, doing act, e Event, change func(*Aggregate) (audit.Event, error)) (*Aggregate, error) {
	a, err := s.store.ChangeCheckIn(ctx, id, version, func(a *Aggregate) (audit.Event, error) {
		if err := refuse(a, appraisal.Decide(a.Case, a, doing)); err != nil {
			return audit.Event{}, err
		}
		event, err := change(a)
		if err != nil {
			return audit.Event{}, err
		}
		was := a.State
		if a.State, err = Lifecycle.Next(a.State, e); err != nil {
			return audit.Event{}, err
		}
		data := map[string]any{"window": a.Window.N, "from": was, "to": a.State}
		for k, v := range event.Data {
			data[k] = v
		}
		event.Data = data
		return event, nil
	})
	return s.whole(ctx, a, err)
}

// refuse turns refusals into an error that also says which sections are missing, where that is one
// of them.
func refuse(a *Aggregate, refused []fault.Refusal) error {
	err := fault.Check(refused)
	e, ok := errors.AsType[*fault.Error](err)
	if ok && slices.ContainsFunc(refused, func(r fault.Refusal) bool { return r.Code == "check_in_incomplete" }) {
		e.Violations = a.Missing()
	}
	return err
}

// Save keeps the draft's answers, whole. They fit the form, but need not be complete.
func (s *Service) Save(ctx context.Context, id uuid.UUID, version int, answers form.Answers) (*Aggregate, error) {
	return s.step(ctx, id, version, saving, Save, func(a *Aggregate) (audit.Event, error) {
		wrong := a.Form().Check(answers, a.Case.Asked(), false)
		unknown, err := s.unthankable(ctx, a, answers)
		if err != nil {
			return audit.Event{}, err
		}
		a.Answers, a.PolicyVersionID = answers, a.Case.Cycle.PolicyVersionID
		return audit.Event{Type: "check_in.saved"}, invalid(append(wrong, unknown...))
	})
}

func invalid(wrong []fault.Violation) error {
	if len(wrong) == 0 {
		return nil
	}
	e := fault.New(fault.Invalid, "invalid_answers", "Some answers do not fit the form; errors lists them all.")
	e.Violations = wrong
	return e
}

// Submit sends the check-in to the reviewer, and the praise in it to those who are thanked.
func (s *Service) Submit(ctx context.Context, id uuid.UUID, version int) (*Aggregate, error) {
	return s.step(ctx, id, version, submitting, Submit, func(a *Aggregate) (audit.Event, error) {
		gone, err := s.unthankable(ctx, a, a.Answers) // somebody may have left since it was saved
		if err == nil {
			err = invalid(gone)
		}
		if err != nil {
			return audit.Event{}, err
		}
		at, c := s.now(), a.Case
		a.SentAt, a.SentOn, a.Late, a.PolicyVersionID = &at, c.Today, c.Today.After(a.Window.ClosesOn), c.Cycle.PolicyVersionID
		named := people(thanks(a.Form(), a.Answers))
		for _, person := range named {
			a.NewPraise = append(a.NewPraise, Praise{CheckInID: a.ID, AppraisalID: c.ID, PersonID: person, ByID: c.PersonID, At: at, SchoolOn: c.Today})
		}
		return audit.Event{Type: "check_in.sent", Data: map[string]any{"late": a.Late, "praised": len(named)}}, nil
	})
}
