//go:build unix

package pgembed

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// longestSocketDir leaves room for the socket's name: a socket's path has 107 bytes on Linux and 103 on a Mac.
const longestSocketDir = 80

// socketPort is only part of the socket's name.
const socketPort = "5432"

// newEndpoint makes the directory of the socket, for the account alone: in the home, or under /tmp if the home's path
// is too long or has characters that postgres or pgx would read as a list.
func newEndpoint(h *home, who account) (endpoint, error) {
	at := endpoint{host: filepath.Join(h.dir, "run"), port: socketPort}
	if len(at.host) > longestSocketDir || strings.ContainsAny(at.host, ",\"\n") {
		at.dir = h.farSocketDir()
		at.host = at.dir
	}
	err := os.Mkdir(at.host, 0o700)
	switch {
	case err == nil:
		return at, who.own(at.host)
	case errors.Is(err, fs.ErrExist):
		return at, who.owns(at.host)
	}
	return endpoint{}, err
}

// farSocketDir has the cluster's own name, so that one start finds what the last one left.
func (h *home) farSocketDir() string { return filepath.Join("/tmp", "pgembed-run-"+h.tag()) }

// owns refuses a directory that another user has laid in the way.
func (a account) owns(dir string) error {
	st, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	uid := os.Geteuid()
	if a.drops() {
		uid = a.uid
	}
	if !st.IsDir() || int(st.Sys().(*syscall.Stat_t).Uid) != uid {
		return fmt.Errorf("%s, the directory of the socket, belongs to another user", dir)
	}
	return nil
}

func (e endpoint) settings() map[string]string {
	return map[string]string{
		"listen_addresses":        "",
		"unix_socket_directories": `"` + e.host + `"`,
		"port":                    e.port,
	}
}

// close removes a directory outside the home, with what a killed postgres left in it.
func (e endpoint) close() {
	if e.dir == "" {
		return
	}
	_ = os.Remove(e.lockFile())
	_ = os.Remove(strings.TrimSuffix(e.lockFile(), ".lock"))
	_ = os.Remove(e.dir)
}

// farEndpoint is the one that a dead owner may have left outside the home; nothing if there is none.
func (h *home) farEndpoint() endpoint {
	dir := h.farSocketDir()
	if who, err := ownerOf(h.data()); err != nil || who.owns(dir) != nil {
		return endpoint{}
	}
	return endpoint{host: dir, port: socketPort, dir: dir}
}
