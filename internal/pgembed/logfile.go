package pgembed

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"regexp"
)

// logLimit is the size above which a log is put aside, as postgres.log.old, when postgres starts.
const logLimit = 10 << 20

// A logFile takes what initdb and postgres say, and remembers where this start began.
type logFile struct {
	*os.File
	from int64
}

func (h *home) openLog() (*logFile, error) {
	path := filepath.Join(h.dir, "postgres.log")
	if st, err := os.Stat(path); err == nil && st.Size() > logLimit {
		if err = os.Rename(path, path+".old"); err != nil {
			return nil, err
		}
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	st, err := f.Stat()
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return &logFile{File: f, from: st.Size()}, nil
}

var complaintLine = regexp.MustCompile(`(?m)(?:PANIC|FATAL|error):\s+(.+)$`)

// complaint is the first error in the log since this start, on one line: the later ones follow from it.
func (l *logFile) complaint() string {
	said, _ := io.ReadAll(io.NewSectionReader(l, l.from, 64<<10)) // what could be read will do
	if m := complaintLine.FindSubmatch(said); m != nil {
		return string(m[1])
	}
	said = bytes.TrimSpace(said)
	return string(said[bytes.LastIndexByte(said, '\n')+1:])
}
