package dossier

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/objective"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Store reads what waits.
type Store interface {
	MyCases(ctx context.Context) ([]*appraisal.Case, error)
	Turns(ctx context.Context, operation string, party policy.Party) (int, error)
	// Unreviewed counts the open appraisals that the caller reaches and nobody reviews today.
	Unreviewed(ctx context.Context, operation string) (int, error)
	// Joiners counts the posts that began in the period of an open cycle, or whose induction ended in
	// it, and that have no appraisal there.
	Joiners(ctx context.Context) (int, error)
}

// Service is what a person is shown first.
type Service struct{ store Store }

// NewService returns the use cases over a store.
func NewService(store Store) *Service { return &Service{store} }

// Waiting lists everything that waits for the caller, the most urgent first.
func (s *Service) Waiting(ctx context.Context) ([]appraisal.Waiting, error) {
	cases, err := s.store.MyCases(ctx)
	if err != nil {
		return nil, err
	}
	var out []appraisal.Waiting
	for _, c := range cases {
		out = append(out, InCase(c)...)
	}
	queues, err := s.queues(ctx)
	if err != nil {
		return nil, err
	}
	out = append(out, queues...)
	slices.SortStableFunc(out, func(a, b appraisal.Waiting) int { return urgency(a, b) })
	return out[:min(len(out), 200)], nil
}

func urgency(a, b appraisal.Waiting) int {
	switch {
	case a.DueOn == b.DueOn:
		return 0
	case a.DueOn.IsZero() || !b.DueOn.IsZero() && b.DueOn.Before(a.DueOn):
		return 1
	}
	return -1
}

// queues are the appraisals whose turn is the head's or HR's, as one line each.
func (s *Service) queues(ctx context.Context) ([]appraisal.Waiting, error) {
	var out []appraisal.Waiting
	for _, q := range []struct {
		role  access.Role
		party policy.Party
	}{{access.Head, policy.Head}, {access.HR, policy.HR}} {
		if !access.From(ctx).Has(q.role) {
			continue
		}
		n, err := s.store.Turns(ctx, "ListAppraisals", q.party)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			out = append(out, appraisal.Waiting{Kind: "steps_of_" + string(q.party), Count: n, Operation: "ListAppraisals",
				Detail: fmt.Sprintf("Year-end steps that wait for %s.", appraisal.PartyName(q.party))})
		}
	}
	return s.gaps(ctx, out)
}

// gaps are what nobody's turn shows: appraisals without a reviewer, and people who joined the year
// after the enrolment.
func (s *Service) gaps(ctx context.Context, out []appraisal.Waiting) ([]appraisal.Waiting, error) {
	a := access.From(ctx)
	if !a.Has(access.HR) && !a.Has(access.Head) {
		return out, nil
	}
	n, err := s.store.Unreviewed(ctx, "ListAppraisals")
	if err != nil {
		return nil, err
	}
	if n > 0 {
		out = append(out, appraisal.Waiting{Kind: "name_reviewers", Count: n, Operation: "HandOverAppraisal", Detail: "Appraisals that nobody reviews."})
	}
	if !a.Has(access.HR) {
		return out, nil
	}
	if n, err = s.store.Joiners(ctx); err != nil {
		return nil, err
	}
	if n > 0 {
		out = append(out, appraisal.Waiting{Kind: "enrol_people", Count: n, Operation: "PreviewEnrolment", Detail: "Posts that may have joined the year since the enrolment."})
	}
	return out, nil
}

// InCase lists what waits in one case for its actor.
func InCase(c *appraisal.Case) []appraisal.Waiting {
	w := waiter{c: c, me: c.Actor.PersonID}
	w.objectives()
	w.checkIns()
	w.meetings()
	w.steps()
	return w.out
}

type waiter struct {
	c   *appraisal.Case
	me  uuid.UUID
	out []appraisal.Waiting
}

func (w *waiter) is(p policy.Party) bool { return slices.Contains(w.c.Who(p), w.me) }

func (w *waiter) any(p policy.Party) bool {
	return slices.ContainsFunc(appraisal.Each(p), w.is)
}

func (w *waiter) add(kind, operation, detail string, count int, due schooltime.Date) {
	if count == 0 {
		return
	}
	id, person := w.c.ID, w.c.PersonID
	w.out = append(w.out, appraisal.Waiting{Kind: kind, Detail: detail, Count: count, DueOn: due, Operation: operation,
		Late: !due.IsZero() && w.c.Today.After(due), AppraisalID: &id, PersonID: &person})
}

func (w *waiter) objectives() {
	rules := w.c.Rules().Objectives
	due := w.c.Cycle.Due("objectives")
	count := func(states ...objective.Approval) (n int) {
		for _, o := range w.c.Objectives {
			if slices.Contains(states, objective.Approval(o.Approval)) {
				n++
			}
		}
		return n
	}
	if required, _ := objective.Required(w.c); w.any(rules.Drafter) && w.c.Stage == appraisal.Setting {
		filled := 0
		for _, s := range rules.Slots {
			if s.Required && slices.ContainsFunc(w.c.Objectives, func(o appraisal.ObjectiveFact) bool { return o.Slot == s.Code }) {
				filled++
			}
		}
		w.add("draft_objectives", "CreateObjective", "Objectives to be drafted.", required-filled, due)
		w.add("propose_objectives", "ProposeObjective", "Objectives to be proposed.", count(objective.Draft, objective.ChangesRequested, objective.Amending), due)
	}
	if w.any(rules.Approver) {
		w.add("approve_objectives", "ApproveObjective", "Objectives to be agreed.", count(objective.Proposed), due)
	}
	if slices.Contains(w.c.Seated(appraisal.Determine), w.me) || w.any(rules.OnDisagreement) {
		w.add("determine_objectives", "DetermineObjective", "Objectives to be determined.", count(objective.Escalated), due)
	}
}

func (w *waiter) checkIns() {
	if w.is(policy.Reviewee) && w.c.Rules().CheckIns.Form != "" {
		for _, win := range w.c.Windows {
			open := !w.c.Today.Before(win.OpensOn) && !w.c.Today.After(win.ClosesOn) && !win.OpensOn.Before(w.c.StartsOn)
			sent := slices.ContainsFunc(w.c.CheckIns, func(k appraisal.CheckInFact) bool { return k.WindowID == win.ID && k.State != "draft" })
			if open && !sent {
				w.add("check_in", "SubmitCheckIn", fmt.Sprintf("Check-in %d is open.", win.N), 1, win.ClosesOn)
			}
		}
	}
	if w.is(policy.Reviewer) && w.c.Rules().CheckIns.ReviewerAcknowledges {
		n := 0
		for _, k := range w.c.CheckIns {
			if k.State == "sent" {
				n++
			}
		}
		w.add("acknowledge_check_ins", "RespondToCheckIn", "Check-ins to be acknowledged.", n, schooltime.Date{})
	}
}

// meetings are the required ones that are not shared yet, from four weeks before their deadline.
func (w *waiter) meetings() {
	for _, p := range w.c.Rules().Meetings.Plan {
		due := w.c.Cycle.Due("meeting." + p.Code)
		held := slices.ContainsFunc(w.c.Meetings, func(m appraisal.MeetingFact) bool {
			return m.PlanCode == p.Code && (m.State == "shared" || m.State == "answered")
		})
		if p.Required && !held && w.any(p.RecordedBy) && !due.IsZero() && !w.c.Today.Before(due.AddDays(-28)) {
			w.add("hold_meeting", "ScheduleMeeting", "The meeting "+p.Code+" is to be held.", 1, due)
		}
	}
	for _, m := range w.c.Meetings {
		answers := slices.ContainsFunc(w.c.Rules().Meetings.Plan, func(p policy.MeetingPlan) bool { return p.Code == m.PlanCode && p.RevieweeAnswers })
		if m.State == "shared" && answers && w.is(policy.Reviewee) {
			w.add("answer_meeting", "RespondToMeeting", "A meeting's record can be answered.", 1, schooltime.Date{})
		}
	}
}

func (w *waiter) steps() {
	for _, chain := range []string{appraisal.OutcomeChain, appraisal.PayChain} {
		for _, s := range w.c.Chain(chain) {
			if s.State == appraisal.StepOpen && slices.Contains(w.c.Who(s.Rule.Party, w.c.Barred(s)...), w.me) {
				w.add(s.Name(), "CompleteStep", s.Rule.Label+" is open.", 1, s.DueOn)
			}
		}
	}
}
