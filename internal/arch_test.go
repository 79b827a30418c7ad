// Package internal_test holds the rules of ARCHITECTURE.md about who may import whom.
package internal_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/perennial-api/perennial/"

// floors are the packages of internal, from the ground up. A package imports only what stands
// before it: kernel, base, year, parts, closing, over all, edges, and what puts them together.
var floors = []string{
	"fault", "lifecycle", "page", "schooltime", "audit", "access", "form", "record",
	"policy", "directory", "auth",
	"plan", "standards", "cycle", "appraisal",
	"assessment", "objective", "checkin", "meeting", "evidence", "concern", "observation", "cpd", "feedback",
	"pay", "yearend", "appeal",
	"rehearsal", "dossier", "report", "moderation", "privacy", "retention", "notify", "transfer", "webhook",
	"lifecycles",
	"pgembed", "postgres", "jobs", "mail", "blobs", "httpapi", "apidocs",
	"config", "app", "brightwater", "demo", "render", "apitest", "contractfuzz",
}

// parts meet in the appraisal's Case and never import each other.
var parts = []string{"assessment", "objective", "checkin", "meeting", "evidence", "concern", "observation", "cpd", "feedback"}

// features is every package before the first edge: pure Go, without HTTP, SQL or the contract.
var features = floors[:slices.Index(floors, "pgembed")]

// reserved says which packages alone may import a library.
var reserved = map[string][]string{
	"gorm.io/":                        {"internal/postgres"},
	"github.com/labstack/echo":        {"internal/httpapi", "api/server"},
	"github.com/golang-jwt/":          {"internal/auth"},
	"github.com/alexedwards/argon2id": {"internal/auth"},
	"gocloud.dev/":                    {"internal/blobs"},
	module + "api/server":             {"internal/httpapi"},
	module + "migrations":             {"internal/postgres"},
}

// outside are what no feature imports.
var outside = []string{"net/http", "database/sql", "github.com/jackc/pgx/v5", module + "api", module + "pkg/client"}

// environment lists who may read it: the settings, the embedded database's place, and the tests' database.
var environment = []string{"internal/config", "internal/pgembed", "internal/apitest"}

// source is one file: the package's path in the module and what the file imports.
type source struct {
	at      string
	imports []string
	reads   bool // the environment
}

// faults are the rules that the file breaks.
func (s source) faults() []string {
	var out []string
	for _, path := range s.imports {
		if why := s.mayNot(path); why != "" {
			out = append(out, s.at+" imports "+strings.TrimPrefix(path, module)+": "+why)
		}
	}
	if s.reads && !slices.Contains(environment, s.at) {
		out = append(out, s.at+" reads the environment: only internal/config does")
	}
	return out
}

// mayNot says why the file may not import the package, or nothing.
func (s source) mayNot(path string) string {
	for library, owners := range reserved {
		if strings.HasPrefix(path, library) && !slices.Contains(owners, s.at) {
			return "only " + strings.Join(owners, " and ") + " may"
		}
	}
	own, isInternal := strings.CutPrefix(s.at, "internal/")
	other, toInternal := strings.CutPrefix(path, module+"internal/")
	own, _, _ = strings.Cut(own, "/")
	other, _, _ = strings.Cut(other, "/")
	switch {
	case strings.HasPrefix(s.at, "api") && strings.HasPrefix(path, module) && path != module+"api":
		return "api is a leaf"
	case strings.HasPrefix(s.at, "pkg/client") && toInternal:
		return "clients pull in nothing of internal"
	case isInternal && slices.Contains(features, own) && slices.Contains(outside, path):
		return "features are pure Go"
	case !isInternal || !toInternal || own == other:
		return ""
	case slices.Contains(parts, own) && slices.Contains(parts, other):
		return "parts meet in the Case and never import each other"
	case slices.Index(floors, other) >= slices.Index(floors, own):
		return "it does not stand before it"
	}
	return ""
}

func TestPackagesImportOnlyWhatStandsBeforeThem(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range sources(t) {
		for _, f := range s.faults() {
			t.Error(f)
		}
		if own, ok := strings.CutPrefix(s.at, "internal/"); ok {
			own, _, _ = strings.Cut(own, "/")
			seen[own] = true
		}
	}
	for own := range seen {
		if !slices.Contains(floors, own) {
			t.Errorf("internal/%s has no floor: say in floors what it stands on", own)
		}
	}
	if len(seen) < 20 {
		t.Fatalf("only %d packages were found", len(seen))
	}
}

// A rule that nothing breaks proves nothing, unless it is known to bite.
func TestTheRulesOfImportsBite(t *testing.T) {
	for _, s := range []source{
		{at: "internal/fault", imports: []string{module + "internal/policy"}},
		{at: "internal/checkin", imports: []string{module + "internal/meeting"}},
		{at: "internal/meeting", imports: []string{module + "internal/checkin"}},
		{at: "internal/appraisal", imports: []string{module + "internal/objective"}},
		{at: "internal/plan", imports: []string{"gorm.io/gorm"}},
		{at: "internal/app", imports: []string{"github.com/labstack/echo/v4"}},
		{at: "internal/httpapi", imports: []string{"github.com/golang-jwt/jwt/v5"}},
		{at: "internal/postgres", imports: []string{module + "api/server"}},
		{at: "internal/objective", imports: []string{"net/http"}},
		{at: "internal/transfer/stafflist", imports: []string{module + "api"}},
		{at: "pkg/client", imports: []string{module + "internal/fault"}},
		{at: "api", imports: []string{module + "internal/fault"}},
		{at: "cmd/perennial", reads: true},
	} {
		if len(s.faults()) != 1 {
			t.Errorf("%+v: %v", s, s.faults())
		}
	}
	if f := (source{at: "internal/config", reads: true, imports: []string{module + "internal/fault"}}).faults(); len(f) > 0 {
		t.Error("an allowed import is refused:", f)
	}
}

// sources parses the product's files, without its tests.
func sources(t *testing.T) []source {
	t.Helper()
	var out []source
	for _, top := range []string{"api", "cmd", "internal", "migrations", "pkg"} {
		err := filepath.WalkDir(filepath.Join("..", top), func(path string, _ fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
				return err
			}
			s, err := parse(path)
			out = append(out, s)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func parse(path string) (source, error) {
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		return source{}, err
	}
	s := source{at: filepath.ToSlash(strings.TrimPrefix(filepath.Dir(path), ".."+string(filepath.Separator)))}
	for _, i := range f.Imports {
		imported, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			return source{}, err
		}
		s.imports = append(s.imports, imported)
	}
	ast.Inspect(f, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		pkg, ok := sel.X.(*ast.Ident)
		if ok && pkg.Name == "os" && slices.Contains([]string{"Getenv", "LookupEnv", "Environ", "ExpandEnv"}, sel.Sel.Name) {
			s.reads = true
		}
		return true
	})
	return s, nil
}
