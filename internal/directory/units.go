package directory

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/page"
)

// UnitFilter narrows a list of units; an empty kind is every kind.
type UnitFilter struct{ Kind string }

type unitStore interface {
	Units(ctx context.Context, f UnitFilter, r page.Request) (page.Page[Unit], error)
	Unit(ctx context.Context, id uuid.UUID) (*Unit, error)
	// CreateUnit and UpdateUnit are a Conflict when name or code are taken.
	CreateUnit(ctx context.Context, u *Unit, event func(*Unit) audit.Event) error
	UpdateUnit(ctx context.Context, id uuid.UUID, version int, change func(*Unit) (audit.Event, error)) error
	// LockTree lets nobody else move units of the trust until the transaction ends.
	LockTree(ctx context.Context) error
	// Within says whether the unit is the other one or stands below it.
	Within(ctx context.Context, unit, of uuid.UUID) (bool, error)
}

// Units lists the units of the trust by name.
func (s *Service) Units(ctx context.Context, f UnitFilter, r page.Request) (page.Page[Unit], error) {
	return s.store.Units(ctx, f, r)
}

// Unit returns one unit.
func (s *Service) Unit(ctx context.Context, id uuid.UUID) (*Unit, error) {
	return s.store.Unit(ctx, id)
}

// CreateUnit adds a unit below another; schools and central teams decide, departments do not.
func (s *Service) CreateUnit(ctx context.Context, u Unit) (*Unit, error) {
	f := &faults{}
	u.tidy(f)
	if err := f.err(); err != nil {
		return nil, err
	}
	if _, err := s.existing(ctx, "/parent_id", *u.ParentID); err != nil {
		return nil, err
	}
	u.Decides = decides(u.Kind)
	err := s.store.CreateUnit(ctx, &u, func(u *Unit) audit.Event {
		return unitEvent(u, "created", map[string]any{"kind": u.Kind, "parent_id": u.ParentID.String()})
	})
	return &u, err
}

// UpdateUnit renames or moves a unit, as patch says.
func (s *Service) UpdateUnit(ctx context.Context, id uuid.UUID, version int, patch func(*Unit)) (*Unit, error) {
	if _, err := s.store.Unit(ctx, id); err != nil {
		return nil, err
	}
	if err := s.store.Permit(ctx, access.Record{UnitID: id}); err != nil {
		return nil, err
	}
	if err := s.store.LockTree(ctx); err != nil {
		return nil, err
	}
	err := s.store.UpdateUnit(ctx, id, version, func(u *Unit) (audit.Event, error) {
		was, f := *u, &faults{}
		patch(u)
		u.tidy(f)
		if err := f.err(); err != nil {
			return audit.Event{}, err
		}
		if !same(u.ParentID, was.ParentID) {
			if err := s.movable(ctx, was, *u.ParentID); err != nil {
				return audit.Event{}, err
			}
		}
		return unitEvent(u, "updated", map[string]any{"changed": u.changes(was)}), nil
	})
	if err != nil {
		return nil, err
	}
	return s.store.Unit(ctx, id)
}

// movable refuses a move that would leave the trust without its root, or a unit above itself.
func (s *Service) movable(ctx context.Context, u Unit, parent uuid.UUID) error {
	if u.ParentID == nil {
		return fault.Body("/parent_id", "root_unit", "The trust's own unit stands above all others and cannot be moved.")
	}
	if _, err := s.existing(ctx, "/parent_id", parent); err != nil {
		return err
	}
	below, err := s.store.Within(ctx, parent, u.ID)
	if err == nil && below {
		err = fault.Body("/parent_id", "unit_cycle", "A unit cannot stand below itself.")
	}
	return err
}

func unitEvent(u *Unit, verb string, data map[string]any) audit.Event {
	e := audit.About("unit", u.ID, u.Version, verb, data)
	e.UnitID = &u.ID
	return e
}
