package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/api/contract"
)

func TestDocumentsAreFresh(t *testing.T) {
	t.Parallel()
	all, err := documents()
	require.NoError(t, err)
	for _, d := range all {
		kept, err := os.ReadFile(filepath.Join("..", "..", "docs", d.name))
		if err != nil || string(kept) != string(d.text) {
			t.Errorf("docs/%s is stale: run make generate", d.name)
		}
	}
}

func TestRenderingTwiceGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	one, err := documents()
	require.NoError(t, err)
	two, err := documents()
	require.NoError(t, err)
	require.Equal(t, one, two)
}

// Every operationId of the contract, found without a parser, has one row.
func TestEveryOperationIsInTheTables(t *testing.T) {
	t.Parallel()
	page, err := renderAccess(contract.YAML)
	require.NoError(t, err)
	var want, have []string
	for _, m := range regexp.MustCompile(`(?m)^ {6}operationId: (\w+)$`).FindAllSubmatch(contract.YAML, -1) {
		want = append(want, string(m[1]))
	}
	for _, m := range regexp.MustCompile("(?m)^\\| (\\w+) \\| `[A-Z]+ /").FindAllSubmatch(page, -1) {
		have = append(have, string(m[1]))
	}
	require.Greater(t, len(want), 100)
	require.ElementsMatch(t, want, have)
}

func TestRowSaysWhatTheContractSays(t *testing.T) {
	t.Parallel()
	page, err := renderAccess([]byte(`
openapi: 3.0.3
info: {title: A, version: "1"}
tags: [{name: second, description: Two.}, {name: first, description: One.}]
paths:
  /z:
    parameters: []
    post: {operationId: Zed, tags: [first], x-access: {head: unit, reviewee: own}, responses: {}}
    get: {operationId: Free, tags: [first], security: [], x-access: public, responses: {}}
  /a:
    get: {operationId: All, tags: [second], x-access: {any: any, hr: trust}, responses: {}}
`))
	require.NoError(t, err)
	_, tables, _ := strings.Cut(string(page), "## second")
	require.Equal(t, `

Two.

| operation | request | any | reviewee | reviewer | head | hr |
|---|---|---|---|---|---|---|
| All | `+"`GET /a`"+` | any |  |  |  | trust |

## first

One.

| operation | request | any | reviewee | reviewer | head | hr |
|---|---|---|---|---|---|---|
| Zed | `+"`POST /z`"+` |  | own |  | unit |  |
| Free | `+"`GET /z`"+` | public |  |  |  |  |

`, tables)
}

func TestContractThatWouldLeaveAnOperationOutIsRefused(t *testing.T) {
	t.Parallel()
	for what, operation := range map[string]string{
		"no access":   `{operationId: A, tags: [one], responses: {}}`,
		"no tag":      `{operationId: A, x-access: {any: any}, responses: {}}`,
		"unknown tag": `{operationId: A, tags: [two], x-access: {any: any}, responses: {}}`,
		"two tags":    `{operationId: A, tags: [one, two], x-access: {any: any}, responses: {}}`,
	} {
		_, err := renderAccess([]byte("openapi: 3.0.3\ninfo: {title: A, version: '1'}\ntags: [{name: one}]\npaths: {/a: {get: " + operation + "}}\n"))
		require.Error(t, err, what)
	}
}

// A table that is declared anywhere is drawn, and every move of it can be met from where it starts.
func TestEveryLifecycleIsDrawn(t *testing.T) {
	t.Parallel()
	var drawn []string
	for _, d := range drawings {
		drawn = append(drawn, d.table)
		require.NotEmpty(t, d.moves, d.table)
		require.ElementsMatch(t, d.moves, d.inOrder(), d.table)
	}
	require.ElementsMatch(t, declared(t), drawn, "add the table to drawings in lifecycles.go")
}

// declared finds the package-level variables that are a lifecycle.Table.
func declared(t *testing.T) (names []string) {
	t.Helper()
	require.NoError(t, filepath.WalkDir("..", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			for i, value := range valuesOf(spec, ok) {
				if literal, ok := value.(*ast.CompositeLit); ok && isTable(literal.Type) {
					names = append(names, file.Name.Name+"."+spec.Names[i].Name)
				}
			}
			return true
		})
		return nil
	}))
	return names
}

func valuesOf(spec *ast.ValueSpec, ok bool) []ast.Expr {
	if !ok {
		return nil
	}
	return spec.Values
}

func isTable(t ast.Expr) bool {
	generic, ok := t.(*ast.IndexListExpr)
	if !ok {
		return false
	}
	selector, ok := generic.X.(*ast.SelectorExpr)
	return ok && selector.Sel.Name == "Table"
}
