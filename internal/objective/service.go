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
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
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

// Propose puts the version to the other party; it implies the drafter's signature.
func (s *Service) Propose(ctx context.Context, id uuid.UUID, version int, remark string) (*Aggregate, error) {
	return s.step(ctx, id, version, proposing, Propose, func(o *Aggregate) ([]*Revision, error) {
		o.Next.State, o.Next.AuthorID = RevisionProposed, o.Case.Actor.PersonID
		s.sign(o)
		s.remark(o, "proposal", remark)
		return []*Revision{o.Next}, nil
	})
}

// Approve agrees to the version. Where the policy asks for both, it is live with the second.
func (s *Service) Approve(ctx context.Context, id uuid.UUID, version int) (*Aggregate, error) {
	return s.step(ctx, id, version, approving, Approve, func(o *Aggregate) ([]*Revision, error) {
		s.sign(o)
		return s.makeLive(o), nil
	})
}

// RequestChanges sends the version back with what should change.
func (s *Service) RequestChanges(ctx context.Context, id uuid.UUID, version int, remark string) (*Aggregate, error) {
	return s.step(ctx, id, version, requesting, RequestChanges, func(o *Aggregate) ([]*Revision, error) {
		o.Next.State, o.Signatures = RevisionDraft, nil
		s.remark(o, "changes_requested", remark)
		return []*Revision{o.Next}, nil
	})
}

// Escalate hands a disagreement to whom the policy names. They get a seat until it is determined.
func (s *Service) Escalate(ctx context.Context, id uuid.UUID, version int, remark string) (*Aggregate, error) {
	return s.step(ctx, id, version, escalating, Escalate, func(o *Aggregate) ([]*Revision, error) {
		s.remark(o, "disagreement", remark)
		o.Case.OpenSeat(appraisal.Determine, "disagreement", o.Case.Who(rules(o.Case).OnDisagreement)...)
		return nil, nil
	})
}

// Determine settles a disagreement: as proposed, or with another content.
func (s *Service) Determine(ctx context.Context, id uuid.UUID, version int, content *Content, remark string) (*Aggregate, error) {
	return s.step(ctx, id, version, determining, Determine, func(o *Aggregate) ([]*Revision, error) {
		var touched []*Revision
		if content != nil {
			if err := s.linked(ctx, o.Case, *content); err != nil {
				return nil, err
			}
			old := o.Next
			old.State = RevisionSuperseded
			o.Next = s.revision(o.Case, old.Number+1, RevisionProposed, *content)
			o.NextRevision = &o.Next.Number
			touched = append(touched, old)
		}
		by := o.Case.Actor.PersonID
		o.Next.DeterminedBy = &by
		s.remark(o, "determination", remark)
		touched = append(touched, s.makeLive(o)...)
		if !escalatedElsewhere(o) {
			o.Case.EndSeats(appraisal.Determine)
		}
		return touched, nil
	})
}

func escalatedElsewhere(o *Aggregate) bool {
	return slices.ContainsFunc(o.Case.Objectives, func(f appraisal.ObjectiveFact) bool { return f.ID != o.ID && f.Approval == string(Escalated) })
}

// Amend starts a change to a live objective, which stands until the change is agreed.
func (s *Service) Amend(ctx context.Context, id uuid.UUID, version int, content Content) (*Aggregate, error) {
	return s.step(ctx, id, version, amending, Amend, func(o *Aggregate) ([]*Revision, error) {
		if err := s.linked(ctx, o.Case, content); err != nil {
			return nil, err
		}
		all, err := s.Revisions(ctx, o.ID)
		if err != nil {
			return nil, err
		}
		o.Next = s.revision(o.Case, all[0].Number+1, RevisionDraft, content)
		o.NextRevision, o.Signatures = &o.Next.Number, nil
		return []*Revision{o.Next}, nil
	})
}

// DiscardAmendment drops a change that is not agreed; the live version stands.
func (s *Service) DiscardAmendment(ctx context.Context, id uuid.UUID, version int) (*Aggregate, error) {
	return s.step(ctx, id, version, discarding, Discard, func(o *Aggregate) ([]*Revision, error) {
		dropped := o.Next
		dropped.State = RevisionDiscarded
		o.Next, o.NextRevision, o.Signatures = nil, nil, nil
		if !escalatedElsewhere(o) {
			o.Case.EndSeats(appraisal.Determine)
		}
		return []*Revision{dropped}, nil
	})
}

// sign adds the actor's signature to the next revision, as the party that they are.
func (s *Service) sign(o *Aggregate) {
	party := o.Case.PartyOf(o.Case.Actor.PersonID)
	if !signed(o, party) {
		o.Signatures = append(o.Signatures, Signature{SubjectKind: "objective", SubjectID: o.ID, Revision: o.Next.Number, Party: party,
			PersonID: o.Case.Actor.PersonID, At: s.now()})
	}
}

// makeLive puts the next revision in the place of the live one, and moves the appraisal to running
// when every required slot is agreed.
func (s *Service) makeLive(o *Aggregate) []*Revision {
	touched := []*Revision{o.Next}
	if o.Live != nil {
		o.Live.State = RevisionSuperseded
		touched = append(touched, o.Live)
	}
	at := s.now()
	o.Next.State, o.Next.LiveAt = RevisionLive, &at
	o.Live, o.LiveRevision = o.Next, o.NextRevision
	o.Next, o.NextRevision = nil, nil
	for i := range o.Case.Objectives {
		if o.Case.Objectives[i].ID == o.ID {
			o.Case.Objectives[i].Live = true
		}
	}
	if required, agreed := Required(o.Case); required == agreed && o.Case.Stage == appraisal.Setting {
		o.Case.MoveStage(appraisal.Running)
	}
	return touched
}

func (s *Service) remark(o *Aggregate, kind, text string) {
	if text != "" {
		o.Case.Say(kind, "objective", o.ID, nil, text, s.now())
	}
}

// Finish marks the objective as complete. Before the period's end it asks what comes next, where
// the policy wants to know.
func (s *Service) Finish(ctx context.Context, id uuid.UUID, version int, whatNext string) (*Aggregate, error) {
	return s.ChangeObjective(ctx, id, version, func(o *Aggregate) ([]*Revision, audit.Event, error) {
		if err := fault.Check(appraisal.Decide(o.Case, o, completing)); err != nil {
			return nil, audit.Event{}, err
		}
		leaf := &rules(o.Case).WhatNext
		if *leaf && whatNext == "" && o.Case.Today.Before(o.Case.EndsOn) {
			e := fault.Body("/what_next", "what_next_required", "It is complete before the year's end: say what comes next.")
			e.Refusals = []fault.Refusal{{Code: e.Code, Detail: e.Message, Policy: o.Case.Policy.Cite(leaf)}}
			return nil, audit.Event{}, e
		}
		o.Completion, o.CompletedOn, o.Progress = Complete, o.Case.Today, 100
		if whatNext != "" {
			o.WhatNext = &whatNext
		}
		return nil, audit.Event{Type: "objective.completed", Data: map[string]any{"on": o.CompletedOn.String(), "early": o.Case.Today.Before(o.Case.EndsOn)}}, nil
	})
}

// SetProgress says how far the objective is, in per cent.
func (s *Service) SetProgress(ctx context.Context, id uuid.UUID, version, percent int, remark string) (*Aggregate, error) {
	return s.ChangeObjective(ctx, id, version, func(o *Aggregate) ([]*Revision, audit.Event, error) {
		if err := fault.Check(appraisal.Decide(o.Case, o, progressing)); err != nil {
			return nil, audit.Event{}, err
		}
		was := o.Progress
		o.Progress = percent
		s.remark(o, "progress", remark)
		return nil, audit.Event{Type: "objective.progressed", Data: map[string]any{"from": was, "to": percent}}, nil
	})
}

// Delete removes a draft that was never agreed.
func (s *Service) Delete(ctx context.Context, id uuid.UUID, version int) error {
	return s.DeleteObjective(ctx, id, version, func(o *Aggregate) (audit.Event, error) {
		return audit.Event{Type: "objective.deleted", Data: map[string]any{"slot": o.Slot}}, fault.Check(appraisal.Decide(o.Case, o, deleting))
	})
}

// Prioritise marks which objectives count for the outcome.
func (s *Service) Prioritise(ctx context.Context, appraisalID uuid.UUID, version int, ids []uuid.UUID) (*appraisal.Case, error) {
	return s.SetCounts(ctx, appraisalID, version, func(c *appraisal.Case) ([]uuid.UUID, audit.Event, error) {
		if err := fault.Check(appraisal.Decide(c, c, Prioritising)); err != nil {
			return nil, audit.Event{}, err
		}
		for _, id := range ids {
			if !slices.ContainsFunc(c.Objectives, func(o appraisal.ObjectiveFact) bool { return o.ID == id }) {
				return nil, audit.Event{}, fault.Body("/objective_ids", "unknown_objective", "One of them is no objective of this appraisal.")
			}
		}
		leaf := &rules(c).Counted
		if n, limited := leaf.N(); limited && len(ids) > n {
			return nil, audit.Event{}, fault.Check([]fault.Refusal{{Code: "too_many_count", Detail: "More objectives are marked than count.", Policy: c.Policy.Cite(leaf), Unblock: "Mark fewer."}})
		}
		return ids, audit.Event{Type: "appraisal.objectives_prioritised", Data: map[string]any{"objectives": ids}}, nil
	})
}

// Party says as what somebody acts, for a remark or signature.
func Party(c *appraisal.Case, person uuid.UUID) policy.Party { return c.PartyOf(person) }

// Late says whether objectives are late: the deadline has passed and a required slot is not agreed.
func Late(c *appraisal.Case) (due schooltime.Date, late bool) {
	due = c.Cycle.Due("objectives")
	required, agreed := Required(c)
	return due, !due.IsZero() && c.Today.After(due) && agreed < required
}
