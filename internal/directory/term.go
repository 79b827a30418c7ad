package directory

import (
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Term is a span of days: from a day on, until the first day on which it no longer holds. No day
// as UntilOn means that no end is known. A term that ends on its first day never held.
type Term struct {
	FromOn  schooltime.Date
	UntilOn schooltime.Date
}

// Covers says whether the day lies in the term.
func (t Term) Covers(day schooltime.Date) bool {
	return !t.FromOn.After(day) && (t.UntilOn.IsZero() || t.UntilOn.After(day))
}

// Ended says whether the term is over on the day.
func (t Term) Ended(day schooltime.Date) bool { return !t.UntilOn.IsZero() && !t.UntilOn.After(day) }

func (t Term) empty() bool { return t.UntilOn == t.FromOn }

// overlaps says whether some day lies in both.
func (t Term) overlaps(o Term) bool {
	return !t.empty() && !o.empty() && (t.UntilOn.IsZero() || t.UntilOn.After(o.FromOn)) && (o.UntilOn.IsZero() || o.UntilOn.After(t.FromOn))
}

// end closes the term on the day; one that would have begun later never holds.
func (t *Term) end(on schooltime.Date) { t.UntilOn = schooltime.Max(t.FromOn, on) }

// close is end as a person asks for it: what is over stays so, and nothing ends before it began.
func (t *Term) close(on, today schooltime.Date) error {
	if t.Ended(today) {
		return fault.New(fault.Conflict, "already_ended", "This ended on %s already.", t.UntilOn)
	}
	return t.redate(on)
}

// redate sets the end, also of what is over.
func (t *Term) redate(on schooltime.Date) error {
	if on.Before(t.FromOn) {
		return fault.Body("/on", "before_start", "This began on %s; it cannot end before.", t.FromOn)
	}
	t.UntilOn = on
	return nil
}

// termed is a record that holds for a term.
type termed interface{ term() *Term }

func (t *Term) term() *Term { return t }

// place fits a new holder's term between those there are: who holds on its first day ends then,
// and where somebody is to follow later, the new term lasts until that day.
func place[T termed](rows []T, from schooltime.Date) (ends []T, until schooltime.Date) {
	for _, r := range rows {
		t := r.term()
		switch {
		case t.empty():
		case t.FromOn.After(from):
			if until.IsZero() || t.FromOn.Before(until) {
				until = t.FromOn
			}
		case t.Covers(from):
			ends = append(ends, r)
		}
	}
	return ends, until
}
