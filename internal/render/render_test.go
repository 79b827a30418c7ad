package main

import (
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
