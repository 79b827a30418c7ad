package dossier

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/assessment"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/checkin"
	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/evidence"
	"github.com/perennial-api/perennial/internal/meeting"
	"github.com/perennial-api/perennial/internal/objective"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/plan"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
	"github.com/perennial-api/perennial/internal/standards"
	"github.com/perennial-api/perennial/internal/yearend"
)

// The most that a dossier shows of each kind; the lists of the parts have all of it.
const (
	MaxEntries = 500 // of one objective
	MaxGeneral = 1000
	MaxRead    = 2000 // rows of one kind
	maxAnswers = 200  // of one meeting or statement
)

// Source is the record in which something stands. Step is the name of the step, for a step; On is
// what a note or a response hangs on.
type Source struct {
	Kind string
	ID   uuid.UUID
	Step string
	On   *Source
}

// Entry is one thing that was said or shown in the year.
type Entry struct {
	Kind   string // answer, response, note, evidence or change
	Source Source
	On     schooltime.Date
	By     *uuid.UUID
	Party  policy.Party // empty: no party any longer
	Label  string
	Text   string

	from    string // how a quotation names its source
	section string // of a check-in's form
}

// Objective is an agreed objective with everything that the year says of it.
type Objective struct {
	*objective.Aggregate
	Agreed     []objective.Revision
	Priorities []plan.Priority
	Judgements []yearend.Judgement // current ones that are no draft any longer
	Entries    []Entry
}

// Meeting is a meeting whose record is shared, with what it says of no single objective.
type Meeting struct {
	*meeting.Aggregate
	Entries []Entry
}

// Earlier is a released year before this one, as far as the caller may see it.
type Earlier struct {
	Case      *appraisal.Case
	Rating    *policy.Rating
	Statement []Entry
}

// Year is a dossier: the year put together, as far as the caller may read each part of it.
type Year struct {
	Case            *appraisal.Case
	Objectives      []Objective
	General         []Entry
	Meetings        []Meeting
	SelfAssessments []*assessment.Aggregate
	Praise          []checkin.Praise
	Engagement      yearend.Engagement
	Absences        []appraisal.Absence
	ReachesBack     bool // earlier years count beside this one
	Earlier         []Earlier
	Suggestions     []Suggestion
	Statements      map[standards.StatementRef]string // what the statements that objectives serve say
	Cards           map[uuid.UUID]directory.Card
	Truncated       bool
}

// Material is what a dossier is made of: the records of the year that the caller may read, oldest
// first, and nothing that is still a draft.
type Material struct {
	Case            *appraisal.Case
	Objectives      []*objective.Aggregate
	Agreed          []objective.Revision
	Priorities      []plan.Priority
	Statements      map[standards.StatementRef]string
	CheckIns        []*checkin.Aggregate
	Meetings        []*meeting.Aggregate
	Notes           []appraisal.Note
	Evidence        []evidence.Evidence
	SelfAssessments []*assessment.Aggregate
	Praise          []checkin.Praise
	Changes         []Happening // how far objectives were
	Judgements      []yearend.Judgement
	Earlier         []EarlierMaterial
}

// EarlierMaterial is a released year before with its ratings and its stored steps.
type EarlierMaterial struct {
	Case    *appraisal.Case
	Ratings []yearend.Rating
	Steps   []yearend.Step
}

// Happening is an event with the school day on which it happened.
type Happening struct {
	audit.Event
	On schooltime.Date
}

// YearStore reads what a year was.
type YearStore interface {
	// Dossier reads the material of a year. earlier says of its case whether the years before are read
	// too. Somebody who is no party leaves a disclosure.
	Dossier(ctx context.Context, appraisalID uuid.UUID, earlier func(*appraisal.Case) bool) (*Material, error)
	// Timeline lists the events of the types that the caller may know of, the latest first.
	Timeline(ctx context.Context, appraisalID uuid.UUID, types []string, p page.Request) (*appraisal.Case, page.Page[Happening], error)
	// Cards returns what everybody may see of these people.
	Cards(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]directory.Card, error)
}

// Year puts the dossier of an appraisal together.
func (s *Service) Year(ctx context.Context, appraisalID uuid.UUID) (*Year, error) {
	m, err := s.store.Dossier(ctx, appraisalID, reachesBack)
	if err != nil {
		return nil, err
	}
	y := &Year{Case: m.Case, SelfAssessments: m.SelfAssessments, Praise: m.Praise, Engagement: yearend.Engage(m.Case), ReachesBack: reachesBack(m.Case), Statements: m.Statements}
	if y.Cards, err = s.store.Cards(ctx, m.people()); err != nil {
		return nil, err
	}
	if m.Case.Bounds.Covers("ListAbsences", m.Case.Actor, m.Case.Record()) {
		y.Absences = within(m.Case)
	}
	sorting{m: m, y: y}.run()
	for _, e := range m.Earlier {
		y.Earlier = append(y.Earlier, e.seen(y.Cards))
	}
	y.Suggestions = suggest(y, m)
	return y, nil
}

// people are everybody whose card the dossier shows.
func (m *Material) people() []uuid.UUID {
	out := []uuid.UUID{m.Case.PersonID}
	for _, k := range m.CheckIns {
		out = append(out, named(k.Form(), k.Answers)...)
	}
	for _, a := range m.Meetings {
		out = append(out, named(a.Form(), a.Answers)...)
		if a.RecorderID != nil {
			out = append(out, *a.RecorderID)
		}
	}
	for _, n := range m.Notes {
		out = append(out, n.AuthorID)
	}
	for _, e := range m.Evidence {
		out = append(out, e.AddedBy)
	}
	for _, p := range m.Praise {
		out = append(out, p.ByID)
	}
	for _, e := range m.Changes {
		if e.ActorID != nil {
			out = append(out, *e.ActorID)
		}
	}
	for _, j := range m.Judgements {
		out = append(out, j.ByID)
	}
	for _, e := range m.Earlier {
		for _, s := range e.Steps {
			if s.DoneBy != nil {
				out = append(out, *s.DoneBy)
			}
		}
	}
	return out
}
