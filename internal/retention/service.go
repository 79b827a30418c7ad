package retention

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/evidence"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/record"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Hold keeps a person's records whatever the policy says.
type Hold struct {
	record.Row
	PersonID uuid.UUID
	Held     bool
	Reason   *string // while it is held
	SetBy    uuid.UUID
	SetOn    schooltime.Date
}

// TableName names the table.
func (Hold) TableName() string { return "legal_holds" }

// Store keeps what retention needs, and erases. What the caller may not read is fault.Gone.
type Store interface {
	Preview(ctx context.Context, asOf schooltime.Date, class string, p page.Request) (Preview, error)
	// Erase locks what is due, asks check whether it is what was expected, erases it and stores the
	// run. It returns where the documents were.
	Erase(ctx context.Context, r *Run, check func(now Preview, expected string) error) (*Run, []string, error)
	Holds(ctx context.Context, p page.Request) (page.Page[*Hold], error)
	SetHold(ctx context.Context, person uuid.UUID, version int, change func(*Hold) (audit.Event, error)) (*Hold, error)
	AddExport(ctx context.Context, e *Export) error
	Export(ctx context.Context, id uuid.UUID) (*Export, error)
	// TakeExport locks a request, stores what take made of it, and reads everything about its person.
	TakeExport(ctx context.Context, id uuid.UUID, take func(*Export) (audit.Event, error)) (*Export, Holdings, error)
	// Alone runs fn in a transaction of its own.
	Alone(ctx context.Context, fn func(context.Context) error) error
	// Cards returns what everybody may see of these people.
	Cards(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]directory.Card, error)
}

// Service is the use cases of retention.
type Service struct {
	store Store
	files evidence.Files
	now   func() time.Time
}

// NewService returns the use cases over a store and the place of documents.
func NewService(store Store, files evidence.Files, now func() time.Time) *Service {
	return &Service{store, files, now}
}

// Cards returns what everybody may see of these people.
func (s *Service) Cards(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]directory.Card, error) {
	return s.store.Cards(ctx, ids)
}

// Holds returns a page of the legal holds, oldest first.
func (s *Service) Holds(ctx context.Context, p page.Request) (page.Page[*Hold], error) {
	return s.store.Holds(ctx, p)
}

// SetHold holds a person's records, or lifts the hold and forgets its reason.
func (s *Service) SetHold(ctx context.Context, person uuid.UUID, version int, held bool, reason *string) (*Hold, error) {
	a := access.From(ctx)
	return s.store.SetHold(ctx, person, version, func(h *Hold) (audit.Event, error) {
		switch { // asked once the person is known to be in reach, so that nobody else is told more
		case held && (reason == nil || strings.TrimSpace(*reason) == ""):
			return audit.Event{}, fault.Body("/reason", "required", "Say why the records are held.")
		case !held:
			reason = nil
		}
		h.PersonID, h.Held, h.Reason, h.SetBy, h.SetOn = person, held, reason, a.PersonID, a.Today
		verb := map[bool]string{true: "set", false: "lifted"}[held]
		return audit.About("legal_hold", h.ID, h.Version, verb, nil).Of(person, uuid.Nil), nil
	})
}

// Holdings is everything that is held about a person.
type Holdings struct {
	Kinds     []Kind
	Documents []Document
}

// Kind is one kind of record that is held about a person.
type Kind struct {
	Name string            `json:"name"` // also of its file
	From string            `json:"from"` // where it comes from
	Why  string            `json:"why"`  // what it is held for
	Rows []json.RawMessage `json:"-"`
}

// Document is a file of evidence.
type Document struct {
	ID       uuid.UUID
	FileName string
	BlobKey  string
}
