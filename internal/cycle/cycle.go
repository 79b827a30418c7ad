package cycle

import (
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/record"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Cycle is an appraisal year. Its period is from StartsOn to EndsOn, both included; its life lasts
// to its last deadline, so that two are open side by side each autumn.
type Cycle struct {
	record.Row
	Name            string
	StartsOn        schooltime.Date
	EndsOn          schooltime.Date
	PolicyVersionID uuid.UUID
	Status          Status
	Scope
}

// Anchors are the days from which date rules count for somebody who is there all year.
func (c Cycle) Anchors() schooltime.Anchors {
	return schooltime.Anchors{CycleStart: c.StartsOn, CycleEnd: c.EndsOn, Joining: c.StartsOn}
}

// anchorsBy are the same, with the school calendar that rules count by.
func (c Cycle) anchorsBy(by *schooltime.Calendar) schooltime.Anchors {
	a := c.Anchors()
	a.Calendar = by
	return a
}

// maxMonths is the longest period, which is that of a policy's cycle.length_months.
const maxMonths = 36

// period sets the period; without an end it lasts as long as the policy says.
func (c *Cycle) period(starts, ends schooltime.Date, rules policy.CycleRules) error {
	if ends.IsZero() {
		ends = starts.AddMonths(rules.LengthMonths).AddDays(-1)
	}
	if !ends.After(starts) {
		return fault.Body("/ends_on", "ends_before_start", "The last day comes after the first.")
	}
	if !ends.Before(starts.AddMonths(maxMonths)) {
		return fault.Body("/ends_on", "too_long", "A period has at most %d months.", maxMonths)
	}
	c.StartsOn, c.EndsOn = starts, ends
	return nil
}

// rename trims a name and refuses an empty one.
func (c *Cycle) rename(name string) error {
	if name = strings.TrimSpace(name); name == "" {
		return fault.Body("/name", "required", "A cycle needs a name.")
	}
	c.Name = name
	return nil
}

// changeable refuses changes to the dates and tables of a year that is over.
func (c *Cycle) changeable() error {
	if c.Status == Closed {
		return fault.New(fault.Conflict, "cycle_closed", "The cycle is closed; what happened in it stays as it is.")
	}
	return nil
}

// faults collects everything that is wrong with a body.
type faults []fault.Violation

func (f *faults) at(i int, field, code, format string, args ...any) {
	*f = append(*f, fault.Violation{In: "body", Pointer: fmt.Sprintf("/items/%d/%s", i, field), Code: code, Detail: fmt.Sprintf(format, args...)})
}

// maxViolations is how many faults of a request one answer lists.
const maxViolations = 200

func (f faults) err() error {
	if len(f) == 0 {
		return nil
	}
	e := fault.New(fault.Invalid, f[0].Code, "The list has faults; errors lists them all.")
	e.Violations = f[:min(len(f), maxViolations)]
	return e
}

// maxRefusals is how many refusals one answer lists.
const maxRefusals = 50

// refused is one conflict with every reason for it, or nil when there is none.
func refused(reasons []fault.Refusal) error {
	return fault.Check(reasons[:min(len(reasons), maxRefusals)])
}
