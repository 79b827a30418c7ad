package pgembed

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A Server is a running postgres. Its methods may be called from several goroutines.
type Server struct {
	DSN    string // the superuser's, for the database postgres, in keyword form
	Pid    int    // of the postmaster
	BinDir string // absolute; where postgres and initdb are
	Fresh  bool   // whether this Start made the cluster

	home     *home
	process  *os.Process
	done     chan struct{}
	err      error // set before done is closed
	stopping atomic.Bool
	stop     sync.Once
	stopErr  error
}

// DSNFor is the connection string for a role and a database, in keyword form: that of a URL would turn a + in the
// socket's path into a space. Neither has to exist yet. No password is needed.
func (s *Server) DSNFor(user, database string) string {
	at := s.home.at
	return fmt.Sprintf("host=%s port=%s user=%s dbname=%s sslmode=disable",
		quote(at.host), quote(at.port), quote(user), quote(database))
}

var quoting = strings.NewReplacer(`\`, `\\`, `'`, `\'`)

func quote(value string) string { return "'" + quoting.Replace(value) + "'" }

// Done is closed when postgres has ended, whatever the cause. An owner that did not call Stop should exit with an
// error then: the next Start recovers what was committed.
func (s *Server) Done() <-chan struct{} { return s.done }

// Err says how postgres ended. It is nil as long as postgres runs, and after a clean Stop.
func (s *Server) Err() error {
	select {
	case <-s.done:
		return s.err
	default:
		return nil
	}
}

// Stop shuts postgres down: open transactions are rolled back, and everything committed is on disk. It lets go of
// the directory and removes it if it is a throwaway's. Further calls return what the first did. The error is not nil
// when postgres had ended by itself or had to be killed; the data is safe even then.
func (s *Server) Stop() error {
	s.stop.Do(func() { s.stopErr = errors.Join(s.halt(), s.home.close()) })
	return s.stopErr
}

// A shutdown is a way to end postgres; each is harder than the one before.
type shutdown int

const (
	fast      shutdown = iota // disconnects everyone, writes everything
	immediate                 // leaves the rest to recovery
	kill
)

const shutdownPatience = 15 * time.Second

func (s *Server) halt() error {
	s.stopping.Store(true)
	for _, how := range []shutdown{fast, immediate, kill} {
		_ = order(s.process, how, s.BinDir) // fails only when it has ended
		select {
		case <-s.done:
			return s.err
		case <-time.After(shutdownPatience):
		}
	}
	return fmt.Errorf("postgres (process %d) did not stop", s.Pid)
}

// launch runs postgres, and closes done when it has ended.
func (s *Server) launch(args []string, who account, log *logFile) error {
	c := exec.Command(filepath.Join(s.BinDir, executable("postgres")), args...)
	c.Stdout, c.Stderr = log.File, log.File
	who.apply(c)
	started := make(chan error, 1)
	go func() {
		// The death signal follows the thread that forked, so this goroutine keeps its thread as long as postgres runs.
		runtime.LockOSThread()
		if err := c.Start(); err != nil {
			started <- err
			return
		}
		s.process, s.Pid = c.Process, c.Process.Pid
		started <- nil
		s.err = s.verdict(c.Wait())
		close(s.done)
	}()
	return <-started
}

func (s *Server) verdict(err error) error {
	switch {
	case err != nil:
		return fmt.Errorf("postgres ended: %w", err)
	case !s.stopping.Load():
		return errors.New("postgres was shut down by someone else")
	}
	return nil
}
