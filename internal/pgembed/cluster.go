package pgembed

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// halfMade begins the name of a cluster that initdb has not finished.
const halfMade = "pg.new-"

// create makes the cluster beside its place and then renames it, so that a half-made one never gets the name.
func (h *home) create(ctx context.Context, binDir string, who account, log *logFile) error {
	h.sweepHalfMade()
	half, err := os.MkdirTemp(h.dir, halfMade)
	if err != nil {
		return err
	}
	if err = h.initdb(ctx, half, binDir, who, log); err != nil {
		_ = os.RemoveAll(half) // what stays is swept by the next start
		return err
	}
	if err = os.Rename(half, h.data()); err != nil {
		return err
	}
	if h.throwaway {
		return nil
	}
	return syncDir(h.dir) // or a power cut could bring back the half-made name, which is swept
}

func (h *home) sweepHalfMade() {
	inside, _ := os.ReadDir(h.dir) // what stays does no harm
	for _, entry := range inside {
		if strings.HasPrefix(entry.Name(), halfMade) {
			_ = os.RemoveAll(filepath.Join(h.dir, entry.Name()))
		}
	}
}

func (h *home) initdb(ctx context.Context, dir, binDir string, who account, log *logFile) error {
	if err := who.own(dir); err != nil {
		return err
	}
	args := []string{
		"-D", dir, "-U", Superuser, "--auth=trust",
		"--encoding=UTF8", "--locale=C", "--data-checksums",
	}
	if h.throwaway {
		args = append(args, "--no-sync")
	}
	// The death signal follows the thread that forked.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	c := exec.CommandContext(ctx, filepath.Join(binDir, executable("initdb")), args...)
	who.apply(c)
	c.Cancel = func() error { return killGroup(c.Process) } // with the postgres that initdb runs
	c.Stdout, c.Stderr = log.File, log.File
	err := c.Run()
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	}
	if nameless := who.nameless(); nameless != nil {
		return nameless
	}
	return fmt.Errorf("initdb failed (%w): %s", err, log.complaint())
}
