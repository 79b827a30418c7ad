//go:build unix

package pgembed

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const patience = 20 * time.Second

// testDir is a directory that any user can walk. It is removed after the test, which must have ended its processes.
func testDir(t *testing.T) string {
	t.Helper()
	dir, err := inTestDir("pgembed-case-")
	require.NoError(t, err)
	require.NoError(t, os.Chmod(dir, 0o755))
	t.Cleanup(func() {
		gone := func() bool { return len(processesIn(t, dir)) == 0 }
		assert.Eventually(t, gone, patience, 10*time.Millisecond, "processes left behind")
		for _, pid := range processesIn(t, dir) {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		require.NoError(t, os.RemoveAll(dir))
	})
	return dir
}

// cluster is one with a row, made once and copied: initdb is most of what a test costs.
var cluster struct {
	sync.Once
	dir, binDir string
}

// clusterDir is a test directory with a stopped cluster that has one row.
func clusterDir(t *testing.T) (dir, binDir string) {
	t.Helper()
	cluster.Do(func() { makeCluster(t) })
	require.NotEmpty(t, cluster.binDir, "the cluster to copy could not be made")
	dir = testDir(t)
	out, err := exec.Command("cp", "-a", filepath.Join(cluster.dir, "pg"), dir).CombinedOutput()
	require.NoError(t, err, string(out))
	return dir, cluster.binDir
}

// makeCluster leaves the directory to TestMain.
func makeCluster(t *testing.T) {
	t.Helper()
	var err error
	cluster.dir, err = inTestDir("pgembed-copied-")
	require.NoError(t, err)
	require.NoError(t, os.Chmod(cluster.dir, 0o755))
	s := start(t, cluster.dir)
	require.Equal(t, 1, rows(t, s))
	require.NoError(t, s.Stop())
	cluster.binDir = s.BinDir
}

// processesIn finds initdb and postgres with a path under dir, and the children of its cluster.
func processesIn(t *testing.T, dir string) (pids []int) {
	t.Helper()
	commands, err := processes()
	require.NoError(t, err)
	for pid, command := range commands {
		if strings.Contains(command, "-D "+dir+"/") {
			pids = append(pids, pid)
		}
	}
	return append(pids, (&home{dir: dir}).owned(commands)...)
}

// start runs the cluster in dir until the end of the test.
func start(t *testing.T, dir string) *Server {
	t.Helper()
	return startWith(t, Options{Dir: dir})
}

func startWith(t *testing.T, o Options) *Server {
	t.Helper()
	s, err := Start(t.Context(), o)
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Stop() })
	return s
}

// rows adds a row and returns how many there are.
func rows(t *testing.T, s *Server) int {
	t.Helper()
	n, err := addRow(t.Context(), s.DSN)
	require.NoError(t, err)
	return n
}

// ask returns the text that a query answers.
func ask(t *testing.T, dsn, query string, args ...any) (answer string) {
	t.Helper()
	c, err := pgx.Connect(t.Context(), dsn)
	require.NoError(t, err)
	defer c.Close(t.Context())
	require.NoError(t, c.QueryRow(t.Context(), query, args...).Scan(&answer))
	return answer
}

// requireData starts the cluster in dir, which holds n rows.
func requireData(t *testing.T, dir string, n int) {
	t.Helper()
	s := start(t, dir)
	require.False(t, s.Fresh)
	require.Equal(t, n+1, rows(t, s))
	require.NoError(t, s.Stop())
}

// requireSentence checks that an error can be shown to a person as it is.
func requireSentence(t *testing.T, err error, parts ...string) {
	t.Helper()
	require.Error(t, err)
	require.NotContains(t, err.Error(), "\n")
	for _, part := range parts {
		require.ErrorContains(t, err, part)
	}
}

// An owner is another process that owns a cluster.
type owner struct {
	report
	t       *testing.T
	command *exec.Cmd
	out     bytes.Buffer // what came after the report; read it after wait
	exited  chan struct{}
}

// startOwner runs an owner without waiting for its cluster.
func startOwner(t *testing.T, dir string, env ...string) (*owner, <-chan report) {
	t.Helper()
	o := &owner{t: t, command: exec.Command(os.Args[0]), exited: make(chan struct{})}
	o.command.Env = append(append(os.Environ(), ownedDir+"="+dir), env...)
	o.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := o.command.StdoutPipe()
	require.NoError(t, err)
	o.command.Stderr = o.command.Stdout
	require.NoError(t, o.command.Start())
	reported := make(chan report, 1)
	go func() {
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			var r report
			if json.Unmarshal(lines.Bytes(), &r) == nil {
				reported <- r
				continue
			}
			o.out.Write(append(lines.Bytes(), '\n'))
		}
		_ = o.command.Wait()
		close(o.exited)
	}()
	t.Cleanup(func() { o.signal(syscall.SIGKILL); o.wait() })
	return o, reported
}

// newOwner runs an owner and waits until its cluster runs.
func newOwner(t *testing.T, dir string, env ...string) *owner {
	t.Helper()
	o, reported := startOwner(t, dir, env...)
	select {
	case o.report = <-reported:
	case <-o.exited:
		require.Fail(t, "the owner ended", o.out.String())
	case <-time.After(patience):
		require.Fail(t, "the owner did not start")
	}
	return o
}

func (o *owner) signal(s syscall.Signal) { _ = o.command.Process.Signal(s) }

// wait returns the exit code, -1 for a death by signal.
func (o *owner) wait() int {
	select {
	case <-o.exited:
	case <-time.After(patience):
		assert.Fail(o.t, "the owner did not end")
		return -2
	}
	return o.command.ProcessState.ExitCode()
}

// runs tells whether a process lives; a zombie does not.
func runs(t *testing.T, pid int) bool {
	t.Helper()
	commands, err := processes()
	require.NoError(t, err)
	return commands[pid] != "" && !strings.HasSuffix(commands[pid], "<defunct>")
}

func requireEnds(t *testing.T, pid int) {
	t.Helper()
	require.Eventually(t, func() bool { return !runs(t, pid) }, patience, 5*time.Millisecond)
}

// accountFor is who runs postgres on the cluster in dir.
func accountFor(t *testing.T, dir string) account {
	t.Helper()
	a, err := chooseAccount(&home{dir: dir}, "/")
	require.NoError(t, err)
	return a
}

// asOwnerOf runs c as the owner of the cluster in dir, and reaps it.
func asOwnerOf(t *testing.T, dir string, c *exec.Cmd) (pid int) {
	t.Helper()
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if a := accountFor(t, dir); a.drops() {
		c.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
	}
	require.NoError(t, c.Start())
	ended := make(chan struct{})
	go func() { _ = c.Wait(); close(ended) }()
	t.Cleanup(func() {
		_ = c.Process.Signal(syscall.SIGINT) // a killed postgres would leave its shared memory
		select {
		case <-ended:
		case <-time.After(patience):
			_ = c.Process.Kill()
			<-ended
		}
	})
	return c.Process.Pid
}
