//go:build linux && !pgnodeathsig

package pgembed

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

const (
	diesWithParent          = true
	passesClosedDirectories = true
	capDACOverride          = 1 // capabilities(7): CAP_DAC_OVERRIDE
)

// attributes has the kernel send a fast shutdown when we die, and lets the account through directories such as /root
// where it must.
func (a account) attributes() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Pdeathsig: syscall.SIGINT}
	if a.hidden {
		attr.AmbientCaps = []uintptr{capDACOverride}
	}
	return attr
}

// processes returns the command lines of all processes; a zombie's is empty.
func processes() (map[int]string, error) {
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil || len(files) == 0 {
		return nil, errors.New("/proc cannot be read")
	}
	commands := make(map[int]string, len(files))
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			continue // it has just ended
		}
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(file))) // the pattern admits only numbers and their like
		commands[pid] = strings.TrimSpace(strings.ReplaceAll(string(content), "\x00", " "))
	}
	return commands, nil
}
