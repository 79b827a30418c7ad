//go:build unix

package pgembed

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

func TestDataOutlivesARestart(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(testDir(t), "made", "by-start")
	s := start(t, dir)
	require.True(t, s.Fresh)
	require.Equal(t, 1, rows(t, s))
	require.NoError(t, s.Err())
	require.NoError(t, s.Stop())
	require.NoError(t, s.Stop(), "a second Stop answers as the first")
	require.NoError(t, s.Err())
	<-s.Done()
	require.NoFileExists(t, filepath.Join(dir, "pg", "postmaster.pid"))
	requireData(t, dir, 1)
}

func TestTerminatedOwnerStopsPostgresCleanly(t *testing.T) {
	t.Parallel()
	dir, _ := clusterDir(t)
	o := newOwner(t, dir)
	o.signal(syscall.SIGTERM)
	require.Equal(t, stoppedCleanly, o.wait(), &o.out)
	require.NoFileExists(t, filepath.Join(dir, "pg", "postmaster.pid"))
	log, err := os.ReadFile(filepath.Join(dir, "postgres.log"))
	require.NoError(t, err)
	require.Contains(t, string(log), "database system is shut down")
	requireData(t, dir, 3)
}

func TestCtrlCAtTheTerminalLeavesPostgresToItsOwner(t *testing.T) {
	t.Parallel()
	dir, _ := clusterDir(t)
	o := newOwner(t, dir)
	require.NoError(t, syscall.Kill(-o.command.Process.Pid, syscall.SIGINT)) // the whole group, as a terminal does
	require.Equal(t, stoppedCleanly, o.wait(), &o.out)
	requireData(t, dir, 3)
}

func TestOnlyTheOwnerOfTheDirectoryCanConnect(t *testing.T) {
	t.Parallel()
	dir, _ := clusterDir(t)
	s := start(t, dir)
	require.Empty(t, ask(t, s.DSN, "show listen_addresses"))
	st, err := os.Stat(filepath.Join(dir, "run"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), st.Mode().Perm())
}

func TestSettingsAreTheCallersSaveThoseTheStartNeeds(t *testing.T) {
	t.Parallel()
	dir, _ := clusterDir(t)
	s := startWith(t, Options{
		Dir:            dir,
		MaxConnections: 17,
		Params:         map[string]string{"work_mem": "7MB", "listen_addresses": "*", "cluster_name": "mine"},
	})
	for name, want := range map[string]string{
		"max_connections": "17", "work_mem": "7MB", "listen_addresses": "", "timezone": "UTC", "fsync": "on",
		"cluster_name": s.home.tag(), "data_checksums": "on", "server_encoding": "UTF8",
	} {
		require.Equal(t, want, ask(t, s.DSN, "select current_setting($1)", name), name)
	}
}

func TestDSNNamesAnyRoleAndDatabase(t *testing.T) {
	t.Parallel()
	dir, _ := clusterDir(t)
	s := start(t, dir)
	role, database := `o'brien \ co`, "a b"
	c, err := pgx.Connect(t.Context(), s.DSN)
	require.NoError(t, err)
	defer c.Close(t.Context())
	for _, statement := range []string{
		"create role " + pgx.Identifier{role}.Sanitize() + " login",
		"create database " + pgx.Identifier{database}.Sanitize(),
	} {
		_, err = c.Exec(t.Context(), statement)
		require.NoError(t, err)
	}
	require.Equal(t, role+" in "+database, ask(t, s.DSNFor(role, database), "select current_user || ' in ' || current_database()"))
}

func TestCancelledStartLeavesNothingRunning(t *testing.T) {
	t.Parallel()
	dir := testDir(t)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for len(processesIn(t, dir)) == 0 { // until initdb works
			time.Sleep(time.Millisecond)
		}
		cancel()
	}()
	_, err := Start(ctx, Options{Dir: dir})
	require.ErrorIs(t, err, context.Canceled)
	require.Eventually(t, func() bool { return len(processesIn(t, dir)) == 0 }, patience, 5*time.Millisecond)
	require.True(t, start(t, dir).Fresh)
}
