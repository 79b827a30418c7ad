package httpapi_test

import (
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api"
	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/pkg/client"
)

func TestTwoImportsAtOnceAddNobodyTwice(t *testing.T) {
	t.Parallel()
	w := newDirWorld(t)
	hr := w.HR.ClientWithResponses
	list := []string{"Person ID,Work Email,Forename,Surname,School,Job Title", "1,ada@brightwater.example,Ada,Marsh,Eastfield School,Teacher"}
	one, two := planned(t, hr, list...), planned(t, hr, list...)
	apply := func(i api.Import) func() (client.Answer, error) {
		return func() (client.Answer, error) { return applyImport(t, hr, i, false) }
	}
	require.ElementsMatch(t, []int{200, 409}, dirTogether(t, apply(one), apply(two)))
	require.Equal(t, 1, w.count(t, "select count(*) from people where trust_id = $1 and email like 'ada@%'", w.Trust))
	three := planned(t, hr, list[0], "2,bo@brightwater.example,Bo,Lind,Eastfield School,Cook")
	require.ElementsMatch(t, []int{200, 412}, dirTogether(t, apply(three), apply(three)))
	require.Equal(t, 1, w.count(t, "select count(*) from people where trust_id = $1 and email like 'bo@%'", w.Trust))
}

// What somebody commits between an import's look at the directory and its writing must not be lost.
func TestChangeInTheMomentOfApplyingOvertakesThePlan(t *testing.T) {
	t.Parallel()
	list := []string{"Person ID,Work Email,Forename,Surname,School,Job Title,Start Date,Line Manager", "1,ada@brightwater.example,Ada,Marsh,Northfield School,Teacher,2025-09-01,"}
	more := []string{list[0], "1,ada@brightwater.example,Ada,Marsh,Northfield School,Head of year,2025-09-01,mis3", "2,bo@brightwater.example,Bo,Lind,Eastfield School,Cook,2025-09-01,"}
	for what, statement := range map[string]string{
		"a post":           "update posts set version = version + 1, job_title = 'Artist' where trust_id = $1 and id <> $2",
		"a person":         "update people set version = version + 1, status = 'inactive' where trust_id = $1 and given_name = 'Ada' and id <> $2",
		"a line manager":   "update people set version = version + 1, status = 'inactive' where trust_id = $1 and given_name = 'Cy' and id <> $2",
		"an e-mail":        "insert into people (trust_id, id, given_name, family_name, email) values ($1, $2, 'Bo', 'Lind', 'BO@brightwater.example')",
		"a school's name":  "insert into units (trust_id, id, parent_id, kind, name, decides) select $1, $2, id, 'school', 'eastfield school', true from units where trust_id = $1 and parent_id is null",
		"an outside id":    "insert into external_ids (trust_id, system, value, person_id) select $1, 'mis', '2', id from people where trust_id = $1 and id <> $2 order by id limit 1",
		"the line manager": "update line_managers set version = version + 1, until_on = '2026-10-01' where trust_id = $1 and id <> $2",
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := newDirWorld(t)
			hr := w.HR.ClientWithResponses
			imported(t, hr, append(append([]string{}, list...), "mis3,,Cy,Reed,Northfield School,Head,2025-09-01,")...)
			w.manage(t, w.staff(t, "mis:1").Posts[0], w.HR.ID)
			plan := planned(t, hr, more...)
			require.Equal(t, []string{"2 changed job_title,line_manager", "3 new"}, outcomes(t, hr, plan.ID))
			c, err := pgx.Connect(t.Context(), w.Stack.AdminURL)
			require.NoError(t, err)
			defer func() { _ = c.Close(t.Context()) }()
			tx, err := c.Begin(t.Context())
			require.NoError(t, err)
			_, err = tx.Exec(t.Context(), statement, w.Trust, uuid.New())
			require.NoError(t, err)
			answer := make(chan *client.ApplyImportResponse, 1)
			go func() {
				r, _ := hr.ApplyImportWithResponse(t.Context(), plan.ID, &api.ApplyImportParams{IfMatch: dirETag(plan.Version)}, api.ApplyImport{})
				answer <- r
			}()
			require.Eventually(t, func() bool {
				return w.count(t, "select count(*) from pg_locks where not granted and pid in (select pid from pg_stat_activity where datname = current_database() and $1 = any(pg_blocking_pids(pid)))", c.PgConn().PID()) > 0
			}, 4*time.Second, 20*time.Millisecond, "the import waits")
			require.NoError(t, tx.Commit(t.Context()))
			r := <-answer
			require.NotNil(t, r)
			dirRefused(t, r, nil, 409, "plan_outdated")
			require.Zero(t, w.count(t, "select count(*) from posts where trust_id = $1 and job_title in ('Head of year', 'Cook')", w.Trust))
		})
	}
}

// A file may take minutes to arrive. What its sender may do is asked again once it is there.
func TestWhoLosesTheRightWhileTheFileArrivesImportsNothing(t *testing.T) {
	t.Parallel()
	for code, lose := range map[string]string{
		"token_ended":       "update people set status = 'inactive' where trust_id = $1",
		"role_not_admitted": "update offices set until_on = '2026-10-05' where trust_id = $1",
	} {
		w := newDirWorld(t)
		r, body := io.Pipe()
		go func() {
			_, _ = io.WriteString(body, "Person ID,Forename,Surname,School\n")
			time.Sleep(300 * time.Millisecond) // by now the request has been let in
			w.exec(t, lose, w.Trust)
			_, _ = io.WriteString(body, "1,Ada,Marsh,Northfield School\n")
			_ = body.Close()
		}()
		// The plain client, for that of this package reads a body before it sends it, to send it again.
		l, err := w.HR.ListImportsWithResponse(t.Context(), nil)
		apitest.OK(t, l, err)
		q, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.Stack.URL+"/v1/imports", r)
		require.NoError(t, err)
		q.Header.Set("Content-Type", "text/csv")
		q.Header.Set("Authorization", l.HTTPResponse.Request.Header.Get("Authorization"))
		res, err := http.DefaultClient.Do(q)
		require.NoError(t, err)
		require.Contains(t, apitest.Read(t, res), code)
		require.Zero(t, w.count(t, "select count(*) from imports where trust_id = $1", w.Trust))
	}
}
