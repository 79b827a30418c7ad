package pay

import (
	"context"
	"math/big"
	"strconv"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/appraisal"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/cycle"
	"github.com/perennial-api/perennial/internal/directory"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// Store keeps decisions and pay points. Whatever the caller may not read is fault.Gone.
type Store interface {
	// PayOf reads the pay of one appraisal. Somebody who is no party leaves a disclosure.
	PayOf(ctx context.Context, appraisalID uuid.UUID) (*Subject, error)
	// ChangePay locks the appraisal and appends the decision that change makes.
	ChangePay(ctx context.Context, appraisalID uuid.UUID, change func(*Subject) (Outcome, error)) (*Subject, error)
	// Cycle reads a cycle; UpdateCycle changes one under its lock.
	Cycle(ctx context.Context, id uuid.UUID) (*cycle.Cycle, error)
	UpdateCycle(ctx context.Context, id uuid.UUID, version int, change func(*cycle.Cycle) (audit.Event, error)) (*cycle.Cycle, error)
	// PayPoints lists the pay points of a cycle with its areas; ReplacePayPoints leaves exactly these.
	PayPoints(ctx context.Context, cycle uuid.UUID) (Points, error)
	ReplacePayPoints(ctx context.Context, cycle uuid.UUID, p Points) error
	// Payees reads everybody of a cycle, or of one of its units, whose pay the actor reaches.
	Payees(ctx context.Context, cycle uuid.UUID, unit *uuid.UUID) ([]Payee, error)
	// OrgOn reads the trust's units.
	OrgOn(ctx context.Context, day schooltime.Date) (*directory.Org, error)
}

// Service is the use cases of pay beside the steps of its chain.
type Service struct{ store Store }

// NewService returns the use cases over a store.
func NewService(store Store) *Service { return &Service{store} }

// Pay reads the pay of one appraisal.
func (s *Service) Pay(ctx context.Context, appraisalID uuid.UUID) (*Subject, error) {
	return s.store.PayOf(ctx, appraisalID)
}

// Grant appends an award beyond the rule.
func (s *Service) Grant(ctx context.Context, appraisalID uuid.UUID, awards []Award, reason string) (*Subject, error) {
	return s.store.ChangePay(ctx, appraisalID, func(p *Subject) (Outcome, error) {
		if err := fault.Check(appraisal.Decide(p.Case, p, granting)); err != nil {
			return Outcome{}, err
		}
		return except(p.Case, p.Facts, awards, reason)
	})
}

// Points lists the pay points of a cycle.
func (s *Service) Points(ctx context.Context, cycleID uuid.UUID) (Points, error) {
	c, err := s.store.Cycle(ctx, cycleID)
	if err != nil {
		return Points{}, err
	}
	p, err := s.store.PayPoints(ctx, cycleID)
	p.Version = c.Version
	return p, err
}

// SetPoints replaces the pay points of a cycle. Nothing was decided by them.
func (s *Service) SetPoints(ctx context.Context, cycleID uuid.UUID, version int, p Points) (Points, error) {
	if err := p.check(); err != nil {
		return Points{}, err
	}
	_, err := s.store.UpdateCycle(ctx, cycleID, version, func(c *cycle.Cycle) (audit.Event, error) {
		if c.Status == cycle.Closed {
			return audit.Event{}, fault.New(fault.Conflict, "cycle_closed", "The cycle is closed; what happened in it stays as it is.")
		}
		if err := s.units(ctx, p.Areas); err != nil {
			return audit.Event{}, err
		}
		return audit.About("cycle", c.ID, c.Version, "pay_points_set", map[string]any{"rows": len(p.Items)}), s.store.ReplacePayPoints(ctx, cycleID, p)
	})
	if err != nil {
		return Points{}, err
	}
	return s.Points(ctx, cycleID)
}

// Preview works out what a year would come to.
func (s *Service) Preview(ctx context.Context, cycleID uuid.UUID, unit *uuid.UUID, living *big.Rat) (Preview, error) {
	points, err := s.Points(ctx, cycleID)
	if err != nil {
		return Preview{}, err
	}
	payees, err := s.store.Payees(ctx, cycleID, unit)
	return previewed(payees, points, living), err
}

// units refuses an area for a unit that is not there.
func (s *Service) units(ctx context.Context, areas []Area) error {
	org, err := s.store.OrgOn(ctx, access.From(ctx).Today)
	if err != nil {
		return err
	}
	for i, a := range areas {
		if _, ok := org.Units[a.UnitID]; !ok {
			return fault.Body("/areas/"+strconv.Itoa(i)+"/unit_id", "unknown_unit", "There is no such unit in the trust.")
		}
	}
	return nil
}
