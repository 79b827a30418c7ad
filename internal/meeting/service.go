package meeting

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
	"github.com/perennial-api/perennial/internal/form"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Filter narrows a list of meetings; zero fields do not.
type Filter struct {
	AppraisalID, CycleID *uuid.UUID
	State                string
	UnitID               *uuid.UUID // of this unit or below it
	PlanCode             string
	FromOn, ToOn         schooltime.Date // scheduled on these days or between them
}

// Store keeps meetings. Whatever the caller may not read is fault.Gone.
type Store interface {
	// Meetings lists those that the caller reaches, each with its case.
	Meetings(ctx context.Context, f Filter, p page.Request) (page.Page[*Aggregate], error)
	// Meeting reads one; somebody who is no party leaves a disclosure.
	Meeting(ctx context.Context, id uuid.UUID) (*Aggregate, error)
	// ScheduleMeeting locks the appraisal, loads its case, and stores what add answers.
	ScheduleMeeting(ctx context.Context, appraisalID uuid.UUID, add func(*appraisal.Case) (*Aggregate, audit.Event, error)) (*Aggregate, error)
	// ChangeMeeting locks appraisal and meeting, holds the version, and stores what change made: the
	// meeting, and the record that it replaced.
	ChangeMeeting(ctx context.Context, id uuid.UUID, version int, change func(*Aggregate) (audit.Event, error)) (*Aggregate, error)
	// MeetingVersions reads a meeting and the records that were shared before, newest first;
	// somebody who is no party leaves a disclosure.
	MeetingVersions(ctx context.Context, id uuid.UUID) (*Aggregate, []Version, error)
	// PlannedMeetings reads the case of an appraisal, for its plan.
	PlannedMeetings(ctx context.Context, appraisalID uuid.UUID) (*appraisal.Case, error)
	// ActivePeople returns those of the people who work for the trust.
	ActivePeople(ctx context.Context, ids []uuid.UUID) ([]uuid.UUID, error)
	// SentCheckIns reads the answers of the appraisal's check-ins that were sent, oldest first.
	SentCheckIns(ctx context.Context, appraisalID uuid.UUID) ([]form.Sent, error)
}

// Service is the use cases of meetings.
type Service struct {
	store Store
	now   func() time.Time
}

// NewService returns the use cases over a store. now is the wall clock.
func NewService(store Store, now func() time.Time) *Service { return &Service{store, now} }

// List lists meetings. What their records say comes with Get.
func (s *Service) List(ctx context.Context, f Filter, p page.Request) (page.Page[*Aggregate], error) {
	return s.store.Meetings(ctx, f, p)
}

// Get reads one meeting.
func (s *Service) Get(ctx context.Context, id uuid.UUID) (*Aggregate, error) {
	a, err := s.store.Meeting(ctx, id)
	return s.whole(ctx, a, err)
}

// whole adds a first draft, quoted from the year's check-ins, for whoever is to write the record.
func (s *Service) whole(ctx context.Context, a *Aggregate, err error) (*Aggregate, error) {
	if err != nil || !a.quotable() {
		return a, err
	}
	sent, err := s.store.SentCheckIns(ctx, a.Case.ID)
	a.Quoted = a.Form().Quote(sent, a.Case.Asked())
	return a, err
}

// Schedule sets the time of a planned meeting.
func (s *Service) Schedule(ctx context.Context, appraisalID uuid.UUID, code string, at time.Time, place *string) (*Aggregate, error) {
	a, err := s.store.ScheduleMeeting(ctx, appraisalID, func(c *appraisal.Case) (*Aggregate, audit.Event, error) {
		refused := appraisal.Decide(c, c, Scheduling)
		if len(refused) == 0 {
			refused = free(c, code)
		}
		if err := fault.Check(refused); err != nil {
			return nil, audit.Event{}, err
		}
		plan := PlanOf(c, code)
		if plan == nil {
			e := fault.Body("/plan_code", "unknown_plan", "The trust's plan has no such meeting.")
			e.Refusals = []fault.Refusal{{Code: e.Code, Detail: e.Message, Policy: c.Policy.Cite(&c.Rules().Meetings.Plan)}}
			return nil, audit.Event{}, e
		}
		a := &Aggregate{Case: c, Plan: plan, Meeting: Meeting{AppraisalID: c.ID, PlanCode: code, State: Scheduled, ScheduledAt: at.UTC(), Place: text(place),
			Answers: form.Answers{}, PolicyVersionID: c.Cycle.PolicyVersionID}}
		return a, audit.Event{Type: "meeting.scheduled", Data: map[string]any{"plan": code, "scheduled_at": a.ScheduledAt}}, nil
	})
	return s.whole(ctx, a, err)
}

// free refuses a planned meeting that is scheduled or was held already.
func free(c *appraisal.Case, code string) []fault.Refusal {
	if slices.ContainsFunc(c.Meetings, func(m appraisal.MeetingFact) bool { return m.PlanCode == code && m.State != string(Cancelled) }) {
		return []fault.Refusal{{Code: "meeting_exists", Detail: "This planned meeting is there already.", Unblock: "Go on with that one, or cancel it before its record is shared."}}
	}
	return nil
}

// text is a text of which the empty one means none.
func text(s *string) *string {
	if s == nil || strings.TrimSpace(*s) == "" {
		return nil
	}
	return s
}

// step runs a change that the acts admit, moves the state, and completes the event.
func (s *Service) step(ctx context.Context, id uuid.UUID, version int, acts []act, e Event, change func(*Aggregate) (audit.Event, error)) (*Aggregate, error) {
	a, err := s.store.ChangeMeeting(ctx, id, version, func(a *Aggregate) (audit.Event, error) {
		var refused []fault.Refusal
		for _, doing := range acts {
			refused = append(refused, appraisal.Decide(a.Case, a, doing)...)
		}
		if err := refuse(a, refused); err != nil {
			return audit.Event{}, err
		}
		event, err := change(a)
		if err != nil {
			return audit.Event{}, err
		}
		if event, err = appraisal.Move(Lifecycle, &a.State, e, event); err == nil {
			event.Data["plan"] = a.PlanCode
		}
		return event, err
	})
	return s.whole(ctx, a, err)
}

// refuse turns refusals into an error that also says which sections are missing, where that is one
// of them.
func refuse(a *Aggregate, refused []fault.Refusal) error {
	err := fault.Check(refused)
	e, ok := errors.AsType[*fault.Error](err)
	if ok && slices.ContainsFunc(refused, func(r fault.Refusal) bool { return r.Code == "record_incomplete" }) {
		e.Violations = a.Missing()
	}
	return err
}

// Complete shares the record and freezes it.
func (s *Service) Complete(ctx context.Context, id uuid.UUID, version int) (*Aggregate, error) {
	return s.step(ctx, id, version, []act{completing}, Share, func(a *Aggregate) (audit.Event, error) {
		at := s.now()
		a.SharedAt = &at
		return audit.Event{Type: "meeting.shared", Data: map[string]any{"held_on": a.HeldOn.String(), "late": a.IsLate(), "formal": a.Plan.Formal}}, nil
	})
}

// Answer adds the reviewee's answer to the record, once.
func (s *Service) Answer(ctx context.Context, id uuid.UUID, version int, answer string) (*Aggregate, error) {
	return s.step(ctx, id, version, []act{responding}, Respond, func(a *Aggregate) (audit.Event, error) {
		if a.Answer = text(&answer); a.Answer == nil {
			return audit.Event{}, fault.Body("/answer", "required", "Say something.")
		}
		at := s.now()
		a.AnsweredAt = &at
		return audit.Event{Type: "meeting.answered"}, nil
	})
}

// Drop cancels a meeting whose record is not shared.
func (s *Service) Drop(ctx context.Context, id uuid.UUID, version int) (*Aggregate, error) {
	return s.step(ctx, id, version, []act{cancelling}, Cancel, func(*Aggregate) (audit.Event, error) {
		return audit.Event{Type: "meeting.cancelled"}, nil
	})
}
