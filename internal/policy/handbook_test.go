package policy_test

import (
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/policy"
)

var updateHandbooks = flag.Bool("update", false, "write testdata/handbook_….golden")

// asText is a handbook as lines, for comparison.
func asText(h *policy.Handbook) string {
	var b strings.Builder
	b.WriteString("# " + h.Title + "\n" + h.Subtitle + "\n")
	for _, s := range h.Sections {
		b.WriteString("\n## " + s.Title + "\n\n")
		for _, k := range s.Blocks {
			b.WriteString(k.Text + "\n")
			for _, item := range k.Items {
				b.WriteString("- " + item + "\n")
			}
			if len(k.Columns) > 0 {
				b.WriteString("| " + strings.Join(k.Columns, " | ") + " |\n")
			}
			for _, row := range k.Rows {
				b.WriteString("| " + strings.Join(row, " | ") + " |\n")
			}
		}
	}
	return b.String()
}

func TestHandbookOfEachProfileReadsAsItDid(t *testing.T) {
	for _, p := range policy.Profiles() {
		got := asText(policy.NewHandbook(p.Document, policy.HandbookFor{Name: p.Label}))
		path := "testdata/handbook_" + p.Code + ".golden"
		if *updateHandbooks {
			require.NoError(t, os.MkdirAll("testdata", 0o755))
			require.NoError(t, os.WriteFile(path, []byte(got), 0o600))
		}
		want, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.Equal(t, string(want), got, "%s: read the difference, then run with -update", p.Code)
	}
}

// other is another value of the leaf's kind that the leaf may hold.
func other(t *testing.T, l policy.Leaf, now any) any {
	t.Helper()
	switch v := now.(type) {
	case bool:
		return !v
	case string:
		for _, e := range l.Enum {
			if e != v {
				return e
			}
		}
		if l.Type == "whole number or none" {
			return 7
		}
		if l.Path == "cycle.starts_on" {
			return "01-01"
		}
		return "another_one"
	case float64:
		if l.Max != nil && v+1 > *l.Max {
			return v - 1
		}
		return v + 1
	case []any:
		if len(v) > 0 {
			return v[:len(v)-1]
		}
		if len(l.Enum) > 0 {
			return l.Enum[:1]
		}
	case map[string]any:
		if _, term := v["one"]; term {
			return map[string]any{"one": "zebra", "many": "zebras"}
		}
		if _, rule := v["anchor"]; rule || strings.HasSuffix(l.Type, "date rule") {
			return map[string]any{"anchor": "cycle_end", "days": -3}
		}
		if l.Type == "condition" {
			return map[string]any{"fact": "qts", "op": "is", "value": true}
		}
	}
	return nil
}

func TestEveryParameterIsToldInTheHandbook(t *testing.T) {
	model, ok := policy.ProfileNamed("model")
	require.True(t, ok)
	values := map[string]any{}
	for _, v := range policy.Values(model.Document, "", "") {
		raw, err := json.Marshal(v.Value)
		require.NoError(t, err)
		var plain any
		require.NoError(t, json.Unmarshal(raw, &plain))
		values[v.Path] = plain
	}
	before := asText(policy.NewHandbook(model.Document, policy.HandbookFor{}))
	changed := 0
	for _, leaf := range policy.Leaves() {
		to := other(t, leaf, values[leaf.Path])
		if to == nil {
			continue
		}
		document := map[string]any{"schema": 1}
		raw, err := json.Marshal(to)
		require.NoError(t, err)
		change(t, document, []edit{{"rules." + leaf.Path, string(raw)}})
		after := asText(policy.NewHandbook(parse(t, document), policy.HandbookFor{}))
		assert.NotEqual(t, before, after, leaf.Path)
		changed++
	}
	require.Greater(t, changed, 100, "nearly every parameter was tried")
}

func TestHandbookSpeaksTheTrustsOwnWordsAndNamesTheParameters(t *testing.T) {
	d := parse(t, `{"schema":1,"rules":{"objectives":{"approver":"reviewer","on_disagreement":"head"},
		"terms":{"reviewer":{"one":"growth coach","many":"growth coaches"},"objective":{"one":"target","many":"targets"}}},
		"groups":{"support":{"objectives":{"max":2}}}}`)
	h := policy.NewHandbook(d, policy.HandbookFor{Name: "Brightwater", Group: "support"})
	text := asText(h)
	assert.Contains(t, text, "A target stands when it is approved by the growth coach.")
	assert.Contains(t, text, "There are at most 2 targets.")
	assert.Contains(t, asText(policy.NewHandbook(parse(t, `{"schema":1}`), policy.HandbookFor{})), "An objective stands when both have agreed to it.")
	assert.Equal(t, "For Support and central staff", h.Subtitle)
	var from []string
	for _, s := range h.Sections {
		for _, b := range s.Blocks {
			if strings.HasPrefix(b.Text, "If the two cannot agree") {
				from = b.Parameters
			}
		}
	}
	assert.Equal(t, []string{"objectives.on_disagreement"}, from)
}
