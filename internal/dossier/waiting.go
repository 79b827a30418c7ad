package dossier

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/meeting"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Store reads what waits.
type Store interface {
	MyCases(ctx context.Context) ([]*appraisal.Case, error)
	// NotesToTake counts the meetings of which the caller takes notes and whose record is not shared.
	NotesToTake(ctx context.Context) (int, error)

	ConcernStore
	PolicyStore
	QueueStore
	AppealStore
	DeferralStore
	TransferStore
	YearStore
}

// Years knows who belongs in a year that is under way and is not in it: joiners, and people whose
// exclusion has ended.
type Years interface {
	Joiners(ctx context.Context) (int, error)
}

// Service is what a person is shown first.
type Service struct {
	store Store
	years Years
}

// NewService returns the use cases over a store.
func NewService(store Store, years Years) *Service { return &Service{store, years} }

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
	notes, err := s.store.NotesToTake(ctx)
	if err != nil {
		return nil, err
	}
	if notes > 0 {
		out = append(out, appraisal.Waiting{Kind: "take_notes", Count: notes, Operation: "ListMeetings", Detail: "Meetings of which you take notes."})
	}
	for _, more := range []func(context.Context) ([]appraisal.Waiting, error){s.concerns, s.queues, s.appeals, s.deferrals, s.transferred} {
		found, err := more(ctx)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
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

// InCase lists what waits in one case for its actor.
func InCase(c *appraisal.Case) []appraisal.Waiting {
	w := waiter{c: c, me: c.Actor.PersonID}
	w.assessments()
	w.besides()
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

func (w *waiter) add(kind, operation, detail string, count int, due schooltime.Date) {
	if count == 0 {
		return
	}
	id, person := w.c.ID, w.c.PersonID
	w.out = append(w.out, appraisal.Waiting{Kind: kind, Detail: detail, Count: count, DueOn: due, Operation: operation,
		Late: !due.IsZero() && w.c.Today.After(due), AppraisalID: &id, PersonID: &person})
}

func (w *waiter) checkIns() {
	if w.is(policy.Reviewee) && w.c.Rules().CheckIns.Form != "" && w.c.ModuleOn(policy.ModuleCheckIns) == nil {
		for _, win := range w.c.Windows {
			open := !w.c.Today.Before(win.OpensOn) && !w.c.Today.After(win.ClosesOn) && !win.OpensOn.Before(w.c.StartsOn)
			sent := slices.ContainsFunc(w.c.CheckIns, func(k appraisal.CheckInFact) bool { return k.WindowID == win.ID && k.State != "draft" })
			if open && !sent {
				w.add("check_in", "SubmitCheckIn", fmt.Sprintf("%s %d is open.", appraisal.Sentence(w.c.Terms().CheckIn.One), win.N), 1, win.ClosesOn)
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
		w.add("acknowledge_check_ins", "RespondToCheckIn", appraisal.Sentence(w.c.Terms().CheckIn.Many)+" to be acknowledged.", n, schooltime.Date{})
	}
}

// meetings are the required ones that are still to be held, from four weeks before their deadline,
// the records that are drafted and not shared, and those that may be answered.
func (w *waiter) meetings() {
	for _, p := range meeting.PlanFor(w.c) {
		records := w.is(p.RecordedBy())
		switch {
		case p.State == meeting.Drafted && records:
			w.add("share_meeting", "CompleteMeeting", w.record(p)+" is drafted and not shared.", 1, p.DueOn)
		case p.State == meeting.Shared && p.Plan.RevieweeAnswers && w.is(policy.Reviewee):
			w.add("answer_meeting", "RespondToMeeting", w.record(p)+" can be answered.", 1, schooltime.Date{})
		case (p.State == meeting.Missing || p.State == meeting.Scheduled) && records && p.Plan.Required && w.soon(p.DueOn) && w.c.ModuleOn(policy.ModuleMeetings) == nil:
			w.add("hold_meeting", "ScheduleMeeting", "The "+w.c.Terms().Meeting.One+" is to be held: "+p.Plan.Label+".", 1, p.DueOn)
		}
	}
}

func (w *waiter) record(p *meeting.Planned) string {
	return "The record of the " + w.c.Terms().Meeting.One + " (" + p.Plan.Label + ")"
}

// soon says whether a deadline is at most four weeks off.
func (w *waiter) soon(due schooltime.Date) bool {
	return !due.IsZero() && !w.c.Today.Before(due.AddDays(-28))
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
