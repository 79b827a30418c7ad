package yearend

import (
	"fmt"
	"slices"

	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// WindowCount is how one window entered the sum. Why says, for one that is left out, whether it is
// outside the appraisal's dates, falls in an absence, or in a suspension.
type WindowCount struct {
	appraisal.WindowFact
	Counted bool
	Why     string // outside_appraisal, absent, suspended, not_closed
	Sent    string // on_time, late, not_sent, not_due
}

// Engagement is computed from the check-in windows: those that lie wholly inside the appraisal's
// dates and have closed, less those of which half the days or more fall in an absence or in a time in
// which the appraisal stood still. It counts check-ins sent in their window; late ones are shown beside. The result is a suggestion.
type Engagement struct {
	Windows               []WindowCount
	Counted, OnTime, Late int
	Share                 *float64
	Suggestion            *policy.Engagement
	Sentence              string
}

// Engage computes the engagement of a case as of its day.
func Engage(c *appraisal.Case) Engagement {
	var e Engagement
	for _, w := range c.Windows {
		n := count(c, w)
		e.Windows = append(e.Windows, n)
		if n.Sent == "late" {
			e.Late++
		}
		if !n.Counted {
			continue
		}
		e.Counted++
		if n.Sent == "on_time" {
			e.OnTime++
		}
	}
	e.Sentence = fmt.Sprintf("%d of %d windows were answered in time", e.OnTime, e.Counted)
	if e.Counted == 0 {
		e.Sentence = "No window counts yet, so nothing is suggested."
		return e
	}
	share := float64(e.OnTime) / float64(e.Counted)
	e.Share = &share
	scale := c.Rules().CheckIns.Engagement
	for i := range scale {
		if share >= scale[i].AtLeast {
			e.Suggestion = &scale[i]
			e.Sentence += fmt.Sprintf(": %.0f %%, which is at least %.0f %% and suggests %s.", share*100, scale[i].AtLeast*100, scale[i].Label)
			return e
		}
	}
	e.Sentence += "."
	return e
}

func count(c *appraisal.Case, w appraisal.WindowFact) WindowCount {
	n := WindowCount{WindowFact: w, Sent: "not_sent"}
	for _, s := range c.CheckIns {
		if s.WindowID == w.ID && s.State != "draft" {
			n.Sent = "on_time"
			if s.Late {
				n.Sent = "late"
			}
		}
	}
	switch {
	case w.OpensOn.Before(c.StartsOn) || w.ClosesOn.After(c.EndsOn):
		n.Why = "outside_appraisal"
	case days(w, func(day schooltime.Date) bool { return away(c.Absences, day) })*2 >= w.OpensOn.DaysUntil(w.ClosesOn)+1:
		n.Why = "absent"
	case days(w, func(day schooltime.Date) bool { return stood(c.Suspensions, day) })*2 >= w.OpensOn.DaysUntil(w.ClosesOn)+1:
		n.Why = "suspended"
	case !c.Today.After(w.ClosesOn) && n.Sent == "not_sent":
		n.Why, n.Sent = "not_closed", "not_due"
	default:
		n.Counted = true
	}
	return n
}

// days counts the days of the window of which something holds.
func days(w appraisal.WindowFact, holds func(schooltime.Date) bool) int {
	n := 0
	for day := w.OpensOn; !day.After(w.ClosesOn); day = day.AddDays(1) {
		if holds(day) {
			n++
		}
	}
	return n
}

// stood says whether the appraisal stood still on the day.
func stood(all []appraisal.Suspension, day schooltime.Date) bool {
	return slices.ContainsFunc(all, func(s appraisal.Suspension) bool { return s.Holds(day) })
}

func away(absences []appraisal.Absence, day schooltime.Date) bool {
	for _, a := range absences {
		if !day.Before(a.FromOn) && (a.UntilOn.IsZero() || day.Before(a.UntilOn)) {
			return true
		}
	}
	return false
}
