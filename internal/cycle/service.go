package cycle

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/page"
	"github.com/perennial-api/perennial/internal/policy"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Store keeps cycles with their dates and tables. What is not there is fault.Gone.
type Store interface {
	Cycles(ctx context.Context, r page.Request, status Status) (page.Page[*Cycle], error)
	Cycle(ctx context.Context, id uuid.UUID) (*Cycle, error)
	// CreateCycle stores a new cycle.
	CreateCycle(ctx context.Context, c *Cycle, event func(*Cycle) audit.Event) error
	UpdateCycle(ctx context.Context, id uuid.UUID, version int, change func(*Cycle) (audit.Event, error)) (*Cycle, error)

	// OpenCycles lists the cycles that are open, and lets nobody else open one until the transaction ends.
	OpenCycles(ctx context.Context) ([]*Cycle, error)
	// DeleteCycle removes a cycle and what was set for it.
	DeleteCycle(ctx context.Context, id uuid.UUID, version int, event func(*Cycle) (audit.Event, error)) error

	CycleDates(ctx context.Context, cycle uuid.UUID) ([]Date, error)
	ReplaceCycleDates(ctx context.Context, cycle uuid.UUID, dates []Date) error
	CheckInWindows(ctx context.Context, cycle uuid.UUID) ([]Window, error)
	// ReplaceWindows leaves exactly these windows; those that have an id keep it.
	ReplaceWindows(ctx context.Context, cycle uuid.UUID, windows []Window) error
	// WindowsInUse names the windows of a cycle in which somebody has begun a check-in.
	WindowsInUse(ctx context.Context, cycle uuid.UUID) (map[uuid.UUID]bool, error)
	PayTable(ctx context.Context, cycle uuid.UUID) ([]PayRow, error)
	ReplacePayTable(ctx context.Context, cycle uuid.UUID, rows []PayRow) error

	// Unfinished lists the appraisals of a cycle whose chains are not done, and holds all of them.
	Unfinished(ctx context.Context, cycle uuid.UUID) ([]Unfinished, error)
	// CloseAppraisals closes the appraisals of a cycle that are open, each with its event. Those that
	// are named have no step that ends them: their outcome is released first, and pay is recorded as
	// not linked.
	CloseAppraisals(ctx context.Context, cycle uuid.UUID, released []uuid.UUID) error
	// PolicyVersion returns the document of a published policy, parsed once.
	PolicyVersion(ctx context.Context, id uuid.UUID) (*policy.Document, error)
	// PolicyOf returns the policy that a version belongs to.
	PolicyOf(ctx context.Context, version uuid.UUID) (uuid.UUID, error)

	EnrolmentStore
	CalendarStore
}

// Service is the use cases of cycles.
type Service struct{ store Store }

// NewService returns the use cases over a store.
func NewService(s Store) *Service { return &Service{s} }

// List returns a page of cycles, newest period first; an empty status lists all.
func (s *Service) List(ctx context.Context, r page.Request, status Status) (page.Page[*Cycle], error) {
	r.Filter = status
	return s.store.Cycles(ctx, r, status)
}

// Get returns one cycle.
func (s *Service) Get(ctx context.Context, id uuid.UUID) (*Cycle, error) {
	return s.store.Cycle(ctx, id)
}

// NewCycle is a cycle to be made; without StartsOn it begins on the next day that the policy names,
// without EndsOn it lasts as long as the policy says.
type NewCycle struct {
	Name            string
	StartsOn        schooltime.Date
	EndsOn          schooltime.Date
	PolicyVersionID uuid.UUID
	Scope           Scope
}

// Create starts a cycle, as a draft.
func (s *Service) Create(ctx context.Context, n NewCycle) (*Cycle, error) {
	d, err := s.version(ctx, n.PolicyVersionID)
	if err != nil {
		return nil, err
	}
	c := &Cycle{PolicyVersionID: n.PolicyVersionID, Status: Draft, Scope: n.Scope}
	c.tidy()
	org, err := s.store.OrgOn(ctx, actorDay(ctx))
	if err != nil {
		return nil, err
	}
	if err := c.check(d, org); err != nil {
		return nil, err
	}
	if err := c.rename(n.Name); err != nil {
		return nil, err
	}
	rules := d.Resolve(c.place(org)).Rules.Cycle
	if n.StartsOn.IsZero() {
		if n.StartsOn, err = nextStart(rules, actorDay(ctx)); err != nil {
			return nil, err
		}
	}
	if err := c.period(n.StartsOn, n.EndsOn, rules); err != nil {
		return nil, err
	}
	return c, s.store.CreateCycle(ctx, c, func(c *Cycle) audit.Event {
		return audit.About("cycle", c.ID, 1, "created", map[string]any{"starts_on": c.StartsOn.String(), "ends_on": c.EndsOn.String(),
			"policy_version_id": c.PolicyVersionID.String(), "scope_units": c.ScopeUnits, "scope_groups": c.ScopeGroups})
	})
}

// version reads a policy version that a body names.
func (s *Service) version(ctx context.Context, id uuid.UUID) (*policy.Document, error) {
	d, err := s.store.PolicyVersion(ctx, id)
	if fault.KindOf(err) == fault.NotFound {
		return nil, fault.Body("/policy_version_id", "unknown_policy_version", "There is no such published policy.")
	}
	return d, err
}

// Change is what UpdateCycle changes; nil leaves it.
type Change struct {
	Name            *string
	PolicyVersionID *uuid.UUID
}

// Update renames a cycle, or moves it to another version of its policy.
func (s *Service) Update(ctx context.Context, id uuid.UUID, version int, ch Change) (*Cycle, error) {
	return s.store.UpdateCycle(ctx, id, version, func(c *Cycle) (audit.Event, error) {
		data := map[string]any{}
		if ch.Name != nil {
			if err := c.rename(*ch.Name); err != nil {
				return audit.Event{}, err
			}
			data["renamed"] = true
		}
		if to := ch.PolicyVersionID; to != nil && *to != c.PolicyVersionID {
			if err := s.move(ctx, c, *to); err != nil {
				return audit.Event{}, err
			}
			data["policy_version_id_before"], data["policy_version_id"] = c.PolicyVersionID.String(), to.String()
			c.PolicyVersionID = *to
		}
		return audit.About("cycle", c.ID, c.Version, "changed", data), nil
	})
}

// move says whether the cycle may move to the version of a policy.
func (s *Service) move(ctx context.Context, c *Cycle, to uuid.UUID) error {
	if err := c.changeable(); err != nil {
		return err
	}
	after, err := s.version(ctx, to)
	if err != nil {
		return err
	}
	mine, err := s.store.PolicyOf(ctx, c.PolicyVersionID)
	if err != nil {
		return err
	}
	theirs, err := s.store.PolicyOf(ctx, to)
	if err != nil {
		return err
	}
	if mine != theirs {
		return fault.New(fault.Conflict, "other_policy", "This is a version of another policy; a cycle stays with its own.")
	}
	if c.Status == Draft {
		return nil
	}
	before, err := s.store.PolicyVersion(ctx, c.PolicyVersionID)
	if err != nil {
		return err
	}
	calendars, err := s.store.Calendars(ctx)
	if err != nil {
		return err
	}
	return c.frozen(before, after, calendars.All()...)
}

// Open opens a cycle whose policy can be run and whose dates and tables fit it.
func (s *Service) Open(ctx context.Context, id uuid.UUID, version int) (*Cycle, error) {
	return s.store.UpdateCycle(ctx, id, version, func(c *Cycle) (audit.Event, error) {
		next, err := Lifecycle.Next(c.Status, OpenYear)
		if err != nil {
			return audit.Event{}, err
		}
		if err := s.ready(ctx, c); err != nil {
			return audit.Event{}, err
		}
		c.Status = next
		return audit.About("cycle", c.ID, c.Version, "opened", map[string]any{"policy_version_id": c.PolicyVersionID.String()}), nil
	})
}

// ready refuses to open on a policy with errors, or with dates and rows that an earlier version
// of the policy had and this one has not.
func (s *Service) ready(ctx context.Context, c *Cycle) error {
	d, err := s.store.PolicyVersion(ctx, c.PolicyVersionID)
	if err != nil {
		return err
	}
	if errors := policy.Errors(policy.Validate(d)); len(errors) > 0 {
		return policy.Unpublishable(errors)
	}
	dates, err := s.store.CycleDates(ctx, c.ID)
	if err != nil {
		return err
	}
	rows, err := s.store.PayTable(ctx, c.ID)
	if err != nil {
		return err
	}
	var found []fault.Refusal
	if c.checkDates(d, dates) != nil {
		found = append(found, fault.Refusal{Code: "dates_do_not_fit", Detail: "The cycle has dates for deadlines that its policy does not have.", Unblock: "Set the cycle's dates again."})
	}
	if checkPayTable(d, rows) != nil {
		found = append(found, fault.Refusal{Code: "pay_table_does_not_fit", Detail: "The pay table has rows for groups or ratings that the policy does not have.", Unblock: "Set the pay table again."})
	}
	missing, err := s.withoutCalendar(ctx, c, d)
	if err != nil {
		return err
	}
	windows, err := s.store.CheckInWindows(ctx, c.ID)
	if err != nil {
		return err
	}
	beside, err := s.alone(ctx, c)
	if err != nil {
		return err
	}
	return refused(slices.Concat(found, missing, windowsNeeded(d, len(windows)), beside, c.periodsOfGroups(d)))
}

// actorDay is the school day of the caller's trust.
func actorDay(ctx context.Context) schooltime.Date { return access.From(ctx).Today }
