// Package pgembed runs a private PostgreSQL cluster as a child of this process, from binaries that are already on
// the machine. It downloads nothing, and it never removes a cluster that was made to be kept.
//
// A directory holds one cluster:
//
//	pg/           the cluster itself (initdb's work)
//	pg.new-*      a cluster that initdb has not finished; the next Start sweeps it
//	run/          the socket, for the owner alone
//	postgres.log  what initdb and postgres say
//	lock          held by the process that owns the directory
//
// The lock dies with its process, even by kill -9, so whoever holds it may clear up after the last owner: an orphaned
// postgres is stopped, and a stale postmaster.pid goes once no process of the cluster is left. On Linux postgres is
// also told by the kernel when its parent dies, and shuts down cleanly.
//
// PostgreSQL refuses to run as root. When this process is root, postgres runs as the owner of the existing cluster,
// else as postgres, else as nobody.
//
// Windows: cross-compiled only, never run. It listens on 127.0.0.1 with a port of the system's choice.
package pgembed
