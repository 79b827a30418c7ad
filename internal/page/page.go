// Package page holds what every list shares: limits and opaque cursors bound to filter and sort.
package page

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/fault"
)

// The default and the largest number of items on a page.
const (
	DefaultLimit = 50
	MaxLimit     = 200
)

// Request asks for one page of a list. Filter is what the list is filtered and sorted by; a
// cursor only continues the list that it came from.
type Request struct {
	Limit  int
	Cursor string
	Filter any
}

// Page is one page of a list; Next is nil on the last one.
type Page[T any] struct {
	Items []T
	Next  *string
}

type token struct {
	Sum   string   `json:"f"`
	After []string `json:"a"`
}

// Size returns the limit, or the default when none was asked for.
func (r Request) Size() int {
	if r.Limit <= 0 {
		return DefaultLimit
	}
	return min(r.Limit, MaxLimit)
}

// Part says whether a text can be one part of a list's sort key. Whoever decodes a cursor can also
// write one: what is in it is checked before it comes near the database.
type Part func(string) bool

// The parts that sort keys are made of.
var (
	ID   Part = func(s string) bool { return len(s) == 36 && uuid.Validate(s) == nil }
	Int  Part = func(s string) bool { _, err := strconv.ParseInt(s, 10, 32); return err == nil }
	Long Part = func(s string) bool { _, err := strconv.ParseInt(s, 10, 64); return err == nil }
	Day  Part = func(s string) bool { _, err := time.Parse(time.DateOnly, s); return err == nil }
	Time Part = func(s string) bool { _, err := time.Parse(time.RFC3339Nano, s); return err == nil }
	Text Part = func(s string) bool { return !strings.ContainsRune(s, 0) }
)

// After returns the sort key of the last item of the page before, or nil on the first page; key
// says what the parts of such a key are. A cursor that is damaged or came from another list is a 400.
func (r Request) After(key ...Part) ([]string, error) {
	if r.Cursor == "" {
		return nil, nil
	}
	var t token
	raw, err := base64.RawURLEncoding.DecodeString(r.Cursor)
	if err != nil || json.Unmarshal(raw, &t) != nil || t.Sum != r.sum() || !fits(t.After, key) {
		e := fault.New(fault.Malformed, "bad_cursor", "The cursor is not one that this list gave out for this filter and sort.")
		e.Violations = []fault.Violation{{In: "query", Pointer: "cursor", Code: "bad_cursor", Detail: e.Message}}
		return nil, e
	}
	return t.After, nil
}

func fits(after []string, key []Part) bool {
	for i, part := range key {
		if len(after) != len(key) || !part(after[i]) {
			return false
		}
	}
	return len(after) == len(key)
}

// Cut turns one row more than the page's size into a page; key gives an item's sort key, whose
// last part is the id.
func Cut[T any](r Request, rows []T, key func(T) []string) Page[T] {
	if len(rows) <= r.Size() {
		return Page[T]{Items: rows}
	}
	rows = rows[:r.Size()]
	raw, _ := json.Marshal(token{Sum: r.sum(), After: key(rows[len(rows)-1])})
	next := base64.RawURLEncoding.EncodeToString(raw)
	return Page[T]{Items: rows, Next: &next}
}

func (r Request) sum() string {
	raw, _ := json.Marshal(r.Filter)
	h := sha256.Sum256(raw)
	return base64.RawURLEncoding.EncodeToString(h[:6])
}
