package appraisal

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Note is what somebody wrote on an appraisal or one of its parts. Kind says on what occasion.
type Note struct {
	TrustID     uuid.UUID
	ID          uuid.UUID
	AppraisalID uuid.UUID
	SubjectKind string
	SubjectID   uuid.UUID
	Section     *string
	Kind        string
	AuthorID    uuid.UUID
	Party       policy.Party
	Text        string
	At          time.Time
	SchoolOn    schooltime.Date
}

// TableName names the table.
func (Note) TableName() string { return "notes" }

// Pending is what a command changes on the appraisal itself, beside the part that it is about. The
// store writes it in the same transaction.
type Pending struct {
	Changed  bool // the appraisal's own row
	NewSeats []Seat
	Ended    []Seat
	Notes    []Note

	Suspended *Suspension // begins
	Resumed   bool        // whichever suspension lasted is over
}

// MoveTurn says whose step is open now.
func (c *Case) MoveTurn(turn string) {
	if c.Turn != turn {
		c.Turn, c.Pending.Changed = turn, true
	}
}

// OpenSeat seats people from today on, for a thing that came to them.
func (c *Case) OpenSeat(duty Duty, why string, people ...uuid.UUID) {
	for _, p := range without(people, c.Seated(duty)) {
		s := Seat{AppraisalID: c.ID, PersonID: p, Duty: duty, Lead: true, FromOn: c.Today, Why: why}
		c.Seats = append(c.Seats, s)
		c.Pending.NewSeats = append(c.Pending.NewSeats, s)
	}
}

// EndSeats ends the seats of a duty: what they were for is done.
func (c *Case) EndSeats(duty Duty) {
	for i, s := range c.Seats {
		if s.Duty == duty && s.Holds(c.Today) {
			c.Seats[i].UntilOn = c.Today
			c.Pending.Ended = append(c.Pending.Ended, c.Seats[i])
		}
	}
}

// Say adds a note of the actor on a part of the case.
func (c *Case) Say(kind, subjectKind string, subject uuid.UUID, section *string, text string, at time.Time) {
	c.Pending.Notes = append(c.Pending.Notes, Note{AppraisalID: c.ID, SubjectKind: subjectKind, SubjectID: subject, Section: section,
		Kind: kind, AuthorID: c.Actor.PersonID, Party: c.PartyOf(c.Actor.PersonID), Text: text, At: at, SchoolOn: c.Today})
}

// SeatNext ends the seats of the step that was open and seats whoever the next one comes to, where
// they do not reach the case otherwise.
func (c *Case) SeatNext() {
	c.EndSeats(StepDuty)
	for _, chain := range []string{OutcomeChain, PayChain} {
		for _, s := range c.Chain(chain) {
			if !s.Rule.Required || s.Settled() {
				continue
			}
			for _, p := range c.Who(s.Rule.Party, c.Barred(s)...) {
				if !c.Reached(p) && !slices.Contains(c.Seated(Review), p) {
					c.OpenSeat(StepDuty, "step", p)
				}
			}
			return
		}
	}
}
