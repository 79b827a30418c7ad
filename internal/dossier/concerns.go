package dossier

import (
	"context"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/concern"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// ConcernStore reads the concerns that wait.
type ConcernStore interface {
	// ConcernsOfMine reads the formal concerns that the caller holds, and those about the caller that
	// are shared, as long as they are not closed.
	ConcernsOfMine(ctx context.Context) ([]*concern.Aggregate, error)
}

// concerns are what waits in concerns: for the person the comment, for whoever holds one the next
// review of the progress and the end of the monitoring, from a week before on.
func (s *Service) concerns(ctx context.Context) ([]appraisal.Waiting, error) {
	all, err := s.store.ConcernsOfMine(ctx)
	if err != nil {
		return nil, err
	}
	var out []appraisal.Waiting
	for _, a := range all {
		w := waiter{c: a.Case, me: a.Case.Actor.PersonID}
		switch {
		case a.Mine():
			w.commenting(a)
		case a.Status == concern.Raised:
			w.add("confirm_concern", "ConfirmConcern", "The record of a concern is drafted and not confirmed.", 1, schooltime.Date{})
		case a.Status == concern.Confirmed:
			w.add("decide_on_concern", "StartMonitoring", "The record of a concern is confirmed: monitoring is started, or the concern is closed.", 1, schooltime.Date{})
		default:
			w.monitoring(a)
		}
		out = append(out, w.out...)
	}
	return out, nil
}

func (w *waiter) commenting(a *concern.Aggregate) {
	for _, e := range a.Entries {
		if e.Kind == concern.CommentEntry {
			return
		}
	}
	if a.Status != concern.Raised {
		w.add("comment_on_concern", "CommentOnConcern", "A concern about your work was put in writing; you may comment on it.", 1, schooltime.Date{})
	}
}

func (w *waiter) monitoring(a *concern.Aggregate) {
	if a.Status != concern.Monitoring && a.Status != concern.Extended {
		return
	}
	if day := nextReview(a); !day.IsZero() && !w.c.Today.Before(day.AddDays(-7)) {
		w.add("review_monitoring", "ReviewMonitoring", "The progress is to be reviewed.", 1, day)
	}
	if !w.c.Today.Before(a.MonitoringUntil.AddDays(-7)) {
		w.add("end_monitoring", "CloseConcern", "The monitoring of a concern ends: it is closed, extended, or followed by a capability process.", 1, a.MonitoringUntil)
	}
}

// nextReview is the first day on which the progress is to be reviewed and has not been since.
func nextReview(a *concern.Aggregate) schooltime.Date {
	var last schooltime.Date
	if r := a.LastReview(); r != nil {
		last = r.HappenedOn
	}
	for _, day := range a.ReviewDays {
		if day.After(last) {
			return day
		}
	}
	return schooltime.Date{}
}
