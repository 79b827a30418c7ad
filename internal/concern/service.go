package concern

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Filter narrows a list of concerns; zero fields do not.
type Filter struct {
	AppraisalID, CycleID *uuid.UUID
	Status               string
}

// Store keeps concerns. Whatever the caller may not see is fault.Gone.
type Store interface {
	// Concerns lists those that the caller may see, each with its case and its entries.
	Concerns(ctx context.Context, f Filter, p page.Request) (page.Page[*Aggregate], error)
	// Concern reads one; a head or HR who does not hold it leaves a disclosure.
	Concern(ctx context.Context, id uuid.UUID) (*Aggregate, error)
	// RaiseConcern locks the appraisal, loads its case, and stores what add answers.
	RaiseConcern(ctx context.Context, appraisalID uuid.UUID, add func(*appraisal.Case) (*Aggregate, audit.Event, error)) (*Aggregate, error)
	// ChangeConcern locks appraisal and concern, holds the version, and stores what change made: the
	// concern, an entry, and what is pending on the appraisal.
	ChangeConcern(ctx context.Context, id uuid.UUID, version int, change func(*Aggregate) (audit.Event, error)) (*Aggregate, error)
}

// Service is the use cases of concerns.
type Service struct {
	Store
	now func() time.Time
}

// NewService returns the use cases over a store. now is the wall clock.
func NewService(store Store, now func() time.Time) *Service { return &Service{store, now} }

// Start is what RaiseConcern brings.
type Start struct {
	AppraisalID uuid.UUID
	Formal      bool
	Serious     bool
	Contents    []Content
}

// Raise raises a concern, which its author holds from then on. Where the trust has an informal stage
// only a serious concern is formal at once.
func (s *Service) Raise(ctx context.Context, in Start) (*Aggregate, error) {
	return s.RaiseConcern(ctx, in.AppraisalID, func(c *appraisal.Case) (*Aggregate, audit.Event, error) {
		doing, status := RaisingInformally, Informal
		if in.Formal {
			doing, status = Raising, Raised
		}
		refused := appraisal.Decide(c, c, doing)
		if leaf := &c.Rules().Concern.Informal; in.Formal && *leaf && !in.Serious {
			refused = append(refused, fault.Refusal{Code: "informal_first", Detail: "In this trust an informal stage comes before the formal record, unless the concern is serious.",
				Policy: c.Policy.Cite(leaf), Unblock: "Raise it informally."})
		}
		if err := fault.Check(refused); err != nil {
			return nil, audit.Event{}, err
		}
		a := &Aggregate{Case: c, Concern: Concern{AppraisalID: c.ID, PersonID: c.PersonID, HolderID: c.Actor.PersonID, Status: status, Serious: in.Serious,
			RaisedOn: c.Today, Contents: []Content{}, Targets: []Target{}, ReviewDays: []schooltime.Date{}}}
		return a, audit.Event{Type: "concern.raised", Data: map[string]any{"status": status, "serious": in.Serious}}, a.say(in.Contents)
	})
}

// say takes what the record says, each thing once.
func (a *Aggregate) say(contents []Content) error {
	if contents == nil {
		return nil
	}
	seen := map[string]bool{}
	for _, c := range contents {
		if seen[c.Code] {
			return fault.Body("/contents", "duplicate", "Say each thing once.")
		}
		seen[c.Code] = true
	}
	a.Contents = contents
	return nil
}

// step runs a change that the act admits, moves the status, and completes the event.
func (s *Service) step(ctx context.Context, id uuid.UUID, version int, doing act, e Event, change func(*Aggregate) (audit.Event, error)) (*Aggregate, error) {
	return s.ChangeConcern(ctx, id, version, func(a *Aggregate) (audit.Event, error) {
		if err := refuse(a, appraisal.Decide(a.Case, a, doing)); err != nil {
			return audit.Event{}, err
		}
		event, err := change(a)
		if err != nil {
			return audit.Event{}, err
		}
		return appraisal.Move(Lifecycle, &a.Status, e, event)
	})
}

// refuse turns refusals into an error that also says what is missing, where that is one of them.
func refuse(a *Aggregate, refused []fault.Refusal) error {
	err := fault.Check(refused)
	e, ok := errors.AsType[*fault.Error](err)
	if ok && slices.ContainsFunc(refused, func(r fault.Refusal) bool { return r.Code == "concern_incomplete" }) {
		e.Violations = a.Missing()
	}
	return err
}

// required takes a text that must say something.
func required(at, text string) (string, error) {
	if strings.TrimSpace(text) == "" {
		return "", fault.Body(at, "required", "Say something.")
	}
	return text, nil
}

// cited is a fault of the body that a rule of the trust makes one.
func (a *Aggregate) cited(at, code, detail string, leaf any) error {
	e := fault.Body(at, code, "%s", detail)
	e.Refusals = []fault.Refusal{{Code: code, Detail: detail, Policy: a.Case.Policy.Cite(leaf)}}
	return e
}

// Save takes what the record says, as a whole, and whether the concern is serious.
func (s *Service) Save(ctx context.Context, id uuid.UUID, version int, contents []Content, serious *bool) (*Aggregate, error) {
	return s.step(ctx, id, version, saving, Save, func(a *Aggregate) (audit.Event, error) {
		if serious != nil {
			a.Serious = *serious
		}
		return audit.Event{Type: "concern.saved"}, a.say(contents)
	})
}

// Share lets the person see a concern that is still informal.
func (s *Service) Share(ctx context.Context, id uuid.UUID, version int) (*Aggregate, error) {
	return s.step(ctx, id, version, sharing, Share, func(a *Aggregate) (audit.Event, error) {
		at := s.now()
		a.SharedAt = &at
		return audit.Event{Type: "concern.shared"}, nil
	})
}

// MakeFormal begins the formal record of an informal concern.
func (s *Service) MakeFormal(ctx context.Context, id uuid.UUID, version int) (*Aggregate, error) {
	return s.step(ctx, id, version, formalising, MakeFormal, func(*Aggregate) (audit.Event, error) {
		return audit.Event{Type: "concern.made_formal"}, nil
	})
}

// Confirm freezes the record and gives it to the person.
func (s *Service) Confirm(ctx context.Context, id uuid.UUID, version int) (*Aggregate, error) {
	return s.step(ctx, id, version, confirming, Confirm, func(a *Aggregate) (audit.Event, error) {
		if a.SharedAt == nil {
			at := s.now()
			a.SharedAt = &at
		}
		a.ConfirmedOn = a.Case.Today
		return audit.Event{Type: "concern.confirmed", Data: map[string]any{"on": a.ConfirmedOn.String()}}, nil
	})
}

// Comment adds what the person has to say.
func (s *Service) Comment(ctx context.Context, id uuid.UUID, version int, text string) (*Aggregate, error) {
	return s.step(ctx, id, version, commenting, Comment, func(a *Aggregate) (audit.Event, error) {
		text, err := required("/text", text)
		a.add(Entry{Kind: CommentEntry, HappenedOn: a.Case.Today, Text: text}, s.now())
		return audit.Event{Type: "concern.commented"}, err
	})
}

// add keeps an entry of the actor's to be stored.
func (a *Aggregate) add(e Entry, at time.Time) {
	e.ByID, e.At = a.Case.Actor.PersonID, at
	a.Added = &e
}

// Finish closes a concern: the work is as it should be, no further action follows, or it is withdrawn.
func (s *Service) Finish(ctx context.Context, id uuid.UUID, version int, outcome, text string) (*Aggregate, error) {
	doing, e := closing, Close
	if outcome == string(Withdrawn) {
		doing, e = withdrawing, Withdraw
	}
	return s.step(ctx, id, version, doing, e, func(a *Aggregate) (audit.Event, error) {
		text, err := required("/text", text)
		a.ClosedOn, a.Outcome, a.Closing = a.Case.Today, &outcome, &text
		return audit.Event{Type: "concern.closed", Data: map[string]any{"outcome": outcome, "on": a.ClosedOn.String()}}, err
	})
}

// Give hands the concern to somebody else who reviews the person, heads them, or is HR.
func (s *Service) Give(ctx context.Context, id uuid.UUID, version int, to uuid.UUID) (*Aggregate, error) {
	return s.step(ctx, id, version, handing, HandOver, func(a *Aggregate) (audit.Event, error) {
		may := slices.ContainsFunc([]policy.Party{policy.Reviewer, policy.Head, policy.HR}, func(p policy.Party) bool {
			return slices.Contains(a.Case.Who(p), to)
		})
		if !may {
			return audit.Event{}, fault.Body("/holder_id", "unknown_holder", "A concern is held by somebody who reviews the person, who heads them, or who is HR.")
		}
		before := a.HolderID
		a.HolderID = to
		return audit.Event{Type: "concern.handed_over", Data: map[string]any{"holder_id_before": before.String(), "holder_id": to.String()}}, nil
	})
}
