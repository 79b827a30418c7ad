package policy

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// HandbookQuery says for whom a handbook is wanted. Dates are those of a cycle, where one is named.
type HandbookQuery struct {
	UnitID     *uuid.UUID
	StaffGroup string
	Dates      func(*Resolved) (map[string]schooltime.Date, error)
}

// DraftHandbook writes the handbook of a policy's draft.
func (s *Service) DraftHandbook(ctx context.Context, id uuid.UUID, q HandbookQuery) (*Handbook, error) {
	p, d, err := s.Draft(ctx, id)
	if err != nil {
		return nil, err
	}
	return s.handbook(ctx, p.Name, d, q)
}

// Handbook writes the handbook of a published version.
func (s *Service) Handbook(ctx context.Context, version uuid.UUID, q HandbookQuery) (*Handbook, error) {
	v, err := s.store.PublishedPolicy(ctx, version)
	if err != nil {
		return nil, err
	}
	p, err := s.store.Policy(ctx, v.PolicyID)
	if err != nil {
		return nil, err
	}
	d, err := s.store.PolicyVersion(ctx, version)
	if err != nil {
		return nil, err
	}
	return s.handbook(ctx, p.Name, d, q)
}

func (s *Service) handbook(ctx context.Context, name string, d *Document, q HandbookQuery) (*Handbook, error) {
	if q.StaffGroup != "" && !d.HasGroup(q.StaffGroup) {
		return nil, unknownGroup()
	}
	layer, err := s.layer(ctx, q.UnitID)
	if err != nil {
		return nil, err
	}
	f := HandbookFor{Name: name, Layer: layer, Group: q.StaffGroup}
	if q.Dates != nil {
		if f.Dates, err = q.Dates(d.Resolve(layer, q.StaffGroup)); err != nil {
			return nil, err
		}
	}
	return NewHandbook(d, f), nil
}

func unknownGroup() error {
	e := fault.New(fault.Malformed, "unknown_staff_group", "The policy has no such staff group.")
	e.Violations = []fault.Violation{{In: "query", Pointer: "staff_group", Code: e.Code, Detail: e.Message}}
	return e
}
