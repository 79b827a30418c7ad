package directory

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// OfficeFilter narrows a list of offices; what is nil or empty does not.
type OfficeFilter struct {
	UnitID  *uuid.UUID
	Code    string
	Current *bool // held today, or not held today
}

type officeStore interface {
	// Offices lists who holds which office, newest first, with cards if asked for.
	Offices(ctx context.Context, f OfficeFilter, cards bool, r page.Request) (page.Page[Office], error)
	Office(ctx context.Context, id uuid.UUID) (*Office, error)
	// LockOffices lets nobody else change offices of the trust until the transaction ends. It comes
	// before any other lock.
	LockOffices(ctx context.Context) error
	// Holders lists who ever held or will hold the office of the unit.
	Holders(ctx context.Context, code string, unit uuid.UUID) ([]Office, error)
	// OfficesHeld lists the person's offices that have not ended by the day.
	OfficesHeld(ctx context.Context, person uuid.UUID, on schooltime.Date) ([]Office, error)
	CreateOffice(ctx context.Context, o *Office, event func(*Office) audit.Event) error
	UpdateOffice(ctx context.Context, id uuid.UUID, version int, change func(*Office) (audit.Event, error)) error
	// HasHR says whether an active person is HR today without an end.
	HasHR(ctx context.Context) (bool, error)
}

// Offices lists who holds which office.
func (s *Service) Offices(ctx context.Context, f OfficeFilter, cards bool, r page.Request) (page.Page[Office], error) {
	return s.store.Offices(ctx, f, cards, r)
}

// FillOffice gives an office to a person from a day on. The holder before ends on that day, but
// for HR, who may be several.
func (s *Service) FillOffice(ctx context.Context, o Office) (*Office, error) {
	if err := s.store.LockOffices(ctx); err != nil {
		return nil, err
	}
	o.FromOn = orToday(ctx, o.FromOn)
	unit, err := s.existing(ctx, "/unit_id", o.UnitID)
	if err != nil {
		return nil, err
	}
	if ofTrust(o.Code) && unit.Kind != Trust {
		return nil, fault.Body("/unit_id", "office_of_trust", "This office is of the whole trust: name the trust's own unit.")
	}
	if err := s.working(ctx, "/person_id", o.PersonID); err != nil {
		return nil, err
	}
	if err := s.succeed(ctx, &o); err != nil {
		return nil, err
	}
	if err := s.store.CreateOffice(ctx, &o, func(o *Office) audit.Event { return officeEvent(o, "filled") }); err != nil {
		return nil, err
	}
	return &o, s.listener.OfficeChanged(ctx, o.Code, o.FromOn)
}

// succeed ends the term of whoever holds the office on the first day, and fits the new one in.
func (s *Service) succeed(ctx context.Context, o *Office) error {
	rows, err := s.store.Holders(ctx, o.Code, o.UnitID)
	if err != nil {
		return err
	}
	var terms []*Office
	for i := range rows {
		if o.Code != HR || rows[i].PersonID == o.PersonID {
			terms = append(terms, &rows[i])
		}
	}
	ends, until := place(terms, o.FromOn)
	o.UntilOn = until
	for _, held := range ends {
		if held.PersonID == o.PersonID && held.Acting == o.Acting {
			return fault.New(fault.Conflict, "already_held", "This person holds the office on that day already.")
		}
	}
	for _, held := range ends {
		if err := s.endOffice(ctx, held.ID, AnyVersion, func(t *Term) error { t.end(o.FromOn); return nil }); err != nil {
			return err
		}
	}
	return nil
}

// EndOffice ends an office on the day. The last HR person stays.
func (s *Service) EndOffice(ctx context.Context, id uuid.UUID, version int, on schooltime.Date) (*Office, error) {
	o, err := s.store.Office(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := s.store.Permit(ctx, access.Record{UnitID: o.UnitID}); err != nil {
		return nil, err
	}
	if err := s.store.LockOffices(ctx); err != nil {
		return nil, err
	}
	if err := s.endOffice(ctx, id, version, func(t *Term) error { return t.close(on, today(ctx)) }); err != nil {
		return nil, err
	}
	if o.Code == HR {
		if err := s.keepHR(ctx); err != nil {
			return nil, err
		}
	}
	if err := s.listener.OfficeChanged(ctx, o.Code, on); err != nil {
		return nil, err
	}
	return s.store.Office(ctx, id)
}

func (s *Service) endOffice(ctx context.Context, id uuid.UUID, version int, end func(*Term) error) error {
	return s.store.UpdateOffice(ctx, id, version, func(o *Office) (audit.Event, error) {
		err := end(&o.Term)
		return officeEvent(o, "ended"), err
	})
}

// keepHR refuses what would leave the trust without HR, now or once a known end has come.
func (s *Service) keepHR(ctx context.Context) error {
	ok, err := s.store.HasHR(ctx)
	if err == nil && !ok {
		err = lastHR()
	}
	return err
}

func officeEvent(o *Office, verb string) audit.Event {
	data := map[string]any{"code": o.Code, "acting": o.Acting, "from_on": o.FromOn.String()}
	if !o.UntilOn.IsZero() {
		data["until_on"] = o.UntilOn.String()
	}
	return audit.About("office", o.ID, o.Version, verb, data).Of(o.PersonID, o.UnitID)
}
