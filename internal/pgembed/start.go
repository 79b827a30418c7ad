package pgembed

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

// reclaimPatience is how long an orphaned postgres may take to shut down.
const reclaimPatience = 15 * time.Second

// Start makes the cluster that o asks for if there is none, and runs it until Stop or until this process ends,
// whatever ends it. ctx limits the start alone. Errors are one sentence, for the person at the terminal; ErrInUse is
// among them. Register handlers of signals before: one that falls into the start must not find none.
func Start(ctx context.Context, o Options) (*Server, error) {
	h, err := openHome(ctx, o)
	if err != nil {
		return nil, err
	}
	s, err := h.start(ctx, o)
	if err != nil {
		_ = h.close() // the first error says what is wrong
		return nil, err
	}
	return s, nil
}

// StartThrowaway runs a new cluster for a test process: in memory if /dev/shm has a gigabyte free, else under TMPDIR,
// without fsync, for up to 200 connections. Stop removes it. What dead test processes left is swept first.
func StartThrowaway(ctx context.Context) (*Server, error) {
	return Start(ctx, Options{Throwaway: true})
}

func (h *home) start(ctx context.Context, o Options) (*Server, error) {
	major, err := h.major()
	if err != nil {
		return nil, err
	}
	binDir, err := locate(ctx, o.BinDir, major)
	if err != nil {
		return nil, err
	}
	who, err := chooseAccount(h, binDir)
	if err != nil {
		return nil, err
	}
	log, err := h.openLog()
	if err != nil {
		return nil, err
	}
	defer log.Close() // postgres has its own copy
	if major == "" {
		if err = h.create(ctx, binDir, who, log); err != nil {
			return nil, err
		}
	}
	if h.at, err = newEndpoint(h, who); err != nil {
		return nil, err
	}
	if err = h.reclaim(reclaimPatience); err != nil {
		return nil, err
	}
	s := &Server{BinDir: binDir, Fresh: major == "", home: h, done: make(chan struct{})}
	s.DSN = s.DSNFor(Superuser, "postgres")
	if err = s.launch(h.arguments(o), who, log); err != nil {
		return nil, fmt.Errorf("postgres did not start: %w", err)
	}
	if err = s.awaitReady(ctx, log); err != nil {
		_ = s.halt() // the first error says what is wrong
		return nil, err
	}
	return s, nil
}

// arguments is the command line of postgres. Its form is what reclaim finds a postmaster by.
func (h *home) arguments(o Options) []string {
	settings := o.settings()
	maps.Copy(settings, h.at.settings())
	settings["cluster_name"] = h.tag()
	args := []string{"-D", h.data()}
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		args = append(args, "-c", name+"="+settings[name])
	}
	return args
}

// awaitReady waits until postgres takes connections.
func (s *Server) awaitReady(ctx context.Context, log *logFile) error {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !s.ready() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-s.done:
			return fmt.Errorf("postgres ended while starting: %s", log.complaint())
		case <-tick.C:
		}
	}
	return nil
}

// ready is pg_ctl's own test: our process's postmaster.pid says so in its eighth line.
func (s *Server) ready() bool {
	content, _ := os.ReadFile(s.home.pidFile()) // not there yet
	lines := strings.Split(string(content), "\n")
	return len(lines) > 7 && strings.TrimSpace(lines[0]) == strconv.Itoa(s.Pid) && strings.HasPrefix(lines[7], "ready")
}
