package client_test

import (
	"errors"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/pkg/client"
)

func TestClientNeedsNeitherEchoNorGorm(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", ".").Output()
	require.NoError(t, err)
	require.Contains(t, string(out), "github.com/perennial-api/perennial/api\n")
	for _, d := range strings.Fields(string(out)) {
		for _, unwanted := range []string{"labstack/echo", "gorm.io", "jackc/pgx", "perennial/internal", "perennial/api/server", "kin-openapi", "testify"} {
			require.NotContains(t, d, unwanted)
		}
	}
}

// answered is an answer as a generated operation returns it.
type answered struct {
	status int
	body   string
}

func (a answered) StatusCode() int { return a.status }
func (a answered) GetBody() []byte { return []byte(a.body) }

func TestCheckTellsWhatTheServiceRefused(t *testing.T) {
	t.Parallel()
	require.NoError(t, client.Check(answered{204, ""}))
	err := client.Check(answered{422, `{"code":"invalid_request","detail":"The request has faults.","errors":[{"in":"body","pointer":"/title","detail":"is required"}]}`})
	var p *client.ProblemError
	require.ErrorAs(t, err, &p)
	require.Equal(t, "invalid_request", p.Code)
	require.Equal(t, "/title", p.Errors[0].Pointer)
	require.Equal(t, 422, p.Status)
	require.EqualError(t, err, "422 invalid_request: The request has faults. [body /title: is required]")

	err = client.Check(answered{409, `{"code":"a","detail":"First.","refusals":[{"code":"a","detail":"First."},{"code":"b","detail":"Second."}]}`})
	require.EqualError(t, err, "409 a: First. [b: Second.]")

	err = client.Check(answered{400, `{"error":"invalid_grant","error_description":"These credentials are not right."}`})
	require.EqualError(t, err, "400 invalid_grant: These credentials are not right.")
}

func TestCheckKnowsAnAnswerThatIsNotTheServices(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"<h1>Bad Gateway</h1>", "", "null", "{}"} {
		var p *client.ProblemError
		require.ErrorAs(t, client.Check(answered{502, body}), &p)
		require.Equal(t, "unexpected_answer", p.Code)
		require.Equal(t, 502, p.Status)
	}
}

func TestPagesIterateToTheEnd(t *testing.T) {
	t.Parallel()
	pages := map[string][]int{"": {1, 2}, "a": {}, "b": {3}}
	after, fetched := map[string]string{"": "a", "a": "b"}, 0
	list := client.Pages(func(cursor string) ([]int, string, error) {
		fetched++
		return pages[cursor], after[cursor], nil
	})
	got := []int{}
	for n, err := range list {
		require.NoError(t, err)
		got = append(got, n)
	}
	require.Equal(t, []int{1, 2, 3}, got)
	require.Equal(t, 3, fetched)
	for range list {
		break
	}
	require.Equal(t, 4, fetched, "no page is got before it is needed")
}

func TestPagesEndWithAnError(t *testing.T) {
	t.Parallel()
	broken, seen := errors.New("no route"), []error{}
	for _, err := range client.Pages(func(cursor string) ([]int, string, error) {
		if cursor == "" {
			return []int{1}, "a", nil
		}
		return nil, "", broken
	}) {
		seen = append(seen, err)
	}
	require.Equal(t, []error{nil, broken}, seen)
}

func TestFirstPageHasNoCursor(t *testing.T) {
	t.Parallel()
	require.Nil(t, client.Cursor(""))
	require.Equal(t, "a", *client.Cursor("a"))
}
