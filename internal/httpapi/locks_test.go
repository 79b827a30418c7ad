package httpapi_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

// halted runs a command while somebody else holds an appraisal, looks at what it holds when it waits,
// and lets it go on.
func halted(t *testing.T, p *apitest.Process, held uuid.UUID, command func() (client.Answer, error), look func(pgx.Tx)) client.Answer {
	t.Helper()
	c, err := pgx.Connect(t.Context(), p.World.Stack.AdminURL)
	require.NoError(t, err)
	defer func() { _ = c.Close(t.Context()) }()
	tx, err := c.Begin(t.Context())
	require.NoError(t, err)
	_, err = tx.Exec(t.Context(), "select from appraisals where trust_id = $1 and id = $2 for no key update", p.World.Trust, held)
	require.NoError(t, err)
	type ended struct {
		client.Answer
		error
	}
	answer := make(chan ended, 1)
	go func() {
		r, err := command()
		answer <- ended{r, err}
	}()
	watch, err := pgx.Connect(t.Context(), p.World.Stack.AdminURL)
	require.NoError(t, err)
	defer func() { _ = watch.Close(t.Context()) }()
	require.Eventually(t, func() bool {
		var n int
		err := watch.QueryRow(t.Context(), "select count(*) from pg_stat_activity where $1 = any(pg_blocking_pids(pid))", c.PgConn().PID()).Scan(&n)
		return err == nil && n > 0
	}, 4*time.Second, 10*time.Millisecond, "the command waits")
	look(tx)
	require.NoError(t, tx.Commit(t.Context()))
	r := <-answer
	require.NoError(t, r.error)
	return r.Answer
}

// Whoever changes many appraisals at once waits for the first of them with none of the others in hand,
// and never keeps anybody from writing down who acted: with either, two could wait for each other.
func TestWhoeverTakesManyAppraisalsTakesThemInOneOrder(t *testing.T) {
	t.Parallel()
	p := apitest.NewProcess(t, apitest.ProcessSetup{Document: map[string]any{"schema": 1}})
	p.On("2026-10-05")
	inOrder := func(keys ...string) []uuid.UUID {
		var out []uuid.UUID
		for _, key := range keys {
			out = append(out, p.Appraisal(key).ID)
		}
		slices.SortFunc(out, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
		return out
	}
	free := func(years []uuid.UUID) func(pgx.Tx) {
		return func(tx pgx.Tx) {
			for _, id := range years[1:] {
				_, err := tx.Exec(t.Context(), "select from appraisals where trust_id = $1 and id = $2 for no key update nowait", p.World.Trust, id)
				require.NoError(t, err, "another appraisal is free while the first is waited for")
			}
			_, err := tx.Exec(t.Context(), "select from people where trust_id = $1 for key share nowait", p.World.Trust)
			require.NoError(t, err, "a row that names a person is written without waiting")
		}
	}

	taught := inOrder("ada", "dov")
	last, first := "ada", "dov"
	if p.Appraisal("dov").ID == taught[0] {
		last, first = first, last
	}
	moved := halted(t, p, taught[0], func() (client.Answer, error) { // the list names first what is locked last
		return p.World.HR.ReassignPeopleWithResponse(t.Context(), nil, api.ReassignPeople{Items: []api.Reassignment{
			{PostID: p.Posts[first], ManagerID: p.As("cho").ID}, {PostID: p.Posts[last], ManagerID: p.As("cho").ID}}})
	}, free(taught))
	require.Equal(t, 200, moved.StatusCode(), string(moved.GetBody()))

	cho, err := p.World.HR.GetPersonWithResponse(t.Context(), p.As("cho").ID)
	apitest.OK(t, cho, err)
	headed := inOrder("ada", "dov", "ben", "cho")
	left := halted(t, p, headed[0], func() (client.Answer, error) {
		return p.World.HR.DeactivatePersonWithResponse(t.Context(), cho.JSON200.ID, &api.DeactivatePersonParams{IfMatch: etag(cho.JSON200.Version)}, api.EndFrom{On: date("2026-10-05")})
	}, free(headed))
	require.Equal(t, 200, left.StatusCode(), string(left.GetBody()))
}
