//go:build unix

package pgembed

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// orphan runs postgres on the cluster in dir without an owner. named is how its command line names the cluster.
func orphan(t *testing.T, binDir, dir, named string) (pid int) {
	t.Helper()
	c := exec.Command(filepath.Join(binDir, "postgres"), "-D", named, "-c", "listen_addresses=",
		"-c", "unix_socket_directories="+filepath.Join(dir, "run"))
	c.Dir = dir
	h := &home{dir: dir}
	_, err := newEndpoint(h, accountFor(t, dir))
	require.NoError(t, err)
	pid = asOwnerOf(t, dir, c)
	s := &Server{Pid: pid, home: h}
	require.Eventually(t, s.ready, patience, 5*time.Millisecond)
	return pid
}

func TestStartStopsAnOrphanedPostgres(t *testing.T) {
	t.Parallel()
	dir, binDir := clusterDir(t)
	pid := orphan(t, binDir, dir, filepath.Join(dir, "pg"))
	requireData(t, dir, 1)
	require.False(t, runs(t, pid))
}

func TestStartStopsAnOrphanThatWasStartedThroughALink(t *testing.T) {
	t.Parallel()
	dir, binDir := clusterDir(t)
	require.NoError(t, os.Symlink(dir, filepath.Join(dir, "link")))
	pid := orphan(t, binDir, dir, filepath.Join(dir, "link", "pg"))
	requireData(t, dir, 1)
	require.False(t, runs(t, pid))
}

func TestStartLeavesAPostgresThatItCannotTell(t *testing.T) {
	t.Parallel()
	dir, binDir := clusterDir(t)
	pid := orphan(t, binDir, dir, "pg") // relative: it could be anybody's
	_, err := Start(t.Context(), Options{Dir: dir})
	requireSentence(t, err, "postmaster.pid", "already exists")
	require.True(t, runs(t, pid))
}

func TestStartPassesOverAPidThatWasGivenToAStranger(t *testing.T) {
	t.Parallel()
	dir, _ := clusterDir(t)
	stranger := asOwnerOf(t, dir, exec.Command("sleep", "300"))
	leave := func(path, content string) {
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		require.NoError(t, accountFor(t, dir).own(path))
	}
	run := filepath.Join(dir, "run")
	require.NoError(t, os.Mkdir(run, 0o700))
	require.NoError(t, accountFor(t, dir).own(run))
	leave(filepath.Join(dir, "pg", "postmaster.pid"),
		fmt.Sprintf("%d\n%s\n1\n5432\n%s\n\n  1 1\nready   \n", stranger, filepath.Join(dir, "pg"), run))
	leave(filepath.Join(run, ".s.PGSQL.5432.lock"), fmt.Sprintf("%d\n", stranger))
	requireData(t, dir, 1)
	require.True(t, runs(t, stranger))
}

func TestOwnProcessesAreKnownByTheirCommandLines(t *testing.T) {
	t.Parallel()
	dir := testDir(t)
	h := &home{dir: dir}
	for _, sub := range []string{"pg", "pg2"} {
		require.NoError(t, os.Mkdir(filepath.Join(dir, sub), 0o700))
	}
	for command, ours := range map[string]bool{
		"/usr/lib/postgresql/15/bin/postgres -D " + dir + "/pg -c port=5432": true,
		"/opt/a b/postgres -D " + dir + "/pg":                                true,
		"postgres -D" + dir + "/pg -c port=1":                                true,
		"postgres: " + h.tag() + ": checkpointer":                            true,
		"postgres: " + h.tag() + "0: checkpointer":                           false,
		"postgres: checkpointer":                                             false,
		"/usr/lib/postgresql/15/bin/postgres -D " + dir + "/pg2 -c port=1":   false,
		"/usr/lib/postgresql/15/bin/postgres -D pg":                          false,
		"/usr/lib/postgresql/15/bin/initdb -D " + dir + "/pg.new-1":          false,
		"tail -f " + dir + "/pg/postgres.log":                                false,
		"":                                                                   false,
	} {
		require.Equal(t, ours, len(h.owned(map[int]string{7: command})) == 1, command)
	}
}

func TestAPidIsDoubtfulWhenItsProcessMayBeOurs(t *testing.T) {
	t.Parallel()
	dir := testDir(t)
	h := &home{dir: dir}
	require.NoError(t, os.Mkdir(filepath.Join(dir, "pg"), 0o700))
	for command, doubtful := range map[string]bool{
		"postgres -D pg":                          true,
		"/usr/lib/postgresql/15/bin/postgres":     true, // PGDATA
		"postgres -D /nonexistent/pg":             true,
		"postgres -D " + dir:                      false,
		"postgres -D " + filepath.Join(dir, "pg"): false,
		"postgres: other: walwriter":              false,
		"sleep 300":                               false,
		"":                                        false,
	} {
		require.Equal(t, doubtful, h.doubtful(7, map[int]string{7: command}), command)
	}
	require.True(t, h.doubtful(os.Getpid(), nil), "alive, and hidden from us")
	require.False(t, h.doubtful(0, nil))
}
