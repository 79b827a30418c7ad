//go:build unix

package pgembed

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestThrowawayClusterGoesWithStop(t *testing.T) {
	t.Parallel()
	s, err := StartThrowaway(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Stop() })
	require.Equal(t, "off", ask(t, s.DSN, "show fsync"))
	require.Equal(t, "200", ask(t, s.DSN, "show max_connections"))
	dir := s.home.dir
	st, err := os.Stat(dir)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o755), st.Mode().Perm())
	for _, memory := range memoryDirs() {
		require.Equal(t, memory, filepath.Dir(dir))
	}
	require.NoError(t, s.Stop())
	require.NoDirExists(t, dir)
}

// The long path puts the socket elsewhere, which has to go as well.
func TestThrowawayClusterGoesWhenPostgresWasKilled(t *testing.T) {
	t.Parallel()
	place := filepath.Join(testDir(t), strings.Repeat("x", 90))
	require.NoError(t, os.Mkdir(place, 0o755))
	h, err := newThrowawayIn(place)
	require.NoError(t, err)
	s, err := h.start(t.Context(), Options{Throwaway: true})
	require.NoError(t, err)
	require.Equal(t, 1, rows(t, s))
	releaseSharedMemory(t, h.pidFile())
	require.NoError(t, syscall.Kill(s.Pid, syscall.SIGKILL))
	<-s.Done()
	require.Error(t, s.Stop())
	require.NoDirExists(t, h.dir)
	require.NoDirExists(t, h.at.dir)
}

// releaseSharedMemory removes, after the test, the segment (of 56 bytes) that a killed postgres leaves to its
// successor.
func releaseSharedMemory(t *testing.T, pidFile string) {
	t.Helper()
	content, err := os.ReadFile(pidFile)
	require.NoError(t, err)
	segment := strings.Fields(strings.Split(string(content), "\n")[6]) // its key and id
	t.Cleanup(func() { _ = exec.Command("ipcrm", "-m", segment[1]).Run() })
}

func TestNextThrowawaySweepsTheDeadAndSparesTheLiving(t *testing.T) {
	t.Parallel()
	dead, living := newOwner(t, "throwaway"), newOwner(t, "throwaway")
	dead.signal(syscall.SIGKILL)
	require.Equal(t, -1, dead.wait())

	s, err := StartThrowaway(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Stop() })
	require.NoDirExists(t, dead.Dir)
	require.False(t, runs(t, dead.Postgres))
	require.DirExists(t, living.Dir)

	living.signal(syscall.SIGTERM)
	require.Equal(t, stoppedCleanly, living.wait(), &living.out)
	require.NoDirExists(t, living.Dir)
}

func TestSweepTakesOnlyThrowawaysWithoutAnOwner(t *testing.T) {
	t.Parallel()
	place := testDir(t)
	lay := func(name string, files ...string) string {
		dir := filepath.Join(place, name)
		require.NoError(t, os.Mkdir(dir, 0o755))
		for _, file := range files {
			require.NoError(t, os.WriteFile(filepath.Join(dir, file), nil, 0o600))
		}
		return dir
	}
	leftover := lay(throwawayName+"leftover", "lock", "postgres.log")
	stillborn := lay(throwawayName + "stillborn")
	lockless := lay(throwawayName+"lockless", "something")
	other := lay("pgembed-real", "lock")
	owned, err := newThrowawayIn(place)
	require.NoError(t, err)
	target := lay("target", "lock")
	link := filepath.Join(place, throwawayName+"link")
	require.NoError(t, os.Symlink(target, link))

	sweepThrowaways(place)
	require.NoDirExists(t, leftover)
	require.NoDirExists(t, stillborn)
	for _, path := range []string{lockless, other, owned.dir, target, link} {
		_, err = os.Lstat(path)
		require.NoError(t, err)
	}
	require.FileExists(t, filepath.Join(target, "lock"))
	require.NoError(t, owned.close())
	require.NoDirExists(t, owned.dir)
}

func TestOnlyThrowawayDirectoriesCanBeRemoved(t *testing.T) {
	t.Parallel()
	dir := testDir(t)
	requireSentence(t, removeThrowaway(dir), "not a throwaway")
	require.DirExists(t, dir)
}
