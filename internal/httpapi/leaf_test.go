package httpapi_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/apitest"
	"github.com/perennial-api/perennial/internal/policy"
)

// leafRow shows that a parameter of the policy changes what the product does: the probe says in a
// word or two what happened, once under each of two values.
type leafRow struct {
	path         string // of the leaf
	a, b         string // two values of it, in JSON
	under        string // a patch of other rules, in JSON, without which the leaf would show nothing
	setup        apitest.ProcessSetup
	probe        func(*apitest.Process) string
	wantA, wantB string
}

// leafRows are every row, gathered from the files of each part (leaf_…_test.go).
func leafRows() []leafRow {
	var all []leafRow
	for _, rows := range leafTables {
		all = append(all, rows...)
	}
	return all
}

// onlyUnderB is, by path, a patch of other rules without which a row's second value may not stand.
var onlyUnderB = map[string]string{}

// leafTables is filled by the files of each part, one table each.
var leafTables = map[string][]leafRow{}

// document is the model policy under the row's other rules, with the leaf at a value.
func (r leafRow) document(t *testing.T, value string) map[string]any {
	t.Helper()
	rules := map[string]any{}
	for _, patch := range []string{r.under, map[bool]string{true: onlyUnderB[r.path]}[value == r.b]} {
		if patch != "" {
			require.NoError(t, json.Unmarshal([]byte(patch), &rules), r.path)
		}
	}
	var v any
	require.NoError(t, json.Unmarshal([]byte(value), &v), r.path)
	at, names := rules, strings.Split(r.path, ".")
	for _, name := range names[:len(names)-1] {
		if _, ok := at[name].(map[string]any); !ok {
			at[name] = map[string]any{}
		}
		at = at[name].(map[string]any)
	}
	at[names[len(names)-1]] = v
	return map[string]any{"schema": 1, "rules": rules}
}

func (r leafRow) run(t *testing.T, value string) string {
	t.Helper()
	s := r.setup
	s.Document = r.document(t, value)
	return r.probe(apitest.NewProcess(t, s))
}

func TestEveryLeafChangesWhatTheProductDoes(t *testing.T) {
	shown := map[string]bool{}
	for _, row := range leafRows() {
		shown[row.path] = true
		t.Run(row.path, func(t *testing.T) {
			t.Parallel()
			require.NotEqual(t, row.wantA, row.wantB, "the row shows no difference")
			assert.Equal(t, row.wantA, row.run(t, row.a), "with %s", row.a)
			assert.Equal(t, row.wantB, row.run(t, row.b), "with %s", row.b)
		})
	}
	for _, leaf := range policy.Leaves() {
		if leaf.Recorded {
			assert.False(t, shown[leaf.Path], "%s is marked as recorded and has a row: it is enforced", leaf.Path)
			continue
		}
		assert.True(t, shown[leaf.Path], "%s is neither shown to change anything nor marked as recorded", leaf.Path)
	}
}
