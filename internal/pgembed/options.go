package pgembed

import (
	"maps"
	"runtime"
	"strconv"
)

// Superuser is the name of the cluster's superuser. It needs no password: only the owner of the directory can reach
// the socket.
const Superuser = "embedded"

const (
	defaultMaxConnections   = 60
	throwawayMaxConnections = 200
)

// Options says which cluster Start runs, and how. Dir is required unless Throwaway is set.
type Options struct {
	// Dir is the directory of the cluster, made if it does not exist. See the package's comment for what it holds.
	Dir string

	// BinDir is the directory that holds postgres and initdb. When empty, PG_BIN_DIR and then the usual places are
	// searched for PostgreSQL 15 or later; an existing cluster needs the major version that made it.
	BinDir string

	// Throwaway asks for a new cluster in a directory of its own, in memory where possible, that survives neither a
	// crash of the machine nor Stop, which removes it. Dir must be empty.
	Throwaway bool

	// Params are further settings of postgres, by name (work_mem: 16MB). Those that this package needs for itself,
	// such as port and cluster_name, cannot be changed.
	Params map[string]string

	// MaxConnections is max_connections; 0 means 60, or 200 for a throwaway cluster.
	MaxConnections int
}

// settings returns what the caller may decide; the later of two maps wins.
func (o Options) settings() map[string]string {
	s := map[string]string{
		"timezone":        "UTC",
		"log_timezone":    "UTC",
		"max_connections": strconv.Itoa(o.maxConnections()),
	}
	if o.Throwaway {
		maps.Copy(s, map[string]string{
			"fsync":              "off",
			"synchronous_commit": "off",
			"full_page_writes":   "off",
			"autovacuum":         "off",
		})
		if runtime.GOOS != "windows" { // in the directory, to go with it even after a kill -9
			s["dynamic_shared_memory_type"] = "mmap"
		}
	}
	maps.Copy(s, o.Params)
	return s
}

func (o Options) maxConnections() int {
	switch {
	case o.MaxConnections > 0:
		return o.MaxConnections
	case o.Throwaway:
		return throwawayMaxConnections
	default:
		return defaultMaxConnections
	}
}
