package privacy

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Report is what somebody reports as a breach.
type Report struct {
	PersonID                  uuid.UUID
	AppraisalID, DisclosureID *uuid.UUID
	WhatHappened              string
	DiscoveredOn              schooltime.Date
}

// Affected is what a report names, as it is stored: which appraisal was read, and by whom.
type Affected struct {
	AppraisalID *uuid.UUID
	ReaderID    *uuid.UUID
	Policy      *policy.Resolved // of the trust, in the year that it is about; nil before the first
}

// FollowUp is what HR records about a breach.
type FollowUp struct {
	Assessment, Measures *string
	NotifiedOn           schooltime.Date
	Close                bool
}

// BreachFilter narrows a list of breaches; zero fields do not.
type BreachFilter struct {
	PersonID *uuid.UUID
	Status   BreachStatus
}

// BreachStore keeps breaches. What the caller may not read is fault.Gone.
type BreachStore interface {
	// Breaches lists those within the caller's reach, and those that they reported.
	Breaches(ctx context.Context, f BreachFilter, p page.Request) (page.Page[*Breach], error)
	Breach(ctx context.Context, id uuid.UUID) (*Breach, error)
	// Affected reads what a report names; what the caller may not report on is a fault of the body.
	Affected(ctx context.Context, r Report) (Affected, error)
	AddBreach(ctx context.Context, b *Breach) error
	ChangeBreach(ctx context.Context, id uuid.UUID, version int, change func(*Breach) (audit.Event, error)) (*Breach, error)
}

// ReportBreach records that somebody's record was read wrongly: one call, by whoever it is about,
// their head or HR.
func (s *Service) ReportBreach(ctx context.Context, r Report) (*Breach, error) {
	a := access.From(ctx)
	text := strings.TrimSpace(r.WhatHappened)
	switch {
	case text == "":
		return nil, fault.Body("/what_happened", "required", "Say what happened.")
	case r.DiscoveredOn.After(a.Today):
		return nil, fault.Body("/discovered_on", "in_the_future", "That day has not come yet.")
	}
	about, err := s.store.Affected(ctx, r)
	if err != nil {
		return nil, err
	}
	if p := about.Policy; p != nil && !p.Rules.Privacy.Breach {
		return nil, fault.Check([]fault.Refusal{{Code: "no_breaches_here", Detail: "In this trust such reading is not recorded as a breach.",
			Policy: p.Cite(&p.Rules.Privacy.Breach)}})
	}
	b := &Breach{PersonID: r.PersonID, AppraisalID: about.AppraisalID, DisclosureID: r.DisclosureID, ReaderID: about.ReaderID,
		Status: Reported, WhatHappened: text, DiscoveredOn: r.DiscoveredOn, ReportedBy: a.PersonID}
	return b, s.store.AddBreach(ctx, b)
}

// Breach returns one breach.
func (s *Service) Breach(ctx context.Context, id uuid.UUID) (*Breach, error) {
	return s.store.Breach(ctx, id)
}

// Breaches returns a page of breaches, oldest first.
func (s *Service) Breaches(ctx context.Context, f BreachFilter, p page.Request) (page.Page[*Breach], error) {
	p.Filter = f
	return s.store.Breaches(ctx, f, p)
}

// FollowUp records what HR found and did about a breach, and closes it where they say so.
func (s *Service) FollowUp(ctx context.Context, id uuid.UUID, version int, f FollowUp) (*Breach, error) {
	a := access.From(ctx)
	return s.store.ChangeBreach(ctx, id, version, func(b *Breach) (audit.Event, error) {
		if err := b.follow(a, f); err != nil {
			return audit.Event{}, err
		}
		return audit.About("breach", b.ID, b.Version, string(b.Status), nil), nil
	})
}

// follow applies a follow-up: what it says assesses the breach, and it may close it as well.
func (b *Breach) follow(a *access.Actor, f FollowUp) (err error) {
	says := f.Assessment != nil || f.Measures != nil || !f.NotifiedOn.IsZero()
	if !says && !f.Close {
		return fault.Body("/assessment", "required", "Say what was found or done, or close it.")
	}
	if says {
		if b.Status, err = b.decide(a, Assess); err != nil {
			return err
		}
		if err = b.note(a, f); err != nil {
			return err
		}
	}
	if !f.Close {
		return nil
	}
	if b.Status, err = b.decide(a, CloseBreach); err != nil {
		return err
	}
	if b.Measures == nil {
		return fault.Body("/measures", "required", "Say what was done about it before it is closed.")
	}
	b.ClosedOn = a.Today
	return nil
}

func (b *Breach) note(a *access.Actor, f FollowUp) error {
	if f.Assessment != nil {
		b.Assessment = f.Assessment
	}
	if f.Measures != nil {
		b.Measures = f.Measures
	}
	switch {
	case b.Assessment == nil:
		return fault.Body("/assessment", "required", "Say what was found.")
	case f.NotifiedOn.After(a.Today):
		return fault.Body("/notified_on", "in_the_future", "That day has not come yet.")
	case f.NotifiedOn.Before(b.DiscoveredOn) && !f.NotifiedOn.IsZero():
		return fault.Body("/notified_on", "before_discovery", "That day lies before the discovery.")
	case !f.NotifiedOn.IsZero():
		b.NotifiedOn = f.NotifiedOn
	}
	return nil
}
