package cycle

import (
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Window is a check-in window: its first and last day. N counts the windows of a cycle from 1.
type Window struct {
	TrustID  uuid.UUID
	ID       uuid.UUID
	CycleID  uuid.UUID
	N        int
	OpensOn  schooltime.Date
	ClosesOn schooltime.Date
}

func (w Window) same(o Window) bool { return w.OpensOn == o.OpensOn && w.ClosesOn == o.ClosesOn }

func (w Window) String() string {
	return fmt.Sprintf("the window from %s to %s", w.OpensOn, w.ClosesOn)
}

// checkWindows refuses windows that overlap, are out of order, or leave the period.
func (c Cycle) checkWindows(wanted []Window) error {
	var found faults
	var last schooltime.Date
	for i, w := range wanted {
		switch {
		case w.ClosesOn.Before(w.OpensOn):
			found.at(i, "closes_on", "closes_before_opening", "A window closes on the day it opens or later.")
		case w.OpensOn.Before(c.StartsOn):
			found.at(i, "opens_on", "outside_period", "The period starts on %s.", c.StartsOn)
		case w.ClosesOn.After(c.EndsOn):
			found.at(i, "closes_on", "outside_period", "The period ends on %s.", c.EndsOn)
		case i > 0 && !w.OpensOn.After(last):
			found.at(i, "opens_on", "overlaps", "Windows come in order, each after the one before has closed.")
		}
		last = w.ClosesOn
	}
	return found.err()
}

// rearrange numbers the wanted windows and gives each that is unchanged the id that it has. In an
// open cycle only windows that have not opened yet may come, go or change; used are those in which
// somebody has begun a check-in, and they stay.
func (c Cycle) rearrange(now, wanted []Window, used map[uuid.UUID]bool, today schooltime.Date) ([]Window, error) {
	var found []fault.Refusal
	for _, w := range now {
		kept := slices.ContainsFunc(wanted, w.same)
		switch {
		case kept || c.Status == Draft:
		case !w.OpensOn.After(today):
			found = append(found, fault.Refusal{Code: "window_opened", Detail: w.String() + " has opened, and stays as it is.", Unblock: "Send it unchanged."})
		case used[w.ID]:
			found = append(found, fault.Refusal{Code: "window_in_use", Detail: "Somebody has begun a check-in in " + w.String() + ".", Unblock: "Send it unchanged."})
		}
	}
	next := make([]Window, len(wanted))
	for i, w := range wanted {
		next[i] = Window{CycleID: c.ID, N: i + 1, OpensOn: w.OpensOn, ClosesOn: w.ClosesOn}
		if at := slices.IndexFunc(now, w.same); at >= 0 {
			next[i].ID = now[at].ID
		} else if c.Status == Open && !w.OpensOn.After(today) {
			found = append(found, fault.Refusal{Code: "window_in_past", Detail: w.String() + " would have opened already.", Unblock: "In an open cycle a new window opens after today."})
		}
	}
	return next, refused(found)
}

// windowsNeeded refuses to open a cycle with another number of check-in windows than the policy
// asks for, where anybody has check-ins.
func windowsNeeded(d *policy.Document, have int) []fault.Refusal {
	r := d.Resolve("", "")
	leaf := &r.Rules.CheckIns.Windows
	want, asked := leaf.N()
	if !asked || want == have || !checksIn(d) {
		return nil
	}
	return []fault.Refusal{{Code: "windows_do_not_fit", Detail: fmt.Sprintf("The policy asks for %d check-in windows, and the cycle has %d.", want, have),
		Policy: r.Cite(leaf), Unblock: "Set the cycle's check-in windows."}}
}

// checksIn says whether any staff group of the trust or of a school has check-ins in use.
func checksIn(d *policy.Document) bool {
	for _, unit := range append([]string{""}, d.Schools()...) {
		for _, group := range slices.Concat([]string{""}, d.Groups(""), d.Groups(unit)) {
			if r := &d.Resolve(unit, group).Rules; r.CheckIns.Form != "" && slices.Contains(r.Modules.On, policy.ModuleCheckIns) {
				return true
			}
		}
	}
	return false
}
