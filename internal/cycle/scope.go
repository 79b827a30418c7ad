package cycle

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Scope is whom a cycle is for: the posts of these units and those below them, in these staff
// groups. An empty list means all.
type Scope struct {
	ScopeUnits  []uuid.UUID `gorm:"serializer:json"`
	ScopeGroups []string    `gorm:"serializer:json"`
}

// tidy makes lists of what was not given, so that the row holds lists.
func (s *Scope) tidy() {
	s.ScopeUnits, s.ScopeGroups = append([]uuid.UUID{}, s.ScopeUnits...), append([]string{}, s.ScopeGroups...)
}

// check refuses units and staff groups that are not there.
func (s Scope) check(d *policy.Document, org *directory.Org) error {
	var e *fault.Error
	bad := func(list string, i int, code, detail string) {
		if e == nil {
			e = fault.New(fault.Invalid, code, "The scope names what is not there; errors lists it.")
		}
		e.Violations = append(e.Violations, fault.Violation{In: "body", Pointer: fmt.Sprintf("/scope/%s/%d", list, i), Code: code, Detail: detail})
	}
	for i, id := range s.ScopeUnits {
		if _, ok := org.Units[id]; !ok {
			bad("unit_ids", i, "unknown_unit", "There is no such unit in the trust.")
		}
	}
	for i, g := range s.ScopeGroups {
		if !d.HasGroup(g) {
			bad("staff_groups", i, "unknown_staff_group", "The policy has no such staff group.")
		}
	}
	if e == nil {
		return nil
	}
	return e
}

// place is the unit and the staff group whose layer of the policy holds for all of the scope;
// empty where it has none or several.
func (s Scope) place(org *directory.Org) (unit, group string) {
	if len(s.ScopeUnits) == 1 {
		unit = org.Layer(s.ScopeUnits[0]).String()
	}
	if len(s.ScopeGroups) == 1 {
		group = s.ScopeGroups[0]
	}
	return unit, group
}

// meets says whether somebody may be in both scopes.
func (s Scope) meets(o Scope, org *directory.Org) bool {
	within := func(inner, outer []uuid.UUID) bool {
		return len(outer) == 0 || slices.ContainsFunc(inner, func(id uuid.UUID) bool {
			return slices.ContainsFunc(org.Upwards(id), func(u directory.OrgUnit) bool { return slices.Contains(outer, u.ID) })
		})
	}
	units := within(s.ScopeUnits, o.ScopeUnits) || within(o.ScopeUnits, s.ScopeUnits)
	groups := len(s.ScopeGroups) == 0 || len(o.ScopeGroups) == 0 ||
		slices.ContainsFunc(s.ScopeGroups, func(g string) bool { return slices.Contains(o.ScopeGroups, g) })
	return units && groups
}

// clash says whether two cycles are for the same people at the same time. One whose period is over
// only closes its year, beside the next.
func (c *Cycle) clash(o *Cycle, today schooltime.Date, org *directory.Org) bool {
	over := c.EndsOn.Before(today) || o.EndsOn.Before(today)
	together := !c.StartsOn.After(o.EndsOn) && !o.StartsOn.After(c.EndsOn)
	return c.ID != o.ID && together && !over && c.meets(o.Scope, org)
}

// alone refuses to open a cycle beside an open one for the same people.
func (s *Service) alone(ctx context.Context, c *Cycle) ([]fault.Refusal, error) {
	open, err := s.store.OpenCycles(ctx)
	if err != nil {
		return nil, err
	}
	org, err := s.store.OrgOn(ctx, actorDay(ctx))
	if err != nil {
		return nil, err
	}
	var found []fault.Refusal
	for _, o := range open {
		if c.clash(o, actorDay(ctx), org) {
			found = append(found, fault.Refusal{Code: "cycles_overlap", Detail: fmt.Sprintf("The open year from %s to %s is for some of the same people.", o.StartsOn, o.EndsOn),
				Unblock: "Wait until its period is over, or give this year another scope."})
		}
	}
	return found, nil
}

// periodsOfGroups refuses a cycle for staff groups whose years begin or last differently: one of them
// would have a period that the policy does not give it.
func (c *Cycle) periodsOfGroups(d *policy.Document) []fault.Refusal {
	var first *policy.Group
	for _, g := range d.Resolve("", "").Rules.Population.Groups {
		if !c.isFor(&g) {
			continue
		}
		if first == nil {
			first = &g
			continue
		}
		one, other := d.Resolve("", first.Code), d.Resolve("", g.Code)
		if a, b := &one.Rules.Cycle, &other.Rules.Cycle; a.StartsOn != b.StartsOn || a.LengthMonths != b.LengthMonths {
			return []fault.Refusal{{Code: "groups_have_other_periods", Detail: fmt.Sprintf("By the policy the years of %s and %s begin or last differently.", first.Code, g.Code),
				Policy: other.Cite(&b.StartsOn), Unblock: "Give each a cycle of its own, with a scope of staff groups."}}
		}
	}
	return nil
}

// nextStart is the next day, from today on, that the policy names as the first of a period. Where
// several periods make a year, each begins on the day after the one before.
func nextStart(rules policy.CycleRules, today schooltime.Date) (schooltime.Date, error) {
	var next schooltime.Date
	for _, year := range []int{today.Year() - 1, today.Year(), today.Year() + 1} {
		first, err := schooltime.ParseDate(fmt.Sprintf("%04d-%s", year, rules.StartsOn))
		if err != nil {
			return first, fault.Body("/starts_on", "required", "The policy names no first day that can be read; give one.")
		}
		for _, months := range startsInYear(rules.LengthMonths) {
			day := first.AddMonths(months)
			if !day.Before(today) && (next.IsZero() || day.Before(next)) {
				next = day
			}
		}
	}
	return next, nil
}

// startsInYear is how many months after the year's first day each of its periods begins. Periods
// that do not fill a year evenly begin with the year alone.
func startsInYear(length int) []int {
	starts := []int{0}
	for at := length; length > 0 && 12%length == 0 && at < 12; at += length {
		starts = append(starts, at)
	}
	return starts
}

// Delete discards a draft with its dates and tables.
func (s *Service) Delete(ctx context.Context, id uuid.UUID, version int) error {
	return s.store.DeleteCycle(ctx, id, version, func(c *Cycle) (audit.Event, error) {
		if _, err := Lifecycle.Next(c.Status, Discard); err != nil {
			return audit.Event{}, err
		}
		return audit.About("cycle", c.ID, c.Version, "discarded", map[string]any{"starts_on": c.StartsOn.String(), "ends_on": c.EndsOn.String()}), nil
	})
}
