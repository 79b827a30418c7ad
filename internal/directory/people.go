package directory

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/page"
)

// PersonFilter narrows a list of people; what is nil or empty does not.
type PersonFilter struct {
	UnitID       *uuid.UUID // with a post today in the unit or below it
	Status       string
	ExternalID   *ExternalID
	UpdatedSince *time.Time
}

type personStore interface {
	// People lists those whom the caller reaches by the operation, by name, each with the posts of
	// today that the caller may read.
	People(ctx context.Context, op string, f PersonFilter, r page.Request) (page.Page[Person], error)
	// SearchCards finds the active people in whose names every word of the text occurs.
	SearchCards(ctx context.Context, text string, r page.Request) (page.Page[Card], error)
	Person(ctx context.Context, op string, id uuid.UUID) (*Person, error)
	// HoldPerson returns anybody of the trust; they cannot be changed until the transaction ends.
	HoldPerson(ctx context.Context, id uuid.UUID) (*Person, error)
	// LockPerson returns anybody of the trust, locked for a change.
	LockPerson(ctx context.Context, id uuid.UUID) (*Person, error)
	// LockExternalID returns who has the id, if anybody; nobody else is given it meanwhile.
	LockExternalID(ctx context.Context, id ExternalID) (*uuid.UUID, error)
	// CreatePerson and UpdatePerson keep the external ids too. They are a Conflict when the e-mail
	// address or an id is somebody else's.
	CreatePerson(ctx context.Context, p *Person, event func(*Person) audit.Event) error
	UpdatePerson(ctx context.Context, id uuid.UUID, version int, change func(*Person) (audit.Event, error)) error
	// EndSessions ends every session of the person and voids their one-time links.
	EndSessions(ctx context.Context, id uuid.UUID) error
}

// People lists the people whom the caller reaches.
func (s *Service) People(ctx context.Context, f PersonFilter, r page.Request) (page.Page[Person], error) {
	return s.store.People(ctx, access.Operation(ctx), f, r)
}

// Search finds colleagues by name.
func (s *Service) Search(ctx context.Context, text string, r page.Request) (page.Page[Card], error) {
	return s.store.SearchCards(ctx, text, r)
}

// Person returns one person within the caller's reach.
func (s *Service) Person(ctx context.Context, id uuid.UUID) (*Person, error) {
	return s.store.Person(ctx, readPerson, id)
}

// CreatePerson adds a person, with a first post if one is given.
func (s *Service) CreatePerson(ctx context.Context, d Details, post *NewPost) (*Person, error) {
	f := &faults{}
	d.tidy(f)
	if post != nil {
		f.at = "/post"
		post.tidy(f)
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	return s.add(ctx, d, post)
}

func (s *Service) add(ctx context.Context, d Details, post *NewPost) (*Person, error) {
	p := &Person{Status: Active, AuthEpoch: 1}
	p.take(d)
	err := s.store.CreatePerson(ctx, p, func(p *Person) audit.Event { return personEvent(p, "created", nil) })
	if err != nil {
		return nil, err
	}
	if post != nil {
		if _, err := s.addPost(ctx, p.ID, "/post", *post); err != nil {
			return nil, err
		}
	}
	return s.store.Person(ctx, readPerson, p.ID)
}

// UpdatePerson changes names, e-mail address and outside ids, as patch says.
func (s *Service) UpdatePerson(ctx context.Context, id uuid.UUID, version int, patch func(*Details)) (*Person, error) {
	if err := s.mayChange(ctx, id); err != nil {
		return nil, err
	}
	err := s.store.UpdatePerson(ctx, id, version, func(p *Person) (audit.Event, error) {
		d, f := p.details(), &faults{}
		patch(&d)
		d.tidy(f)
		if err := f.err(); err != nil {
			return audit.Event{}, err
		}
		return personEvent(p, "updated", map[string]any{"changed": p.take(d)}), nil
	})
	if err != nil {
		return nil, err
	}
	return s.store.Person(ctx, readPerson, id)
}

// mayChange looks the person up as a reader would, then asks whether the caller may act on them.
func (s *Service) mayChange(ctx context.Context, id uuid.UUID) error {
	if _, err := s.store.Person(ctx, readPerson, id); err != nil {
		return err
	}
	return s.store.Permit(ctx, access.Record{PersonID: id})
}

// PutPerson makes the person with the outside id as given: adds them, changes them, re-opens one
// who had left, or finds nothing to do.
func (s *Service) PutPerson(ctx context.Context, key ExternalID, d Details, post *NewPost) (*Person, error) {
	f := &faults{}
	d.tidy(f)
	if post != nil {
		f.at = "/post"
		post.tidy(f)
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	id, err := s.store.LockExternalID(ctx, key)
	if err != nil {
		return nil, err
	}
	if id == nil {
		if d.ExternalIDs, err = union([]ExternalID{key}, d.ExternalIDs); err != nil {
			return nil, err
		}
		return s.add(ctx, d, post)
	}
	if err := s.put(ctx, *id, d, post); err != nil {
		return nil, err
	}
	return s.store.Person(ctx, readPerson, *id)
}

func (s *Service) put(ctx context.Context, id uuid.UUID, d Details, post *NewPost) error {
	p, err := s.store.LockPerson(ctx, id)
	if err != nil {
		return err
	}
	if d.ExternalIDs, err = union(p.ExternalIDs, d.ExternalIDs); err != nil {
		return err
	}
	now, verb := *p, "updated"
	changed := now.take(d)
	if p.Status == Inactive {
		verb = "reopened"
	} else if len(changed) == 0 {
		return nil
	}
	if err := s.store.Permit(ctx, access.Record{PersonID: id}); err != nil {
		return err
	}
	err = s.store.UpdatePerson(ctx, id, p.Version, func(p *Person) (audit.Event, error) {
		p.take(d)
		p.Status = Active
		return personEvent(p, verb, map[string]any{"changed": changed}), nil
	})
	if err == nil && verb == "reopened" && post != nil {
		_, err = s.addPost(ctx, id, "/post", *post)
	}
	return err
}

// maxExternalIDs is how many outside ids the contract lets a person have.
const maxExternalIDs = 20

// union adds b to a. It refuses more than anybody may have, for ids that are put are only ever added.
func union(a, b []ExternalID) ([]ExternalID, error) {
	out := slices.Clone(a)
	for _, id := range b {
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	if len(out) > maxExternalIDs {
		return nil, fault.Body("/external_ids", "too_many_external_ids", "A person has at most %d outside ids. Remove some of theirs first.", maxExternalIDs)
	}
	return out, nil
}

func personEvent(p *Person, verb string, data map[string]any) audit.Event {
	return audit.About("person", p.ID, p.Version, verb, data).Of(p.ID, uuid.Nil)
}

func lastHR() error {
	return fault.Check([]fault.Refusal{{Code: "last_hr", Detail: "This is the last HR person of the trust.",
		Unblock: "Give the office of HR to somebody else first, without an end."}})
}
