package postgres

import (
	"context"
	"math"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
	"github.com/perennial-api/perennial/internal/fault"
	"github.com/perennial-api/perennial/internal/schooltime"
)

// MoveDemoClock moves the trust's school time to nine in the morning of the day. It only moves
// forward, and only in a demo trust; it then goes on ticking.
func (d *DB) MoveDemoClock(ctx context.Context, a *access.Actor, day schooltime.Date) (*access.Actor, error) {
	if !a.Demo {
		return nil, fault.New(fault.Conflict, "not_a_demo", "Only a demo trust's clock can be moved.")
	}
	if !day.After(a.Today) {
		return nil, fault.New(fault.Conflict, "clock_forward_only", "The clock is at %s and only moves forward.", a.Today)
	}
	if day.After(a.Today.AddMonths(36)) {
		return nil, fault.New(fault.Conflict, "clock_too_far", "The clock moves at most three years at a time.")
	}
	if err := d.SetClock(ctx, a.TrustID, day); err != nil {
		return nil, err
	}
	event := audit.About("trust", a.TrustID, 1, "clock_moved", map[string]any{"from": a.Today.String(), "to": day.String()})
	if err := d.Record(ctx, event); err != nil {
		return nil, err
	}
	return d.SchoolDay(ctx, a.TrustID)
}

// SetClock sets the trust's offset so that it is nine in the morning of the day there now.
func (d *DB) SetClock(ctx context.Context, trust uuid.UUID, day schooltime.Date) error {
	var zone string
	if err := d.conn(ctx).Raw("select time_zone from trusts where id = ?", trust).Scan(&zone).Error; err != nil {
		return err
	}
	loc, err := time.LoadLocation(zone)
	if err != nil {
		return err
	}
	at := time.Date(day.Year(), day.Month(), day.Day(), 9, 0, 0, 0, loc)
	return d.conn(ctx).Exec("update trusts set clock_offset_seconds = ?, updated_at = ? where id = ?", int64(math.Ceil(at.Sub(d.now()).Seconds())), d.now(), trust).Error
}

// SessionLive says whether the session may still be used.
func (d *DB) SessionLive(ctx context.Context, trust, session uuid.UUID) (bool, error) {
	var live bool
	err := d.conn(ctx).Raw("select exists (select from sessions where trust_id = ? and id = ? and ended_at is null)", trust, session).Scan(&live).Error
	return live, err
}
