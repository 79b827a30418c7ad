package cycle

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// WindowRule makes the check-in windows of a year: from the first day on, every so many weeks, from
// one weekday to another. In term only, a week that does not lie wholly in term is passed over, and
// the count goes on from the next one that does.
type WindowRule struct {
	FirstOn    schooltime.Date
	LastOn     schooltime.Date // no window closes after it; no day: the cycle's last
	EveryWeeks int
	Opens      time.Weekday
	Closes     time.Weekday
	InTermOnly bool
	UnitID     *uuid.UUID // whose calendar says what is in term; nil: the trust's own
}

// maxWindows is how many windows a cycle may have.
const maxWindows = 200

// windows lists the windows by the rule, in order.
func (r WindowRule) windows(last schooltime.Date, by *schooltime.Calendar) []Window {
	var found []Window
	opens := r.FirstOn.AddDays(until(r.FirstOn.Weekday(), r.Opens))
	for len(found) < maxWindows {
		w := Window{OpensOn: opens, ClosesOn: opens.AddDays(until(r.Opens, r.Closes))}
		if w.ClosesOn.After(last) {
			break
		}
		if r.InTermOnly && !by.InTerm(schooltime.Span{StartsOn: w.OpensOn, EndsOn: w.ClosesOn}) {
			opens = opens.AddDays(7)
			continue
		}
		found = append(found, w)
		opens = opens.AddDays(7 * r.EveryWeeks)
	}
	return found
}

// until counts the days from one weekday to the next such other day.
func until(from, to time.Weekday) int { return (int(to-from) + 7) % 7 }

// GenerateWindows replaces the check-in windows of a draft by those of a rule.
func (s *Service) GenerateWindows(ctx context.Context, id uuid.UUID, version int, r WindowRule) (Table[Window], error) {
	c, err := s.replace(ctx, id, version, "windows_generated", 0, func(c *Cycle, _ *policy.Document) error {
		if c.Status != Draft {
			return refused([]fault.Refusal{{Code: "cycle_not_draft", Detail: fmt.Sprintf("The cycle is %s; a rule makes the windows of a draft.", c.Status),
				Unblock: "Set the windows one by one."}})
		}
		wanted, err := s.byRule(ctx, c, r)
		if err != nil {
			return err
		}
		return s.putWindows(ctx, c, wanted)
	})
	return s.windowsOf(ctx, c, err)
}

// byRule are the windows of a rule within the cycle's period.
func (s *Service) byRule(ctx context.Context, c *Cycle, r WindowRule) ([]Window, error) {
	last := c.EndsOn
	if !r.LastOn.IsZero() {
		last = r.LastOn
	}
	switch {
	case r.FirstOn.Before(c.StartsOn) || r.FirstOn.After(c.EndsOn):
		return nil, fault.Body("/first_on", "outside_period", "The period is from %s to %s.", c.StartsOn, c.EndsOn)
	case !r.LastOn.IsZero() && (r.LastOn.Before(r.FirstOn) || r.LastOn.After(c.EndsOn)):
		return nil, fault.Body("/last_on", "outside_period", "The last day lies between the first one and %s.", c.EndsOn)
	}
	calendars, err := s.store.Calendars(ctx)
	if err != nil {
		return nil, err
	}
	if r.UnitID != nil {
		if _, ok := calendars[*r.UnitID]; !ok {
			return nil, fault.Body("/unit_id", "unknown_unit", "There is no such unit in the trust.")
		}
	}
	by := calendars.OfOrRoot(r.UnitID)
	if r.InTermOnly && !by.Covers(r.FirstOn) {
		return nil, refused([]fault.Refusal{{Code: "calendar_missing", Detail: "Which weeks are in term is not known: there is no school calendar that reaches so far.",
			Unblock: "Set the school calendar of the unit, or of the trust; or let all weeks count."}})
	}
	return r.windows(last, by), nil
}
