package appraisal

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Filter narrows a list of appraisals; zero fields do not.
type Filter struct {
	CycleID, UnitID, PersonID *uuid.UUID
	Stages                    []string
	Status                    string
	WithoutReviewer           bool
	UpdatedSince              *time.Time
	Sort                      string // id or -updated_at
	Total                     bool
}

// List is one page of appraisals.
type List struct {
	page.Page[*Case]
	Total *int
	AsOf  time.Time // wall time; a later list with updated_since of it misses nothing
}

// Waiting is one thing that waits for somebody.
type Waiting struct {
	Kind        string
	Detail      string
	Count       int
	DueOn       schooltime.Date
	Late        bool
	AppraisalID *uuid.UUID
	PersonID    *uuid.UUID
	Operation   string
}

// Store keeps appraisals. Whatever the caller may not read is fault.Gone.
type Store interface {
	// Appraisals lists those that the caller reaches, with their cases.
	Appraisals(ctx context.Context, f Filter, p page.Request) (List, error)
	// Appraisal reads one; somebody who is no party leaves a disclosure.
	Appraisal(ctx context.Context, id uuid.UUID) (*Case, error)
	// ChangeAppraisal locks the appraisal, holds its version, and stores what change left pending.
	ChangeAppraisal(ctx context.Context, id uuid.UUID, version int, change func(*Case) (audit.Event, error)) (*Case, error)
	// Notes lists the notes of an appraisal that the caller reaches, oldest first.
	Notes(ctx context.Context, appraisalID uuid.UUID, kind string, subject *uuid.UUID, p page.Request) (page.Page[Note], error)
	// AddNote stores a note that add makes of the case.
	AddNote(ctx context.Context, appraisalID uuid.UUID, add func(*Case) (Note, error)) (Note, error)
	// IsActive says whether the person works for the trust.
	IsActive(ctx context.Context, person uuid.UUID) (bool, error)
	// Hold locks, in order of id, the open appraisals of these posts, and those of the people: theirs, of
	// posts that they manage, on which they have a seat, and whose seats follow from an office of theirs.
	Hold(ctx context.Context, people, posts []uuid.UUID) error
	// OpenCasesOf locks and reads the open appraisals of a post, in order of id.
	OpenCasesOf(ctx context.Context, post uuid.UUID) ([]*Case, error)
	// SeatedCases locks and reads the open appraisals on which the person has a seat.
	SeatedCases(ctx context.Context, person uuid.UUID) ([]*Case, error)
	// ManagerOf is who line-manages the post on the day, or nil.
	ManagerOf(ctx context.Context, post uuid.UUID, on schooltime.Date) (*uuid.UUID, error)
	// CasesByOffice locks and reads the open appraisals whose seats follow from an office, in order of id.
	CasesByOffice(ctx context.Context, code string) ([]*Case, error)
	// OrgOn reads the units, and the offices of a day.
	OrgOn(ctx context.Context, day schooltime.Date) (*directory.Org, error)
	// FactsOfPeople returns the facts of each person's main post on a day; somebody without a post has none.
	FactsOfPeople(ctx context.Context, people []uuid.UUID, on schooltime.Date) (map[uuid.UUID]policy.FactSet, error)
	// Reseat stores the seats of a case as they are now, with an event.
	Reseat(ctx context.Context, c *Case, e audit.Event) error
	// Turns counts the open appraisals that the caller reaches by operation, whose turn is the party.
	Turns(ctx context.Context, operation string, party policy.Party) (int, error)
	// MyCases reads the cases of open cycles in which the caller is reviewee or has a seat.
	MyCases(ctx context.Context) ([]*Case, error)
}

// Service is the use cases of appraisals.
type Service struct {
	Store
	now func() time.Time
}

// NewService returns the use cases over a store. now is the wall clock.
func NewService(store Store, now func() time.Time) *Service { return &Service{store, now} }

// Comment adds a note to the appraisal or one of its objectives.
func (s *Service) Comment(ctx context.Context, id uuid.UUID, kind string, subject *uuid.UUID, text string) (Note, error) {
	return s.AddNote(ctx, id, func(c *Case) (Note, error) {
		if refused := c.UnderWay(); len(refused) > 0 {
			return Note{}, fault.Check(refused)
		}
		about := c.ID
		switch {
		case kind == "objective" && (subject == nil || !c.hasObjective(*subject)):
			return Note{}, fault.Body("/subject_id", "unknown_objective", "There is no such objective in this appraisal.")
		case kind == "objective":
			about = *subject
		case subject != nil && *subject != c.ID:
			return Note{}, fault.Body("/subject_id", "unknown_subject", "A note on the appraisal is about no other record.")
		}
		return Note{AppraisalID: c.ID, SubjectKind: kind, SubjectID: about, Kind: "note", AuthorID: c.Actor.PersonID,
			Party: c.PartyOf(c.Actor.PersonID), Text: text, At: s.now(), SchoolOn: c.Today}, nil
	})
}

func (c *Case) hasObjective(id uuid.UUID) bool {
	for _, o := range c.Objectives {
		if o.ID == id {
			return true
		}
	}
	return false
}
