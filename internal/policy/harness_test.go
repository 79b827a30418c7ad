package policy_test

import (
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/policy"
)

// embedded returns the document of a built-in profile as it is embedded, every time a new one.
func embedded(t *testing.T, code string) map[string]any {
	t.Helper()
	raw, err := os.ReadFile("profiles/" + code + ".json")
	require.NoError(t, err)
	var file struct{ Document map[string]any }
	require.NoError(t, json.Unmarshal(raw, &file))
	return file.Document
}

// parse reads a document that is well formed.
func parse(t *testing.T, document any) *policy.Document {
	t.Helper()
	d, findings := policy.Parse(encode(t, document))
	require.Empty(t, findings)
	return d
}

func encode(t *testing.T, document any) []byte {
	t.Helper()
	if text, ok := document.(string); ok {
		return []byte(text)
	}
	raw, err := json.Marshal(document)
	require.NoError(t, err)
	return raw
}

// edit is one change of a document: a path such as rules.outcome.chain[1].party and the new value
// as JSON; an empty value removes what is there.
type edit struct{ path, value string }

// change makes the edits; objects on the way are made as needed.
func change(t *testing.T, document map[string]any, edits []edit) {
	t.Helper()
	for _, e := range edits {
		var v any
		if e.value != "" {
			require.NoError(t, json.Unmarshal([]byte(e.value), &v), e.value)
		}
		steps := strings.FieldsFunc(e.path, func(r rune) bool { return strings.ContainsRune(".[]", r) })
		var at any = document
		for i, step := range steps {
			at = follow(t, at, step, i == len(steps)-1, e.value == "", v)
		}
	}
}

func follow(t *testing.T, at any, step string, last, remove bool, v any) any {
	t.Helper()
	if items, ok := at.([]any); ok {
		n, err := strconv.Atoi(step)
		require.NoError(t, err)
		if last {
			items[n] = v
		}
		return items[n]
	}
	object := at.(map[string]any)
	switch {
	case last && remove:
		require.Contains(t, object, step)
		delete(object, step)
	case last:
		object[step] = v
	case object[step] == nil:
		object[step] = map[string]any{}
	}
	return object[step]
}
