package appeal

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/pay"
)

// Verdict is in what a stage ends, and why. What belongs to another result is refused.
type Verdict struct {
	Result      Result
	Reason      string
	Progression string      // of changed
	Awards      []pay.Award // of changed
	Amendment   *string     // of amended
	ReviewerID  *uuid.UUID  // of redone
}

// Decide ends the stage that the appeal is at. An amendment waits for the consent of whoever made
// the statement.
func (s *Service) Decide(ctx context.Context, id uuid.UUID, version int, v Verdict) (*Aggregate, error) {
	return s.change(ctx, id, version, deciding, func(a *Aggregate) (Event, audit.Event, error) {
		if err := v.check(a); err != nil {
			return "", audit.Event{}, err
		}
		c := a.Case
		data := map[string]any{"result": v.Result}
		if v.Result == Amended {
			a.NewAmendment = &Amendment{AppealID: a.ID, N: a.Stage, Text: *v.Amendment, Reason: v.Reason, ProposedBy: c.Actor.PersonID, ProposedOn: c.Today}
			a.Amendments = append(a.Amendments, *a.NewAmendment)
			return Propose, audit.Event{Type: "appeal.amendment_proposed", Data: data}, nil
		}
		a.end(v.Result, v.Reason, c.Actor.PersonID)
		data["late"] = a.At().DecidedLate(c.Today)
		var err error
		switch v.Result {
		case Changed:
			err = s.changePay(ctx, a, v)
		case Redone:
			data["reviewer_id"] = *v.ReviewerID
			err = s.redo(ctx, a, *v.ReviewerID)
		}
		return Decide, audit.Event{Type: "appeal.decided", Data: data}, err
	})
}

// end writes the result into the stage. Whoever decided it takes part in no later one.
func (a *Aggregate) end(result Result, reason string, by uuid.UUID) {
	at := a.At()
	at.Result, at.Reason, at.DecidedBy, at.DecidedOn = &result, &reason, &by, a.Case.Today
	if !slices.Contains(a.TookPart, by) {
		a.TookPart = append(slices.Clone(a.TookPart), by)
	}
}

// check holds a verdict against what the appeal may end in, and asks for what its result needs.
func (v Verdict) check(a *Aggregate) error {
	if blank(&v.Reason) {
		return fault.Body("/reason", "reason_required", "Say why it ends so.")
	}
	if err := v.possible(a); err != nil {
		return err
	}
	for _, part := range []struct {
		of            Result
		given, needed bool
		at, detail    string
	}{
		{Changed, v.Progression != "", true, "/progression", "Say whether the person progresses."},
		{Changed, len(v.Awards) > 0, false, "/awards", "Awards belong to a decision on pay that is changed."},
		{Amended, !blank(v.Amendment), true, "/amendment", "Say what stands beside the statement."},
		{Redone, v.ReviewerID != nil, true, "/reviewer_id", "Name who judges the year anew."},
	} {
		if part.of == v.Result && part.needed && !part.given {
			return fault.Body(part.at, "required", "%s", part.detail)
		}
		if part.of != v.Result && part.given {
			return fault.Body(part.at, "of_another_result", "This belongs to the result %s.", part.of)
		}
	}
	return nil
}

// possible refuses a result that an appeal of the kind, or of this trust, does not end in.
func (v Verdict) possible(a *Aggregate) error {
	if a.Against == Pay {
		if v.Result == Stands || v.Result == Changed {
			return nil
		}
		return fault.Body("/result", "not_of_pay", "An appeal against pay ends in stands or changed. The review stays as it is.")
	}
	remedies := &a.Case.Rules().Appeals.Remedies
	if slices.Contains(*remedies, string(v.Result)) {
		return nil
	}
	e := fault.Body("/result", "remedy_not_here", "An appeal against the statement does not end so in this trust.")
	e.Refusals = []fault.Refusal{{Code: e.Code, Detail: e.Message, Policy: a.Case.Policy.Cite(remedies)}}
	return e
}

// changePay appends the decision on pay in which the appeal ends.
func (s *Service) changePay(ctx context.Context, a *Aggregate, v Verdict) error {
	choice := pay.Choice{Progression: v.Progression, Awards: v.Awards}
	if refused := pay.CapabilityMissing(a.Case, &choice); refused != nil {
		return fault.Check([]fault.Refusal{*refused})
	}
	return s.DecidePay(ctx, a.Case, v.onPay(a))
}

// onPay is the decision on pay that is appended.
func (v Verdict) onPay(a *Aggregate) pay.Outcome {
	o := pay.Outcome{Link: a.Case.Rules().Pay.Link, Kind: pay.OnAppeal, Covered: true, Result: pay.Awarded, Progression: v.Progression, Reason: v.Reason, Awards: v.Awards,
		Working: []pay.Step{{Step: "appeal", Detail: "Decided on an appeal.", Value: a.At().Code}}}
	switch {
	case len(v.Awards) > 0:
	case v.Progression == pay.Progress:
		o.Result = pay.Progressed
	default:
		o.Result = pay.NoAward
	}
	return o
}

// redo has the year judged anew by somebody who took no part in it, while its cycle is open.
func (s *Service) redo(ctx context.Context, a *Aggregate, reviewer uuid.UUID) error {
	c := a.Case
	if err := fault.Check(c.UnderWay()); err != nil {
		return err
	}
	active, err := s.ActivePeople(ctx, []uuid.UUID{reviewer})
	if err != nil {
		return err
	}
	facts, err := s.FactsOfPeople(ctx, []uuid.UUID{reviewer}, c.Today)
	if err != nil {
		return err
	}
	switch {
	case len(active) == 0:
		return fault.Body("/reviewer_id", "unknown_person", "There is no such active person in the trust.")
	case reviewer == c.PersonID:
		return fault.Body("/reviewer_id", "own_appraisal", "Nobody reviews themselves.")
	case slices.Contains(a.TookPart, reviewer):
		return fault.Body("/reviewer_id", "took_part", "Somebody else than those who took part judges the year anew.")
	case !c.Fits(facts[reviewer]):
		may := &c.Rules().Reviewers.MayReview
		e := fault.Body("/reviewer_id", "may_not_review", "The policy asks something of a reviewer's own post that is not so.")
		e.Refusals = []fault.Refusal{{Code: e.Code, Detail: e.Message, Policy: c.Policy.Cite(may), Unblock: "Name somebody else, or set the facts of their main post."}}
		return e
	}
	a.Redo, a.Redoing, a.At().ReviewerID = c.Again(), true, &reviewer
	return c.BeginRound(reviewer)
}

// Answer is whether whoever made the statement consents to an amendment of it.
type Answer struct {
	Consents bool
	Reason   *string
}

// Consent answers the amendment that is proposed. With consent it stands beside the statement, which
// stays as it was; without, whoever hears the appeal chooses another remedy.
func (s *Service) Consent(ctx context.Context, id uuid.UUID, version int, answer Answer) (*Aggregate, error) {
	return s.change(ctx, id, version, consenting, func(a *Aggregate) (Event, audit.Event, error) {
		if !answer.Consents && blank(answer.Reason) {
			return "", audit.Event{}, fault.Body("/reason", "reason_required", "Say why not.")
		}
		c, last := a.Case, &a.Amendments[len(a.Amendments)-1]
		me := c.Actor.PersonID
		last.Agreed, last.AnsweredBy, last.AnsweredOn, last.AnswerReason = &answer.Consents, &me, c.Today, answer.Reason
		a.Answered = last
		event := audit.Event{Type: "appeal.consent", Data: map[string]any{"consents": answer.Consents}}
		if !answer.Consents {
			return RefuseConsent, event, nil
		}
		a.end(Amended, last.Reason, last.ProposedBy)
		return Consent, event, nil
	})
}
