package objective

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
)

// Propose puts the version to the other party; it implies the drafter's signature. A change that the
// policy lets go live without approval does so at once.
func (s *Service) Propose(ctx context.Context, id uuid.UUID, version int, remark string) (*Aggregate, error) {
	return s.move(ctx, id, version, proposing, func(o *Aggregate) (Event, []*Revision, error) {
		s.put(o)
		s.remark(o, "proposal", remark)
		if o.Live != nil && !rules(o.Case).Reapprove {
			return Adopt, s.makeLive(o), nil
		}
		s.seatApprovers(o)
		return Propose, []*Revision{o.Next}, nil
	})
}

// put marks the version as proposed by the actor, and signs it for them.
func (s *Service) put(o *Aggregate) {
	o.Next.State, o.Next.AuthorID = RevisionProposed, o.Case.Actor.PersonID
	s.sign(o)
}

// seatApprovers gives a seat to those whose approval is waited for and who do not reach the
// appraisal otherwise.
func (s *Service) seatApprovers(o *Aggregate) {
	for _, p := range waitingFor(o.Case, o) {
		for _, person := range o.Case.Who(p) {
			if p != policy.Reviewee && p != policy.Reviewer && !o.Case.Reached(person) && !slices.Contains(o.Case.ObjectiveReviewers(), person) {
				o.Case.OpenSeat(appraisal.Determine, whyApproval, person)
			}
		}
	}
}

// Approve agrees to the version. It is live with the last signature that the policy asks for.
func (s *Service) Approve(ctx context.Context, id uuid.UUID, version int) (*Aggregate, error) {
	return s.move(ctx, id, version, approving, func(o *Aggregate) (Event, []*Revision, error) {
		s.sign(o)
		if !settled(o.Case, o) {
			return Sign, nil, nil
		}
		live := s.makeLive(o)
		s.endSeats(o)
		return Approve, live, nil
	})
}

// RequestChanges sends the version back with what should change.
func (s *Service) RequestChanges(ctx context.Context, id uuid.UUID, version int, remark string) (*Aggregate, error) {
	return s.step(ctx, id, version, requesting, RequestChanges, func(o *Aggregate) ([]*Revision, error) {
		o.Next.State, o.Signatures = RevisionDraft, nil
		s.remark(o, "changes_requested", remark)
		s.endSeats(o)
		return []*Revision{o.Next}, nil
	})
}

// Escalate hands a disagreement to whom the policy names. They get a seat until it is determined.
func (s *Service) Escalate(ctx context.Context, id uuid.UUID, version int, remark string) (*Aggregate, error) {
	return s.step(ctx, id, version, escalating, Escalate, func(o *Aggregate) ([]*Revision, error) {
		s.remark(o, "disagreement", remark)
		people, _ := settlers(o.Case)
		o.Case.OpenSeat(appraisal.Determine, whyDisagreement, people...)
		return nil, nil
	})
}

// Determine settles a disagreement: as proposed, or with another content.
func (s *Service) Determine(ctx context.Context, id uuid.UUID, version int, content *Content, remark string) (*Aggregate, error) {
	return s.step(ctx, id, version, determining, Determine, func(o *Aggregate) ([]*Revision, error) {
		var touched []*Revision
		if content != nil {
			if err := s.relink(ctx, o, *content); err != nil {
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
		s.endSeats(o)
		return touched, nil
	})
}

// endSeats ends the seats of those to whom an approval or a disagreement came, unless another
// objective of the appraisal waits for them.
func (s *Service) endSeats(o *Aggregate) {
	waits := slices.ContainsFunc(o.Case.Objectives, func(f appraisal.ObjectiveFact) bool {
		return f.ID != o.ID && (f.Approval == string(Escalated) || f.Approval == string(Proposed))
	})
	if !waits {
		o.Case.EndSeats(appraisal.Determine)
	}
}

// Amend starts a change to a live objective, which stands until the change is agreed.
func (s *Service) Amend(ctx context.Context, id uuid.UUID, version int, content Content) (*Aggregate, error) {
	return s.step(ctx, id, version, amending, Amend, func(o *Aggregate) ([]*Revision, error) {
		if err := reasoned(o.Case, content); err != nil {
			return nil, err
		}
		if err := s.relink(ctx, o, content); err != nil {
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

// reasoned refuses a change without a reason where the policy asks for one.
func reasoned(c *appraisal.Case, content Content) error {
	leaf := &rules(c).Amendments
	if *leaf != "with_reason" || content.Remark != nil && *content.Remark != "" {
		return nil
	}
	e := fault.Body("/remark", "reason_required", "Say which circumstances changed.")
	e.Refusals = []fault.Refusal{{Code: e.Code, Detail: e.Message, Policy: c.Policy.Cite(leaf)}}
	return e
}

// Withdraw takes an agreed objective out of the year; its history stays, and its place is free.
func (s *Service) Withdraw(ctx context.Context, id uuid.UUID, version int, remark string) (*Aggregate, error) {
	return s.step(ctx, id, version, withdrawing, Withdraw, func(o *Aggregate) ([]*Revision, error) {
		o.Counts = false
		s.remark(o, "withdrawal", remark)
		return nil, nil
	})
}

// DiscardAmendment drops a change that is not agreed; the live version stands.
func (s *Service) DiscardAmendment(ctx context.Context, id uuid.UUID, version int) (*Aggregate, error) {
	return s.step(ctx, id, version, discarding, Discard, func(o *Aggregate) ([]*Revision, error) {
		dropped := o.Next
		dropped.State = RevisionDiscarded
		o.Next, o.NextRevision, o.Signatures = nil, nil, nil
		s.endSeats(o)
		return []*Revision{dropped}, nil
	})
}

// sign adds the actor's signature to the next revision, as the party that they are. A reviewer who
// is not the one to sign leaves it to those who are.
func (s *Service) sign(o *Aggregate) {
	me := o.Case.Actor.PersonID
	party := capacity(o.Case, o, me)
	if signedBy(o, party, me) || party == policy.Reviewer && !slices.Contains(signatories(o.Case), me) {
		return
	}
	o.Signatures = append(o.Signatures, Signature{SubjectKind: "objective", SubjectID: o.ID, Revision: o.Next.Number, Party: party, PersonID: me, At: s.now()})
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
	o.Next.State, o.Next.LiveAt, o.Next.LiveOn = RevisionLive, &at, o.Case.Today
	o.Live, o.LiveRevision = o.Next, o.NextRevision
	o.Next, o.NextRevision = nil, nil
	for i := range o.Case.Objectives {
		if o.Case.Objectives[i].ID == o.ID {
			o.Case.Objectives[i].Live = true
		}
	}
	if required, agreed := Required(o.Case); required == agreed {
		o.Case.Advance(appraisal.ObjectivesAgreed)
	}
	return touched
}

func (s *Service) remark(o *Aggregate, kind, text string) {
	if text != "" {
		o.Case.Say(kind, "objective", o.ID, nil, text, s.now())
	}
}
