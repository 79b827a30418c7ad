//go:build unix

package pgembed

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
)

// ownedDir makes the test binary behave as an app that owns the cluster in this directory; "throwaway" as a test
// process with a throwaway cluster.
const ownedDir = "PGEMBED_TEST_OWNED_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(ownedDir); dir != "" {
		os.Exit(ownCluster(dir))
	}
	code := m.Run()
	if cluster.dir != "" {
		_ = os.RemoveAll(cluster.dir)
	}
	os.Exit(code)
}

// Exit codes of an owner.
const (
	stoppedCleanly = iota
	startFailed
	postgresEnded
	writeFailed
)

// A report is what an owner prints when its cluster runs.
type report struct {
	Postgres int // its process id
	Dir      string
	Rows     int // after adding one
}

func ownCluster(dir string) int {
	ctx := context.Background()
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGINT, syscall.SIGTERM)
	o := Options{Dir: dir}
	if dir == "throwaway" {
		o = Options{Throwaway: true}
	}
	s, err := Start(ctx, o)
	if err != nil {
		fmt.Println(err)
		return startFailed
	}
	rows, err := addRow(ctx, s.DSN)
	if err != nil {
		fmt.Println(err)
		return writeFailed
	}
	_ = json.NewEncoder(os.Stdout).Encode(report{s.Pid, s.home.dir, rows})
	select {
	case <-s.Done():
		fmt.Println(s.Err())
		_ = s.Stop()
		return postgresEnded
	case <-stop:
	}
	if _, err = addRow(ctx, s.DSN); err != nil { // an app that drains still writes
		fmt.Println(err)
		return writeFailed
	}
	if err = s.Stop(); err != nil {
		fmt.Println(err)
		return postgresEnded
	}
	return stoppedCleanly
}

// addRow writes a row and returns how many there are.
func addRow(ctx context.Context, dsn string) (rows int, err error) {
	c, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return 0, err
	}
	defer c.Close(ctx)
	if _, err = c.Exec(ctx, "create table if not exists line (n int); insert into line values (1)"); err != nil {
		return 0, err
	}
	err = c.QueryRow(ctx, "select count(*) from line").Scan(&rows)
	return rows, err
}

func inTestDir(base string) (string, error) {
	for _, place := range append(memoryDirs(), os.TempDir()) {
		if dir, err := os.MkdirTemp(place, base); err == nil {
			return filepath.Abs(dir)
		}
	}
	return "", os.ErrPermission
}
