package directory

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/schooltime"
)

type calendarStore interface {
	// Calendars reads every unit of the trust with its own calendar, where it has one.
	Calendars(ctx context.Context) (Calendars, error)
	// SetCalendar changes the unit's own calendar, or makes it where the version is 0; stale when
	// the unit's has another version.
	SetCalendar(ctx context.Context, unit uuid.UUID, version int, change func(*SchoolCalendar) (audit.Event, error)) error
}

// CalendarListener is told of a change to school calendars in the same transaction and after the
// write. An error undoes it.
type CalendarListener interface {
	CalendarsChanged(ctx context.Context, unit uuid.UUID, before, after Calendars) error
}

// Calendar returns the school calendar that holds for a unit.
func (s *Service) Calendar(ctx context.Context, unit uuid.UUID) (UnitCalendar, error) {
	if _, err := s.store.Unit(ctx, unit); err != nil {
		return UnitCalendar{}, err
	}
	all, err := s.store.Calendars(ctx)
	return all.about(unit), err
}

// SetCalendar gives a unit a school calendar, for itself and those below without one.
func (s *Service) SetCalendar(ctx context.Context, unit uuid.UUID, version int, content schooltime.Calendar) (UnitCalendar, error) {
	if _, err := s.store.Unit(ctx, unit); err != nil {
		return UnitCalendar{}, err
	}
	if err := s.store.Permit(ctx, access.Record{UnitID: unit}); err != nil {
		return UnitCalendar{}, err
	}
	if err := s.store.LockTree(ctx); err != nil {
		return UnitCalendar{}, err
	}
	before, err := s.store.Calendars(ctx)
	if err != nil {
		return UnitCalendar{}, err
	}
	err = s.store.SetCalendar(ctx, unit, version, func(c *SchoolCalendar) (audit.Event, error) {
		c.Content = content
		e := audit.About("calendar", c.ID, c.Version, "set", map[string]any{"terms": len(content.Terms), "closures": len(content.Closures), "bank_holidays": string(content.Region)})
		e.UnitID = &unit
		return e, tidyCalendar(&c.Content)
	})
	if err != nil {
		return UnitCalendar{}, err
	}
	after, err := s.store.Calendars(ctx)
	if err != nil {
		return UnitCalendar{}, err
	}
	return after.about(unit), s.calendars.CalendarsChanged(ctx, unit, before, after)
}
