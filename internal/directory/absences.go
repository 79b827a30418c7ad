package directory

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/schooltime"
)

type absenceStore interface {
	// AbsencesOf lists the absences of anybody of the trust, newest first.
	AbsencesOf(ctx context.Context, person uuid.UUID) ([]Absence, error)
	Absence(ctx context.Context, op string, id uuid.UUID) (*Absence, error)
	CreateAbsence(ctx context.Context, a *Absence, event func(*Absence) audit.Event) error
	UpdateAbsence(ctx context.Context, id uuid.UUID, version int, change func(*Absence) (audit.Event, error)) (*Absence, error)
	// HeadedUnit returns one of the person's units of today, or their last, that the caller heads.
	HeadedUnit(ctx context.Context, person uuid.UUID) (uuid.UUID, error)
}

// Absences lists the absences of a person within the caller's reach.
func (s *Service) Absences(ctx context.Context, person uuid.UUID) ([]Absence, error) {
	if _, err := s.store.Person(ctx, access.Operation(ctx), person); err != nil {
		return nil, err
	}
	return s.store.AbsencesOf(ctx, person)
}

// RecordAbsence adds an absence; two of one person cannot overlap.
func (s *Service) RecordAbsence(ctx context.Context, a Absence) (*Absence, error) {
	if _, err := s.store.Person(ctx, readAbsences, a.PersonID); err != nil {
		return nil, err
	}
	if err := s.mayRecord(ctx, a.PersonID); err != nil {
		return nil, err
	}
	if !a.UntilOn.IsZero() && !a.UntilOn.After(a.FromOn) {
		return nil, fault.Body("/until_on", "before_start", "The first day back comes after the first day away.")
	}
	if _, err := s.store.LockPerson(ctx, a.PersonID); err != nil {
		return nil, err
	}
	if err := s.apart(ctx, a); err != nil {
		return nil, err
	}
	return &a, s.store.CreateAbsence(ctx, &a, func(a *Absence) audit.Event { return absenceEvent(a, "recorded") })
}

func (s *Service) mayRecord(ctx context.Context, person uuid.UUID) error {
	unit, err := s.store.HeadedUnit(ctx, person)
	if err != nil {
		return err
	}
	return s.store.Permit(ctx, access.Record{PersonID: person, UnitID: unit})
}

// EndAbsence records the first day back, or corrects it. An absence that ends on its first day never was.
func (s *Service) EndAbsence(ctx context.Context, id uuid.UUID, version int, on schooltime.Date) (*Absence, error) {
	a, err := s.store.Absence(ctx, readAbsences, id)
	if err != nil {
		return nil, err
	}
	if err := s.mayRecord(ctx, a.PersonID); err != nil {
		return nil, err
	}
	if _, err := s.store.LockPerson(ctx, a.PersonID); err != nil {
		return nil, err
	}
	return s.store.UpdateAbsence(ctx, id, version, func(a *Absence) (audit.Event, error) {
		if err := a.redate(on); err != nil {
			return audit.Event{}, err
		}
		return absenceEvent(a, "ended"), s.apart(ctx, *a)
	})
}

// apart refuses an absence that shares a day with another of the person.
func (s *Service) apart(ctx context.Context, a Absence) error {
	rows, err := s.store.AbsencesOf(ctx, a.PersonID)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(rows, func(o Absence) bool { return o.ID != a.ID && o.overlaps(a.Term) }) {
		return fault.Check([]fault.Refusal{{Code: "absence_overlaps", Detail: "Another absence of this person covers some of these days.",
			Unblock: "End the other absence, or choose other days."}})
	}
	return nil
}

func absenceEvent(a *Absence, verb string) audit.Event {
	data := map[string]any{"from_on": a.FromOn.String()}
	if !a.UntilOn.IsZero() {
		data["until_on"] = a.UntilOn.String()
	}
	return audit.About("absence", a.ID, a.Version, verb, data).Of(a.PersonID, uuid.Nil)
}
