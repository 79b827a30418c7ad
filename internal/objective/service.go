package objective

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/page"
)

// Filter narrows a list of objectives; zero fields do not.
type Filter struct {
	AppraisalID, CycleID, UnitID *uuid.UUID
	Approval, Completion, Slot   string
	UpdatedSince                 *time.Time
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
	// UnknownPriorities says which of the ids are no live priorities of the trust or the unit.
	UnknownPriorities(ctx context.Context, ids []uuid.UUID, unit uuid.UUID) ([]int, error)
	// KnowsTemplate says whether there is such an entry of the objective bank.
	KnowsTemplate(ctx context.Context, id uuid.UUID) (bool, error)
}

// Service is the use cases of objectives.
type Service struct {
	Store
	now func() time.Time
}

// NewService returns the use cases over a store. now is the wall clock.
func NewService(store Store, now func() time.Time) *Service { return &Service{store, now} }

// Create drafts an objective in a slot.
func (s *Service) Create(ctx context.Context, appraisalID uuid.UUID, slot string, content Content) (*Aggregate, error) {
	return s.CreateObjective(ctx, appraisalID, func(c *appraisal.Case) (*Aggregate, audit.Event, error) {
		if err := fault.Check(appraisal.Decide(c, c, Creating)); err != nil {
			return nil, audit.Event{}, err
		}
		if err := s.fits(ctx, c, slot, content); err != nil {
			return nil, audit.Event{}, err
		}
		one := 1
		a := &Aggregate{Case: c, Objective: Objective{AppraisalID: c.ID, Origin: string(c.PartyOf(c.Actor.PersonID)), Slot: slot,
			Counts: counts(c, slot), Approval: Draft, Completion: Incomplete, NextRevision: &one}}
		a.Next = s.revision(c, 1, RevisionDraft, content)
		return a, audit.Event{Type: "objective.created", Data: map[string]any{"slot": slot, "origin": a.Origin}}, nil
	})
}

// fits refuses a slot that the policy does not have or that is taken, and links that lead nowhere.
func (s *Service) fits(ctx context.Context, c *appraisal.Case, slot string, content Content) error {
	leaf := &c.Rules().Objectives.Slots
	if slot != ExtraSlot && SlotOf(c, slot) == nil {
		e := fault.Body("/slot", "unknown_slot", "The policy has no such slot; further objectives use the slot extra.")
		e.Refusals = []fault.Refusal{{Code: "unknown_slot", Detail: e.Message, Policy: c.Policy.Cite(leaf)}}
		return e
	}
	taken := slices.ContainsFunc(c.Objectives, func(o appraisal.ObjectiveFact) bool { return o.Slot == slot && slot != ExtraSlot })
	if taken {
		return fault.Check([]fault.Refusal{{Code: "slot_taken", Detail: "There is an objective in this slot already.", Policy: c.Policy.Cite(leaf), Unblock: "Change that one, or use the slot extra."}})
	}
	return s.linked(ctx, c, content)
}

func (s *Service) linked(ctx context.Context, c *appraisal.Case, content Content) error {
	unknown, err := s.UnknownPriorities(ctx, content.Priorities, c.UnitID)
	if err != nil {
		return err
	}
	if len(unknown) > 0 {
		return fault.Body(fmt.Sprintf("/priority_ids/%d", unknown[0]), "unknown_priority", "There is no such priority of the trust or this unit, or it is archived.")
	}
	return s.fromBank(ctx, c, content)
}

// fromBank refuses an entry of the bank that is not there, or any where the trust offers none.
func (s *Service) fromBank(ctx context.Context, c *appraisal.Case, content Content) error {
	if content.TemplateID == nil {
		return nil
	}
	if leaf := &rules(c).Bank; !*leaf {
		return fault.Check([]fault.Refusal{{Code: "no_objective_bank", Detail: "This trust offers no objective bank.", Policy: c.Policy.Cite(leaf), Unblock: "Leave template_id out."}})
	}
	known, err := s.KnowsTemplate(ctx, *content.TemplateID)
	if err != nil || known {
		return err
	}
	return fault.Body("/template_id", "unknown_template", "There is no such entry of the objective bank.")
}

// counts says whether a new objective counts: those in the policy's slots do, and extra ones only
// while fewer count than shall.
func counts(c *appraisal.Case, slot string) bool {
	n, limited := c.Rules().Objectives.Counted.N()
	if slot != ExtraSlot || !limited {
		return true
	}
	have := 0
	for _, o := range c.Objectives {
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
	return s.ChangeObjective(ctx, id, version, func(o *Aggregate) ([]*Revision, audit.Event, error) {
		if err := fault.Check(appraisal.Decide(o.Case, o, a)); err != nil {
			return nil, audit.Event{}, err
		}
		was := o.Approval
		next, err := ApprovalLifecycle.Next(o.Approval, e)
		if err != nil {
			return nil, audit.Event{}, err
		}
		touched, err := change(o)
		if err != nil {
			return nil, audit.Event{}, err
		}
		if o.Approval == was {
			o.Approval = next
		}
		return touched, audit.Event{Type: "objective." + verbs[e], Data: map[string]any{"from": was, "to": o.Approval, "revision": o.Working().Number, "slot": o.Slot}}, nil
	})
}

var verbs = map[Event]string{Edit: "edited", Propose: "proposed", Sign: "signed", Approve: "approved", RequestChanges: "changes_requested",
	Escalate: "escalated", Determine: "determined", Amend: "amendment_started", Discard: "amendment_discarded"}

// Replace changes what the version being agreed says. Any edit clears the signatures on it.
func (s *Service) Replace(ctx context.Context, id uuid.UUID, version int, content Content) (*Aggregate, error) {
	return s.step(ctx, id, version, editing, Edit, func(o *Aggregate) ([]*Revision, error) {
		if err := s.linked(ctx, o.Case, content); err != nil {
			return nil, err
		}
		o.Next.Content, o.Next.UpdatedAt, o.Signatures = content, s.now(), nil
		if o.Approval == Proposed { // what was proposed is proposed no longer
			o.Next.State = RevisionDraft
			o.Approval = Draft
			if o.Live != nil {
				o.Approval = Amending
			}
		}
		return []*Revision{o.Next}, nil
	})
}
