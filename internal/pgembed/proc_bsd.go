// The tag pgnodeathsig tests this file on Linux.
//go:build unix && (!linux || pgnodeathsig)

package pgembed

import (
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

const (
	diesWithParent          = false // the next start stops the orphan
	passesClosedDirectories = false
)

func (a account) attributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{} }

// processes returns the command lines of all processes; a zombie's is its name in brackets.
func processes() (map[int]string, error) {
	out, err := exec.Command("ps", "axww", "-o", "pid=,command=").Output()
	if err != nil {
		return nil, err
	}
	commands := map[int]string{}
	for line := range strings.Lines(string(out)) {
		number, command, _ := strings.Cut(strings.TrimSpace(line), " ")
		if pid, err := strconv.Atoi(number); err == nil {
			commands[pid] = strings.TrimSpace(command)
		}
	}
	return commands, nil
}
