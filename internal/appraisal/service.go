package appraisal

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/audit"
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
	// OpenCasesOf locks and reads the open appraisals of a post, in order of id.
	OpenCasesOf(ctx context.Context, post uuid.UUID) ([]*Case, error)
	// SeatedCases locks and reads the open appraisals on which the person has a seat.
	SeatedCases(ctx context.Context, person uuid.UUID) ([]*Case, error)
	// ManagerOf is who line-manages the post on the day, or nil.
	ManagerOf(ctx context.Context, post uuid.UUID, on schooltime.Date) (*uuid.UUID, error)
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

// HandingOver is the act of naming another reviewer.
var HandingOver = Act[*Case]{Name: "hand_over", Operation: "HandOverAppraisal", By: func(*Case, *Case) Right {
	return Right{Parties: []policy.Party{policy.Head, policy.HR}}
}, Needs: func(c *Case, _ *Case) []fault.Refusal { return c.UnderWay() }}

// Ending is the act of ending an appraisal before its time.
var Ending = Act[*Case]{Name: "end", Operation: "EndAppraisal", By: func(*Case, *Case) Right {
	return Right{Parties: []policy.Party{policy.HR}}
}, Needs: func(c *Case, _ *Case) []fault.Refusal { return c.UnderWay() }}

// HandOver names another reviewer from a day on. The one before keeps the seat until then.
func (s *Service) HandOver(ctx context.Context, id uuid.UUID, version int, reviewer uuid.UUID, from schooltime.Date) (*Case, error) {
	active, err := s.IsActive(ctx, reviewer)
	if err != nil {
		return nil, err
	}
	return s.ChangeAppraisal(ctx, id, version, func(c *Case) (audit.Event, error) {
		if err := fault.Check(Decide(c, c, HandingOver)); err != nil {
			return audit.Event{}, err
		}
		if from.IsZero() {
			from = c.Today
		}
		switch {
		case !active:
			return audit.Event{}, fault.Body("/reviewer_id", "unknown_person", "There is no such active person in the trust.")
		case reviewer == c.PersonID:
			return audit.Event{}, fault.Body("/reviewer_id", "own_appraisal", "Nobody reviews themselves.")
		case from.Before(c.Today):
			return audit.Event{}, fault.Body("/from_on", "in_the_past", "A reviewer changes today or later.")
		}
		c.seat(reviewer, from, "handed_over")
		c.Pending.Changed = true
		return audit.Event{Type: "appraisal.handed_over", Data: map[string]any{"from_on": from.String(), "reviewer_id": reviewer}}, nil
	})
}

// seat gives the review seat to a person from a day on and ends that of others on the same day.
func (c *Case) seat(person uuid.UUID, from schooltime.Date, why string) {
	held := false
	for i, s := range c.Seats {
		if s.Duty != Review || !s.UntilOn.IsZero() && !s.UntilOn.After(from) {
			continue
		}
		if s.PersonID == person && s.Holds(from) {
			held = true
			continue
		}
		c.Seats[i].UntilOn = schooltime.Max(from, s.FromOn)
		c.Pending.Ended = append(c.Pending.Ended, c.Seats[i])
	}
	if !held {
		n := Seat{AppraisalID: c.ID, PersonID: person, Duty: Review, Lead: true, FromOn: from, Why: why}
		c.Seats = append(c.Seats, n)
		c.Pending.NewSeats = append(c.Pending.NewSeats, n)
	}
}

// End ends an appraisal before its time, such as when somebody leaves.
func (s *Service) End(ctx context.Context, id uuid.UUID, version int, reason string) (*Case, error) {
	return s.ChangeAppraisal(ctx, id, version, func(c *Case) (audit.Event, error) {
		if err := fault.Check(Decide(c, c, Ending)); err != nil {
			return audit.Event{}, err
		}
		return audit.Event{Type: "appraisal.ended", Data: map[string]any{"on": c.Today.String()}}, c.finish(reason)
	})
}

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
