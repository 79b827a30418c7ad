package lifecycles_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/lifecycles"
)

// A table that is declared anywhere is drawn, and every move of it can be met from where it starts.
func TestEveryLifecycleIsDrawn(t *testing.T) {
	t.Parallel()
	var drawn []string
	for _, d := range lifecycles.All {
		drawn = append(drawn, d.Table)
		require.NotEmpty(t, d.Moves, d.Table)
		require.ElementsMatch(t, d.Moves, d.InOrder(), d.Table)
	}
	require.ElementsMatch(t, declared(t), drawn, "add the table to All in lifecycles.go")
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
