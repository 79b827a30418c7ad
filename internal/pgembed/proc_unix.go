//go:build unix

package pgembed

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// tag names the cluster in the titles of its processes. It follows the directory when that is moved.
func (h *home) tag() string {
	st, err := os.Stat(h.data())
	if err != nil {
		return "embedded"
	}
	o := st.Sys().(*syscall.Stat_t)
	return fmt.Sprintf("embedded-%x-%x", o.Dev, o.Ino)
}

// lock takes the lock in the file at path without waiting. flags may be os.O_CREATE. It fails with ErrInUse when
// another process has it.
func lock(path string, flags int) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_RDWR|flags, 0o600)
	if err != nil {
		return nil, err
	}
	if err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err == nil && !stillAt(path, f) {
		err = syscall.EWOULDBLOCK // its directory was just swept
	}
	if err != nil {
		_ = f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			err = ErrInUse
		}
		return nil, err
	}
	return func() { _ = f.Close() }, nil
}

func stillAt(path string, f *os.File) bool {
	named, err := os.Stat(path)
	if err != nil {
		return false
	}
	opened, err := f.Stat()
	return err == nil && os.SameFile(named, opened)
}

// order asks the postmaster p to shut down.
func order(p *os.Process, how shutdown, _ string) error {
	return p.Signal(map[shutdown]os.Signal{fast: syscall.SIGINT, immediate: syscall.SIGQUIT, kill: syscall.SIGKILL}[how])
}

// killGroup ends a process that apply made the leader of its group, with its children.
func killGroup(p *os.Process) error { return syscall.Kill(-p.Pid, syscall.SIGKILL) }

// alive tells whether there is such a process, a zombie included.
func alive(pid int) bool {
	if pid <= 0 {
		return false
	}
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}

// mine tells whether path is a directory of ours, and not a link to one.
func mine(path string) bool {
	st, err := os.Lstat(path)
	return err == nil && st.IsDir() && int(st.Sys().(*syscall.Stat_t).Uid) == os.Geteuid()
}

// syncDir makes a rename within dir outlast a power cut.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
