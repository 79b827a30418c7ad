//go:build unix

package pgembed

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// An account is who runs postgres. The zero value is ourselves.
type account struct {
	uid, gid int
	hidden   bool // a directory above what it needs is closed to it
}

// chooseAccount picks ourselves, or when we are root, whom PostgreSQL refuses: the owner of the cluster, else
// postgres, else nobody.
func chooseAccount(h *home, binDir string) (account, error) {
	if os.Geteuid() != 0 {
		return account{}, nil
	}
	a, err := ownerOf(h.data())
	if err != nil {
		a, err = unprivileged()
	}
	if err != nil {
		return a, err
	}
	if a.uid == 0 {
		return a, fmt.Errorf("%s belongs to root, whom PostgreSQL refuses: give it to another user", h.data())
	}
	a.hidden = !a.reaches(h.dir) || !a.reaches(binDir)
	if a.hidden && !passesClosedDirectories {
		return a, fmt.Errorf("root runs PostgreSQL as user %d, who cannot reach %s and %s: choose another directory",
			a.uid, h.dir, binDir)
	}
	return a, nil
}

func ownerOf(path string) (account, error) {
	st, err := os.Stat(path)
	if err != nil {
		return account{}, err
	}
	o := st.Sys().(*syscall.Stat_t)
	return account{uid: int(o.Uid), gid: int(o.Gid)}, nil
}

func unprivileged() (a account, err error) {
	for _, name := range []string{"postgres", "_postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		a.uid, _ = strconv.Atoi(u.Uid) // numbers on every unix
		a.gid, _ = strconv.Atoi(u.Gid)
		return a, nil
	}
	return a, errors.New("root needs an unprivileged user for PostgreSQL, and there is neither postgres nor nobody")
}

// drops tells whether the account is another than ours.
func (a account) drops() bool { return a.uid > 0 }

// reaches tells whether the account may walk down to dir.
func (a account) reaches(dir string) bool {
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		st, err := os.Stat(dir)
		if err != nil {
			return false
		}
		o, mode := st.Sys().(*syscall.Stat_t), st.Mode().Perm()
		walk := os.FileMode(0o001)
		switch {
		case int(o.Uid) == a.uid:
			walk = 0o100
		case int(o.Gid) == a.gid:
			walk = 0o010
		}
		if mode&walk == 0 {
			return false
		}
	}
	return true
}

// own gives path to the account.
func (a account) own(path string) error {
	if !a.drops() {
		return nil
	}
	return os.Chown(path, a.uid, a.gid)
}

// nameless is why initdb fails for a user id without a name, as OpenShift gives out.
func (a account) nameless() error {
	uid := strconv.Itoa(os.Geteuid())
	if a.drops() {
		return nil
	}
	if _, err := user.LookupId(uid); err == nil {
		return nil
	}
	return fmt.Errorf("initdb needs a name for user id %s: add one to /etc/passwd, or set DATABASE_URL", uid)
}

// apply makes c run as the account, in a process group of its own, so that Ctrl-C at the terminal does not reach
// postgres while the app still drains.
func (a account) apply(c *exec.Cmd) {
	c.Dir, c.Env = "/", environment()
	c.SysProcAttr = a.attributes()
	c.SysProcAttr.Setpgid = true
	if a.drops() { // this drops our supplementary groups as well
		c.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
	}
}
