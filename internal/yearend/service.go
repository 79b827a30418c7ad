package yearend

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/form"
	"github.com/perennial-api/perennial/internal/pay"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Name is how a step is addressed: the chain and the code.
type Name struct{ Chain, Code string }

// Store keeps steps and ratings. Whatever the caller may not read is fault.Gone.
type Store interface {
	// Step reads one step, stored or not, with its case and the ratings made so far. Somebody who
	// is no party leaves a disclosure.
	Step(ctx context.Context, appraisalID uuid.UUID, n Name) (*Aggregate, error)
	JudgingStore

	// Steps reads the case and the stored steps of an appraisal.
	Steps(ctx context.Context, appraisalID uuid.UUID) (*appraisal.Case, []Step, error)
	// ChangeStep locks the appraisal, holds the step's version (0 for one that nobody has saved), and
	// stores what change made: the step, a new rating, steps that it reopened, and what is pending on
	// the case.
	ChangeStep(ctx context.Context, appraisalID uuid.UUID, n Name, version int, change func(*Aggregate) ([]audit.Event, error)) (*Aggregate, error)
	// Outcome reads the case, its ratings and the statement steps.
	Outcome(ctx context.Context, appraisalID uuid.UUID) (*appraisal.Case, []Rating, []Step, error)
	// SentCheckIns reads the answers of the appraisal's check-ins that were sent, oldest first.
	SentCheckIns(ctx context.Context, appraisalID uuid.UUID) ([]form.Sent, error)
	// EndOutgoing ends the review seats of people who no longer line-manage the post.
	EndOutgoing(ctx context.Context, c *appraisal.Case) error
	// Pay reads what the pay calculation needs. RecommendPay and DecidePay append what was recommended
	// and decided.
	Pay(ctx context.Context, c *appraisal.Case) (pay.Facts, error)
	RecommendPay(ctx context.Context, c *appraisal.Case, r *pay.Recommendation) error
	DecidePay(ctx context.Context, c *appraisal.Case, o pay.Outcome) error
}

// Service is the use cases of the year's end.
type Service struct {
	Store
	now func() time.Time
}

// NewService returns the use cases over a store. now is the wall clock.
func NewService(store Store, now func() time.Time) *Service { return &Service{store, now} }

// Draft is what is saved of a step before it is done. Nil leaves a part as it is.
type Draft struct {
	Answers form.Answers
	Weighed []string
	Rating  *RatingInput
	Pay     *pay.Choice
	Reason  *string
}

// SaveDraft saves a draft of a step. It is seen by whoever drafts it or may complete the step.
func (s *Service) SaveDraft(ctx context.Context, id uuid.UUID, n Name, version int, d Draft) (*Aggregate, error) {
	return s.ChangeStep(ctx, id, n, version, func(a *Aggregate) ([]audit.Event, error) {
		if err := fault.Check(appraisal.Decide(a.Case, a, saving)); err != nil {
			return nil, err
		}
		if d.Answers != nil {
			if err := checkAnswers(a, d.Answers, false); err != nil {
				return nil, err
			}
			a.Answers = d.Answers
		}
		if d.Weighed != nil {
			if err := checkWeighed(a, d.Weighed); err != nil {
				return nil, err
			}
			a.Weighed = d.Weighed
		}
		if d.Rating != nil {
			if a.DraftRating = d.Rating.orNil(); a.DraftRating != nil && !a.makesRating() {
				return nil, noRatingHere()
			}
		}
		if d.Pay != nil {
			if err := a.checkPay(d.Pay); err != nil {
				return nil, err
			}
			a.DraftPay = d.Pay
		}
		if d.Reason != nil {
			a.Reason = d.Reason
		}
		me := a.Case.Actor.PersonID
		a.DraftedBy = &me
		return []audit.Event{{Type: "step.saved", Data: map[string]any{"step": a.Rule.Name()}}}, nil
	})
}

func checkAnswers(a *Aggregate, answers form.Answers, complete bool) error {
	f := a.Form()
	if f == nil {
		if len(answers) > 0 {
			return fault.Body("/answers", "no_form_here", "This step fills no form.")
		}
		return nil
	}
	if wrong := f.Check(answers, counting(a.Case), complete); len(wrong) > 0 {
		e := fault.New(fault.Invalid, "invalid_answers", "Some answers do not fit the form; errors lists them all.")
		e.Violations = wrong
		return e
	}
	return nil
}

// counting are the objectives that the year-end forms ask about.
func counting(c *appraisal.Case) []uuid.UUID {
	var out []uuid.UUID
	for _, o := range c.Objectives {
		if o.Counts && o.Live {
			out = append(out, o.ID)
		}
	}
	return out
}

// Finish ends a step: done, declined or skipped. The last one releases the outcome.
func (s *Service) Finish(ctx context.Context, id uuid.UUID, n Name, version int, result Result, reason string) (*Aggregate, error) {
	return s.ChangeStep(ctx, id, n, version, func(a *Aggregate) ([]audit.Event, error) { return s.finish(ctx, a, result, reason) })
}

// finish is Finish on a step whose appraisal is locked.
func (s *Service) finish(ctx context.Context, a *Aggregate, result Result, reason string) ([]audit.Event, error) {
	if result != Done && reason == "" {
		return nil, fault.Body("/reason", "reason_required", "Say why the step is not done.")
	}
	event, doing := Complete, completing
	switch result {
	case Declined:
		event, doing = Decline, declining
	case Skipped:
		event, doing = Skip, skipping
	}
	if err := fault.Check(appraisal.Decide(a.Case, a, doing)); err != nil {
		return nil, err
	}
	if result == Done {
		if err := s.does(ctx, a); err != nil {
			return nil, err
		}
	}
	return s.settle(ctx, a, event, reason)
}

// does carries out the acts of a step: its answers are complete, its rating is made, its pay is decided.
func (s *Service) does(ctx context.Context, a *Aggregate) error {
	if err := checkAnswers(a, a.Answers, true); err != nil {
		return err
	}
	rating, err := rate(a, a.DraftRating, s.now())
	if err != nil {
		return err
	}
	a.NewRating = rating
	return s.payOf(ctx, a)
}

// settle moves the step and the appraisal.
func (s *Service) settle(ctx context.Context, a *Aggregate, event Event, reason string) ([]audit.Event, error) {
	c := a.Case
	next, err := Lifecycle.Next(a.Result, event)
	if err != nil {
		return nil, err
	}
	at, me := s.now(), c.Actor.PersonID
	a.Result, a.DoneBy, a.DoneAt, a.DoneOn = next, &me, &at, c.Today
	a.Late = !a.Rule.DueOn.IsZero() && c.Today.After(a.Rule.DueOn)
	if reason != "" {
		a.Reason = &reason
	}
	a.ReturnedFrom, a.ReturnedReason = nil, nil
	a.sign()
	c.Steps = append(withoutFact(c, a), appraisal.StepFact{AppraisalID: c.ID, Chain: a.Chain, Code: a.Code, Result: string(next), DoneBy: &me, DoneOn: c.Today})
	a.Rule.State, a.Rule.DoneBy, a.Rule.DoneOn = string(next), &me, c.Today
	data := map[string]any{"step": a.Rule.Name(), "result": next, "late": a.Late}
	if r := a.NewRating; r != nil {
		data["rating"], data["kind"] = r.Code, r.Kind
	}
	events := []audit.Event{{Type: "step." + string(next), Data: data}}
	released, err := s.advance(ctx, a)
	if released {
		events = append(events, audit.About("appraisal", c.ID, c.Version, "released", map[string]any{"on": c.Today.String()}))
	}
	return events, err
}

func withoutFact(c *appraisal.Case, a *Aggregate) []appraisal.StepFact {
	var out []appraisal.StepFact
	for _, f := range c.Steps {
		if f.Chain != a.Chain || f.Code != a.Code {
			out = append(out, f)
		}
	}
	return out
}

// advance moves stage and turn. The outcome is released with the last required step; the outgoing
// reviewer's access ends then, and pay that is not linked is recorded as such.
func (s *Service) advance(ctx context.Context, a *Aggregate) (released bool, err error) {
	c := a.Case
	defer func() {
		c.MoveTurn(c.NextTurn())
		c.SeatNext()
	}()
	if a.Chain != appraisal.OutcomeChain || c.Stage == appraisal.Released {
		return false, nil
	}
	if !c.ChainDone(appraisal.OutcomeChain) {
		c.Advance(appraisal.StepDone)
		return false, nil
	}
	c.Advance(appraisal.ChainDone)
	if err := s.payAtRelease(ctx, c); err != nil {
		return true, err
	}
	return true, s.EndOutgoing(ctx, c)
}

// Return sends an open chain back to an earlier step, with a reason. The steps from there on are
// open again; what they hold stays, for it is to be changed and not written anew.
func (s *Service) Return(ctx context.Context, id uuid.UUID, n Name, version int, to Name, reason string) (*Aggregate, error) {
	return s.ChangeStep(ctx, id, n, version, func(a *Aggregate) ([]audit.Event, error) {
		if err := fault.Check(appraisal.Decide(a.Case, a, returning)); err != nil {
			return nil, err
		}
		target, err := a.Case.Step(to.Chain, to.Code)
		if err != nil || to.Chain != a.Chain || !target.Settled() || target.Rule.Order >= a.Rule.Rule.Order {
			return nil, fault.Body("/to", "not_returnable", "Name an earlier step of this chain that is done.")
		}
		from := a.Rule.Name()
		for _, step := range a.Siblings {
			rule, err := a.Case.Step(step.Chain, step.Code)
			if err != nil || step.Result == Open || rule.Rule.Order < target.Rule.Order {
				continue
			}
			if step.Result, err = Lifecycle.Next(step.Result, Return); err != nil {
				return nil, err
			}
			step.DoneBy, step.DoneAt, step.DoneOn, step.Late, step.SignedSHA256 = nil, nil, schooltime.Date{}, false, nil
			if step.Code == to.Code {
				step.ReturnedFrom, step.ReturnedReason = &from, &reason
			}
			a.Reopened = append(a.Reopened, step)
			reopenFact(a.Case, step)
		}
		a.Case.MoveTurn(a.Case.NextTurn())
		a.Case.SeatNext()
		if a.Rule, err = a.Case.Step(a.Chain, a.Code); err != nil {
			return nil, err
		}
		return []audit.Event{{Type: "step.returned", Data: map[string]any{"step": from, "to": target.Name()}}}, nil
	})
}

func reopenFact(c *appraisal.Case, s Step) {
	for i := range c.Steps {
		if f := &c.Steps[i]; f.Chain == s.Chain && f.Code == s.Code {
			f.Result, f.DoneBy, f.DoneOn = "open", nil, schooltime.Date{}
		}
	}
}
