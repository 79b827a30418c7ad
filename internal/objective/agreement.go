package objective

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
)

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
