package pgembed

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// reclaim deals with the lock files of an owner that did not end cleanly. We hold the home's lock, so a postmaster
// that lives is an orphan, to be stopped. Once no process of the cluster is left, the number in postmaster.pid is a
// zombie's, or was given to a stranger, as after the restart of a container; postgres would refuse to start, so the
// file goes. The order matters: a second postmaster on the same files would ruin them.
func (h *home) reclaim(wait time.Duration) error {
	left := slices.DeleteFunc([]string{h.pidFile(), h.at.lockFile()}, missing)
	if len(left) == 0 {
		return nil
	}
	free, err := h.awaitFree(firstLineNumber(h.pidFile()), wait)
	if err != nil || !free {
		return err
	}
	for _, path := range left {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// awaitFree stops the postmaster pid if it is this cluster's, and waits until the cluster has no process. False
// without an error means that this cannot be told: then the files stay, and postgres's own checks decide.
func (h *home) awaitFree(pid int, wait time.Duration) (bool, error) {
	asked := false
	for deadline := time.Now().Add(wait); ; time.Sleep(20 * time.Millisecond) {
		commands, err := processes()
		if err != nil || h.doubtful(pid, commands) {
			return false, nil
		}
		mine := h.owned(commands)
		if len(mine) == 0 {
			return true, nil
		}
		if p, err := os.FindProcess(pid); err == nil && !asked && slices.Contains(mine, pid) {
			asked = order(p, fast, "") == nil
		}
		if time.Now().After(deadline) {
			return false, fmt.Errorf("an orphaned postgres still runs in %s: stop the processes %v", h.data(), mine)
		}
	}
}

// owned picks the processes of this cluster by their command lines, which any user may read: children carry the
// cluster's name in their title, the postmaster has the directory in its arguments.
func (h *home) owned(commands map[int]string) (pids []int) {
	for pid, command := range commands {
		if strings.HasPrefix(command, "postgres: "+h.tag()+":") || h.isPostmaster(command) {
			pids = append(pids, pid)
		}
	}
	slices.Sort(pids)
	return pids
}

func (h *home) isPostmaster(command string) bool {
	if strings.Contains(command+" ", executable("postgres")+" -D "+h.data()+" ") {
		return true // started by us; exact, whatever characters the path has
	}
	same, known := h.sameDirectory(command)
	return known && same
}

// doubtful tells whether the process that postmaster.pid names might be this cluster's without our being able to
// see it: a postmaster that somebody started with a relative directory, or a process that /proc hides from us.
func (h *home) doubtful(pid int, commands map[int]string) bool {
	command, listed := commands[pid]
	if !listed {
		return alive(pid)
	}
	if !isPostgres(command) || h.isPostmaster(command) {
		return false
	}
	_, known := h.sameDirectory(command)
	return !known
}

// sameDirectory compares a postmaster's -D with this cluster's directory, through symbolic links. known is false
// when there is none to compare.
func (h *home) sameDirectory(command string) (same, known bool) {
	_, rest, found := strings.Cut(command, " -D")
	if !isPostgres(command) || !found {
		return false, false
	}
	dir, _, _ := strings.Cut(rest, " -")
	dir = strings.TrimSpace(dir)
	theirs, err := os.Stat(dir)
	if err != nil || !filepath.IsAbs(dir) {
		return false, false
	}
	ours, err := os.Stat(h.data())
	return os.SameFile(ours, theirs), err == nil
}

// isPostgres tells a postmaster's command line from a child's title ("postgres: …") and from a stranger's.
func isPostgres(command string) bool {
	program, _, _ := strings.Cut(command, " -")
	name := filepath.Base(strings.TrimSpace(program))
	return name == executable("postgres") || name == "postmaster"
}

func missing(path string) bool {
	_, err := os.Lstat(path)
	return errors.Is(err, fs.ErrNotExist)
}

func firstLineNumber(path string) int {
	content, _ := os.ReadFile(path) // gone: 0, which no process has
	line, _, _ := strings.Cut(string(content), "\n")
	n, _ := strconv.Atoi(strings.TrimSpace(line))
	return n
}
