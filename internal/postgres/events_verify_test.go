package postgres_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/audit"
)

// newChain is a trust with blocks of two events each.
func newChain(t testing.TB, blocks int) uuid.UUID {
	t.Helper()
	trust := uuid.New()
	_, err := shared.admin.Exec(t.Context(), "insert into trusts (id, slug, name) values ($1, $2, 'A trust')", trust, slugOf(trust))
	require.NoError(t, err)
	for range blocks {
		seal(t, trust, 2)
	}
	return trust
}

// seal writes a block of some events, as a request does.
func seal(t testing.TB, trust uuid.UUID, events int) {
	t.Helper()
	require.NoError(t, shared.InTx(t.Context(), trust, func(ctx context.Context) error {
		for i := range events {
			e := audit.About("priority", uuid.New(), 1, "created", map[string]any{"code": fmt.Sprint(i)}).Of(uuid.New(), uuid.New())
			if err := shared.Record(ctx, e); err != nil {
				return err
			}
		}
		return nil
	}))
}

func verify(t testing.TB, trust uuid.UUID, anchor *audit.Anchor) *audit.Check {
	t.Helper()
	var check *audit.Check
	require.NoError(t, shared.InTx(t.Context(), trust, func(ctx context.Context) (err error) {
		check, err = shared.VerifyChain(ctx, anchor)
		return err
	}))
	return check
}

// noted is the head of the chain now, as somebody would keep it outside.
func noted(t *testing.T, trust uuid.UUID) *audit.Anchor {
	t.Helper()
	var head audit.Block
	require.NoError(t, shared.InTx(t.Context(), trust, func(ctx context.Context) (err error) {
		head, err = shared.AuditHead(ctx)
		return err
	}))
	return &audit.Anchor{N: head.N, Hash: head.Hash}
}

// tamper changes history as whoever holds the database could: no trigger and no key is in the way.
func tamper(t *testing.T, trust uuid.UUID, statements ...string) {
	t.Helper()
	require.NoError(t, pgx.BeginFunc(t.Context(), shared.admin, func(tx pgx.Tx) error {
		if _, err := tx.Exec(t.Context(), "set local session_replication_role = replica"); err != nil {
			return err
		}
		for _, s := range statements {
			tag, err := tx.Exec(t.Context(), s, trust)
			if err != nil {
				return err
			}
			require.NotZero(t, tag.RowsAffected(), s)
		}
		return nil
	}))
}

// reseal makes the chain consistent again from a block on, as whoever holds the database could.
func reseal(t *testing.T, trust uuid.UUID, from int64) {
	t.Helper()
	var prev string
	require.NoError(t, shared.admin.QueryRow(t.Context(), "select hash from blocks where trust_id = $1 and n = $2", trust, from-1).Scan(&prev))
	for n := from; ; n++ {
		rows, err := shared.admin.Query(t.Context(), "select body from events where trust_id = $1 and block_n = $2 order by i", trust, n)
		require.NoError(t, err)
		bodies, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
		require.NoError(t, err)
		if len(bodies) == 0 {
			return
		}
		hash := audit.Hash(prev, n, bodies)
		tamper(t, trust, fmt.Sprintf("update blocks set prev = '%s', hash = '%s' where trust_id = $1 and n = %d", prev, hash, n))
		prev = hash
	}
}

// forging puts an event of its own into the third block, complete with its columns.
var forging = []string{`insert into events select trust_id, 'ffffffff-0000-4000-8000-0000000000f0', 3, 2, type, at, school_at, actor_kind, actor_id, subject_kind, subject_id,
	subject_version, person_id, unit_id, appraisal_id, replace(body, id::text, 'ffffffff-0000-4000-8000-0000000000f0') from events where trust_id = $1 and block_n = 3 and i = 1`}

func TestEveryTamperingWithTheAuditChainIsFound(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		statements []string
		block      int64
		what       string
	}{
		"a changed body":         {[]string{"update events set body = replace(body, 'created', 'removed') where trust_id = $1 and block_n = 2 and i = 0"}, 2, audit.Changed},
		"a changed column":       {[]string{"update events set person_id = subject_id where trust_id = $1 and block_n = 3 and i = 1"}, 3, audit.FoundOther},
		"a column taken away":    {[]string{"update events set person_id = null where trust_id = $1 and block_n = 3 and i = 1"}, 3, audit.FoundOther},
		"a changed time":         {[]string{"update blocks set at = at - interval '1 hour' where trust_id = $1 and n = 3"}, 3, audit.FoundOther},
		"a changed hash":         {[]string{"update blocks set hash = prev where trust_id = $1 and n = 5"}, 5, audit.Changed},
		"a removed event":        {[]string{"delete from events where trust_id = $1 and block_n = 4 and i = 0"}, 4, audit.EventGone},
		"the last of its block":  {[]string{"delete from events where trust_id = $1 and block_n = 4 and i = 1"}, 4, audit.Changed},
		"all events of a block":  {[]string{"delete from events where trust_id = $1 and block_n = 5"}, 5, audit.EventGone},
		"a removed block":        {[]string{"delete from events where trust_id = $1 and block_n = 3", "delete from blocks where trust_id = $1 and n = 3"}, 3, audit.BlockGone},
		"the first block":        {[]string{"delete from events where trust_id = $1 and block_n = 1", "delete from blocks where trust_id = $1 and n = 1"}, 1, audit.BlockGone},
		"a block and not events": {[]string{"delete from blocks where trust_id = $1 and n = 5"}, 5, audit.BlockGone},
		"a closed gap": {[]string{"delete from events where trust_id = $1 and block_n = 3", "delete from blocks where trust_id = $1 and n = 3",
			"update events set block_n = block_n - 1 where trust_id = $1 and block_n > 3", "update blocks set n = 3 where trust_id = $1 and n = 4", "update blocks set n = 4 where trust_id = $1 and n = 5"}, 3, audit.BrokenLink},
		"swapped events": {[]string{"update events set i = 11 - i where trust_id = $1 and block_n = 4", "update events set i = i - 10 where trust_id = $1 and block_n = 4"}, 4, audit.EventMoved},
		"swapped blocks": {[]string{"update blocks set n = 107 - n where trust_id = $1 and n in (3, 4)", "update blocks set n = n - 100 where trust_id = $1 and n > 100",
			"update events set block_n = 107 - block_n where trust_id = $1 and block_n in (3, 4)", "update events set block_n = block_n - 100 where trust_id = $1 and block_n > 100"}, 3, audit.BrokenLink},
		"an event moved on": {[]string{"update events set block_n = 4, i = 2 where trust_id = $1 and block_n = 3 and i = 1"}, 3, audit.Changed},
		"an event put in":   {forging, 3, audit.Changed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			trust := newChain(t, 5)
			before := verify(t, trust, noted(t, trust))
			require.Nil(t, before.Bad)
			require.Equal(t, []int64{5, 10}, []int64{before.Blocks, before.Events})
			tamper(t, trust, c.statements...)
			after := verify(t, trust, nil)
			require.NotNil(t, after.Bad)
			require.Equal(t, []any{c.block, c.what}, []any{after.Bad.Block, after.Bad.What}, after.Bad.Detail)
			require.NotEmpty(t, after.Bad.Detail)
		})
	}
}

func TestAChainThatWasCutOffOrMadeAnewShowsAgainstItsNotedHead(t *testing.T) {
	t.Parallel()
	trust := newChain(t, 5)
	head := noted(t, trust)
	tamper(t, trust, "delete from events where trust_id = $1 and block_n > 3", "delete from blocks where trust_id = $1 and n > 3")
	require.Nil(t, verify(t, trust, nil).Bad, "in itself it is consistent")
	require.Equal(t, &audit.Bad{Block: 4, What: audit.CutOff, Detail: "The chain ends before the block that was noted."}, verify(t, trust, head).Bad)

	trust = newChain(t, 5)
	three, five := audit.Anchor{N: 3, Hash: ""}, noted(t, trust)
	require.NoError(t, shared.admin.QueryRow(t.Context(), "select hash from blocks where trust_id = $1 and n = 3", trust).Scan(&three.Hash))
	tamper(t, trust, forging...)
	reseal(t, trust, 3)
	require.Nil(t, verify(t, trust, nil).Bad, "whoever makes all of it anew makes it consistent")
	for _, anchor := range []*audit.Anchor{&three, five} {
		bad := verify(t, trust, anchor).Bad
		require.NotNil(t, bad)
		require.Equal(t, []any{anchor.N, audit.OtherAnchor}, []any{bad.Block, bad.What})
	}
	seal(t, trust, 1)
	require.NotNil(t, verify(t, trust, five).Bad, "and later blocks do not cover it up")
}

func TestAnEmptyChainIsWhole(t *testing.T) {
	t.Parallel()
	trust := newChain(t, 0)
	require.Equal(t, &audit.Anchor{}, noted(t, trust))
	require.Nil(t, verify(t, trust, nil).Bad)
	require.Equal(t, audit.CutOff, verify(t, trust, &audit.Anchor{N: 1, Hash: "x"}).Bad.What)
}

// A year of a large trust leaves some hundred thousand events: `go test -bench Chain -benchtime 3x`.
func BenchmarkVerifyingAChainOf100000Events(b *testing.B) {
	trust := newChain(b, 0)
	for range 500 {
		seal(b, trust, 200)
	}
	b.ResetTimer()
	b.ReportAllocs()
	for b.Loop() {
		require.EqualValues(b, 100_000, verify(b, trust, nil).Events)
	}
}
