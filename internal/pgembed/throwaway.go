package pgembed

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// throwawayName begins the name of every directory that may be removed, and of no other.
const throwawayName = "pgembed-test-"

// newThrowawayHome makes a directory with a lock, after sweeping those that lost their owner.
func newThrowawayHome() (*home, error) {
	places := append(memoryDirs(), os.TempDir())
	var err error
	for _, place := range places {
		if place, err = filepath.Abs(place); err != nil {
			continue
		}
		sweepThrowaways(place)
		var h *home
		if h, err = newThrowawayIn(place); err == nil {
			return h, nil
		}
	}
	return nil, fmt.Errorf("no place for a throwaway database: %w", err)
}

func newThrowawayIn(place string) (*home, error) {
	for {
		dir, err := os.MkdirTemp(place, throwawayName)
		if err != nil {
			return nil, err
		}
		if err = os.Chmod(dir, 0o755); err == nil { // postgres may run as another user than we
			var unlock func()
			if unlock, err = lock(filepath.Join(dir, "lock"), os.O_CREATE); err == nil {
				return &home{dir: dir, throwaway: true, unlock: unlock}, nil
			}
		}
		if !errors.Is(err, ErrInUse) && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		// Another process took it for a leftover between its birth and its lock, and has swept it. Once more.
	}
}

// sweepThrowaways removes the throwaway directories in place whose owners are dead: those whose lock can be taken.
// What cannot be removed now is left to the next sweep.
func sweepThrowaways(place string) {
	inside, _ := os.ReadDir(place)
	for _, entry := range inside {
		dir := filepath.Join(place, entry.Name())
		if strings.HasPrefix(entry.Name(), throwawayName) && mine(dir) {
			sweepThrowaway(dir)
		}
	}
}

func sweepThrowaway(dir string) {
	unlock, err := lock(filepath.Join(dir, "lock"), 0)
	if errors.Is(err, fs.ErrNotExist) {
		_ = os.Remove(dir) // succeeds only if it is empty: its maker died at once, or tries again
		return
	} else if err != nil {
		return
	}
	defer unlock()
	h := &home{dir: dir}
	h.at = h.farEndpoint()
	if _, err = h.awaitFree(firstLineNumber(h.pidFile()), reclaimPatience); err != nil {
		return
	}
	h.at.close()
	_ = removeThrowaway(dir)
}

// removeThrowaway is patient with the last processes of a postgres that was killed, which may still be writing.
func removeThrowaway(dir string) error {
	if !strings.HasPrefix(filepath.Base(dir), throwawayName) {
		return fmt.Errorf("%s is not a throwaway directory", dir)
	}
	var err error
	for range 5 {
		if err = os.RemoveAll(dir); err == nil {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return err
}
