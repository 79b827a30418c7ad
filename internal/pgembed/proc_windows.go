package pgembed

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
)

const (
	diesWithParent        = false
	errorSharingViolation = syscall.Errno(32) // winerror.h: ERROR_SHARING_VIOLATION
)

// An account is always ourselves: postgres.exe refuses an administrator.
type account struct{}

func chooseAccount(*home, string) (account, error) { return account{}, nil }
func (account) own(string) error                   { return nil }
func (account) nameless() error                    { return nil }

func (account) apply(c *exec.Cmd) {
	c.Env = environment()
	c.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}

func (h *home) tag() string { return "embedded" }

// lock opens the file so that nobody else can.
func lock(path string, flags int) (unlock func(), err error) {
	name, err := syscall.UTF16PtrFromString(path)
	if err != nil {
		return nil, err
	}
	mode := uint32(syscall.OPEN_EXISTING)
	if flags&os.O_CREATE != 0 {
		mode = syscall.OPEN_ALWAYS
	}
	handle, err := syscall.CreateFile(name, syscall.GENERIC_WRITE, 0, nil, mode, 0, 0)
	if errors.Is(err, errorSharingViolation) {
		return nil, ErrInUse
	} else if err != nil {
		return nil, err
	}
	return func() { _ = syscall.CloseHandle(handle) }, nil
}

// order uses pg_ctl, which knows how to signal a postgres on Windows.
func order(p *os.Process, how shutdown, binDir string) error {
	if how == kill || binDir == "" {
		return p.Kill()
	}
	signal := map[shutdown]string{fast: "INT", immediate: "QUIT"}[how]
	return exec.Command(filepath.Join(binDir, "pg_ctl.exe"), "kill", signal, strconv.Itoa(p.Pid)).Run()
}

func killGroup(p *os.Process) error { return p.Kill() }

// processes is not known here: postgres's own checks decide about what an owner left.
func processes() (map[int]string, error) { return nil, errors.ErrUnsupported }

func alive(int) bool { return true }

func mine(path string) bool {
	st, err := os.Lstat(path)
	return err == nil && st.IsDir()
}

func syncDir(string) error { return nil }
func memoryDirs() []string { return nil }
