package pgembed

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// oldest is the oldest major version that the schema is written for.
const oldest = 15

// unpacked is where setup.sh puts binaries, relative to the root of the project.
var unpacked = []string{".postgres/native/bin", ".postgres/bin"}

// installed is where packages put binaries; setup.sh searches the same places.
var installed = []string{
	"/usr/lib/postgresql/*/bin", // Debian, Ubuntu
	"/usr/pgsql-*/bin",          // Red Hat
	"/opt/homebrew/opt/postgresql@*/bin", "/opt/homebrew/opt/postgresql/bin",
	"/usr/local/opt/postgresql@*/bin", "/usr/local/opt/postgresql/bin",
	"/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",
	"/Applications/Postgres.app/Contents/Versions/*/bin",
	"/usr/libexec/postgresql*", // Alpine
	"/usr/local/pgsql/bin",     // from source
	`C:\Program Files\PostgreSQL\*\bin`,
}

// locate returns the absolute directory that holds postgres and initdb. want is a major version, or empty for any
// from 15 on. A directory that was named (binDir, else PG_BIN_DIR) is the only one looked at.
func locate(ctx context.Context, binDir, want string) (string, error) {
	named := binDir
	if named == "" {
		named = os.Getenv("PG_BIN_DIR")
	}
	places := []string{named}
	if named == "" {
		places = usualPlaces()
	}
	var others []string
	for _, dir := range places {
		major, err := majorOf(ctx, dir)
		if err != nil {
			continue
		}
		if fits(major, want) {
			return filepath.Abs(dir)
		}
		others = append(others, fmt.Sprintf("%d in %s", major, dir))
	}
	return "", notFound(named, want, others)
}

func fits(major int, want string) bool {
	if want == "" {
		return major >= oldest
	}
	return strconv.Itoa(major) == want
}

// notFound is the sentence for the person at the terminal.
func notFound(named, want string, others []string) error {
	found := strings.Join(others, ", ")
	switch {
	case want != "" && found != "":
		return fmt.Errorf("the cluster was made by PostgreSQL %s, and only another version was found: %s", want, found)
	case want != "" && named == "":
		return fmt.Errorf("the cluster was made by PostgreSQL %s, which is not installed", want)
	case found != "":
		return fmt.Errorf("PostgreSQL %d or later is needed, and only an older one was found: %s", oldest, found)
	case named != "":
		return fmt.Errorf("there is no working postgres and initdb in %s", named)
	}
	return errors.New("no PostgreSQL 15 or later was found: install it (Debian: apt-get install postgresql; " +
		"Mac: brew install postgresql@17), set PG_BIN_DIR to its bin directory, or set DATABASE_URL to a server you have")
}

// usualPlaces lists directories in order of preference, the newest version first where a pattern matches several.
func usualPlaces() []string {
	var places []string
	for _, root := range projectRoots() {
		for _, dir := range unpacked {
			places = append(places, filepath.Join(root, filepath.FromSlash(dir)))
		}
	}
	for _, pattern := range installed {
		matches, _ := filepath.Glob(pattern) // fails only for a malformed pattern
		slices.SortFunc(matches, func(a, b string) int { return lastNumber(b) - lastNumber(a) })
		places = append(places, matches...)
	}
	if path, err := exec.LookPath(executable("postgres")); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			places = append(places, filepath.Dir(path))
		}
	}
	return places
}

// projectRoots is the working directory and, for the tests of a package, which run in its folder, the directory of
// the nearest go.mod above.
func projectRoots() []string {
	work, err := os.Getwd()
	if err != nil {
		return nil
	}
	roots := []string{work}
	for dir := work; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return append(roots, dir)
		}
		if dir == filepath.Dir(dir) {
			return roots
		}
	}
}

// "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", "postgres (PostgreSQL) 18beta1"
var versionLine = regexp.MustCompile(`^postgres \(PostgreSQL\) (\d+)`)

// majorOf asks the postgres in dir for its major version. It is an error if initdb is not beside it.
func majorOf(ctx context.Context, dir string) (int, error) {
	if _, err := os.Stat(filepath.Join(dir, executable("initdb"))); err != nil {
		return 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	c := exec.CommandContext(ctx, filepath.Join(dir, executable("postgres")), "--version")
	c.Env = environment()
	out, err := c.Output()
	if err != nil {
		return 0, err
	}
	m := versionLine.FindSubmatch(out)
	if m == nil {
		return 0, fmt.Errorf("%s is not PostgreSQL's", c.Path)
	}
	return strconv.Atoi(string(m[1]))
}

func executable(name string) string {
	if runtime.GOOS == "windows" {
		return name + ".exe"
	}
	return name
}

var digits = regexp.MustCompile(`\d+`)

// lastNumber is the version in a path such as /usr/lib/postgresql/15/bin.
func lastNumber(path string) int {
	all := digits.FindAllString(path, -1)
	if all == nil {
		return 0
	}
	n, _ := strconv.Atoi(all[len(all)-1]) // too long to be a version: 0 or the largest, and neither matters
	return n
}
