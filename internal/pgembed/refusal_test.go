//go:build unix

package pgembed

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSecondOwnerIsRefused(t *testing.T) {
	t.Parallel()
	dir, _ := clusterDir(t)
	s := start(t, dir)
	other, _ := startOwner(t, dir)
	_, err := Start(t.Context(), Options{Dir: dir}) // nor may this process own it twice
	require.ErrorIs(t, err, ErrInUse)
	requireSentence(t, err, dir)
	require.Equal(t, startFailed, other.wait())
	require.Equal(t, dir+": "+ErrInUse.Error()+"\n", other.out.String())
	require.Equal(t, 2, rows(t, s), "the first is not disturbed")
}

// contents lists the files under dir with their sizes.
func contents(t *testing.T, dir string) map[string]int64 {
	t.Helper()
	all := map[string]int64{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		all[path] = info.Size()
		return err
	}))
	return all
}

func TestClusterOfAnotherMajorVersionIsNotTouched(t *testing.T) {
	t.Parallel()
	dir, binDir := clusterDir(t)
	version := filepath.Join(dir, "pg", "PG_VERSION")
	own, err := os.ReadFile(version)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(version, []byte("99\n"), 0o600))
	before := contents(t, filepath.Join(dir, "pg"))

	_, err = Start(t.Context(), Options{Dir: dir, BinDir: binDir})
	requireSentence(t, err, "made by PostgreSQL 99", binDir)
	_, err = Start(t.Context(), Options{Dir: dir})
	requireSentence(t, err, "made by PostgreSQL 99")
	require.Equal(t, before, contents(t, filepath.Join(dir, "pg")))

	require.NoError(t, os.WriteFile(version, own, 0o600))
	requireData(t, dir, 1)
}

func TestStartNeedsBinaries(t *testing.T) {
	t.Parallel()
	dir := testDir(t)
	_, err := Start(t.Context(), Options{Dir: filepath.Join(dir, "db"), BinDir: dir})
	requireSentence(t, err, "there is no working postgres and initdb in "+dir)
	require.NoDirExists(t, filepath.Join(dir, "db", "pg"))
}

func TestFilesThatAreNoClusterAreNotWrittenOver(t *testing.T) {
	t.Parallel()
	dir := testDir(t)
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "pg", "photos"), 0o700))
	_, err := Start(t.Context(), Options{Dir: dir})
	requireSentence(t, err, "holds files but no cluster")
	require.DirExists(t, filepath.Join(dir, "pg", "photos"))
}

func TestDirAndThrowawayExcludeEachOther(t *testing.T) {
	t.Parallel()
	_, err := Start(t.Context(), Options{})
	requireSentence(t, err, "no directory")
	_, err = Start(t.Context(), Options{Dir: testDir(t), Throwaway: true})
	requireSentence(t, err, "leave Dir empty")
}

func TestPostgresThatEndsWhileStartingSaysWhy(t *testing.T) {
	t.Parallel()
	dir, _ := clusterDir(t)
	bad := Options{Dir: dir, Params: map[string]string{"work_mem": "much"}}
	_, err := Start(t.Context(), bad)
	requireSentence(t, err, "postgres ended while starting", `invalid value for parameter "work_mem"`)
	require.False(t, start(t, dir).Fresh, "the lock was let go, and the cluster stays")
}
