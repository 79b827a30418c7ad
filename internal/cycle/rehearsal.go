package cycle

import (
	"context"
	"maps"
	"strings"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Timetable is every deadline of one appraisal that counts from these days, when each step is done
// on its last day. own are the dates that the trust has set for the cycle.
func (c Cycle) Timetable(res *policy.Resolved, own []Date, group string, a schooltime.Anchors) ([]Deadline, error) {
	if a.Steps = maps.Clone(a.Steps); a.Steps == nil {
		a.Steps = map[string]schooltime.Date{}
	}
	var found []Deadline
	for _, r := range rulesOf(&res.Rules) {
		due, set, err := c.due(r, own, group, a)
		if err != nil {
			return nil, err
		}
		if chain, step, isStep := strings.Cut(r.code, "."); isStep && chain != "meeting" {
			a.Steps[step] = due
		}
		found = append(found, Deadline{Code: r.code, Label: r.label, Group: group, DueOn: due, Own: set})
	}
	return found, nil
}

// DatesUnder is the timetable of a cycle's year under the rules of a unit and staff group, for
// somebody who is there all year, by the code of the deadline.
func (s *Service) DatesUnder(ctx context.Context, id uuid.UUID, unit *uuid.UUID, group string, res *policy.Resolved) (map[string]schooltime.Date, error) {
	c, err := s.store.Cycle(ctx, id)
	if err != nil {
		return nil, err
	}
	own, err := s.store.CycleDates(ctx, id)
	if err != nil {
		return nil, err
	}
	calendars, err := s.store.Calendars(ctx)
	if err != nil {
		return nil, err
	}
	found, err := c.Timetable(res, own, group, c.anchorsBy(calendars.OfOrRoot(unit)))
	if err != nil {
		return nil, err
	}
	dates := map[string]schooltime.Date{}
	for _, d := range found {
		dates[d.Code] = d.DueOn
	}
	return dates, nil
}

// Uncounted lists the deadlines of a policy for which the school calendar gives no day.
func (c Cycle) Uncounted(res *policy.Resolved, by *schooltime.Calendar) []string {
	var codes []string
	for _, r := range rulesOf(&res.Rules) {
		if r.due.NeedsCalendar() && !c.known(r.due, by) {
			codes = append(codes, r.code)
		}
	}
	return codes
}

// Fresh is the candidate as if there were no appraisal of the time: only the decisions on who is in
// remain.
func (c Candidate) Fresh() Candidate {
	c.AppraisalID, c.EnrolledAs, c.SeatID, c.Panel = nil, nil, nil, nil
	c.LeftOut, c.InOther, c.Stage = false, false, ""
	return c
}

// Rehearsed is a cycle that is not there, for a period under a policy. Without a first day it is
// the next one that the policy names.
func Rehearsed(rules policy.CycleRules, starts, today schooltime.Date) (*Cycle, error) {
	if starts.IsZero() {
		var err error
		if starts, err = nextStart(rules, today); err != nil {
			return nil, err
		}
	}
	c := &Cycle{Status: Draft}
	return c, c.period(starts, schooltime.Date{}, rules)
}
