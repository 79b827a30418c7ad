//go:build unix

package pgembed

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// fakeBinaries makes a directory whose postgres answers --version with this.
func fakeBinaries(t *testing.T, version string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	script := fmt.Sprintf("#!/bin/sh\necho '%s'\n", version)
	for _, name := range []string{"postgres", "initdb"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(script), 0o755))
	}
	return dir
}

func TestLocateJudgesBinariesByTheirVersion(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ version, want, problem string }{
		{"postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", "", ""},
		{"postgres (PostgreSQL) 18beta1", "", ""},
		{"postgres (PostgreSQL) 17.2", "17", ""},
		{"postgres (PostgreSQL) 17.2", "15", "made by PostgreSQL 15"},
		{"postgres (PostgreSQL) 14.9", "", "15 or later is needed"},
		{"postgres (PostgreSQL) 9.6.24", "", "15 or later is needed"},
		{"mysqld  Ver 8", "", "no working postgres"},
	} {
		dir := fakeBinaries(t, c.version)
		found, err := locate(t.Context(), dir, c.want)
		if c.problem != "" {
			requireSentence(t, err, c.problem, dir)
			continue
		}
		require.NoError(t, err)
		require.Equal(t, dir, found)
	}
}

func TestLocateFollowsPgBinDirAlone(t *testing.T) {
	dir := fakeBinaries(t, "postgres (PostgreSQL) 42.1")
	t.Setenv("PG_BIN_DIR", dir)
	found, err := locate(t.Context(), "", "")
	require.NoError(t, err)
	require.Equal(t, dir, found)
	t.Setenv("PG_BIN_DIR", "/nonexistent")
	_, err = locate(t.Context(), "", "")
	requireSentence(t, err, "/nonexistent")
}

func TestLocateFindsWhatSetupUnpackedAtTheRootOfTheProject(t *testing.T) {
	t.Setenv("PG_BIN_DIR", "")
	root, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	pkg := filepath.Join(root, "internal", "thing")
	require.NoError(t, os.MkdirAll(pkg, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(root, "go.mod"), nil, 0o600))
	bin := filepath.Join(root, ".postgres", "native", "bin")
	require.NoError(t, os.MkdirAll(filepath.Dir(bin), 0o755))
	require.NoError(t, os.Rename(fakeBinaries(t, "postgres (PostgreSQL) 42.1"), bin))
	t.Chdir(pkg)
	found, err := locate(t.Context(), "", "")
	require.NoError(t, err)
	require.Equal(t, bin, found)
}

func TestNotFoundSaysWhatToDo(t *testing.T) {
	t.Parallel()
	requireSentence(t, notFound("", "", nil), "apt-get install postgresql", "PG_BIN_DIR", "DATABASE_URL")
	requireSentence(t, notFound("", "16", nil), "PostgreSQL 16, which is not installed")
}

func TestNewestVersionIsTheLastNumberOfThePath(t *testing.T) {
	t.Parallel()
	require.Equal(t, 15, lastNumber("/usr/lib/postgresql/15/bin"))
	require.Equal(t, 17, lastNumber("/opt/homebrew/opt/postgresql@17/bin"))
	require.Zero(t, lastNumber("/usr/local/pgsql/bin"))
}
