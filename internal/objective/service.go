package objective

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/plan"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/standards"
)

// Filter narrows a list of objectives; zero fields do not.
type Filter struct {
	AppraisalID, CycleID, UnitID, PersonID *uuid.UUID
	Approval, Completion, Validation, Slot string
	CreatedSince, UpdatedSince             *time.Time
}

// Store keeps objectives. Whatever the caller may not read is fault.Gone.
type Store interface {
	// Objectives lists those that the caller reaches, each with its case.
	Objectives(ctx context.Context, f Filter, p page.Request) (page.Page[*Aggregate], error)
	// Objective reads one; somebody who is no party leaves a disclosure.
	Objective(ctx context.Context, id uuid.UUID) (*Aggregate, error)
	// CreateObjective locks the appraisal, loads its case, and stores what add answers.
	CreateObjective(ctx context.Context, appraisalID uuid.UUID, add func(*appraisal.Case) (*Aggregate, audit.Event, error)) (*Aggregate, error)
	// ChangeObjective locks appraisal and objective, holds the version, and stores what change made:
	// the objective, its live and next revisions, those in touched, its signatures, and what is
	// pending on the case.
	ChangeObjective(ctx context.Context, id uuid.UUID, version int, change func(*Aggregate) (touched []*Revision, e audit.Event, err error)) (*Aggregate, error)
	// DeleteObjective locks like ChangeObjective and removes the draft when check lets it.
	DeleteObjective(ctx context.Context, id uuid.UUID, version int, check func(*Aggregate) (audit.Event, error)) error
	// Revisions lists every version of an objective, newest first.
	Revisions(ctx context.Context, id uuid.UUID) ([]Revision, error)
	// SetCounts marks which objectives of the appraisal count, with the appraisal's version held.
	SetCounts(ctx context.Context, appraisalID uuid.UUID, version int, choose func(*appraisal.Case) ([]uuid.UUID, audit.Event, error)) (*appraisal.Case, error)
	// AppraisalObjectives reads the case of an appraisal with all its objectives.
	AppraisalObjectives(ctx context.Context, appraisalID uuid.UUID) (*appraisal.Case, []*Aggregate, error)
	// ExpectingStatements reads the statements of the person's self-assessments in the year, as far as
	// the caller reads those, that are rated so that an objective is expected.
	ExpectingStatements(ctx context.Context, c *appraisal.Case) ([]Rated, error)
	// LinkedPriorities answers the levels of those ids that are live priorities of the trust or the unit.
	LinkedPriorities(ctx context.Context, ids []uuid.UUID, unit uuid.UUID) (map[uuid.UUID]plan.Level, error)
	// UnknownStatements says which are no statements of a framework that the unit may use, by their place.
	UnknownStatements(ctx context.Context, statements []standards.StatementRef, unit uuid.UUID) ([]int, error)
	// KnowsTemplate says whether there is such an entry of the objective bank.
	KnowsTemplate(ctx context.Context, id uuid.UUID) (bool, error)
	BulkStore
	SampleStore
}

// Service is the use cases of objectives.
type Service struct {
	Store
	now func() time.Time
}

// NewService returns the use cases over a store. now is the wall clock.
func NewService(store Store, now func() time.Time) *Service { return &Service{store, now} }

// NewObjective is an objective as its author wants it.
type NewObjective struct {
	Slot    string
	Mandate *string // the code of the mandated objective that it answers
	Content Content
	from    *uuid.UUID // the objective of an earlier year that it continues
}

// Create drafts an objective in a slot.
func (s *Service) Create(ctx context.Context, appraisalID uuid.UUID, n NewObjective) (*Aggregate, error) {
	return s.CreateObjective(ctx, appraisalID, func(c *appraisal.Case) (*Aggregate, audit.Event, error) {
		return s.draft(ctx, c, n, Creating)
	})
}

// draft makes an objective where the act admits it.
func (s *Service) draft(ctx context.Context, c *appraisal.Case, n NewObjective, by appraisal.Act[*appraisal.Case]) (*Aggregate, audit.Event, error) {
	if err := fault.Check(appraisal.Decide(c, c, by)); err != nil {
		return nil, audit.Event{}, err
	}
	if err := fits(c, n); err != nil {
		return nil, audit.Event{}, err
	}
	levels, err := s.link(ctx, c, n.Content)
	if err != nil {
		return nil, audit.Event{}, err
	}
	one := 1
	a := &Aggregate{Case: c, Levels: levels, Objective: Objective{AppraisalID: c.ID, Origin: string(origin(c)), Slot: n.Slot, Counts: counts(c, n.Slot),
		Approval: Draft, Completion: Incomplete, Validation: Unvalidated, NextRevision: &one, FromID: n.from, Mandate: n.Mandate}}
	a.Next = s.revision(c, 1, RevisionDraft, n.Content)
	return a, audit.Event{Type: "objective.created", Data: map[string]any{"slot": n.Slot, "origin": a.Origin, "mandate": n.Mandate, "from": n.from}}, nil
}

// origin is as what the actor drafts: HR does where the policy has objectives drafted centrally,
// also when they review the person too.
func origin(c *appraisal.Case) policy.Party {
	if rules(c).Drafter == policy.HR {
		return policy.HR
	}
	return c.PartyOf(c.Actor.PersonID)
}

// fits refuses a slot that the policy does not have, that is taken, or whose time has not come.
func fits(c *appraisal.Case, n NewObjective) error {
	leaf, slot := &c.Rules().Objectives.Slots, SlotOf(c, n.Slot)
	if n.Slot != ExtraSlot && slot == nil {
		e := fault.Body("/slot", "unknown_slot", "The policy has no such slot; further objectives use the slot extra.")
		e.Refusals = []fault.Refusal{{Code: "unknown_slot", Detail: e.Message, Policy: c.Policy.Cite(leaf)}}
		return e
	}
	if taken(c, n.Slot) {
		return fault.Check([]fault.Refusal{{Code: "slot_taken", Detail: "There is an objective in this slot already.", Policy: c.Policy.Cite(leaf), Unblock: "Change that one, or use the slot extra."}})
	}
	if err := fault.Check(needsAssessment(c, slot)); err != nil {
		return err
	}
	return answerable(c, n.Mandate, n.Slot)
}

func taken(c *appraisal.Case, slot string) bool {
	return slot != ExtraSlot && slices.ContainsFunc(present(c), func(o appraisal.ObjectiveFact) bool { return o.Slot == slot })
}

// counts says whether a new objective counts: those in the policy's slots do, and extra ones only
// while fewer count than shall.
func counts(c *appraisal.Case, slot string) bool {
	n, limited := c.Rules().Objectives.Counted.N()
	if slot != ExtraSlot || !limited {
		return true
	}
	have := 0
	for _, o := range present(c) {
		if o.Counts {
			have++
		}
	}
	required, _ := Required(c)
	return have < n && required < n
}

func (s *Service) revision(c *appraisal.Case, number int, state RevisionState, content Content) *Revision {
	return &Revision{Number: number, State: state, Content: content, AuthorID: c.Actor.PersonID, CreatedAt: s.now(), UpdatedAt: s.now()}
}

// step runs a change that an act admits, moves the approval, and names the event.
func (s *Service) step(ctx context.Context, id uuid.UUID, version int, a act, e Event, change func(*Aggregate) ([]*Revision, error)) (*Aggregate, error) {
	return s.move(ctx, id, version, a, func(o *Aggregate) (Event, []*Revision, error) {
		touched, err := change(o)
		return e, touched, err
	})
}

// move is step where the change itself says which event it was.
func (s *Service) move(ctx context.Context, id uuid.UUID, version int, a act, change func(*Aggregate) (Event, []*Revision, error)) (*Aggregate, error) {
	return s.ChangeObjective(ctx, id, version, func(o *Aggregate) ([]*Revision, audit.Event, error) {
		if err := fault.Check(appraisal.Decide(o.Case, o, a)); err != nil {
			return nil, audit.Event{}, err
		}
		was := o.Approval
		e, touched, err := change(o)
		if err != nil {
			return nil, audit.Event{}, err
		}
		next, err := ApprovalLifecycle.Next(was, e)
		if err != nil {
			return nil, audit.Event{}, err
		}
		o.Approval = next
		return touched, audit.Event{Type: "objective." + verbs[e], Data: map[string]any{"from": was, "to": o.Approval, "revision": o.Working().Number, "slot": o.Slot}}, nil
	})
}

var verbs = map[Event]string{Edit: "edited", EditChange: "edited", Propose: "proposed", Sign: "signed", Approve: "approved", RequestChanges: "changes_requested",
	Escalate: "escalated", Determine: "determined", Amend: "amendment_started", Discard: "amendment_discarded", Adopt: "adopted", Withdraw: "withdrawn"}

// Replace changes what the version being agreed says. Any edit clears the signatures on it.
func (s *Service) Replace(ctx context.Context, id uuid.UUID, version int, content Content) (*Aggregate, error) {
	return s.move(ctx, id, version, editing, func(o *Aggregate) (Event, []*Revision, error) {
		if err := s.relink(ctx, o, content); err != nil {
			return Edit, nil, err
		}
		if content.Remark == nil { // the reason of a change stays while its text is worked on
			content.Remark = o.Next.Remark
		}
		o.Next.Content, o.Next.UpdatedAt, o.Signatures = content, s.now(), nil
		edit := Edit
		if o.Approval == Proposed { // what was proposed is proposed no longer
			o.Next.State = RevisionDraft
			if o.Live != nil {
				edit = EditChange
			}
		}
		return edit, []*Revision{o.Next}, nil
	})
}
