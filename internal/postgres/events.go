package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/access"
	"github.com/perennial-api/perennial/internal/audit"
)

type requestKey struct{}

// WithRequestID returns a context whose events name the request.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey{}, id)
}

type blockRow struct {
	TrustID uuid.UUID
	N       int64
	Prev    string
	Hash    string
	At      time.Time
}

func (blockRow) TableName() string { return "blocks" }

// EventRow is an event as it is stored: the canonical body, and columns to find it by.
type EventRow struct {
	TrustID        uuid.UUID
	ID             uuid.UUID
	BlockN         int64
	I              int
	Type           string
	At             time.Time
	SchoolAt       time.Time
	ActorKind      string
	ActorID        *uuid.UUID
	SubjectKind    string
	SubjectID      uuid.UUID
	SubjectVersion int
	PersonID       *uuid.UUID
	UnitID         *uuid.UUID
	AppraisalID    *uuid.UUID
	Body           string
}

// TableName names the table.
func (EventRow) TableName() string { return "events" }

// seal writes the transaction's events as one chained block. The lock on the trust's chain is
// taken last and held until COMMIT, so that commit order is chain order.
func (d *DB) seal(ctx context.Context, u *unit) error {
	if len(u.events) == 0 {
		return nil
	}
	g := u.db.WithContext(ctx)
	if err := g.Exec("select pg_advisory_xact_lock(hashtextextended(?, 7))", u.trust.String()).Error; err != nil {
		return translate(err)
	}
	var last blockRow
	if err := g.Raw("select * from blocks where trust_id = ? order by n desc limit 1", u.trust).Scan(&last).Error; err != nil {
		return err
	}
	now := d.now().UTC().Truncate(time.Microsecond)
	block := blockRow{TrustID: u.trust, N: last.N + 1, Prev: last.Hash, At: now}
	rows, bodies := make([]EventRow, len(u.events)), make([][]byte, len(u.events))
	for i, e := range u.events {
		d.complete(ctx, u.actor, &e, now)
		body, err := e.Canonical()
		if err != nil {
			return err
		}
		rows[i], bodies[i] = eventRow(u.trust, block.N, i, e, body), body
	}
	block.Hash = audit.Hash(block.Prev, block.N, bodies)
	if err := g.Create(&block).Error; err != nil {
		return err
	}
	return g.CreateInBatches(rows, 1000).Error
}

// complete adds who, when and by which request.
func (d *DB) complete(ctx context.Context, a *access.Actor, e *audit.Event, now time.Time) {
	e.ID, e.Schema, e.At, e.SchoolAt = d.ids(), int(audit.Schema), now, now
	e.RequestID, _ = ctx.Value(requestKey{}).(string)
	if e.ActorKind == "" {
		e.ActorKind = "system"
	}
	if a != nil {
		e.ActorKind, e.ActorID, e.SchoolAt = "person", &a.PersonID, a.Now
	}
}

func eventRow(trust uuid.UUID, n int64, i int, e audit.Event, body []byte) EventRow {
	return EventRow{TrustID: trust, ID: e.ID, BlockN: n, I: i, Type: e.Type, At: e.At, SchoolAt: e.SchoolAt,
		ActorKind: e.ActorKind, ActorID: e.ActorID, SubjectKind: e.Subject.Kind, SubjectID: e.Subject.ID,
		SubjectVersion: e.Subject.Version, PersonID: e.PersonID, UnitID: e.UnitID, AppraisalID: e.AppraisalID, Body: string(body)}
}
