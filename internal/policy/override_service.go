package policy

import (
	"context"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/page"
)

// OverrideFilter narrows a list of proposals; zero fields do not.
type OverrideFilter struct {
	PolicyID, UnitID *uuid.UUID
	Status           OverrideStatus
}

// OverrideStore keeps what schools propose.
type OverrideStore interface {
	Overrides(ctx context.Context, f OverrideFilter, r page.Request) (page.Page[*Override], error)
	Override(ctx context.Context, id uuid.UUID) (*Override, error)
	CreateOverride(ctx context.Context, o *Override, event func(*Override) audit.Event) error
	UpdateOverride(ctx context.Context, id uuid.UUID, version int, change func(*Override) (audit.Event, error)) (*Override, error)
	// LockPolicy reads a policy and holds it until the transaction ends.
	LockPolicy(ctx context.Context, id uuid.UUID) (*Policy, error)
}

// Proposal is what a school proposes, what is found in the draft with it, and what may be done.
type Proposal struct {
	*Override
	Findings []Finding // nil in lists, and where nothing is left to decide
	Judged   bool      // whether findings were looked for
	Allowed  []fault.Permission
}

// Overrides returns a page of proposals, oldest first.
func (s *Service) Overrides(ctx context.Context, f OverrideFilter, r page.Request) (page.Page[Proposal], error) {
	r.Filter = f
	found, err := s.store.Overrides(ctx, f, r)
	out := page.Page[Proposal]{Next: found.Next}
	for _, o := range found.Items {
		out.Items = append(out.Items, Proposal{Override: o, Allowed: o.Allowed(access.From(ctx))})
	}
	return out, err
}

// GetOverride returns one proposal with what is found in the draft with it.
func (s *Service) GetOverride(ctx context.Context, id uuid.UUID) (Proposal, error) {
	o, err := s.store.Override(ctx, id)
	return s.proposal(ctx, o, err)
}

// Propose keeps what a school wants to set for itself. A head proposes for the units that they
// head.
func (s *Service) Propose(ctx context.Context, policyID, unit uuid.UUID, rules []byte) (Proposal, error) {
	a := access.From(ctx)
	if err := s.mayPropose(ctx, a, policyID, unit); err != nil {
		return Proposal{}, err
	}
	patch, err := patchOf(rules)
	if err != nil {
		return Proposal{}, err
	}
	o := &Override{PolicyID: policyID, UnitID: unit, Status: Proposed, Rules: string(canonical(patch)), ProposedBy: a.PersonID}
	err = s.store.CreateOverride(ctx, o, func(o *Override) audit.Event {
		e := audit.About("policy_override", o.ID, 1, "proposed", map[string]any{"policy_id": policyID.String(), "parameters": leavesOf(patch)})
		e.UnitID = &unit
		return e
	})
	return s.proposal(ctx, o, err)
}

func (s *Service) mayPropose(ctx context.Context, a *access.Actor, policyID, unit uuid.UUID) error {
	layers, err := s.store.PolicyUnits(ctx)
	if err != nil {
		return err
	}
	layer, there := layers[unit]
	switch {
	case !there:
		return fault.Body("/unit_id", "unknown_unit", "There is no such unit.")
	case !a.Has(access.HR) && !a.Heads(unit):
		return fault.New(fault.Forbidden, "out_of_reach", "A head proposes for the units that they head.")
	case layer != unit:
		return fault.Body("/unit_id", "unit_has_no_layer", "Only a unit that decides, such as a school, has a layer of its own.")
	}
	if _, err := s.store.Policy(ctx, policyID); err != nil {
		return unknownAt("/policy_id", "unknown_policy", "policy", err)
	}
	return nil
}

// Revise replaces a proposal that is still open.
func (s *Service) Revise(ctx context.Context, id uuid.UUID, version int, rules []byte) (Proposal, error) {
	return s.moveOverride(ctx, id, version, ReviseOverride, func(o *Override) (map[string]any, error) {
		patch, err := patchOf(rules)
		if err != nil {
			return nil, err
		}
		o.Rules = string(canonical(patch))
		return map[string]any{"parameters": leavesOf(patch)}, nil
	})
}

// Withdraw takes a proposal back.
func (s *Service) Withdraw(ctx context.Context, id uuid.UUID, version int) (Proposal, error) {
	return s.moveOverride(ctx, id, version, WithdrawOverride, func(*Override) (map[string]any, error) { return nil, nil })
}

// Reject declines a proposal.
func (s *Service) Reject(ctx context.Context, id uuid.UUID, version int, reason string) (Proposal, error) {
	return s.moveOverride(ctx, id, version, RejectOverride, func(o *Override) (map[string]any, error) {
		why, err := declined(reason)
		o.Reason = &why
		return nil, err
	})
}

// Accept takes a proposal into the draft of its policy, over what stands there for the school. It
// holds once the draft is published.
func (s *Service) Accept(ctx context.Context, id uuid.UUID, version int) (Proposal, error) {
	return s.moveOverride(ctx, id, version, AcceptOverride, func(o *Override) (map[string]any, error) {
		p, err := s.store.LockPolicy(ctx, o.PolicyID)
		if err != nil {
			return nil, err
		}
		merged, findings := o.in(p.Draft)
		if merged == nil {
			return nil, Unpublishable(findings)
		}
		_, err = s.store.UpdatePolicy(ctx, p.ID, p.Version, func(p *Policy) (audit.Event, error) {
			p.set(merged)
			data := map[string]any{"sha256": merged.SHA256(), "policy_override_id": o.ID.String()}
			return audit.About("policy", p.ID, p.Version, "draft_changed", data), nil
		})
		return map[string]any{"policy_id": p.ID.String(), "sha256": merged.SHA256()}, err
	})
}

// moveOverride is the one way a proposal changes.
func (s *Service) moveOverride(ctx context.Context, id uuid.UUID, version int, event OverrideEvent, change func(*Override) (map[string]any, error)) (Proposal, error) {
	before, err := s.store.Override(ctx, id)
	if err != nil {
		return Proposal{}, err
	}
	a := access.From(ctx)
	if !a.Has(access.HR) && !a.Heads(before.UnitID) { // whose unit it is never changes, so this stands before the version
		return Proposal{}, fault.New(fault.Forbidden, "out_of_reach", "A school's own head, or HR, does this.")
	}
	o, err := s.store.UpdateOverride(ctx, id, version, func(o *Override) (audit.Event, error) {
		next, err := o.decide(a, event)
		if err != nil {
			return audit.Event{}, err
		}
		data, err := change(o)
		if err != nil {
			return audit.Event{}, err
		}
		if o.Status = next; next == Accepted || next == Rejected {
			o.DecidedBy = &a.PersonID
		}
		e := audit.About("policy_override", o.ID, o.Version, overrideVerbs[event], data)
		e.UnitID = &o.UnitID
		return e, nil
	})
	return s.proposal(ctx, o, err)
}

var overrideVerbs = map[OverrideEvent]string{ReviseOverride: "changed", WithdrawOverride: "withdrawn", AcceptOverride: "accepted", RejectOverride: "rejected"}

func (s *Service) proposal(ctx context.Context, o *Override, err error) (Proposal, error) {
	if err != nil {
		return Proposal{}, err
	}
	p := Proposal{Override: o, Allowed: o.Allowed(access.From(ctx))}
	if o.Status != Proposed {
		return p, nil
	}
	of, err := s.store.Policy(ctx, o.PolicyID)
	if err != nil {
		return Proposal{}, err
	}
	p.Judged = true
	_, p.Findings = o.in(of.Draft)
	return p, nil
}
