package directory

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Deactivate ends a person's employment: their sign-in at once; their offices, line management,
// posts and absences on the day. Their appraisals are the Listener's.
func (s *Service) Deactivate(ctx context.Context, id uuid.UUID, version int, on schooltime.Date) (*Person, error) {
	if err := s.mayChange(ctx, id); err != nil {
		return nil, err
	}
	if err := s.store.LockOffices(ctx); err != nil {
		return nil, err
	}
	err := s.store.UpdatePerson(ctx, id, version, func(p *Person) (audit.Event, error) {
		err := p.leave()
		return personEvent(p, "deactivated", map[string]any{"on": on.String()}), err
	})
	if err != nil {
		return nil, err
	}
	if err := s.listener.Hold(ctx, []uuid.UUID{id}, nil); err != nil {
		return nil, err
	}
	for _, end := range []func(context.Context, uuid.UUID, schooltime.Date) error{s.endOffices, s.endManaging, s.endPosts, s.endAbsences} {
		if err := end(ctx, id, on); err != nil {
			return nil, err
		}
	}
	if err := s.store.EndSessions(ctx, id); err != nil {
		return nil, err
	}
	if err := s.listener.PersonLeft(ctx, id, on); err != nil {
		return nil, err
	}
	return s.store.Person(ctx, readPerson, id)
}

func (s *Service) endOffices(ctx context.Context, person uuid.UUID, on schooltime.Date) error {
	rows, err := s.store.OfficesHeld(ctx, person, on)
	if err != nil {
		return err
	}
	hr := false
	for _, o := range rows {
		if err := s.endOffice(ctx, o.ID, AnyVersion, func(t *Term) error { t.end(on); return nil }); err != nil {
			return err
		}
		if err := s.listener.OfficeChanged(ctx, o.Code, schooltime.Max(o.FromOn, on)); err != nil {
			return err
		}
		hr = hr || o.Code == HR
	}
	if hr {
		return s.keepHR(ctx)
	}
	return nil
}

func (s *Service) endManaging(ctx context.Context, person uuid.UUID, on schooltime.Date) error {
	rows, err := s.store.Managing(ctx, person, on)
	if err != nil {
		return err
	}
	for _, m := range rows {
		if err := s.endManager(ctx, m, on); err != nil {
			return err
		}
		if err := s.listener.LineManagerChanged(ctx, m.PostID, schooltime.Max(m.FromOn, on)); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) endPosts(ctx context.Context, person uuid.UUID, on schooltime.Date) error {
	rows, err := s.store.PostsHeld(ctx, person, on)
	if err != nil {
		return err
	}
	for _, p := range rows {
		if err := s.endPost(ctx, p.ID, AnyVersion, func(t *Term) error { t.end(on); return nil }); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) endAbsences(ctx context.Context, person uuid.UUID, on schooltime.Date) error {
	rows, err := s.store.AbsencesOf(ctx, person)
	if err != nil {
		return err
	}
	for _, a := range rows {
		if a.Ended(on) {
			continue
		}
		if _, err := s.store.UpdateAbsence(ctx, a.ID, AnyVersion, func(a *Absence) (audit.Event, error) {
			a.end(on)
			return absenceEvent(a, "ended"), nil
		}); err != nil {
			return err
		}
	}
	return nil
}
