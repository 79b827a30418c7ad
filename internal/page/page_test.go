package page

import (
	"encoding/base64"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/perennial-api/perennial/internal/fault"
)

// A cursor goes through the hands of callers: what they changed in it is told to them, and never
// reaches the database.
func TestAChangedCursorIsABadCursor(t *testing.T) {
	r := Request{Limit: 1, Filter: "setting"}
	cut := Cut(r, []string{"0198f2c4-7a10-7f7e-8e16-4e51037944fa", "x"}, func(id string) []string { return []string{"2026-09-01", id} })
	r.Cursor = *cut.Next
	after, err := r.After(Day, ID)
	require.NoError(t, err)
	require.Equal(t, []string{"2026-09-01", "0198f2c4-7a10-7f7e-8e16-4e51037944fa"}, after)

	bad := func(r Request, key ...Part) {
		t.Helper()
		_, err := r.After(key...)
		require.Equal(t, "bad_cursor", fault.CodeOf(err))
		require.Equal(t, fault.Malformed, fault.KindOf(err))
	}
	bad(r, ID)
	bad(r, Day, Int)
	bad(r, Time, ID)
	bad(r, Day, ID, ID)
	bad(Request{Cursor: r.Cursor, Filter: "running"}, Day, ID)
	bad(Request{Cursor: "not a cursor"}, ID)
	forge := func(after string) Request {
		raw := `{"f":"` + r.sum() + `","a":` + after + `}`
		return Request{Filter: r.Filter, Cursor: base64.RawURLEncoding.EncodeToString([]byte(raw))}
	}
	bad(forge(`[]`), ID)
	bad(forge(`["99999999999"]`), Int)
	bad(forge(`["99999999999999999999"]`), Long)
	bad(forge(`["a\u0000b"]`), Text)
	bad(forge(`["{0198f2c4-7a10-7f7e-8e16-4e51037944fa}"]`), ID)
	_, err = forge(`["99999999999"]`).After(Long)
	require.NoError(t, err)
}

func TestAPageIsAsLongAsWasAskedForAndTheLastOneHasNoNext(t *testing.T) {
	id := func(s string) []string { return []string{s} }
	require.Equal(t, DefaultLimit, Request{}.Size())
	require.Equal(t, MaxLimit, Request{Limit: 10_000}.Size())
	whole := Cut(Request{Limit: 2}, []string{"a", "b"}, id)
	require.Nil(t, whole.Next)
	cut := Cut(Request{Limit: 2}, []string{"a", "b", "c"}, id)
	require.Equal(t, []string{"a", "b"}, cut.Items)
	require.NotNil(t, cut.Next)
}
