//go:build unix

package pgembed

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestComplaintIsTheFirstErrorSinceThisStart(t *testing.T) {
	t.Parallel()
	h := &home{dir: testDir(t)}
	path := filepath.Join(h.dir, "postgres.log")
	require.NoError(t, os.WriteFile(path, []byte("UTC [1] FATAL:  of yesterday\n"), 0o600))
	for said, want := range map[string]string{
		"UTC [2] LOG:  starting\nUTC [2] FATAL:  no room\nUTC [2] PANIC:  follows\n": "no room",
		"creating … ok\ninitdb: error: could not look up user\n":                     "could not look up user",
		"first\nsomething else\n": "something else",
		"":                        "",
	} {
		log, err := h.openLog()
		require.NoError(t, err)
		_, err = log.WriteString(said)
		require.NoError(t, err)
		require.Equal(t, want, log.complaint())
		require.NoError(t, log.Close())
	}
}

func TestLargeLogIsPutAside(t *testing.T) {
	t.Parallel()
	h := &home{dir: testDir(t)}
	path := filepath.Join(h.dir, "postgres.log")
	require.NoError(t, os.WriteFile(path, nil, 0o600))
	require.NoError(t, os.Truncate(path, logLimit+1))
	log, err := h.openLog()
	require.NoError(t, err)
	require.NoError(t, log.Close())
	require.FileExists(t, path+".old")
	st, err := os.Stat(path)
	require.NoError(t, err)
	require.Zero(t, st.Size())
}
