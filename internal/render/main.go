// Command render writes the documents under docs/ that are made from the contract and the code, so
// that they say what is enforced: docs/access.md, docs/lifecycles.md, docs/parameters.md and
// docs/policy.md.
// `make generate` runs it, and its test fails while one of them is stale.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/perennial-api/perennial/api/contract"
	"github.com/perennial-api/perennial/internal/policy"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: render DIRECTORY")
		os.Exit(2)
	}
	if err := write(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "render: "+err.Error())
		os.Exit(1)
	}
}

// document is a file under docs/.
type document struct {
	name string
	text []byte
}

// documents renders every document; the same code gives the same bytes.
func documents() ([]document, error) {
	bounds, err := renderAccess(contract.YAML)
	if err != nil {
		return nil, err
	}
	return []document{
		{"access.md", bounds},
		{"lifecycles.md", renderLifecycles()},
		{"parameters.md", policy.RenderParameters()},
		{"policy.md", policy.RenderMarkdown()},
	}, nil
}

func write(dir string) error {
	all, err := documents()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, d := range all {
		if err := os.WriteFile(filepath.Join(dir, d.name), d.text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// markdown is a document being written.
type markdown struct{ strings.Builder }

func (m *markdown) line(format string, args ...any) { fmt.Fprintf(&m.Builder, format+"\n", args...) }

func (m *markdown) row(cells ...string) { m.line("| %s |", strings.Join(cells, " | ")) }

func (m *markdown) table(heads ...string) {
	m.row(heads...)
	m.line("|%s", strings.Repeat("---|", len(heads)))
}
