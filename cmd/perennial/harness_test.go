//go:build unix

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/pgembed"
	"github.com/perennial-api/perennial/internal/postgres"
	"github.com/perennial-api/perennial/pkg/client"
)

var (
	binary  string          // the program, built once
	cluster *pgembed.Server // another PostgreSQL than the embedded one
)

func TestMain(m *testing.M) { os.Exit(tests(m)) }

func tests(m *testing.M) int {
	dir, err := os.MkdirTemp("", "perennial-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dir) }()
	binary = filepath.Join(dir, "perennial")
	if said, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%s%s\n", said, err)
		return 1
	}
	if cluster, err = pgembed.StartThrowaway(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "the tests need PostgreSQL:", err)
		return 1
	}
	defer func() { _ = cluster.Stop() }()
	if err = prepare(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// shared names a database that is up to date already.
const shared = "shared"

func prepare(ctx context.Context) error {
	if err := postgres.EnsureRole(ctx, cluster.DSN, "requests_of_"+shared); err != nil {
		return err
	}
	if err := postgres.EnsureDatabase(ctx, cluster.DSN, shared); err != nil {
		return err
	}
	return postgres.Migrate(ctx, cluster.DSNFor(pgembed.Superuser, shared), "requests_of_"+shared)
}

// program is a run of the program.
type program struct {
	t        *testing.T
	cmd      *exec.Cmd
	out, err buffer
	ended    chan struct{}
}

// start runs the program in an environment that holds only what is given.
func start(t *testing.T, env map[string]string, args ...string) *program {
	t.Helper()
	p := &program{t: t, cmd: exec.Command(binary, args...), ended: make(chan struct{})}
	p.cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "PG_BIN_DIR=" + os.Getenv("PG_BIN_DIR")}
	for name, value := range env {
		p.cmd.Env = append(p.cmd.Env, name+"="+value)
	}
	p.cmd.Stdout, p.cmd.Stderr = &p.out, &p.err
	require.NoError(t, p.cmd.Start())
	go func() { _ = p.cmd.Wait(); close(p.ended) }()
	t.Cleanup(func() { _ = p.cmd.Process.Kill(); <-p.ended })
	return p
}

// run runs the program to its end and returns its exit code.
func run(t *testing.T, env map[string]string, args ...string) (code int, out, errs string) {
	t.Helper()
	p := start(t, env, args...)
	code = p.wait(30 * time.Second)
	return code, p.out.String(), p.err.String()
}

// wait returns the exit code, -1 when a signal ended the program.
func (p *program) wait(atMost time.Duration) int {
	p.t.Helper()
	select {
	case <-p.ended:
		return p.cmd.ProcessState.ExitCode()
	case <-time.After(atMost):
		p.t.Fatalf("it still runs after %s:\n%s%s", atMost, p.out.String(), p.err.String())
		return -1
	}
}

func (p *program) signal(s os.Signal) {
	p.t.Helper()
	require.NoError(p.t, p.cmd.Process.Signal(s))
}

var address = regexp.MustCompile(`Address +(https?://\S+)`)

// url waits until the program says that it is ready.
func (p *program) url() string {
	p.t.Helper()
	p.await(&p.out, "Ctrl-C stops it")
	return address.FindStringSubmatch(p.out.String())[1]
}

// await waits until the program has written the text.
func (p *program) await(b *buffer, text string) {
	p.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !strings.Contains(b.String(), text); time.Sleep(5 * time.Millisecond) {
		select {
		case <-p.ended:
			p.t.Fatalf("it ended before it said %q:\n%s%s", text, p.out.String(), p.err.String())
		default:
		}
		if time.Now().After(deadline) {
			p.t.Fatalf("it has not said %q:\n%s%s", text, p.out.String(), p.err.String())
		}
	}
}

// postmaster is the process of the embedded database.
func postmaster(t *testing.T, dataDir string) int {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dataDir, "pg", "postmaster.pid"))
	require.NoError(t, err)
	line, _, _ := strings.Cut(string(content), "\n")
	pid, err := strconv.Atoi(line)
	require.NoError(t, err)
	return pid
}

// alive says whether the process runs. One that ended, and that nobody has buried, does not.
func alive(pid int) bool {
	stat, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)) // on Linux alone
	return !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) && !strings.Contains(string(stat), ") Z ")
}

// another makes an empty database in the other PostgreSQL and returns the settings that name it.
// The role of requests is not there yet.
func another(t *testing.T, name string) map[string]string {
	t.Helper()
	require.NoError(t, postgres.EnsureDatabase(t.Context(), cluster.DSN, name))
	return map[string]string{
		"DATABASE_ADMIN_URL": cluster.DSNFor(pgembed.Superuser, name),
		"DATABASE_URL":       cluster.DSNFor("requests_of_"+name, name) + ` password='it\'s one'`,
		"SECRET":             strings.Repeat("a secret for tests ", 2),
		"PORT":               "0",
	}
}

// without returns the settings but one.
func without(env map[string]string, name string) map[string]string {
	rest := map[string]string{}
	for k, v := range env {
		if k != name {
			rest[k] = v
		}
	}
	return rest
}

// signedIn is a client that has signed in.
func signedIn(t *testing.T, url, trust, username, password string) *client.ClientWithResponses {
	t.Helper()
	c, err := client.New(url, client.WithRetries(0), client.WithTimeout(10*time.Second), client.WithCredentials(client.Password(trust, username, password)))
	require.NoError(t, err)
	return c
}

type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) { b.mu.Lock(); defer b.mu.Unlock(); return b.b.Write(p) }
func (b *buffer) String() string              { b.mu.Lock(); defer b.mu.Unlock(); return b.b.String() }
