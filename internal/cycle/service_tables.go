package cycle

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/policy"
)

// Table is one of a cycle's lists, with the version of the cycle that it belongs to: the lists
// have none of their own, and a change to one is a change to the cycle.
type Table[T any] struct {
	Version int
	Items   []T
}

// Dates lists every deadline of a cycle by the school calendar of a unit; nil is the trust's own.
func (s *Service) Dates(ctx context.Context, id uuid.UUID, unit *uuid.UUID) (Table[Deadline], error) {
	c, err := s.store.Cycle(ctx, id)
	if err != nil {
		return Table[Deadline]{}, err
	}
	own, err := s.store.CycleDates(ctx, id)
	if err != nil {
		return Table[Deadline]{}, err
	}
	return s.deadlines(ctx, c, own, unit)
}

func (s *Service) deadlines(ctx context.Context, c *Cycle, own []Date, unit *uuid.UUID) (Table[Deadline], error) {
	d, err := s.store.PolicyVersion(ctx, c.PolicyVersionID)
	if err != nil {
		return Table[Deadline]{}, err
	}
	calendars, err := s.store.Calendars(ctx)
	if err != nil {
		return Table[Deadline]{}, err
	}
	items, err := c.Deadlines(d, own, calendars.OfOrRoot(unit))
	return Table[Deadline]{c.Version, items}, err
}

// SetDates replaces the cycle's own deadlines. In an open cycle no deadline moves earlier.
func (s *Service) SetDates(ctx context.Context, id uuid.UUID, version int, own []Date) (Table[Deadline], error) {
	c, err := s.replace(ctx, id, version, "dates_set", len(own), func(c *Cycle, d *policy.Document) error {
		if err := c.checkDates(d, own); err != nil {
			return err
		}
		if c.Status == Open {
			before, err := s.store.CycleDates(ctx, id)
			if err != nil {
				return err
			}
			calendars, err := s.store.Calendars(ctx)
			if err != nil {
				return err
			}
			if err := c.onlyLater(d, before, own, append(calendars.All(), nil)); err != nil {
				return err
			}
		}
		return s.store.ReplaceCycleDates(ctx, id, own)
	})
	if err != nil {
		return Table[Deadline]{}, err
	}
	return s.deadlines(ctx, c, own, nil)
}

// Windows lists the check-in windows of a cycle, in order.
func (s *Service) Windows(ctx context.Context, id uuid.UUID) (Table[Window], error) {
	c, err := s.store.Cycle(ctx, id)
	return s.windowsOf(ctx, c, err)
}

func (s *Service) windowsOf(ctx context.Context, c *Cycle, err error) (Table[Window], error) {
	if err != nil {
		return Table[Window]{}, err
	}
	items, err := s.store.CheckInWindows(ctx, c.ID)
	return Table[Window]{c.Version, items}, err
}

// SetWindows replaces the check-in windows. In an open cycle those that have opened stay.
func (s *Service) SetWindows(ctx context.Context, id uuid.UUID, version int, wanted []Window) (Table[Window], error) {
	c, err := s.replace(ctx, id, version, "windows_set", len(wanted), func(c *Cycle, _ *policy.Document) error {
		if err := c.checkWindows(wanted); err != nil {
			return err
		}
		return s.putWindows(ctx, c, wanted)
	})
	return s.windowsOf(ctx, c, err)
}

// putWindows replaces the windows of a cycle, and keeps those that are in use.
func (s *Service) putWindows(ctx context.Context, c *Cycle, wanted []Window) error {
	now, err := s.store.CheckInWindows(ctx, c.ID)
	if err != nil {
		return err
	}
	used, err := s.store.WindowsInUse(ctx, c.ID)
	if err != nil {
		return err
	}
	next, err := c.rearrange(now, wanted, used, actorDay(ctx))
	if err != nil {
		return err
	}
	return s.store.ReplaceWindows(ctx, c.ID, next)
}

// PayTable lists the pay table of a cycle.
func (s *Service) PayTable(ctx context.Context, id uuid.UUID) (Table[PayRow], error) {
	c, err := s.store.Cycle(ctx, id)
	if err != nil {
		return Table[PayRow]{}, err
	}
	items, err := s.store.PayTable(ctx, id)
	return Table[PayRow]{c.Version, items}, err
}

// SetPayTable replaces the pay table. Decisions that were made keep what they were made with.
func (s *Service) SetPayTable(ctx context.Context, id uuid.UUID, version int, rows []PayRow) (Table[PayRow], error) {
	c, err := s.replace(ctx, id, version, "pay_table_set", len(rows), func(_ *Cycle, d *policy.Document) error {
		if err := checkPayTable(d, rows); err != nil {
			return err
		}
		return s.store.ReplacePayTable(ctx, id, rows)
	})
	if err != nil {
		return Table[PayRow]{}, err
	}
	items, err := s.store.PayTable(ctx, id)
	return Table[PayRow]{c.Version, items}, err
}

// replace changes one of the lists under the lock of the cycle and raises its version.
func (s *Service) replace(ctx context.Context, id uuid.UUID, version int, verb string, rows int, change func(*Cycle, *policy.Document) error) (*Cycle, error) {
	return s.store.UpdateCycle(ctx, id, version, func(c *Cycle) (audit.Event, error) {
		if err := c.changeable(); err != nil {
			return audit.Event{}, err
		}
		d, err := s.store.PolicyVersion(ctx, c.PolicyVersionID)
		if err != nil {
			return audit.Event{}, err
		}
		return audit.About("cycle", c.ID, c.Version, verb, map[string]any{"rows": rows}), change(c, d)
	})
}
