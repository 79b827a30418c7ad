package pgembed

import "path/filepath"

// An endpoint is where postgres listens: a socket's directory, or on Windows an address.
type endpoint struct {
	host string
	port string
	dir  string // to be removed when done; empty if it stays with the cluster
}

// lockFile is postgres's own, beside its socket.
func (e endpoint) lockFile() string {
	return filepath.Join(e.host, ".s.PGSQL."+e.port+".lock")
}
