//go:build unix

package pgembed

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestPostgresEndsWhenItsOwnerIsKilled(t *testing.T) {
	t.Parallel()
	dir, _ := clusterDir(t)
	o := newOwner(t, dir)
	o.signal(syscall.SIGKILL)
	require.Equal(t, -1, o.wait())
	if diesWithParent {
		requireEnds(t, o.Postgres)
		require.NoFileExists(t, filepath.Join(dir, "pg", "postmaster.pid"), "it shut down cleanly")
	}
	requireData(t, dir, 2)
	require.False(t, runs(t, o.Postgres))
}

func TestNextStartNeedNotWaitForTheKilledOwnersPostgres(t *testing.T) {
	t.Parallel()
	dir, _ := clusterDir(t)
	o := newOwner(t, dir)
	o.signal(syscall.SIGKILL)
	requireData(t, dir, 2)
}

func TestOwnerLearnsThatPostgresWasKilled(t *testing.T) {
	t.Parallel()
	dir, _ := clusterDir(t)
	s := start(t, dir)
	require.Equal(t, 2, rows(t, s))
	require.NoError(t, syscall.Kill(s.Pid, syscall.SIGKILL))
	select {
	case <-s.Done():
	case <-time.After(patience):
		require.Fail(t, "Done was not closed")
	}
	requireSentence(t, s.Err(), "killed")
	require.Error(t, s.Stop())
	requireData(t, dir, 2)
}

func TestOwnerLearnsThatPostgresWasShutDownByAnother(t *testing.T) {
	t.Parallel()
	dir, _ := clusterDir(t)
	o := newOwner(t, dir)
	require.NoError(t, syscall.Kill(o.Postgres, syscall.SIGINT))
	require.Equal(t, postgresEnded, o.wait())
	require.Contains(t, o.out.String(), "shut down by someone else")
}

func TestNextStartRecoversWhenBothWereKilled(t *testing.T) {
	t.Parallel()
	dir, _ := clusterDir(t)
	o := newOwner(t, dir)
	require.NoError(t, syscall.Kill(o.Postgres, syscall.SIGKILL))
	o.signal(syscall.SIGKILL)
	requireData(t, dir, 2)
	log, err := os.ReadFile(filepath.Join(dir, "postgres.log"))
	require.NoError(t, err)
	require.Contains(t, string(log), "automatic recovery in progress")
}

func TestStartBeginsAnewAfterAKilledInitdb(t *testing.T) {
	t.Parallel()
	dir := testDir(t)
	o, _ := startOwner(t, dir)
	var initdb []int
	require.Eventually(t, func() bool {
		half, _ := filepath.Glob(filepath.Join(dir, halfMade+"*", "base"))
		initdb = processesIn(t, dir)
		return len(half) > 0 && len(initdb) > 0
	}, patience, time.Millisecond)
	o.signal(syscall.SIGKILL)
	for _, pid := range initdb {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
	require.Equal(t, -1, o.wait())
	require.NoDirExists(t, filepath.Join(dir, "pg"))
	require.NoError(t, os.MkdirAll(filepath.Join(dir, halfMade+"older", "base"), 0o700))

	s := start(t, dir)
	require.True(t, s.Fresh)
	require.Equal(t, 1, rows(t, s))
	half, _ := filepath.Glob(filepath.Join(dir, halfMade+"*"))
	require.Empty(t, half)
}
