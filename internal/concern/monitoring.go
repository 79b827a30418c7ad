package concern

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Insufficient is the progress that may lead to a capability process.
const Insufficient = "insufficient"

// Plan is what StartMonitoring brings.
type Plan struct {
	StartsOn schooltime.Date
	Weeks    int
	Reason   *string
	Targets  []Target
	Support  *string
	ReviewOn []schooltime.Date
}

// Watch begins the monitoring: so many working weeks of the calendar of the person's unit.
func (s *Service) Watch(ctx context.Context, id uuid.UUID, version int, p Plan) (*Aggregate, error) {
	return s.step(ctx, id, version, monitoring, Monitor, func(a *Aggregate) (audit.Event, error) {
		if err := a.mayWatch(p); err != nil {
			return audit.Event{}, err
		}
		until, err := a.after(p.StartsOn, p.Weeks)
		if err != nil {
			return audit.Event{}, err
		}
		for i, day := range p.ReviewOn {
			if day.Before(p.StartsOn) || day.After(until) {
				return audit.Event{}, fault.Body(fmt.Sprintf("/review_on/%d", i), "outside_monitoring", "Monitoring lasts from %s to %s.", p.StartsOn, until)
			}
		}
		slices.SortFunc(p.ReviewOn, func(x, y schooltime.Date) int { return y.DaysUntil(x) })
		a.MonitoringFrom, a.Weeks, a.WeeksReason, a.MonitoringUntil, a.Support = p.StartsOn, &p.Weeks, text(p.Reason), until, text(p.Support)
		a.ReviewDays, a.Targets = slices.Compact(p.ReviewOn), p.Targets
		if a.ReviewDays == nil {
			a.ReviewDays = []schooltime.Date{}
		}
		if a.Targets == nil {
			a.Targets = []Target{}
		}
		return audit.Event{Type: "concern.monitored", Data: map[string]any{"from_on": p.StartsOn.String(), "until_on": until.String(), "weeks": p.Weeks, "targets": len(p.Targets)}}, nil
	})
}

// mayWatch refuses a plan that starts before the record was confirmed, sets targets where the trust
// sets none, or is shorter or longer than the trust has it without a reason.
func (a *Aggregate) mayWatch(p Plan) error {
	rules := &a.Case.Rules().Concern
	switch {
	case p.StartsOn.Before(a.ConfirmedOn):
		return fault.Body("/starts_on", "before_confirmation", "Monitoring starts on %s at the earliest, when the record was confirmed.", a.ConfirmedOn)
	case p.StartsOn.After(a.Case.Today.AddDays(366)):
		return fault.Body("/starts_on", "too_far", "Monitoring starts within a year.")
	case !rules.ExtraTargets && len(p.Targets) > 0:
		return a.cited("/targets", "no_targets_here", "In this trust no further targets are set for a concern.", &rules.ExtraTargets)
	case text(p.Reason) != nil:
		return nil
	case p.Weeks < rules.WeeksMin:
		return a.cited("/reason", "reason_required", "It is shorter than it normally is in this trust: say why.", &rules.WeeksMin)
	case p.Weeks > rules.WeeksMax:
		return a.cited("/reason", "reason_required", "It is longer than it normally is in this trust: say why.", &rules.WeeksMax)
	}
	return nil
}

// after is the day so many working weeks later.
func (a *Aggregate) after(day schooltime.Date, weeks int) (schooltime.Date, error) {
	until := a.Case.Org.Calendars.Of(a.Case.UnitID).AddWorkingWeeks(day, weeks)
	if until.IsZero() {
		return until, fault.Check([]fault.Refusal{{Code: "calendar_too_short", Detail: "The school calendar does not reach as far as the working weeks do.",
			Unblock: a.Case.PartyName(policy.HR) + " sets the terms of the calendar."}})
	}
	return until, nil
}

// text is a text of which the empty one means none.
func text(s *string) *string {
	if s == nil || strings.TrimSpace(*s) == "" {
		return nil
	}
	return s
}

// Prolong extends the monitoring for a reason of the trust's list. How long that normally is the
// trust says; for more it wants to be told why.
func (s *Service) Prolong(ctx context.Context, id uuid.UUID, version, weeks int, reason string, explanation *string) (*Aggregate, error) {
	return s.step(ctx, id, version, extending, Extend, func(a *Aggregate) (audit.Event, error) {
		rules := &a.Case.Rules().Concern
		total := a.ExtensionWeeks + weeks
		switch {
		case !slices.Contains(rules.ExtensionReasons, reason):
			return audit.Event{}, a.cited("/reason_code", "unknown_reason", "In this trust monitoring is not extended for that reason.", &rules.ExtensionReasons)
		case total > rules.ExtensionWeeks && text(explanation) == nil:
			return audit.Event{}, a.cited("/explanation", "explanation_required", "It is extended by more than it normally is in this trust: say why.", &rules.ExtensionWeeks)
		}
		until, err := a.after(a.MonitoringUntil, weeks)
		if err != nil {
			return audit.Event{}, err
		}
		a.MonitoringUntil, a.ExtensionWeeks, a.ExtensionCode = until, total, &reason
		if e := text(explanation); e != nil {
			a.ExtensionReason = e
		}
		return audit.Event{Type: "concern.extended", Data: map[string]any{"until_on": until.String(), "weeks": weeks, "reason": reason}}, nil
	})
}

// Contact is what LogConcernContact brings.
type Contact struct {
	HeldOn    schooltime.Date
	Kind      string
	Text      string
	Companion *bool
}

// LogContact adds a contact with the person to the log. Of a meeting it is said whether the person had
// a companion with them, where they may bring one.
func (s *Service) LogContact(ctx context.Context, id uuid.UUID, version int, in Contact) (*Aggregate, error) {
	return s.step(ctx, id, version, logging, Log, func(a *Aggregate) (audit.Event, error) {
		leaf := &a.Case.Rules().Concern.Companion
		switch {
		case *leaf && in.Kind == "meeting" && in.Companion == nil:
			return audit.Event{}, a.cited("/companion_present", "companion_unsaid", "The person may bring a companion to a meeting: say whether one was there.", leaf)
		case !*leaf && in.Companion != nil && *in.Companion:
			return audit.Event{}, a.cited("/companion_present", "no_companion_here", "In this trust no companion comes to these meetings.", leaf)
		}
		event := audit.Event{Type: "concern.contacted", Data: map[string]any{"contact": in.Kind, "on": in.HeldOn.String()}}
		return event, s.happened(a, Entry{Kind: ContactEntry, HappenedOn: in.HeldOn, Contact: &in.Kind, Companion: in.Companion, Text: in.Text})
	})
}

// happened adds an entry on something that was, on a day that has come.
func (s *Service) happened(a *Aggregate, e Entry) error {
	if e.HappenedOn.After(a.Case.Today) {
		return fault.Body("/held_on", "in_the_future", "Give the day on which it was, today at the latest.")
	}
	if _, err := required("/text", e.Text); err != nil {
		return err
	}
	a.add(e, s.now())
	return nil
}

// Assess records a review of the progress.
func (s *Service) Assess(ctx context.Context, id uuid.UUID, version int, on schooltime.Date, progress, text string) (*Aggregate, error) {
	return s.step(ctx, id, version, reviewing, Review, func(a *Aggregate) (audit.Event, error) {
		event := audit.Event{Type: "concern.reviewed", Data: map[string]any{"progress": progress, "on": on.String()}}
		return event, s.happened(a, Entry{Kind: ReviewEntry, HappenedOn: on, Progress: &progress, Text: text})
	})
}

// Notice is what MoveToCapability brings: why, and what the person was told when.
type Notice struct {
	Reason  string
	GivenOn schooltime.Date
	Text    *string
}

// ToCapability moves the concern to a capability process, which suspends the appraisal or ends it, as
// the policy has it. An appraisal that is over stays as it is.
func (s *Service) ToCapability(ctx context.Context, id uuid.UUID, version int, n Notice) (*Aggregate, error) {
	return s.step(ctx, id, version, moving, Move, func(a *Aggregate) (audit.Event, error) {
		rules := &a.Case.Rules().Concern
		reason, err := required("/reason", n.Reason)
		switch {
		case err != nil:
			return audit.Event{}, err
		case rules.Notice == "written" && text(n.Text) == nil:
			return audit.Event{}, a.cited("/notice", "notice_required", "In this trust the person is told in writing: give the notice.", &rules.Notice)
		case rules.Notice == "written" && n.GivenOn.IsZero():
			return audit.Event{}, a.cited("/notice_on", "notice_required", "In this trust the person is told in writing: say when the notice was given.", &rules.Notice)
		case n.GivenOn.After(a.Case.Today):
			return audit.Event{}, fault.Body("/notice_on", "in_the_future", "Give the day on which it was, today at the latest.")
		}
		a.CapabilityOn, a.CapabilityReason, a.NoticeOn, a.Notice = a.Case.Today, &reason, n.GivenOn, text(n.Text)
		event := audit.Event{Type: "concern.moved_to_capability", Data: map[string]any{"on": a.CapabilityOn.String(), "effect": rules.Capability}}
		return event, a.follow(rules.Capability)
	})
}
