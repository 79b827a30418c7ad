package privacy

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/page"
)

// Entry is an event and the block of the trust's chain that it stands in.
type Entry struct {
	audit.Event
	Block int64
}

// EventFilter narrows a list of events; nil and "" do not.
type EventFilter struct {
	SubjectID, PersonID, AppraisalID *uuid.UUID
	Type                             string
}

// Store reads what was written down. Both lists are narrowed to the caller's reach.
type Store interface {
	AuditEvents(ctx context.Context, f EventFilter, r page.Request) (page.Page[Entry], error)
	Disclosures(ctx context.Context, person *uuid.UUID, r page.Request) (page.Page[Disclosure], error)
	GrantStore
	BreachStore
	// AuditHead is the last block of the trust's chain; without one all of it is zero.
	AuditHead(ctx context.Context) (audit.Block, error)
	// VerifyChain recomputes the trust's chain, against an anchor where there is one.
	VerifyChain(ctx context.Context, anchor *audit.Anchor) (*audit.Check, error)
	// Cards returns what everybody may see of these people.
	Cards(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]directory.Card, error)
}

// Service is the use cases of privacy.
type Service struct{ store Store }

// NewService returns the use cases over a store.
func NewService(store Store) *Service { return &Service{store} }

// AuditEvents lists what was done, the latest first, but for what was done to the caller's record.
func (s *Service) AuditEvents(ctx context.Context, f EventFilter, r page.Request) (page.Page[Entry], error) {
	return s.store.AuditEvents(ctx, f, r)
}

// Disclosures lists who has read the caller's record, and, for HR, everybody else's, the latest
// first. The cards are those of the readers.
func (s *Service) Disclosures(ctx context.Context, person *uuid.UUID, r page.Request) (page.Page[Disclosure], map[uuid.UUID]directory.Card, error) {
	list, err := s.store.Disclosures(ctx, person, r)
	if err != nil {
		return list, nil, err
	}
	readers := make([]uuid.UUID, len(list.Items))
	for i, d := range list.Items {
		readers[i] = d.ReaderID
	}
	cards, err := s.store.Cards(ctx, readers)
	return list, cards, err
}

// Cards returns what everybody may see of these people.
func (s *Service) Cards(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]directory.Card, error) {
	return s.store.Cards(ctx, ids)
}

// AuditHead is the last block of the trust's chain, to be noted outside.
func (s *Service) AuditHead(ctx context.Context) (audit.Block, error) { return s.store.AuditHead(ctx) }

// VerifyChain recomputes the trust's chain. A chain that was cut off or made anew is consistent in
// itself: only a head that was noted outside shows it.
func (s *Service) VerifyChain(ctx context.Context, anchor *audit.Anchor) (*audit.Check, error) {
	return s.store.VerifyChain(ctx, anchor)
}
