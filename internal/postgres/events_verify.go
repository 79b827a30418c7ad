package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/audit"
)

// AuditHead implements privacy.Store.
func (d *DB) AuditHead(ctx context.Context) (audit.Block, error) {
	var last audit.Block
	err := d.conn(ctx).Raw("select n, prev, hash, at from blocks where trust_id = ? order by n desc limit 1", trustOf(ctx)).Scan(&last).Error
	return last, err
}

// trustOf is the trust that the transaction serves, whoever asks: a person, or the operator.
func trustOf(ctx context.Context) uuid.UUID {
	if u := unitOf(ctx); u != nil {
		return u.trust
	}
	return uuid.Nil
}

// pageOfChain is how many blocks are read at a time. Their events are read row by row.
const pageOfChain = 500

// VerifyChain implements privacy.Store. It reads the chain once, and keeps a page of blocks of it.
// Each page is two reads along an index, so that no plan can turn into a search.
func (d *DB) VerifyChain(ctx context.Context, anchor *audit.Anchor) (*audit.Check, error) {
	check := audit.NewCheck(anchor)
	for check.Bad == nil {
		var blocks []audit.Block
		err := d.conn(ctx).Raw("select n, prev, hash, at from blocks where trust_id = ? and n > ? order by n limit ?", trustOf(ctx), check.Head.N, pageOfChain).Scan(&blocks).Error
		if err != nil {
			return nil, err
		}
		if len(blocks) == 0 {
			break
		}
		if err := d.verifyPage(ctx, check, blocks); err != nil {
			return nil, err
		}
	}
	check.End()
	if check.Bad != nil {
		return check, nil
	}
	return check, d.orphans(ctx, check)
}

const eventsSQL = `select block_n, i, id, type, at, school_at, actor_kind, actor_id, subject_kind, subject_id, subject_version, person_id, unit_id, appraisal_id, body
	from events where trust_id = ? and block_n between ? and ? order by block_n, i`

// verifyPage gives blocks and their events to the check, until it finds something.
func (d *DB) verifyPage(ctx context.Context, check *audit.Check, blocks []audit.Block) error {
	rows, err := d.conn(ctx).Raw(eventsSQL, trustOf(ctx), blocks[0].N, blocks[len(blocks)-1].N).Rows()
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	next := func() (e *EventRow, err error) {
		if rows.Next() {
			e = &EventRow{TrustID: trustOf(ctx)}
			err = rows.Scan(&e.BlockN, &e.I, &e.ID, &e.Type, &e.At, &e.SchoolAt, &e.ActorKind, &e.ActorID, &e.SubjectKind, &e.SubjectID,
				&e.SubjectVersion, &e.PersonID, &e.UnitID, &e.AppraisalID, &e.Body)
		}
		return e, errors.Join(err, rows.Err())
	}
	e, err := next()
	for _, b := range blocks {
		if err != nil || !check.Block(b) {
			return err
		}
		for ; err == nil && e != nil && e.BlockN == b.N; e, err = next() {
			check.Event(audit.Stored{I: e.I, ID: e.ID, Body: []byte(e.Body), Found: e.found(b)})
		}
	}
	return err
}

// orphans looks for events whose block is gone from the end of the chain.
func (d *DB) orphans(ctx context.Context, check *audit.Check) error {
	var n *int64
	err := d.conn(ctx).Raw(`select min(e.block_n) from events e where e.trust_id = @trust
		and not exists (select from blocks b where b.trust_id = @trust and b.n = e.block_n)`, map[string]any{"trust": trustOf(ctx)}).Scan(&n).Error
	if n != nil {
		check.Fail(*n, audit.BlockGone)
	}
	return err
}

// found says whether the columns by which an event is found are what its body says, and its time
// that of its block.
func (r *EventRow) found(b audit.Block) bool {
	var e audit.Event
	if json.Unmarshal([]byte(r.Body), &e) != nil {
		return false
	}
	want := eventRow(r.TrustID, r.BlockN, r.I, e, []byte(r.Body))
	moved := want.SchoolAt.Sub(r.SchoolAt).Abs() // the database rounds where the body cuts off
	return want.ID == r.ID && want.Type == r.Type && want.At.Equal(r.At) && b.At.Equal(r.At) && moved <= time.Microsecond &&
		want.ActorKind == r.ActorKind && same(want.ActorID, r.ActorID) && want.SubjectKind == r.SubjectKind && want.SubjectID == r.SubjectID &&
		want.SubjectVersion == r.SubjectVersion && same(want.PersonID, r.PersonID) && same(want.UnitID, r.UnitID) && same(want.AppraisalID, r.AppraisalID)
}

func same(a, b *uuid.UUID) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
