package appeal

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/pay"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Store keeps appeals. Whatever the caller may not read is fault.Gone.
type Store interface {
	// Appeals reads an appraisal as appeals begin from it, with those that were made; somebody who is
	// no party leaves a disclosure.
	Appeals(ctx context.Context, appraisalID uuid.UUID) (*Year, error)
	// Appeal reads one; somebody who is no party leaves a disclosure.
	Appeal(ctx context.Context, id uuid.UUID) (*Aggregate, error)
	// LodgeAppeal locks the appraisal and stores what add answers.
	LodgeAppeal(ctx context.Context, appraisalID uuid.UUID, add func(*Year) (*Aggregate, audit.Event, error)) (*Aggregate, error)
	// ChangeAppeal locks appraisal and appeal, holds the version, and stores what change made: the
	// appeal, its stages and amendments, and the round that begins.
	ChangeAppeal(ctx context.Context, id uuid.UUID, version int, change func(*Aggregate) (audit.Event, error)) (*Aggregate, error)
	// Earlier reads what stood in an appraisal before it was judged anew, or while something waited;
	// somebody who is no party leaves a disclosure.
	Earlier(ctx context.Context, appraisalID uuid.UUID) (*Earlier, error)
	// Agreed are the amendments that stand beside the statement of the case.
	Agreed(ctx context.Context, c *appraisal.Case) ([]Amendment, error)
	// DecidePay appends a decision on pay.
	DecidePay(ctx context.Context, c *appraisal.Case, o pay.Outcome) error
	// ActivePeople returns those of the people who work for the trust.
	ActivePeople(ctx context.Context, ids []uuid.UUID) ([]uuid.UUID, error)
	// FactsOfPeople are the facts of people's own main posts on a day.
	FactsOfPeople(ctx context.Context, people []uuid.UUID, on schooltime.Date) (map[uuid.UUID]policy.FactSet, error)
}

// Service is the use cases of appeals.
type Service struct {
	Store
	now func() time.Time
}

// NewService returns the use cases over a store. now is the wall clock.
func NewService(store Store, now func() time.Time) *Service { return &Service{store, now} }

// Words are what a person says when they appeal, or take their appeal further.
type Words struct {
	Ground     *string // a code of the policy's grounds
	Text       string
	LateReason *string // why it comes late, where it does
}

// Lodge begins an appeal. One that comes late waits until somebody admits it.
func (s *Service) Lodge(ctx context.Context, appraisalID uuid.UUID, against Against, w Words) (*Aggregate, error) {
	return s.LodgeAppeal(ctx, appraisalID, func(y *Year) (*Aggregate, audit.Event, error) {
		o := Option{y, against}
		if err := fault.Check(appraisal.Decide(y.Case, o, Lodging)); err != nil {
			return nil, audit.Event{}, err
		}
		if err := groundOf(y.Case, w.Ground); err != nil {
			return nil, audit.Event{}, err
		}
		c := y.Case
		a := &Aggregate{Case: c, Appeal: Appeal{AppraisalID: c.ID, Against: against, Basis: o.number(), Ground: w.Ground, LodgedOn: c.Today, TookPart: o.TookPart()}}
		err := a.begin(&(*leaf(c, against))[0], w, o.Late())
		if err == nil {
			a.seat()
		}
		return a, audit.Event{Type: "appeal.lodged", Data: map[string]any{"against": against, "stage": a.Stage, "late": o.Late()}}, err
	})
}

// groundOf holds a ground against those of the policy.
func groundOf(c *appraisal.Case, ground *string) error {
	grounds := &c.Rules().Appeals.Grounds
	var e *fault.Error
	switch {
	case len(*grounds) == 0 && ground != nil:
		e = fault.Body("/ground", "no_grounds_here", "In this trust one appeals in one's own words.")
	case len(*grounds) > 0 && ground == nil:
		e = fault.Body("/ground", "ground_required", "Name one of the grounds on which one may appeal.")
	case ground != nil && !slices.ContainsFunc(*grounds, func(g policy.Rating) bool { return g.Code == *ground }):
		e = fault.Body("/ground", "unknown_ground", "This is none of the grounds on which one may appeal.")
	default:
		return nil
	}
	e.Refusals = []fault.Refusal{{Code: e.Code, Detail: e.Message, Policy: c.Policy.Cite(grounds)}}
	return e
}

// begin adds the stage of the rule, to be heard at once, or admitted first where it comes late.
func (a *Aggregate) begin(rule *policy.AppealStage, w Words, late bool) error {
	c := a.Case
	if blank(&w.Text) {
		return fault.Body("/text", "required", "Say why you appeal.")
	}
	if late && blank(w.LateReason) {
		return fault.Body("/late_reason", "late_reason_required", "The days for this are over. Say why it comes late, for whoever may admit it.")
	}
	stage := Stage{N: len(a.Stages) + 1, Code: rule.Code, Party: rule.Party, Text: w.Text, LodgedOn: c.Today, Late: late}
	a.Status = Lodged
	if late {
		a.Status, stage.LateReason = AwaitingAdmission, w.LateReason
	} else {
		stage.DueOn = count(c, c.Today, rule.DecideDays, rule)
	}
	a.Stages, a.Stage = append(a.Stages, stage), stage.N
	return nil
}

func blank(s *string) bool { return s == nil || strings.TrimSpace(*s) == "" }

// change runs a command that its act admits, moves the status, and completes the event.
func (s *Service) change(ctx context.Context, id uuid.UUID, version int, doing act, do func(*Aggregate) (Event, audit.Event, error)) (*Aggregate, error) {
	return s.ChangeAppeal(ctx, id, version, func(a *Aggregate) (audit.Event, error) {
		if err := fault.Check(appraisal.Decide(a.Case, a, doing)); err != nil {
			return audit.Event{}, err
		}
		was := a.Status
		e, event, err := do(a)
		if err != nil {
			return audit.Event{}, err
		}
		if a.Status, err = Lifecycle.Next(was, e); err != nil {
			return audit.Event{}, err
		}
		if event.Data == nil {
			event.Data = map[string]any{}
		}
		a.seat()
		event.Data["against"], event.Data["stage"], event.Data["from"], event.Data["to"] = a.Against, a.Stage, was, a.Status
		return event, nil
	})
}

// Admission says whether a late appeal is heard, and why.
type Admission struct {
	Admitted bool
	Reason   string
}

// AdmitLate admits an appeal that came late, or refuses it, with a reason.
func (s *Service) AdmitLate(ctx context.Context, id uuid.UUID, version int, d Admission) (*Aggregate, error) {
	return s.change(ctx, id, version, admitting, func(a *Aggregate) (Event, audit.Event, error) {
		if blank(&d.Reason) {
			return "", audit.Event{}, fault.Body("/reason", "reason_required", "Say why it is admitted, or why not.")
		}
		c, at := a.Case, a.At()
		me := c.Actor.PersonID
		at.Admitted, at.AdmissionBy, at.AdmissionOn, at.AdmissionReason = &d.Admitted, &me, c.Today, &d.Reason
		if !d.Admitted {
			return Refuse, audit.Event{Type: "appeal.refused"}, nil
		}
		if rule := a.Rule(at.Code); rule != nil {
			at.DueOn = count(c, c.Today, rule.DecideDays, rule)
		}
		return Admit, audit.Event{Type: "appeal.admitted"}, nil
	})
}

// Hearing is when a stage is heard, and whether the person brings a companion.
type Hearing struct {
	On        schooltime.Date
	Companion bool
}

// ScheduleHearing says when the stage is heard.
func (s *Service) ScheduleHearing(ctx context.Context, id uuid.UUID, version int, h Hearing) (*Aggregate, error) {
	return s.change(ctx, id, version, scheduling, func(a *Aggregate) (Event, audit.Event, error) {
		at := a.At()
		rule := a.Rule(at.Code)
		if h.Companion && (rule == nil || !rule.Companion) {
			e := fault.Body("/companion", "no_companion_here", "In this trust nobody is accompanied to this hearing.")
			e.Refusals = []fault.Refusal{{Code: e.Code, Detail: e.Message, Policy: a.Case.Policy.Cite(leaf(a.Case, a.Against))}}
			return "", audit.Event{}, e
		}
		if h.On.Before(at.LodgedOn) {
			return "", audit.Event{}, fault.Body("/hearing_on", "too_early", "An appeal is heard on the day on which it was lodged, or later.")
		}
		at.HearingOn, at.Companion = h.On, h.Companion
		return Schedule, audit.Event{Type: "appeal.hearing_scheduled", Data: map[string]any{"on": h.On.String()}}, nil
	})
}

// LodgeNext takes a decided appeal before the next stage.
func (s *Service) LodgeNext(ctx context.Context, id uuid.UUID, version int, w Words) (*Aggregate, error) {
	return s.change(ctx, id, version, continuing, func(a *Aggregate) (Event, audit.Event, error) {
		until := a.NextUntil()
		late := !until.IsZero() && a.Case.Today.After(until)
		if err := a.begin(a.next(), w, late); err != nil {
			return "", audit.Event{}, err
		}
		e := Continue
		if late {
			e = ContinueLate
		}
		return e, audit.Event{Type: "appeal.continued", Data: map[string]any{"late": late}}, nil
	})
}

// Withdraw ends an appeal that nobody has decided.
func (s *Service) Withdraw(ctx context.Context, id uuid.UUID, version int) (*Aggregate, error) {
	return s.change(ctx, id, version, withdrawing, func(*Aggregate) (Event, audit.Event, error) {
		return Withdraw, audit.Event{Type: "appeal.withdrawn"}, nil
	})
}
