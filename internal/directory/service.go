package directory

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// AnyVersion is the version of a change whose caller has locked the record already.
const AnyVersion = -1

// The operations by whose reach a record is looked up, for reads and for the commands on it alike:
// whoever may not read it learns nothing else about it.
const (
	readPerson   = "GetPerson"
	readPost     = "GetPost"
	readAbsences = "ListAbsences"
)

// Listener is told what changes for appraisals, in the same transaction and after the write. An
// error undoes the whole change.
type Listener interface {
	// Hold says that one request is about to tell of several changes: of all that these people hold or
	// manage, and of these posts. Whoever listens takes its locks here, at once and in one order.
	Hold(ctx context.Context, people, posts []uuid.UUID) error
	// LineManagerChanged says that from the day on another person, or nobody, manages the post.
	LineManagerChanged(ctx context.Context, postID uuid.UUID, from schooltime.Date) error
	// OfficeChanged says that from the day on other people, or nobody, hold an office.
	OfficeChanged(ctx context.Context, code string, from schooltime.Date) error
	// PersonLeft says that the person's employment ended. PostEnded has been told of each post
	// before, and LineManagerChanged of each post that they managed.
	PersonLeft(ctx context.Context, personID uuid.UUID, on schooltime.Date) error
	// PostEnded says that the day is the first on which the post is no longer held.
	PostEnded(ctx context.Context, postID uuid.UUID, on schooltime.Date) error
}

// Store keeps the directory. What is not there, or not within the reach of the named operation,
// is fault.Gone. Every change takes a version, AnyVersion but for the locked, and is stale when
// the record has another.
type Store interface {
	// Permit refuses the operation of the context on a record that the caller may read.
	Permit(ctx context.Context, r access.Record) error
	unitStore
	personStore
	postStore
	managerStore
	officeStore
	absenceStore
	calendarStore
}

// Service is the use cases of the directory.
type Service struct {
	store     Store
	listener  Listener
	calendars CalendarListener
}

// NewService returns the use cases over the store. The listener hears what concerns appraisals,
// calendars what concerns the deadlines of cycles.
func NewService(store Store, listener Listener, calendars CalendarListener) *Service {
	return &Service{store, listener, calendars}
}

func today(ctx context.Context) schooltime.Date { return access.From(ctx).Today }

// orToday is the day given, or the school day.
func orToday(ctx context.Context, d schooltime.Date) schooltime.Date {
	if d.IsZero() {
		return today(ctx)
	}
	return d
}

// named turns a record that a body names, and that is not there, into a fault of the body.
func named(err error, at, code, detail string) error {
	if fault.KindOf(err) == fault.NotFound {
		return fault.Body(at, code, "%s", detail)
	}
	return err
}

// existing refuses a unit in a body that is not one of the trust's.
func (s *Service) existing(ctx context.Context, at string, unit uuid.UUID) (*Unit, error) {
	u, err := s.store.Unit(ctx, unit)
	return u, named(err, at, "unknown_unit", "There is no such unit in the trust.")
}

// working holds a person whom a body names until the transaction ends, so that they do not leave
// meanwhile, and refuses one who has left.
func (s *Service) working(ctx context.Context, at string, person uuid.UUID) error {
	p, err := s.store.HoldPerson(ctx, person)
	if err != nil {
		return named(err, at, "unknown_person", "There is no such person in the trust.")
	}
	if p.Status != Active {
		return fault.Body(at, "person_inactive", "This person has left. Name somebody who is employed.")
	}
	return nil
}
