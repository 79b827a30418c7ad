package standards

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/page"
)

// Filter narrows a list of frameworks; zero fields do not.
type Filter struct {
	Kind   Kind
	UnitID *uuid.UUID
}

// Store keeps frameworks. Built-in ones are among what it answers, and none is ever stored.
type Store interface {
	// Frameworks lists them by code, each with its newest version alone and without its draft.
	Frameworks(ctx context.Context, f Filter, r page.Request) (page.Page[*Aggregate], error)
	Framework(ctx context.Context, id uuid.UUID) (*Aggregate, error)
	// FrameworkOfVersion reads the framework that has the published version.
	FrameworkOfVersion(ctx context.Context, version uuid.UUID) (*Aggregate, error)
	// ReachUnit refuses the unit_id of a body where the caller may not do this; nil is the whole trust.
	ReachUnit(ctx context.Context, unit *uuid.UUID) error
	// AddFramework answers CodeTaken when another framework has the code.
	AddFramework(ctx context.Context, f *Framework, event func(*Framework) audit.Event) error
	// ChangeFramework answers, in this order: not there, out of reach, changed meanwhile, and then
	// what change says. The version that change answers, if any, is stored beside.
	ChangeFramework(ctx context.Context, id uuid.UUID, version int, change func(*Aggregate) (*Published, audit.Event, error)) (*Aggregate, error)
}

// Service is the use cases of frameworks.
type Service struct{ store Store }

// NewService returns the use cases over a store.
func NewService(store Store) *Service { return &Service{store} }

// List lists frameworks, the built-in ones among them, by code.
func (s *Service) List(ctx context.Context, f Filter, r page.Request) (page.Page[*Aggregate], error) {
	return s.store.Frameworks(ctx, f, r)
}

// Get reads one framework.
func (s *Service) Get(ctx context.Context, id uuid.UUID) (*Aggregate, error) {
	return s.store.Framework(ctx, id)
}

// GetVersion reads the framework that has a published version.
func (s *Service) GetVersion(ctx context.Context, version uuid.UUID) (*Aggregate, error) {
	return s.store.FrameworkOfVersion(ctx, version)
}

// Create drafts a framework of the trust's own, or of a unit in the caller's reach.
func (s *Service) Create(ctx context.Context, unit *uuid.UUID, code string, d Draft) (*Aggregate, error) {
	f := &Framework{UnitID: unit, Code: code}
	if err := f.write(d); err != nil {
		return nil, err
	}
	if err := s.store.ReachUnit(ctx, unit); err != nil {
		return nil, err
	}
	if BuiltInWhere(ByCode(code)) != nil {
		return nil, CodeTaken()
	}
	err := s.store.AddFramework(ctx, f, func(f *Framework) audit.Event {
		return f.event("created", map[string]any{"code": f.Code, "statements": len(f.Statements)})
	})
	return Of(*f, nil, true), err
}

// Update writes the draft anew. Published versions stay as they are.
func (s *Service) Update(ctx context.Context, id uuid.UUID, version int, d Draft) (*Aggregate, error) {
	return s.store.ChangeFramework(ctx, id, version, func(a *Aggregate) (*Published, audit.Event, error) {
		if err := fault.Check(a.closed()); err != nil {
			return nil, audit.Event{}, err
		}
		err := a.write(d)
		return nil, a.event("updated", map[string]any{"code": a.Code, "statements": len(a.Statements)}), err
	})
}

// Publish makes the draft the newest version.
func (s *Service) Publish(ctx context.Context, id uuid.UUID, version int) (*Aggregate, error) {
	return s.store.ChangeFramework(ctx, id, version, func(a *Aggregate) (*Published, audit.Event, error) {
		if err := fault.Check(append(a.closed(), a.unpublishable()...)); err != nil {
			return nil, audit.Event{}, err
		}
		p := &Published{FrameworkID: a.ID, Number: len(a.Versions) + 1, PublishedOn: access.From(ctx).Today, Statements: a.Statements}
		return p, a.event("published", map[string]any{"code": a.Code, "number": p.Number}), nil
	})
}
