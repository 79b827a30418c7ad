package pgembed

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// ErrInUse is what Start returns, wrapped with the directory's name, when another process owns the directory.
var ErrInUse = errors.New("another process is using this database directory")

// lockPatience is how long a new owner waits for the last one to let go.
const lockPatience = 2 * time.Second

// A home is a directory whose lock this process holds.
type home struct {
	dir       string // absolute
	throwaway bool   // close removes it
	unlock    func()
	at        endpoint
}

// openHome takes the directory that o asks for.
func openHome(ctx context.Context, o Options) (*home, error) {
	switch {
	case o.Throwaway && o.Dir != "":
		return nil, errors.New("a throwaway cluster chooses its own directory: leave Dir empty")
	case o.Throwaway:
		return newThrowawayHome()
	case o.Dir == "":
		return nil, errors.New("no directory was given for the database")
	}
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return nil, err
	}
	if err = os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	unlock, err := waitForLock(ctx, filepath.Join(dir, "lock"))
	if errors.Is(err, fs.ErrPermission) {
		return nil, fmt.Errorf("%s belongs to another user: run as that user, or name another directory (%w)", dir, err)
	} else if err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	return &home{dir: dir, unlock: unlock}, nil
}

func waitForLock(ctx context.Context, path string) (unlock func(), err error) {
	for deadline := time.Now().Add(lockPatience); ; {
		unlock, err = lock(path, os.O_CREATE)
		if !errors.Is(err, ErrInUse) || time.Now().After(deadline) {
			return unlock, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (h *home) data() string    { return filepath.Join(h.dir, "pg") }
func (h *home) pidFile() string { return filepath.Join(h.data(), "postmaster.pid") }

// major is the version that made the cluster, or empty when there is none yet.
func (h *home) major() (string, error) {
	content, err := os.ReadFile(filepath.Join(h.data(), "PG_VERSION"))
	if err == nil {
		return strings.TrimSpace(string(content)), nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	// Anything here that is not a cluster is not ours to write over.
	if inside, err := os.ReadDir(h.data()); err == nil && len(inside) > 0 {
		return "", fmt.Errorf("%s holds files but no cluster: move them away, or name another directory", h.data())
	}
	return "", nil
}

// close lets go of the directory, and removes it if it was made to be thrown away.
func (h *home) close() error {
	h.at.close()
	h.unlock()
	if !h.throwaway {
		return nil
	}
	return removeThrowaway(h.dir)
}
