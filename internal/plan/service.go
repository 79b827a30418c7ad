package plan

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/page"
)

// Store keeps priorities and templates. The Change methods answer, in this order: not there, out
// of the caller's reach, changed meanwhile, and then what change says.
type Store interface {
	Priorities(ctx context.Context, f PriorityFilter, r page.Request) (page.Page[Priority], error)
	// ReachUnit refuses the unit_id of a body where the caller may not do this; nil is the whole trust.
	ReachUnit(ctx context.Context, unit *uuid.UUID) error
	// HoldPriority reads a priority that nobody else can change until the transaction ends.
	HoldPriority(ctx context.Context, id uuid.UUID) (*Priority, error)
	HasLiveChildren(ctx context.Context, id uuid.UUID) (bool, error)
	// AddPriority and ChangePriority answer CodeTaken when another live priority has the code.
	AddPriority(ctx context.Context, p *Priority, event func(*Priority) audit.Event) error
	ChangePriority(ctx context.Context, id uuid.UUID, version int, change func(*Priority) (audit.Event, error)) (*Priority, error)
	Templates(ctx context.Context, f TemplateFilter, r page.Request) (page.Page[Template], error)
	AddTemplate(ctx context.Context, t *Template, event func(*Template) audit.Event) error
	ChangeTemplate(ctx context.Context, id uuid.UUID, version int, change func(*Template) (audit.Event, error)) (*Template, error)
}

// Service is the use cases of the plan.
type Service struct{ store Store }

// NewService returns the use cases over a store.
func NewService(store Store) *Service { return &Service{store} }

// Priorities lists the priorities, live or archived, by code.
func (s *Service) Priorities(ctx context.Context, f PriorityFilter, r page.Request) (page.Page[Priority], error) {
	return s.store.Priorities(ctx, f, r)
}

// AddPriority adds a priority for a unit in the caller's reach, below a parent if one is given. An
// empty level follows from the unit.
func (s *Service) AddPriority(ctx context.Context, n Priority, level Level) (*Priority, error) {
	p := &Priority{UnitID: n.UnitID}
	if err := p.at(level); err != nil {
		return nil, err
	}
	if _, err := p.change(PriorityChange{Code: &n.Code, Title: &n.Title}); err != nil {
		return nil, err
	}
	if err := s.store.ReachUnit(ctx, n.UnitID); err != nil {
		return nil, err
	}
	if n.ParentID != nil {
		parent, err := s.store.HoldPriority(ctx, *n.ParentID)
		if fault.KindOf(err) == fault.NotFound {
			return nil, fault.Body("/parent_id", "unknown_priority", "There is no such priority.")
		}
		if err != nil {
			return nil, err
		}
		if err := p.under(parent); err != nil {
			return nil, err
		}
	}
	return p, s.store.AddPriority(ctx, p, func(p *Priority) audit.Event {
		return p.event("created", map[string]any{"code": p.Code, "parent_id": p.ParentID})
	})
}

// ChangePriority changes the code or the title of a live priority.
func (s *Service) ChangePriority(ctx context.Context, id uuid.UUID, version int, c PriorityChange) (*Priority, error) {
	return s.store.ChangePriority(ctx, id, version, func(p *Priority) (audit.Event, error) {
		changed, err := p.change(c)
		return p.event("updated", map[string]any{"code": p.Code, "changed": changed}), err
	})
}

// ArchivePriority takes a priority out of use; objectives keep their links to it. A parent goes
// after those below it, so that no live priority hangs under an archived one.
func (s *Service) ArchivePriority(ctx context.Context, id uuid.UUID, version int) (*Priority, error) {
	return s.store.ChangePriority(ctx, id, version, func(p *Priority) (audit.Event, error) {
		if p.Archived {
			return audit.Event{}, fault.New(fault.Conflict, "already_archived", "The priority is archived already.")
		}
		below, err := s.store.HasLiveChildren(ctx, p.ID)
		if err != nil {
			return audit.Event{}, err
		}
		if below {
			return audit.Event{}, fault.New(fault.Conflict, "has_live_children", "Archive the priorities below it first.")
		}
		p.Archived = true
		return p.event("archived", map[string]any{"code": p.Code}), nil
	})
}

// Templates lists the objective bank, live or archived, by slot and title.
func (s *Service) Templates(ctx context.Context, f TemplateFilter, r page.Request) (page.Page[Template], error) {
	return s.store.Templates(ctx, f, r)
}

// AddTemplate adds an entry to the objective bank.
func (s *Service) AddTemplate(ctx context.Context, n Template) (*Template, error) {
	t := &Template{Slot: n.Slot, Criteria: []Line{}, Actions: []Line{}}
	if _, err := t.change(TemplateChange{Title: &n.Title, Text: &n.Text, Criteria: n.Criteria, Actions: n.Actions}); err != nil {
		return nil, err
	}
	return t, s.store.AddTemplate(ctx, t, func(t *Template) audit.Event {
		return t.event("created", map[string]any{"slot": t.Slot})
	})
}

// ChangeTemplate changes an entry, archives it or takes it back into use. Objectives that were
// started from it stay as they are.
func (s *Service) ChangeTemplate(ctx context.Context, id uuid.UUID, version int, c TemplateChange) (*Template, error) {
	return s.store.ChangeTemplate(ctx, id, version, func(t *Template) (audit.Event, error) {
		changed, err := t.change(c)
		return t.event("updated", map[string]any{"slot": t.Slot, "changed": changed}), err
	})
}
