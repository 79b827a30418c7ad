//go:build unix

package pgembed

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestClusterRunsInAwkwardPlaces(t *testing.T) {
	t.Parallel()
	for name, place := range map[string]string{
		"long path":            filepath.Join(strings.Repeat("x", 90), strings.Repeat("y", 90)),
		"spaces and non-ASCII": "Ysgol y Wern é 学校",
		"list characters":      `a,b"c'd\e -D f`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(testDir(t), place)
			s := start(t, dir)
			socket := s.home.at
			require.Equal(t, 1, rows(t, s))
			require.NoError(t, s.Stop())
			requireData(t, dir, 1)
			if socket.dir != "" {
				require.NoDirExists(t, socket.dir)
			}
		})
	}
}

// As root, postgres runs as a user to whom such a directory is closed.
func TestClusterRunsBehindAPrivateDirectory(t *testing.T) {
	t.Parallel()
	dir := testDir(t)
	require.NoError(t, os.Chmod(dir, 0o700))
	if os.Geteuid() == 0 && !passesClosedDirectories {
		_, err := Start(t.Context(), Options{Dir: filepath.Join(dir, "db")})
		requireSentence(t, err, "cannot reach")
		return
	}
	s := start(t, filepath.Join(dir, "db"))
	require.Equal(t, 1, rows(t, s))
	require.NoError(t, s.Stop())
	requireData(t, filepath.Join(dir, "db"), 1)
}

func TestMovedClusterStarts(t *testing.T) {
	t.Parallel()
	dir, _ := clusterDir(t)
	moved := filepath.Join(dir, "moved")
	requireData(t, dir, 1)
	require.NoError(t, os.Mkdir(moved, 0o755))
	for _, name := range []string{"pg", "run", "postgres.log"} {
		require.NoError(t, os.Rename(filepath.Join(dir, name), filepath.Join(moved, name)))
	}
	requireData(t, moved, 2)
}
